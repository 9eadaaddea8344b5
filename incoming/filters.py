"""What narrows a list of documents; every filter works on a queryset of Document."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Agency, Appointment, Unit, User
from core import clock
from core.forms import DayField, own_words
from core.text import clean, fold
from documents.calendar import office_calendar
from documents.catalogue import type_choices
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, Priority
from documents.issuers import issuers_of
from documents.marks import terms
from documents.models import Assignment, Document, DocumentType
from documents.querysets import OPEN_STATES
from dossiers.models import Item
from incoming.choices import Channel, State

# A document stands in the book from its registering on.
_STATES = [one for one in State.choices if one[0] not in (State.RECEIVED, State.REFUSED)]
_NUMBER = re.compile(r"(so den |den |so )?(\d{1,7})")
_URGENT = "urgent"
Choice = tuple[int, str]
_LATENESS = (
    ("late", _("Quá hạn")),
    ("today", _("Hạn hôm nay")),
    ("week", _("Hạn tuần này")),
    ("none", _("Không hạn")),
)


# Letters that fold to one: "o" stands for ò, Ơ, ộ and so on.
_MARKED: dict[str, str] = {}
for _letter in map(chr, (*range(ord("A"), ord("z") + 1), *range(0xC0, 0x1EFA))):
    if len(_folded := fold(_letter)) == 1:
        _MARKED[_folded] = _MARKED.get(_folded, "") + _letter


def _without_marks(word: str) -> str:
    """A pattern of a folded word in any case and with any marks."""
    return "".join(f"[{_MARKED.get(letter, letter)}]" for letter in word)


def arrival_number(typed: str) -> int | None:
    """The số đến that was typed, if nothing else was: "15", "số đến 15"."""
    number = _NUMBER.fullmatch(fold(typed))
    return int(number[2]) if number else None


def lateness(code: str) -> Q:
    """Open documents that are "late", due "today" or this "week", or have no deadline ("none")."""
    today, calendar = clock.today(), office_calendar()
    late = calendar.late_until(today)
    running = Q(state__in=OPEN_STATES)
    if code == "none":
        return running & Q(due_date__isnull=True)
    if code == "late":
        return running & Q(due_date__lte=late)
    if code == "week":
        return running & Q(due_date__gt=late, due_date__lte=calendar.week_until(today))
    if not calendar.is_working_day(today):
        return Q(pk__isnull=True)  # what falls on a day off closes on the next working day
    return running & Q(due_date__gt=late, due_date__lte=today)


class _WordsField(forms.CharField):
    """Words as people type or paste them: what draws nothing is no part of them."""

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class _Words(django_filters.CharFilter):
    field_class = _WordsField


class _DayFilter(django_filters.Filter):
    field_class = DayField


class Offered:
    """What the choices of the filters offer to a reader: types, units, people.

    Of the agency's order, never of its documents: nothing here changes with a document.
    """

    def __init__(
        self,
        types: Sequence[str] = (),
        units: Sequence[Choice] | None = None,
        people: Sequence[Choice] = (),
        agency_id: int | None = None,
    ) -> None:
        self.types, self.units, self.people = types, units, people
        self.agency_id = agency_id

    @classmethod
    def read(cls, actor: Actor) -> "Offered":
        """What is offered to the actor, by a query of its own."""
        row = Agency.objects.filter(pk=actor.agency.pk).values(**cls.asked(actor)).get()
        return cls.of(dict(row))

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Offered":
        """From a row that was read with the columns of ``asked``."""
        pairs = {
            name: None if row[name] is None else [(one["pk"], one["name"]) for one in row[name]]
            for name in ("offered_units", "offered_people")
        }
        people = pairs["offered_people"] or ()
        return cls(row["more_types"], pairs["offered_units"], people, row["agency_key"])

    @staticmethod
    def asked(actor: Actor) -> dict[str, Any]:
        """Columns for a query of the actor's agency, so that one query brings it all."""
        own = DocumentType.objects.filter(agency=actor.agency, is_active=True)
        # By the appointments of all times: who has left is still found in what he did.
        held = Appointment.objects.filter(unit__agency=actor.agency)
        if not actor.sees_whole_agency:
            held = held.filter(unit__in=[one.unit_id for one in actor.appointments])
        people = User.objects.filter(pk__in=held.values("user")).by_name()
        units = Unit.objects.filter(agency=actor.agency)
        return {
            "agency_key": F("pk"),
            "more_types": ArraySubquery(own.values("type_name")),
            "offered_people": ArraySubquery(people.values(json=_named("full_name"))),
            "offered_units": ArraySubquery(units.values(json=_named("name")))
            if actor.sees_whole_agency
            else Value(None, output_field=JSONField()),
        }


