"""Agencies, their units and people; whom documents are sent to."""

from accounts.models.agency import (
    ORGAN_ID,
    Agency,
    DirectoryEntry,
    Unit,
    not_reserved,
    regulation_exists,
)
from accounts.models.people import (
    Appointment,
    Delegation,
    Post,
    Preferences,
    SignedIn,
    User,
    UserManager,
)

__all__ = [
    "ORGAN_ID",
    "Agency",
    "Appointment",
    "Delegation",
    "DirectoryEntry",
    "Post",
    "Preferences",
    "SignedIn",
    "Unit",
    "User",
    "UserManager",
    "not_reserved",
    "regulation_exists",
]
