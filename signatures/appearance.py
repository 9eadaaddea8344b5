"""What a signature looks like on the page: a picture in its real size, words beside it or over it.

Pure geometry and PDF operators; `signing` puts them into the file.
"""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image

from signatures.lettering import Lettering, lettering, plain

MM = 72 / 25.4
SEAL = 36 * MM  # a round seal in its real size
SIZE = 10.0  # points (NĐ 30 Phụ lục I: cỡ chữ 10, kiểu chữ đứng, màu đen)
LEADING = 1.18
GAP = 2 * MM  # between picture and words
# A seal hangs so far below the place of the hand, and there the signer's name is printed.
ABOVE = 4 * MM
HAZE = 0.72  # of white, behind words that stand over a picture


@dataclass(frozen=True)
class Look:
    """What the field of a signature shows."""

    picture: bytes = b""  # PNG with transparency
    width_mm: float = 0  # of the picture in reality; 0: as large as the box holds
    lines: tuple[str, ...] = ()  # 10 points, black, upright
    # So much of the box a seal will cover from the left; it shall cover a third of the picture.
    covered: float = 0
    covers: bool = False  # a seal over a hand: it ends where one of 36 mm in the middle ends


@dataclass(frozen=True)
class Bitmap:
    """A picture as a PDF holds it: pixels and transparency, deflated."""

    width: int
    height: int
    pixels: bytes
    mask: bytes


@dataclass(frozen=True)
class Drawn:
    """The operators of a look, and what they call for."""

    width: float
    height: float
    content: bytes
    image: Bitmap | None
    letters: Lettering | None
    words: str


@dataclass(frozen=True)
class _Plan:
    """Where picture (left, low, width, height) and words (left, low of the first line) stand."""

    picture: tuple[float, float, float, float] | None
    rows: tuple[tuple[float, float, str], ...]
    size: float = SIZE
    over: bool = False


def size_of(look: Look, *, widest: float = 90 * MM) -> tuple[float, float]:
    """Width and height in points that a look needs, words beside its picture."""
    shown = _shown_size(look)
    room = widest - (shown[0] + GAP if shown else 0)
    rows, letters = _rows(look, room)
    wide = max((letters.width(row, SIZE) for row in rows), default=0.0)
    high = len(rows) * SIZE * LEADING
    if shown is None:
        return wide + 1, high
    return shown[0] + (GAP + wide + 1 if rows else 0), max(shown[1], high)


def draw(look: Look, width: float, height: float) -> Drawn:
    """The look in a box of this size."""
    plan = _plan(look, width, height)
    parts: list[bytes] = [b"q"]
    image = None
    if plan.picture:
        image = read_picture(look.picture)
        left, low, wide, high = plan.picture
        parts.append(b"q %.3f 0 0 %.3f %.3f %.3f cm /Im Do Q" % (wide, high, left, low))
    words = "".join(row for _, _, row in plan.rows)
    letters = lettering(words) if words else None
    if letters is not None:
        parts += _words(plan, letters)
    parts.append(b"Q")
    return Drawn(width, height, b"\n".join(parts), image, letters, words)


@lru_cache(maxsize=64)
def read_picture(png: bytes) -> Bitmap:
    """A picture of ours as a PDF holds it; the same one is asked for again and again."""
    with Image.open(io.BytesIO(png), formats=("PNG",)) as found:
        whole = found.convert("RGBA")
    red, green, blue, mask = whole.split()
    pixels = Image.merge("RGB", (red, green, blue)).tobytes()
    return Bitmap(
        whole.width, whole.height, zlib.compress(pixels, 9), zlib.compress(mask.tobytes(), 9)
    )


def _shown_size(look: Look) -> tuple[float, float] | None:
    """The picture in its real size, in points."""
    if not look.picture:
        return None
    image = read_picture(look.picture)
    wide = look.width_mm * MM or SEAL
    return wide, wide * image.height / image.width


def _plan(look: Look, width: float, height: float) -> _Plan:
    if not look.picture:
        return _beside(look, None, 0, width, height)
    image = read_picture(look.picture)
    wide = look.width_mm * MM if look.width_mm else width
    high = wide * image.height / image.width
    if not look.lines:
        return _Plan(_placed(look, wide, high, width, height), ())
    start = wide + GAP
    if width - start >= max(_widest_word(look), min(_widest(look), 25 * MM)):
        return _beside(look, _middle(wide, high, wide, height), start, width, height)
    return _over(look, _placed(look, wide, high, width, height), width)


