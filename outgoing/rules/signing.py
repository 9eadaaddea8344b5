"""Who signs, numbers, seals and voids: each only after the one before (NĐ 30/2020 Điều 32.2d)."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role, Scope
from accounts.models import Delegation
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.rules.bearing import article_of, stands_in
from outgoing.choices import GONE_OUT, Medium, State
from outgoing.content import content_of
from outgoing.models import OutgoingDocument
from outgoing.originals import gone
from outgoing.paper import Form, form_of
from outgoing.rules.bearing import works_on
from outgoing.standing import MANDATE, block_of, post_of


@deciding_rule
def may_sign(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The person who is to sign it, and nobody else (NĐ 30/2020 Điều 13, Cần Thơ Điều 10.1a).

    Where the number comes first he signs a numbered one, which he has approved.
    """
    if document.signer is None or actor.principal.pk != document.signer.user_id:
        return NotYours(_("Chỉ người ký văn bản ký số."))
    if document.numbers_first:
        if not document.waits_for_signature:
            return stands_in(document, State.NUMBERED) or Stale(_("Văn bản đã ký."))
    elif refusal := stands_in(document, State.SIGNING):
        return refusal
    return not_in_his_name(actor, document) or mandate_over(document) or not_by_one_alone(document)


def not_by_one_alone(document: OutgoingDocument) -> Refusal | None:
    """What two people sign is signed on paper: here only one signs the file, and it would go out
    with an empty place above the other's name (NĐ 30/2020 Phụ lục III, Mẫu 1.9)."""
    form = form_of(document.type_name)
    said = ""
    if form is Form.AGREEMENT:
        said = _(
            "Văn bản này còn chữ ký của bên kia, ở đây chỉ một người ký số được. Ký duyệt để hai "
            "bên ký bản giấy, rồi văn thư đính kèm bản quét."
        )
    elif form is Form.MINUTES and _has_secretary(document):
        said = _(
            "Biên bản này còn chữ ký của thư ký, ở đây chỉ một người ký số được. Ký duyệt để cùng "
            "thư ký ký bản giấy, rồi văn thư đính kèm bản quét."
        )
    if said and document.state == State.NUMBERED:
        said = _(
            "Văn bản này còn chữ ký của người thứ hai, ở đây chỉ một người ký số được. Số đã cấp: "
            "hủy văn bản rồi soạn văn bản thay thế, ký bản giấy."
        )
    return Refusal(said) if said else None


def _has_secretary(document: OutgoingDocument) -> bool:
    version = document.versions.get(ordinal=document.version_count)
    return bool(content_of(version).secretary_full_name)


