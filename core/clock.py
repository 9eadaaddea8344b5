"""The time. Everything asks here, so that the demo and the tests can set it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_frozen: ContextVar[datetime | None] = ContextVar("frozen_time", default=None)


def now() -> datetime:
    """This moment, aware."""
    return _frozen.get() or timezone.now()


def today() -> date:
    """The day in the office's time zone (Asia/Ho_Chi_Minh)."""
    return timezone.localtime(now()).date()


def day_of(moment: datetime) -> date:
    """The day of a moment in the office's time zone."""
    return timezone.localtime(moment).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Hold the time at ``moment`` inside the block; for the demo and the tests only."""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
