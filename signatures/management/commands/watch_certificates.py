"""Tells the holders of certificates that end soon, once for 30, 7 and 1 days; run by the clock."""

import logging
from datetime import timedelta
from typing import Any

from core import clock
from core.commands import ClockCommand
from signatures.actions import warn_of_lapse
from signatures.actions.watching import DAYS
from signatures.models import SigningKey

_log = logging.getLogger(__name__)


class Command(ClockCommand):
    help = "Tells people and agency administrators whose certificates are about to lapse."
    failure = "Some keys were not looked at; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
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
