"""The verbs of an incoming document, in the order of its way."""

from incoming.actions.arriving import inspect_tray, receive, refuse
from incoming.actions.asking import ask_opinion, give_opinion, withdraw_opinion
from incoming.actions.directing import Line, direct, distribute, propose, submit
from incoming.actions.extending import decide_extension, request_extension
from incoming.actions.registering import Entry, correct, duplicates_of, register, too_far_back
from incoming.actions.routing import expected_waits
from incoming.actions.urging import urge
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
    "ask_opinion",
    "assign",
    "comment",
    "correct",
    "decide_extension",
    "direct",
    "distribute",
    "duplicates_of",
    "expected_waits",
    "finish",
    "give_opinion",
    "inspect_tray",
    "progress",
    "propose",
    "read",
    "receive",
    "refuse",
    "register",
    "reopen",
    "request_extension",
    "send_back",
    "share",
    "submit",
    "too_far_back",
    "urge",
    "withdraw_opinion",
]
