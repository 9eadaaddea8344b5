"""Where the first page of a paper has room for the stamp "ĐẾN", inside the bounded child only."""

from PIL import Image

A4_WIDTH = 210  # mm; every page counts as one that is so wide
STAMP = (50, 35)  # mm (NĐ 30/2020, Phụ lục IV)
REDUCED = 4  # the look for a blank place needs no fine picture
DARK = 190  # greys below this are ink
CLEAN = 0.002  # of the area: dust
# Left upper corners on A4 in mm, the usual ones first: under the date, under the number; then
# the highest that is blank. static/css/components/document.css knows them too.
PLACES = (
    (138, 52),
    (30, 48),
    *((x, y) for y in range(30, 255, 5) for x in (138, 120, 80, 30, 14)),
)


def clearing(image: Image.Image, wide: int, tall: int) -> tuple[int, int]:
    """The place, of PLACES, where something so large (pixels) covers the least of the page."""
    mm = image.width / A4_WIDTH
    ink = image.convert("L").reduce(REDUCED).point(lambda grey: 255 if grey < DARK else 0)
    best, least = PLACES[0], 2.0
    for place in PLACES:
        x, y = corner(image, place, wide, tall, mm)
        box = (x // REDUCED, y // REDUCED, (x + wide) // REDUCED, (y + tall) // REDUCED)
        counts = ink.crop(box).histogram()
        covered = counts[255] / max(1, sum(counts))
        if covered <= CLEAN:
            return place
        if covered < least:
            best, least = place, covered
    return best


def corner(
    image: Image.Image, place: tuple[int, int], wide: int, tall: int, mm: float
) -> tuple[int, int]:
    """That place in pixels; what would stand beyond the edge stands at it."""
    left, top = place
    return min(round(left * mm), image.width - wide), min(round(top * mm), image.height - tall)
