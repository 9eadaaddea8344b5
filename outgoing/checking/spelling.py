"""Spelling (Kon Tum Điều 17.1): words that nobody knows, words that stand for others, words twice.

A word that nobody knows is told once, where it first stands.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from outgoing.checking.findings import Hit, Rule, Sheet
from outgoing.checking.syllables import split, strayed
from outgoing.checking.words import Slip, Token, confused, joined, like, unknown


def confusion(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Misspellings of several syllables, with what is meant."""
    for place, line, here in _lines(sheet, rule):
        slips = list(confused(line, here))
        if slips:
            yield Hit(place, _told(slips), _mended(line, slips))


def misspelled(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Words that are no syllable, each told once, with what is meant where that is certain."""
    lines = list(_lines(sheet, rule))
    told: set[str] = set()
    used: set[str] | None = None
    for place, line, here in lines:
        strange = list(unknown(line, here))
        if not strange:
            continue
        # Each word is told by one rule.
        spans = [(slip.start, slip.end) for slip in confused(line, here)]
        strange = [t for t in strange if not any(a <= t.start < b for a, b in spans)]
        if used is None:
            used = {token.small for _place, _line, row in lines for token in row}
        slips = [Slip(token.start, token.end, token.word, _right(token, used)) for token in strange]
        # What can be mended is told at every place.
        slips = [slip for slip in slips if slip.right or slip.found.lower() not in told]
        told.update(slip.found.lower() for slip in slips)
        if slips:
            certain = all(slip.right for slip in slips)
            yield Hit(place, _told(slips), _mended(line, slips) if certain else None)


def _right(token: Token, used: Iterable[str]) -> str | None:
    if (right := strayed(token.small)) is not None:
        return like(token.word, right)
    parted = split(token.small)
    # Two words that were written together, where both are at home in this text.
    if parted and all(part in used for part in parted.split()):
        return like(token.word, parted)
    return None


def repeated(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "của của": a small word twice."""
    twice = frozenset(rule.values["words"])
    for place, line, here in _lines(sheet, rule):
        slips = [
            Slip(one.start, other.end, line[one.start : other.end], one.word)
            for one, other in pairwise(here)
            if one.small == other.small and one.small in twice and joined(line, [one, other])
        ]
        if slips:
            yield Hit(place, _told(slips), _mended(line, slips))


def _lines(sheet: Sheet, rule: Rule) -> Iterator[tuple[str, str, list[Token]]]:
    """Lines with words in them, and their words."""
    for text in sheet.of(rule.fields):
        words = sheet.words(text)
        for number, line in enumerate(text.lines, 1):
            if words[number - 1]:
                yield text.at(number), line, words[number - 1]


def _told(slips: list[Slip]) -> str:
    return ", ".join(dict.fromkeys(slip.found for slip in slips))


def _mended(line: str, slips: list[Slip]) -> str:
    for slip in reversed(slips):
        if slip.right is not None:
            line = f"{line[: slip.start]}{slip.right}{line[slip.end :]}"
    return line
