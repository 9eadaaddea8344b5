"""What people type when they do a verb on a document; checked for shape only."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Unit, User
from core import clock
from core.forms import own_words
from core.text import clean, small_number
from documents.choices import AssignmentRole
from incoming.actions import Line
from incoming.choices import Verb
from incoming.forms.entry import DueField, OfficeForm
from incoming.models import CannedDirective, IncomingDocument
from incoming.proposed import agreed_lines, proposed_lines
from incoming.rules import my_assignment

LONGEST = 4000  # letters of an opinion
COORDINATORS = 3  # rows offered at first


class WordsField(forms.CharField):
    """Words of an opinion, a directive, a reason: clean, with their line breaks."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", LONGEST)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "", lines=True)


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

    def people(self, units: set[int] | None = None) -> list[Target]:
        """People of these units (of all without), the actor left out."""
        return [
            Target(one.unit, one.user)
            for one in self.held
            if (units is None or one.unit.pk in units) and one.user.pk != self.actor.user.pk
        ]

    def leaders(self) -> list[Appointment]:
        """The agency's leaders."""
        return [one for one in self.held if one.role == Role.LEADER]

    def titles(self) -> dict[tuple[int, int], str]:
        """Title of each person in each unit."""
        return {(one.user.pk, one.unit.pk): one.title for one in self.held}


class VerbForm(OfficeForm):
    """The form of a verb; ``arguments`` are what its action takes after actor and document."""

    text = WordsField(label=gettext_lazy("Ý kiến"), required=False)
    needs_text = False
    # What is said when a field is empty.
    empty: ClassVar[dict[str, Promise]] = {}

    def __init__(self, actor: Actor, document: IncomingDocument, data: Any = None) -> None:
        self.actor, self.document = actor, document
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


class SubmitForm(VerbForm):
    """Trình."""

    def prepare(self) -> None:
        self.fields["text"].label = _("Lời trình")


class LinesForm(VerbForm):
    """One lead, some coordinators, each with words and a day; some who should know."""

    informs = True

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
        offered_rows = max(1 + COORDINATORS, len(first))
        self.row_count = min(max(small_number(count, offered_rows), 1), 20)
        if self.is_bound and "more" in self.data:
            self.row_count = min(self.row_count + COORDINATORS, 20)
        self.fields["text"].label = _("Ý kiến chung")
        for place in range(self.row_count):
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
        rows = CannedDirective.objects.filter(agency=self.actor.agency, is_active=True)
        return list(rows.values_list("text", flat=True)[:50])

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The bound fields, line by line."""
        return [
            {
                "who": self[f"who-{n}"],
                "directive": self[f"directive-{n}"],
                "due": self[f"due_date-{n}"],
            }
            for n in range(self.row_count)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place in range(self.row_count):
            who = values.get(f"who-{place}")
            if not who and (values.get(f"directive-{place}") or values.get(f"due_date-{place}")):
                self.add_error(f"who-{place}", _("Chọn đơn vị hoặc người cho dòng này."))
        return values

    def lines(self) -> list[Line]:
        """The lines that were filled in."""
        values, lines = self.cleaned_data, []
        for place in range(self.row_count):
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


class DistributeForm(LinesForm):
    """Phân phối: as the leader agreed; the day that the document names is the lead's (11.6a)."""

    def prepare(self) -> None:
        super().prepare()
        due = self.document.due_date
        if due is not None and due >= clock.today():
            self.initial["due_date-0"] = self.initial.get("due_date-0") or due

    def first_lines(self) -> list[Line]:
        return agreed_lines([self.document]).get(self.document.pk, [])


