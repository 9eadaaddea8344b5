"""The installation's calendar: public holidays and the rows that the office keeps."""

from django.core.cache import cache
from django.db import transaction

from documents.models import CalendarDay
from documents.workdays import WorkCalendar

_KEY = "calendar-days"


def office_calendar() -> WorkCalendar:
    """The calendar of today; rows are read once in five minutes, or at once after an edit."""
    rows = cache.get_or_set(
        _KEY, lambda: list(CalendarDay.objects.values_list("date", "kind")), 300
    )
    return WorkCalendar(dict(rows or []))


def forget() -> None:
    """Read the rows anew next time; called when they are edited."""
    cache.delete(_KEY)
    # Again after the commit: another process may have kept what was before it.
    transaction.on_commit(lambda: cache.delete(_KEY))
