"""Tells the holders of certificates that end soon, once for 30, 7 and 1 days; run by the clock."""

import json
import logging
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from signatures.actions import warn_of_lapse
from signatures.actions.watching import DAYS
from signatures.models import SigningKey

_log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Tells people and agency administrators whose certificates are about to lapse."

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
            raise CommandError("Some keys were not looked at; the log says why.", returncode=2)

    def _watch(self) -> dict[str, int]:
        near = clock.now() + timedelta(days=max(DAYS))
        keys = lines = failed = 0
        for key in SigningKey.objects.active().filter(valid_to__lte=near).order_by("pk"):
            try:
                told = warn_of_lapse(key)
            except Exception:  # noqa: BLE001 -- one key keeps no other from being looked at
                _log.exception("key %s was not looked at", key.pk)
                failed += 1
                continue
            keys += bool(told)
            lines += told
        return {"keys": keys, "told": lines, "failed": failed}
