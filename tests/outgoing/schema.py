"""The drawing of the boxes, NĐ 30/2020 Phụ lục I phần IV: what may stand where on page 1.

``python -m tests.outgoing.schema FOLDER`` draws each sample with its boxes around what stands in
them, the annex's drawing beside it, to be looked at.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from outgoing.paper import Form, Paper
from outgoing.preparing import prepare
from outgoing.rendering import render
from tests.outgoing import papers
from tests.outgoing.measuring import Line, Sheet

DOTS = 5  # a millimetre
TAIL = 1.1  # of letters, below their line
LEFT, MIDDLE, RIGHT = 30.0, 96.0, 192.0
FONT = "/usr/share/fonts/truetype/liberation/LiberationSans-Bold.ttf"


@dataclass(frozen=True)
class Box:
    """One of the drawing: its sides in millimetres, its row; above all boxes of a later row."""

    left: float
    right: float
    row: int
    high: float  # only in the drawing
    tall: float


# Boxes 7c, 8 and 14 are signature fields; 8 covers the left third of 7c, 14 is that of copies.
SCHEMA = {
    "2": Box(LEFT, MIDDLE, 0, 20, 14),
    "1": Box(MIDDLE, RIGHT, 0, 20, 14),
    "3": Box(LEFT, MIDDLE, 1, 36, 8),
    "4": Box(MIDDLE, RIGHT, 1, 36, 8),
    "5b": Box(LEFT, MIDDLE, 2, 46, 10),
    "10b": Box(LEFT, MIDDLE, 3, 58, 8),
    "11": Box(LEFT, MIDDLE, 3, 68, 8),
    "5a": Box(LEFT, RIGHT, 4, 78, 14),
    "9a": Box(LEFT, RIGHT, 4, 94, 12),
    "6": Box(LEFT, RIGHT, 5, 108, 80),
    "9b": Box(LEFT, 105, 6, 192, 40),
    "7a": Box(105, RIGHT, 6, 192, 12),
    "7c": Box(105, RIGHT, 7, 206, 26),
    "8": Box(90, RIGHT, 7, 206, 26),
    "7b": Box(105, RIGHT, 8, 234, 8),
    "12": Box(LEFT, 105, 8, 236, 8),
    "13": Box(LEFT, RIGHT, 9, 266, 10),
    "14": Box(120, 210, -1, 4, 12),
}
Rectangle = tuple[int, float, float, float, float]  # page, left, top, right, bottom


def boxes_of(paper: Paper) -> dict[str, Rectangle]:
    """What of a paper stands where, by the number of its box; text that has no box is in "6"."""
    sheet = Sheet(prepare(render(paper)))
    found: dict[str, list[Line]] = {}
    ends = False
    for line in sheet.lines:
        ends = ends or line.text.startswith("Nơi nhận:") or line.text in _posts(paper)
        number = _number(paper, line, ends)
        if number:
            found.setdefault(number, []).append(line)
    rectangles = {number: _around(lines) for number, lines in found.items()}
    fields = sheet.fields()
    last = rectangles["7b"][0]
    rectangles |= {"7c": (last, *fields["signer_signature"])}
    rectangles |= {"8": (last, *fields["agency_signature"])}
    return rectangles


def _posts(paper: Paper) -> set[str]:
    """The lines of box 7a, as they begin; the authority before the post where there is one."""
    signer = paper.signer
    return {f"{signer.authority} {signer.on_behalf_of or signer.position}".strip()}


def _number(paper: Paper, line: Line, ends: bool) -> str:
    text = line.text
    if paper.secretary and text in (paper.secretary.position, paper.secretary.full_name):
        return ""  # the other side signs at the left, in a column of its own
    if line.page == 0 and not ends:
        if text.startswith(("CỘNG HÒA XÃ HỘI", "Độc lập - Tự do")):
            return "1"
        if line.right < MIDDLE + 2 and line.base < 60:
            if text in paper.parent_organ or text in paper.organ_name:
                return "2"
            if text.startswith("Số:") or text == f"/{paper.code_notation}":
                return "3"
        if text.startswith(f"{paper.place}, ngày"):
            return "4"
        if line.right < MIDDLE + 2 and line.size == 13 and line.base < 90:
            if line.bold:
                return "11" if text == paper.circulation else "10b"
            return "5b" if paper.form is Form.LETTER else "10b"
        if line.bold and line.size == 14 and line.base < 110:
            name = paper.type_name.upper()
            if text == name or text in paper.subject:
                return "5a"
        if text.startswith("Kính gửi:") or text.lstrip("- ").rstrip(";.") in paper.addressees:
            return "9a"
    if text == paper.drafter_mark:
        return "12"
    if line.page == 0 and line.base > 262 and line.size == 11 and paper.contact:
        return "13"
    if ends:
        if line.left < 100 and line.size in (11, 12):
            return "9b"
        if text == paper.signer.full_name:
            return "7b"
        if line.bold and line.left > 100:
            return "7a"
        return ""
    return "" if text.isdigit() else "6"


def _around(lines: list[Line]) -> Rectangle:
    page = lines[0].page
    here = [one for one in lines if one.page == page]
    return (
        page,
        min(one.left for one in here),
        min(one.high for one in here),
        max(one.right for one in here),
        max(one.base for one in here) + TAIL,
    )


# --- To be looked at.


def beside(paper: Paper) -> Iterator[Image.Image]:
    """Each page with its boxes; the first has the drawing beside it."""
    rectangles = boxes_of(paper)
    document = pypdfium2.PdfDocument(prepare(render(paper)))
    for number, page in enumerate(document):
        if number and number not in {one[0] for one in rectangles.values()}:
            continue
        width, height = (side * 25.4 / 72 for side in page.get_size())
        picture = page.render(scale=DOTS * 25.4 / 72).to_pil().convert("RGB")
        for name, (where, *sides) in rectangles.items():
            if where == number:
                _frame(picture, name, *sides, colour="#c0392b")
        sheet = Image.new("RGB", (int((width + 215) * DOTS), int(height * DOTS)), "#cccccc")
        sheet.paste(picture, (0, 0))
        sheet.paste(_drawing(), (int((width + 5) * DOTS), 0))
        yield sheet


def _drawing() -> Image.Image:
    picture = Image.new("RGB", (210 * DOTS, 297 * DOTS), "white")
    for name, box in SCHEMA.items():
        _frame(picture, name, box.left, box.high, box.right, box.high + box.tall, colour="#1f4e79")
    return picture


def _frame(
    picture: Image.Image,
    name: str,
    left: float,
    top: float,
    right: float,
    bottom: float,
    colour: str,
) -> None:
    pen = ImageDraw.Draw(picture)
    pen.rectangle([one * DOTS for one in (left, top, right, bottom)], outline=colour, width=2)
    pen.text(
        (left * DOTS - 3, top * DOTS),
        name,
        fill=colour,
        font=ImageFont.truetype(FONT, 18),
        anchor="rt",
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for title, sample in papers.PAPERS.items():
        for place, image in enumerate(beside(sample), 1):
            image.save(folder / f"{title}-{place}.png")
