"""Where the number, the date and the signatures stand on the pages of a PDF.

Runs inside the bounded child as well: no Django here.
"""

import ctypes
import dataclasses
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MM = 72 / 25.4
HAND = (60 * MM, 30 * MM)  # box 7c
SEAL = 36 * MM  # a round seal in its real size
# So much of box 7c the seal covers from the left: a third of a hand of 40 mm in its middle. Others
# move to where it covers a third of them as well.
COVERED = 1 / 2 - 40 * MM / HAND[0] / 6
LEAST = 12 * MM  # a box 7c that is lower holds no signature
NARROW = 9.0  # points that a number or a day needs
BESIDE = 12.0  # points that number and date may stand apart in height
BASELINE = 0.25  # as signatures.fields writes
TEXTS = ("code_number", "issued_day", "issued_month")
# What is chosen on the page: room for four figures of 13 points, for two of 14.
BOXES = {
    "code_number": (14 * MM, 13 * 1.15),
    "issued_day": (8 * MM, 14 * 1.15),
    "issued_month": (8 * MM, 14 * 1.15),
}
_GAP = r"[.…_·\-‐–\u00ad]*"
_NUMBER = re.compile(rf"[Ss]ố:(?P<code_number>{_GAP})(?P<told_number>\d*){_GAP}/")
_DATE = re.compile(
    rf"ngày(?P<issued_day>{_GAP})(?P<told_day>\d*){_GAP}"
    rf"tháng(?P<issued_month>{_GAP})(?P<told_month>\d*){_GAP}năm"
)


@dataclass(frozen=True)
class Place:
    """A box on a page (from 0), in points from the lower left corner."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The box alone."""
        return self.x0, self.y0, self.x1, self.y1


@dataclass(frozen=True)
class Places:
    """Everything that is put into a document before it is signed.

    ``code_number`` and the two of the date are None where figures are printed already (then their
    names stand in ``printed``) or where the text shows no room for them.
    """

    signer: Place
    agency: Place
    secretary: Place | None = None
    code_number: Place | None = None
    issued_day: Place | None = None
    issued_month: Place | None = None
    printed: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of number, day and month have neither room nor figures."""
        return tuple(
            name for name in TEXTS if getattr(self, name) is None and name not in self.printed
        )


@dataclass(frozen=True)
class Look:
    """What a file tells of itself: places that our printing kept, fields that are there, and what
    the text shows."""

    kept: Mapping[str, Place] = field(default_factory=dict)
    blanks: tuple[str, ...] = ()
    found: Places | None = None
    # Room for number and date, and what is printed already, also where no hand is found.
    texts: Mapping[str, Place] = field(default_factory=dict)
    printed: tuple[str, ...] = ()


def box_around(name: str, page: int, x: float, y: float) -> Place:
    """The box of number, day, month or signature whose middle was chosen on the page."""
    wide, high = BOXES.get(name, HAND)
    left, low = max(x - wide / 2, 0), max(y - high / 2, 0)
    return Place(page, left, low, left + wide, low + high)


def seal_beside(hand: Place, width: float = SEAL) -> Place:
    """The agency's signature: over the left third of the hand in box 7c (NĐ 30 Phụ lục I, II.8.a).

    ``width``: that of the field, where words are wider than the seal in its middle.
    """
    right = hand.x0 + (hand.x1 - hand.x0) * COVERED
    left = max(right - SEAL, 0)
    low = (hand.y0 + hand.y1 - SEAL) / 2
    more = min((width - SEAL) / 2, left)
    return Place(hand.page, left - more, low, right + more, low + SEAL)


def widened(places: Places, width: float) -> Places:
    """The same with an agency's field of that width."""
    return dataclasses.replace(places, agency=seal_beside(places.signer, width))


# --- What crosses the border of the process.


