"""Reads plan.toml and plan_provinces.toml: what the offices did with each letter."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILES = [Path(__file__).parent / name for name in ("plan.toml", "plan_provinces.toml")]
STEPS = (
    "tray",
    "refused",
    "registered",
    "returned",
    "purged",
    "submitted",
    "proposed",
    "directed",
    "distributed",
    "sent_back",
    "assigned",
    "working",
    "reported",
    "noted",
    "finished",
    "reopened",
)


@dataclass(frozen=True)
class Plan:
    """How far one letter has come, and the words that were said on the way (see plan.toml)."""

    until: str
    leader: int | None = None
    say: str = ""
    leader_back: str = ""
    returned: str = ""
    reason: str = ""
    decision: str = ""
    correct: str = ""
    typed: str = ""
    due_in: int | None = None
    recalled: str = ""
    back: str = ""
    again: str = ""
    person_back: str = ""
    pair: bool = False
    progress: tuple[tuple[int, str], ...] = ()
    comment: str = ""
    help: str = ""
    later: tuple[str, ...] = ()
    share: tuple[str, ...] = ()
    read: int = 0
    report: str = ""
    result: str = ""
    reopen: str = ""
    annex: int = 0
    annex_name: str = ""
    paper: str = ""
    ask: tuple[str, ...] = ()
    question: str = ""
    opinion: str = ""
    extend_in: int | None = None
    extend: str = ""
    extended: str = ""
    urge: str = ""
    urge_level: int = 1

    def reaches(self, step: str) -> bool:
        """True when the story goes on from that step."""
        return STEPS.index(self.until) > STEPS.index(step)


def plans() -> dict[str, Plan]:
    """By the letter's code. Raises TypeError or ValueError for a word that no plan knows."""
    found = {}
    entries: dict[str, Any] = {}
    for file in _FILES:
        entries |= tomllib.loads(file.read_text(encoding="utf-8"))
    for code, entry in entries.items():
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in entry.items()
        }
        values["progress"] = tuple((percent, words) for percent, words in entry.get("progress", ()))
        found[code] = Plan(**values)
        if found[code].until not in STEPS:
            raise ValueError(f"{code}: {found[code].until}")
    return found
