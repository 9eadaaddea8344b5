"""By when a signed document is sent: the day of the signature, the next working day at the latest.

Pure: what lists and the desk show beside what waits to be issued.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.regulation import Provision
from documents.workdays import WorkCalendar

NEXT_DAY, NEXT_MORNING = "next_day", "next_morning"
# "buổi sáng của ngày làm việc tiếp theo": the decision names no hour; offices close for noon then.
MORNING_ENDS = time(12, 0)


def last_moment(
    signed_at: datetime, rule: Provision[str], calendar: WorkCalendar, *, urgent: bool = False
) -> datetime:
    """When it must have been sent (QĐ 28/2018/QĐ-TTg Điều 6.2, Cần Thơ Điều 4.5, NĐ 30 Điều 18.1).

    Until then it is in time: the end of the morning, or of the day. What is urgent goes right after
    the signature: it is late from that day's end, whatever the day.
    """
    day = timezone.localtime(signed_at).date()
    if urgent:
        return _end_of(day)
    following = calendar.next_working_day(day)
    if rule.value == NEXT_MORNING:
        return _at(following, MORNING_ENDS)
    return _end_of(following)


def is_late(now: datetime, until: datetime, sent_at: datetime | None = None) -> bool:
    """True when it was sent too late, or has not been sent in time."""
    return (sent_at or now) > until


def _end_of(day: date) -> datetime:
    return _at(day + timedelta(days=1), time(0, 0)) - timedelta(seconds=1)


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))
