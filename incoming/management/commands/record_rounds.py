"""Writes down how each round went, just after its hour (Bình Định Điều 9.1); run by the clock."""

import json
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Agency
from core import clock
from incoming.actions import record_rounds


class Command(BaseCommand):
    help = "Records the rounds that are over, in agencies whose regulation has rounds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")
        parser.add_argument("--at", help="as if it were then (2026-11-27T09:01); for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error
        with clock.set_to(moment) if moment else nullcontext():
            agencies = Agency.objects.filter(is_active=True).select_related("parent")
            recorded = sum(record_rounds(agency) for agency in agencies.order_by("pk"))
        facts = {"recorded": recorded}
        self.stdout.write(json.dumps(facts) if options["json"] else f"{recorded} recorded")
