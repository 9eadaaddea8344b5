"""Who may do what, when; each answer quotes the article of the agency's regulation.

A rule answers None, or the Refusal that both the verb raises and the page shows beside the
button: NotYours when the verb belongs to another post, Stale when the document has moved on. It
is asked for the actor himself first, then for each who delegated to him (``Rule.answer``).
"""

from documents.rules import (
    holds,
    may_assign,
    may_comment,
    may_decide_extension,
    may_give_opinion,
    may_progress,
    may_request_extension,
    may_urge,
    may_withdraw_opinion,
    my_assignment,
)
from incoming.rules.arriving import (
    is_old,
    may_correct,
    may_discard_draft,
    may_forward,
    may_purge,
    may_receive,
    may_refuse,
    may_register,
    may_sort,
)
from incoming.rules.asking import (
    may_ask_opinion,
    may_follow_directives,
    may_see_all_receipts,
    may_see_receipts,
    may_watch,
    may_watch_rounds,
)
from incoming.rules.bearing import distributing_role, office_role
from incoming.rules.giving_out import (
    may_direct,
    may_distribute,
    may_give_out,
    may_propose,
    may_recall,
    may_submit,
    proposes,
)
from incoming.rules.papers import (
    is_giver,
    is_receiver,
    may_hand_over,
    may_keep_paper,
    may_report_lost,
    may_return_paper,
    may_sign_for,
    may_take_over,
    receipt_rule,
    scan_rule,
)
from incoming.rules.working import may_finish, may_link, may_reopen, may_send_back, may_share

__all__ = [
    "distributing_role",
    "holds",
    "is_giver",
    "is_old",
    "is_receiver",
    "may_ask_opinion",
    "may_assign",
    "may_comment",
    "may_correct",
    "may_decide_extension",
    "may_direct",
    "may_discard_draft",
    "may_distribute",
    "may_finish",
    "may_follow_directives",
    "may_forward",
    "may_give_opinion",
    "may_give_out",
    "may_hand_over",
    "may_keep_paper",
    "may_link",
    "may_progress",
    "may_propose",
    "may_purge",
    "may_recall",
    "may_receive",
    "may_refuse",
    "may_register",
    "may_reopen",
    "may_report_lost",
    "may_request_extension",
    "may_return_paper",
    "may_see_all_receipts",
    "may_see_receipts",
    "may_send_back",
    "may_share",
    "may_sign_for",
    "may_sort",
    "may_submit",
    "may_take_over",
    "may_urge",
    "may_watch",
    "may_watch_rounds",
    "may_withdraw_opinion",
    "my_assignment",
    "office_role",
    "proposes",
    "receipt_rule",
    "scan_rule",
]
