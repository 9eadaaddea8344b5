"""The work itself: assign, progress, finish, send_back, reopen; comment, share, link."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal, Stale
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from incoming.choices import State
from incoming.models import IncomingDocument
from incoming.rules.bearing import (
    REGISTERED,
    WORK,
    article_of,
    distributing_role,
    holds,
    my_assignment,
    office_role,
    stands_in,
)
from incoming.rules.giving_out import may_direct, taken_back


@rule
def may_assign(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The head of a unit gives the unit's work to his people (Kon Tum Điều 20.2)."""
    by = [Role.UNIT_HEAD, Role.OFFICE_CHIEF, Role.LEADER]
    if actor.agency.regulation.deputy_assigns:
        by.append(Role.DEPUTY_HEAD)  # Bắc Giang Điều 5.4a
    if not actor.holds(*by):
        return NotYours(
            _("Chỉ %(role)s giao việc cho người của đơn vị mình.")
            % {"role": actor.agency.title_of(Role.UNIT_HEAD)},
            article_of(actor, "assign"),
        )
    mine = my_assignment(actor, document)
    if mine is None:
        return taken_back(actor, document) or NotYours(_("Đơn vị chưa được giao văn bản này."))
    return stands_in(document, State.IN_PROCESS)


@rule
def may_send_back(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Back to whoever sent it: with a reason (Kon Tum Điều 13.7a)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    if document.state == State.IN_PROCESS and my_assignment(actor, document):
        return None
    return NotYours(
        _("Chỉ người đang giữ việc mới chuyển trả được."),
        actor.agency.regulation.returning(member=actor.agency.is_member).article,
    )


@rule
def may_comment(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Everyone who sees a document may add an opinion while work goes on (Kon Tum Điều 13.7b)."""
    return stands_in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_progress(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever works on it reports how far he is (Kon Tum Điều 21.1)."""
    if my_assignment(actor, document) is None:
        return taken_back(actor, document) or NotYours(
            _("Chỉ người được giao việc báo cáo tiến độ."), article_of(actor, "progress")
        )
    return stands_in(document, State.IN_PROCESS)


@rule
def may_finish(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who holds the work ends it; the office ends what needs none (Kon Tum Điều 13.7c)."""
    if document.state == State.SUBMITTED and actor.holds(distributing_role(actor)):
        return None
    mine = my_assignment(actor, document)
    if mine is None:
        return taken_back(actor, document) or NotYours(
            _("Chỉ người đang giữ việc mới kết thúc được.")
        )
    if refusal := stands_in(document, State.IN_PROCESS):
        return refusal
    busy = [
        one
        for one in document.all_assignments
        if one.parent_id == mine.pk and one.is_open and one.role == AssignmentRole.LEAD
    ]
    if busy:
        return Refusal(
            _("Chưa kết thúc được: %(who)s đang chủ trì, chưa báo kết quả.")
            % {"who": busy[0].person or busy[0].unit}
        )
    return None


@deciding_rule
def may_reopen(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office or a leader takes finished work up again, with a reason."""
    if not actor.holds(distributing_role(actor), Role.LEADER):
        return NotYours(_("Chỉ người phân phối hoặc lãnh đạo mở lại văn bản đã kết thúc."))
    return stands_in(document, State.FINISHED)


@rule
def may_share(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who sees a registered document may let others see it ("Thông báo", Kon Tum Điều 13.7c)."""
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return Stale(_("Văn bản chưa đăng ký thì chưa thông báo được."))
    if document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không còn gì để thông báo."))
    return None


@rule
def may_link(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk, the office, leaders and who was asked to work on it say what belongs together."""
    asked = any(
        one.role in WORK
        and one.state not in VOID_ASSIGNMENT
        and (holds(actor, one) or one.given_by_id == actor.appointment.pk)
        for one in document.all_assignments
    )
    if not asked and not actor.holds(Role.CLERK, Role.LEADER, distributing_role(actor)):
        return NotYours(
            _("Chỉ văn thư, người phân phối, lãnh đạo và người xử lý liên kết văn bản.")
        )
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return Stale(_("Văn bản chưa đăng ký thì chưa liên kết được."))
    return stands_in(document, *REGISTERED)
