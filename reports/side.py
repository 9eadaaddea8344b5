"""Beside the desk: what a person waits for, is to read, and the work of those he is over."""

from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db.models import (
    Count,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Unit, User
from core import clock
from documents.addresses import address_of
from documents.calendar import office_calendar
from documents.choices import OPEN_ASSIGNMENT, AssignmentRole
from documents.models import (
    Assignment,
    Document,
    Waiting,
)
from documents.querysets import OPEN_STATES
from incoming import rules
from incoming.choices import State
from incoming.models import IncomingDocument
from outgoing import choices as outgoing
from outgoing.choices import PASSING
from outgoing.models import OutgoingDocument
from reports.desk import over_all, waiting_rows

_SIDE = 5
_WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)


@dataclass(frozen=True)
class Line:
    """One line at the side: what, and who or since when."""

    url: str
    subject: str
    words: str
    is_late: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """A short list at the side and how long it really is."""

    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Load:
    """Open and overdue work of a person or a unit."""

    name: str
    open: int
    late: int
    url: str = ""


def waited_for(actor: Actor) -> Listing:
    """Work that the actor gave to others and his drafts on their way, oldest first."""
    calendar, today = office_calendar(), clock.today()
    # One question for both; of each the oldest, so that the count of each is there.
    rows = sorted(_given(actor).union(_drafts_elsewhere(actor), all=True), key=itemgetter(0))
    totals: dict[bool, int] = {}
    lines = []
    for since, pk, subject, due, kind, is_draft, says, unit, person, total in rows:
        totals[is_draft] = total
        day = f"{timezone.localtime(since):%d/%m/%Y}"
        if is_draft:
            state = str(outgoing.State(says).label).lower()
            words = _("%(state)s, từ %(day)s") % {"state": state, "day": day}
        else:
            role = str(AssignmentRole(says).label).lower()
            who = {"who": person or unit, "role": role, "day": day}
            words = _("%(who)s %(role)s, từ %(day)s") % who
        lines.append(
            Line(
                url=address_of(actor.agency.slug, Document(pk=pk, kind=kind)),
                subject=subject,
                words=words,
                is_late=calendar.is_late(today, due),
                since=since,
            )
        )
    return Listing(lines[:_SIDE], sum(totals.values()))


def _drafts_elsewhere(actor: Actor) -> Any:
    """His drafts that others have, as rows of ``waited_for``."""
    asked = Waiting.objects.filter(document=OuterRef("pk"), verb__in=PASSING.values())
    since = Coalesce(Subquery(asked.values("since")[:1]), "created_at")
    return (
        OutgoingDocument.objects.visible_to(actor)
        .filter(drafter__user=actor.user)
        .under_way()
        .exclude(signer__user=actor.user, state=outgoing.State.SIGNING)
        .order_by(since, "pk")
        .values_list(
            since,
            "pk",
            "subject",
            "due_date",
            "kind",
            Value(True),
            "state",
            Value(""),
            Value(""),
            over_all(),
        )[:_SIDE]
    )


def _given(actor: Actor) -> Any:
    """Open work that he gave to others, as rows of ``waited_for``."""
    return (
        Assignment.objects.filter(
            given_by__user=actor.user,
            role__in=_WORK,
            state__in=OPEN_ASSIGNMENT,
            document__state=State.IN_PROCESS,
            document__in=Document.objects.visible_to(actor),
        )
        .exclude(person=actor.user)
        .order_by("given_at", "pk")
        .values_list(
            "given_at",
            "document_id",
            "document__subject",
            "due_date",
            "document__kind",
            Value(False),
            "role",
            "unit__name",
            Coalesce(NullIf("person__full_name", Value("")), "person__username"),
            over_all(),
        )[:_SIDE]
    )


def to_read(actor: Actor) -> Listing:
    """What the actor is only to know of and has not opened, newest first."""
    rows = list(
        waiting_rows(actor)
        .unread()
        .annotate(total=over_all())
        .select_related("document")
        .order_by("-since", "-pk")[:_SIDE]
    )
    lines = [
        Line(
            url=address_of(actor.agency.slug, row.document),
            subject=row.document.subject,
            words=", ".join(
                (row.document.organ_name or _("Hồ sơ"), f"{timezone.localtime(row.since):%d/%m/%Y}")
            ),
        )
        for row in rows
    ]
    return Listing(lines, rows[0].total if rows else 0)


def people_of(actor: Actor) -> list[Load]:
    """The people of the actor's unit with what they have open and overdue."""
    today = clock.today()
    own = Assignment.objects.filter(person=OuterRef("pk"), unit=actor.unit)
    people = (
        User.objects.filter(
            appointments__in=Appointment.objects.in_force(today).filter(unit=actor.unit)
        )
        .exclude(pk=actor.user.pk)
        .distinct()
        .by_name()
        .annotate(n_open=_open(own, "person"), n_late=_late(own, "person"))
    )
    return [Load(one.full_name, one.n_open or 0, one.n_late or 0) for one in people]


def units_of(actor: Actor) -> list[Load]:
    """Units that lead open work, the latest first."""
    leads = Assignment.objects.filter(
        unit=OuterRef("pk"), role=AssignmentRole.LEAD, parent__isnull=True
    )
    units = (
        Unit.objects.filter(agency=actor.agency)
        .annotate(n_open=_open(leads, "unit"), n_late=_late(leads, "unit"))
        .filter(n_open__gt=0)
    )
    book = reverse("incoming:book", args=[actor.agency.slug])
    return [
        Load(unit.name, unit.n_open, unit.n_late, f"{book}?unit={unit.pk}")
        for unit in sorted(units, key=lambda unit: (-unit.n_late, -unit.n_open, unit.ordinal))
    ]


def _open(rows: QuerySet, key: str, condition: Q | None = None) -> Subquery:
    """How many of these assignments somebody works on."""
    running = rows.filter(
        role__in=_WORK, state__in=OPEN_ASSIGNMENT, document__state=State.IN_PROCESS
    )
    counted = running.order_by().values(key).annotate(n=Count("pk", filter=condition))
    return Subquery(counted.values("n"))


def _late(rows: QuerySet, key: str) -> Subquery:
    return _open(rows, key, Q(due_date__lte=office_calendar().late_until(clock.today())))


def directed_late(actor: Actor) -> Listing:
    """What the leader has decided and others have not done in time."""
    calendar, today = office_calendar(), clock.today()
    rows = list(
        IncomingDocument.objects.visible_to(actor)
        .filter(
            proposed_to=actor.user,
            directed_at__isnull=False,
            state__in=OPEN_STATES,
            due_date__lte=calendar.late_until(today),
        )
        .annotate(total=over_all())
        .order_by("due_date", "pk")[:_SIDE]
    )
    lines = [
        Line(
            url=reverse("incoming:detail", args=[actor.agency.slug, document.pk]),
            subject=document.subject,
            words=", ".join(
                part
                for part in (document.to_places, calendar.distance(today, document.due_date))
                if part
            ),
            is_late=True,
        )
        for document in rows
    ]
    return Listing(lines, rows[0].total if rows else 0)


def side_of(actor: Actor) -> dict[str, Any]:
    """What stands at the side for the actor's role."""
    if actor.holds(rules.distributing_role(actor)):
        return {"gives_out": True, "loads_title": _("Các đơn vị chủ trì"), "loads": units_of(actor)}
    if actor.holds(Role.LEADER):
        return {"directed": directed_late(actor)}
    if actor.heads(actor.unit.pk):
        return {"loads_title": actor.unit.name, "loads": people_of(actor), "of_people": True}
    return {}
