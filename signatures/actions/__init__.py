"""What is done with keys."""

from signatures.actions.keeping import KeyEntry, change_picture, keep_key, retire, unlock
from signatures.actions.watching import warn_of_lapse

__all__ = ["KeyEntry", "change_picture", "keep_key", "retire", "unlock", "warn_of_lapse"]
