"""Why a draft does not go on: a wrong name, a post without a holder, another year or body."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.errors import Refusal, require
from core.text import fold
from outgoing import notations
from outgoing.actions.drafting import refuse_other_name
from outgoing.choices import Authority, State
from outgoing.content import body_of, content_of
from outgoing.models import DraftVersion, IssuingBody, OutgoingDocument
from outgoing.signers import other_post


def refuse_unready(document: OutgoingDocument, version: DraftVersion) -> None:
    """Raise Refusal while the wrong name would be signed, or a step has nobody who takes it."""
    signer, today = document.signer, clock.today()
    if signer is None:
        raise Refusal(_("Chọn người ký trước khi trình."), field="signer")
    refuse_gone(document)
    refuse_other_body(document, version)
    refuse_other_name(document, str(version.content.get("signer_full_name", "")))
    refuse_other_post(document, version)
    if (
        not document.way
        and signer.user_id == document.drafter.user_id
        and (signer.role != Role.LEADER)
    ):
        raise Refusal(_("Người soạn không tự ký khi chưa ai khác xem xét dự thảo."), field="signer")
    for state in document.way:
        post = document.post_of(state)  # refuses where nobody holds a role of the agency
        held = Appointment.objects.in_force(today).filter(unit=post.unit_id, role=post.role)
        if not held.exists():
            raise Refusal(
                _("%(unit)s chưa có người phụ trách để duyệt nội dung. Báo quản trị cơ quan.")
                % {"unit": post.unit.name}
            )


def refuse_other_year(version: DraftVersion) -> None:
    """Raise Refusal for a sheet that bears the year in which it was made, and that has passed."""
    made = version.pdf.stored_at if version.pdf else version.saved_at
    if timezone.localtime(made).year != clock.today().year:
        raise Refusal(
            _("Bản in mang năm %(year)d. Trả lại để trình lại, hệ thống in năm mới.")
            % {"year": timezone.localtime(made).year}
        )


def refuse_other_body(document: OutgoingDocument, version: DraftVersion) -> None:
    """Raise Refusal where notation or signature block is not that of the body in whose name it is
    issued: its number comes from that one's register (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1)."""
    content = content_of(version)
    body = body_of(document, content)
    typed, kind = document.code_notation, document.type_name
    if typed and not notations.follows(typed, kind, body):
        others = IssuingBody.objects.filter(agency=document.agency_id).exclude(pk=body.pk)
        said = _(
            "Ký hiệu “%(typed)s” không phải của %(body)s. Ghi “%(right)s”, hoặc chọn cơ quan ban "
            "hành khác."
        )
        right = notations.mended(typed, kind, body, others)
        words = {"typed": typed, "body": body.name, "right": right}
        raise Refusal(said % words, field="code_notation")
    signs_for = content.on_behalf_of
    if (
        content.authority == Authority.COLLECTIVE
        and signs_for
        and body.collective
        and fold(signs_for) != fold(body.collective)
    ):
        said = _("Phần ký ghi “TM. %(typed)s” mà cơ quan ban hành là %(body)s (TM. %(right)s).")
        words = {"typed": signs_for, "body": body.name, "right": body.collective}
        raise Refusal(said % words, field="on_behalf_of")


def refuse_other_post(document: OutgoingDocument, version: DraftVersion) -> None:
    """Raise Refusal for a block that says another post, or an authority that his does not give."""
    require(other_post(document, content_of(version), is_file=version.is_uploaded))


def refuse_gone(document: OutgoingDocument) -> None:
    """Raise Refusal when the signer no longer holds the post as which he would sign."""
    held = Appointment.objects.in_force(clock.today()).filter(pk=document.signer_id)
    if held.exists():
        return
    if document.state == State.NUMBERED:
        # What has its number is not sent back.
        said = _(
            "Người ký không còn giữ chức vụ ấy mà số đã cấp. Hủy văn bản rồi soạn văn bản thay thế."
        )
    else:
        said = _("Người ký không còn giữ chức vụ ấy. Trả lại cho người soạn để chọn người ký khác.")
    raise Refusal(said, field="signer")
