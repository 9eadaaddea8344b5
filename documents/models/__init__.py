"""The tables that all documents share."""

from documents.grants import GroupGrant, UserGrant
from documents.models.calendar import CalendarDay
from documents.models.document import Document, DocumentType, Register
from documents.models.files import Attachment, QuarantinedFile, StoredFile
from documents.models.following import Follow
from documents.models.gate import PaperEntry
from documents.models.links import Link
from documents.models.matter import Matter
from documents.models.routing import Assignment, Extension, Opinion, Waiting
from documents.models.saved import SavedFilter
from documents.models.trail import Act, ActFile, ActText, DocumentAct, TrailSeal

__all__ = [
    "Act",
    "ActFile",
    "ActText",
    "Assignment",
    "Attachment",
    "CalendarDay",
    "Document",
    "DocumentAct",
    "DocumentType",
    "Extension",
    "Follow",
    "GroupGrant",
    "Link",
    "Matter",
    "Opinion",
    "PaperEntry",
    "QuarantinedFile",
    "Register",
    "SavedFilter",
    "StoredFile",
    "TrailSeal",
    "UserGrant",
    "Waiting",
]
