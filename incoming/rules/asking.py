"""urge, later days, opinions; who follows what."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents.choices import AssignmentRole
from incoming import deciding
from incoming.choices import State
from incoming.models import IncomingDocument
from incoming.rules.bearing import (
    article_of,
    distributing_role,
    my_assignment,
    office_role,
    stands_in,
)
from incoming.rules.giving_out import may_direct


@rule
def may_urge(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office, the leaders, a head over his people, whoever gave the work or follows it.

    Bắc Giang Điều 5.3c, 5.4b; Bình Định Điều 8.3, chương III Điều 10.1; NĐ 30/2020 Điều 24.1.
    """
    if refusal := stands_in(document, State.IN_PROCESS):
        over_all = actor.holds(Role.LEADER, Role.OFFICE_CHIEF)
        return refusal if over_all else NotYours(refusal.message)
    if not deciding.urgeable(actor, document):
        return NotYours(
            _("Chỉ người giao việc, người phụ trách hoặc người theo dõi được đôn đốc."),
            article_of(actor, "urge"),
        )
    return None


@rule
def may_request_extension(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever holds work with a day asks for a later one (Kon Tum Điều 11.6c)."""
    mine = my_assignment(actor, document)
    if mine is None or mine.due_date is None:
        return NotYours(
            _("Chỉ người đang giữ việc có thời hạn mới xin gia hạn."),
            article_of(actor, "extension_decider"),
        )
    if refusal := stands_in(document, State.IN_PROCESS):
        return refusal
    for row in deciding.undecided(document):
        if row.assignment_id == mine.pk:
            return Refusal(
                _("Đã xin gia hạn đến %(day)s, đang chờ quyết định.")
                % {"day": f"{row.wanted_day:%d/%m/%Y}"}
            )
    return None


@deciding_rule
def may_decide_extension(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever gave the work, by post; for a unit's work the role that the regulation names."""
    mine = [row for row in document.open_extensions if deciding.decides(actor, document, row)]
    if not mine:
        return NotYours(
            _("Không có yêu cầu gia hạn nào chờ người này quyết định."),
            article_of(actor, "extension_decider"),
        )
    return stands_in(document, State.IN_PROCESS)


@rule
def may_ask_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever holds the document asks others what they think of it (Kon Tum Điều 13.7b)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    if my_assignment(actor, document) is None:
        return NotYours(_("Chỉ người đang giữ việc mới xin ý kiến."), article_of(actor, "opinion"))
    return stands_in(document, State.IN_PROCESS)


@rule
def may_give_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever was asked answers, in time or late (Kon Tum Điều 13.7b)."""
    if not any(deciding.answers(actor, row) for row in document.open_opinions):
        return NotYours(
            _("Chỉ đơn vị, người được xin ý kiến mới góp ý."), article_of(actor, "opinion")
        )
    return stands_in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_withdraw_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever asked, or holds his post now, no longer waits for the answer."""
    if not any(deciding.asked_it(actor, row) for row in document.open_opinions):
        return NotYours(_("Chỉ người đã xin ý kiến mới thôi xin ý kiến."))
    return stands_in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_see_all_receipts(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk and the office see every receipt, whoever shared it (Kon Tum Điều 13.3)."""
    if actor.holds(Role.CLERK, Role.OFFICE_CHIEF, distributing_role(actor)):
        return None
    return NotYours(_("Chỉ văn thư và văn phòng xem mọi người đã đọc."))


@rule
def may_see_receipts(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerk, office and whoever shared it see who has read it (Kon Tum Điều 13.3, 13.7c)."""
    if may_see_all_receipts.ask(actor, document) is None:
        return None
    told = (one for one in document.all_assignments if one.role == AssignmentRole.INFORM)
    if any(one.given_by.user_id == actor.principal.pk for one in told):
        return None
    return NotYours(_("Chỉ người thông báo, văn thư và văn phòng xem ai đã đọc."))


@rule
def may_follow_directives(actor: Actor) -> Refusal | None:
    """Leaders and the office see what has come of each directive (Kon Tum Điều 20.2)."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        return None
    return NotYours(
        _("Chỉ lãnh đạo và Chánh Văn phòng theo dõi ý kiến chỉ đạo."),
        article_of(actor, "directive_binding"),
    )


@rule
def may_watch(actor: Actor) -> Refusal | None:
    """Who sees a backlog: leaders and the office, a head, and whoever was told to watch.

    The office of the agency so that nothing piles up (Bình Định Điều 8.3, Bắc Giang Điều 11.2b);
    whoever a unit names for it (Bắc Giang Điều 11.1b, NĐ 30/2020 Điều 24.1); a deputy in his field
    (Bắc Giang Điều 5.4b).
    """
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF) or actor.heads(actor.unit.pk):
        return None
    if deciding.own_follows(actor):
        return None
    return NotYours(
        _("Chỉ lãnh đạo, văn phòng, trưởng đơn vị và người được phân công theo dõi xem tồn đọng."),
        article_of(actor, "watcher"),
    )


@rule
def may_watch_rounds(actor: Actor) -> Refusal | None:
    """Who submits, who is submitted to, and who watches over both (Bình Định Điều 9.1, 11)."""
    rounds = actor.agency.regulation.rounds
    if rounds is None:
        return NotYours(_("Quy chế của cơ quan không định giờ trình."))
    if not actor.holds(Role.CLERK, Role.LEADER, Role.OFFICE_CHIEF):
        return NotYours(
            _("Chỉ văn thư, Chánh Văn phòng và lãnh đạo theo dõi đợt trình."), rounds.article
        )
    return None
