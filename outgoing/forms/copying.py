"""Sao văn bản: in which form, which pages, and what for."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refusal
from core.forms import WordsField
from core.text import clean
from documents.forms.lines import VerbForm
from outgoing import rules
from outgoing.actions.copying import page_total, read_pages
from outgoing.excerpts import LONGEST
from signatures.choices import Copy


class CopyForm(VerbForm):
    """The forms that this document may be copied in; of an excerpt whole pages, or a part with
    its words."""

    entry_token = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=gettext_lazy("Hình thức sao"), widget=forms.RadioSelect)
    pages = forms.CharField(
        label=gettext_lazy("Các trang trích sao"), required=False, max_length=100
    )
    part = forms.CharField(label=gettext_lazy("Phần trích sao"), required=False, max_length=200)
    excerpt = WordsField(
        label=gettext_lazy("Nguyên văn phần trích"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    empty: ClassVar[dict[str, Promise]] = {"kind": gettext_lazy("Chọn hình thức sao.")}
    field_order = ("entry_token", "kind", "pages", "part", "excerpt", "text")

    def prepare(self) -> None:
        fields: Any = self.fields
        offered = rules.forms_of(self.document)
        self.page_total = page_total(self.document)
        said = {
            Copy.WHOLE: _("Sao y: sao đầy đủ bản gốc hoặc bản chính"),
            Copy.AGAIN: _("Sao lục: sao đầy đủ bản sao y"),
            Copy.PART: _("Trích sao: sao một số trang, hoặc một phần ghi bằng chữ"),
        }
        fields["kind"].choices = [(one.value, said[one]) for one in offered]
        fields["pages"].help_text = _("Như 1, 3-4. Văn bản có %(count)d trang.") % {
            "count": self.page_total
        }
        fields["part"].help_text = _("Như khoản 2 Điều 5; để trống khi trích sao cả trang.")
        fields["excerpt"].help_text = _(
            "Chép đúng chữ của bản gốc; chỗ bỏ bớt ghi […]. In theo thể thức của bản gốc."
        )
        if self.page_total < 2:
            del fields["pages"]  # of one page a part is words
        if Copy.PART not in offered:
            for name in {"pages", "part", "excerpt"} & set(fields):
                del fields[name]
        fields["text"].label = _("Ghi chú: sao để làm gì, cho ai")
        self.initial = {"entry_token": uuid4(), **({"kind": offered[0]} if offered else {})}

    def clean_pages(self) -> str:
        """Read for an excerpt only."""
        typed = str(self.cleaned_data["pages"])
        is_part = self.cleaned_data.get("kind") == Copy.PART
        if not is_part or (not typed.strip() and clean(self.data.get("excerpt", ""))):
            return ""
        try:
            read_pages(typed, self.page_total)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from refusal
        return typed

    def clean(self) -> dict[str, Any]:
        """Pages, or a part with its words: not both, and not one without the other."""
        values = super().clean() or {}
        if values.get("kind") != Copy.PART:
            values.update({"part": "", "excerpt": ""})
            return values
        values["part"] = clean(values.get("part", ""))
        if values["excerpt"] and values.get("pages"):
            self.add_error("pages", _("Trích sao theo trang hoặc theo chữ, chọn một cách."))
        if values["excerpt"] and not values["part"]:
            self.add_error("part", _("Ghi phần được trích, như khoản 2 Điều 5."))
        if not values["excerpt"] and (values["part"] or "pages" not in self.fields):
            self.add_error("excerpt", _("Chép nguyên văn phần được trích."))
        return values

    @property
    def making(self) -> dict[str, str]:
        """What its file is made by."""
        names = ("kind", "pages", "part", "excerpt")
        return {name: self.cleaned_data.get(name, "") for name in names}

    def arguments(self) -> dict[str, Any]:
        return {"token": self.cleaned_data["entry_token"], "text": self.cleaned_data["text"]}
