"""Who may do what in the work itself, whatever its kind (``Matter``).

A rule answers None, or the Refusal that both the verb raises and the page shows beside the
button. A kind that has more to say asks these after its own.
"""

from documents.rules.asking import (
    may_ask_opinion,
    may_decide_extension,
    may_give_opinion,
    may_request_extension,
    may_urge,
    may_withdraw_opinion,
)
from documents.rules.bearing import (
    RANK,
    WORK,
    article_of,
    holds,
    my_assignment,
    stands_in,
    taken_back,
)
from documents.rules.working import (
    may_assign,
    may_comment,
    may_finish,
    may_progress,
    may_send_back,
    parts_given,
    refuse_take_back,
)

__all__ = [
    "RANK",
    "WORK",
    "article_of",
    "holds",
    "may_ask_opinion",
    "may_assign",
    "may_comment",
    "may_decide_extension",
    "may_finish",
    "may_give_opinion",
    "may_progress",
    "may_request_extension",
    "may_send_back",
    "may_urge",
    "may_withdraw_opinion",
    "my_assignment",
    "parts_given",
    "refuse_take_back",
    "stands_in",
    "taken_back",
]
