"""How a paper was scanned, measured from the file: colour and dots per inch of each page's image.

Looks at dictionaries only, no picture is unpacked; runs in the bounded child.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from documents.objects import at, items, opened

PAGES = 200  # pages that are looked at
IMAGES = 500  # images of one page
NEAR = 0.1  # an image is the page's scan when its sides differ from the page's by no more
POINTS = 72  # an inch
KINDS = ("colour", "grey", "bilevel")  # the worst last

_COLOURS = {"/DeviceRGB", "/CalRGB", "/DeviceCMYK", "/Lab", "/Indexed", "/DeviceN", "/Separation"}
_GREYS = {"/DeviceGray", "/CalGray"}


def measure(reader: Any) -> dict[str, Any]:
    """The scanned pages of a file, the lowest resolution of one, and the poorest colour.

    ``pages`` is 0 for a file that was not scanned; ``colour`` is "" where it cannot be told.
    """
    looked = enumerate(islice(reader.pages, PAGES), 1)
    found = [(number, scan) for number, page in looked if (scan := _scan(page))]
    if not found:
        return {"pages": 0, "dpi": 0, "page": 0, "colour": ""}
    dpi, number = min((dpi, at_page) for at_page, (dpi, _kind) in found)
    known = [kind for _number, (_dpi, kind) in found if kind]
    worst = max(known, key=KINDS.index, default="")
    return {"pages": len(found), "dpi": dpi, "page": number, "colour": worst}


def _scan(page: Any) -> tuple[int, str] | None:
    """Resolution and colour of the image that is the page; None when none is."""
    width, height = _size(page)
    if not width or not height:
        return None
    best: tuple[int, int, str] | None = None
    colours: list[str] = []
    for across, down, kind in _stacked(_images(at(page, "/Resources"))):
        fits = _alike(across / down, width / height) or _alike(down / across, width / height)
        if not fits:
            continue
        if kind:
            colours.append(kind)
        if best is None or across * down > best[0] * best[1]:
            best = across, down, kind
    if best is None:
        return None
    # Long side on long side: the page may be turned.
    dpi = min(
        max(best[:2]) / max(width, height) * POINTS, min(best[:2]) / min(width, height) * POINTS
    )
    # Layers of a page (words in black above a picture in colour) show the best of them.
    return round(dpi), min(colours, key=KINDS.index, default="")


def _size(page: Any) -> tuple[float, float]:
    box = items(at(page, "/CropBox")) or items(at(page, "/MediaBox"))
    try:
        left, bottom, right, top = (float(opened(side)) for side in box)
        unit = float(at(page, "/UserUnit") or 1)
    except (TypeError, ValueError):
        return 0, 0
    return abs(right - left) * unit, abs(top - bottom) * unit


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= NEAR * other


def _stacked(images: Iterator[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Images, and those of one width and kind as one: scanners cut pages into strips."""
    found = list(images)
    strips: dict[tuple[int, str], int] = {}
    for across, down, kind in found:
        strips[across, kind] = strips.get((across, kind), 0) + down
    return found + [(across, down, kind) for (across, kind), down in strips.items()]


def _images(resources: Any, deep: int = 0) -> Iterator[tuple[int, int, str]]:
    """Width, height and colour of the images that a page may draw, one form deep."""
    entries = at(resources, "/XObject")
    if not isinstance(entries, dict):
        return
    for entry in islice(dict.values(entries), IMAGES):
        one = opened(entry)
        kind = at(one, "/Subtype")
        if kind == "/Form" and deep < 1:
            yield from islice(_images(at(one, "/Resources"), deep + 1), IMAGES)
        if kind != "/Image":
            continue
        across, down = at(one, "/Width"), at(one, "/Height")
        if isinstance(across, int) and isinstance(down, int) and across > 0 and down > 0:
            yield across, down, _colour(one)


def _colour(image: Any) -> str:
    if at(image, "/ImageMask") is True or at(image, "/BitsPerComponent") == 1:
        return "bilevel"
    space = at(image, "/ColorSpace")
    parts = items(space)
    name = opened(parts[0]) if parts else space
    if name == "/ICCBased" and len(parts) > 1:
        count = at(parts[1], "/N")
        return {1: "grey", 3: "colour", 4: "colour"}.get(count, "") if count else ""
    if name == "/Indexed" and len(parts) > 1 and _is_grey(parts[1]):
        return "grey"
    if name in _GREYS:
        return "grey"
    return "colour" if name in _COLOURS else ""


def _is_grey(space: Any) -> bool:
    parts = items(space)
    name = opened(parts[0]) if parts else opened(space)
    return name in _GREYS or (name == "/ICCBased" and len(parts) > 1 and at(parts[1], "/N") == 1)
