"""The clock's one task: beat triggers management commands, each of which can be run by hand."""

from celery import shared_task
from django.core.management import call_command

ALLOWED = frozenset({"seal_trail", "clear_quarantine"})


@shared_task
def run_command(name: str) -> None:
    """Run a management command by name. Raises ValueError when it is not on the list."""
    if name not in ALLOWED:
        raise ValueError(f"{name} is not a command of the clock.")
    call_command(name)
