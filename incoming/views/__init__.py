"""Pages of incoming documents: book, tray, registering form, one document, its files, guide."""
