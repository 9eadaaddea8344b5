"""Late registering: the day of arrival against the day of the book (NĐ 30/2020 Điều 4.2c, 23.1)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from core import clock
from documents.calendar import office_calendar
from documents.workdays import WorkCalendar
from incoming.models import IncomingDocument


@dataclass(frozen=True)
class Lateness:
    """By how many working days a document is entered late, and what says so."""

    days: int
    arrived: date
    registered: date | None  # None: it still waits in the tray
    article: str


def of_registering(
    document: IncomingDocument, calendar: WorkCalendar | None = None
) -> Lateness | None:
    """How late the document was entered, or is by now; None when it is in time.

    The same day, the next working day at the latest; urgent ones the same day.
    """
    regulation = document.agency.regulation
    calendar = calendar or office_calendar()
    at_once = document.priority and regulation.urgent_at_once.value
    days = 0 if at_once else regulation.register_days.value
    limit = calendar.add_working_days(document.day, days)
    entered = timezone.localdate(document.registered_at) if document.registered_at else None
    until = entered or clock.today()
    if until <= limit:
        return None
    provision = regulation.urgent_at_once if at_once else regulation.register_days
    return Lateness(
        max(1, calendar.working_days_between(limit, until)),
        document.day,
        entered,
        provision.article,
    )
