"""What an agency has chosen itself, because its regulation leaves it open: no article says so.

Figures of the table ``[chosen]`` of a regulation file. They stand apart from the rules, which all
quote an article; whoever extends a file keeps its figures or sets smaller ones.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MOST = 240  # minutes; more would be half a day


@dataclass(frozen=True)
class Chosen:
    """Minutes, each with what it decides."""

    # An urgent document that lay no longer with the clerk has been handed on "at once".
    urgent_minutes: int = 30
    # What comes so shortly before a round belongs to the next one: it has still to be scanned,
    # checked and entered. Handed on in time all the same, it counts as in time.
    round_minutes: int = 15


def chosen(given: Mapping[str, Any], above: Chosen | None) -> Chosen:
    """The figures of a file, those that it does not name from the file above. Raises ValueError."""
    base = above or Chosen()
    known = {one.name for one in fields(Chosen)}
    if unknown := set(given) - known:
        raise ValueError(f"unknown key {', '.join(f'chosen.{one}' for one in sorted(unknown))}")
    for key, value in given.items():
        if type(value) is not int or not 0 <= value <= MOST:
            raise ValueError(f"chosen.{key} must be minutes from 0 to {MOST}")
        if above is not None and value > getattr(above, key):
            raise ValueError(f"chosen.{key} loosens what the file above has chosen")
    return Chosen(**{**asdict(base), **given})
