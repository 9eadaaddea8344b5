"""What narrows the book; every filter works on a queryset of Document."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Unit
from core.text import clean
from documents.catalogue import type_choices
from documents.choices import AssignmentRole, AssignmentState
from documents.models import Document
from incoming.choices import State
from incoming.models import Assignment

# A document stands in the book from its registering on.
_STATES = [one for one in State.choices if one[0] not in (State.RECEIVED, State.REFUSED)]
_DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class _DayField(forms.DateField):
    """A day as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"data-date": "", "inputmode": "numeric", "placeholder": _("ngày/tháng/năm")}
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
    unit = django_filters.ModelChoiceFilter(
        label=_("Đơn vị chủ trì"),
        empty_label=_("Mọi đơn vị"),
        queryset=Unit.objects.none(),
        method="led_by",
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
        self, data: Any, *, units: QuerySet[Unit] | None, own_types: Sequence[str]
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
            self.filters["unit"].extra["queryset"] = units
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
        words = clean(value).split()
        found = rows.matching(value)  # type: ignore[attr-defined]
        same = Q()
        for word in words:
            same &= Q(organ_name__icontains=word)
        return found.filter(same) if not value.isascii() else found

    def led_by(self, rows: QuerySet, name: str, value: Unit) -> QuerySet:
        leads = Assignment.objects.filter(
            document_id=OuterRef("pk"),
            unit=value,
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
            elif isinstance(field, forms.ModelChoiceField):
                words = str(value)
            elif isinstance(field, forms.ChoiceField):
                words = str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
            else:
                words = gettext("“%(words)s”") % {"words": value}
            found.append({"name": name, "label": str(field.label), "value": words})
        return found
