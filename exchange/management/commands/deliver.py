"""Delivers what was issued, and writes back what receivers have done; run by the clock."""

from typing import Any

from core.commands import FactsCommand
from exchange.delivering import deliver


class Command(FactsCommand):
    failed = ""  # what is not delivered is tried again, and stands in the list of the office
    help = "Delivers what waits, and notes what receivers have done with what has arrived."

    def work(self, **options: Any) -> dict[str, int]:
        return deliver()
