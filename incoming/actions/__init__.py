"""The verbs of an incoming document, in the order of its way."""

from incoming.actions.arriving import inspect_tray, receive, refuse
from incoming.actions.directing import direct, distribute, gives_out, propose, submit
from incoming.actions.many import (
    Row,
    Verdict,
    distribute_many,
    finish_many,
    propose_many,
    recall_many,
)
from incoming.actions.proposals import Line, lines_of
from incoming.actions.recalling import recall
from incoming.actions.registering import Entry, correct, duplicates_of, register, too_far_back
from incoming.actions.routing import expected_waits
from incoming.actions.working import (
    assign,
    comment,
    finish,
    progress,
    read,
    reopen,
    send_back,
    share,
)

__all__ = [
    "Entry",
    "Line",
    "Row",
    "Verdict",
    "assign",
    "comment",
    "correct",
    "direct",
    "distribute",
    "distribute_many",
    "duplicates_of",
    "expected_waits",
    "finish",
    "finish_many",
    "gives_out",
    "inspect_tray",
    "lines_of",
    "progress",
    "propose",
    "propose_many",
    "read",
    "recall",
    "recall_many",
    "receive",
    "refuse",
    "register",
    "reopen",
    "send_back",
    "share",
    "submit",
    "too_far_back",
]
