"""What people type of a dossier."""
