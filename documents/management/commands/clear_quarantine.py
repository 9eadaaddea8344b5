"""Removes what broken requests have left in the quarantine; run by the clock."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from core import clock
from documents.actions import discard_abandoned
from documents.verifying import orphans_in_quarantine

_AGE = 24 * 3600  # a request that is still being sent is younger


class Command(BaseCommand):
    help = "Removes files of the quarantine that nobody waits for and that are a day old."

    def handle(self, *args: Any, **options: Any) -> None:
        root = Path(settings.DATA_ROOT) / "quarantine"
        removed = discard_abandoned(clock.now() - timedelta(seconds=_AGE))
        for name in orphans_in_quarantine():
            path = root / name
            try:
                if time.time() - path.stat().st_mtime < _AGE:
                    continue
            except FileNotFoundError:
                continue  # another clock was faster
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
            removed += 1
        self.stdout.write(f"{removed} removed")
