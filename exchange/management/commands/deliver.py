"""Delivers what was issued, and writes back what receivers have done; run by the clock."""

from typing import Any

from core.commands import FactsCommand
from exchange.delivering import deliver


class Command(FactsCommand):
    help = "Delivers what waits, and notes what receivers have done with what has arrived."

    def work(self, **options: Any) -> dict[str, int]:
        return deliver()
