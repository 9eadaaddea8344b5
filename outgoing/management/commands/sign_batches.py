"""Does what was asked for many documents at once: called when it was asked, and by the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from outgoing.actions.batching import going, run


class Command(BaseCommand):
    help = "Signs, numbers and seals what was asked for many documents at once."

    def handle(self, *args: Any, **options: Any) -> None:
        done = sum(run(batch) for batch in going())
        self.stdout.write(f"{done} done")