def _named(field: str) -> JSONObject:
    return JSONObject(pk="pk", name=field)


def _plain(data: Mapping[str, Any]) -> dict[str, str]:
    """One clean value for each name, whatever an address holds."""
    return {name: clean(str(value)) for name, value in data.items()}


def _choice(label: Any, anything: Any, **more: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, empty_label=anything, **more)


def _holding_all(rows: QuerySet, asked: Iterable[str]) -> QuerySet:
    """Documents with all these folded words, and with the phrases among them as they stand."""
    asked = list(asked)
    phrases = [one for one in asked if " " in one]
    words = fold(" ".join(asked)).split()
    found: QuerySet = rows.holding([*words, *phrases])  # type: ignore[attr-defined]
    return found


def _asked_of(**whom: Any) -> Exists:
    """That somebody was asked for something, and did not send it back."""
    asked = Assignment.objects.filter(document_id=OuterRef("pk"), **whom)
    return Exists(asked.exclude(state__in=VOID_ASSIGNMENT))


def _label_of(field: forms.ChoiceField, value: str) -> str:
    shown = dict(field.choices)  # type: ignore[arg-type]
    return next(str(text) for key, text in shown.items() if str(key) == value)


def _suggested_by(url: str) -> dict[str, str]:
    """Attributes of a field that htmx brings suggestions to; without it, it is a plain field."""
    return {
        "list": "issuers",
        "autocomplete": "off",
        "hx-get": url,
        "hx-trigger": "focus once, input changed delay:250ms",
        "hx-target": "#issuers",
        "hx-swap": "innerHTML",
    }


