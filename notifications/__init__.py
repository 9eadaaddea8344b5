"""A line on somebody's desk: kind, target, when; never a subject or a text."""
