"""Draws a printed copy with a stamp on its first page, inside the bounded child only.

The copy is made of pictures of the pages: nothing of what the file could do comes along.
"""

from pathlib import Path
from typing import Any

import img2pdf
import pypdfium2
from PIL import Image

from documents.clearings import A4_WIDTH, clearing, corner
from documents.painter import MAX_PIXELS, encode

DPI = 200  # what the office asks of scans
MM = 25.4
NARROW = 120  # mm; on smaller paper the stamp shrinks


def stamp(path: str, stamp_path: str, target: str, pages: int) -> dict[str, Any]:
    """Write the first pages of a PDF as pictures, the stamp on the first; answers how many."""
    with pypdfium2.PdfDocument(stamp_path) as drawing:
        mark_size = drawing[0].get_size()
        mark = _drawn(drawing[0], DPI / 72, see_through=True)
    book = pypdfium2.PdfDocument(path)
    book.init_forms()
    pictures, sizes = [], []
    for index in range(min(pages, len(book))):
        page = book[index]
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise ValueError("A page without an area.")
        scale = min(DPI / 72, (MAX_PIXELS / width / height) ** 0.5)
        image = _drawn(page, scale)
        if index == 0:
            image = _stamped(image, mark, mark_size, width, scale)
        pictures.append(encode(image)[0])
        sizes.append((width, height))
        page.close()
    _write(pictures, sizes, Path(target))
    return {"pages": len(pictures)}


def _drawn(page: Any, scale: float, *, see_through: bool = False) -> Image.Image:
    paper = (255, 255, 255, 0) if see_through else (255, 255, 255, 255)
    bitmap = page.render(
        scale=scale, may_draw_forms=True, fill_color=paper, maybe_alpha=see_through
    )
    return bitmap.to_pil().convert("RGBA" if see_through else "RGB")


def _stamped(
    image: Image.Image, mark: Image.Image, size: tuple[float, float], width: float, scale: float
) -> Image.Image:
    """The page with the stamp where it covers the least."""
    paper = width / 72 * MM
    shrink = min(1.0, paper / NARROW)
    wide, tall = (round(side * scale * shrink) for side in size)
    wide, tall = min(wide, image.width), min(tall, image.height)
    place = clearing(image, wide, tall)
    x, y = corner(image, place, wide, tall, image.width / A4_WIDTH)
    mark = mark.resize((wide, tall), Image.Resampling.LANCZOS)
    image.paste(mark, (x, y), mark)
    return image


def _write(pictures: list[bytes], sizes: list[tuple[float, float]], target: Path) -> None:
    waiting = iter(sizes)

    def layout(_width: int, _height: int, _dpi: Any) -> tuple[float, float, float, float]:
        width, height = next(waiting)
        return width, height, width, height

    data = img2pdf.convert(
        pictures,
        engine=img2pdf.Engine.internal,
        nodate=True,
        producer="edocman",
        layout_fun=layout,
        rotation=img2pdf.Rotation.none,
    )
    target.write_bytes(data)
