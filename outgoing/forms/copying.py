"""Sao văn bản: in which form, which pages, and what for."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refusal
from documents.forms.lines import VerbForm
from outgoing import rules
from outgoing.actions.copying import page_total, read_pages
from signatures.choices import Copy


class CopyForm(VerbForm):
    """The forms that this document may be copied in; pages for an excerpt only."""

    entry_token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Hình thức sao"), widget=forms.RadioSelect)
    pages = forms.CharField(
        label=gettext_lazy("Các trang trích sao"), required=False, max_length=100
    )
    empty: ClassVar[dict[str, Promise]] = {"kind": gettext_lazy("Chọn hình thức sao.")}
    field_order = ("entry_token", "kind", "pages", "text")

    def prepare(self) -> None:
        fields: Any = self.fields
        offered = rules.forms_of(self.document)
        self.page_total = page_total(self.document)
        if self.page_total < 2:
            offered = [one for one in offered if one != Copy.PART]
        said = {
            Copy.WHOLE: _("Sao y: sao đầy đủ bản gốc hoặc bản chính"),
            Copy.AGAIN: _("Sao lục: sao đầy đủ bản sao y"),
            Copy.PART: _("Trích sao: sao một số trang"),
        }
        fields["kind"].choices = [(one.value, said[one]) for one in offered]
        fields["pages"].help_text = _("Như 1, 3-4. Văn bản có %(count)d trang.") % {
            "count": self.page_total
        }
        if Copy.PART not in offered:
            del fields["pages"]
        fields["text"].label = _("Ghi chú: sao để làm gì, cho ai")
        self.initial = {"entry_token": uuid4(), **({"kind": offered[0]} if offered else {})}

    def clean_pages(self) -> str:
        """Read for an excerpt only."""
        typed = str(self.cleaned_data["pages"])
        if self.cleaned_data.get("kind") != Copy.PART:
            return ""
        try:
            read_pages(typed, self.page_total)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return typed

    @property
    def making(self) -> dict[str, str]:
        """What its file is made by."""
        return {"kind": self.cleaned_data["kind"], "pages": self.cleaned_data.get("pages", "")}

    def arguments(self) -> dict[str, Any]:
        return {"token": self.cleaned_data["entry_token"], "text": self.cleaned_data["text"]}
