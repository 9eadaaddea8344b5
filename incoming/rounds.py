"""The rounds at which the clerk submits (Bình Định Điều 9.1)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import Agency
from core import clock
from documents.calendar import office_calendar


@dataclass(frozen=True)
class Round:
    """The next round: until when what has arrived is to be submitted, and who says so."""

    at: datetime
    is_today: bool
    article: str


def next_round(agency: Agency) -> Round | None:
    """The next round of a working day; None in an agency without rounds."""
    provision = agency.regulation.rounds
    if provision is None:
        return None
    now, calendar = timezone.localtime(clock.now()), office_calendar()
    times = sorted(time.fromisoformat(each) for each in provision.value)
    day = now.date()
    while True:
        for each in times if calendar.is_working_day(day) else ():
            at = timezone.make_aware(datetime.combine(day, each))
            if at > now:
                return Round(at, day == now.date(), provision.article)
        day += timedelta(days=1)
