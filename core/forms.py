"""What a form says when a field is wrong: our own sentences in place of the framework's."""

import calendar
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.legacy_text import Charset, legacy_charset, to_unicode
from core.text import clean

SENTENCES = {
    "required": gettext_lazy("Chưa điền ô này."),
    "invalid": gettext_lazy("Giá trị không đúng, xem lại."),
    "invalid_choice": gettext_lazy("Chọn một mục trong danh sách."),
    "invalid_list": gettext_lazy("Chọn các mục trong danh sách."),
    "max_length": gettext_lazy("Dài quá %(limit_value)d ký tự, bớt đi."),
    "null_characters_not_allowed": gettext_lazy("Có ký tự không đọc được, xóa rồi gõ lại."),
}

_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def own_words(fields: Mapping[str, forms.Field], **required: Any) -> None:
    """Give every field our sentences; ``required`` maps names to what is said when they are empty.

    A day keeps what it says of itself when there is no such day.
    """
    for name, field in fields.items():
        for code, sentence in SENTENCES.items():
            if not (code == "invalid" and isinstance(field, forms.DateField)):
                field.error_messages[code] = sentence
        if name in required:
            field.error_messages["required"] = required[name]


def read_day(value: str) -> date:
    """A day as dd/mm/yyyy or yyyy-mm-dd. Raises ValidationError with what is wrong about it."""
    if found := _DAY.fullmatch(value):
        day, month, year = map(int, found.groups())
    elif found := _ISO_DAY.fullmatch(value):
        year, month, day = map(int, found.groups())
    else:
        raise ValidationError(_("Gõ ngày theo dạng dd/mm/yyyy, ví dụ 05/11/2024."))
    if not 1900 <= year <= 2100:
        raise ValidationError(_("Năm %(year)04d không đúng.") % {"year": year})
    if not 1 <= month <= 12:
        raise ValidationError(_("Không có tháng %(month)d.") % {"month": month})
    days = calendar.monthrange(year, month)[1]
    if day > days and month == 2:
        raise ValidationError(
            _("Tháng 2 năm %(year)d có %(days)d ngày.") % {"year": year, "days": days}
        )
    if day > days:
        raise ValidationError(
            _("Tháng %(month)d có %(days)d ngày.") % {"month": month, "days": days}
        )
    if day < 1:
        raise ValidationError(_("Không có ngày 0."))
    return date(year, month, day)


class DayField(forms.DateField):
    """A day, with words that help when there is no such day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.DateInput(
                format="%d/%m/%Y",
                attrs={
                    "placeholder": "dd/mm/yyyy",
                    "inputmode": "numeric",
                    "autocomplete": "off",
                    "data-date": "",
                },
            ),
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            typed = clean(value)
            return read_day(typed) if typed else None
        return super().to_python(value)


class UnicodeForm(forms.Form):
    """A form that refuses text of the old fonts (TCVN3, VNI) and says how it reads in Unicode.

    ``charset_article`` is what the refusal quotes; empty where no regulation speaks of it. A form
    that is sent with ``take_unicode`` is filled with the readings and waits to be sent again.
    """

    charset_article = ""
    take_unicode = "take_unicode"

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        # By field: the words in Unicode. Filled while the form is checked.
        self.readings: dict[str, str] = {}
        self.was_taken = False

    def full_clean(self) -> None:
        if self.is_bound and self.take_unicode in self.data:
            self._take()
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, (charset, reading) in self._legacy().items():
            self.readings[name] = reading
            # The one thing to say of such a field: no other check could read it.
            self.errors.pop(name, None)
            self.add_error(name, self._sentence(charset, reading))
        if self.was_taken:
            self.add_error(None, _("Đã chuyển sang Unicode. Xem lại rồi lưu."))
        return values

    def _legacy(self) -> dict[str, tuple[Charset, str]]:
        """Fields whose text is of an old font, as it was sent: cleaning would take letters away."""
        found = {}
        for name, field in self.fields.items():
            typed = self.data.get(self.add_prefix(name))
            if isinstance(field, forms.CharField) and isinstance(typed, str) and not field.disabled:
                charset = legacy_charset(typed)
                if charset:
                    found[name] = (charset, to_unicode(typed, charset))
        return found

    def _take(self) -> None:
        readings = {
            self.add_prefix(name): reading for name, (_old, reading) in self._legacy().items()
        }
        if readings:
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            for name, reading in readings.items():
                data[name] = reading
            self.data, self.was_taken = data, True

    def _sentence(self, charset: Charset, reading: str) -> str:
        words = {
            "tcvn3": _(
                "Chữ gõ bằng phông TCVN3 (.VnTime), không phải phông chữ tiếng Việt Unicode theo "
                "TCVN 6909:2001. Đọc là: “%(reading)s”."
            ),
            "vni": _(
                "Chữ gõ bằng phông VNI, không phải phông chữ tiếng Việt Unicode theo "
                "TCVN 6909:2001. Đọc là: “%(reading)s”."
            ),
        }
        said = words[charset] % {"reading": reading}
        return f"{said} ({self.charset_article})" if self.charset_article else said


class WordsField(forms.CharField):
    """Words of an opinion, a directive, a reason: clean, with their line breaks."""

    LONGEST = 4000

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", self.LONGEST)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "", lines=True)
