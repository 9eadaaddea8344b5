"""The copy with a stamp: drawn in the bounded child, from whatever came."""

import io
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings
from PIL import Image

from documents.clearings import PLACES
from documents.inspection import run_child
from documents.pages import render
from documents.stamper import DPI
from tests.files import build

BOUNDS = {"seconds": 30, "memory_mib": 1024}
MARK = build(page="/MediaBox[0 0 142 99]", content=b"1 0 0 rg 0 0 142 99 re f")
INK = b"0 g 40 500 515 320 re f"  # all of the upper part


def copy(tmp_path: Path, content: bytes, *, pages: int = 9, file_bytes: int = 64 << 20):
    """What the child answers, and the copy."""
    (tmp_path / "in.pdf").write_bytes(content)
    (tmp_path / "stamp.pdf").write_bytes(MARK)
    target = tmp_path / "out.pdf"
    answer = run_child(
        {
            "job": "stamp",
            "path": str(tmp_path / "in.pdf"),
            "stamp": str(tmp_path / "stamp.pdf"),
            "target": str(target),
            "pages": pages,
        },
        **BOUNDS,
        file_bytes=file_bytes,
    )
    return answer, target


def red_box(target: Path, page: int = 0) -> tuple[int, int, int, int] | None:
    """Where a page is red, in millimetres."""
    with pypdfium2.PdfDocument(io.BytesIO(target.read_bytes())) as book:
        image = book[page].render(scale=25.4 / 72).to_pil().convert("RGB")
    red, green, _blue = image.split()
    mask = Image.eval(red, lambda value: 255 * (value > 150))
    mask.paste(0, mask=Image.eval(green, lambda value: 255 * (value > 110)))
    return mask.getbbox()


def test_the_stamp_is_as_large_as_the_decree_wants_and_stands_on_the_first_page(tmp_path):
    """NĐ 30/2020 Phụ lục IV: 35 x 50 mm."""
    answer, target = copy(tmp_path, build(pages=3))
    assert [line["result"] for line in answer.lines] == [{"pages": 3}]
    left, top, right, bottom = red_box(target)
    assert right - left == pytest.approx(50, abs=2)
    assert bottom - top == pytest.approx(35, abs=2)
    assert (left, top) == pytest.approx((138, 52), abs=2)
    assert red_box(target, 1) is None
    with pypdfium2.PdfDocument(target) as book:
        assert len(book) == 3
        assert book[0].get_size() == pytest.approx((595, 842), abs=1)


def test_the_stamp_goes_where_it_covers_nothing(tmp_path):
    upper_right = b"0 g 300 560 260 200 re f"
    _answer, target = copy(tmp_path, build(content=upper_right))
    left, top, right, bottom = red_box(target)
    # In points from below: the ink is between 28.9 and 99.5 mm from the top, right of 105.8 mm.
    assert right <= 106 or bottom <= 29 or top >= 99
    assert right - left == pytest.approx(50, abs=2)


def test_a_page_says_where_it_has_room_as_soon_as_it_is_drawn(tmp_path):
    """The stamp on the screen stands there too."""
    (tmp_path / "in.pdf").write_bytes(build(content=b"0 g 300 560 260 200 re f", pages=2))
    bounds = BOUNDS | {"width": 1000}
    first = render(tmp_path / "in.pdf", 0, out_path=tmp_path / "1.image", **bounds)
    left, top = first.clearing
    assert (left, top) != (138, 52)
    assert left + 50 <= 106 or top >= 99
    second = render(tmp_path / "in.pdf", 1, out_path=tmp_path / "2.image", **bounds)
    assert not second.clearing


def test_the_style_sheet_knows_every_place():
    rules = Path(settings.BASE_DIR, "static/css/components/document.css").read_text("utf-8")
    for left, top in PLACES[1:]:
        assert f'[data-top="{top}"] {{ top: calc({top} * var(--mm)); }}' in rules
        assert left == PLACES[0][0] or (
            f'[data-left="{left}"] {{ left: calc({left} * var(--mm)); }}' in rules
        )
    usual = "top: calc(52 * var(--mm)); left: calc(138 * var(--mm));"
    assert usual in rules
    assert PLACES[0] == (138, 52)


def test_a_page_without_room_is_stamped_all_the_same(tmp_path):
    _answer, target = copy(tmp_path, build(content=b"0 g 0 0 595 842 re f"))
    assert red_box(target) is not None


def test_a_small_page_bears_a_smaller_stamp(tmp_path):
    _answer, target = copy(tmp_path, build(page="/MediaBox[0 0 200 280]"))
    left, _top, right, _bottom = red_box(target)
    assert right - left < 40
    assert right <= 71


def test_a_page_lying_on_its_side_keeps_its_shape(tmp_path):
    _answer, target = copy(tmp_path, build(page="/MediaBox[0 0 595 842]/Rotate 90"))
    with pypdfium2.PdfDocument(target) as book:
        assert book[0].get_size() == pytest.approx((842, 595), abs=1)


def test_a_copy_is_sharp_enough_to_print(tmp_path):
    """TT 01/2019 Điều 6: 200 dpi."""
    _answer, target = copy(tmp_path, build())
    with pypdfium2.PdfDocument(target) as book:
        (picture,) = book[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        assert picture.get_px_size()[0] == pytest.approx(595 / 72 * DPI, abs=2)


HOSTILE = {
    "no PDF": b"nothing",
    "half a PDF": build()[:200],
    "no pages": build(pages=0),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_cannot_be_drawn_has_a_reason_and_leaves_nothing(tmp_path, kind):
    answer, target = copy(tmp_path, HOSTILE[kind])
    assert answer.fault or answer.lines[0]["fault"]
    assert not target.exists() or not target.stat().st_size


def test_a_full_disk_is_not_the_fault_of_the_file(tmp_path):
    """The device takes no byte: what is said of it is not that the file is broken."""
    (tmp_path / "out.pdf").symlink_to("/dev/full")
    answer, _target = copy(tmp_path, build())
    assert [line["fault"] for line in answer.lines] == ["disk_full"]


def test_a_copy_that_would_fill_the_disk_is_given_up(tmp_path):
    answer, _target = copy(tmp_path, build(content=INK, pages=4), file_bytes=2000)
    assert answer.fault or answer.lines[0]["fault"]
