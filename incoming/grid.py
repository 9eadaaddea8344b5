"""The distribution grid: what waits to be given out, forty rows a page, as typed and as judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery, Window
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.forms.lines import Target
from documents.models import DocumentAct, Waiting
from dossiers.filing import of_dossiers
from incoming import presenting, rules
from incoming.actions import Line, lines_of
from incoming.choices import Task
from incoming.forms.grid import Names, RowForm
from incoming.models import IncomingDocument, Preset
from incoming.proposed import decisions
from incoming.suggesting import Suggestion, canned_directives, suggestions

SIZE = 40
MOST = 100  # documents in one request
_ONE_LINE = 30  # letters that one line of the directive shows
FIELDS = ("lead", "helpers", "informed", "due_date", "directive")


@dataclass
class GridRow:
    """One document of the grid: what is in its fields, and what was answered."""

    document: IncomingDocument
    version: int
    first: dict[str, str]
    values: dict[str, str]
    due: dict[str, Any]
    why: str = ""
    # What the leader said who has decided on it, and who proposes or asks for another lead.
    said: str = ""
    said_by: str = ""
    on_behalf: str = ""
    ticked: bool = False
    refusal: Refusal | None = None
    errors: list[str] = field(default_factory=list)
    names: Names | None = None
    # Somebody else has given it out meanwhile: the verdict is all that is left to show.
    is_gone: bool = False

    @property
    def options(self) -> str:
        """The leads to choose from."""
        assert self.names is not None  # noqa: S101 -- every row of a sheet has them
        return self.names.options(self.values["lead"])

    @property
    def more(self) -> str:
        """What is filled in beside lead and day, in short: a phone shows the fields on demand."""
        filled = [self.values[name] for name in ("helpers", "informed", "directive")]
        return Truncator("; ".join(value for value in filled if value)).chars(90)

    @property
    def has_long_words(self) -> bool:
        """True when the directive needs more than one line."""
        return len(self.values["directive"]) > _ONE_LINE


class Sheet:
    """The rows of a page, read once; ``data`` is what was typed into them."""

    def __init__(
        self,
        actor: Actor,
        *,
        page: int = 1,
        dossier: str = "",
        keys: Sequence[int] = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.actor = actor
        self.acting = rules.may_give_out.answer(actor)[1]
        self.names = Names(self.acting)
        self.page, self.dossier = page, dossier
        if data is None:
            found = list(_waiting(actor, dossier)[(page - 1) * SIZE : page * SIZE])
            self.total = found[0].total if found else 0
        else:
            # What was typed belongs to the rows that were shown, in their order.
            order = {key: place for place, key in enumerate(keys)}
            found = sorted(
                _waiting(actor).filter(document__in=keys), key=lambda one: order[one.document_id]
            )
            self.total = len(found)
        self.rows = self._rows(found, data)
        if data is not None:
            self.rows += self._moved_on(data)

    @cached_property
    def presets(self) -> list[Preset]:
        """The agency's presets, in the order of their keys."""
        return list(
            Preset.objects.filter(agency=self.actor.agency, is_active=True)
            .select_related("lead")
            .prefetch_related("coordinators", "informed")
        )

    @cached_property
    def directives(self) -> list[str]:
        """What the agency often writes."""
        return canned_directives(self.actor.agency)

    @cached_property
    def hints(self) -> dict[int, Suggestion]:
        """Who led such documents before, for those rows where he can still be chosen."""
        found = suggestions(self.actor, [row.document for row in self.rows])
        return {key: hint for key, hint in found.items() if self._target(hint)}

    @property
    def drawn(self) -> list[GridRow]:
        """The rows with why somebody is suggested."""
        hints = self.hints
        for row in self.rows:
            # Where a leader has spoken, habit has nothing to say.
            hint = None if row.said else hints.get(row.document.pk)
            if hint and (target := self._target(hint)):
                row.why = hint.words(Names.full(target))
        return self.rows

    def _rows(self, waits: list[Any], data: Mapping[str, Any] | None) -> list[GridRow]:
        documents = []
        for wait in waits:
            document = wait.document.incomingdocument
            document.agency = self.actor.agency
            documents.append(document)
        decided = decisions(documents)
        agreed = lines_of(decided.values())
        rows = []
        for wait, document in zip(waits, documents, strict=True):
            act = decided.get(document.pk)
            words = getattr(act, "words", None)
            first = self.first_values(document, agreed.get(act.pk, []) if act else [])
            row = GridRow(
                document,
                wait.version,
                first,
                dict(first),
                presenting.due(document),
                said=words.text if words else "",
                said_by=act.actor.full_name if act else "",
                on_behalf=self._principal(wait),
                names=self.names,
            )
            rows.append(row)
            if data is not None:
                self._typed(row, data)
        return rows

    def _moved_on(self, data: Mapping[str, Any]) -> list[GridRow]:
        """Ticked rows that no longer wait: each is tried all the same, and told what happened."""
        there = {row.document.pk for row in self.rows}
        ticked = [int(key) for key in data.getlist("tick") if key.isdecimal() and len(key) < 16]  # type: ignore[attr-defined]
        gone = [key for key in ticked if key not in there][:MOST]
        rows = []
        if gone:
            seen = IncomingDocument.objects.visible_to(self.actor).registered()
            for document in seen.filter(pk__in=gone):
                document.agency = self.actor.agency
                values = self.first_values(document, ())
                row = GridRow(document, 0, values, dict(values), presenting.due(document))
                row.names, row.is_gone = self.names, True
                self._typed(row, data)
                rows.append(row)
        return rows

    def first_values(self, document: IncomingDocument, agreed: Sequence[Line]) -> dict[str, str]:
        """What stands in the fields at first: what the leader agreed to, and the known day."""
        lead = next((one for one in agreed if one.role == AssignmentRole.LEAD), None)
        day = lead.due_date if lead and lead.due_date else document.due_date
        return {
            "lead": Target(lead.unit, lead.person).key if lead else "",
            "helpers": self.names.written(agreed, AssignmentRole.COORDINATE),
            "informed": self.names.written(agreed, AssignmentRole.INFORM),
            "due_date": _written(day if day and day >= clock.today() else None),
            "directive": lead.directive if lead else "",
        }

    def _typed(self, row: GridRow, data: Mapping[str, Any]) -> None:
        key = row.document.pk
        for name in FIELDS:
            row.values[name] = data.get(f"d{key}-{name}", row.values[name])
        row.ticked = str(key) in data.getlist("tick")  # type: ignore[attr-defined]

    def look_again(self, gone: set[int]) -> None:
        """Leave out what has gone; take the trail of the others as it is now.

        A row that somebody else has given out stays for its verdict only.
        """
        stay = [row.document.pk for row in self.rows if row.document.pk not in gone]
        waits = _waiting(self.actor).filter(document__in=stay)
        now = dict(waits.values_list("document", "version")) if stay else {}
        for row in self.rows:
            row.is_gone = row.document.pk not in now
            row.version = now.get(row.document.pk, row.version)
            row.ticked = row.ticked and not row.is_gone
        self.rows = [
            row
            for row in self.rows
            if row.document.pk not in gone and (row.refusal or not row.is_gone)
        ]

    def has_typed(self) -> bool:
        """True when a row holds something that a fresh page would lose."""
        return any(row.ticked or row.values != row.first for row in self.rows)

    def seen(self, row: GridRow, data: Mapping[str, Any]) -> int:
        """How many acts its trail had when the form was drawn."""
        given = data.get(f"d{row.document.pk}-seen", "")
        return int(given) if given.isdecimal() and len(given) < 9 else 0

    def form(self, row: GridRow, data: Mapping[str, Any]) -> RowForm:
        """The row's form, checked."""
        return RowForm(self.acting, self.names, row.document.pk, data)

    def suggest(self, rows: Iterable[GridRow]) -> int:
        """Fill the suggested lead into rows that have none; answers into how many."""
        count = 0
        for row in rows:
            if row.said or row.values["lead"]:
                continue
            if target := self._target(self.hints.get(row.document.pk)):
                row.values["lead"] = target.key
                count += 1
        return count

    def apply(self, preset: Preset, rows: Iterable[GridRow]) -> int:
        """Fill a preset into rows; answers into how many. What it leaves open stays as it is.

        Where a leader has named the lead, and where the document names an earlier day, these hold
        (Kon Tum Điều 11.6a, 13.3).
        """
        day = (
            office_calendar().add_working_days(clock.today(), preset.working_days)
            if preset.working_days is not None
            else None
        )
        values = {
            "lead": Target(preset.lead).key if preset.lead else "",
            "helpers": ", ".join(one.short_name for one in preset.coordinators.all()),
            "informed": ", ".join(one.short_name for one in preset.informed.all()),
            "due_date": _written(day),
            "directive": preset.directive,
        }
        count = 0
        for row in rows:
            if row.said and row.first["lead"]:
                continue
            own = row.document.due_date
            sooner = day is not None and own is not None and clock.today() <= own < day
            row.values |= {
                name: value
                for name, value in values.items()
                if value and not (sooner and name == "due_date")
            }
            count += 1
        return count

    def _target(self, hint: Suggestion | None) -> Target | None:
        """Whom a suggestion means, if he can still be chosen."""
        if hint is None:
            return None
        key = f"p{hint.person}.{hint.unit}" if hint.person else f"u{hint.unit}"
        return self.names.by_key.get(key)

    def _principal(self, wait: Waiting) -> str:
        """For whom he gives it out, when by delegation."""
        if wait.group_id in self.actor.post_groups:
            return ""
        return next(
            (
                one.person.full_name
                for one in self.actor.delegations
                if getattr(one.appointment, "post_group", None) == wait.group_id
            ),
            "",
        )


