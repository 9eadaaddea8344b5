"""Documents on their way between agencies."""
