"""What narrows the book; every filter works on a queryset of Document."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import own_words
from core.text import fold
from documents.catalogue import type_choices
from documents.choices import AssignmentRole, AssignmentState
from documents.models import Document
from incoming.choices import State
from incoming.models import Assignment

# A document stands in the book from its registering on.
_STATES = [one for one in State.choices if one[0] not in (State.RECEIVED, State.REFUSED)]
_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


# Letters that fold to one: "o" stands for ò, Ơ, ộ and so on.
_MARKED: dict[str, str] = {}
for _letter in map(chr, (*range(ord("A"), ord("z") + 1), *range(0xC0, 0x1EFA))):
    if len(_folded := fold(_letter)) == 1:
        _MARKED[_folded] = _MARKED.get(_folded, "") + _letter


def _without_marks(word: str) -> str:
    """A pattern of a folded word in any case and with any marks."""
    return "".join(f"[{_MARKED.get(letter, letter)}]" for letter in word)


class _DayField(forms.DateField):
    """A day as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"data-date": "", "inputmode": "numeric", "placeholder": _("nn/tt/nnnn")}
        widget = forms.DateInput(format="%d/%m/%Y", attrs=attrs)
        super().__init__(
            **kwargs | {"input_formats": _DAYS, "widget": widget},
            error_messages={"invalid": _("Ghi ngày như 05/11/2024.")},
        )


class _DayFilter(django_filters.Filter):
    field_class = _DayField


class BookFilter(django_filters.FilterSet):
    """The fields above the list; the unit only for those who see the whole agency."""

    q = django_filters.CharFilter(label=_("Tìm trong danh sách"), method="find")
    organ_name = django_filters.CharFilter(label=_("Cơ quan ban hành"), method="issued_by")
    type_name = django_filters.ChoiceFilter(label=_("Loại văn bản"), empty_label=_("Mọi loại"))
    unit = django_filters.ChoiceFilter(
        label=_("Đơn vị chủ trì"), empty_label=_("Mọi đơn vị"), method="led_by"
    )
    state = django_filters.ChoiceFilter(
        label=_("Trạng thái"), empty_label=_("Mọi trạng thái"), choices=_STATES
    )
    since = _DayFilter(label=_("Đến từ ngày"), field_name="day", lookup_expr="gte")
    until = _DayFilter(label=_("Đến hết ngày"), field_name="day", lookup_expr="lte")

    class Meta:
        model = Document
        fields = ()

    def __init__(
        self, data: Any, *, units: Sequence[tuple[int, str]] | None, own_types: Sequence[str]
    ) -> None:
        super().__init__(data, queryset=Document.objects.none())
        known = type_choices()
        names = {name for name, _label in known}
        self.filters["type_name"].extra["choices"] = [
            *known,
            *((name, name) for name in own_types if name not in names),
        ]
        if units is None:
            del self.filters["unit"]
        else:
            self.filters["unit"].extra["choices"] = units
        own_words(self.form.fields)
        for name, hint in (
            ("q", _("Trích yếu, số ký hiệu, người ký")),
            ("organ_name", _("Mọi cơ quan")),
        ):
            self.form.fields[name].widget.attrs["placeholder"] = hint
        # The frame's own search stands on every page under the same name.
        self.form.fields["q"].widget.attrs["id"] = "book-q"

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Those that pass what was filled in; a field with a mistake in it narrows nothing."""
        self.form.is_valid()
        return self.filter_queryset(rows)

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.matching(value)  # type: ignore[attr-defined]

    def issued_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        # The folded text has an index, the name itself has not.
        found = rows.matching(value)  # type: ignore[attr-defined]
        for word in fold(value).split():
            found = found.filter(organ_name__regex=_without_marks(word))
        return found

    def led_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        leads = Assignment.objects.filter(
            document_id=OuterRef("pk"),
            unit_id=value,
            role=AssignmentRole.LEAD,
            parent__isnull=True,
        ).exclude(state=AssignmentState.SENT_BACK)
        return rows.filter(Exists(leads))

    def chosen(self) -> list[dict[str, str]]:
        """What narrows the list now, in words: {name, label, value}."""
        self.form.is_valid()
        found = []
        for name, value in self.form.cleaned_data.items():
            if value in (None, ""):
                continue
            field = self.form.fields[name]
            if isinstance(value, date):
                words = f"{value:%d/%m/%Y}"
            elif isinstance(field, forms.ChoiceField):
                shown = dict(field.choices)  # type: ignore[arg-type]
                words = next(str(text) for key, text in shown.items() if str(key) == value)
            else:
                words = gettext("“%(words)s”") % {"words": value}
            found.append({"name": name, "label": str(field.label), "value": words})
        return found