def _waiting(actor: Actor, dossier: str = "") -> QuerySet[Any]:
    """What waits for the actor to be given out, urgent first.

    ``dossier``: only what lies in those that hold these words.
    """
    newest = DocumentAct.objects.filter(target_id=OuterRef("document")).order_by("-ordinal")
    rows = Waiting.objects.waiting_for(actor)
    if dossier:
        rows = rows.filter(of_dossiers(actor, dossier, "document"))
    return (
        rows.filter(
            verb=Task.DISTRIBUTE,
            document__in=IncomingDocument.objects.visible_to(actor).values("pk"),
        )
        .annotate(version=Subquery(newest.values("ordinal")[:1]), total=Window(Count("pk")))
        .select_related("document__incomingdocument")
        .urgent_first()
    )


def waiting_count(actor: Actor, dossier: str = "") -> int:
    """How many wait to be given out."""
    rows = Waiting.objects.waiting_for(actor).filter(verb=Task.DISTRIBUTE)
    if dossier:
        rows = rows.filter(of_dossiers(actor, dossier, "document"))
    return int(rows.count())


@dataclass(frozen=True)
class SentRow:
    """One document that was just sent."""

    document: IncomingDocument
    lead: Any


def sent_rows(actor: Actor, keys: Sequence[int]) -> list[SentRow]:
    """Those of these documents that are with the units now."""
    found = {
        one.pk: one
        for one in IncomingDocument.objects.visible_to(actor)
        .filter(pk__in=keys, state="in_process")
        .with_leads()
    }
    rows = []
    for key in keys:
        if (document := found.get(key)) is not None:
            document.agency = actor.agency
            rows.append(SentRow(document, document.leads[0] if document.leads else None))
    return rows


def _written(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def sentence(verb: str, done: int, failed: int) -> str:
    """ "Đã chuyển 5 văn bản, 1 chưa chuyển được."."""
    words = {
        "send": (_("Đã chuyển %(n)d văn bản"), _("%(n)d chưa chuyển được")),
        "propose": (_("Đã trình %(n)d văn bản"), _("%(n)d chưa trình được")),
        "finish": (_("Đã kết thúc %(n)d văn bản"), _("%(n)d chưa kết thúc được")),
        "recall": (_("Đã thu hồi %(n)d văn bản"), _("%(n)d không thu hồi được")),
    }[verb]
    said = [words[0] % {"n": done}]
    if failed:
        said.append(words[1] % {"n": failed})
    return f"{', '.join(said)}."
