"""Writes down how each round went, just after its hour (Bình Định Điều 9.1); run by the clock."""

from typing import Any

from accounts.models import Agency
from core.commands import ClockCommand
from incoming.actions import record_rounds


class Command(ClockCommand):
    help = "Records the rounds that are over, in agencies whose regulation has rounds."

    def work(self, **options: Any) -> dict[str, int]:
        agencies = Agency.objects.filter(is_active=True).select_related("parent")
        return {"recorded": sum(record_rounds(agency) for agency in agencies.order_by("pk"))}
