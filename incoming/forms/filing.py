"""Into which dossier what is ended goes: chosen among those that are offered, or called by code."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.forms.lines import OfficeForm
from documents.models import Document
from dossiers.filing import dossier_called, names_others
from dossiers.models import Dossier


class CodeField(forms.CharField):
    """A dossier's code, or its notation."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "size": 40}))
        super().__init__(required=False, **kwargs)


class IntoDossier(OfficeForm):
    """A form with a list of dossiers, and a code for one that the list does not have.

    Offered, never chosen for anybody. A field of which nothing could come is left out.
    """

    # The two fields, which the form declares.
    into: ClassVar[tuple[str, str]] = ("dossier", "code")

    def offer_dossiers(
        self,
        actor: Actor,
        offered: Mapping[str, tuple[Dossier, str]],
        document: Document | None = None,
    ) -> None:
        """``offered``: by the value in the form, each with what it is called in the list."""
        chosen, called = self.into
        self._of, self._about, self._offered = actor, document, offered
        self._called: Dossier | None = None
        if offered:
            named = [(key, name) for key, (_one, name) in offered.items()]
            none = ("", _("Chưa đưa vào hồ sơ nào"))
            self.fields[chosen].choices = [none, *named]  # type: ignore[attr-defined]
        else:
            del self.fields[chosen]
        if names_others(actor, len(offered)):
            self.fields[called].label = _("Mã hồ sơ khác") if offered else _("Mã hồ sơ")
        else:
            del self.fields[called]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen, called = self.into
        if values.get(called) and values.get(chosen):
            self.add_error(called, _("Chọn một hồ sơ trong danh sách, hoặc ghi mã hồ sơ khác."))
        elif values.get(called):
            try:
                self._called = dossier_called(self._of, values[called], self._about)
            except Refusal as refused:
                self.add_error(called, refused.message)
        return values

    @property
    def dossier_chosen(self) -> Dossier | None:
        """The one into which it goes."""
        if self._called is not None:
            return self._called
        found = self._offered.get(self.cleaned_data.get(self.into[0]) or "")
        return found[0] if found else None
