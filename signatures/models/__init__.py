"""Keys that sign."""

from signatures.models.keys import KeyWarning, SigningKey

__all__ = ["KeyWarning", "SigningKey"]
