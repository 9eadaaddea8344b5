"""Proves that no register has a gap or a double number (NĐ 30/2020 Điều 22.2)."""

from collections.abc import Iterator
from typing import Any

from core.commands import VerifyCommand
from documents import verifying
from documents.models import Register


class Command(VerifyCommand):
    help = "Proves that the registers have no gap and no double number."

    def findings(self, **options: Any) -> Iterator[str]:
        yield from verifying.broken_registers()

    def facts(self) -> dict[str, Any]:
        return {"registers": Register.objects.count()}
