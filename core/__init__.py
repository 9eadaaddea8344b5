"""What every app needs and no office knows: time, text, errors, HTTP helpers. No tables."""
