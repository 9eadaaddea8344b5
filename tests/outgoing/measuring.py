"""What stands on the pages of a PDF, measured from the PDF itself, in millimetres and points."""

import ctypes
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
from pypdf import PdfReader

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """Letters of one look on one line; lengths in millimetres from the upper left corner."""

    text: str
    page: int
    left: float
    right: float
    base: float  # the base line
    high: float  # of the tallest letter
    size: float  # points
    bold: bool
    italic: bool
    red: bool

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Shape:
    """A rule or a frame, in millimetres from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


class Sheet:
    """A PDF laid on the table."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        document = pypdfium2.PdfDocument(data)
        try:
            self.sizes = [tuple(side * MM for side in page.get_size()) for page in document]
            self.lines = [
                line for number in range(len(document)) for line in _lines(document, number)
            ]
            self.shapes = [
                one for number in range(len(document)) for one in _shapes(document, number)
            ]
            self.texts = [page.get_textpage().get_text_bounded() for page in document]
        finally:
            document.close()

    @property
    def pages(self) -> int:
        return len(self.sizes)

    @property
    def text(self) -> str:
        """The words of all pages, spaces and line ends as one space."""
        return " ".join(" ".join(self.texts).split())

    def find(self, text: str, page: int | None = None) -> Line:
        """The first run that begins with these words."""
        for line in self.lines:
            if line.text.startswith(text) and page in (None, line.page):
                return line
        seen = "\n".join(line.text for line in self.lines)
        raise AssertionError(f"{text!r} does not stand in\n{seen}")

    def below(self, line: Line, within: float = 4.5) -> Shape:
        """The rule under a line."""
        found = [
            one
            for one in self.shapes
            if one.page == line.page
            and 0 < one.top - line.base < within
            and one.left < line.middle < one.right
            and one.height < 1
        ]
        assert found, f"no rule under {line.text!r}"
        return min(found, key=lambda one: one.top)

    def fields(self) -> dict[str, tuple[float, float, float, float]]:
        """The form fields: name -> left, top, right, bottom in millimetres."""
        places = {}
        for leaf in PdfReader(io.BytesIO(self.data)).pages:
            height = float(leaf.mediabox.height)
            for note in leaf.get("/Annots", []):
                field = note.get_object()
                left, low, right, high = (float(side) for side in field["/Rect"])
                places[str(field["/T"])] = (
                    left * MM,
                    (height - high) * MM,
                    right * MM,
                    (height - low) * MM,
                )
        return places

    def fonts(self) -> dict[str, bool]:
        """Every font of the file by its name, and whether it is embedded."""
        found = {}
        for one in PdfReader(io.BytesIO(self.data)).pages:
            for entry in one["/Resources"]["/Font"].values():
                font = entry.get_object()
                inner = (
                    font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font
                )
                found[str(font["/BaseFont"])] = "/FontFile2" in inner["/FontDescriptor"]
        return found


def _lines(document: Any, number: int) -> Iterator[Line]:
    page = document[number]
    height = page.get_height()
    words = page.get_textpage()
    run: list[tuple[str, tuple[float, float, float, float], tuple[Any, ...], float]] = []
    for place in range(words.count_chars()):
        text = words.get_text_range(place, 1)
        if not text or text in "\r\n":
            continue
        look = _look(words, place)
        x, y = ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetCharOrigin(words, place, x, y)
        box = words.get_charbox(place)
        if run and not text.isspace() and (look != run[-1][2] or abs(y.value - run[-1][3]) > 1):
            yield _line(run, number, height)
            run = []
        if text.isspace():
            if run:
                run.append((" ", run[-1][1], run[-1][2], run[-1][3]))
            continue
        run.append((text, box, look, y.value))
    if run:
        yield _line(run, number, height)


def _line(run: list[Any], number: int, height: float) -> Line:
    shown = [entry for entry in run if entry[0].strip()]
    size, bold, italic, red = shown[0][2]
    return Line(
        text=" ".join("".join(entry[0] for entry in run).split()),
        page=number,
        left=shown[0][1][0] * MM,
        right=shown[-1][1][2] * MM,
        base=(height - shown[0][3]) * MM,
        high=(height - max(entry[1][3] for entry in shown)) * MM,
        size=size,
        bold=bold,
        italic=italic,
        red=red,
    )


def _look(words: Any, place: int) -> tuple[float, bool, bool, bool]:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(words, place, matrix)
    size = raw.FPDFText_GetFontSize(words, place) * abs(matrix.d)
    name = ctypes.create_string_buffer(200)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(words, place, name, 200, flags)
    red, green, blue, clear = (ctypes.c_uint() for _ in range(4))
    raw.FPDFText_GetFillColor(words, place, red, green, blue, clear)
    font = name.value.decode()
    return round(size, 1), "Bold" in font, "Italic" in font, red.value > 150 > green.value


def _shapes(document: Any, number: int) -> Iterator[Shape]:
    page = document[number]
    height = page.get_height()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE]):
        left, low, right, high = one.get_bounds()
        yield Shape(number, left * MM, (height - high) * MM, right * MM, (height - low) * MM)


def composed(text: str) -> bool:
    """Whether the letters carry their marks themselves (NFC)."""
    return unicodedata.is_normalized("NFC", text)
