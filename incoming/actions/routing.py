"""How every verb of an incoming document begins and ends: as all work does."""

from documents.actions.concluding import (
    allowed,
    answering,
    conclude,
    expected_waits,
    lock,
    require,
    unchanged,
)

__all__ = [
    "allowed",
    "answering",
    "conclude",
    "expected_waits",
    "lock",
    "require",
    "unchanged",
]
