"""Pages of incoming documents: the book, the tray and the registering form, one document, its files, the guide."""
