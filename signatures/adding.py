"""Fields put into a PDF and filled, in the bounded process; what cannot be is a Refusal."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from documents import printing
from documents.inspection import REASONS as UNREAD
from documents.inspection import call
from documents.scans import laid_out

SECONDS = 40
MEMORY = 1024  # MiB a file

REASONS: dict[str, str | Promise] = {
    "encrypted": _("Tệp đặt mật khẩu nên không đặt được ô ký số. Đính kèm bản không đặt mật khẩu."),
    "signed": _("Tệp đã được ký số. Đính kèm bản chưa ký để trình ký trên hệ thống."),
    "old_version": _("Tệp là PDF phiên bản dưới 1.4. Lưu lại thành PDF 1.4 trở lên rồi đính kèm."),
    "prepared": _("Tệp đã có sẵn các ô ký số của hệ thống. Đính kèm bản gốc chưa có ô ký."),
    "xfa": _("Tệp là biểu mẫu động (XFA), không ký số được. In ra PDF thường rồi đính kèm lại."),
    "no_page": _("Vị trí ký nằm ở trang không có trong tệp. Chọn lại vị trí ký."),
    "filled": _("Số hoặc ngày của văn bản đã được ghi, không ghi lại được."),
    "no_field": _("Tệp không có ô trống để ghi số và ngày. Chuẩn bị lại tệp trước khi ký."),
    "letters": _("Số và ngày chỉ gồm chữ số, chữ cái không dấu, dấu gạch ngang và gạch chéo."),
}


@dataclass(frozen=True)
class TextField:
    """An empty field on a page (from 0); ``box`` in points from the lower left corner.

    It writes in ``size`` points, a quarter of that above its lower edge; ``align`` is 0 left,
    1 middle, 2 right. ``covers``: white behind what is written, where dots were printed.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]
    size: float
    italic: bool = False
    align: int = 0
    covers: bool = False


@dataclass(frozen=True)
class SignatureField:
    """The place of a signature; signing it locks the fields named in ``locks`` (FieldMDP)."""

    name: str
    page: int
    box: tuple[float, float, float, float]
    locks: tuple[str, ...] = ()


def add_fields(pdf: bytes, fields: Sequence[TextField | SignatureField]) -> bytes:
    """The file with these fields, added behind what was there. Raises Refusal where that cannot be:
    encrypted, signed, below PDF 1.4, unreadable."""
    asked, fonts = [], {}
    for field in fields:
        if isinstance(field, TextField):
            font = "FiguresItalic" if field.italic else "Figures"
            fonts[font] = base64.b64encode(printing.figures(italic=field.italic)).decode()
            asked.append({**asdict(field), "kind": "text", "font": font})
        else:
            asked.append({**asdict(field), "kind": "signature"})
    return _changed(pdf, "signatures.fields.add", fields=asked, fonts=fonts)


def fill_fields(pdf: bytes, values: Mapping[str, str]) -> bytes:
    """The file with these values in its empty text fields, those of annexes ("name_2") as well.

    A signature that allows filling in stays valid. Raises Refusal for what is filled already.
    """
    return _changed(pdf, "signatures.fields.fill", values=dict(values))


def _changed(pdf: bytes, program: str, **arguments: Any) -> bytes:
    with laid_out(pdf) as (place,):
        answer, fault = call(program, place, seconds=SECONDS, memory_mib=MEMORY, **arguments)
    reason = fault or answer.get("reason", "")
    if reason:
        said = REASONS.get(reason) or UNREAD.get(reason) or UNREAD["broken"]
        raise Refusal(str(said), field="files")
    return pdf + base64.b64decode(answer["update"])
