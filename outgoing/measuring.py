"""Measures the words of a PDF: margins, fonts, sizes, colours. Runs in the bounded child only.

Called by name from ``documents.inspector``; the one file beside documents/painter.py that knows
pypdfium2. What is broken is left out, and never stops the rest.
"""

import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

PAGES = 400  # pages that are measured
OBJECTS = 20_000  # pieces of text of one page
TEXT = 1_500_000  # letters of all pages that are handed on
MM = 25.4 / 72
HITS = 50  # places of a component's words that are looked at
MARKS = {
    "number": ("Số:",),
    "addressees": ("Kính gửi:",),
    "ground": ("Căn cứ ",),
    "verdict": ("QUYẾT ĐỊNH:", "QUYẾT NGHỊ:"),
    "article": ("Điều 1.",),
    "recipients": ("Nơi nhận:",),
}
_ON_FIRST = ("number", "addressees")
TOP_ZONE = 30 / MM  # where a page's number may stand, in points from its upper edge
NEAR = 3.0  # points within which two pieces stand on one line, or two lines begin alike


class Piece(NamedTuple):
    """Some words of one font on one line, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str
    font: str
    size: float
    colour: str


def measure(path: str) -> dict[str, Any]:
    """What is known of a file's pages; lengths in millimetres, sizes in points."""
    with closing(pypdfium2.PdfDocument(path)) as book:
        return _measure(book)


def _measure(book: Any) -> dict[str, Any]:
    pages: list[dict[str, Any]] = []
    fonts: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    colours: Counter[str] = Counter()
    loose: set[str] = set()
    texts: list[str] = []
    marks: list[dict[str, Any]] = []
    room = TEXT
    for number in range(min(len(book), PAGES)):
        try:
            with closing(book[number]) as page, closing(page.get_textpage()) as content:
                pieces = list(_pieces(page, content, loose))
                pages.append({"number": number + 1, **_page(page, pieces)})
                words = content.get_text_bounded()[:room]
                marks += _marks(page, content, number + 1, {one["name"] for one in marks})
        except (pypdfium2.PdfiumError, ValueError, OverflowError, RuntimeError):
            pages.append({"number": number + 1, "broken": True})
            words, pieces = "", []
        texts.append(words.replace("\x00", ""))
        room -= len(words)
        for piece in pieces:
            letters = len(piece.text.strip())
            fonts[piece.font] += letters
            sizes[f"{piece.size:g}"] += letters
            colours[piece.colour] += letters
    return {
        "total": len(book),
        "pages": pages,
        "fonts": dict(fonts.most_common(40)),
        "sizes": dict(sizes.most_common(40)),
        "colours": dict(colours.most_common(20)),
        "loose": sorted(loose)[:40],
        "texts": texts,
        "marks": marks,
    }


def _marks(page: Any, content: Any, number: int, known: set[str]) -> Iterator[dict[str, Any]]:
    """Where components begin: the uppermost line that opens with their words, up to the page that
    names the recipients; annexes that follow show forms of their own."""
    if page.get_rotation() or "recipients" in known:
        return
    for name, words in MARKS.items():
        if name in known or (name in _ON_FIRST and number > 1):
            continue
        tops = [
            content.get_charbox(place)[3]
            for word in words
            for place in _found(content, word)
            if place == 0 or content.get_text_range(place - 1, 1) in ("\n", "\r")
        ]
        if tops:
            yield {"name": name, "page": number, "top": round(max(tops), 1)}


def _found(content: Any, words: str) -> Iterator[int]:
    searcher = content.search(words, match_case=True)
    for _time in range(HITS):
        found = searcher.get_next()
        if found is None:
            return
        yield found[0]


def _pieces(page: Any, content: Any, loose: set[str]) -> Iterator[Piece]:
    """The pieces of text of a page; fonts that are not embedded are put into ``loose``."""
    left, bottom = page.get_cropbox()[:2]
    found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], textpage=content)
    for _count, thing in zip(range(OBJECTS), found, strict=False):
        try:
            text = thing.extract()
            if not text.strip():
                continue
            box = thing.get_bounds()
            font = thing.get_font()
            name = font.get_base_name() or font.get_family_name()
            if not font.is_embedded:
                loose.add(name)
            _a, _b, c, d, *_moved = thing.get_matrix().get()
            size = round(thing.get_font_size() * (c * c + d * d) ** 0.5 * 2) / 2
        except (pypdfium2.PdfiumError, ValueError, OverflowError, RuntimeError):
            continue
        yield Piece(
            box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom,
            text, name, size, _colour(thing),
        )  # fmt: skip


def _colour(thing: Any) -> str:
    parts = [ctypes.c_uint() for _part in range(4)]
    if not raw.FPDFPageObj_GetFillColor(thing, *parts):
        return "#000000"
    return "#" + "".join(f"{part.value:02x}" for part in parts[:3])


def _page(page: Any, pieces: list[Piece]) -> dict[str, Any]:
    """Size, margins and number of a page; a margin is None where no line tells it."""
    width, height = page.get_size()
    facts: dict[str, Any] = {
        "width": round(width * MM, 1),
        "height": round(height * MM, 1),
        "turned": bool(page.get_rotation()),
    }
    lines = _lines(pieces)
    number = _number_of(lines, width, height)
    if number is not None:
        lines.remove(number)
    facts["shown"] = "".join(piece.text for piece in number).strip() if number else ""
    facts["lines"] = len(lines)
    if lines and not facts["turned"]:
        edges = {
            "left": _shared([min(piece.left for piece in line) for line in lines], lowest=True),
            "right": _shared([max(piece.right for piece in line) for line in lines], lowest=False),
            "top": max(piece.top for line in lines for piece in line),
            "bottom": min(piece.bottom for line in lines for piece in line),
        }
        facts |= {
            "left": _mm(edges["left"]),
            "right": None if edges["right"] is None else _mm(width - edges["right"]),
            "top": _mm(height - edges["top"]),
            "bottom": _mm(edges["bottom"]),
        }
    return facts


def _mm(points: float | None) -> float | None:
    return None if points is None else round(points * MM, 1)


def _lines(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces that stand on one line, from the upper edge down."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.bottom, piece.left)):
        middle = (piece.bottom + piece.top) / 2
        if lines and lines[-1][0].bottom - NEAR <= middle <= lines[-1][0].top + NEAR:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return lines


def _number_of(lines: list[list[Piece]], width: float, height: float) -> list[Piece] | None:
    """The line with the page's number: digits alone, in the middle, above everything else."""
    if not lines:
        return None
    first = lines[0]
    middle = (min(piece.left for piece in first) + max(piece.right for piece in first)) / 2
    # Between two margins that differ, the middle of the text is not that of the sheet.
    central = abs(middle - width / 2) < 25 / MM
    text = "".join(piece.text for piece in first).strip()
    high = height - first[0].top < TOP_ZONE
    return first if high and central and text.isdecimal() and len(text) < 5 else None


def _shared(edges: list[float], *, lowest: bool) -> float | None:
    """The outermost edge that three lines share; of a page with few lines, none."""
    ordered = sorted(edges, reverse=not lowest)
    for edge in ordered:
        if sum(abs(edge - other) < NEAR for other in edges) > 2:
            near = [other for other in edges if abs(edge - other) < NEAR]
            return sum(near) / len(near)
    return None
