"""What every verb does on the way: lock, number, keep files, record, route."""

from documents.actions.filing import (
    discard_abandoned,
    discard_quarantined,
    examine,
    forget,
    inspect_quarantined,
    keep_content,
    keep_files,
    keep_proof,
    made_here,
    quarantine,
)
from documents.actions.following import begin_following
from documents.actions.gate import drop_file, note_on_paper, purge_content
from documents.actions.numbering import draw_number
from documents.actions.routing import grant, lock_rows, mark_seen, route, route_anew
from documents.actions.sketching import sketch_stored
from documents.actions.trail import act_hash, record, seal
from documents.waits import Wait

__all__ = [
    "Wait",
    "act_hash",
    "begin_following",
    "discard_abandoned",
    "discard_quarantined",
    "draw_number",
    "drop_file",
    "examine",
    "forget",
    "grant",
    "inspect_quarantined",
    "keep_content",
    "keep_files",
    "keep_proof",
    "lock_rows",
    "made_here",
    "mark_seen",
    "note_on_paper",
    "purge_content",
    "quarantine",
    "record",
    "route",
    "route_anew",
    "seal",
    "sketch_stored",
]
