"""What the clock has to say today in an agency: planned here, told by ``actions.reminding``.

Of each piece of waiting work only the step that it has reached by now: whoever was not told
yesterday, because nothing ran, is not told today of what would have been said then.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from accounts.models import Agency, Unit
from documents.calendar import office_calendar
from documents.models import Assignment, Waiting
from documents.workdays import WorkCalendar
from incoming.duty import Answering, Duty
from notifications.choices import Reminder


@dataclass(frozen=True)
class Told:
    """One thing to be told: the cause, whom, and how many working days before or after."""

    kind: Reminder
    row: Waiting
    people: tuple[Answering, ...]
    days: int

    @property
    def due_date(self) -> date:
        """The deadline that it speaks of."""
        assert self.row.due_date is not None  # noqa: S101 -- waiting_until asks for it
        return self.row.due_date

    @property
    def since(self) -> date:
        """The day since when it waits: work that was reopened or returned waits anew."""
        return timezone.localtime(self.row.since).date()

    @property
    def cause(self) -> tuple[object, ...]:
        """What makes it the same cause; a moved deadline and reopened work make another."""
        row = self.row
        return (
            self.kind, row.document_id, row.verb, row.user_id, row.group_id, row.assignment,
            row.due_date, self.since,
        )  # fmt: skip


def opening(agency: Agency, day: date) -> datetime:
    """When the agency opens on that day."""
    return timezone.make_aware(datetime.combine(day, agency.opens_at))


def waiting_until(agency: Agency, day: date) -> list[Waiting]:
    """What waits in the agency with a deadline up to that day."""
    rows = Waiting.objects.filter(agency=agency, due_date__lte=day).due()
    return list(rows.select_related("user", "document").order_by("due_date", "pk"))


def steps(calendar: WorkCalendar, today: date, row: Waiting) -> Iterator[tuple[Reminder, int]]:
    """The steps that a piece of work has reached on a working day, and its working days."""
    assert row.due_date is not None  # noqa: S101 -- waiting_until asks for it
    closes = calendar.closing_day(row.due_date)
    if today > closes:
        late = max(1, -calendar.working_days_between(today, closes))
        yield Reminder.OVERDUE, late
        if late >= settings.REMIND_HEAD:
            yield Reminder.UNIT_OVERDUE, late
        if late >= settings.REMIND_CHIEF:
            yield Reminder.AGENCY_OVERDUE, late
    elif today == closes:
        yield Reminder.DUE_TODAY, 0
    else:
        left = calendar.working_days_between(today, closes)
        began = timezone.localtime(row.since).date()
        # A term as short as the warning needs none: it has just been given.
        if (
            left <= settings.REMIND_SOON
            and calendar.working_days_between(began, closes) > settings.REMIND_SOON
        ):
            yield Reminder.DUE_SOON, left


def plan(agency: Agency, today: date, rows: Iterable[Waiting], duty: Duty) -> Iterator[Told]:
    """Everything that is to be told today; who was told before is not known here."""
    calendar = office_calendar()
    opened = opening(agency, today)
    rows = [row for row in rows if row.since < opened]  # what came since has been told by its verb
    units = _units(agency, rows)
    reached = [(row, list(steps(calendar, today, row))) for row in rows]
    seeing = duty.seen_by_heads(
        {row.document_id for row, said in reached if Reminder.UNIT_OVERDUE in dict(said)}
    )
    for row, said in reached:
        asked = duty.of(row)
        unit = units.get(row.assignment) or duty.unit_of(row)
        known = {one.user for one in asked}
        for kind, days in said:
            match kind:
                case Reminder.UNIT_OVERDUE:
                    people = duty.heads_above(unit, known, row.verb, seeing[row.document_id])
                case Reminder.AGENCY_OVERDUE:
                    people = duty.chiefs(row.verb)
                case _:
                    people = asked
            # Nobody is told twice of one thing in a morning: the nearest step counts.
            fresh = people if people is asked else [one for one in people if one.user not in known]
            known |= {one.user for one in fresh}
            if fresh:
                yield Told(kind, row, tuple(fresh), days)


def mornings(today: date, rows: Iterable[Waiting], duty: Duty) -> dict[int, Counter[str]]:
    """What each person (by key) begins the day with: late, today, later this week.

    Whoever is stood in for finds it when he comes back; until then his delegate counts it.
    """
    calendar = office_calendar()
    week = calendar.week_until(today)
    found: dict[int, Counter[str]] = {}
    for row in rows:
        assert row.due_date is not None  # noqa: S101 -- waiting_until asks for it
        closes = calendar.closing_day(row.due_date)
        name = (
            "late" if today > closes
            else "today" if today == closes
            else "week" if row.due_date <= week
            else ""
        )  # fmt: skip
        if name:
            for pk in {one.user.pk for one in duty.of(row) if not one.is_away}:
                found.setdefault(pk, Counter())[name] += 1
    return found


def horizon(calendar: WorkCalendar, today: date) -> date:
    """The last deadline that matters today: this week's, or within the warning."""
    soon = calendar.add_working_days(today, max(settings.REMIND_SOON, 0))
    return max(soon, calendar.week_until(today))


def _units(agency: Agency, rows: Iterable[Waiting]) -> dict[int, Unit]:
    keys = Q(pk__in={row.assignment for row in rows if row.assignment})
    given = Assignment.objects.filter(keys, unit__agency=agency).select_related("unit__parent")
    return {one.pk: one.unit for one in given}
