"""The tables of incoming documents."""

from incoming.models.clock import Reminder, Round
from incoming.models.document import GIVING_OUT, IncomingDocument, Opening
from incoming.models.giving_out import CannedDirective, Preset, ProposedLine
from incoming.models.papers import Paper, PaperMove
from incoming.models.texts import TextKey
from incoming.models.tray import EntryDraft

__all__ = [
    "GIVING_OUT",
    "CannedDirective",
    "EntryDraft",
    "IncomingDocument",
    "Opening",
    "Paper",
    "PaperMove",
    "Preset",
    "ProposedLine",
    "Reminder",
    "Round",
    "TextKey",
]
