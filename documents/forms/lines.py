"""What the forms of verbs share: words, whom one may choose, the lines of a distribution."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Unit, User
from core import clock
from core.forms import DayField, UnicodeForm, WordsField, own_words
from core.text import small_number
from documents import gate
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.models import Matter
from documents.offering import canned_directives

COORDINATORS = 3  # rows offered at first


class DueField(DayField):
    """A deadline: a year mistyped is told from one that is meant."""

    years = 5

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > clock.today() + timedelta(days=366 * self.years):
            raise ValidationError(
                _("Thời hạn xa hơn %(years)d năm; kiểm tra lại năm.") % {"years": self.years}
            )


class OfficeForm(UnicodeForm):
    """A form of the office: what people type is Unicode (Kon Tum Điều 3.1; Bình Định Điều 7.3)."""

    actor: Actor

    @property
    def charset_article(self) -> str:  # type: ignore[override]
        """The article of the agency's regulation, where it has one."""
        charset = self.actor.agency.regulation.charset
        return charset.article if charset else ""

    @property
    def answered(self) -> str | None:
        """What was answered for in this form: None where nothing was (``documents.gate``)."""
        return self.data.get("looked", "")[:4000] if self.data.get("not_forbidden") else None

    def let_in(self) -> None:
        """Look through all that was typed freely for what may not enter, before the verb.

        Raises gate.Asked, which the page shows with parts/looked.html inside of its form, and
        gate.Forbidden for the mark of a secret (Kon Tum Điều 4.1); the form keeps what was typed.
        """
        gate.let_words_in(self.actor.agency.regulation, self.typed(), self.answered)

    def typed(self) -> list[str]:
        """All that was typed freely, as it was read."""
        typed = [
            self.cleaned_data.get(name)
            for name, field in self.fields.items()
            if isinstance(field, forms.CharField)
            and not isinstance(field.widget, (forms.HiddenInput, forms.PasswordInput))
        ]
        return [one for one in typed if isinstance(one, str)]


@dataclass(frozen=True)
class Target:
    """A unit, or a person in a unit, that can be asked."""

    unit: Unit
    person: User | None = None

    @property
    def key(self) -> str:
        """The value in the form."""
        return f"p{self.person.pk}.{self.unit.pk}" if self.person else f"u{self.unit.pk}"


class Targets:
    """Whom the actor may choose: read once for all fields of a form."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor

    @cached_property
    def units(self) -> list[Target]:
        """The units of the agency that work is given to; its leadership is none of them."""
        led = {one.unit.pk for one in self.held if one.role == Role.LEADER}
        return [
            Target(unit)
            for unit in Unit.objects.filter(agency=self.actor.agency, is_active=True)
            if unit.pk not in led
        ]

    @cached_property
    def held(self) -> list[Appointment]:
        """Appointments of the agency in force, people in Vietnamese order."""
        return list(
            Appointment.objects.in_force(clock.today())
            .filter(unit__agency=self.actor.agency)
            .exclude(role=Role.AGENCY_ADMIN)
            .select_related("unit", "user")
            .order_by("unit__ordinal", "user__name_key", "pk")
        )

    def people(self, units: set[int] | None = None, *, myself: bool = False) -> list[Target]:
        """People of these units (of all without); the actor only if ``myself``."""
        return [
            Target(one.unit, one.user)
            for one in self.held
            if (units is None or one.unit.pk in units)
            and (myself or one.user.pk != self.actor.user.pk)
        ]

    def leaders(self) -> list[Appointment]:
        """The agency's leaders."""
        return [one for one in self.held if one.role == Role.LEADER]

    def named(self, offered: Iterable[Target]) -> list[tuple[str, str]]:
        """Choices of a list to tick: units by their name, people with their unit."""
        return [
            (
                one.key,
                f"{one.person.full_name}, {one.unit.short_name}" if one.person else one.unit.name,
            )
            for one in offered
        ]

    def titles(self) -> dict[tuple[int, int], str]:
        """Title of each person in each unit."""
        return {(one.user.pk, one.unit.pk): one.title for one in self.held}


class VerbForm(OfficeForm):
    """The form of a verb; ``arguments`` are what its action takes after actor and document."""

    text = WordsField(label=gettext_lazy("Ý kiến"), required=False)
    needs_text = False
    # What is said when a field is empty.
    empty: ClassVar[dict[str, Promise]] = {}

    def __init__(self, actor: Actor, document: Matter | None, data: Any = None) -> None:
        self.actor = actor
        # Each kind's forms ask it what only that kind has.
        self.document: Any = document
        self.targets = Targets(actor)
        super().__init__(data, auto_id="do-%s")
        self.fields["text"].required = self.needs_text
        self.prepare()
        own_words(self.fields, **self.empty)

    def prepare(self) -> None:
        """Fill choices and first values."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the action."""
        return {"text": self.cleaned_data["text"]}


