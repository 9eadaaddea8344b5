"""Makes PDFs of the texts that wait: called when one has come, and by the clock for lost ones."""

from typing import Any

from django.core.management.base import BaseCommand

from outgoing.actions.converting import convert, drop_unanswered, waiting


class Command(BaseCommand):
    help = "Makes PDFs of the texts that wait for it."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sum(convert(pk) for pk in waiting())
        drop_unanswered()
        self.stdout.write(f"{done} converted")
