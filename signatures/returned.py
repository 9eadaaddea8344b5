"""The check of a signed file before it counts: whoever made the signature, and wherever."""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from accounts.models import Agency, User
from core import clock
from core.errors import Refusal
from documents.inspection import REASONS as UNREAD
from documents.inspection import call
from documents.scans import laid_out
from signatures import ocsp
from signatures.additions import no_worse, standing
from signatures.models import SigningKey
from signatures.pdf import certificates_in, examine
from signatures.revocation import is_asked, judged, with_revocation
from signatures.verdicts import CHANGES
from signatures.verdicts import REASONS as VERDICTS

SECONDS = 60
MEMORY = 1024  # MiB a file

REASONS: dict[str, str | Promise] = {
    "other_file": gettext_lazy(
        "Tệp gửi về không phải là tệp đã đưa đi ký. Tải lại tệp cần ký, ký đúng tệp đó rồi gửi về."
    ),
    "unreadable": gettext_lazy(
        "Tệp gửi về không đọc được, có thể đã hỏng trên đường truyền. Gửi lại tệp."
    ),
    "unclear": gettext_lazy(
        "Không so được tệp gửi về với tệp đã đưa đi ký. Tải lại tệp cần ký và ký lại."
    ),
    "no_signature": gettext_lazy(
        "Tệp gửi về chưa có chữ ký số mới. Ký số vào tệp, lưu lại rồi gửi về."
    ),
    "several": gettext_lazy(
        "Tệp gửi về có nhiều hơn một chữ ký số mới. Tải lại tệp cần ký và chỉ ký một lần."
    ),
    "other_field": gettext_lazy(
        "Chữ ký số nằm ở ô “%(more)s”, không phải ô “%(field)s” của lần ký này. Tải lại tệp cần ký "
        "và ký vào đúng ô."
    ),
    "old_field": gettext_lazy(
        "Chữ ký số nằm ở ô “%(more)s” dành cho người khác. Tải lại tệp cần ký và đặt chữ ký ở chỗ "
        "mới."
    ),
    "other_person": gettext_lazy(
        "Chữ ký số không dùng chứng thư số đã đăng ký của %(owner)s. Cắm đúng thiết bị của người "
        "ký rồi ký lại."
    ),
    "no_key": gettext_lazy(
        "%(owner)s chưa đăng ký chứng thư số nên chưa ký số được. Đăng ký chứng thư số trước."
    ),
    "expired": gettext_lazy(
        "Chứng thư số của %(owner)s đã hết hạn. Dùng chứng thư số còn hiệu lực rồi ký lại."
    ),
    "not_yet_valid": gettext_lazy(
        "Chứng thư số của %(owner)s chưa đến ngày có hiệu lực. Dùng chứng thư số đang có hiệu lực "
        "rồi ký lại."
    ),
    "certificate_revoked": gettext_lazy(
        "Chứng thư số của %(owner)s đã bị thu hồi. Dùng chứng thư số còn hiệu lực rồi ký lại."
    ),
    "unknown_issuer": gettext_lazy(
        "Chứng thư số của %(owner)s do nơi không có trong danh sách tin cậy cấp. Dùng chứng thư số "
        "do cơ quan có thẩm quyền cấp."
    ),
    "hidden": gettext_lazy(
        "Chữ ký số không hiện trên trang. Tải lại tệp cần ký và đặt chữ ký hiện rõ ở góc trên bên "
        "phải trang đầu."
    ),
    "misplaced": gettext_lazy(
        "Chữ ký số không ở góc trên bên phải trang đầu, hoặc lớn quá một phần tư trang (Nghị định "
        "30/2020/NĐ-CP, Phụ lục I). Tải lại tệp cần ký, đặt chữ ký vào đúng chỗ rồi ký lại."
    ),
    "changed": gettext_lazy(
        "Ngoài chữ ký số, tệp gửi về còn bị sửa: %(changes)s. Tải lại tệp cần ký và chỉ ký, không "
        "sửa gì thêm."
    ),
    "locks": gettext_lazy(
        "Chữ ký số khoá tệp nên không ghi số, ngày hoặc ký tiếp được. Ký lại, không chọn khoá tệp "
        "sau khi ký."
    ),
    "earlier": gettext_lazy(
        "Tệp gửi về làm hỏng chữ ký số đã có trước. Tải lại tệp cần ký và ký lại."
    ),
    "other": gettext_lazy("Chữ ký số gửi về không hợp lệ: %(why)s. Ký lại."),
}


def check_returned(
    sent: bytes, returned: bytes, *, field: str, owner: User | None, agency: Agency | None
) -> dict[str, Any]:
    """The same check for every back-end, by whichever certificate is registered of the holder."""
    return check_by(
        sent,
        returned,
        field=field,
        certificates=certificates_of(owner, agency),
        owner=_name(owner, agency),
    )


def certificates_of(owner: User | None, agency: Agency | None) -> list[bytes]:
    """The certificates (DER) of a person or of an agency. Raises Refusal when there is none."""
    keys = SigningKey.objects.of(owner, agency).active()
    if found := [bytes(one) for one in keys.values_list("certificate", flat=True)]:
        return found
    raise _refusal("no_key", owner=_name(owner, agency))


