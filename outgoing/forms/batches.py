"""What is asked once for many documents: the key and its PIN."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core.forms import own_words
from documents.forms.lines import OfficeForm
from outgoing.choices import Verb
from signatures.choices import LONGEST_PIN, OURS
from signatures.models import SigningKey


class BatchForm(OfficeForm):
    """Numbering asks for nothing."""

    entry_token = forms.UUIDField(widget=forms.HiddenInput)
    key = forms.ModelChoiceField(
        label=gettext_lazy("Chứng thư số"), queryset=SigningKey.objects.none(), empty_label=None
    )
    pin = forms.CharField(
        label=gettext_lazy("Mã PIN"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        max_length=LONGEST_PIN,
        strip=False,
    )

    def __init__(self, actor: Actor, verb: Verb, data: Any, *, token: UUID) -> None:
        self.actor = actor
        super().__init__(data, auto_id="do-%s", initial={"entry_token": token})
        if verb == Verb.NUMBER:
            del self.fields["key"], self.fields["pin"]
            return
        whose: dict[str, Any] = (
            {"owner": actor.user} if verb == Verb.SIGN else {"agency": actor.agency}
        )
        keys = SigningKey.objects.active().of(**whose).filter(back_end__in=OURS)
        fields: Any = self.fields
        fields["key"].queryset = keys
        self.initial["key"] = keys.first()
        own_words(
            self.fields,
            key=gettext_lazy("Chưa có chứng thư số nào dùng được ở đây."),
            pin=gettext_lazy("Nhập mã PIN của chứng thư số."),
        )

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of ``batching.start``."""
        return dict(self.cleaned_data)
