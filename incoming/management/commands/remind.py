"""Tells people what is due soon, due and late, once for each cause; run by the clock."""

import logging
from dataclasses import asdict
from typing import Any

from accounts.models import Agency
from core.commands import ClockCommand
from incoming.actions import remind
from incoming.actions.reminding import Reminded

_log = logging.getLogger(__name__)


class Command(ClockCommand):
    help = "Reminds the people of every agency that is open now."
    failure = "Some agencies were not reminded; the log says why."

    def work(self, **options: Any) -> dict[str, int]:
        whole, agencies, failed = Reminded(), 0, 0
        for agency in Agency.objects.filter(is_active=True).select_related("parent").order_by("pk"):
            try:
                done = remind(agency)
            except Exception:  # noqa: BLE001 -- the fault of one agency keeps no other from hearing
                _log.exception("agency %s was not reminded", agency.pk)
                failed += 1
                continue
            agencies += done != Reminded()
            for name, value in asdict(done).items():
                setattr(whole, name, getattr(whole, name) + value)
        return {"agencies": agencies, **asdict(whole), "failed": failed}
