"""The letters that a signature shows: a small font of Vietnamese, to be embedded with its words.

The default font of the signing library garbles Vietnamese names; this one is that of our printed
forms, and says of each glyph which letter it is, so that names are found and copied rightly.
"""

import io
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from documents import printing

_BARE = "aăâeêioôơuưy"
_MARKS = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_VIETNAMESE = "".join(
    unicodedata.normalize("NFC", letter + mark) for letter in _BARE for mark in _MARKS
)
ORDINARY = frozenset(
    "".join(map(chr, range(32, 127))) + _VIETNAMESE + _VIETNAMESE.upper() + "đĐ–“”‘’…№"
)


@dataclass(frozen=True)
class Lettering:
    """A font with some letters: its program (deflated), glyphs and widths in thousandths."""

    name: str
    program: bytes
    length: int  # of the program, inflated
    glyphs: Mapping[str, int]
    widths: Mapping[str, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int

    def width(self, text: str, size: float) -> float:
        """How wide a text is, in points."""
        return sum(self.widths[letter] for letter in text) * size / 1000

    def code(self, text: str) -> str:
        """The text as the hexadecimal glyphs of a PDF string."""
        return "".join(f"{self.glyphs[letter]:04X}" for letter in text)

    def map(self, text: str) -> bytes:
        """The table (/ToUnicode) that gives the letters of this text back."""
        pairs = sorted({(self.glyphs[one], one) for one in text})
        lines = [f"<{glyph:04X}> <{one.encode('utf-16-be').hex().upper()}>" for glyph, one in pairs]
        chunks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
        body = "\n".join(
            f"{len(chunk)} beginbfchar\n{chr(10).join(chunk)}\nendbfchar" for chunk in chunks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
        ).encode()


def plain(text: str) -> str:
    """The text as it is drawn: composed, without what has no look."""
    kept = (one for one in text if unicodedata.category(one)[0] != "C")
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def lettering(text: str) -> Lettering:
    """A font for this text; for ordinary Vietnamese always the same one, made once."""
    if set(text) <= ORDINARY:
        return _made(ORDINARY)
    return _rare(frozenset(text) | ORDINARY)


@lru_cache(maxsize=16)
def _rare(letters: frozenset[str]) -> Lettering:
    return _make(letters)


@cache
def _made(letters: frozenset[str]) -> Lettering:
    return _make(letters)


def _make(letters: frozenset[str]) -> Lettering:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import

    program = printing.letters("".join(sorted(letters)))
    font = TTFont(io.BytesIO(program))
    known, unit, head = font.getBestCmap(), 1000 / font["head"].unitsPerEm, font["head"]
    named = {letter: known.get(ord(letter), ".notdef") for letter in letters}
    return Lettering(
        name=str(font["name"].getDebugName(6)),
        program=zlib.compress(program, 9),
        length=len(program),
        glyphs={letter: font.getGlyphID(glyph) for letter, glyph in named.items()},
        widths={letter: round(font["hmtx"][glyph][0] * unit) for letter, glyph in named.items()},
        box=tuple(round(side * unit) for side in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(font["hhea"].ascent * unit),
        descent=round(font["hhea"].descent * unit),
    )
