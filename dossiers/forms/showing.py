"""Which documents of the dossier those who are given the work may read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from documents.models import Document
from dossiers import showing
from dossiers.models import Dossier


class DocumentsField(forms.MultipleChoiceField):
    """One tick for each document; what it was opened from is ticked."""

    def __init__(self, documents: Sequence[Document]) -> None:
        super().__init__(
            label=gettext_lazy("Cho người được giao đọc văn bản"),
            help_text=gettext_lazy("Chỉ gửi đến người chủ trì, phối hợp chưa mở được văn bản."),
            required=False,
            choices=[(str(one.pk), _named(one)) for one in documents],
            widget=forms.CheckboxSelectMultiple,
        )
        self.documents = {str(one.pk): one for one in documents}

    def clean(self, value: Any) -> list[Document]:
        return [self.documents[key] for key in super().clean(value)]


def _named(document: Document) -> str:
    return ", ".join(part for part in (document.code, document.subject) if part)[:150]


def offer(form: Any, actor: Actor, dossier: Dossier | None, source: Document | None = None) -> None:
    """Put the field into a form of lines, where there is something to read."""
    if dossier is not None:
        documents, first = showing.shareable(actor, dossier), showing.opened_from(dossier)
    else:
        documents = showing.may_show(actor, [source]) if source else []
        first = source.pk if source else None
    if documents:
        form.fields["documents"] = DocumentsField(documents)
        form.initial["documents"] = [str(first)] if first else []
