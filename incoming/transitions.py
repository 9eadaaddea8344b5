"""The states of an incoming document and every move between them, in one place.

The help page draws this table, and ``tests/incoming/test_transitions.py`` plays every verb from
every place of a document and proves that the table says neither more nor less. A new verb adds
its lines to MOVES and is played there.
"""

from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.regulation import Regulation
from incoming.choices import State, Verb


class Who(Enum):
    """Who may do a verb: by his role, or by what he holds of this document."""

    CLERK = "clerk"
    RECEIVER = "receiver"
    DISTRIBUTOR = "distributor"
    PROPOSER = "proposer"
    ASKED = "asked"
    HEAD = "head"
    ASSIGNER = "assigner"
    HOLDER = "holder"
    READER = "reader"
    REOPENER = "reopener"
    PURGER = "purger"
    GIVER = "giver"
    DECIDER = "decider"
    CONSULTED = "consulted"
    ENQUIRER = "enquirer"


@dataclass(frozen=True)
class Move:
    """A verb from a state: who may, the state that follows (None: the same), what says so.

    ``when`` says in which case it leads there, where the same verb mostly leads elsewhere.
    """

    verb: Verb
    state: State
    who: Who
    to: State | None = None
    key: str = ""  # the regulation's key whose article is quoted
    when: "str | Promise" = ""


OPEN = (State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)
# Where the lead has sent it back, the office finds another or asks the leaders anew.
_LEADERLESS = _("khi nơi chủ trì đã chuyển trả")
_UNREAD = _("khi chưa ai mở")
_UNDECIDED = _("khi lãnh đạo chưa mở, vắng mặt hoặc đã thôi giữ chức vụ")
_UNDECIDED_ANEW = _("khi trình lại sau lúc nơi chủ trì chuyển trả và lãnh đạo chưa cho ý kiến")
_AT_ONCE = _("khi ý kiến chỉ đạo nêu nơi chủ trì")
_OWN = _("khi lãnh đạo tự giao việc, chưa ai mở")
_FORWARDED = _("khi văn thư đã chuyển theo ý kiến ghi trên văn bản, chưa ai mở")
_NEVER_GIVEN = _("khi chưa ai chủ trì")
_WANTED_BACK = _("khi bên gửi thu hồi")
_TO_THE_CLERK = _("khi nơi chủ trì trả về văn thư")

