"""What a form says when a field is wrong: our own sentences in place of the framework's."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "required": _("Chưa điền ô này."),
    "invalid": _("Giá trị không đúng, xem lại."),
    "invalid_choice": _("Chọn một mục trong danh sách."),
    "invalid_list": _("Chọn các mục trong danh sách."),
    "max_length": _("Dài quá %(limit_value)d ký tự, bớt đi."),
    "null_characters_not_allowed": _("Có ký tự không đọc được, xóa rồi gõ lại."),
}


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
