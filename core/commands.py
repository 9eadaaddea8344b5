"""What commands share: findings or figures as lines or JSON, the hour, and the exit code."""

import json
import sys
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock


class VerifyCommand(BaseCommand):
    """Prints findings. Exit 0: sound; 1: something found; 2: cannot be done."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def findings(self, **options: Any) -> Iterable[str]:
        """One sentence for each thing that is wrong."""
        raise NotImplementedError

    def facts(self) -> dict[str, Any]:
        """Counts that say how much was looked at."""
        return {}

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(self.findings(**options))
        facts = self.facts()
        if options["json"]:
            self.stdout.write(
                json.dumps(
                    {"sound": not found, "findings": found, **facts}, ensure_ascii=False, indent=2
                )
            )
        else:
            for line in found:
                self.stdout.write(line)
            looked = ", ".join(f"{name}: {value}" for name, value in facts.items())
            self.stdout.write(f"{'SOUND' if not found else f'{len(found)} FOUND'} ({looked})")
        if found:
            sys.exit(1)


class FactsCommand(BaseCommand):
    """Prints what it did, as figures. Exits with ``code`` when it counted any ``failed``; "" is
    the name of no figure."""

    failed, code = "failed", 2
    failure = "Some were passed over; the log says why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def work(self, **options: Any) -> dict[str, Any]:
        """Do it, and count it."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        facts = self.work(**options)
        if options["json"]:
            self.stdout.write(json.dumps(facts))
        else:
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
        if facts.get(self.failed):
            raise CommandError(self.failure, returncode=self.code)


class ClockCommand(FactsCommand):
    """One that the clock runs, and that a test runs at another hour: ``--at``."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--at", help="as if it were then (2026-11-27T07:30); for tests")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            moment = datetime.fromisoformat(options["at"]) if options["at"] else None
        except ValueError as error:
            raise CommandError(f"--at: {error}") from error
        with clock.set_to(moment) if moment else nullcontext():
            super().handle(*args, **options)
