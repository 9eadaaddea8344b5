"""What part of a register is meant."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, own_words
from outgoing.entries import Span


class SpanForm(forms.Form):
    """Days of a register."""

    since = DayField(label=gettext_lazy("Từ ngày"), required=False)
    until = DayField(label=gettext_lazy("Đến ngày"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own_words(self.fields)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("Ngày cuối đứng trước ngày đầu."))
        return values

    def span(self) -> Span:
        """The days, as far as they were typed rightly."""
        if not self.is_valid():
            return Span()
        return Span(self.cleaned_data["since"], self.cleaned_data["until"])
