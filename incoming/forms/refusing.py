"""Why a document is not registered: what the clerk chooses, and may add."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core.forms import own_words
from documents.forms.lines import OfficeForm
from incoming.choices import RefusalReason
from incoming.forms.entry import LineField, gate_choices


class RefuseForm(OfficeForm):
    """Why a document is not registered."""

    reason = forms.ChoiceField(label=gettext_lazy("Lý do"), widget=forms.RadioSelect)
    text = LineField(
        label=gettext_lazy("Ghi thêm"),
        longest=500,
        counted=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        actor: Actor,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        self.actor = actor
        super().__init__(data, initial=initial)
        own_words(self.fields, reason=_("Chọn lý do từ chối."))
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            (_("Trả lại nơi gửi"), refusal_choices(actor)),
            (_("Không được đưa lên hệ thống"), gate_choices(actor)),
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("reason") == RefusalReason.OTHER and not values.get("text"):
            self.add_error("text", _("Ghi rõ lý do."))
        return values

    def let_in(self) -> None:
        """As everywhere; but of a forbidden document no word is kept, so none is asked about."""
        if self.cleaned_data["reason"] not in self.actor.agency.regulation.gate:
            super().let_in()


def refusal_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Why a document is returned; that it must be signed only where a regulation says so."""
    signed = actor.agency.regulation.signed_kinds
    return [
        (code, label)
        for code, label in RefusalReason.choices
        if signed or code != RefusalReason.UNSIGNED
    ]
