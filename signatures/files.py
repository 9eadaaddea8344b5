"""The verdict on one file, whatever the file is: examined in the bounded process."""

import re
from collections.abc import Collection
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


def verdict_on_filled(path: str | Path, names: Collection[str]) -> dict[str, Any]:
    """The same for a file whose fields of these names ("name_2" in annexes) we have just filled.

    A signature allowed it, and nobody has signed yet what they show: in a file that came from
    elsewhere that is in doubt, in ours the next signature is about to lock it.
    """
    found = verdict_on(path)
    for one in found["signatures"]:
        filled = {re.sub(r"_\d+$", "", name) for name in one["changed_fields"]}
        if one["reason"] == "filled_after_signing" and filled and filled <= set(names):
            one["verdict"] = "valid" if one["verdict"] == "indeterminate" else one["verdict"]
            one["reason"] = "" if one["verdict"] == "valid" else one["reason"]
    judged = [one["verdict"] for one in found["signatures"] if one["kind"] == "signature"]
    if found["verdict"] == "indeterminate" and set(judged) == {"valid"}:
        found["verdict"] = "valid"
    return found


def plain(verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict with the keys that are promised to other programs, and no others."""
    return {
        "verdict": verdict["verdict"],
        "signatures": [{key: one[key] for key in KEYS} for one in verdict["signatures"]],
    }
