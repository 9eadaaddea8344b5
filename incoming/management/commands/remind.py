"""Tells people what is due soon, due and late, once for each cause; run by the clock."""

import json
import logging
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Agency
from core import clock
from incoming.actions import remind
from incoming.actions.reminding import Reminded

_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Reminds the people of every agency that is open now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")
        parser.add_argument("--at", help="as if it were then (2026-11-27T07:30); for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error
        with clock.set_to(moment) if moment else nullcontext():
            facts = self._remind()
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
        if facts["failed"]:
            raise CommandError("Some agencies were not reminded; the log says why.", returncode=2)

    def _remind(self) -> dict[str, int]:
        whole, agencies, failed = Reminded(), 0, 0
        for agency in Agency.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            try:
                done = remind(agency)
            except Exception:  # noqa: BLE001 -- the fault of one agency keeps no other from hearing
                _log.exception("agency %s was not reminded", agency.pk)
                failed += 1
                continue
            agencies += done != Reminded()
            for name, value in asdict(done).items():
                setattr(whole, name, getattr(whole, name) + value)
        return {"agencies": agencies, **asdict(whole), "failed": failed}
