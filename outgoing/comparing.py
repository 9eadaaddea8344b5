"""The difference between two versions, word by word (difflib).

Within bounds: whoever sees a draft may ask for it, and a draft may be as long as a book.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice, takewhile

# A word and the space before it: what is between all words would be looked at with each of them.
_WORD = re.compile(r"\s*\w+|\s*[^\w\s]|\s+")
# So many words of one line are compared, from the first that differs to the last; else the line.
MOST_WORDS = 800
MOST_WORK = 4_000_000  # pairs that are looked at, of all lines and words: about a second
MOST_ROWS = 5000
CONTEXT = 2


@dataclass(frozen=True)
class Piece:
    """Words that stayed ("same"), came ("added") or went ("removed")."""

    kind: str
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the comparison; "gap" stands for lines that are the same, "rest" for all that has
    no room."""

    kind: str
    pieces: tuple[Piece, ...] = ()
    old: int = 0
    new: int = 0
    skipped: int = 0


@dataclass
class _Work:
    """How much may still be looked at."""

    left: int

    def takes(self, cost: int) -> bool:
        """True when so much is left; it is used."""
        if cost > self.left:
            return False
        self.left -= cost
        return True


def compare(old: str, new: str) -> list[Row]:
    """Rows of the difference, in order; [] when nothing differs."""
    if old == new:
        return []
    rows = _rows(old.split("\n"), new.split("\n"), _Work(MOST_WORK))
    shown = list(islice(rows, MOST_ROWS))
    return shown if next(rows, None) is None else [*shown, Row("rest")]


def _rows(before: list[str], after: list[str], work: _Work) -> Iterator[Row]:
    for is_same, a1, a2, b1, b2 in _spans(before, after, work):
        if is_same:
            yield from _same(before, a1, a2, b1)
        else:
            yield from _changed(before[a1:a2], after[b1:b2], a1, b1, work)


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


def _changed(old: list[str], new: list[str], a1: int, b1: int, work: _Work) -> Iterator[Row]:
    for place in range(max(len(old), len(new))):
        gone = old[place] if place < len(old) else None
        came = new[place] if place < len(new) else None
        if gone is not None and came is not None:
            kind = "same" if gone == came else "changed"  # beside each other by chance
            pieces = tuple(_words(gone, came, work))
            yield Row(kind, pieces, a1 + place + 1, b1 + place + 1)
        elif gone is not None:
            yield Row("removed", (Piece("removed", gone),), a1 + place + 1, 0)
        elif came is not None:
            yield Row("added", (Piece("added", came),), 0, b1 + place + 1)


def _words(old: str, new: str, work: _Work) -> Iterator[Piece]:
    a, b = _WORD.findall(old), _WORD.findall(new)
    for is_same, a1, a2, b1, b2 in _spans(a, b, work, MOST_WORDS):
        if is_same:
            yield Piece("same", "".join(a[a1:a2]))
            continue
        gone, came = "".join(a[a1:a2]), "".join(b[b1:b2])
        space = gone[: len(gone) - len(gone.lstrip())]
        if space and came.startswith(space):
            yield Piece("same", space)
            gone, came = gone.removeprefix(space), came.removeprefix(space)
        if gone:
            yield Piece("removed", gone)
        if came:
            yield Piece("added", came)


def _spans(
    a: Sequence[str], b: Sequence[str], work: _Work, most: int | None = None
) -> Iterator[tuple[bool, int, int, int, int]]:
    """What is the same and what is not, in order.

    Where more than ``most`` differ, or too much would have to be looked at, nothing is looked for
    between the beginning and the end that are the same.
    """
    start = _alike(zip(a, b, strict=False))
    room = min(len(a), len(b)) - start
    end = _alike(islice(zip(reversed(a), reversed(b), strict=False), room))
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    blocks = [(0, 0, start)]
    if most is None or max(len(middle_a), len(middle_b)) <= most:
        blocks += ((start + i, start + j, n) for i, j, n in _blocks(middle_a, middle_b, work))
    blocks += [(len(a) - end, len(b) - end, end), (len(a), len(b), 0)]
    # Blocks that touch each other are one.
    i = j = length = 0
    for next_i, next_j, more in blocks:
        if (i + length, j + length) == (next_i, next_j):
            length += more
            continue
        if length:
            yield True, i, i + length, j, j + length
        yield False, i + length, next_i, j + length, next_j
        i, j, length = next_i, next_j, more
    if length:
        yield True, i, i + length, j, j + length


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs at the beginning are twins."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _blocks(a: Sequence[str], b: Sequence[str], work: _Work) -> list[tuple[int, int, int]]:
    """What is the same in both: places and length, in order; as much as may be looked for."""
    if not a or not b or not work.takes(len(a) + len(b)):
        return []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    often = Counter(b)
    # What the search in a part looks at: each of it, and where in b the same stands.
    costs = list(accumulate((1 + often[one] for one in a), initial=0))
    found = []
    parts = [(0, len(a), 0, len(b))]
    while parts:
        a1, a2, b1, b2 = parts.pop()
        if a1 == a2 or b1 == b2 or not work.takes(costs[a2] - costs[a1]):
            continue
        i, j, length = matcher.find_longest_match(a1, a2, b1, b2)
        if length:
            found.append((i, j, length))
            parts += [(i + length, a2, j + length, b2), (a1, i, b1, j)]
    return sorted(found)