def _name(owner: User | None, agency: Agency | None) -> str:
    return owner.full_name if owner else str(agency)


def check_by(
    sent: bytes, returned: bytes, *, field: str, certificates: Collection[bytes], owner: str
) -> dict[str, Any]:
    """What ``examine`` says of a file that came back signed, when it may be taken.

    It starts with ``sent`` byte for byte and adds one signature that is valid today, in ``field``
    ("" is one that was not in the file) by one of these certificates (DER), and nothing else.
    Raises Refusal with the reason in words; ``owner`` is who was to sign.
    """
    if not certificates:
        raise _refusal("no_key", owner=owner)
    if not returned.startswith(sent):
        raise _refusal("other_file")
    with laid_out(sent, returned) as (first, second):
        answer, fault = call(
            "signatures.additions.judge",
            second,
            seconds=SECONDS,
            memory_mib=MEMORY,
            **_question(first, field, certificates),
        )
        if fault:
            raise Refusal(str(UNREAD.get(fault) or UNREAD["broken"]), field="files")
        accepted = with_revocation(_accepted(answer, field, owner), second, is_ours=True)
    used = (one for one in certificates if hashlib.sha256(one).hexdigest() == answer["certificate"])
    if any(ocsp.is_revoked(one) for one in used):
        raise _refusal("certificate_revoked", owner=owner)
    return accepted


def check_hand(certificate: bytes, chain: Collection[bytes], *, key: SigningKey) -> None:
    """Before we sign: this certificate (DER) is the registered one, and nobody revoked it.

    Raises Refusal. Whether it is trusted is told by the signature; lists of revoked ones are read
    here, as the library looks into none for a certificate that names no place of lists.
    """
    if certificate != bytes(key.certificate):
        raise _refusal("other_person", owner=key.holder)
    anchors, crls = settings.SIGNATURE_ANCHORS, settings.SIGNATURE_CRLS
    if crls and (reason := standing(certificate, chain, anchors, crls, now_text())):
        raise _refusal(reason, owner=key.holder)
    if ocsp.is_revoked(certificate, chain):
        raise _refusal("certificate_revoked", owner=key.holder)


def check_own(
    sent: bytes, signed: bytes, *, field: str, is_new: bool, owner: str
) -> dict[str, Any]:
    """What ``examine`` says of what we have just signed: that signature at least is valid.

    In this process: the file has been through the bounded one before, when it was prepared or
    inspected. What else signing adds is of our own making, so it is not compared again. Raises
    Refusal: it is not valid, or (where the field ``is_new``) an earlier one has become worse.
    """
    if not signed.startswith(sent):
        raise _refusal("other_file")
    with laid_out(*([sent, signed] if is_new else [signed])) as places:
        after = _examined(places[-1])
        before = _examined(places[0]) if is_new else None
        has_proof = is_asked() or b"/DSS" in signed
        known = certificates_in(str(places[-1])) if has_proof else {}
    named = [found for found in after["signatures"] if found["field"] == field]
    if len(named) != 1 or named[0]["kind"] != "signature":
        raise _refusal("several" if named[1:] else "no_signature")
    (one,) = named
    if one["verdict"] != "valid":
        raise _refusal(one["reason"], owner=owner, more=one["changes"])
    if before is not None and not no_worse(before["signatures"], after["signatures"]):
        raise _refusal("earlier")
    return judged(after, known, is_ours=True) if has_proof else after


def _examined(place: Path) -> dict[str, Any]:
    return examine(str(place), settings.SIGNATURE_ANCHORS, now=now_text())


def now_text() -> str:
    """The office's clock, for ``examine``."""
    return timezone.localtime(clock.now()).isoformat()


def _question(sent: Path, field: str, certificates: Collection[bytes]) -> dict[str, Any]:
    return {
        "sent": str(sent),
        "field": field,
        "certificates": [hashlib.sha256(one).hexdigest() for one in certificates],
        "anchors": settings.SIGNATURE_ANCHORS,
        "crls": settings.SIGNATURE_CRLS,
        "now": now_text(),
    }


def _accepted(answer: dict[str, Any], field: str, owner: str) -> dict[str, Any]:
    if reason := answer.get("reason", ""):
        raise _refusal(reason, owner=owner, field=field, more=answer.get("more", []))
    examined: dict[str, Any] = answer["examined"]
    return examined


def _refusal(
    reason: str, *, owner: str = "", field: str = "", more: Collection[str] = ()
) -> Refusal:
    if reason not in REASONS:
        why = str(VERDICTS.get(reason, VERDICTS["broken_signature"]))
        return Refusal(str(REASONS["other"]) % {"why": why}, field="files")
    facts = {
        "owner": owner,
        "field": field,
        "more": ", ".join(more),
        "changes": ", ".join(str(CHANGES.get(code, CHANGES["unclear"])) for code in more),
    }
    return Refusal(str(REASONS[reason]) % facts, field="files")