MOVES: tuple[Move, ...] = (
    Move(Verb.REGISTER, State.RECEIVED, Who.CLERK, State.REGISTERED, "register_fields"),
    Move(Verb.REFUSE, State.RECEIVED, Who.CLERK, State.REFUSED),
    Move(Verb.MERGE, State.RECEIVED, Who.CLERK),
    Move(Verb.SPLIT, State.RECEIVED, Who.CLERK),
    Move(Verb.SUBMIT, State.REGISTERED, Who.CLERK, State.SUBMITTED, "receiver"),
    Move(Verb.FORWARD, State.REGISTERED, Who.CLERK, State.IN_PROCESS, "clerk_forwards"),
    Move(Verb.DISTRIBUTE, State.SUBMITTED, Who.DISTRIBUTOR, State.IN_PROCESS, "distribution"),
    Move(Verb.PROPOSE, State.SUBMITTED, Who.PROPOSER, State.PROPOSED, "proposer"),
    Move(Verb.FINISH, State.SUBMITTED, Who.DISTRIBUTOR, State.FINISHED, "finish"),
    Move(Verb.SEND_BACK, State.SUBMITTED, Who.RECEIVER, State.REGISTERED),
    Move(Verb.DIRECT, State.PROPOSED, Who.ASKED, State.SUBMITTED, "direction_returns_to"),
    Move(
        Verb.DIRECT,
        State.PROPOSED,
        Who.ASKED,
        State.IN_PROCESS,
        "leader_gives_out",
        _AT_ONCE,
    ),
    Move(Verb.SEND_BACK, State.PROPOSED, Who.ASKED, State.SUBMITTED),
    Move(Verb.ASSIGN, State.IN_PROCESS, Who.HEAD, None, "assign"),
    Move(Verb.TAKE_BACK, State.IN_PROCESS, Who.ASSIGNER, None, "assign"),
    Move(Verb.PROGRESS, State.IN_PROCESS, Who.HOLDER, None, "progress"),
    Move(Verb.FINISH, State.IN_PROCESS, Who.HOLDER, State.FINISHED),
    Move(Verb.FINISH, State.IN_PROCESS, Who.HOLDER, None, when=_("phần việc không chủ trì")),
    Move(
        Verb.FINISH,
        State.IN_PROCESS,
        Who.DISTRIBUTOR,
        State.FINISHED,
        "finish",
        _LEADERLESS,
    ),
    Move(Verb.SEND_BACK, State.IN_PROCESS, Who.HOLDER, None, "returning"),
    Move(
        Verb.SEND_BACK,
        State.IN_PROCESS,
        Who.HOLDER,
        State.REGISTERED,
        "return_to",
        _TO_THE_CLERK,
    ),
    Move(Verb.DISTRIBUTE, State.IN_PROCESS, Who.DISTRIBUTOR, None, "distribution"),
    Move(
        Verb.PROPOSE,
        State.IN_PROCESS,
        Who.PROPOSER,
        State.PROPOSED,
        "proposer",
        _LEADERLESS,
    ),
    Move(Verb.REQUEST_EXTENSION, State.IN_PROCESS, Who.HOLDER, None, "extension_decider"),
    Move(Verb.DECIDE_EXTENSION, State.IN_PROCESS, Who.DECIDER, None, "extension_decider"),
    Move(Verb.URGE, State.IN_PROCESS, Who.GIVER, None, "urge"),
    Move(Verb.ASK_OPINION, State.SUBMITTED, Who.RECEIVER, None, "opinion"),
    Move(Verb.ASK_OPINION, State.PROPOSED, Who.ASKED, None, "opinion"),
    Move(Verb.ASK_OPINION, State.IN_PROCESS, Who.HOLDER, None, "opinion"),
    Move(Verb.RECALL, State.IN_PROCESS, Who.DISTRIBUTOR, State.SUBMITTED, when=_UNREAD),
    Move(Verb.RECALL, State.IN_PROCESS, Who.DISTRIBUTOR, State.REGISTERED, when=_FORWARDED),
    Move(Verb.RECALL, State.IN_PROCESS, Who.ASKED, State.PROPOSED, "leader_gives_out", _OWN),
    Move(Verb.RECALL, State.PROPOSED, Who.PROPOSER, State.SUBMITTED, when=_UNDECIDED),
    Move(
        Verb.RECALL,
        State.PROPOSED,
        Who.PROPOSER,
        State.IN_PROCESS,
        when=_UNDECIDED_ANEW,
    ),
    Move(Verb.REOPEN, State.FINISHED, Who.REOPENER, State.IN_PROCESS),
    Move(Verb.REOPEN, State.FINISHED, Who.REOPENER, State.SUBMITTED, when=_NEVER_GIVEN),
    *(Move(Verb.COMMENT, state, Who.READER, None, "opinion") for state in OPEN),
    *(Move(Verb.GIVE_OPINION, state, Who.CONSULTED, None, "opinion") for state in OPEN),
    *(Move(Verb.WITHDRAW_OPINION, state, Who.ENQUIRER) for state in OPEN),
    *(Move(Verb.SHARE, state, Who.READER, None, "share") for state in (*OPEN, State.FINISHED)),
    *(Move(Verb.CORRECT, state, Who.CLERK) for state in OPEN),
    *(
        Move(verb, state, Who.CLERK, to, "recall_cancels", _WANTED_BACK)
        for state in (*OPEN, State.FINISHED)
        for verb, to in ((Verb.CANCEL, State.VOID), (Verb.KEEP, None))
    ),
    *(
        Move(Verb.PURGE, state, Who.PURGER, State.VOID, "purger")
        for state in (*OPEN, State.FINISHED)
    ),
)
# The straight way, what turns off it, and what goes beside it in every open state alike.
WAY = (State.RECEIVED, State.REGISTERED, State.SUBMITTED, State.IN_PROCESS, State.FINISHED)
BRANCHES = {State.RECEIVED: State.REFUSED, State.SUBMITTED: State.PROPOSED}
ASIDE = (
    Verb.COMMENT,
    Verb.GIVE_OPINION,
    Verb.WITHDRAW_OPINION,
    Verb.SHARE,
    Verb.CORRECT,
    Verb.PURGE,
    Verb.CANCEL,
    Verb.KEEP,
)
# No button and no step of the work: what is received, what an opened page notes by itself, who
# follows the field.
SILENT = frozenset({Verb.RECEIVE, Verb.READ, Verb.SENDER_RECALL, Verb.FOLLOW})
# Of links, papers and copies: they have pages of their own, and move no document.
ELSEWHERE = frozenset(
    {
        Verb.LINK,
        Verb.UNLINK,
        Verb.COPY,
        Verb.KEEP_PAPER,
        Verb.HAND_OVER,
        Verb.TAKE_OVER,
        Verb.RETURN_PAPER,
        Verb.REPORT_LOST,
        Verb.ATTACH_SLIP,
    }
)


