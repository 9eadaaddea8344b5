"""Until when the signatures of a file can be proved, read from what `pdf.examine` found in it.

Without a time stamp a signature rests on the certificate of its signer, with one on that of the
time stamp service: once that has lapsed nobody can tell any more that it was made before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Support:
    """The certificate that lapses first of those on which the signatures of a file rest."""

    until: datetime
    is_stamped: bool
    signer: str


def support_of(result: Mapping[str, Any] | None) -> Support | None:
    """On what they rest; None without signatures, and for a verdict that does not know it."""
    found = (result or {}).get("signatures", [])
    if not found:
        return None
    if found[-1]["kind"] == "timestamp" and found[-1]["trusted"]:
        return _support(found[-1])  # one over the whole file bears all that stood before it
    supports = [_support(one) for one in found if one["kind"] == "signature"]
    known = [one for one in supports if one is not None]
    return min(known, key=lambda one: one.until) if known else None


def _support(finding: Mapping[str, Any]) -> Support | None:
    stamped = finding.get("stamp_not_after", "")
    if finding["kind"] == "timestamp":
        stamped = finding.get("not_after", "")
    until = stamped or finding.get("not_after", "")
    if not until:
        return None
    return Support(datetime.fromisoformat(until), bool(stamped), finding["signer"])
