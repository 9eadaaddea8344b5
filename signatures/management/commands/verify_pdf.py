"""The signatures of PDF files, for a person or for a program."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from signatures.files import UNREADABLE, plain, verdict_on
from signatures.revocation import with_revocation
from signatures.verdicts import describe

SOUND = ("valid", "unsigned")


class Command(BaseCommand):
    help = (
        "Examines the signatures of PDF files. Exit 0: every file is valid or unsigned; "
        "1: one is not; 2: one cannot be opened."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, *args: Any, **options: Any) -> None:
        rows, missing = [], []
        for name in options["files"]:
            try:
                verdict = with_revocation(verdict_on(name), Path(name))
            except (OSError, ValueError) as error:
                # A name with a NUL in it is no name at all.
                verdict = UNREADABLE
                missing.append(name)
                self.stderr.write(f"{_shown(name)}: {getattr(error, 'strerror', None) or error}")
            rows.append({"file": _shown(name), **plain(verdict)})
            if not options["json"]:
                self._print(rows[-1]["file"], verdict)
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        if missing:
            sys.exit(2)
        if any(row["verdict"] not in SOUND for row in rows):
            sys.exit(1)

    def _print(self, name: str, verdict: dict[str, Any]) -> None:
        words = describe(verdict)
        self.stdout.write(f"{name}: {words.title}. {words.text}")
        for line in (*words.lines, words.note):
            if line:
                self.stdout.write(f"  {line}")


def _shown(name: str) -> str:
    """A file name as text: bytes that are no UTF-8 cannot stand in JSON."""
    return os.fsencode(name).decode("utf-8", "replace")
