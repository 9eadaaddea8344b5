"""The verbs of an incoming document, in the order of its way."""

from incoming.actions.arriving import inspect_tray, receive, refuse
from incoming.actions.directing import Line, direct, distribute, propose, submit
from incoming.actions.registering import Entry, correct, duplicates_of, register, too_far_back
from incoming.actions.reminding import remind
from incoming.actions.rounds import Verdict, record_rounds, submit_all
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
    "Verdict",
    "assign",
    "comment",
    "correct",
    "direct",
    "distribute",
    "duplicates_of",
    "expected_waits",
    "finish",
    "inspect_tray",
    "progress",
    "propose",
    "read",
    "receive",
    "record_rounds",
    "refuse",
    "register",
    "remind",
    "reopen",
    "send_back",
    "share",
    "submit",
    "submit_all",
    "too_far_back",
]
