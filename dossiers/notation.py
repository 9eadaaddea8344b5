"""How a dossier's notation and its retention are written; every form and every import asks here."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.text import clean, fold

# Lengths of TT 01/2019 Phụ lục VI, as the columns have them.
NOTATION_LENGTH = 20
MAINTENANCE_LENGTH = 30
# Longer than any period in use: more is a year of the calendar, or a slip of the keyboard.
LONGEST_YEARS = 100
PERMANENT = "Vĩnh viễn"

_NOTATION = re.compile(r"([0-9]{1,4})[\s.]*([^\W\d_](?:[^\W_]|[-.&](?=[^\W_]))*)")
_YEARS = re.compile(r"([0-9]{1,4})\s*(?:n[ăa]m)?", re.IGNORECASE)


def parse_notation(text: str) -> str:
    """`01TH`, `1.TH` and `01. TH` become `01.TH` (Cần Thơ Điều 13.3b, NĐ 30/2020 Phụ lục V).

    Letters keep their case. Raises ValidationError with the sentence.
    """
    found = _NOTATION.fullmatch(clean(text))
    if not found or not int(found[1]):
        raise ValidationError(
            _("Số và ký hiệu hồ sơ gồm số thứ tự và chữ viết tắt của đề mục, ví dụ 01.TH.")
        )
    notation = f"{int(found[1]):02d}.{found[2]}"
    if len(notation) > NOTATION_LENGTH:
        raise ValidationError(
            _("Số và ký hiệu hồ sơ dài quá %(count)d ký tự.") % {"count": NOTATION_LENGTH}
        )
    return notation


def parse_maintenance(text: str) -> str:
    """`Vĩnh viễn` or `20 năm`, however it was typed (NĐ 30/2020 Phụ lục V).

    Raises ValidationError with the sentence for anything else.
    """
    years = retention_years(text)
    return PERMANENT if years is None else f"{years} năm"


def retention_years(text: str) -> int | None:
    """For how many years a dossier is kept; None when for ever. Raises like ``parse_maintenance``.

    Two periods are compared by ``is_shorter``.
    """
    typed = clean(text)
    if fold(typed) == fold(PERMANENT):
        return None
    found = _YEARS.fullmatch(typed)
    if not found:
        raise ValidationError(_("Thời hạn bảo quản ghi “Vĩnh viễn” hoặc số năm, ví dụ “20 năm”."))
    years = int(found[1])
    if not 1 <= years <= LONGEST_YEARS:
        raise ValidationError(
            _("Thời hạn bảo quản tính bằng năm từ 1 đến %(most)d; lâu hơn thì ghi “Vĩnh viễn”.")
            % {"most": LONGEST_YEARS}
        )
    return years


def is_shorter(one: str, other: str) -> bool:
    """True when the first period ends before the second."""
    first, second = retention_years(one), retention_years(other)
    return first is not None and (second is None or first < second)
