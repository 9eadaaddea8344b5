"""Proves grants and waiting rows equal to what acts and assignments say (design, section 3)."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandParser
from guardian.models import GroupObjectPermission, UserObjectPermission

from core.commands import VerifyCommand
from documents.models import GroupGrant, UserGrant, Waiting
from dossiers import verifying as dossiers
from incoming import verifying
from outgoing import verifying as outgoing


class Command(VerifyCommand):
    help = "Proves that people see and are asked for exactly what the trail says."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--rebuild", action="store_true", help="make wrong rows right")

    def findings(self, **options: Any) -> Iterator[str]:
        yield from verifying.findings(repair=options["rebuild"])
        yield from dossiers.findings(repair=options["rebuild"])
        yield from outgoing.findings(repair=options["rebuild"])
        for table in (UserObjectPermission, GroupObjectPermission):
            if table.objects.exists():
                yield f"{table.__name__}: the generic table of guardian must be empty"

    def facts(self) -> dict[str, Any]:
        return {
            "grants": UserGrant.objects.count() + GroupGrant.objects.count(),
            "waiting": Waiting.objects.count(),
        }
