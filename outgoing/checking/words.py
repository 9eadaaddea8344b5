"""The words of a line: which may be misspelled, which nobody knows, which stand for others.

Names, abbreviations, numbers and addresses are nobody's mistake. What is looked up is a syllable,
and each is looked up once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from outgoing.checking.syllables import syllables

HERE = Path(__file__).resolve().parent

# A word and the marks behind it; whatever else stands between two spaces.
_CHUNK = re.compile(r"(?<!\S)([^\W\d_²³]+)[,.;:]*(?!\S)|\S+")
_ADDRESS = re.compile(
    r"@|://|^www\.|\.(?:vn|com|gov|org|net|edu|docx?|pdf|xlsx?|pptx?|zip|png|jpe?g|edxml|xml)\b",
    re.IGNORECASE,
)
_PART = re.compile(r"[^,;()“”\"…]+")
_CODE = re.compile(r"[\d²³]|^[A-ZĐ][\wĐ]*(?:[-/][A-ZĐ][\wĐ]*)+$")  # "15/QĐ-UBND", "km2", "UBND-VX"
_INITIAL = re.compile(r"\b[A-ZĐ]\.(?=[A-ZĐ])")  # "TP.HCM"
_PICTURE = "[hình:"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ENDS = frozenset('.?!:;…/(“"[|–-)')
_ROMAN = re.compile("[ivx]{2,5}")
_HATS = frozenset("ăâêôơ")  # of which abbreviations have none, but đ and ư
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
    if line.lstrip().startswith(_PICTURE):
        return []
    found: list[Token] = []
    for chunk in _CHUNK.finditer(line):
        word = chunk[1]
        if word:
            found.append(Token(chunk.start(), chunk.end(1), word, word.lower()))
        elif not _ADDRESS.search(chunk[0]):
            found += _in_chunk(chunk[0], chunk.start())
    return found


def _in_chunk(chunk: str, at: int) -> Iterator[Token]:
    """The words of what stands between two spaces; numbers and codes are none."""
    for part in _PART.finditer(chunk):
        if not _CODE.search(part[0]):
            shown = _INITIAL.sub("  ", part[0])
            for word in _WORD.finditer(shown):
                start = at + part.start() + word.start()
                yield Token(start, start + len(word[0]), word[0], word[0].lower())


def confused(line: str, here: list[Token]) -> Iterator[Slip]:
    """Words in a row that are another word misspelled."""
    table, at = confusions(), 0
    while at < len(here):
        for parts, right in table.get(here[at].small, ()):
            row = here[at : at + len(parts)]
            if tuple(token.small for token in row) == parts and joined(line, row):
                start, end = row[0].start, row[-1].end
                if right:
                    yield Slip(start, end, line[start:end], like(line[start:end], right))
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


def joined(line: str, row: list[Token]) -> bool:
    return all(line[one.end : other.start] == " " for one, other in pairwise(row))


def like(found: str, right: str) -> str:
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
    small = here[at].small
    marked = not _TONED.isdisjoint(small) or (len(word) > 4 and not _HATS.isdisjoint(small))
    if word[0].islower():
        # "eOffice", "iPhone"; "iv" is a number.
        return (word.isascii() and not word.islower()) or bool(_ROMAN.fullmatch(word))
    if not word[1:].islower():
        return not marked or len(word) < 4  # "UBND", "QyĐ", "TTg"; a heading in capitals is read
    if word.isascii():
        return True  # "Kon", "Pleiku", "Microsoft"
    start = here[at].start
    before = line[max(0, start - 60) : start].rstrip(" *\t\u00a0")
    if not before or before[-1] in _ENDS:
        return False
    # "Đắk Lắk" between other large words; a single one may be a mistake.
    beside = [here[near].word for near in (at - 1, at + 1) if 0 <= near < len(here)]
    return any(other[0].isupper() and (len(other) == 1 or not other.isupper()) for other in beside)
