"""Empty form fields and remembered places in a PDF that we print.

A field that can be filled later needs its font in the file. The printing library would put in the
whole font, 200 kB a document; here it is the digits and letters that numbers and dates are made of.
"""

import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

PLACES = "EdocmanPlaces"  # an entry of the catalog: name -> [page x0 y0 x1 y1]
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz/-. "
_POINTS = 0.75  # of a CSS pixel
_PRINTED = 4  # flag of an annotation


@dataclass(frozen=True)
class Blank:
    """How a field writes what it is filled with; ``align`` 0 left, 1 middle, 2 right."""

    size: float
    italic: bool = False
    align: int = 0


@dataclass(frozen=True)
class Font:
    """A font of Western letters, as a PDF holds it."""

    name: str
    program: bytes
    widths: tuple[int, ...]  # of the letters 32 to 126, in thousandths
    box: tuple[int, int, int, int]
    angle: float
    ascent: int
    descent: int


def small_font(program: bytes, letters: Mapping[int, str]) -> bytes:
    """A font with only these letters (glyph -> letter), which says itself where they are."""
    from fontTools.subset import Options, Subsetter  # noqa: PLC0415 -- slow import
    from fontTools.ttLib import TTFont, newTable  # noqa: PLC0415 -- slow import
    from fontTools.ttLib.tables._c_m_a_p import CmapSubtable  # noqa: PLC0415 -- slow import

    font = TTFont(io.BytesIO(program))
    table = CmapSubtable.newSubtable(4)
    table.platformID, table.platEncID, table.language = 3, 1, 0
    table.cmap = {ord(letter): font.getGlyphName(glyph) for glyph, letter in letters.items()}
    font["cmap"] = newTable("cmap")
    font["cmap"].tableVersion, font["cmap"].tables = 0, [table]
    subsetter = Subsetter(Options(layout_features=[], hinting=False))
    subsetter.populate(text="".join(letters.values()))
    subsetter.subset(font)
    small = io.BytesIO()
    font.save(small)
    return small.getvalue()


@cache
def font_of(program: bytes) -> Font:
    """What a PDF must say about a font of ``small_font``."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import

    font = TTFont(io.BytesIO(program))
    letters, glyphs, unit = font.getBestCmap(), font["hmtx"], 1000 / font["head"].unitsPerEm
    head = font["head"]
    return Font(
        name=font["name"].getDebugName(6),
        program=program,
        widths=tuple(
            round(glyphs[letters[code]][0] * unit) if code in letters else 0
            for code in range(32, 127)
        ),
        box=tuple(round(side * unit) for side in (head.xMin, head.yMin, head.xMax, head.yMax)),
        angle=font["post"].italicAngle,
        ascent=round(font["hhea"].ascent * unit),
        descent=round(font["hhea"].descent * unit),
    )


def add_blanks(
    document: Any, file: Any, blanks: Mapping[str, Blank], figures: Callable[..., bytes]
) -> None:
    """An empty text field for each element whose id is in ``blanks``."""
    from pydyf import Array, Dictionary, Stream, String  # noqa: PLC0415 -- with the printing library

    names = {False: "Figures", True: "FiguresItalic"}
    fonts = Dictionary()
    fields = Array()
    for page, name, box in _boxes(document, blanks):
        blank = blanks[name]
        if (key := names[blank.italic]) not in fonts:
            fonts[key] = _font(file, font_of(figures(italic=blank.italic)))
        empty = Stream(
            [], {"Type": "/XObject", "Subtype": "/Form", "BBox": Array([0, 0, *_size(box)])}
        )
        file.add_object(empty)
        leaf = _leaf(file, page)
        field = Dictionary(
            {
                "Type": "/Annot",
                "Subtype": "/Widget",
                "FT": "/Tx",
                "T": String(name),
                "V": String(""),
                "Q": blank.align,
                "DA": String(f"0 g /{key} {blank.size:g} Tf"),
                "F": _PRINTED,
                "P": leaf.reference,
                "Rect": Array(box),
                "AP": Dictionary({"N": empty.reference}),
            }
        )
        file.add_object(field)
        leaf.setdefault("Annots", Array()).append(field.reference)
        fields.append(field.reference)
    if fields:
        form = {"Fields": fields, "DR": Dictionary({"Font": fonts})}
        file.catalog["AcroForm"] = Dictionary(form)


def add_places(document: Any, file: Any, places: Collection[str]) -> None:
    """Keep where the elements with these ids stand, for those who put something there later."""
    from pydyf import Array, Dictionary  # noqa: PLC0415 -- with the printing library

    found = {name: Array([page, *box]) for page, name, box in _boxes(document, places)}
    file.catalog[PLACES] = Dictionary(found)


def _boxes(document: Any, names: Collection[str]) -> Iterator[tuple[int, str, tuple[float, ...]]]:
    """Page, id and box (in points from the lower left corner) of the elements with these ids."""
    for number, page in enumerate(document.pages):
        for name, (left, top, right, bottom) in page.anchors.items():
            if name in names:
                box = (left, page.height - bottom, right, page.height - top)
                yield number, name, tuple(round(side * _POINTS, 2) for side in box)


def _leaf(file: Any, page: int) -> Any:
    # The references of the pages stand in order: number, generation, "R".
    number = file.pages["Kids"][3 * page]
    return file.objects[number]


def _size(box: tuple[float, ...]) -> tuple[float, float]:
    return round(box[2] - box[0], 2), round(box[3] - box[1], 2)


def _font(file: Any, font: Font) -> Any:
    from pydyf import Array, Dictionary, Stream  # noqa: PLC0415 -- with the printing library

    program = Stream([font.program], {"Length1": len(font.program)}, compress=True)
    file.add_object(program)
    descriptor = Dictionary(
        {
            "Type": "/FontDescriptor",
            "FontName": f"/{font.name}",
            "Flags": 32,
            "FontBBox": Array(font.box),
            "ItalicAngle": font.angle,
            "Ascent": font.ascent,
            "Descent": font.descent,
            "CapHeight": font.ascent,
            "StemV": 80,
            "FontFile2": program.reference,
        }
    )
    file.add_object(descriptor)
    entry = Dictionary(
        {
            "Type": "/Font",
            "Subtype": "/TrueType",
            "BaseFont": f"/{font.name}",
            "Encoding": "/WinAnsiEncoding",
            "FirstChar": 32,
            "LastChar": 126,
            "Widths": Array(font.widths),
            "FontDescriptor": descriptor.reference,
        }
    )
    file.add_object(entry)
    return entry.reference
