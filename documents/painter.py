"""Draws PDF pages with pypdfium2 and Pillow, inside the bounded child only."""

import errno
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image, ImageChops

from documents.clearings import A4_WIDTH, STAMP, clearing

MAX_PIXELS = 8_000_000
TALLEST = 4  # height / width beyond which a page is drawn smaller
FINE = 800  # pixels; on a smaller picture no blank place is looked for
GREYS = 16
COLOURS = 64
PHOTOGRAPH = 4096  # different colours in a small copy; drawn pages have fewer
SAME_GREY = 12  # how far the three colours of a grey pixel may lie apart
QUALITIES = (75, 60, 45)
BYTES_PER_PIXEL = 150_000 / (1000 * 1414)  # an A4 page of width 1000 stays below 150 kB


def paint(
    path: str, pages: Sequence[int], width: int, targets: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Draw the pages one after the other, and answer size, type or reason for each."""
    try:
        book = pypdfium2.PdfDocument(path)
        # With its form, so that what was typed into fields is drawn too.
        book.init_forms()
        amount = len(book)
    except (pypdfium2.PdfiumError, ValueError, OSError) as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        reason = "encrypted" if locked else "broken"
        yield from ({"page": page, "reason": reason} for page in pages)
        return
    for page, target in zip(pages, targets, strict=True):
        if not 0 <= page < amount:
            yield {"page": page, "reason": "no_pages"}
            continue
        try:
            yield {"page": page, "reason": "", **_paint_page(book, page, width, Path(target))}
        except MemoryError:
            yield {"page": page, "reason": "too_big_for_memory"}
        except OSError as error:
            full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            yield {"page": page, "reason": "disk_full" if full else "broken"}
        except (pypdfium2.PdfiumError, ValueError, OverflowError):
            yield {"page": page, "reason": "broken"}


def _paint_page(
    book: pypdfium2.PdfDocument, index: int, width: int, target: Path
) -> dict[str, Any]:
    page = book[index]
    page_width, page_height = page.get_size()  # as it is turned for reading
    if not (page_width > 0 and page_height > 0):
        raise ValueError("A page without an area.")
    scale = width / page_width
    scale = min(
        scale,
        TALLEST * width / page_height,
        (MAX_PIXELS / page_width / page_height) ** 0.5,
    )
    bitmap = page.render(scale=scale, may_draw_forms=True, fill_color=(255, 255, 255, 255))
    image = bitmap.to_pil().convert("RGB")
    data, media_type = encode(image)
    # Under another name until it is whole: a reader never meets half an image.
    unfinished = target.with_name(target.name + ".part")
    unfinished.write_bytes(data)
    unfinished.replace(target)
    drawn: dict[str, Any] = {"width": image.width, "height": image.height}
    if index == 0 and image.width >= FINE:
        wide, tall = (round(side * image.width / A4_WIDTH) for side in STAMP)
        if tall <= image.height:
            drawn["clearing"] = clearing(image, wide, tall)
    page.close()
    return {**drawn, "media_type": media_type, "size": len(data)}


def encode(image: Image.Image) -> tuple[bytes, str]:
    """PNG in few colours for drawn pages; JPEG where a scan would make that too big."""
    budget = max(20_000, int(image.width * image.height * BYTES_PER_PIXEL))
    small = image.resize(
        (max(1, image.width // 4), max(1, image.height // 4)), Image.Resampling.NEAREST
    )
    png = b""
    if small.getcolors(PHOTOGRAPH) is not None:
        png = _bytes(_in_few_colours(image, small), "PNG", optimize=True)
        if len(png) <= budget:
            return png, "image/png"
    jpeg = b""
    for quality in QUALITIES:
        jpeg = _bytes(image, "JPEG", quality=quality, optimize=True)
        if len(jpeg) <= budget:
            break
    return (png, "image/png") if png and len(png) <= len(jpeg) else (jpeg, "image/jpeg")


def _in_few_colours(image: Image.Image, small: Image.Image) -> Image.Image:
    red, green, blue = small.split()
    apart = (ImageChops.difference(red, green), ImageChops.difference(green, blue))
    if not any(any(channel.histogram()[SAME_GREY + 1 :]) for channel in apart):
        return image.convert("L").quantize(GREYS, dither=Image.Dither.NONE)
    return image.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def _bytes(image: Image.Image, form: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()
