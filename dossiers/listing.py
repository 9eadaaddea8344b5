"""Dossiers as the lines of a list, and what narrows it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from core import clock
from core.text import fold
from documents.calendar import office_calendar
from documents.marks import marked
from documents.models import Waiting
from documents.querysets import OPEN_STATES
from dossiers import presenting
from dossiers.choices import State
from dossiers.models import Dossier

LATENESS = (
    ("late", _("Quá hạn")),
    ("today", _("Hạn hôm nay")),
    ("week", _("Hạn tuần này")),
    ("none", _("Không hạn")),
)


def lateness(code: str) -> Q:
    """Open ones that are "late", due "today" or this "week", or have no deadline ("none")."""
    today, calendar = clock.today(), office_calendar()
    late = calendar.late_until(today)
    running = Q(state__in=OPEN_STATES)
    match code:
        case "none":
            return running & Q(due_date__isnull=True)
        case "late":
            return running & Q(due_date__lte=late)
        case "week":
            return running & Q(due_date__gt=late, due_date__lte=calendar.week_until(today))
    return running & Q(due_date__gt=late, due_date__lte=today)


def narrowed(rows: QuerySet, asked: dict[str, Any]) -> QuerySet:
    """Rows of Document that pass what was filled in: q, state, year, lateness, kind."""
    if words := asked.get("q"):
        rows = rows.holding(fold(words).split())  # type: ignore[attr-defined]
    if asked.get("state"):
        rows = rows.filter(state=State(asked["state"]))
    if asked.get("year"):
        # A task has no year of a file; its own day stands for it.
        year = int(asked["year"])
        rows = rows.filter(Q(dossier__file_catalog=year) | Q(dossier__is_task=True, day__year=year))
    if asked.get("lateness"):
        rows = rows.filter(lateness(asked["lateness"]))
    if asked.get("kind"):
        rows = rows.filter(dossier__is_task=asked["kind"] == "task")
    return rows


def loaded_for(actor: Actor) -> QuerySet:
    """Dossiers with what their lines show."""
    unread = Waiting.objects.waiting_for(actor).filter(
        document=OuterRef("pk"), seen_at__isnull=True
    )
    return Dossier.objects.with_people().annotate(is_unread=Exists(unread))


def lines(actor: Actor, dossiers: Sequence[Any], words: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Lines of dossiers of ``loaded_for``, with these folded words marked.

    How much lies in one is told to whoever sees all of it.
    """
    calendar, today = office_calendar(), clock.today()
    tells = actor.sees_whole_agency or presenting.tells_hidden(actor)
    found = []
    for one in dossiers:
        one.agency = actor.agency
        running, due = one.state in OPEN_STATES, one.due_date
        found.append(
            {
                "document": one,
                "url": one.get_absolute_url(),
                "code": marked(one.file_code or "", words),
                "subject": marked(one.subject, words),
                "keeper": one.keeper,
                "total": one.doc_total if tells else None,
                "status": presenting.status_kind(one.state),
                "is_unread": one.is_unread,
                "due": {
                    "date": due,
                    "distance": calendar.distance(today, due, short=True) if running else "",
                    "late": running and calendar.is_late(today, due),
                    "today": running and due is not None and calendar.closing_day(due) == today,
                },
            }
        )
    return found
