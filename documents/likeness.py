"""How like two papers are by the words in their files, told from a few numbers of each.

Runs in the bounded child, without Django. What it leaves is a sketch (MinHash): the share of equal
places is the share of equal word groups, and no word can be read back from it.

Two things are compared. Words alone do not tell a letter from the next one of the same form: the
motto, the legal grounds and the closing lines are the same in all of them. What differs is of whom
and of when it speaks, so the numbers in it (its own number, days, sums) are compared apart.
"""

import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b

from core.text import fold

LETTERS = 20_000  # of a text: some eight pages, what tells a letter from others stands before
GROUP = 3  # syllables that are compared together
FEWEST = 40  # groups; of a shorter text nothing is said
FEW_FIGURES = 4  # fewer than these tell nothing
PLACES = 64  # of a sketch: a share is right to 5 or 6 per cent
# The same letter scanned twice, one syllable in thirty misread in each time: words 0.7, numbers 1.
# A form filled in for other days and people: words 0.7 as well, numbers 0.4. So words are asked for
# that no other letter shares, and the numbers decide (tests/documents/test_likeness.py measures).
WORDS, FIGURES = 0.5, 0.7
ALONE = 0.8  # of the words, where there are no numbers to compare
# Keys under which a paper is found again: of pairs whose words are 0.7 alike 97 in 100 have one in
# common, of those that are 0.2 alike 6.
KEYS, EACH = 8, 3

_PRIME = (1 << 61) - 1
_EVERYWHERE = ("cong hoa xa hoi chu nghia viet nam", "doc lap tu do hanh phuc")


def _numbers(seed: str) -> Iterator[int]:
    for place in range(PLACES):
        yield _hashed(f"{seed} {place}")


def _hashed(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % _PRIME


_STEPS = [(one or 1, more) for one, more in zip(_numbers("a"), _numbers("b"), strict=True)]


def sketch_of(text: str) -> dict[str, str]:
    """The sketch of a text; empty of one that is too short to be told from others."""
    words = fold(text[:LETTERS])
    for said in _EVERYWHERE:
        words = words.replace(said, " ")
    parts = words.split()
    groups = {" ".join(parts[at : at + GROUP]) for at in range(len(parts) - GROUP + 1)}
    if len(groups) < FEWEST:
        return {}
    figures = {str(int(one)) for one in parts if one.isdecimal()}
    found = {"words": _sketch(groups)}
    if len(figures) >= FEW_FIGURES:
        found["figures"] = _sketch(figures)
    return found


def share(mine: Mapping[str, str], theirs: Mapping[str, str]) -> float:
    """How like the words are, from 0 to 1; 0 where the numbers say that they are two papers."""
    if not mine.get("words") or not theirs.get("words"):
        return 0.0
    words, least = _equal(mine["words"], theirs["words"]), ALONE
    if "figures" in mine and "figures" in theirs:
        least = WORDS if _equal(mine["figures"], theirs["figures"]) >= FIGURES else 2.0
    return words if words >= least else 0.0


def keys_of(sketch: Mapping[str, str], apart: object) -> list[int]:
    """The keys under which a paper with that sketch is found again, among those of ``apart``."""
    if not sketch.get("words"):
        return []
    places = _read(sketch["words"])
    return [_signed(f"{apart} {at} {places[at * EACH : (at + 1) * EACH]}") for at in range(KEYS)]


def _signed(text: str) -> int:
    """64 bits, as the database keeps them."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _sketch(things: Iterable[str]) -> str:
    hashes = [_hashed(one) for one in things]
    least = (min((step * one + more) % _PRIME for one in hashes) for step, more in _STEPS)
    return b64encode(struct.pack(f">{PLACES}I", *(one & 0xFFFFFFFF for one in least))).decode()


def _read(sketch: str) -> tuple[int, ...]:
    return struct.unpack(f">{PLACES}I", b64decode(sketch))


def _equal(mine: str, theirs: str) -> float:
    pairs = zip(_read(mine), _read(theirs), strict=True)
    return sum(one == other for one, other in pairs) / PLACES
