"""What the pages of a catalogue show: rows, buttons, the form that stands in a row's place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, Rule
from core import clock
from core.errors import NotYours, Refusal
from dossiers import tree
from dossiers.actions.issuing import years_to_start
from dossiers.choices import CatalogueState
from dossiers.forms.catalogue import ApproveForm, HeadingForm, LineForm, ReasonForm
from dossiers.models import Catalogue, Dossier, Heading, PlannedDossier
from dossiers.rules import catalogue as rules
from dossiers.rules import may_open_planned
from dossiers.tree import Part

WHOLE = 200  # lines; of a longer catalogue one large heading is open at a time
VERBS: dict[str, tuple[Promise, Rule]] = {
    "submit": (_("Trình duyệt"), rules.may_submit),
    "approve": (_("Ban hành"), rules.may_decide),
    "send_back": (_("Trả lại"), rules.may_decide),
}
_ICONS = {"submit": "send", "approve": "stamp", "send_back": "undo-2"}


@dataclass(frozen=True)
class Row:
    """One row of the table: a heading with its number, or a dossier."""

    kind: str  # large, small, line
    number: str
    heading: Heading
    line: PlannedDossier | None
    count: int
    is_open: bool
    is_first: bool
    is_last: bool
    edit_url: str
    open_url: str = ""
    # Of a dossier in an issued catalogue: whether it was opened, and where that leads the reader.
    is_opened: bool = False
    dossier_url: str = ""

    @property
    def key(self) -> str:
        """The anchor of the row, and what ``?edit=`` calls it."""
        return f"line.{self.line.pk}" if self.line else f"heading.{self.heading.pk}"

    @property
    def back_url(self) -> str:
        """The page with this row in sight."""
        anchor = self.key.replace(".", "-")
        return f"{self.edit_url.removesuffix('&edit=')}#{anchor}"


@dataclass
class Editing:
    """A form in the place of a row, or below a heading."""

    form: Any
    what: str
    key: int
    parent: Heading | None = None

    @property
    def at(self) -> str:
        return f"{self.what}.{self.key}"

    def take_new_version(self, page: "Page") -> None:
        """Whoever was told that a row has changed may still save over it, knowingly."""
        rows: list[Any] = [*page.headings, *page.lines]
        kind = Heading if self.what == "heading" else PlannedDossier
        for row in rows:
            if isinstance(row, kind) and row.pk == self.key and "version" in self.form.fields:
                self.form.data = self.form.data.copy()
                self.form.data["version"] = row.version


@dataclass(frozen=True)
class Button:
    """A verb of the whole catalogue: pressed, or explained."""

    name: str
    label: str
    icon: str
    refusal: Refusal | None


class Page:
    """The catalogue of a year as the actor reads it: three queries at most, however long it is."""

    def __init__(self, actor: Actor, catalogue: Catalogue, *, part: int = 0) -> None:
        self.actor, self.catalogue, self.part = actor, catalogue, part
        self.headings, self.lines = tree.loaded(actor, catalogue)
        for line in self.lines:
            line.catalogue = catalogue
        self.is_issued = catalogue.state == CatalogueState.APPROVED
        self.standing = [
            one for one in self.lines if not self.is_issued or one.state == CatalogueState.APPROVED
        ]
        self.parts = tree.parts_of(self.headings, self.standing)
        self.totals = tree.totals_of(self.standing)
        self.is_long = len(self.standing) > WHOLE
        self.may_edit = rules.may_edit(actor, catalogue) is None
        self.may_propose = rules.may_propose_line(actor, catalogue) is None
        self.url = catalogue.get_absolute_url()
        known = {part.heading.pk for part in self.parts}
        if self.is_long and self.part not in known and self.parts:
            self.part = self.parts[0].heading.pk

    def heading(self, key: int) -> Heading | None:
        """The heading of that key."""
        return next((one for one in self.headings if one.pk == key), None)

    @cached_property
    def rows(self) -> list[Row]:
        """Headings and dossiers in the order of the form."""
        return list(self._rows())

    def _rows(self) -> Iterator[Row]:
        for place, part in enumerate(self.parts):
            is_open = not self.is_long or part.heading.pk == self.part
            base = f"{self.url}?part={part.heading.pk}"
            ends = (place == 0, place == len(self.parts) - 1)
            yield Row(
                "large", part.number, part.heading, None, part.count, is_open, *ends,
                f"{base}&edit=", f"{base}#heading-{part.heading.pk}",
            )  # fmt: skip
            if not is_open:
                continue
            yield from self._lines(part, base)
            for number, child in enumerate(part.parts):
                ends = (number == 0, number == len(part.parts) - 1)
                yield Row(
                    "small", child.number, child.heading, None, child.count, True, *ends,
                    f"{base}&edit=",
                )  # fmt: skip
                yield from self._lines(child, base)

    def _lines(self, part: Part, base: str) -> Iterator[Row]:
        for place, line in enumerate(part.lines):
            ends = (place == 0, place == len(part.lines) - 1)
            yield Row(
                "line", "", part.heading, line, 1, True, *ends, f"{base}&edit=", "",
                line.pk in self.opened, self._dossier_url(line),
            )  # fmt: skip

    @cached_property
    def opened(self) -> dict[int, int | None]:
        """Lines of an issued catalogue that were opened, with the dossier where he sees it."""
        if not self.is_issued:
            return {}
        seen = Dossier.objects.visible_to(self.actor).filter(pk=OuterRef("pk"))
        rows = Dossier.objects.filter(planned__catalogue=self.catalogue).annotate(seen=Exists(seen))
        return {
            line: pk if is_seen else None
            for line, pk, is_seen in rows.values_list("planned", "pk", "seen")
        }

    def _dossier_url(self, line: PlannedDossier) -> str:
        """The dossier of that line; where the reader may open it, the form for that."""
        slug = self.actor.agency.slug
        if line.pk in self.opened:
            pk = self.opened[line.pk]
            return reverse("dossiers:dossier", args=[slug, pk]) if pk else ""
        if self.is_issued and may_open_planned(self.actor, line) is None:
            return f"{reverse('dossiers:new_dossier', args=[slug])}?planned={line.pk}"
        return ""

    @cached_property
    def proposals(self) -> list[dict[str, Any]]:
        """Lines that wait for approval, or were sent back, with what the actor may do."""
        if not self.is_issued:
            return []
        waiting = [one for one in self.lines if one.state != CatalogueState.APPROVED]
        return [
            {
                "line": line,
                "heading": self.heading(line.heading_id or 0),
                "may_decide": rules.may_decide_line(self.actor, line) is None,
                "may_change": rules.may_change_line(self.actor, line) is None,
                "may_remove": rules.may_remove_line(self.actor, line) is None,
            }
            for line in sorted(waiting, key=lambda one: one.pk)
        ]

    @cached_property
    def buttons(self) -> list[Button]:
        """Verbs of the whole catalogue; those of others are absent."""
        found = []
        for name, (label, rule) in VERBS.items():
            refusal = rule(self.actor, self.catalogue)
            if isinstance(refusal, NotYours) or self.is_issued:
                continue
            if name != "submit" and self.catalogue.state != CatalogueState.SUBMITTED:
                continue
            found.append(Button(name, str(label), _ICONS[name], refusal))
        return found

    def verb_form(self, name: str, form: Any = None) -> dict[str, Any] | None:
        """The form of a verb that may be done now."""
        button = next((one for one in self.buttons if one.name == name), None)
        if button is None or (button.refusal is not None and form is None):
            return None
        if form is None and name == "approve":
            first = {"decided_date": clock.today(), "version": self.catalogue.version}
            form = ApproveForm(self.actor, initial=first)
        elif form is None and name == "send_back":
            form = ReasonForm(self.actor)
        slug, year = self.actor.agency.slug, self.catalogue.year
        return {
            "name": name,
            "label": button.label,
            "form": form,
            "url": reverse("dossiers:catalogue_verb", args=[slug, year, name]),
        }

    def form_for(self, what: str, key: int) -> Editing | None:
        """The form that ``?edit=`` asks for. Raises Http404 for what is not there."""
        heading = self.heading(key)
        line = next((one for one in self.lines if one.pk == key), None)
        if what in ("heading", "new-heading", "new-line") and key and heading is None:
            raise Http404
        if what in ("line", "return-line") and line is None:
            raise Http404
        match what:
            case "heading" if self.may_edit:
                return Editing(HeadingForm(self.actor, heading=heading), what, key)
            case "new-heading" if self.may_edit:
                return Editing(HeadingForm(self.actor), what, key, parent=heading)
            case "new-line" if (self.may_edit or self.may_propose) and self.headings:
                form = LineForm(self.actor, parts=self.parts, under=heading)
                return Editing(form, what, 0 if self.may_propose else key)
            case "line" if line and rules.may_change_line(self.actor, line) is None:
                return Editing(LineForm(self.actor, parts=self.parts, line=line), what, key)
            case "return-line" if line and rules.may_decide_line(self.actor, line) is None:
                return Editing(ReasonForm(self.actor), what, key)
        return None


def index(actor: Actor) -> dict[str, Any]:
    """All years that the actor may see, and those that he may begin."""
    rows = list(Catalogue.objects.visible_to(actor).with_counts())
    for row in rows:
        row.agency = actor.agency
    there = {row.year for row in rows}
    may_keep = rules.may_keep(actor) is None
    years = [year for year in years_to_start() if year not in there] if may_keep else []
    return {
        "catalogues": rows,
        "years": [
            {"year": year, "last": next((row.year for row in rows if row.year < year), None)}
            for year in years
        ],
        "may_keep": may_keep,
    }


def waiting_for(actor: Actor) -> list[Catalogue]:
    """What waits for the actor's approval: whole catalogues, issued ones with proposed lines."""
    if not rules.approves(actor):
        return []
    rows = Catalogue.objects.visible_to(actor).with_counts().to_approve()
    for row in rows:
        row.agency = actor.agency
    return list(rows)
