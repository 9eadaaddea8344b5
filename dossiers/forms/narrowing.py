"""What narrows the list of dossiers."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import own_words
from dossiers.choices import State
from dossiers.forms.fields import LineField
from dossiers.listing import LATENESS


class ListForm(forms.Form):
    """Words, state, year, lateness, and whether tasks or dossiers are meant."""

    q = LineField(label=_("Tìm trong danh sách"), longest=200, required=False)
    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=[("", _("Mọi trạng thái")), *State.choices],
    )
    year = forms.IntegerField(label=_("Năm"), required=False, min_value=1900, max_value=2100)
    lateness = forms.ChoiceField(
        label=_("Thời hạn"), required=False, choices=[("", _("Mọi thời hạn")), *LATENESS]
    )
    kind = forms.ChoiceField(
        label=_("Loại"),
        required=False,
        choices=[
            ("", _("Hồ sơ và việc được giao")),
            ("dossier", _("Hồ sơ")),
            ("task", _("Việc được giao")),
        ],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="list-%s")
        own_words(self.fields)
        self.fields["q"].widget.attrs["placeholder"] = _("Tiêu đề, mã hồ sơ")
        self.fields["year"].widget.attrs |= {"inputmode": "numeric"}

    def asked(self) -> dict[str, Any]:
        """What was filled in rightly; a field with a mistake in it narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}

    def chosen(self) -> list[dict[str, str]]:
        """What narrows the list now, in words: {name, label, value}."""
        found = []
        for name, value in self.asked().items():
            field, words = self.fields[name], str(value)
            if isinstance(field, forms.ChoiceField):
                labels: Any = field.choices
                words = str(dict(labels)[value])
            elif name == "q":
                words = gettext("“%(words)s”") % {"words": value}
            found.append({"name": name, "label": str(field.label), "value": words})
        return found

    def query(self) -> str:
        """The query of an address that narrows just so; what narrows nothing is left out."""
        return urlencode(self.asked())
