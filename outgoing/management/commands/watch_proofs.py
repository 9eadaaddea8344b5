"""Tells who keeps the originals which signatures will soon be hard to prove; run by the clock."""

import logging
from typing import Any

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from core.commands import ClockCommand
from outgoing.actions.watching import warn_of_weakening

_log = logging.getLogger(__name__)
WATCHERS = (Role.CLERK, Role.OFFICE_CHIEF, Role.AGENCY_ADMIN)


class Command(ClockCommand):
    help = "Tells clerks, chiefs and administrators whose documents will be hard to prove."
    failure = "Some people were not told; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
        held = Appointment.objects.in_force(clock.today()).filter(role__in=WATCHERS)
        told = failed = 0
        # Once for each person and agency, whatever posts he holds there.
        rows = held.select_related("user", "unit__agency__parent")
        rows = rows.order_by("unit__agency_id", "user_id", "pk")
        rows = rows.distinct("unit__agency_id", "user_id")
        for one in rows:
            try:
                told += warn_of_weakening(one)
            except Exception:  # noqa: BLE001 -- one keeps no other from being told
                _log.exception("appointment %s was not told", one.pk)
                failed += 1
        return {"told": told, "failed": failed}