class ProposeForm(LinesForm):
    """Trình lãnh đạo: his words, and if he likes who would do it until when."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "leader": gettext_lazy("Chọn lãnh đạo để trình."),
        "text": gettext_lazy("Ghi ý kiến đề xuất trước khi trình."),
    }
    leader = forms.TypedChoiceField(label=gettext_lazy("Trình"), coerce=int)
    field_order = ("leader", "text")

    def prepare(self) -> None:
        super().prepare()
        self.fields["text"].label = _("Đề xuất ý kiến xử lý")
        self.people = {one.user.pk: one for one in self.targets.leaders()}
        self.fields["leader"].choices = [  # type: ignore[attr-defined]
            (pk, f"{one.user.full_name}, {one.title}") for pk, one in self.people.items()
        ]

    def arguments(self) -> dict[str, Any]:
        leader = self.people[self.cleaned_data["leader"]].user
        return {"leader": leader, **super().arguments()}


# What goes into the record is Vietnamese, in whatever language the leader reads the page.
AGREED = "Đồng ý với đề xuất."
CHANGED = "Đồng ý, phân công có thay đổi."
PHRASES = (
    gettext_noop("Làm ngay."),
    gettext_noop("Báo cáo lại tôi."),
    gettext_noop("Xin ý kiến các đơn vị liên quan."),
    gettext_noop("Trình tôi duyệt trước khi gửi."),
)


class DirectForm(LinesForm):
    """Cho ý kiến chỉ đạo: plain consent, another lead or day, one's own words, short phrases."""

    agree = forms.BooleanField(required=False, widget=forms.HiddenInput)
    phrases = forms.MultipleChoiceField(
        label=gettext_lazy("Câu thường dùng"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def prepare(self) -> None:
        self.proposed = proposed_lines(self.document)
        super().prepare()
        self.fields["text"].label = _("Ý kiến chỉ đạo")
        self.said = self.directives or [str(phrase) for phrase in PHRASES]
        shown = self.directives or [_(phrase) for phrase in PHRASES]
        self.fields["phrases"].choices = [  # type: ignore[attr-defined]
            (str(place), phrase) for place, phrase in enumerate(shown)
        ]

    def offered(self) -> list[Target]:
        """Units, the people of the office, and whoever else was proposed."""
        office = {one.unit.pk for one in self.targets.held if one.unit.is_office}
        found = self.targets.units + self.targets.people(office)
        there = {one.key for one in found}
        proposed = [Target(line.unit, line.person) for line in self.proposed]
        return found + [one for one in proposed if one.key not in there]

    def first_lines(self) -> list[Line]:
        return self.proposed

    def clean(self) -> dict[str, Any]:
        for place in range(self.row_count):
            who = self.cleaned_data.get(f"who-{place}")
            # The words were written for another: whoever is put in his place gets none of them.
            if who != self.initial.get(f"who-{place}"):
                self.cleaned_data[f"directive-{place}"] = ""
            if not who:
                self.cleaned_data[f"due_date-{place}"] = None
        values = super().clean() or {}
        self.was_changed = "rows" in self.data and not self.errors and self._changed()
        words = []
        if values.get("agree"):
            words = [CHANGED if self.was_changed and self.proposed else AGREED]
        words += [self.said[int(place)] for place in values.get("phrases", [])]
        values["text"] = "\n".join(part for part in (" ".join(words), values.get("text")) if part)
        return values

    def _changed(self) -> bool:
        """True when the lines are not those that were proposed."""
        mine, theirs = (
            {(str(one.role), one.unit, one.person, one.directive, one.due_date) for one in lines}
            for lines in (self.lines(), self.proposed)
        )
        return mine != theirs

    def arguments(self) -> dict[str, Any]:
        """What he agrees to comes back with his words; other words alone leave the lines open."""
        agreed = self.cleaned_data["agree"]
        lines = self.lines() if self.was_changed else self.proposed if agreed else []
        return {"text": self.cleaned_data["text"], "lines": lines}


class AssignForm(LinesForm):
    """Giao việc."""

    informs = False

    def prepare(self) -> None:
        super().prepare()
        mine = my_assignment(self.actor, self.document)
        if mine is not None:
            self.initial["due_date-0"] = mine.due_date
            self.initial["directive-0"] = mine.directive

    def offered(self) -> list[Target]:
        return self.targets.people({self.actor.unit.pk})


class ShareForm(VerbForm):
    """Thông báo."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Thông báo cho"), widget=forms.CheckboxSelectMultiple, required=False
    )
    field_order = ("people", "text")

    def prepare(self) -> None:
        offered = self.targets.units + self.targets.people()
        self.found = {target.key: target for target in offered}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (
                one.key,
                f"{one.person.full_name}, {one.unit.short_name}" if one.person else one.unit.name,
            )
            for one in offered
        ]
        self.fields["text"].label = _("Lời nhắn")

    def arguments(self) -> dict[str, Any]:
        chosen = [self.found[key] for key in self.cleaned_data["people"]]
        return {
            "lines": [Line(AssignmentRole.INFORM, one.unit, one.person) for one in chosen],
            "text": self.cleaned_data["text"],
        }


class SendBackForm(VerbForm):
    """Chuyển trả."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi lý do chuyển trả.")}

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do chuyển trả")


class CommentForm(VerbForm):
    """Cho ý kiến."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi ý kiến.")}


class ProgressForm(VerbForm):
    """Báo cáo tiến độ."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "percent": gettext_lazy("Chọn tiến độ."),
        "text": gettext_lazy("Ghi nội dung báo cáo."),
    }
    percent = forms.TypedChoiceField(
        label=gettext_lazy("Tiến độ"),
        coerce=int,
        choices=[(step, f"{step} %") for step in (0, 25, 50, 75, 100)],
    )
    field_order = ("percent", "text")

    def prepare(self) -> None:
        self.fields["text"].label = _("Nội dung báo cáo")
        mine = my_assignment(self.actor, self.document)
        self.initial = {"percent": mine.percent if mine else 0}

    def arguments(self) -> dict[str, Any]:
        return {"percent": self.cleaned_data["percent"], "text": self.cleaned_data["text"]}


class FinishForm(VerbForm):
    """Kết thúc."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {
        "text": gettext_lazy("Ghi kết quả giải quyết trước khi kết thúc.")
    }

    def prepare(self) -> None:
        self.fields["text"].label = _("Kết quả giải quyết")
        mine = my_assignment(self.actor, self.document)
        below = [
            one
            for one in self.document.all_assignments
            if mine and one.parent_id == mine.pk and one.result
        ]
        self.initial = {"text": below[-1].result if below else ""}


class RecallForm(VerbForm):
    """Thu hồi."""

    def prepare(self) -> None:
        self.fields["text"].label = _("Lời nhắn")


class ReopenForm(VerbForm):
    """Mở lại."""

    needs_text = True
    empty: ClassVar[dict[str, Promise]] = {"text": gettext_lazy("Ghi lý do mở lại.")}

    def prepare(self) -> None:
        self.fields["text"].label = _("Lý do mở lại")


FORMS: dict[Verb, type[VerbForm]] = {
    Verb.SUBMIT: SubmitForm,
    Verb.PROPOSE: ProposeForm,
    Verb.DIRECT: DirectForm,
    Verb.DISTRIBUTE: DistributeForm,
    Verb.ASSIGN: AssignForm,
    Verb.PROGRESS: ProgressForm,
    Verb.COMMENT: CommentForm,
    Verb.FINISH: FinishForm,
    Verb.SEND_BACK: SendBackForm,
    Verb.SHARE: ShareForm,
    Verb.RECALL: RecallForm,
    Verb.REOPEN: ReopenForm,
}
