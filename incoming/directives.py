"""Each directive of a leader and what has come of it: a result, a later day, or open work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Unit
from core import clock
from documents.addresses import address_of, called
from documents.calendar import office_calendar
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, Kind, Outcome
from documents.models import Assignment, Document, DocumentAct, Extension
from documents.querysets import OPEN_STATES
from dossiers import choices as dossiers
from dossiers.filing import of_dossiers
from dossiers.models import Dossier
from dossiers.presenting import status_kind
from incoming.choices import State, Verb

SIZE = 30
TABS = (
    ("open", gettext_lazy("Đang mở")),
    ("late", gettext_lazy("Quá hạn")),
    ("extended", gettext_lazy("Đã gia hạn")),
    ("done", gettext_lazy("Đã có kết quả")),
)


# By which a leader gives work out, of whatever kind.
_GIVEN = (Verb.DISTRIBUTE, dossiers.Verb.GIVE_OUT, dossiers.Verb.OPEN_TASK)
# What was cancelled or taken out is followed no more, and does not vanish either.
_DONE = (State.FINISHED, State.VOID, dossiers.State.CLOSED)


@dataclass(frozen=True)
class Directive:
    """What one leader said, and when; ``typed_by``: the clerk who took it from the paper."""

    leader: str
    by: str
    at: datetime
    text: str
    typed_by: str = ""


@dataclass(frozen=True)
class DirectiveLine:
    """What was directed, of any kind: the words, to whom, until when, what has come of it."""

    url: str
    subject: str
    number: int
    code: str
    directives: list[Directive]
    to: str
    due_date: date | None
    distance: str
    is_late: bool
    is_today: bool
    state: str
    kind: str
    label: str
    extended: str
    result: str
    finished_at: datetime | None


@dataclass(frozen=True)
class Chosen:
    """What the reader has narrowed the page to."""

    tab: str
    leader: int
    unit: int
    page: int
    dossier: str = ""


def directives_of(target: str = "pk", leader: int = 0) -> QuerySet[DocumentAct]:
    """Acts by which a leader directed, and which nobody has recalled.

    His opinion, work that he gave out himself, a task that he gave, a dossier that he opened with
    words for another to keep, or his written direction by which the clerk sent the document on
    (Kon Tum Điều 13.6): of that it is he who directed, not the clerk.
    """
    by_leader = Q(on_behalf_of__role=Role.LEADER) | Q(
        on_behalf_of__isnull=True, appointment__role=Role.LEADER
    )
    opened = Q(verb=dossiers.Verb.OPEN, words__isnull=False) & ~Q(keeper=F("appointment"))
    opened &= Q(on_behalf_of__isnull=True) | ~Q(keeper=F("on_behalf_of"))
    said = Q(verb=Verb.DIRECT) | ((Q(verb__in=_GIVEN) | opened) & by_leader)
    writers = Appointment.objects.filter(role=Role.LEADER)
    if leader:
        said &= Q(on_behalf_of__user=leader) | Q(on_behalf_of__isnull=True, actor=leader)
        writers = writers.filter(user=leader)
    recalls = DocumentAct.objects.annotate(of=_number("of")).filter(
        target=OuterRef("target"), verb=Verb.RECALL, of=OuterRef("ordinal")
    )
    # An act of before names no keeper: then it is whoever keeps the dossier today.
    keeps = Dossier.objects.filter(pk=OuterRef("target")).values("keeper")
    acts = DocumentAct.objects.annotate(
        writer=_number("directed_by"),
        keeper=Coalesce(_number("keeper"), Subquery(keeps, output_field=BigIntegerField())),
    )
    return acts.filter(
        said | Q(verb=Verb.FORWARD, writer__in=writers.values("pk")),
        ~Exists(recalls),
        target=OuterRef(target),
    )


def _number(key: str) -> Cast:
    """A number that the detail of an act holds."""
    return Cast(KeyTextTransform(key, "detail"), BigIntegerField())


def page_of_directives(actor: Actor, chosen: Chosen) -> dict[str, Any]:
    """Lines of one page, the counts of open ones, and whether there is a next page."""
    seen = _narrowed(actor, chosen)
    late = office_calendar().late_until(clock.today())
    extended = Exists(
        Extension.objects.filter(
            assignment__document=OuterRef("pk"),
            assignment__parent__isnull=True,
            outcome=Outcome.AGREED,
        )
    )
    running = seen.filter(state__in=OPEN_STATES).annotate(is_extended=extended)
    counts = running.aggregate(
        open=Count("pk"),
        late=Count("pk", filter=Q(due_date__lte=late)),
        extended=Count("pk", filter=Q(is_extended=True)),
    )
    if chosen.tab == "done":
        found = seen.filter(state__in=_DONE).order_by("-day", "-number", "-pk")
    else:
        narrowed = {
            "late": running.filter(due_date__lte=late),
            "extended": running.filter(is_extended=True),
        }.get(chosen.tab, running)
        found = narrowed.order_by(F("due_date").asc(nulls_last=True), "pk")
    start = (chosen.page - 1) * SIZE
    whole = found.select_related("incomingdocument", "dossier__keeper__user").with_leads()
    rows = list(whole[start : start + SIZE + 1])
    return {
        "lines": _lines(actor, rows[:SIZE]),
        "counts": counts,
        "has_next": len(rows) > SIZE,
    }


def offered(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """Leaders and units to choose from."""
    held = (
        Appointment.objects.in_force(clock.today())
        .filter(unit__agency=actor.agency, role=Role.LEADER)
        .select_related("user")
        .order_by("pk")
    )
    units = Unit.objects.filter(agency=actor.agency, is_active=True)
    return {
        "leaders": list({one.user_id: one.user.full_name for one in held}.items()),
        "units": [(one.pk, one.name) for one in units],
    }


def _narrowed(actor: Actor, chosen: Chosen) -> Any:
    seen = Document.objects.visible_to(actor).registered()
    seen = seen.filter(Exists(directives_of(leader=chosen.leader)))
    if chosen.unit:
        leads = Assignment.objects.filter(
            document=OuterRef("pk"),
            role=AssignmentRole.LEAD,
            parent__isnull=True,
            unit=chosen.unit,
        ).exclude(state__in=VOID_ASSIGNMENT)
        kept = Q(dossier__state=dossiers.State.OPENED, dossier__keeper__unit=chosen.unit)
        seen = seen.filter(Exists(leads) | kept)
    if chosen.dossier:
        seen = seen.filter(of_dossiers(actor, chosen.dossier))
    return seen


def _lines(actor: Actor, rows: Sequence[Any]) -> list[DirectiveLine]:
    keys = [row.pk for row in rows]
    said = _said(keys)
    chains: dict[int, list[Extension]] = {}
    for row in (
        Extension.objects.filter(assignment__document__in=keys, assignment__parent__isnull=True)
        .select_related("assignment")
        .order_by("pk")
    ):
        chains.setdefault(row.assignment.document_id, []).append(row)
    return [_line(actor, row, said.get(row.pk, []), chains.get(row.pk, [])) for row in rows]


@dataclass(frozen=True)
class Written:
    """What somebody wrote on the paper, and as whom."""

    by: Appointment
    text: str


def written(acts: Sequence[DocumentAct]) -> dict[int, Written]:
    """Of the clerk's forwardings among these acts: whose direction it was, in his own words."""
    sent = [act for act in acts if act.verb == Verb.FORWARD]
    if not sent:
        return {}
    writers = Appointment.objects.select_related("user").in_bulk(
        {act.detail["directed_by"] for act in sent}
    )
    given = Assignment.objects.in_bulk({act.detail["assignments"][0] for act in sent})
    return {
        act.pk: Written(
            writers[act.detail["directed_by"]], given[act.detail["assignments"][0]].directive
        )
        for act in sent
    }


