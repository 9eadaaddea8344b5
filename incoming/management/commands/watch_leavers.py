"""Puts what lies with leaders who have left before those who proposed it; run by the clock."""

import logging
from dataclasses import asdict
from typing import Any

from accounts.models import Agency
from core.commands import ClockCommand
from incoming.actions import watch_leavers
from incoming.actions.leaving import Watched

_log = logging.getLogger(__name__)


class Command(ClockCommand):
    help = "Asks whoever proposes for what lies with a leader who has left."
    failure = "Some agencies were not looked through; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
        whole, failed = Watched(), 0
        for agency in Agency.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            try:
                done = watch_leavers(agency)
            except Exception:  # noqa: BLE001 -- the fault of one agency keeps no other from it
                _log.exception("agency %s: leavers were not looked for", agency.pk)
                failed += 1
                continue
            whole.left += done.left
            whole.back += done.back
        return {**asdict(whole), "failed": failed}
