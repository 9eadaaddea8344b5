"""Pages of catalogues and dossiers."""
