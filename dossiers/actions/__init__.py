"""The verbs of catalogues and dossiers."""
