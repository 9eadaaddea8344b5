"""The issued document with which work ends: chosen from what lies in the dossier."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from dossiers.models import Dossier, Item


class IssuedField(forms.ModelChoiceField):
    """Files and documents of the dossier that the agency may have issued; none is a choice."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Văn bản đã ban hành"), queryset=Item.objects.none(), required=False
        )

    def offer(self, actor: Actor, dossier: Dossier) -> None:
        """Fill in what the reader may choose."""
        rows = dossier.items.visible_to(actor).with_content().issuable()
        self.queryset = rows.order_by("-ordinal")
        self.empty_label = _("Không ban hành văn bản")

    def label_from_instance(self, obj: Any) -> str:
        if obj.document is None:
            return str(obj.attachment.file_name)
        said = ", ".join(part for part in (obj.document.code, obj.document.subject) if part)
        return said[:120]
