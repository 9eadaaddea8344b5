"""Queues the inspection of files whose task was lost; run by the clock."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from core import clock
from documents.models import QuarantinedFile
from incoming.tasks import inspect_files

_LOST = timedelta(minutes=3)  # a queued inspection takes less


class Command(BaseCommand):
    help = "Inspects files that have waited in the tray without an outcome."

    def handle(self, *args: Any, **options: Any) -> None:
        lost = (
            QuarantinedFile.objects.filter(
                inspection__isnull=True, arrived_at__lt=clock.now() - _LOST
            )
            .order_by("document_id")
            .values_list("document_id", flat=True)
            .distinct()
        )
        keys = list(lost)
        for key in keys:
            inspect_files.delay(key)
        self.stdout.write(f"{len(keys)} queued")
