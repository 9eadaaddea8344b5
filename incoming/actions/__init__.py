"""The verbs of an incoming document, in the order of its way."""

from incoming.actions.arriving import inspect_tray, receive, refuse
from incoming.actions.directing import Line, direct, distribute, propose, submit
from incoming.actions.purging import purge
from incoming.actions.registering import Checked, Entry, correct, register, too_far_back
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
    "Checked",
    "Entry",
    "Line",
    "assign",
    "comment",
    "correct",
    "direct",
    "distribute",
    "expected_waits",
    "finish",
    "inspect_tray",
    "progress",
    "propose",
    "purge",
    "read",
    "receive",
    "refuse",
    "register",
    "reopen",
    "send_back",
    "share",
    "submit",
    "too_far_back",
]
