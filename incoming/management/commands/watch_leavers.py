"""Puts what lies with those who have left before those who have it now; run by the clock."""

import logging
from dataclasses import asdict
from typing import Any

from accounts.models import Agency
from core.commands import ClockCommand
from dossiers import actions as dossiers
from incoming.actions import watch_leavers
from incoming.actions.leaving import Watched

_log = logging.getLogger(__name__)


class Command(ClockCommand):
    help = (
        "Asks who has it now for what lies with one who has left: a leader, a keeper, a giver, "
        "a worker."
    )
    failure = "Some agencies were not looked through; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
        whole, failed = Watched(), 0
        for agency in Agency.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            try:
                done, work = watch_leavers(agency), dossiers.watch_leavers(agency)
            except Exception:  # noqa: BLE001 -- the fault of one agency keeps no other from it
                _log.exception("agency %s: leavers were not looked for", agency.pk)
                failed += 1
                continue
            whole.left += done.left + work.left
            whole.back += done.back + work.back
        return {**asdict(whole), "failed": failed}