def not_in_his_name(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The signature block follows whoever signs: KT., TUQ., his own name."""
    if actor.acting_for is None or document.signer is None:
        return None
    said = _("Bản in mang tên %(name)s. Nhận ký thay để in lại với phần ký của mình.")
    if document.state == State.NUMBERED:
        # What has its number is neither made anew nor sent back.
        said = _(
            "Số đã cấp cho bản in mang tên %(name)s. Chờ người ấy ký, hoặc hủy văn bản rồi soạn "
            "văn bản thay thế."
        )
    return Refusal(said % {"name": document.signer.user.full_name})


def mandate_over(document: OutgoingDocument) -> Refusal | None:
    """What was taken over is signed as long as the delegation runs (NĐ 30/2020 Điều 13.3)."""
    given = document.signs_for
    if given is None or Delegation.objects.in_force(clock.today()).filter(pk=given.pk).exists():
        return None
    said = _("Ủy quyền của %(name)s đã hết hiệu lực. Trả lại để người ký chính ký.")
    if document.state == State.NUMBERED:
        said = _(
            "Ủy quyền của %(name)s đã hết hiệu lực mà số đã cấp. Hủy văn bản rồi soạn văn bản thay "
            "thế."
        )
    return Refusal(said % {"name": given.appointment.user.full_name})


@deciding_rule
def may_take_over(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever stands in for the signer, in all that he does, signs in his own name (NĐ 30/2020
    Điều 13).

    A delegation of routine work holds no signature.
    """
    signer = document.signer
    given = [one for one in actor.delegations if signer and one.person.pk == signer.user_id]
    if signer is None or actor.principal.pk != signer.user_id or actor.acting_for is None:
        if given and all(one.scope == Scope.ROUTINE for one in given):
            return stands_in(document, State.SIGNING) or Refusal(
                _("Ủy quyền của %(name)s chỉ gồm việc xử lý thường xuyên, không gồm ký văn bản.")
                % {"name": given[0].person.full_name}
            )
        return NotYours(_("Chỉ người được người ký ủy quyền nhận ký thay."))
    if refusal := stands_in(document, State.SIGNING):
        return refusal
    if document.signs_for is not None:
        # He signs for another already: a mandate is not handed on.
        return Refusal(_("Người ký thay không ủy quyền lại cho người khác ký."), MANDATE)
    version = document.versions.get(ordinal=document.version_count)
    if version.is_uploaded and not version.text.strip():
        # Nobody can tell whether another file holds what was approved.
        said = _("Tệp tải lên là ảnh, không so được chữ. Trả lại để sửa phần ký trong tệp.")
        return Refusal(said)
    try:
        own = post_of(actor, signer)
        block_of(content_of(version), signer, own, actor.acting_for.decision_number)
    except Refusal as refusal:
        return refusal
    return None


@rule
def may_number(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk numbers what has been approved, never before (Bình Định Điều 9.2, Kon Tum 15.1)."""
    before = article_of(actor, "sign_before_number")
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư cấp số văn bản đi."), before)
    if refusal := stands_in(document, State.APPROVED):
        return Stale(refusal.message, before)
    if found := gone(document):
        return found.refusal
    if document.needs_paper:
        return Refusal(
            _("Bản giấy chưa được ghi nhận là đã ký. Ghi nhận trước khi cấp số."),
            article_of(actor, "paper_approval"),
        )
    return None


@rule
def may_write_number(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk; where he did not come to it, whoever goes on: the signer of a numbered one."""
    if refusal := stands_in(document, State.NUMBERED):
        return refusal
    signs = document.signer is not None and actor.principal.pk == document.signer.user_id
    if actor.holds(Role.CLERK) or signs:
        return None
    return NotYours(_("Chỉ văn thư ghi số vào tệp."))


@rule
def may_attach_scan(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk scans what was signed on paper (Cần Thơ Điều 10.2, Kon Tum Điều 17.2)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư số hóa bản giấy đã ký."))
    if refusal := stands_in(document, State.NUMBERED):
        return refusal
    if document.medium != Medium.PAPER:
        return NotYours(_("Văn bản này ký số, không có bản giấy để quét."))
    return None


@rule
def may_seal(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk, with the agency's key, only what the authorised person has signed.

    NĐ 30/2020 Điều 32.2d, Cần Thơ Điều 10.1b.
    """
    article = actor.agency.regulation.seal_look.article
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư ký số của cơ quan."), article)
    if document.state in (State.NUMBERED, State.SEALED) and (found := gone(document)):
        return found.refusal
    if document.state == State.SEALED and document.unsealed_annexes().exists():
        return None  # annexes in files of their own come after the document itself
    if refusal := stands_in(document, State.NUMBERED):
        return refusal
    if document.medium == Medium.PAPER and document.scanned_at is None:
        return Refusal(_("Chưa có bản quét từ bản giấy đã ký. Đính kèm bản quét trước."))
    if document.medium == Medium.ELECTRONIC and document.signed_at is None:
        return Refusal(_("Người có thẩm quyền chưa ký số. Chỉ ký số cơ quan trên văn bản đã ký."))
    return None


@rule
def may_void(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Before it goes out the clerk, the office or a leader voids it; its number stays taken."""
    if not actor.holds(Role.CLERK, Role.OFFICE_CHIEF, Role.LEADER):
        return NotYours(_("Chỉ văn thư, Văn phòng và lãnh đạo hủy văn bản chưa phát hành."))
    # A copy that the clerk will not enter has nobody to whom it could be given back.
    early = (State.APPROVED,) if document.is_copy else ()
    return stands_in(document, *early, State.NUMBERED, State.SEALED)


@rule
def may_replace(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever works on it drafts what takes the place of one that was wrong (NĐ 30 Điều 18.3)."""
    if document.is_copy:
        return NotYours(_("Bản sao sai thì thu hồi, rồi sao lại từ văn bản gốc."))
    if actor.holds(Role.AGENCY_ADMIN) or not works_on(actor, document):
        return NotYours(_("Chỉ người soạn thảo và người xem xét soạn văn bản thay thế."))
    return stands_in(document, *GONE_OUT, State.VOID)
