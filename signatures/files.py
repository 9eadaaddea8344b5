"""The verdict on one file, whatever the file is: examined in the bounded process."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from core import clock
from documents.inspection import inspect

SECONDS = 30  # a file
MEMORY = 1024  # MiB a file
EXAMINER = "signatures.pdf.examine"
KEYS = (
    "field",
    "signer",
    "issuer",
    "serial",
    "signing_time",
    "intact",
    "trusted",
    "covers_whole_file",
    "modification",
    "reason",
)
UNREADABLE: dict[str, Any] = {"verdict": "unreadable", "signatures": []}


def verdict_on(path: str | Path) -> dict[str, Any]:
    """What `signatures.pdf.examine` answers, or "unreadable"; never raises for what a file holds.

    Raises OSError when there is no file to read.
    """
    with open(path, "rb"):  # noqa: PTH123 -- only whether it can be read; names may be odd bytes
        pass
    found = inspect(
        path,
        seconds=SECONDS,
        memory_mib=MEMORY,
        programs=[EXAMINER],
        arguments={
            EXAMINER: {
                "anchors": settings.SIGNATURE_ANCHORS,
                "now": timezone.localtime(clock.now()).isoformat(),
            }
        },
    )
    return found.extra.get(EXAMINER) or UNREADABLE


def plain(verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict with the keys that are promised to other programs, and no others."""
    return {
        "verdict": verdict["verdict"],
        "signatures": [{key: one[key] for key in KEYS} for one in verdict["signatures"]],
    }
