"""What people type about incoming documents, checked for shape only; the verbs decide."""
