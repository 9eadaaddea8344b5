"""Delivers what was issued, and writes back what receivers have done; run by the clock."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exchange.delivering import deliver


class Command(BaseCommand):
    help = "Delivers what waits, and notes what receivers have done with what has arrived."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = deliver()
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
