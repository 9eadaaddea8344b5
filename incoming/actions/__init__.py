"""The verbs of an incoming document, in the order of its way."""

from documents.actions.asking import give_opinion, withdraw_opinion
from documents.actions.concluding import expected_waits
from documents.actions.extending import decide_extension, request_extension
from documents.actions.giving import Line
from documents.actions.urging import urge
from documents.actions.working import assign, comment, progress, read
from incoming.actions.arriving import inspect_tray, receive, refuse, replace_files
from incoming.actions.attaching import attach_slip
from incoming.actions.directing import direct, distribute, gives_out, propose, submit
from incoming.actions.drafting import (
    DRAFTED,
    Overtaken,
    discard_draft,
    forget_draft,
    forget_entry,
    keep_draft,
)
from incoming.actions.exchanging import (
    Enclosed,
    Letter,
    cancel,
    keep,
    receive_sent,
    sender_recalls,
)
from incoming.actions.forwarding import DIRECTORS, check_direction, forward
from incoming.actions.leaving import watch_leavers
from incoming.actions.linking import link, unlink
from incoming.actions.many import (
    Row,
    Verdict,
    distribute_many,
    finish_many,
    propose_many,
    recall_many,
)
from incoming.actions.papers import (
    Annex,
    hand_over,
    keep_paper,
    report_lost,
    return_paper,
    take_over,
)
from incoming.actions.proposals import lines_of
from incoming.actions.purging import purge
from incoming.actions.recalling import recall
from incoming.actions.registering import (
    Checked,
    Entry,
    correct,
    register,
    too_far_back,
)
from incoming.actions.reminding import remind
from incoming.actions.rounds import record_rounds, submit_all
from incoming.actions.sorting import merge, split
from incoming.actions.working import ask_opinion, finish, reopen, send_back, share, take_back

__all__ = [
    "DIRECTORS",
    "DRAFTED",
    "Annex",
    "Checked",
    "Enclosed",
    "Entry",
    "Letter",
    "Line",
    "Overtaken",
    "Row",
    "Verdict",
    "ask_opinion",
    "assign",
    "attach_slip",
    "cancel",
    "check_direction",
    "comment",
    "correct",
    "decide_extension",
    "direct",
    "discard_draft",
    "distribute",
    "distribute_many",
    "expected_waits",
    "finish",
    "finish_many",
    "forget_draft",
    "forget_entry",
    "forward",
    "give_opinion",
    "gives_out",
    "hand_over",
    "inspect_tray",
    "keep",
    "keep_draft",
    "keep_paper",
    "lines_of",
    "link",
    "merge",
    "progress",
    "propose",
    "propose_many",
    "purge",
    "read",
    "recall",
    "recall_many",
    "receive",
    "receive_sent",
    "record_rounds",
    "refuse",
    "register",
    "remind",
    "reopen",
    "replace_files",
    "report_lost",
    "request_extension",
    "return_paper",
    "send_back",
    "sender_recalls",
    "share",
    "split",
    "submit",
    "submit_all",
    "take_back",
    "take_over",
    "too_far_back",
    "unlink",
    "urge",
    "watch_leavers",
    "withdraw_opinion",
]
