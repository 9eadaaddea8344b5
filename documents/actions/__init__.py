"""What every verb does on the way: lock, number, keep files, record, route."""

from documents.actions.filing import (
    discard_quarantined,
    inspect_quarantined,
    keep_files,
    quarantine,
)
from documents.actions.gate import drop_file, note_on_paper, purge_content
from documents.actions.numbering import draw_number
from documents.actions.routing import Wait, grant, lock_rows, mark_seen, route, route_anew
from documents.actions.trail import act_hash, record, seal

__all__ = [
    "Wait",
    "act_hash",
    "discard_quarantined",
    "draw_number",
    "drop_file",
    "grant",
    "inspect_quarantined",
    "keep_files",
    "lock_rows",
    "mark_seen",
    "note_on_paper",
    "purge_content",
    "quarantine",
    "record",
    "route",
    "route_anew",
    "seal",
]
