"""What `manage.py benchmark` does: fill a scratch database, measure over HTTP, report."""
