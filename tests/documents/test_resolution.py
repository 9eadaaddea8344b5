"""The scan rule measured from files: PDF 1.4 or later, in colour, 200 dpi (TT 01/2019 Điều 6.2)."""

from io import BytesIO
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from documents.inspection import inspect
from documents.resolution import measure
from tests import files, papers
from tests.files import stream
from tests.papers import page_with


def scan(tmp_path, content: bytes) -> dict[str, object]:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    found = inspect(path, seconds=60, memory_mib=1024)
    assert found.readable, found.reason
    return found.scan


GOOD = "/Width 1654/Height 2339/BitsPerComponent 8/ColorSpace/DeviceRGB"  # 200 dpi
CASES = {
    "colour 200": ([GOOD], 200, "colour"),
    "grey 300": (["/Width 2480/Height 3508/BitsPerComponent 8/ColorSpace/DeviceGray"], 300, "grey"),
    "fax": (["/Width 1654/Height 2339/BitsPerComponent 1/ImageMask true"], 200, "bilevel"),
    "low": (["/Width 827/Height 1169/BitsPerComponent 8/ColorSpace/DeviceRGB"], 100, "colour"),
    "turned": (["/Width 2339/Height 1654/BitsPerComponent 8/ColorSpace/DeviceCMYK"], 200, "colour"),
    "strips": (
        ["/Width 1654/Height 390/BitsPerComponent 8/ColorSpace/DeviceRGB"] * 6,
        200,
        "colour",
    ),
    "layers": (
        [
            "/Width 827/Height 1169/BitsPerComponent 8/ColorSpace/DeviceRGB",
            "/Width 2480/Height 3508/BitsPerComponent 1/ImageMask true",
        ],
        300,
        "colour",
    ),
    "palette": (
        ["/Width 1654/Height 2339/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<00ff>]"],
        200,
        "colour",
    ),
    "grey palette": (
        ["/Width 1654/Height 2339/BitsPerComponent 8/ColorSpace[/Indexed/DeviceGray 1<00ff>]"],
        200,
        "grey",
    ),
    "unknown colour": (["/Width 1654/Height 2339"], 200, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_scan_is_measured(tmp_path, case: str) -> None:
    images, dpi, colour = CASES[case]
    found = scan(tmp_path, page_with(*images))
    assert (found["pages"], found["colour"]) == (1, colour)
    assert abs(found["dpi"] - dpi) <= 1


def test_a_profile_says_how_many_colours(tmp_path) -> None:
    for count, colour in ((1, "grey"), (3, "colour"), (4, "colour")):
        image = "/Width 1654/Height 2339/BitsPerComponent 8/ColorSpace[/ICCBased 5 0 R]"
        content = page_with(image, more=(stream(b"\0", f"/N {count}"),))
        assert scan(tmp_path, content)["colour"] == colour


def test_the_page_that_is_named_is_that_of_the_file() -> None:
    """Pages that were not scanned count too: the clerk looks for the page by its number."""
    scan = page_with("/Width 827/Height 1169/BitsPerComponent 8/ColorSpace/DeviceRGB")
    typed, scanned = PdfReader(BytesIO(files.build())), PdfReader(BytesIO(scan))
    whole = SimpleNamespace(pages=[*typed.pages, *scanned.pages])
    found = measure(whole)
    assert (found["pages"], found["page"]) == (1, len(typed.pages) + 1)


def test_a_logo_is_no_scan(tmp_path) -> None:
    """A letter that was written on a computer is not measured."""
    logo = "/Width 200/Height 200/BitsPerComponent 8/ColorSpace/DeviceRGB"
    assert scan(tmp_path, page_with(logo))["pages"] == 0
    assert scan(tmp_path, papers.letter())["pages"] == 0


def test_a_real_picture_of_a_page(tmp_path) -> None:
    found = scan(tmp_path, papers.scanned(tmp_path / "scan.pdf"))
    assert found == {"pages": 1, "dpi": 150, "page": 1, "colour": "colour"}


@pytest.mark.parametrize("size", ["/Width 0/Height 5", "/Width(a)/Height[]", "/Width -3/Height 3"])
def test_nonsense_is_no_scan(tmp_path, size: str) -> None:
    assert scan(tmp_path, page_with(size))["pages"] == 0


def test_a_picture_that_asks_for_too_much_is_not_unpacked(tmp_path) -> None:
    path = files.memory_bomb(tmp_path / "bomb.pdf")
    found = inspect(path, seconds=30, memory_mib=1024)
    assert found.readable
    assert "scan" not in found.faults
