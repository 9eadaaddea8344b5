"""What the demo shows: an office, its people and its letters, all of them invented."""
