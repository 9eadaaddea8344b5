"""The verbs of catalogues, and of dossiers, whose work is that of all documents."""

from documents.actions.asking import ask_opinion, give_opinion, withdraw_opinion
from documents.actions.concluding import expected_waits
from documents.actions.extending import decide_extension, request_extension
from documents.actions.giving import Line
from documents.actions.urging import urge
from documents.actions.working import comment, progress, read
from dossiers.actions.beginning import begin, begin_task
from dossiers.actions.ending import close, complete, reopen, send_back
from dossiers.actions.forgetting import forget_document
from dossiers.actions.items import (
    add_document,
    add_files,
    add_note,
    add_opinion,
    count,
    holders,
    lock_with_holders,
    move_item,
    recount,
    remove_item,
)
from dossiers.actions.leaving import watch_leavers
from dossiers.actions.opening import Fields, correct, grow, open, open_task
from dossiers.actions.planning import CodeTaken, NotPlanned
from dossiers.actions.showing import assign
from dossiers.actions.work import (
    answer_proposal,
    finish,
    give_out,
    propose_coordinators,
    share,
    take_back,
)

__all__ = [
    "CodeTaken",
    "Fields",
    "Line",
    "NotPlanned",
    "add_document",
    "add_files",
    "add_note",
    "add_opinion",
    "answer_proposal",
    "ask_opinion",
    "assign",
    "begin",
    "begin_task",
    "close",
    "comment",
    "complete",
    "correct",
    "count",
    "decide_extension",
    "expected_waits",
    "finish",
    "forget_document",
    "give_opinion",
    "give_out",
    "grow",
    "holders",
    "lock_with_holders",
    "move_item",
    "open",
    "open_task",
    "progress",
    "propose_coordinators",
    "read",
    "recount",
    "remove_item",
    "reopen",
    "request_extension",
    "send_back",
    "share",
    "take_back",
    "urge",
    "watch_leavers",
    "withdraw_opinion",
]
