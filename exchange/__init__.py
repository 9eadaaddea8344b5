"""Documents on their way between agencies: into trays, to mailboxes, and what comes back."""
