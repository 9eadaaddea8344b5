"""What the verify_* commands share: findings as lines or JSON, and the exit code."""

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser


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
