"""Working days: holidays, swaps, counting, and the words beside a date."""

import random
from datetime import date, timedelta

import pytest
from django.utils import translation

from documents.workdays import SEED, SWAP_WORK, WorkCalendar


@pytest.fixture
def calendar():
    return WorkCalendar({row.day: row.kind for row in SEED})


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2024, 11, 19), True),
        (date(2024, 11, 23), False),  # Saturday
        (date(2024, 2, 12), False),  # Tết
        (date(2024, 9, 3), False),
        (date(2026, 1, 2), False),  # Friday, swapped
        (date(2026, 1, 10), True),  # Saturday, worked instead
        (date(2026, 8, 31), False),
        (date(2026, 8, 22), True),
        (date(2025, 5, 2), False),
        (date(2025, 4, 26), True),
        (date(2026, 4, 27), False),  # for Sunday's Giỗ Tổ
        (date(2026, 2, 23), True),
    ],
)
def test_is_working_day(calendar, day, works):
    assert calendar.is_working_day(day) is works


def test_the_day_of_culture_waits_for_a_row():
    assert WorkCalendar({}).is_working_day(date(2026, 11, 24))


def test_a_row_beats_the_package():
    assert WorkCalendar({date(2026, 4, 30): SWAP_WORK}).is_working_day(date(2026, 4, 30))


def test_seed_swaps_come_in_pairs():
    kinds = [row.kind for row in SEED]
    assert kinds.count("swap_off") == kinds.count("swap_work") == 4
    assert all(row.name and row.source for row in SEED)


def test_unknown_kind():
    with pytest.raises(ValueError, match="feast"):
        WorkCalendar({date(2026, 1, 1): "feast"})


@pytest.mark.parametrize(
    ("day", "days", "end"),
    [
        (date(2024, 11, 18), 4, date(2024, 11, 22)),
        (date(2024, 11, 22), 1, date(2024, 11, 25)),
        (date(2024, 11, 23), 0, date(2024, 11, 25)),
        (date(2025, 12, 31), 1, date(2026, 1, 5)),
        (date(2026, 1, 9), 1, date(2026, 1, 10)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),
    ],
)
def test_add_working_days(calendar, day, days, end):
    assert calendar.add_working_days(day, days) == end


def test_a_term_does_not_run_backwards(calendar):
    with pytest.raises(ValueError, match="backwards"):
        calendar.add_working_days(date(2026, 1, 9), -1)


@pytest.mark.parametrize(
    ("due", "words", "short"),
    [
        (None, "không hạn", "không hạn"),
        (date(2024, 11, 19), "hôm nay", "hôm nay"),
        (date(2024, 11, 21), "còn 2 ngày làm việc", "còn 2 ngày"),
        (date(2024, 11, 25), "còn 4 ngày làm việc", "còn 4 ngày"),
        (date(2024, 11, 24), "còn 4 ngày làm việc", "còn 4 ngày"),  # Sunday ends on Monday
        (date(2024, 11, 18), "quá hạn 1 ngày", "quá hạn 1 ngày"),
        (date(2024, 11, 15), "quá hạn 2 ngày", "quá hạn 2 ngày"),
    ],
)
def test_distance_on_a_tuesday(calendar, due, words, short):
    today = date(2024, 11, 19)
    with translation.override("vi"):
        assert calendar.distance(today, due) == words
        assert calendar.distance(today, due, short=True) == short


def test_the_weekend_after_the_due_day_is_late(calendar):
    with translation.override("vi"):
        assert calendar.distance(date(2024, 11, 23), date(2024, 11, 22)) == "quá hạn 1 ngày"
    assert calendar.is_late(date(2024, 11, 23), date(2024, 11, 22))
    assert not calendar.is_late(date(2024, 11, 25), date(2024, 11, 24))
    assert not calendar.is_late(date(2024, 11, 25), None)


def test_counting_is_the_same_as_walking(calendar):
    dice = random.Random(2017)
    for _turn in range(300):
        start = date(2023, 12, 1) + timedelta(days=dice.randrange(1200))
        end = start + timedelta(days=dice.randrange(90))
        walked = sum(
            calendar.is_working_day(start + timedelta(days=step))
            for step in range(1, (end - start).days + 1)
        )
        assert calendar.working_days_between(start, end) == walked
        assert calendar.working_days_between(end, start) == -walked


def test_far_dates_cost_nothing(calendar):
    assert calendar.working_days_between(date(2026, 1, 1), date(9999, 12, 31)) > 2_000_000
    assert calendar.working_days_between(date(1, 1, 1), date(2026, 1, 1)) > 500_000


def test_another_weekend():
    sunday_only = WorkCalendar({}, weekend=(6,))
    assert sunday_only.is_working_day(date(2024, 11, 23))
    assert sunday_only.working_days_between(date(2024, 11, 18), date(2024, 11, 25)) == 6
