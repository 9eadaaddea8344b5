"""Proves that every stored file is the one that came, byte for byte."""

from collections.abc import Iterator
from typing import Any

from core.commands import VerifyCommand
from documents import verifying
from documents.models import StoredFile


class Command(VerifyCommand):
    help = "Proves that the stored files are those that came, and that none is unknown."

    def findings(self, **options: Any) -> Iterator[str]:
        yield from verifying.broken_files()
        for name in verifying.orphans_in_quarantine():
            yield f"quarantine {name}: waits for nobody"

    def facts(self) -> dict[str, Any]:
        return {"files": StoredFile.objects.count()}