def look(path: str, signer_full_name: str = "", is_foreign: bool = False) -> dict[str, Any]:
    """The `Look` at a file, as plain JSON; raises whatever a broken file makes a library raise."""
    kept, blanks = _kept(path)
    if "signer" in kept and not is_foreign:
        return dataclasses.asdict(Look(kept, blanks))
    found, texts, printed = _found(path, signer_full_name)
    return dataclasses.asdict(Look(kept, blanks, found, texts, printed))


def size(path: str, page: int = 0) -> list[float]:
    """Width and height of a page as it is shown, in points."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    document = pypdfium2.PdfDocument(path)
    try:
        return [float(side) for side in document[page].get_size()]
    finally:
        document.close()


def look_of(answer: Mapping[str, Any]) -> Look:
    """What ``look`` has answered."""
    found = answer["found"]
    return Look(
        kept={name: Place(**place) for name, place in answer["kept"].items()},
        blanks=tuple(answer["blanks"]),
        found=None if found is None else _places_of(found),
        texts={name: Place(**place) for name, place in answer["texts"].items()},
        printed=tuple(answer["printed"]),
    )


def _places_of(answer: Mapping[str, Any]) -> Places:
    read = {name: Place(**value) for name, value in answer.items() if isinstance(value, dict)}
    return Places(**read, printed=tuple(answer["printed"]))


def _kept(path: str) -> tuple[dict[str, Place], tuple[str, ...]]:
    from pypdf import PdfReader  # noqa: PLC0415 -- slow import

    from documents.blanks import PLACES  # noqa: PLC0415 -- beside its reader

    reader = PdfReader(path, strict=False)
    root: Any = reader.trailer["/Root"]
    kept = {}
    for name, value in root.get(f"/{PLACES}", {}).items():
        page, *box = (float(part) for part in value)
        kept[name.removeprefix("/")] = Place(int(page), *box)
    form = root.get("/AcroForm", {})
    fields = [entry.get_object() for entry in form.get("/Fields", [])]
    texts = {str(one.get("/T")): one for one in fields if one.get("/FT") == "/Tx"}
    for name in TEXTS:
        if name in texts:
            kept[name] = Place(0, *(float(side) for side in texts[name]["/Rect"]))
    return kept, tuple(name for name in texts if name.startswith(TEXTS))


# --- Reading the text of a page.


@dataclass(frozen=True)
class Letter:
    """A composed letter and its box on the page."""

    text: str
    left: float
    low: float
    right: float
    high: float
    base: float  # the base line
    size: float  # of the font


def _found(
    path: str, signer_full_name: str
) -> tuple[Places | None, dict[str, Place], tuple[str, ...]]:
    import pypdfium2  # noqa: PLC0415 -- slow import

    document = pypdfium2.PdfDocument(path)
    try:
        texts, printed = _texts(_letters(document, 0))
        hand = _hand(document, signer_full_name)
        if hand is None:
            return None, texts, printed
        return Places(hand, seal_beside(hand), printed=printed, **texts), texts, printed
    finally:
        document.close()


def _letters(document: Any, number: int) -> list[Letter]:
    """The letters of a page without spaces, composed, in the order of the file."""
    page = document[number]
    letters: list[Letter] = []
    if page.get_rotation():
        return letters  # its lines do not run along the page
    words = page.get_textpage()
    for place in range(words.count_chars()):
        text = words.get_text_range(place, 1)
        if not text.strip():
            continue
        left, low, right, high = words.get_charbox(place)
        base, size = _line(words, place)
        if letters and unicodedata.combining(text[0]):
            last = letters[-1]
            whole = unicodedata.normalize("NFC", last.text + text)
            letters[-1] = dataclasses.replace(last, text=whole)
            continue
        letters += [
            Letter(one, left, low, right, high, base, size)
            for one in unicodedata.normalize("NFC", text)
        ]
    return letters


def _line(words: Any, place: int) -> tuple[float, float]:
    """Base line and size of a letter."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 -- slow import

    x, y, matrix = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    pdfium.FPDFText_GetCharOrigin(words, place, x, y)
    pdfium.FPDFText_GetMatrix(words, place, matrix)
    return y.value, pdfium.FPDFText_GetFontSize(words, place) * abs(matrix.d)


