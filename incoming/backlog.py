"""What piles up in a unit: open, late, without a day, not opened; by person and document.

Only what the reader may see. Whose backlog he sees follows from ``rules.may_watch``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Unit
from core import clock
from documents import deciding
from documents.addresses import address_of, called, verb_address
from documents.calendar import office_calendar
from documents.choices import OPEN_ASSIGNMENT, Kind, UrgeLevel
from documents.models import Assignment, Document, Follow, Waiting
from dossiers.filing import of_dossiers
from incoming.choices import State, Task

SIZE = 50
TABS = (
    ("all", gettext_lazy("Đang mở"), "n_open"),
    ("late", gettext_lazy("Quá hạn"), "n_late"),
    ("unopened", gettext_lazy("Chưa mở xem"), "n_unopened"),
    ("undated", gettext_lazy("Không hạn"), "n_undated"),
)
_COUNTED = ("n_open", "n_late", "n_unopened", "n_undated")
_ASKED = (Task.ASSIGN, Task.PROCESS, Task.CONCLUDE, Task.GIVE_ANEW)


@dataclass(frozen=True)
class Watch:
    """What somebody watches, on which ground."""

    over_all: bool
    unit: Unit | None
    fields: list[Follow]
    article: str


@dataclass
class Load:
    """Open work of a unit or of one who works in it."""

    key: int
    name: str
    url: str
    n_open: int = 0
    n_late: int = 0
    n_unopened: int = 0
    n_undated: int = 0
    oldest: date | None = None
    is_chosen: bool = False


@dataclass(frozen=True)
class Item:
    """One piece of open work."""

    url: str
    urge_url: str
    subject: str
    number: int
    code: str
    priority: int
    who: str
    unit: str
    role: str
    due_date: date | None
    distance: str
    is_late: bool
    is_today: bool
    unopened_since: datetime | None
    urged: str


@dataclass(frozen=True)
class Chosen:
    """What the reader has narrowed the page to; 0 for nothing."""

    tab: str
    unit: int
    person: int
    page: int
    dossier: str = ""


def watch_of(actor: Actor) -> Watch:
    """As whom he acts, what he watches: all, the unit that he heads, or his fields."""
    regulation = actor.agency.regulation
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        said = regulation.backlog_watcher or regulation.watcher
        return Watch(True, None, [], said.article if said else "")
    if actor.heads(actor.unit.pk):
        said_of_heads = regulation.urge
        return Watch(False, actor.unit, [], said_of_heads.article if said_of_heads else "")
    ground = regulation.watcher
    if actor.holds(Role.DEPUTY_HEAD) and regulation.deputy_follows:
        ground = regulation.deputy_follows
    return Watch(False, None, deciding.own_follows(actor), ground.article if ground else "")


def page_of_backlog(actor: Actor, watch: Watch, chosen: Chosen) -> dict[str, Any]:
    """Units or people with their counts, and the lines of the one that was chosen."""
    work = _open_work(actor, watch)
    if chosen.dossier:
        work = work.filter(of_dossiers(actor, chosen.dossier, "document"))
    units, people = _loads(actor, work, watch, chosen)
    rows = _narrowed(work, chosen).select_related("document", "unit", "person")
    start = (chosen.page - 1) * SIZE
    found = list(
        rows.order_by(F("due_date").asc(nulls_last=True), "given_at", "pk")[
            start : start + SIZE + 1
        ]
    )
    whole = [one for one in units if not chosen.unit or one.key == chosen.unit]
    if chosen.person:
        whole = [one for one in people if one.key == chosen.person]
    return {
        "units": units,
        "people": people,
        "items": [_item(actor, one) for one in found[:SIZE]],
        "has_next": len(found) > SIZE,
        "totals": {name: sum(getattr(one, name) for one in whole) for name in _COUNTED},
    }


def _open_work(actor: Actor, watch: Watch) -> QuerySet[Any]:
    """Open work that somebody is asked to go on with now, as far as the reader may see it."""
    asked = Waiting.objects.filter(
        document=OuterRef("document"), assignment=OuterRef("pk"), verb__in=_ASKED
    )
    rows = Assignment.objects.filter(
        role__in=deciding.WORK,
        state__in=OPEN_ASSIGNMENT,
        document__state=State.IN_PROCESS,
        document__in=Document.objects.visible_to(actor),
    )
    if watch.unit is not None:
        rows = rows.filter(Q(unit=watch.unit) | Q(unit__parent=watch.unit))
    elif not watch.over_all:
        rows = rows.filter(_fields(watch.fields))
    return rows.annotate(
        asked_since=Subquery(asked.values("since")[:1]),
        opened_at=Subquery(asked.values("seen_at")[:1]),
    ).filter(asked_since__isnull=False)


def _fields(fields: list[Follow]) -> Q:
    """The work that lies in one of the fields."""
    found = Q(pk__in=[])
    for one in fields:
        part = Q()
        if one.unit_id:
            part &= Q(unit=one.unit_id)
        if one.person_id:
            part &= Q(person=one.person_id)
        if one.type_name:
            part &= Q(document__type_name=one.type_name)
        found |= part
    return found


def _late() -> Q:
    return Q(due_date__lte=office_calendar().late_until(clock.today()))


def _narrowed(work: QuerySet[Any], chosen: Chosen) -> QuerySet[Any]:
    if chosen.unit:
        work = work.filter(unit=chosen.unit)
    if chosen.person:
        # The head's own lines have no person: they are his unit's.
        work = work.filter(person=None if chosen.person < 0 else chosen.person)
    match chosen.tab:
        case "late":
            return work.filter(_late())
        case "unopened":
            return work.filter(opened_at__isnull=True)
        case "undated":
            return work.filter(due_date__isnull=True)
    return work


def _loads(
    actor: Actor, work: QuerySet[Any], watch: Watch, chosen: Chosen
) -> tuple[list[Load], list[Load]]:
    """Counts by unit; and by person in the unit that was chosen, or the only one."""
    counted = list(
        work.order_by()
        .values("unit", "unit__name", "unit__ordinal", "person", "person__full_name")
        .annotate(
            n_open=Count("pk"),
            n_late=Count("pk", filter=_late()),
            n_unopened=Count("pk", filter=Q(opened_at__isnull=True)),
            n_undated=Count("pk", filter=Q(due_date__isnull=True)),
            oldest=Min("given_at"),
        )
    )
    path = reverse("incoming:backlog", args=[actor.agency.slug])
    kept = f"&{urlencode({'dossier': chosen.dossier})}" if chosen.dossier else ""
    counted.sort(key=lambda row: (row["unit__ordinal"], row["unit__name"]))
    units: dict[int, Load] = {}
    people: dict[int, Load] = {}
    one_unit = chosen.unit or (
        counted[0]["unit"] if len({row["unit"] for row in counted}) == 1 else 0
    )
    for row in counted:
        key = row["unit"]
        unit = units.setdefault(
            key,
            Load(key, row["unit__name"], f"{path}?unit={key}{kept}", is_chosen=key == chosen.unit),
        )
        _add(unit, row)
        if key != one_unit:
            continue
        person = row["person"] or -1
        name = row["person__full_name"] or _("Trưởng đơn vị")
        one = people.setdefault(
            person,
            Load(
                person,
                name,
                f"{path}?unit={key}&person={person}{kept}",
                is_chosen=person == chosen.person,
            ),
        )
        _add(one, row)
    by_load = sorted(people.values(), key=lambda one: (-one.n_late, -one.n_open, one.name))
    return list(units.values()), by_load


def _add(load: Load, row: dict[str, Any]) -> None:
    for name in _COUNTED:
        setattr(load, name, getattr(load, name) + row[name])
    since = timezone.localtime(row["oldest"]).date()
    load.oldest = min(load.oldest, since) if load.oldest else since


def _item(actor: Actor, one: Any) -> Item:
    calendar, today = office_calendar(), clock.today()
    slug = actor.agency.slug
    return Item(
        url=address_of(slug, one.document),
        urge_url=verb_address(slug, one.document, "urge"),
        subject=one.document.subject,
        # Of dossiers the number in their book says nothing to people.
        number=0 if one.document.kind == Kind.DOSSIER else one.document.number,
        code=called(one.document),
        priority=one.document.priority,
        who=str(one.person or _("Trưởng đơn vị")),
        unit=one.unit.name,
        role=one.get_role_display(),
        due_date=one.due_date,
        distance=calendar.distance(today, one.due_date, short=True),
        is_late=calendar.is_late(today, one.due_date),
        is_today=one.due_date is not None and calendar.closing_day(one.due_date) == today,
        unopened_since=None if one.opened_at else one.asked_since,
        urged=str(UrgeLevel(one.urge_level).label) if one.urge_level else "",
    )
