"""Puts a list of agencies into the directory of recipients."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import directory


class Command(BaseCommand):
    help = "Puts a list (CSV in UTF-8, or XLSX) into the directory of recipients; all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what it would change")
        parser.add_argument(
            "--whole", action="store_true", help="switch off what is not in this list"
        )
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            self.stderr.write(f"{path}: no such file")
            sys.exit(2)
        reading = directory.read(path)
        outcome = directory.Outcome()
        if not reading.faults:
            outcome = directory.put(reading, whole=options["whole"], dry=options["dry_run"])
        facts = {
            **asdict(outcome),
            "faults": [str(one) for one in reading.faults],
            "more_faults": reading.unnamed,
            "dry_run": options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2))
        else:
            for line in facts.pop("faults"):
                self.stdout.write(line)
            self.stdout.write(", ".join(f"{name}: {value}" for name, value in facts.items()))
        if reading.faults:
            sys.exit(1)