def _said(keys: Sequence[int]) -> dict[int, list[Directive]]:
    """What leaders have said of each document, newest first."""
    said: dict[int, list[Directive]] = {}
    acts = DocumentAct.objects.filter(
        Exists(directives_of("target_id").filter(pk=OuterRef("pk"))), target__in=keys
    )
    whole = ("actor", "appointment", "words", "on_behalf_of__user")
    found = list(acts.select_related(*whole).order_by("-ordinal"))
    on_paper = written(found)
    for act in found:
        words = getattr(act, "words", None)
        if said_on_paper := on_paper.get(act.pk):
            one = Directive(
                leader=said_on_paper.by.user.full_name,
                by="",
                at=act.at,
                text=said_on_paper.text,
                typed_by=act.actor.full_name,
            )
        else:
            whose = act.on_behalf_of.user if act.on_behalf_of else act.actor
            one = Directive(
                leader=whose.full_name,
                by=act.actor.full_name if act.on_behalf_of else "",
                at=act.at,
                text=words.text if words else "",
            )
        said.setdefault(act.target_id, []).append(one)
    return said


def _line(actor: Actor, row: Any, said: list[Directive], chain: list[Extension]) -> DirectiveLine:
    calendar, today = office_calendar(), clock.today()
    is_dossier = row.kind == Kind.DOSSIER
    # What only its own kind knows: its words for the state, and with what it ended.
    own = row.dossier if is_dossier else row.incomingdocument
    running, due = row.state in OPEN_STATES, row.due_date
    agreed = [one for one in chain if one.outcome == Outcome.AGREED]
    asked = [one for one in chain if one.outcome == Outcome.ASKED]
    words = []
    if agreed:
        words.append(
            _("gia hạn %(times)s lần, đến %(day)s")
            % {"times": len(agreed), "day": f"{agreed[-1].granted_day:%d/%m/%Y}"}
        )
    if running and asked:
        words.append(_("đang xin đến %(day)s") % {"day": f"{asked[-1].wanted_day:%d/%m/%Y}"})
    directive = next((one.directive for one in row.leads if one.directive), "")
    if said and not any(one.text for one in said) and directive:
        # The leader who gives out the work himself writes his words beside each place.
        said = [Directive(said[0].leader, said[0].by, said[0].at, directive), *said[1:]]
    return DirectiveLine(
        url=address_of(actor.agency.slug, row),
        subject=row.subject,
        number=0 if is_dossier else row.number,
        code=called(row),
        directives=[one for one in said if one.text] or said[:1],
        # What nobody was given yet lies with whoever keeps it.
        to=row.to_places or (own.keeper.user.full_name if is_dossier else ""),
        due_date=row.due_date,
        distance=calendar.distance(today, row.due_date, short=True) if running else "",
        is_late=running and calendar.is_late(today, row.due_date),
        is_today=running and due is not None and calendar.closing_day(due) == today,
        state=row.state,
        kind=status_kind(row.state) if is_dossier else "",
        label=own.get_state_display(),
        extended="; ".join(words),
        result=own.result,
        finished_at=own.completed_at if is_dossier else own.finished_at,
    )
