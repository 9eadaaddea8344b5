"""What people type about the work, whatever its kind; checked for shape only."""
