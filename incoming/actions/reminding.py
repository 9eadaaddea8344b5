"""remind: what the clock tells, once for each cause."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agency
from core import clock
from documents.addresses import address_of
from documents.calendar import office_calendar
from documents.models import Waiting
from incoming import reminders
from incoming.duty import Answering, Duty
from incoming.models import Reminder
from incoming.reminders import Told
from notifications.actions import post_lines, settle_reminders
from notifications.choices import Reminder as Kind
from notifications.models import Notification

_OF_OTHERS = (Kind.UNIT_OVERDUE, Kind.AGENCY_OVERDUE)
_NOON = time(12, 0)  # after it nobody is told what the morning begins with


@dataclass
class Reminded:
    """How much was said."""

    causes: int = 0
    notices: int = 0
    mornings: int = 0


@transaction.atomic
def remind(agency: Agency) -> Reminded:
    """Tell an agency's people what is due and late, and in the morning what the day begins with.

    Only on a working day, from the opening hour on. Two at once: the second waits for the first
    and finds nothing left to say (and the constraint of Reminder stands behind it).
    """
    now = timezone.localtime(clock.now())
    today, calendar = now.date(), office_calendar()
    done = Reminded()
    if not calendar.is_working_day(today) or now.time() < agency.opens_at:
        return done
    # No-key: verbs that write rows of this agency meanwhile do not wait.
    agency = Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    rows = reminders.waiting_until(agency, reminders.horizon(calendar, today))
    duty = Duty(agency, today)
    opened = reminders.opening(agency, today)
    waits = {
        (pk, _path(agency, row), row.due_date)
        for row in rows
        for pk in (None, *(one.user.pk for one in duty.of(row)))
    }
    settle_reminders(agency, opened, waits)
    fresh = _untold(agency, list(reminders.plan(agency, today, rows, duty)))
    done.causes = len(fresh)
    done.notices = _tell(agency, fresh)
    if now.time() < _NOON and _is_first(agency):
        done.mornings = _begin(agency, reminders.mornings(today, rows, duty))
    return done


def _untold(agency: Agency, told: list[Told]) -> list[Told]:
    """Those whose cause is new; written down before anybody hears of it."""
    known = set(
        Reminder.objects.filter(
            agency=agency, document__in={one.row.document_id for one in told}
        ).values_list(
            "kind", "document", "verb", "user", "group", "assignment", "due_date", "since"
        )
    )
    fresh = [one for one in told if one.cause not in known]
    Reminder.objects.bulk_create(
        Reminder(
            agency=agency,
            kind=one.kind,
            document_id=one.row.document_id,
            verb=one.row.verb,
            user_id=one.row.user_id,
            group_id=one.row.group_id,
            assignment=one.row.assignment,
            due_date=one.due_date,
            since=one.since,
            told_at=clock.now(),
        )
        for one in fresh
    )
    return fresh


def _is_first(agency: Agency) -> bool:
    """True once a day: this agency's morning has not been told yet."""
    _row, made = Reminder.objects.get_or_create(
        agency=agency,
        kind=Kind.MORNING,
        document=None,
        verb="",
        user=None,
        group=None,
        assignment=0,
        due_date=clock.today(),
        since=None,
        defaults={"told_at": clock.now()},
    )
    return made


def _begin(agency: Agency, figures: Mapping[int, Mapping[str, int]]) -> int:
    desk = reverse("reports:desk", args=[agency.slug])
    lines = [
        Notification(agency=agency, user_id=pk, kind=Kind.MORNING, path=desk, figures=dict(each))
        for pk, each in sorted(figures.items())
    ]
    post_lines(lines)
    return len(lines)


def _tell(agency: Agency, told: Iterable[Told]) -> int:
    """A line for each, or one for all of a kind where a person would get very many.

    Whoever is away finds the lines on his desk when he comes back; his mailbox is left alone.
    """
    found: dict[tuple[int, Kind, bool], list[Notification]] = {}
    for one in told:
        for person in one.people:
            key = (person.user.pk, one.kind, person.is_away)
            found.setdefault(key, []).append(_line(agency, one, person))
    desk = reverse("reports:desk", args=[agency.slug])
    late = f"{reverse('incoming:book', args=[agency.slug])}?tab=overdue"
    count = 0
    for (pk, kind, is_away), lines in found.items():
        if len(lines) > settings.REMIND_LINES:
            figures, path = {"count": len(lines)}, late if kind in _OF_OTHERS else desk
            lines = [Notification(agency=agency, user_id=pk, kind=kind, path=path, figures=figures)]
        post_lines(lines, by_mail=not is_away)
        count += len(lines)
    return count


def _line(agency: Agency, told: Told, person: Answering) -> Notification:
    return Notification(
        agency=agency,
        user=person.user,
        kind=told.kind,
        path=_path(agency, told.row),
        due_date=told.due_date,
        figures={"days": told.days},
        about=told.row.user if told.kind in _OF_OTHERS else None,
        on_behalf_of=person.on_behalf_of,
    )


def _path(agency: Agency, row: Waiting) -> str:
    return address_of(agency.slug, row.document)
