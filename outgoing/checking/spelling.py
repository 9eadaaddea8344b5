"""Spelling by syllables: what no syllable is, and syllables that are right and do not go together.

A word that nobody knows is told once, where it first stands. Names, abbreviations, numbers and
addresses are nobody's mistake. What is looked up is a syllable, and each is looked up once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from outgoing.checking.findings import HERE, Hit, Rule, Sheet
from outgoing.checking.syllables import split, strayed, syllables

_SKIPPED = re.compile(
    r"\S*(?:@|://|www\.)\S*"  # addresses
    r"|\S+\.(?:vn|com|gov|org|net|edu|docx?|pdf|xlsx?|pptx?|zip|png|jpe?g|edxml|xml)\b\S*"
    r"|\[hình:[^\]]*\]"
    r"|[^\s,;()“”\"]*[\d²³][^\s,;()“”\"]*"  # numbers, codes, dates: "15/QĐ-UBND", "km2", "8h30"
    r"|[A-ZĐ][\wĐ]*(?:[-/][A-ZĐ][\wĐ]*)+"  # "UBND-VX"
    r"|[A-ZĐ]\.(?=[A-ZĐ])",  # "TP.HCM"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDS = re.compile(r"[.?!:;…/(“\"\[|–-]\s*\**$|^\s*\**$")
_TONED = frozenset("áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ")


class Slip(NamedTuple):
    """Words that are misspelled, where they begin and end in the line, and how they are written."""

    start: int
    end: int
    found: str
    right: str | None


class Token(NamedTuple):
    """A word of a line."""

    start: int
    end: int
    word: str
    small: str


@cache
def words() -> frozenset[str]:
    """Our own list of words that are no syllables of Vietnamese: units, loan words, names."""
    text = (HERE / "words.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0] for line in text.splitlines())
    return frozenset(word.lower() for line in lines for word in line.split())


@cache
def confusions() -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    """Misspellings of several syllables by their first one, the longest before the others."""
    rows = tomllib.loads((HERE / "confusions.toml").read_text(encoding="utf-8"))
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for wrong, right in rows["confusions"].items():
        first, *_others = parts = tuple(wrong.split())
        found.setdefault(first, []).append((parts, right))
    return {
        first: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
        for first, entries in found.items()
    }


@lru_cache(maxsize=1 << 16)
def is_known(word: str) -> bool:
    """True for a syllable, and for a word of our list; small letters, composed."""
    return len(word) == 1 or word in syllables() or word in words()


def tokens(line: str) -> list[Token]:
    """The words of a line that may be misspelled."""
    if not line.isascii() and not unicodedata.is_normalized("NFC", line):
        return []  # its places would not be those of the line; another rule tells of it
    blank = _SKIPPED.sub(lambda found: "\x00" * len(found[0]), line)
    return [
        Token(found.start(), found.end(), found[0], found[0].lower())
        for found in _WORD.finditer(blank)
    ]


def confused(line: str, here: list[Token]) -> Iterator[Slip]:
    """Words in a row that are another word misspelled."""
    table, at = confusions(), 0
    while at < len(here):
        for parts, right in table.get(here[at].small, ()):
            row = here[at : at + len(parts)]
            if tuple(token.small for token in row) == parts and _joined(line, row):
                start, end = row[0].start, row[-1].end
                if right:
                    yield Slip(start, end, line[start:end], _like(line[start:end], right))
                at += len(parts) - 1
                break
        at += 1


def unknown(line: str, here: list[Token]) -> Iterator[Token]:
    """Words that are no syllable, no name and no abbreviation."""
    strange = [
        token
        for at, token in enumerate(here)
        if not is_known(token.small) and not _is_name(line, here, at)
    ]
    # A sentence in another language.
    foreign = [token for token in strange if token.word.isascii()]
    if len(foreign) > 2 and 4 * len(foreign) > len(here):
        strange = [token for token in strange if not token.word.isascii()]
    return (token for token in strange if "'" not in token.word and "’" not in token.word)


def _joined(line: str, row: list[Token]) -> bool:
    return all(line[one.end : other.start] == " " for one, other in pairwise(row))


def _like(found: str, right: str) -> str:
    """The right words in capitals, or with one, as they were typed."""
    if found.isupper():
        return right.upper()
    wrong, fitting = found.split(), right.split()
    if len(wrong) != len(fitting):
        return right[:1].upper() + right[1:] if found[:1].isupper() else right
    pairs = zip(wrong, fitting, strict=True)
    return " ".join(new[:1].upper() + new[1:] if old[:1].isupper() else new for old, new in pairs)


def _is_name(line: str, here: list[Token], at: int) -> bool:
    """Abbreviations, and what is written large where no sentence begins."""
    word = here[at].word
    marked = not _TONED.isdisjoint(word.lower())
    if word[0].islower():
        # "eOffice", "iPhone".
        return word.isascii() and not word.islower()
    if not word[1:].islower():
        return not marked or len(word) < 4  # "UBND", "QyĐ", "TTg"; a heading in capitals is read
    if word.isascii():
        return True  # "Kon", "Pleiku", "Microsoft"
    if _ENDS.search(line[: here[at].start]):
        return False
    # "Đắk Lắk" between other large words; a single one may be a mistake.
    beside = [here[near].word for near in (at - 1, at + 1) if 0 <= near < len(here)]
    return any(other[0].isupper() and not other.isupper() for other in beside)


# --- The rules.


def confusion(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Misspellings of several syllables, with what is meant."""
    for text in sheet.of(rule.fields):
        for number, line in enumerate(text.lines, 1):
            slips = list(confused(line, tokens(line)))
            if slips:
                yield Hit(text.at(number), _told(slips), _mended(line, slips))


def misspelled(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """Words that are no syllable, each told once, with what is meant where that is certain."""
    lines = [
        (text.at(number), line, tokens(line))
        for text in sheet.of(rule.fields)
        for number, line in enumerate(text.lines, 1)
        if line.strip()
    ]
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
        return _like(token.word, right)
    parted = split(token.small)
    # Two words that were written together, where both are at home in this text.
    if parted and all(part in used for part in parted.split()):
        return _like(token.word, parted)
    return None


def repeated(sheet: Sheet, rule: Rule) -> Iterator[Hit]:
    """ "của của": a small word twice."""
    twice = frozenset(rule.values["words"])
    for text in sheet.of(rule.fields):
        for number, line in enumerate(text.lines, 1):
            here = tokens(line)
            slips = [
                Slip(one.start, other.end, line[one.start : other.end], one.word)
                for one, other in pairwise(here)
                if one.small in twice and one.small == other.small and _joined(line, [one, other])
            ]
            if slips:
                yield Hit(text.at(number), _told(slips), _mended(line, slips))


def _told(slips: list[Slip]) -> str:
    return ", ".join(dict.fromkeys(slip.found for slip in slips))


def _mended(line: str, slips: list[Slip]) -> str:
    for slip in reversed(slips):
        if slip.right is not None:
            line = f"{line[: slip.start]}{slip.right}{line[slip.end :]}"
    return line
