"""Working days: deadlines are counted in them, and shown in them.

The public holidays of Vietnam come from the holidays package; what it cannot know (the yearly
swaps of a working day with a Saturday) is data that the office keeps, seeded from SEED.
"""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays
from django.utils.translation import gettext, ngettext

HOLIDAY = "holiday"
SWAP_OFF = "swap_off"
SWAP_WORK = "swap_work"
KINDS = frozenset({HOLIDAY, SWAP_OFF, SWAP_WORK})

# The package's lunar days end here; outside, only the office's own rows and weekends count.
_YEARS = range(1990, 2100)
# 24/11 is in the package, but its place in the Labour Code was not confirmed when this was
# written: it is a working day until the office enters a row with its source.
_ONLY_BY_ROW = frozenset({(11, 24)})
_DAY = timedelta(days=1)


class CalendarDay(NamedTuple):
    """A day that differs from the package's calendar, and who said so."""

    day: date
    kind: str
    name: str
    source: str


_PACKAGE = "Gói holidays 0.109"
SEED = (
    CalendarDay(date(2024, 4, 29), SWAP_OFF, "Hoán đổi với 04/05/2024", _PACKAGE),
    CalendarDay(date(2024, 5, 4), SWAP_WORK, "Làm bù cho 29/04/2024", _PACKAGE),
    CalendarDay(date(2025, 5, 2), SWAP_OFF, "Hoán đổi với 26/04/2025", _PACKAGE),
    CalendarDay(date(2025, 4, 26), SWAP_WORK, "Làm bù cho 02/05/2025", _PACKAGE),
    CalendarDay(
        date(2026, 1, 2),
        SWAP_OFF,
        "Hoán đổi với 10/01/2026",
        "Công văn 12729/VPCP-KGVX ngày 25/12/2025",
    ),
    CalendarDay(
        date(2026, 1, 10),
        SWAP_WORK,
        "Làm bù cho 02/01/2026",
        "Công văn 12729/VPCP-KGVX ngày 25/12/2025",
    ),
    CalendarDay(date(2026, 8, 31), SWAP_OFF, "Hoán đổi với 22/08/2026", _PACKAGE),
    CalendarDay(date(2026, 8, 22), SWAP_WORK, "Làm bù cho 31/08/2026", _PACKAGE),
)


@cache
def _public_holidays(year: int) -> frozenset[date]:
    if year not in _YEARS:
        return frozenset()
    days = holidays.country_holidays("VN", years=year)
    return frozenset(day for day in days if (day.month, day.day) not in _ONLY_BY_ROW)


class WorkCalendar:
    """An agency's calendar: weekends, public holidays, and the days that differ."""

    def __init__(self, swap_days: Mapping[date, str], weekend: tuple[int, ...] = (5, 6)) -> None:
        if unknown := set(swap_days.values()) - KINDS:
            raise ValueError(f"Unknown kind of day: {', '.join(sorted(unknown))}")
        self._rows = dict(swap_days)
        self._weekend = frozenset(weekend)
        # Sorted days off that are no weekend, by year; working weekends; both for counting.
        self._off: dict[int, list[date]] = {}
        self._extra = sorted(
            day
            for day, kind in self._rows.items()
            if kind == SWAP_WORK and day.weekday() in self._weekend
        )

    def is_working_day(self, day: date) -> bool:
        """Does the office work on that day?"""
        if row := self._rows.get(day):
            return row == SWAP_WORK
        return day.weekday() not in self._weekend and day not in _public_holidays(day.year)

    def next_working_day(self, day: date) -> date:
        """The first working day after that day."""
        day += _DAY
        while not self.is_working_day(day):
            day += _DAY
        return day

    def closing_day(self, day: date) -> date:
        """The day itself, or the next working day: a term that ends on a day off ends then."""
        return day if self.is_working_day(day) else self.next_working_day(day)

    def add_working_days(self, day: date, days: int) -> date:
        """The day on which a term of so many working days ends; the first day is not counted."""
        if days < 0:
            raise ValueError("A term does not run backwards.")
        if days == 0:
            return self.closing_day(day)
        for _unused in range(days):
            day = self.next_working_day(day)
        return day

    def working_days_between(self, today: date, due: date) -> int:
        """Working days left, the due day counted and today not; below zero when it has passed."""
        if due < today:
            return -self._count(due, today)
        return self._count(today, due)

    def is_late(self, today: date, due: date | None) -> bool:
        """Late from the day after the closing day."""
        return due is not None and today > self.closing_day(due)

    def late_until(self, today: date) -> date:
        """The last day that is late: what is due on it or before closed before today."""
        return self._last_working_day(today - _DAY)

    def week_until(self, today: date) -> date:
        """The last day that still closes in this week."""
        return self._last_working_day(today + (6 - today.weekday()) * _DAY)

    def distance(self, today: date, due: date | None, *, short: bool = False) -> str:
        """What stands beside a date: "còn 2 ngày làm việc", "hôm nay"; ``short`` in tables."""
        if due is None:
            return gettext("không hạn")
        due = self.closing_day(due)
        if due == today:
            return gettext("hôm nay")
        days = self.working_days_between(today, due)
        if due < today:
            # On the weekend after the due day no working day has passed, yet it is late.
            late = max(1, -days)
            text = ngettext("quá hạn %(days)d ngày", "quá hạn %(days)d ngày", late)
            return text % {"days": late}
        if short:
            text = ngettext("còn %(days)d ngày", "còn %(days)d ngày", days)
        else:
            text = ngettext("còn %(days)d ngày làm việc", "còn %(days)d ngày làm việc", days)
        return text % {"days": days}

    def _last_working_day(self, day: date) -> date:
        while not self.is_working_day(day):
            day -= _DAY
        return day

    def _count(self, after: date, until: date) -> int:
        """Working days in (after, until]: whole weeks, less the days off; years cost nothing."""
        weeks, rest = divmod((until - after).days, 7)
        count = weeks * (7 - len(self._weekend))
        count += sum(
            (until - timedelta(days=back)).weekday() not in self._weekend for back in range(rest)
        )
        for year in range(max(after.year, _YEARS.start), min(until.year, _YEARS.stop - 1) + 1):
            off = self._days_off(year)
            count -= bisect_right(off, until) - bisect_right(off, after)
        return count + bisect_right(self._extra, until) - bisect_right(self._extra, after)

    def _days_off(self, year: int) -> list[date]:
        if year not in self._off:
            named = {day for day in self._rows if day.year == year}
            self._off[year] = sorted(
                day
                for day in _public_holidays(year) | named
                if day.weekday() not in self._weekend and not self.is_working_day(day)
            )
        return self._off[year]
