"""Who issues, sends anew, recalls; to whom it may go, and on what."""

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from accounts.models import Agency
from core.errors import NotYours, Refusal
from documents.rules.bearing import article_of, stands_in
from outgoing.choices import UNANSWERED, DeliveryCode, Medium, State, Way
from outgoing.issued import Outgoing, size_of
from outgoing.models import Delivery, OutgoingDocument
from outgoing.originals import gone
from outgoing.recipients import Recipient
from outgoing.replacing import refusal_of


@rule
def may_issue(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk issues what has been sealed (Kon Tum Điều 15.1, 17.1, Cần Thơ Điều 10.1b).

    The scan of a paper that bears signature and stamp goes out as it is where the regulation lets
    it (Kon Tum Điều 17.2, Bình Định Điều 9.2).
    """
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư phát hành văn bản."))
    if document.state in (State.NUMBERED, State.SEALED) and (found := gone(document)):
        return found.refusal
    if document.may_go_unsealed:
        return None
    if refusal := stands_in(document, State.SEALED):
        return refusal
    if document.unsealed_annexes().exists():
        return Refusal(_("Còn phụ lục là tệp riêng chưa ký số của cơ quan. Ký số trước."))
    return None


@rule
def may_resend(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk follows whether it has come to the right place (Cần Thơ Điều 4.4, 10.1b)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư gửi lại văn bản."))
    if refusal := stands_in(document, State.ISSUED) or refusal_of(document):
        return refusal
    if found := gone(document):
        said = _("%(sentence)s Không gửi lại.") % {"sentence": found.sentence}
        return Refusal(said, found.article)
    return None


@rule
def may_note_sent(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk sends the papers (Kon Tum Điều 15.2); what had left he notes after a recall too,
    so that it is wanted back (Cần Thơ Điều 10.1b)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư ghi nhận bản giấy đã gửi."))
    return stands_in(document, State.ISSUED, State.RECALLED)


@rule
def may_recall(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The sender's clerk tells the receivers on the system (Cần Thơ Điều 10.1b)."""
    article = article_of(actor, "recall_notice")
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư thu hồi văn bản đã phát hành."), article)
    return stands_in(document, State.ISSUED)


@rule
def may_recall_again(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """A recall that has not reached somebody is sent to him once more (Cần Thơ Điều 10.1b)."""
    article = article_of(actor, "recall_notice")
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư gửi lại yêu cầu thu hồi."), article)
    return stands_in(document, State.RECALLED)


@rule
def may_note_answer(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk notes what those outside the system have answered to a recall."""
    article = article_of(actor, "recall_notice")
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư ghi nhận trả lời yêu cầu thu hồi."), article)
    return stands_in(document, State.RECALLED)


def may_send_to(document: OutgoingDocument, recipient: Recipient) -> Refusal | None:
    """Whether that receiver may be sent this document by that way."""
    agency = recipient.agency
    if agency is not None and agency.pk == document.agency_id:
        return Refusal(_("Nơi nhận là chính cơ quan mình; dùng “Thông báo” trong hệ thống."))
    if document.is_internal:
        return Refusal(
            _("Văn bản nội bộ không gửi ra ngoài cơ quan: %(name)s.")
            % {"name": recipient.organ_name}
        )
    match recipient.way:
        case Way.INSIDE:
            return _inside(document, recipient, agency)
        case Way.EMAIL:
            if not settings.EMAIL_HOST:
                return Refusal(_("Hệ thống chưa nối máy chủ thư; chọn cách gửi khác."))
            return None if recipient.address else Refusal(_("Chưa có địa chỉ thư điện tử."))
        case Way.PAPER:
            return _on_paper(document, agency)
    return Refusal(_("Chọn cách gửi."))


def _inside(
    document: OutgoingDocument, recipient: Recipient, agency: Agency | None
) -> Refusal | None:
    if agency is None or not agency.is_active:
        return Refusal(_("“%(name)s” không ở trong hệ thống này.") % {"name": recipient.organ_name})
    # The two units exchange with the Sở alone, and it with them (Bình Định Điều 9.2).
    for one, other in ((document.agency, agency), (agency, document.agency)):
        limit = one.regulation.exchanging(member=one.is_member)
        if limit is not None and limit.value == "parent" and one.parent_id != other.pk:
            said = _("%(one)s chỉ liên thông với %(parent)s; chọn cách gửi khác.")
            return Refusal(said % {"one": one.name, "parent": one.parent}, limit.article)
    return None


def _on_paper(document: OutgoingDocument, agency: Agency | None) -> Refusal | None:
    if agency is None:
        return None  # whoever does not work in the system gets it so
    regulation = document.agency.regulation
    if document.signed_only:
        return Refusal(
            _("%(kind)s chỉ gửi bản điện tử có ký số cho nơi nhận ở trong hệ thống.")
            % {"kind": document.type_name},
            document.signed_only,
        )
    paperless = regulation.paperless_kinds
    if paperless is not None and document.medium == Medium.ELECTRONIC:
        return Refusal(
            _("Văn bản đã ký số và gửi qua mạng thì không gửi bản giấy."), paperless.article
        )
    return None


def may_go_out(document: OutgoingDocument, files: list[Outgoing]) -> Refusal | None:
    """Kinds that only go out as a signed file (Cần Thơ Điều 3.3)."""
    if not files or files[0].part:
        return Refusal(_("Văn bản chưa có tệp phát hành."))
    signed = (files[0].file.signatures or {}).get("verdict") == "valid"
    if document.signed_only and not signed:
        return Refusal(
            _("%(kind)s chỉ gửi bản điện tử có ký số; tệp này không có chữ ký số hợp lệ.")
            % {"kind": document.type_name},
            document.signed_only,
        )
    return None


def may_mail(files: list[Outgoing]) -> Refusal | None:
    """What is larger than mailboxes take goes another way."""
    size, most = size_of(files), settings.MAIL_LIMIT
    if size <= most:
        return None
    return Refusal(
        _("Tệp %(size)s lớn hơn mức %(most)s của thư điện tử; chọn cách gửi khác.")
        % {"size": filesizeformat(size), "most": filesizeformat(most)}
    )


# What may be sent once more: it was sent away, or came back, or may be lost on its way; or it was
# called off for another document, which does not stand any more.
AGAIN = frozenset(
    {DeliveryCode.REFUSED, DeliveryCode.FAILED, DeliveryCode.SENT, DeliveryCode.REPLACED}
)


def may_send_again(delivery: Delivery) -> Refusal | None:
    """Whether one delivery is sent anew: not one that waits, or that lies with its receiver."""
    if delivery.status in AGAIN:
        return None
    return Refusal(
        _("%(name)s: %(status)s, không gửi lại.")
        % {"name": delivery.organ_name, "status": delivery.status_label.lower()}
    )


def may_be_told_again(delivery: Delivery) -> Refusal | None:
    """Whether a recall is sent once more: where it could not be delivered."""
    if delivery.status == DeliveryCode.RECALL_FAILED:
        return None
    return Refusal(
        _("%(name)s: %(status)s, không gửi lại yêu cầu thu hồi.")
        % {"name": delivery.organ_name, "status": delivery.status_label.lower()}
    )


def may_answer_outside(delivery: Delivery) -> Refusal | None:
    """Whether the clerk notes an answer: of e-mail and paper the system hears none."""
    if delivery.way != Way.INSIDE and delivery.status in UNANSWERED:
        return None
    return Refusal(
        _("%(name)s: không chờ ghi nhận trả lời yêu cầu thu hồi.") % {"name": delivery.organ_name}
    )
