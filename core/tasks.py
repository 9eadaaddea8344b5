"""Work outside the request: queued after the commit, or commands that the clock runs."""

from typing import Any

from celery import Task, shared_task
from django.core.management import call_command
from django.db import transaction

ALLOWED = frozenset(
    {
        "begin_following",
        "seal_trail",
        "clear_quarantine",
        "inspect_tray",
        "remind",
        "record_rounds",
        "send_mail",
        "convert_drafts",
        "sign_batches",
        "deliver",
        "read_bounces",
        "watch_certificates",
        "watch_leavers",
        "watch_proofs",
    }
)


def after_commit(task: "Task[Any, Any]", *args: object) -> None:
    """Queue a task after the commit; a broker that is away costs only the task."""

    def queue() -> None:  # a partial has no name, and Django asks for one when it logs a failure
        task.delay(*args)

    transaction.on_commit(queue, robust=True)


@shared_task
def run_command(name: str) -> None:
    """Run a management command by name. Raises ValueError when it is not on the list."""
    if name not in ALLOWED:
        raise ValueError(f"{name} is not a command of the clock.")
    call_command(name)
