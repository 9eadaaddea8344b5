"""The tray and the book: receive, sort, register, refuse, correct, forward, purge; drafts."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.rules import stands_in
from incoming.choices import State
from incoming.models import EntryDraft, IncomingDocument
from incoming.rules.bearing import REGISTERED


@rule
def may_receive(actor: Actor) -> Refusal | None:
    """Clerks take in what arrives."""
    regulation = actor.agency.regulation
    if not actor.holds(Role.CLERK):
        return NotYours(
            _("Chỉ văn thư tiếp nhận và đăng ký văn bản đến."),
            regulation.article("register_fields"),
        )
    return None


@rule
def may_refuse(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks send away what is not registered yet."""
    return may_receive.ask(actor) or stands_in(document, State.RECEIVED)


@rule
def may_register(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks register what has been received."""
    return may_receive.ask(actor) or stands_in(document, State.RECEIVED)


@rule
def may_correct(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks mend typing mistakes of the register as long as the work is open."""
    return may_receive.ask(actor) or stands_in(
        document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS
    )


@rule
def may_sort(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks put together and take apart what is not registered yet."""
    return may_receive.ask(actor) or stands_in(document, State.RECEIVED)


@rule
def may_discard_draft(actor: Actor, draft: EntryDraft) -> Refusal | None:
    """Everybody his own draft; a colleague's only when it has lain for long."""
    if refusal := may_receive.ask(actor):
        return refusal
    if draft.clerk_id != actor.user.pk and not is_old(draft):
        return Refusal(
            _("Bản nháp của %(who)s, lưu chưa quá %(days)d ngày; chỉ người gõ mới bỏ được.")
            % {"who": draft.clerk, "days": settings.DRAFT_DAYS}
        )
    return None


def is_old(draft: EntryDraft) -> bool:
    """True for a draft that has lain for longer than the installation says (DRAFT_DAYS)."""
    return clock.now() - draft.saved_at > timedelta(days=settings.DRAFT_DAYS)


@rule
def may_forward(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk sends on what bears a written direction (Kon Tum Điều 13.6, the city only)."""
    provision = actor.agency.regulation.clerk_forwards
    if provision is None or not provision.value or actor.agency.is_member:
        return NotYours(
            _("Quy chế của cơ quan không để văn thư chuyển thẳng; lưu rồi trình."),
            actor.agency.regulation.receiver(member=actor.agency.is_member).article,
        )
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư chuyển văn bản đã có ý kiến chỉ đạo."), provision.article)
    return stands_in(document, State.REGISTERED)


@rule
def may_cancel(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk cancels what its sender has recalled (Cần Thơ Điều 5.2, NĐ 30/2020 Điều 18.4b)."""
    article = actor.agency.regulation.recall_cancels.article
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư hủy văn bản mà bên gửi thu hồi."), article)
    if document.is_recalled:
        return None
    if document.recalled_at is None:
        return NotYours(_("Bên gửi không thu hồi văn bản này."), article)
    return Stale(_("Đã trả lời yêu cầu thu hồi của bên gửi."), article)


@rule
def may_keep(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk answers that it is not cancelled, and why."""
    return may_cancel.ask(actor, document)


@deciding_rule
def may_purge(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """What should never have been stored goes by the leader's decision (Bắc Giang Điều 8.2).

    Where the regulation names the Chủ tịch, a vice decides it only in his place.
    """
    purger = actor.agency.regulation.purger
    role = Role(purger.value) if purger else Role.LEADER
    named_head = purger is not None and role == Role.LEADER
    if not actor.holds(role) or (named_head and not actor.leads_agency):
        return NotYours(
            _("Chỉ %(role)s gỡ văn bản khỏi hệ thống, theo quyết định có số và ngày.")
            % {"role": actor.agency.title_of(role)},
            purger.article if purger else "",
        )
    if document.state == State.RECEIVED:
        return Stale(_("Văn bản chưa vào sổ; văn thư từ chối thì tệp được xóa ngay."))
    return stands_in(document, *REGISTERED)