def _beside(
    look: Look,
    picture: tuple[float, float, float, float] | None,
    start: float,
    width: float,
    height: float,
) -> _Plan:
    """The words behind the picture, from the top: on a scan they keep to the margin."""
    rows, size = _fitted(look, width - start)
    top = height - size * 0.9
    placed = tuple((start, top - place * size * LEADING, row) for place, row in enumerate(rows))
    return _Plan(picture, placed, size)


def _over(look: Look, picture: tuple[float, float, float, float], width: float) -> _Plan:
    """No room beside: the words stand over the lower part of the picture, legible on a haze."""
    rows, size = _fitted(look, width)
    letters = lettering("".join(rows))
    placed = tuple(
        (
            (width - letters.width(row, size)) / 2,
            ABOVE + (len(rows) - 1 - place) * size * LEADING,
            row,
        )
        for place, row in enumerate(rows)
    )
    return _Plan(picture, placed, size, over=True)


def _placed(
    look: Look, wide: float, high: float, width: float, height: float
) -> tuple[float, float, float, float]:
    """In the middle of a box, or as far aside as seal and hand want each other."""
    left, low, wide, high = _middle(wide, high, width, height)
    if look.covered:
        left = width * look.covered - wide / 3
    if look.covers:
        left = (width + SEAL) / 2 - wide
    return min(max(left, 0), width - wide), low, wide, high


def _middle(
    wide: float, high: float, width: float, height: float
) -> tuple[float, float, float, float]:
    """A picture in the middle of a box; made smaller only where it would leave the box."""
    scale = min(1.0, width / wide, height / high)
    wide, high = wide * scale, high * scale
    return (width - wide) / 2, (height - high) / 2, wide, high


def _fitted(look: Look, width: float) -> tuple[list[str], float]:
    """The rows in this width, and their size: smaller only where a word would leave the box."""
    rows, letters = _rows(look, width)
    widest = max((letters.width(row, SIZE) for row in rows), default=0.0)
    return rows, SIZE * min(1.0, width / widest) if widest else SIZE


def _rows(look: Look, width: float) -> tuple[list[str], Lettering]:
    """The lines as they are broken in this width."""
    lines = [plain(line) for line in look.lines if plain(line)]
    letters = lettering("".join(lines))
    rows: list[str] = []
    for line in lines:
        rows += _broken(line, letters, width)
    return rows, letters


def _broken(line: str, letters: Lettering, width: float) -> list[str]:
    """One line in as many rows as it needs, about equally long."""
    words = line.split(" ")
    rows = _filled(words, letters, width)
    if len(rows) < 2:
        return rows
    # The narrowest width that needs no more rows: two halves rather than a line and a word.
    least, most = max(letters.width(word, SIZE) for word in words), width
    for _ in range(12):
        middle = (least + most) / 2
        if len(_filled(words, letters, middle)) > len(rows):
            least = middle
        else:
            most = middle
    return _filled(words, letters, most)


def _filled(words: Sequence[str], letters: Lettering, width: float) -> list[str]:
    rows = [""]
    for word in words:
        longer = f"{rows[-1]} {word}".strip()
        if rows[-1] and letters.width(longer, SIZE) > width:
            rows.append(word)
        else:
            rows[-1] = longer
    return rows


def _widest(look: Look) -> float:
    rows, letters = _rows(look, 10_000)
    return max((letters.width(row, SIZE) for row in rows), default=0.0)


def _widest_word(look: Look) -> float:
    rows, letters = _rows(look, 10_000)
    words = [word for row in rows for word in row.split(" ")]
    return max((letters.width(word, SIZE) for word in words), default=0.0)


def _words(plan: _Plan, letters: Lettering) -> list[bytes]:
    parts: list[bytes] = []
    if plan.over:
        parts.append(b"q /Haze gs 1 g")
        for left, low, row in plan.rows:
            wide, high = letters.width(row, plan.size) + 2, plan.size * LEADING
            box = (left - 1, low - 0.25 * plan.size, wide, high)
            parts.append(b"%.2f %.2f %.2f %.2f re f" % box)
        parts.append(b"Q")
    parts.append(b"BT 0 g /F %.2f Tf" % plan.size)
    for left, low, row in plan.rows:
        code = letters.code(row).encode()
        parts.append(b"1 0 0 1 %.2f %.2f Tm <%s> Tj" % (left, low, code))
    parts.append(b"ET")
    return parts
