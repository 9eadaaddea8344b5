"""Opinions on the document itself; who has read it; who follows what."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents import deciding
from documents import rules as working
from documents.choices import AssignmentRole
from documents.rules import article_of
from incoming.choices import State
from incoming.models import IncomingDocument
from incoming.rules.bearing import distributing_role, office_role
from incoming.rules.giving_out import may_direct


@rule
def may_ask_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever holds the document asks others what they think of it (Kon Tum Điều 13.7b)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    return working.may_ask_opinion.ask(actor, document)


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
