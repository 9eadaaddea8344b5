"""Who may do what with catalogues and dossiers, when; each answer quotes its article."""

from dossiers.rules.bearing import closes, heads, keeps, works_on
from dossiers.rules.keepers import keepers_of, refuse_keeper
from dossiers.rules.keeping import (
    may_close,
    may_complete,
    may_correct,
    may_file,
    may_grow,
    may_move_day,
    may_open,
    may_open_from,
    may_open_planned,
    may_open_task,
    may_reopen,
    may_send_back,
)
from dossiers.rules.removing import may_remove_item
from dossiers.rules.work import (
    OF_WORK,
    may_answer_proposal,
    may_give_out,
    may_propose_coordinators,
    may_see_all_receipts,
    may_share,
)

__all__ = [
    "OF_WORK",
    "closes",
    "heads",
    "keepers_of",
    "keeps",
    "may_answer_proposal",
    "may_close",
    "may_complete",
    "may_correct",
    "may_file",
    "may_give_out",
    "may_grow",
    "may_move_day",
    "may_open",
    "may_open_from",
    "may_open_planned",
    "may_open_task",
    "may_propose_coordinators",
    "may_remove_item",
    "may_reopen",
    "may_see_all_receipts",
    "may_send_back",
    "may_share",
    "refuse_keeper",
    "works_on",
]
