"""Tells who keeps the originals which signatures will soon be hard to prove; run by the clock."""

import json
import logging
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from outgoing.actions.watching import warn_of_weakening

_log = logging.getLogger(__name__)
WATCHERS = (Role.CLERK, Role.OFFICE_CHIEF, Role.AGENCY_ADMIN)


class Command(BaseCommand):
    help = "Tells clerks, chiefs and administrators whose documents will be hard to prove."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")
        parser.add_argument("--at", help="as if it were then (2026-11-27T07:30); for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error
        with clock.set_to(moment) if moment else nullcontext():
            facts = self._watch()
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
        if facts["failed"]:
            raise CommandError("Some people were not told; the log says why.", returncode=2)

    def _watch(self) -> dict[str, int]:
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
