"""Keys that sign, and errands of files that are signed outside."""

from signatures.models.errands import Errand
from signatures.models.keys import KeyWarning, SigningKey

__all__ = ["Errand", "KeyWarning", "SigningKey"]
