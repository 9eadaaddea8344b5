"""What people do with a dossier; each verb is one transaction and one act."""

from dossiers.actions.ending import close, complete, reopen, resume
from dossiers.actions.items import (
    add_document,
    add_files,
    add_note,
    count,
    count_anew,
    holders,
    move_item,
    remove_item,
)
from dossiers.actions.opening import CodeTaken, Fields, correct, grow, open, open_task
from dossiers.actions.routing import expected_waits

__all__ = [
    "CodeTaken",
    "Fields",
    "add_document",
    "add_files",
    "add_note",
    "close",
    "complete",
    "correct",
    "count",
    "count_anew",
    "expected_waits",
    "grow",
    "holders",
    "move_item",
    "open",
    "open_task",
    "remove_item",
    "reopen",
    "resume",
]
