"""What people see of signing."""
