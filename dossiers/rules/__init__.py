"""Who may do what with catalogues and dossiers, when."""
