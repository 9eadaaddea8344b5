"""The difference between two versions, word by word (difflib)."""

import difflib
import re
from dataclasses import dataclass

_WORD = re.compile(r"\s+|\w+|[^\w\s]")
# Beyond this many lines only whole lines are compared: word by word would take too long.
MOST_LINES = 4000
CONTEXT = 2


@dataclass(frozen=True)
class Piece:
    """Words that stayed ("same"), came ("added") or went ("removed")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the comparison; ``gap`` stands for lines that are the same."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    old: int = 0
    new: int = 0
    skipped: int = 0


def compare(old: str, new: str) -> list[Row]:
    """Rows of the difference, in order; [] when nothing differs."""
    before, after = old.split("\n"), new.split("\n")
    fast = len(before) + len(after) > MOST_LINES
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=fast)
    rows: list[Row] = []
    for kind, a1, a2, b1, b2 in matcher.get_opcodes():
        if kind == "equal":
            rows += _same(before, a1, a2, b1)
        else:
            rows += _changed(before[a1:a2], after[b1:b2], a1, b1)
    return rows if any(row.kind not in ("same", "gap") for row in rows) else []


def _same(lines: list[str], a1: int, a2: int, b1: int) -> list[Row]:
    def row(place: int) -> Row:
        shift = place - a1
        return Row("same", (Piece("same", lines[place]),), place + 1, b1 + shift + 1)

    if a2 - a1 <= 2 * CONTEXT + 1:
        return [row(place) for place in range(a1, a2)]
    gap = Row("gap", skipped=a2 - a1 - 2 * CONTEXT)
    return [
        *(row(place) for place in range(a1, a1 + CONTEXT)),
        gap,
        *(row(place) for place in range(a2 - CONTEXT, a2)),
    ]


def _changed(old: list[str], new: list[str], a1: int, b1: int) -> list[Row]:
    rows = []
    for place in range(max(len(old), len(new))):
        gone = old[place] if place < len(old) else None
        came = new[place] if place < len(new) else None
        if gone is not None and came is not None:
            rows.append(Row("changed", _words(gone, came), a1 + place + 1, b1 + place + 1))
        elif gone is not None:
            rows.append(Row("removed", (Piece("removed", gone),), a1 + place + 1, 0))
        elif came is not None:
            rows.append(Row("added", (Piece("added", came),), 0, b1 + place + 1))
    return rows


def _words(old: str, new: str) -> tuple[Piece, ...]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    pieces = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("removed", "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("added", "".join(b[b1:b2])))
    return tuple(pieces)
