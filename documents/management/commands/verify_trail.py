"""Proves that no act was changed, removed or put in between (design, section 5)."""

from collections.abc import Iterator
from typing import Any

from core.commands import VerifyCommand
from documents import verifying


class Command(VerifyCommand):
    help = "Proves the trail of all documents and the seals over it."

    def findings(self, **options: Any) -> Iterator[str]:
        yield from verifying.broken_chains()
        yield from verifying.broken_states()
        yield from verifying.broken_seals()

    def facts(self) -> dict[str, Any]:
        return verifying.counts()
