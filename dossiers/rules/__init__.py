"""Who may do what with a dossier: each rule answers None, or a Refusal with its article."""

from dossiers.rules.bearing import closer, closes, heads, keeps, works_on
from dossiers.rules.keeping import (
    may_close,
    may_complete,
    may_correct,
    may_file,
    may_grow,
    may_open,
    may_open_from,
    may_open_planned,
    may_open_task,
    may_reopen,
    may_resume,
)

__all__ = [
    "closer",
    "closes",
    "heads",
    "keeps",
    "may_close",
    "may_complete",
    "may_correct",
    "may_file",
    "may_grow",
    "may_open",
    "may_open_from",
    "may_open_planned",
    "may_open_task",
    "may_reopen",
    "may_resume",
    "works_on",
]
