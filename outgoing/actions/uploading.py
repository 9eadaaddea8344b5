"""Files that were made elsewhere, looked at before they become a version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.regulation import Provision
from core.errors import Refusal
from core.text import clean
from documents import gate, uploads
from documents.actions import examine, forget
from documents.inspection import call, inspect
from documents.models import QuarantinedFile
from signatures.verdicts import describe


@dataclass(frozen=True)
class Uploaded:
    """A file that may become a version: what it is, its words, what was answered about it."""

    row: QuarantinedFile
    text: str
    facts: dict[str, Any]


@contextmanager
def looked_at(
    actor: Actor,
    upload: uploads.QuarantinedUpload,
    *,
    answered: str | None = None,
    is_beside: bool = False,
    is_scan: bool = False,
    may_be_signed: bool = False,
    sent: str = "",
) -> Iterator[Uploaded]:
    """The file, after the bounded process has read it; nothing of it stays in the quarantine.

    ``is_beside``: it does not become the draft itself, so it may be signed; ``is_scan``: of a paper
    that is signed and stamped; ``may_be_signed``: an annex, whose signatures stay if all are valid
    and let the agency's follow; ``sent``: the hash of the file of which it was made, where that is
    what is asked about. Takes time: outside a transaction. Raises Refusal for what is no
    readable PDF, for one that is locked or signed already, for a poor scan (TT 01/2019 Điều 6.2),
    for the mark of a secret (Kon Tum Điều 4.1); Asked for other marks.
    """
    sent = sent or upload.sha256
    row = examine(upload)
    try:
        inspection = row.inspection or {}
        _refuse_unreadable(inspection)
        if not is_beside:
            _refuse_unfit(row, inspection)
            if may_be_signed:
                _refuse_poorly_signed(row)
            else:
                _refuse_signed(row)
        if is_scan:
            _refuse_poor(actor.agency.regulation.scan_dpi, inspection.get("scan") or {})
        facts = gate.let_in(actor.agency.regulation, [(sent, inspection)], answered)
        found = inspect(
            uploads.path_of(row.token),
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
        )
        signers = {"signers": signed} if (signed := signers_of(row.signatures)) else {}
        told = {**facts, "scan": row.sha256, **signers}
        yield Uploaded(row, clean(found.text, lines=True), told)
    finally:
        forget(row)


def _refuse_unreadable(inspection: dict[str, Any]) -> None:
    if not inspection.get("readable"):
        raise Refusal(
            _("Không đọc được tệp. Lưu lại thành PDF không đặt mật khẩu rồi đính kèm lại."),
            field="file",
        )


def _refuse_poor(rule: Provision[int] | None, scan: dict[str, Any]) -> None:
    """Raise Refusal for what goes out less clear than the rule wants it."""
    if rule is None or not scan.get("pages"):
        return
    facts = {"page": scan["page"], "dpi": scan["dpi"], "least": rule.value}
    if scan["dpi"] < rule.value:
        said = _("Bản quét %(dpi)d dpi ở trang %(page)d; quét lại từ %(least)d dpi.") % facts
        raise Refusal(said, rule.article, field="file")
    if scan["colour"] in ("grey", "bilevel"):
        raise Refusal(
            _("Bản quét không phải ảnh màu; quét lại ở chế độ màu."), rule.article, field="file"
        )


def _refuse_unfit(row: QuarantinedFile, inspection: dict[str, Any]) -> None:
    """Raise Refusal for what cannot be signed later (Cần Thơ Điều 9.5: PDF 1.4 or later)."""
    if inspection.get("encrypted"):
        raise Refusal(
            _("Tệp có đặt bảo vệ nên không ký được. In lại thành PDF thường rồi đính kèm."),
            field="file",
        )
    version = str(inspection.get("pdf_version") or "")
    if version and version < "1.4":
        raise Refusal(
            _("Tệp là PDF %(version)s, cần từ phiên bản 1.4. In lại thành PDF rồi đính kèm.")
            % {"version": version},
            field="file",
        )
    if inspection.get("active"):
        raise Refusal(
            _("Tệp có nội dung chủ động (mã lệnh, biểu mẫu, tệp nhúng). In lại thành PDF thường."),
            field="file",
        )


def _refuse_signed(row: QuarantinedFile) -> None:
    if (row.signatures or {}).get("verdict", "unsigned") != "unsigned":
        raise Refusal(
            _("Tệp đã có chữ ký số: sửa vào sẽ làm chữ ký mất giá trị. Đính kèm bản chưa ký."),
            field="file",
        )


def _refuse_poorly_signed(row: QuarantinedFile) -> None:
    """Raise Refusal for an annex whose signatures would be worth nothing where it goes."""
    found = row.signatures or {}
    verdict = found.get("verdict", "unsigned")
    if verdict == "unsigned":
        return
    said = describe(found)
    if verdict != "valid":
        raise Refusal(
            _("Phụ lục đã ký số nhưng chữ ký chưa hợp lệ. %(why)s") % {"why": said.text},
            field="file",
        )
    closed, fault = call(
        "signatures.pdf.is_closed",
        uploads.path_of(row.token),
        seconds=settings.INSPECTION_SECONDS,
        memory_mib=settings.INSPECTION_MEMORY,
    )
    if closed or fault:
        raise Refusal(
            _(
                "Chữ ký trong phụ lục không cho thêm chữ ký nào nữa, cơ quan không ký tiếp được. "
                "Đính kèm bản ký theo cách cho ký tiếp, hoặc bản chưa ký."
            ),
            field="file",
        )


def signers_of(signatures: dict[str, Any] | None) -> list[str]:
    """Who has signed a file, as its verdict names them."""
    rows = (signatures or {}).get("signatures", [])
    return [one["signer"] or one["field"] for one in rows if one["kind"] == "signature"]
