"""Working hours: when people of the demo do what they do."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from documents.workdays import WorkCalendar

OPENS, NOON, CLOSES = time(7, 30), time(11, 30), time(17, 0)
_HOURS = ((OPENS, NOON), (time(13, 30), CLOSES))


def at(day: date, clock: time) -> datetime:
    """That moment in the office's time zone."""
    return timezone.make_aware(datetime.combine(day, clock))


def last_half_day(now: datetime, calendar: WorkCalendar) -> date:
    """The last working day whose morning is over: nothing of the demo lies in the future."""
    local = timezone.localtime(now)
    day = local.date()
    if local.time() < NOON:
        day -= timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def later(moment: datetime, minutes: float, calendar: WorkCalendar) -> datetime:
    """So many working minutes later; lunch, nights and days off do not count."""
    for start, end in _spans(moment, calendar):
        room = (end - start).total_seconds() / 60
        if minutes <= room:
            return start + timedelta(minutes=minutes)
        minutes -= room
    raise AssertionError("the working hours never end")


def between(start: datetime, end: datetime, calendar: WorkCalendar) -> float:
    """Working minutes from one moment to another."""
    total = 0.0
    for opens, closes in _spans(start, calendar):
        if opens >= end:
            break
        total += (min(closes, end) - opens).total_seconds() / 60
    return total


def _spans(moment: datetime, calendar: WorkCalendar) -> Iterator[tuple[datetime, datetime]]:
    day = timezone.localtime(moment).date()
    while True:
        if calendar.is_working_day(day):
            for opens, closes in _HOURS:
                if at(day, closes) > moment:
                    yield max(at(day, opens), moment), at(day, closes)
        day += timedelta(days=1)
