"""The fields that people of an agency follow, read once in five minutes."""

from django.core.cache import cache
from django.db import transaction

from core import clock
from documents.models import Follow

_SECONDS = 300


def follows_of(agency_id: int) -> list[Follow]:
    """The rows in force in an agency, with whoever follows."""
    key = _key(agency_id)
    found = cache.get(key)
    if found is None:
        rows = Follow.objects.in_force(clock.today()).filter(appointment__unit__agency=agency_id)
        whole = rows.select_related("appointment__user", "unit", "person").order_by("pk")
        # Passwords have no business in a cache.
        found = list(whole.defer("appointment__user__password", "person__password"))
        cache.set(key, found, _SECONDS)
    return list(found)


def forget(agency_id: int) -> None:
    """Read the rows anew next time; called when they are edited."""
    cache.delete(_key(agency_id))
    # Again after the commit: another process may have kept what was before it.
    transaction.on_commit(lambda: cache.delete(_key(agency_id)))


def _key(agency_id: int) -> str:
    return f"follows-{agency_id}-{clock.today():%Y%m%d}"
