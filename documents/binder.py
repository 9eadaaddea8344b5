"""Binds a picture of a scan into a PDF, inside the bounded child only; knows img2pdf and Pillow."""

import errno
import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import img2pdf
from PIL import Image, ImageOps, TiffImagePlugin

from documents.sniffing import PDF_HEADER_WITHIN

PIXELS = 140_000_000  # of one page: A0 at 300 dpi
PAGES = 500
OLDEST_PDF = "1.4"  # what the office asks of senders
A4 = (210 / 25.4 * 72, 297 / 25.4 * 72)
SAID = (100, 2400)  # dpi outside of this are what cameras and programs write when they know nothing
SHORTEST, LONGEST = 36, 3600  # points of a page: half an inch, a bit more than A0
FORMATS = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF"}
MIRRORED = {2, 4, 5, 7}
ORIENTATION = 274
PLAIN = {"1", "L", "LA", "P", "RGB", "RGBA", "CMYK"}
FULL = {errno.ENOSPC, errno.EDQUOT}


class Unfit(Exception):
    """The picture cannot become a PDF; `reason` is a code of inspection.REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def bind(path: str, kind: str, target: str) -> dict[str, Any]:
    """Write a PDF of the picture, the same bytes for the same picture; answers its pages.

    Pixels are neither scaled nor compressed anew with loss. What PDF does not know (16 bits a
    colour in TIFF, mirrored pictures) is drawn in 8 bits, upright.
    """
    # Pillow warns of large pictures; the bound here is our own.
    Image.MAX_IMAGE_PIXELS = None
    warnings.simplefilter("ignore")
    try:
        _only_a_picture(path)
        pictures, pages = _pictures(Path(path), kind)
        _write(pictures, Path(target))
    except Unfit as unfit:
        return {"reason": unfit.reason, "pages": 0}
    except MemoryError:
        return {"reason": "too_big_for_memory", "pages": 0}
    except OSError as error:
        reason = {errno.EFBIG: "image_too_big"}.get(error.errno or 0, "image_broken")
        return {"reason": "disk_full" if error.errno in FULL else reason, "pages": 0}
    except Exception:  # noqa: BLE001 -- a hostile picture makes the libraries raise anything
        return {"reason": "image_broken", "pages": 0}
    return {"reason": "", "pages": pages}


def _only_a_picture(path: str) -> None:
    """Raises Unfit for a picture that some program takes for a PDF or an archive as well."""
    with Path(path).open("rb") as file:
        head = file.read(PDF_HEADER_WITHIN + len(b"%PDF-"))
    if b"%PDF-" in head or zipfile.is_zipfile(path):
        raise Unfit("image_disguised")


def _pictures(path: Path, kind: str) -> tuple[list[bytes], int]:
    """What img2pdf takes: the file itself, or its pages drawn anew where it could not."""
    with Image.open(path, formats=[FORMATS[kind]]) as image:
        if kind == "png" and getattr(image, "is_animated", False):
            raise Unfit("image_moving")
        whole, pages = True, 0
        for frame, orientation in _frames(image, several=kind == "tiff"):
            whole, pages = whole and _is_plain(frame, kind, orientation), pages + 1
        if whole:
            return [path.read_bytes()], pages
        return [_drawn(frame) for frame, _turn in _frames(image, several=kind == "tiff")], pages


def _frames(image: Any, *, several: bool) -> Iterator[tuple[Any, int]]:
    """The pages of a picture and how they are turned, each read to its end: is something cut off?

    The orientation is asked for first: reading a TIFF turns it and forgets.
    """
    place = 0
    while True:
        try:
            image.seek(place)
        except EOFError:
            return
        if place >= PAGES or image.width * image.height > PIXELS:
            raise Unfit("image_too_big")
        orientation = image.getexif().get(ORIENTATION, 1)
        image.load()
        yield image, orientation
        if not several:
            return
        place += 1


def _is_plain(frame: Any, kind: str, orientation: int) -> bool:
    """True when img2pdf takes over this page as it is."""
    if kind == "tiff":
        bits = frame.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (1,))
        return orientation == 1 and frame.mode in PLAIN and max(bits) <= 8
    if orientation in MIRRORED:
        return False
    if kind == "png":
        with Path(frame.filename).open("rb") as file:
            head = file.read(29)
        depth, interlaced = head[24], head[28]
        if depth > 8:  # 16 bits go into the PDF as they are, unless Pillow has to read them
            return not interlaced and "A" not in frame.mode and "transparency" not in frame.info
    return frame.mode in PLAIN


def _drawn(frame: Any) -> bytes:
    """One page as a picture that PDF knows, upright and opaque."""
    dpi = _said(frame.info.get("dpi"))
    page = ImageOps.exif_transpose(frame)
    if page.mode.startswith("I;16"):
        page = page.convert("I")
    if page.mode == "I":
        # Sixteen bits of grey: the upper eight are what an eye can tell apart.
        page = page.point(lambda grey: grey * (1 / 256)).convert("L")
    elif page.mode in {"RGBA", "LA", "PA"} or "transparency" in page.info:
        page = page.convert("RGBA")
        paper = Image.new("RGBA", page.size, "white")
        page = Image.alpha_composite(paper, page).convert("RGB")
    elif page.mode not in {"1", "L", "CMYK"}:
        page = page.convert("RGB")
    out = io.BytesIO()
    page.info = {}
    page.save(out, "TIFF" if page.mode == "CMYK" else "PNG", **({"dpi": dpi} if dpi else {}))
    return out.getvalue()


def _said(dpi: Any) -> tuple[float, float] | None:
    """The resolution that the scanner wrote, None when it cannot be meant."""
    try:
        across, down = (float(value) for value in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    least, most = SAID
    return (across, down) if least <= across <= most and least <= down <= most else None


def _layout(width: int, height: int, dpi: Any) -> tuple[float, float, float, float]:
    """The page in points: as large as the paper was, or fitted into A4 where nobody knows."""
    said = _said(dpi)
    if said:
        across, down = width / said[0] * 72, height / said[1] * 72
        if min(across, down) >= SHORTEST and max(across, down) <= LONGEST:
            return across, down, across, down
    page = A4 if height >= width else A4[::-1]
    scale = min(page[0] / width, page[1] / height)
    return *page, width * scale, height * scale


def _write(pictures: list[bytes], target: Path) -> None:
    book = img2pdf.convert_to_docobject(
        pictures,
        # Written in Python: less foreign code on foreign bytes, and no date, no random identifier.
        engine=img2pdf.Engine.internal,
        nodate=True,
        producer="edocman",
        layout_fun=_layout,
        rotation=img2pdf.Rotation.ifvalid,
        first_frame_only=not _is_tiff(pictures[0]),
    )
    book.output_version = max(book.output_version, OLDEST_PDF)
    with target.open("wb") as out:
        book.tostream(out)


def _is_tiff(picture: bytes) -> bool:
    return picture.startswith((b"II", b"MM"))
