"""The work as a document has it: finish, send_back, reopen; share, link."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal, Stale
from documents import rules as working
from documents.choices import VOID_ASSIGNMENT
from documents.rules import WORK, article_of, holds, stands_in
from incoming.choices import State
from incoming.models import IncomingDocument
from incoming.rules.bearing import REGISTERED, distributing_role, office_role
from incoming.rules.giving_out import may_direct


@rule
def may_send_back(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Back to whoever sent it: with a reason (Kon Tum Điều 13.7a)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    return working.may_send_back.ask(actor, document)


@rule
def may_finish(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who holds the work ends it; the office ends what needs none (Kon Tum Điều 13.7c).

    Its own part with it, once nobody leads that below.
    """
    has_part = document.goes_on and working.my_assignment(actor, document) is not None
    if ends_unled(actor, document) and not has_part:
        return None
    return working.may_finish.ask(actor, document)


def ends_unled(actor: Actor, document: IncomingDocument) -> bool:
    """True for the office while no unit or person leads the work."""
    return actor.holds(distributing_role(actor)) and waits_for_a_lead(document)


def waits_for_a_lead(document: IncomingDocument) -> bool:
    """True before it is given out, and again where its lead has sent it back."""
    if document.state == State.IN_PROCESS:
        return not document.is_led
    return document.state == State.SUBMITTED


@rule
def may_reply(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever has to deal with it may answer by a document of their own (Kon Tum Điều 13.7d)."""
    if working.my_assignment(actor, document) is None and not actor.holds(
        distributing_role(actor), office_role(actor)
    ):
        return NotYours(_("Chỉ người xử lý soạn văn bản trả lời."))
    return stands_in(document, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_copy(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who may have a copy made of what is in the book; not of what its sender wants back.

    Whoever heads the agency says who signs copies (NĐ 30/2020 Điều 26); the clerk enters and issues
    them (Kon Tum Điều 15.3).
    """
    article = article_of(actor, "copies_issued")
    if not actor.holds(Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER):
        return NotYours(_("Chỉ văn thư, Văn phòng và lãnh đạo sao văn bản."), article)
    if document.is_recalled:
        return Refusal(_("Bên gửi đã thu hồi văn bản này, không sao được."))
    return stands_in(document, *REGISTERED)


@deciding_rule
def may_reopen(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office or a leader takes finished work up again, with a reason."""
    if not actor.holds(distributing_role(actor), Role.LEADER):
        return NotYours(_("Chỉ người phân phối hoặc lãnh đạo mở lại văn bản đã kết thúc."))
    return stands_in(document, State.FINISHED)


@rule
def may_share(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who sees a registered document may let others see it ("Thông báo", Kon Tum Điều 13.7c)."""
    if document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không còn gì để thông báo."))
    if document.state in (State.RECEIVED, State.REFUSED):
        return Stale(_("Văn bản chưa đăng ký thì chưa thông báo được."))
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
    if document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không liên kết được."))
    if document.state in (State.RECEIVED, State.REFUSED):
        return Stale(_("Văn bản chưa đăng ký thì chưa liên kết được."))
    return stands_in(document, *REGISTERED)
