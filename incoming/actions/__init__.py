"""The verbs of an incoming document, in the order of its way."""

from incoming.actions.arriving import inspect_tray, receive, refuse
from incoming.actions.directing import Line, direct, distribute, propose, submit
from incoming.actions.papers import (
    Annex,
    hand_over,
    keep_paper,
    report_lost,
    return_paper,
    take_over,
)
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
    "Annex",
    "Entry",
    "Line",
    "assign",
    "comment",
    "correct",
    "direct",
    "distribute",
    "duplicates_of",
    "expected_waits",
    "finish",
    "hand_over",
    "inspect_tray",
    "keep_paper",
    "progress",
    "propose",
    "read",
    "receive",
    "refuse",
    "register",
    "reopen",
    "report_lost",
    "return_paper",
    "send_back",
    "share",
    "submit",
    "take_over",
    "too_far_back",
]
