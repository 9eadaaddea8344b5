"""Page images: small, upright, bounded; a hostile page costs its own preview."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from documents.inspection import REASONS
from documents.pages import ZOOM_WIDTH, Page, media_type_of, page_name, render, render_pages
from tests import files


def drawn(path: Path, *, width: int = 1000, seconds: int = 20, memory_mib: int = 1024) -> Page:
    image = path.with_suffix(".image")
    return render(path, 0, width, image, seconds=seconds, memory_mib=memory_mib)


def test_a_text_page_is_a_small_png(tmp_path: Path) -> None:
    page = drawn(files.simple_pdf(tmp_path / "a.pdf", files.SAMPLE * 30))
    assert (page.reason, page.media_type, page.width) == ("", "image/png", 1000)
    assert page.size == page.path.stat().st_size < 150_000
    assert media_type_of(page.path.read_bytes()) == "image/png"
    with Image.open(page.path) as image:
        assert image.size == (page.width, page.height) == (1000, 1415)
        assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)
        assert image.convert("L").getextrema()[0] < 40


@pytest.mark.parametrize(("width", "most"), [(1000, 150_000), (ZOOM_WIDTH, 384_000)])
def test_a_scan_is_a_jpeg_of_bearable_size(tmp_path: Path, width: int, most: int) -> None:
    page = drawn(files.scan_pdf(tmp_path / "a.pdf"), width=width)
    assert (page.reason, page.media_type, page.width) == ("", "image/jpeg", width)
    assert page.size <= most
    assert media_type_of(page.path.read_bytes()) == "image/jpeg"


@pytest.mark.parametrize(
    ("degrees", "upright"), [(0, True), (90, False), (180, True), (270, False)]
)
def test_a_turned_page_is_drawn_as_it_is_read(tmp_path: Path, degrees: int, upright: bool) -> None:
    page = drawn(files.rotated(tmp_path / "a.pdf", degrees))
    assert page.width == 1000
    assert (page.height > page.width) == upright


@pytest.mark.parametrize(
    ("width", "height"), [(2_000_000, 2_000_000), (1, 14_400), (14_400, 1), (3, 2_000_000)]
)
def test_an_enormous_page_is_drawn_small(tmp_path: Path, width: int, height: int) -> None:
    page = drawn(files.huge_mediabox(tmp_path / "a.pdf", width, height))
    assert page.reason == ""
    assert page.width * page.height <= 8_100_000
    assert page.height <= 4100


@pytest.mark.parametrize(
    ("build", "reason"), [(files.broken, "broken"), (files.encrypted, "encrypted")]
)
def test_what_cannot_be_opened_has_a_reason(
    tmp_path: Path, build: Callable[[Path], Path], reason: str
) -> None:
    page = drawn(build(tmp_path / "a.pdf"))
    assert (page.reason, page.size) == (reason, 0)
    assert not page.path.exists()


def test_a_memory_bomb_does_not_take_the_memory(tmp_path: Path) -> None:
    page = drawn(files.memory_bomb(tmp_path / "a.pdf"))
    # PDFium leaves the picture out, or gives up.
    assert page.reason in {"", "too_big_for_memory"}


def test_a_page_without_end_is_given_up(tmp_path: Path) -> None:
    page = drawn(files.slow(tmp_path / "a.pdf"), seconds=1)
    assert page.reason in {"too_slow", "too_big_for_memory"}  # whichever limit it meets first
    assert list(tmp_path.iterdir()) == [tmp_path / "a.pdf"]


def test_a_page_that_needs_too_much_memory_is_told_so(tmp_path: Path) -> None:
    """PDFium aborts where it gets no more; that is no sign of a harmful file."""
    page = drawn(files.slow(tmp_path / "a.pdf"), seconds=20, memory_mib=200)
    assert (page.reason, page.size) == ("too_big_for_memory", 0)
    assert "quá nhiều bộ nhớ" in str(REASONS[page.reason])


def test_a_bad_page_costs_its_own_preview(tmp_path: Path) -> None:
    path = files.one_slow_page(tmp_path / "a.pdf")
    pages = render_pages(path, tmp_path, 0, 4, 400, seconds=2, memory_mib=1024)
    assert [page.index for page in pages] == [0, 1, 2, 3]
    assert [bool(page.reason) for page in pages] == [False, True, False, True]
    assert pages[1].reason in {"too_slow", "too_big_for_memory"}
    assert pages[3].reason == "no_pages"
    assert pages[2].path == tmp_path / page_name(2, 400)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "0001-400.image",
        "0003-400.image",
        "a.pdf",
    ]


def test_values_of_a_form_are_drawn(tmp_path: Path) -> None:
    filled = drawn(files.with_form(tmp_path / "a.pdf", "4127"))
    empty = drawn(files.with_form(tmp_path / "b.pdf", ""))
    box = (121, 200, 289, 240)  # the field
    with Image.open(filled.path) as one, Image.open(empty.path) as other:
        pictures: list[Any] = [image.convert("L").crop(box) for image in (one, other)]
    assert pictures[0].tobytes() != pictures[1].tobytes()


def test_a_folder_that_cannot_be_written_is_a_reason(tmp_path: Path) -> None:
    path = files.plain_pdf(tmp_path / "a.pdf")
    page = render(path, 0, 400, tmp_path / "none" / "x", seconds=10, memory_mib=1024)
    assert page.reason == "broken"
