"""Pictures of scans: one PDF each, pixel by pixel, upright, the same bytes every time."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
from PIL import Image, ImageChops

from documents import binder, scans, uploads
from documents.inspection import REASONS
from documents.pages import render
from tests import files
from tests.files import fax, jpeg, picture, saved, turned

CLOSE = 20  # greys; readers turn CMYK into RGB each in its own way
DPI = {"dpi": (200, 200)}
BOUNDS = {"seconds": 20, "memory_mib": 1024}


def bound(
    tmp_path: Path, data: bytes, name: str = "a", *, file_bytes: int = 20 << 20, **bounds: int
) -> tuple[scans.Scan, Path]:
    source, target = tmp_path / name, tmp_path / f"{name}.pdf"
    source.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    how = {**BOUNDS, **bounds, "file_bytes": file_bytes}
    return scans.to_pdf(source, target, sha256=digest, **how), target


def drawn(path: Path, page: int = 0) -> Any:
    """The page as people see it."""
    image = render(path, page, 300, path.with_suffix(f".{page}"), **BOUNDS)
    assert image.reason == ""
    return Image.open(image.path).convert("RGB")


def difference(one: Any, other: Any) -> float:
    """How far two pictures lie apart, in greys out of 255."""
    small = [image.resize((30, 40), Image.Resampling.BOX) for image in (one, other)]
    apart = ImageChops.difference(*small).convert("L")
    return sum(grey * many for grey, many in enumerate(apart.histogram())) / (
        apart.width * apart.height
    )


GOOD = {
    "jpeg": (lambda: jpeg(), 1),
    "grey jpeg": (lambda: saved(picture("L"), "JPEG", **DPI), 1),
    "cmyk jpeg": (lambda: saved(picture("CMYK"), "JPEG", **DPI), 1),
    "png": (lambda: saved(picture(), "PNG", **DPI), 1),
    "palette png": (lambda: saved(picture("P"), "PNG", **DPI), 1),
    "16 bit png": (lambda: saved(picture("I;16"), "PNG", **DPI), 1),
    "tiff": (lambda: saved(picture(), "TIFF", compression="tiff_lzw", **DPI), 1),
    "16 bit tiff": (lambda: saved(picture("I;16"), "TIFF", **DPI), 1),
    "cmyk tiff": (lambda: saved(picture("CMYK"), "TIFF", **DPI), 1),
    "fax": (lambda: fax(3), 3),
    "mixed tiff": (
        lambda: saved(
            picture("1"), "TIFF", picture("RGBA"), picture("I;16"), picture("CMYK"), **DPI
        ),
        4,
    ),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_picture_becomes_a_pdf_that_shows_the_same(tmp_path: Path, kind: str) -> None:
    """Kon Tum Điều 13.1."""
    make, pages = GOOD[kind]
    data = make()
    scan, target = bound(tmp_path, data)
    assert (scan.reason, scan.pages) == ("", pages)
    content = target.read_bytes()
    assert (scan.size, scan.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert target.stat().st_mode & 0o777 == 0o600
    book = pypdf.PdfReader(target)
    assert (len(book.pages), book.pdf_header >= "%PDF-1.4") == (pages, True)
    mode = Image.open(io.BytesIO(data)).mode
    expected = files.ramp() if mode == "I;16" else picture(mode).convert("RGB")
    assert difference(drawn(target), expected) < CLOSE
    # The last page too, and no page twice.
    if kind == "mixed tiff":
        assert difference(drawn(target, 3), picture("CMYK").convert("RGB")) < CLOSE
        assert difference(drawn(target, 2), files.ramp()) < CLOSE


def test_the_bytes_of_a_jpeg_are_kept_in_the_pdf(tmp_path: Path) -> None:
    data = jpeg()
    _scan, target = bound(tmp_path, data)
    assert data in target.read_bytes()


@pytest.mark.parametrize("data", [jpeg(), fax(2), turned("JPEG", 5)])
def test_the_same_picture_gives_the_same_bytes(tmp_path: Path, data: bytes) -> None:
    assert bound(tmp_path, data, "a")[0] == bound(tmp_path, data, "b")[0]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_is_upright(tmp_path: Path, form: str, orientation: int) -> None:
    scan, target = bound(tmp_path, turned(form, orientation))
    assert scan.reason == ""
    assert difference(drawn(target), picture()) < 12


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
def test_transparency_lies_on_white_paper(tmp_path: Path, form: str) -> None:
    scan, target = bound(tmp_path, saved(picture("RGBA"), form, **DPI))
    assert scan.reason == ""
    white = Image.new("RGB", (300, 400), "white")
    assert difference(drawn(target), Image.blend(picture(), white, 0.5)) < 12


@pytest.mark.parametrize(
    ("dpi", "millimetres"),
    [
        ((200, 200), (38, 51)),
        ((0, 0), (210, 297)),
        ((1, 1), (210, 297)),
        ((60000, 60000), (210, 297)),
    ],
)
def test_a_page_has_the_size_of_the_paper_or_of_a4(
    tmp_path: Path, dpi: tuple[int, int], millimetres: tuple[int, int]
) -> None:
    _scan, target = bound(tmp_path, jpeg(dpi=dpi))
    box = pypdf.PdfReader(target).pages[0].mediabox
    assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == millimetres


BAD = {
    "cut off jpeg": (lambda: jpeg()[:2500], "image_broken"),
    "cut off png": (lambda: saved(picture(), "PNG")[:400], "image_broken"),
    "cut off tiff": (lambda: saved(picture(), "TIFF")[:9000], "image_broken"),
    "header alone": (lambda: b"\xff\xd8\xff\xe0", "image_broken"),
    "too many points": (files.picture_bomb, "image_too_big"),
    "moving": (files.moving, "image_moving"),
    "a PDF too": (files.picture_and_pdf, "image_disguised"),
    "an archive too": (files.picture_and_archive, "image_disguised"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_picture_that_cannot_become_one_has_a_plain_reason(tmp_path: Path, kind: str) -> None:
    make, reason = BAD[kind]
    scan, target = bound(tmp_path, make())
    assert (scan.reason, scan.sha256, scan.pages) == (reason, "", 0)
    assert scan.reason in REASONS
    assert not target.exists()


def test_a_pdf_that_grows_beyond_its_bound_is_given_up(tmp_path: Path) -> None:
    scan, _target = bound(tmp_path, jpeg(), file_bytes=2000)
    assert scan.reason == "image_too_big"


def test_memory_and_time_are_bounded(tmp_path: Path) -> None:
    large = saved(Image.new("RGB", (9000, 9000)), "PNG")
    assert bound(tmp_path, large, memory_mib=200)[0].reason == "too_big_for_memory"
    assert bound(tmp_path, large, seconds=1)[0].reason == "too_slow"


def test_more_pages_than_a_file_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binder, "PAGES", 2)
    source = tmp_path / "a"
    source.write_bytes(fax(3))
    made = binder.bind(str(source), "tiff", str(tmp_path / "b"))
    assert made == {"reason": "image_too_big", "pages": 0}


def test_a_picture_that_changed_since_it_came_is_not_bound(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(jpeg())
    scan = scans.to_pdf(source, tmp_path / "b", sha256="0" * 64, file_bytes=1 << 20, **BOUNDS)
    assert scan.reason == "changed"


def test_a_workplace_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "x.pages"
    with scans.workplace(folder) as place:
        place.write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []
    with scans.workplace(folder) as place:
        (folder / "other").write_bytes(b"x")
    assert [path.name for path in folder.iterdir()] == ["other"]


def test_the_other_place_of_a_file_leads_back() -> None:
    token = "0123456789abcdef" * 2
    other = uploads.partner(token)
    assert uploads.TOKEN.fullmatch(other)
    assert other != token == uploads.partner(other)
