"""Lets those who were named to follow a field see the open work in it; run by the clock."""

import logging
from typing import Any

from accounts.models import Agency
from core.commands import ClockCommand
from documents.actions import begin_following

_log = logging.getLogger(__name__)


class Command(ClockCommand):
    help = "Lets whoever follows a field or watches a unit see the open work that lies there."
    failure = "Some agencies were not looked through; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
        shown = failed = 0
        for agency in Agency.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            try:
                shown += begin_following(agency)
            except Exception:  # noqa: BLE001 -- the fault of one agency keeps no other from it
                _log.exception("agency %s: who follows what was not looked through", agency.pk)
                failed += 1
        return {"shown": shown, "failed": failed}
