"""The tables of incoming documents."""

from incoming.models.clock import Reminder, Round
from incoming.models.document import (
    GIVING_OUT,
    Assignment,
    Extension,
    IncomingDocument,
    Opening,
    Opinion,
)
from incoming.models.giving_out import CannedDirective, Preset, ProposedLine
from incoming.models.papers import Paper, PaperMove
from incoming.models.tray import EntryDraft

__all__ = [
    "GIVING_OUT",
    "Assignment",
    "CannedDirective",
    "EntryDraft",
    "Extension",
    "IncomingDocument",
    "Opening",
    "Opinion",
    "Paper",
    "PaperMove",
    "Preset",
    "ProposedLine",
    "Reminder",
    "Round",
]
