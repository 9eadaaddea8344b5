"""Verbs on drafts; each locks, asks its rule, writes one act, tells the next ones."""

from documents.actions.asking import withdraw_opinion
from documents.actions.working import read
from outgoing.actions.annexing import add_annex, drop_annex
from outgoing.actions.asking import ask_opinion, comment, give_opinion, remark, settle, share
from outgoing.actions.converting import answer_conversion, ask_conversion, is_text
from outgoing.actions.copying import copy
from outgoing.actions.drafting import Overtaken, abandon, draft, resume, save
from outgoing.actions.issuing import (
    issue,
    note_answer,
    note_sent,
    recall,
    recall_again,
    resend,
)
from outgoing.actions.keeping import (
    add_picture,
    delete_phrase,
    delete_template,
    drop_picture,
    keep_phrase,
    keep_template,
)
from outgoing.actions.leaving import hand_over, look_into
from outgoing.actions.making import make_again
from outgoing.actions.placing import choose_place, forget_place
from outgoing.actions.replacing import stop_sending
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
from outgoing.actions.signing import attach_scan, number, seal, sign, void, write_number
from outgoing.actions.standing import take_over
from outgoing.actions.stopping import stop_copies, tell_drafters
from outgoing.actions.typed import (
    Elsewhere,
    TooLong,
    drop_typed,
    forget_typed,
    keep_typed,
    saved_typed,
)

__all__ = [
    "Elsewhere",
    "Overtaken",
    "Place",
    "TooLong",
    "abandon",
    "add_annex",
    "add_picture",
    "answer_conversion",
    "appraise",
    "approve",
    "approve_content",
    "ask_conversion",
    "ask_opinion",
    "attach_scan",
    "check_again",
    "check_format",
    "choose_place",
    "comment",
    "copy",
    "delete_phrase",
    "delete_template",
    "draft",
    "drop_annex",
    "drop_picture",
    "drop_typed",
    "forget_place",
    "forget_typed",
    "give_opinion",
    "hand_over",
    "is_text",
    "issue",
    "keep_phrase",
    "keep_template",
    "keep_typed",
    "look_into",
    "make_again",
    "note_answer",
    "note_paper",
    "note_sent",
    "number",
    "read",
    "recall",
    "recall_again",
    "release",
    "remark",
    "resend",
    "resume",
    "save",
    "saved_typed",
    "seal",
    "send_back",
    "settle",
    "share",
    "sign",
    "stop_copies",
    "stop_sending",
    "submit",
    "take_over",
    "tell_drafters",
    "void",
    "withdraw",
    "withdraw_opinion",
    "write_number",
]
