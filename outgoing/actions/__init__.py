"""Verbs on drafts; each locks, asks its rule, writes one act, tells the next ones."""

from documents.actions.asking import give_opinion, withdraw_opinion
from outgoing.actions.asking import ask_opinion, comment, remark, settle
from outgoing.actions.drafting import Overtaken, abandon, draft, resume, save
from outgoing.actions.keeping import (
    add_picture,
    delete_phrase,
    delete_template,
    drop_picture,
    keep_phrase,
    keep_template,
)
from outgoing.actions.making import make_again
from outgoing.actions.reviewing import (
    Place,
    appraise,
    approve,
    approve_content,
    check_again,
    check_format,
    note_paper,
    release,
    send_back,
    submit,
    withdraw,
)

__all__ = [
    "Overtaken",
    "Place",
    "abandon",
    "add_picture",
    "appraise",
    "approve",
    "approve_content",
    "ask_opinion",
    "check_again",
    "check_format",
    "comment",
    "delete_phrase",
    "delete_template",
    "draft",
    "drop_picture",
    "give_opinion",
    "keep_phrase",
    "keep_template",
    "make_again",
    "note_paper",
    "release",
    "remark",
    "resume",
    "save",
    "send_back",
    "settle",
    "submit",
    "withdraw",
    "withdraw_opinion",
]
