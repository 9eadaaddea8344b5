"""What people type about catalogues and dossiers."""