class LinesForm(VerbForm):
    """One lead, some coordinators, each with words and a day; some who should know."""

    informs = True
    # Lines of coordinators that are offered at first, and added at once.
    helpers = COORDINATORS
    # Without a lead the first line is left out: one leads already.
    leads = True

    def prepare(self) -> None:
        offered = self.offered()
        self.found = {target.key: target for target in offered}
        titles = self.targets.titles()
        units = [(one.key, one.unit.name) for one in offered if one.person is None]
        people = [
            (
                one.key,
                f"{one.person.full_name}, {titles.get((one.person.pk, one.unit.pk), one.unit)}",
            )
            for one in offered
            if one.person is not None
        ]
        groups = [(_("Đơn vị"), units), (_("Người"), people)]
        choices: list[Any] = [("", "—"), *[group for group in groups if group[1]]]
        first = self.first_lines()
        count = self.data.get("rows", "") if self.is_bound else ""
        offered_rows = max(1 + self.helpers, len(first))
        self.row_count = min(max(small_number(count, offered_rows), 1), 20)
        if self.is_bound and "more" in self.data:
            self.row_count = min(self.row_count + self.helpers, 20)
        if not self.leads:
            self.row_count = max(self.row_count, 2)
        self.places = range(0 if self.leads else 1, self.row_count)
        self.fields["text"].label = _("Ý kiến chung")
        for place in self.places:
            self.fields[f"who-{place}"] = forms.ChoiceField(
                label=_("Phối hợp") if place else _("Chủ trì"), choices=choices, required=False
            )
            self.fields[f"directive-{place}"] = WordsField(
                label=_("Nội dung giao"),
                max_length=1000,
                required=False,
                widget=forms.TextInput(attrs={"list": "directives", "autocomplete": "off"}),
            )
            self.fields[f"due_date-{place}"] = DueField(label=_("Hạn"), required=False)
        if self.informs:
            self.fields["inform"] = forms.MultipleChoiceField(
                label=_("Để biết"),
                choices=[*units, *people],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

        self.initial = self._as_initial(first)

    def offered(self) -> list[Target]:
        """Whom the actor may ask."""
        return self.targets.units + self.targets.people({self.actor.unit.pk})

    def first_lines(self) -> list[Line]:
        """The lines that stand there at first."""
        return []

    def _as_initial(self, lines: list[Line]) -> dict[str, Any]:
        """The lead in the first line, the others after it; the informed ticked."""
        values: dict[str, Any] = {"inform": []}
        place = 0
        for line in lines:
            key = Target(line.unit, line.person).key
            if key not in self.found:
                continue  # has left since
            if line.role == AssignmentRole.INFORM:
                values["inform"].append(key)
                continue
            here = 0 if line.role == AssignmentRole.LEAD else (place := place + 1)
            values |= {
                f"who-{here}": key,
                f"directive-{here}": line.directive,
                f"due_date-{here}": line.due_date,
            }
        return values

    @cached_property
    def directives(self) -> list[str]:
        """What the agency often writes: offered beside the fields."""
        return canned_directives(self.actor.agency)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The bound fields, line by line."""
        return [
            {
                "who": self[f"who-{n}"],
                "directive": self[f"directive-{n}"],
                "due": self[f"due_date-{n}"],
            }
            for n in self.places
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place in self.places:
            who = values.get(f"who-{place}")
            if not who and (values.get(f"directive-{place}") or values.get(f"due_date-{place}")):
                self.add_error(f"who-{place}", _("Chọn đơn vị hoặc người cho dòng này."))
        return values

    def lines(self) -> list[Line]:
        """The lines that were filled in."""
        values, lines = self.cleaned_data, []
        for place in self.places:
            if key := values[f"who-{place}"]:
                target = self.found[key]
                lines.append(
                    Line(
                        AssignmentRole.COORDINATE if place else AssignmentRole.LEAD,
                        target.unit,
                        target.person,
                        values[f"directive-{place}"],
                        values[f"due_date-{place}"],
                    )
                )
        for key in values.get("inform", []):
            target = self.found[key]
            lines.append(Line(AssignmentRole.INFORM, target.unit, target.person))
        return lines

    def arguments(self) -> dict[str, Any]:
        return {"lines": self.lines(), "text": self.cleaned_data["text"]}
