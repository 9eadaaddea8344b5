"""The verbs of catalogues, and of dossiers, whose work is that of all documents."""

from documents.actions.asking import ask_opinion, give_opinion, withdraw_opinion
from documents.actions.extending import decide_extension, request_extension
from documents.actions.giving import Line
from documents.actions.urging import urge
from documents.actions.working import assign, comment, progress, read
from dossiers.actions.work import (
    answer_proposal,
    finish,
    give_out,
    propose_coordinators,
    send_back,
    share,
)

__all__ = [
    "Line",
    "answer_proposal",
    "ask_opinion",
    "assign",
    "comment",
    "decide_extension",
    "finish",
    "give_opinion",
    "give_out",
    "progress",
    "propose_coordinators",
    "read",
    "request_extension",
    "send_back",
    "share",
    "urge",
    "withdraw_opinion",
]
