"""Seals the new acts of every agency; run by the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.models import Agency
from documents.actions import seal


class Command(BaseCommand):
    help = "Writes one seal for each agency that has new acts."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = [agency for agency in Agency.objects.order_by("pk") if seal(agency)]
        self.stdout.write(f"{len(sealed)} sealed")