class DocumentFilter(django_filters.FilterSet):
    """The fields above the book and the search; units only for those who see the whole agency.

    A choice that is no longer offered (a unit that has gone, somebody else's link) narrows
    nothing and is named in ``gone``; a day that is no day is an error of its field.
    """

    q = _Words(label=_("Tìm trong danh sách"), method="find")
    organ_name = _Words(label=_("Cơ quan ban hành"), method="issued_by")
    unit = _choice(_("Đơn vị chủ trì"), _("Mọi đơn vị"), method="led_by")
    state = _choice(_("Trạng thái"), _("Mọi trạng thái"), choices=_STATES)
    lateness = _choice(_("Thời hạn"), _("Mọi thời hạn"), choices=_LATENESS, method="due")
    since = _DayFilter(label=_("Đến từ ngày"), field_name="day", lookup_expr="gte")
    until = _DayFilter(label=_("Đến hết ngày"), field_name="day", lookup_expr="lte")
    subject = _Words(label=_("Trích yếu"), method="holding")
    signer_full_name = _Words(label=_("Người ký"), method="holding")
    type_name = _choice(_("Loại văn bản"), _("Mọi loại"))
    priority = _choice(_("Mức độ khẩn"), _("Mọi mức độ"), method="urgent")
    issued_since = _DayFilter(
        label=_("Ban hành từ ngày"), field_name="issued_date", lookup_expr="gte"
    )
    issued_until = _DayFilter(
        label=_("Ban hành hết ngày"), field_name="issued_date", lookup_expr="lte"
    )
    any_unit = _choice(_("Đơn vị tham gia"), _("Mọi đơn vị"), method="with_unit")
    person = _choice(_("Người xử lý"), _("Mọi người"), method="with_person")
    channel = _choice(
        _("Hình thức đến"),
        _("Mọi hình thức"),
        field_name="incomingdocument__channel",
        choices=Channel.choices,
    )

    dossier = _Words(label=_("Nằm trong hồ sơ"), method="in_dossier")

    class Meta:
        model = Document
        fields = ()

    def __init__(
        self,
        data: Mapping[str, str],
        offered: Offered,
        *,
        issuers_url: str = "",
        words_label: Any = None,
        dossiers: QuerySet | None = None,
    ) -> None:
        super().__init__(_plain(data), queryset=Document.objects.none())
        # Those whose documents may be asked for: of others nothing is told.
        self.dossiers = dossiers
        if dossiers is None:
            del self.filters["dossier"]
        known = type_choices()
        names = {name for name, _label in known}
        choices: dict[str, Any] = {
            "type_name": [*known, *((name, name) for name in offered.types if name not in names)],
            "priority": [(_URGENT, _("Mọi mức khẩn")), *Priority.choices],
            "unit": offered.units,
            "any_unit": offered.units,
            "person": offered.people,
        }
        for name, found in choices.items():
            if found is None:
                del self.filters[name]
            else:
                self.filters[name].extra["choices"] = found
        own_words(self.form.fields)
        for name, hint in (
            ("q", _("Trích yếu, số ký hiệu, người ký")),
            ("organ_name", _("Mọi cơ quan")),
            ("dossier", _("Mã, số ký hiệu, tiêu đề")),
        ):
            if name not in self.form.fields:
                continue
            self.form.fields[name].widget.attrs["placeholder"] = hint
        if words_label:
            self.form.fields["q"].label = words_label
        # The frame's own search stands on every page under the same name.
        self.form.fields["q"].widget.attrs["id"] = "book-q"
        if issuers_url:
            self.form.fields["organ_name"].widget.attrs |= _suggested_by(issuers_url)
        self.gone = self._drop_gone()
        self._issuers: dict[str, list[str] | None] = {}
        self._agency_id = offered.agency_id

    def _drop_gone(self) -> list[str]:
        """Empties choices that are not offered; their labels."""
        found = []
        for name, field in self.form.fields.items():
            value = self.data.get(name)
            if isinstance(field, forms.ChoiceField) and value and not field.valid_value(value):
                self.data[name] = ""
                found.append(str(field.label))
        return found

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Those that pass what was filled in; a field with a mistake in it narrows nothing."""
        self.form.is_valid()
        return self.filter_queryset(rows)

    @property
    def typed(self) -> str:
        """What was typed to search for."""
        return str(self.data.get("q", ""))

    @property
    def words(self) -> list[str]:
        """The folded words that the list is searched for."""
        self.form.is_valid()
        value = self.form.cleaned_data.get("q", "")
        number = arrival_number(value)
        return terms(value if number is None else str(number))

    def find(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        number = _NUMBER.fullmatch(fold(value))
        if number and number[1]:
            return rows.filter(number=int(number[2]))
        return _holding_all(rows, terms(value))

    def holding(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        # The folded text has an index, the fields themselves have not.
        asked = terms(value)
        found = _holding_all(rows, asked)
        for word in asked:
            pattern = "[^A-Za-zÀ-ỹ0-9]+".join(map(_without_marks, word.split()))
            found = found.filter(**{f"{name}__regex": pattern})
        return found

    def issued_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """By the names of the agency's issuers: an index finds those, whatever was typed."""
        asked = terms(value)
        if self._agency_id is None or not asked:
            return self.holding(rows, name, value)
        if value not in self._issuers:
            known = issuers_of(self._agency_id)
            self._issuers[value] = (
                None
                if known is None
                else [issuer for issuer in known if all(word in fold(issuer) for word in asked)]
            )
        names = self._issuers[value]
        if names is None:
            return self.holding(rows, name, value)
        return rows.filter(organ_name__in=names)

    def in_dossier(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        """Documents of the dossiers whose code, notation or title holds these words."""
        assert self.dossiers is not None  # noqa: S101 -- else there is no such filter
        found = _holding_all(self.dossiers.order_by(), terms(value))
        inside = Item.objects.filter(document=OuterRef("pk"), dossier__in=found.values("pk"))
        return rows.filter(Exists(inside))

    def due(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(lateness(value))

    def urgent(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == _URGENT:
            return rows.filter(priority__gt=Priority.NORMAL)
        return rows.filter(priority=value)

    def led_by(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(_asked_of(unit_id=value, role=AssignmentRole.LEAD, parent__isnull=True))

    def with_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(_asked_of(unit_id=value))

    def with_person(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(_asked_of(person_id=value))

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
                words = _label_of(field, value)
            else:
                words = gettext("“%(words)s”") % {"words": value}
            found.append({"name": name, "label": str(field.label), "value": words})
        return found

    def query(self, **more: str) -> str:
        """The query of an address that narrows just so; ``more`` comes first, empty ones not."""
        kept = {name: str(self.data[name]) for name in (one["name"] for one in self.chosen())}
        return urlencode({key: value for key, value in (more | kept).items() if value})
