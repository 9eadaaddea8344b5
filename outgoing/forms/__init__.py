"""Forms of drafts."""