def moves_of(regulation: Regulation, *, member: bool) -> list[Move]:
    """The moves that there are under a regulation; in a member agency nothing is proposed.

    Where nothing is proposed, nothing is done to what is proposed either; where the lead's return
    goes to the clerk, nothing lies without a lead.
    """
    proposing = regulation.proposer is not None and not member
    deciding = regulation.decider is not None
    forwarding = regulation.clerk_forwards is not None and not member
    at_once = regulation.leader_gives_out
    leader_gives = proposing and at_once is not None and at_once.value
    to_clerk = regulation.returning(member=member).value == Role.CLERK
    return [
        move
        for move in MOVES
        if (proposing or (move.who != Who.PROPOSER and move.state != State.PROPOSED))
        and (deciding or move.who != Who.ASKED)
        and (forwarding or (move.verb != Verb.FORWARD and move.when is not _FORWARDED))
        and (leader_gives or move.key != "leader_gives_out")
        and (to_clerk or move.when is not _TO_THE_CLERK)
        and not (to_clerk and move.when in (_LEADERLESS, _UNDECIDED_ANEW))
    ]


def moves_from(state: State, regulation: Regulation, *, member: bool) -> list[Move]:
    """What may be done in a state under a regulation."""
    return [move for move in moves_of(regulation, member=member) if move.state == state]


def roles_of(who: Who, regulation: Regulation, *, member: bool) -> tuple[Role, ...]:
    """The roles that a right hangs on; none where it hangs on the document itself."""
    distributor = Role(regulation.distribution(member=member).value)
    match who:
        case Who.CLERK:
            return (Role.CLERK,)
        case Who.RECEIVER:
            return (Role(regulation.receiver(member=member).value),)
        case Who.DISTRIBUTOR | Who.ASSIGNER:  # a head, too, by what he gave on
            return (distributor,)
        case Who.PROPOSER:
            return (Role(regulation.proposer.value),) if regulation.proposer else ()
        case Who.ASKED:
            return (Role(regulation.decider.value),) if regulation.decider else ()
        case Who.PURGER:
            purger = regulation.purger
            return (Role(purger.value) if purger else Role.LEADER,)
        case Who.GIVER:
            return (Role.LEADER, Role.OFFICE_CHIEF)
        case Who.REOPENER:
            return tuple(dict.fromkeys((distributor, Role.LEADER)))
    return ()