def _spans(letters: Sequence[Letter], wanted: str) -> Iterator[Sequence[Letter]]:
    """Where these words stand, capitals or not."""
    text = "".join(letter.text for letter in letters)
    same = "".join(_lower(letter) for letter in text)
    start = same.find(wanted)
    while wanted and start >= 0:
        yield letters[start : start + len(wanted)]
        start = same.find(wanted, start + 1)


def _lower(letter: str) -> str:
    small = letter.lower()
    return small if len(small) == 1 else letter


def _hand(document: Any, signer_full_name: str) -> Place | None:
    """Box 7c: the free room above the signer's name, on the last page that shows it."""
    name = unicodedata.normalize("NFC", "".join(signer_full_name.split()))
    wanted = "".join(_lower(letter) for letter in name)
    for number in reversed(range(len(document))):
        letters = _letters(document, number)
        places = [_room(letters, span, number) for span in _spans(letters, wanted)]
        # The name stands in the text too; there are words above it there.
        free = [place for place in places if place and place.y1 - place.y0 >= LEAST]
        if free:
            return min(free, key=lambda place: (place.y0, -place.x0))
    return None


def _room(letters: Sequence[Letter], name: Sequence[Letter], page: int) -> Place | None:
    low, high = min(one.low for one in name), max(one.high for one in name)
    left, right = min(one.left for one in name), max(one.right for one in name)
    if high - low > 3 * (name[0].high - name[0].low):
        return None  # over two lines
    beside = [
        one
        for one in letters
        if one.low < high and one.high > low and not (left <= one.left <= right)
    ]
    near = (high - low) * 1.2
    if any(left - near < one.right and one.left < right + near for one in beside):
        return None  # words of the same sentence
    middle, bottom = (left + right) / 2, high + 2
    x0, x1 = middle - HAND[0] / 2, middle + HAND[0] / 2
    above = [
        one.low for one in letters if one.low > bottom and one.right > left and one.left < right
    ]
    top = min([bottom + HAND[1], *(edge - 2 for edge in above)])
    return Place(page, max(x0, 0), bottom, x1, top)


def _texts(letters: Sequence[Letter]) -> tuple[dict[str, Place], tuple[str, ...]]:
    """The places of number and date on the first page, and which are printed already."""
    text = "".join(letter.text for letter in letters)
    number = _NUMBER.search(text)
    if number is None:
        return {}, ()
    # The date stands on the line of the number; others are those of the text.
    base = letters[number.start()].base
    dates = (one for one in _DATE.finditer(text) if abs(letters[one.start()].base - base) < BESIDE)
    places: dict[str, Place] = {}
    printed = []
    for found, names in ((number, TEXTS[:1]), (next(dates, None), TEXTS[1:])):
        for name in names if found else ():
            assert found is not None  # noqa: S101 -- just asked
            if found[_told(name)]:
                printed.append(name)
            elif place := _gap(letters, found.start(name), found.end(_told(name))):
                places[name] = place
    return places, tuple(printed)


def _told(name: str) -> str:
    """The group of the figures that are printed already; behind it stand "/", "tháng", "năm"."""
    return "told_" + name.partition("_")[2]


def _gap(letters: Sequence[Letter], start: int, end: int) -> Place | None:
    """The room between what stands before the dots and what stands behind them."""
    before, after = letters[start - 1], letters[end]
    left, right = before.right + 1, after.left - 1
    if right - left < NARROW or after.low > before.high or after.high < before.low:
        return None
    size = min(max(before.size, 11.0), 14.0)
    low = before.base - BASELINE * size
    return Place(0, left, low, right, low + 1.15 * size)
