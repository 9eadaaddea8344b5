"""Where the looks stand and how large they are, measured from the PDF; what their words say."""

import functools
import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw
import pytest

from core import clock
from outgoing.places import COVERED, MM
from outgoing.preparing import find_places, prepare
from outgoing.rendering import render
from signatures import appearance, looks
from signatures.adding import fill_fields
from signatures.choices import Copy, Form
from signatures.models import SigningKey
from signatures.signing import Look, place_and_sign, sign
from tests import files
from tests.keys import PIN, make_key, trusted
from tests.outgoing import papers
from tests.signatures.inks import Box, coloured, drawn

AT = datetime(2019, 7, 8, 7, 5, 9, tzinfo=UTC)
ISO = "2019-07-08T14:05:09+07:00"
CITY = "Ủy ban nhân dân thành phố Kon Tum"
# Every letter of Vietnamese with each of its marks, in words as names have them.
HARD = (
    "Nguyễn Ngọc Thảo Vỹ, Đặng Hữu Lượng, Trương Thị Ỷ, Phùng Quỳnh Như, Lê Đức Thưởng, "
    "Hoàng Ẩn Ưỡn, Ỹ Ẳm Ẵng Ặc Ằn, Ổn Ỗ Ộ Ồ Ố, Ệ Ễ Ể Ề Ế, Ợ Ỡ Ở Ờ Ớ, Ự Ữ Ử Ừ Ứ"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def vice(cast: Any) -> SigningKey:
    return make_key("Lê Hoàng Sơn", owner=cast.vice)


@pytest.fixture
def city(cast: Any) -> SigningKey:
    return make_key("UBND thành phố Kon Tum", agency=cast.city)


@functools.cache
def letter() -> bytes:
    return render(papers.LETTER)


def placed(key: SigningKey, look: Look, data: bytes | None = None, **more: Any) -> bytes:
    how = {"field": "copy_signature", "at": clock.now()} | more
    data = letter() if data is None else data
    return place_and_sign(data, key=key, pin=PIN, look=look, **how).pdf


def words(data: bytes, page: int = 0) -> tuple[str, list[Box], list[float]]:
    """What the annotations of a page say when it is flattened: text, boxes and sizes of letters."""
    document = pypdfium2.PdfDocument(data)
    try:
        leaf = document[page]
        raw.FPDFPage_Flatten(leaf, 0)
        out = io.BytesIO()
        document.save(out)
    finally:
        document.close()
    document = pypdfium2.PdfDocument(out.getvalue())
    try:
        leaf = document[page]
        high = leaf.get_height()
        text = leaf.get_textpage()
        count = text.count_chars()
        said = text.get_text_range(0, count)
        boxes, sizes = [], []
        for place in range(count):
            left, low, right, top = text.get_charbox(place)
            boxes.append(Box(left / MM, (high - top) / MM, right / MM, (high - low) / MM))
            sizes.append(round(raw.FPDFText_GetFontSize(text, place), 1))
        return said, boxes, sizes
    finally:
        document.close()


def line(data: bytes, wanted: str, page: int = 0) -> tuple[Box, float]:
    """Where a line of words stands, and its size."""
    said, boxes, sizes = words(data, page)
    start = said.rindex(wanted)  # the annotations come last
    part = boxes[start : start + len(wanted)]
    part = [box for box, letter in zip(part, wanted, strict=True) if letter != " "]
    box = Box(
        min(one.left for one in part),
        min(one.top for one in part),
        max(one.right for one in part),
        max(one.bottom for one in part),
    )
    return box, sizes[start]


# --- The main document.


def signed_and_sealed(vice: SigningKey, city: SigningKey, form: str) -> tuple[bytes, bytes, Any]:
    """A letter signed, then sealed, and the places that were found in it."""
    places = find_places(letter())
    assert places is not None
    ready = prepare(letter(), seal_width=looks.agency_room(form)[0] * MM)
    now = clock.now()
    signed = sign(
        ready,
        key=vice,
        pin=PIN,
        field="signer_signature",
        look=looks.signer(vice, COVERED),
        certify=True,
        at=now,
    ).pdf
    numbered = fill_fields(signed, {"code_number": "127", "issued_day": "05", "issued_month": "02"})
    look = looks.agency(city, name=CITY, at=now, form=form)
    done = sign(numbered, key=city, pin=PIN, field="agency_signature", look=look, at=now).pdf
    return signed, done, places


def sealed(vice: SigningKey, city: SigningKey, form: str) -> tuple[bytes, Any]:
    """The same, sealed."""
    _, done, places = signed_and_sealed(vice, city, form)
    return done, places


@pytest.mark.parametrize("form", Form.values)
def test_the_seal_is_as_wide_as_in_reality(vice: SigningKey, city: SigningKey, form: str) -> None:
    done, places = sealed(vice, city, form)
    seal = coloured(done, places.signer.page, "red")
    assert seal.width == pytest.approx(looks.SEAL, abs=0.7)
    assert seal.height == pytest.approx(looks.SEAL, abs=0.7)


@pytest.mark.parametrize("form", Form.values)
@pytest.mark.parametrize("wide", [15, 25, 40, 60])
def test_the_seal_covers_a_third_of_the_hand(
    vice: SigningKey, city: SigningKey, tmp_path: Path, form: str, wide: int
) -> None:
    """NĐ 30 Phụ lục I, II.8.a; Cần Thơ Điều 10.1b: about a third of the hand, at its left."""
    signed, done, places = signed_and_sealed(drawn(vice, wide, tmp_path), city, form)
    page = places.signer.page
    hand, seal = coloured(signed, page, "blue"), coloured(done, page, "red")
    assert hand.width == pytest.approx(wide, abs=1)  # no higher than its box
    assert seal.left < hand.left
    assert (seal.right - hand.left) / hand.width == pytest.approx(1 / 3, abs=0.06)
    # Blue ink in box 7c, about in its middle (II.7.d): below the post, above the name.
    left, right = places.signer.x0 / MM, places.signer.x1 / MM
    assert left - 0.2 <= hand.left
    assert hand.right <= right + 0.2
    assert (hand.left + hand.right) / 2 == pytest.approx((left + right) / 2, abs=4.5)


@pytest.mark.parametrize("form", Form.values)
def test_a_smaller_seal_covers_a_third_too(
    vice: SigningKey, city: SigningKey, tmp_path: Path, form: str
) -> None:
    keys = drawn(vice, 40, tmp_path), drawn(city, 26, tmp_path)
    signed, done, places = signed_and_sealed(*keys, form)
    page = places.signer.page
    hand, seal = coloured(signed, page, "blue"), coloured(done, page, "red")
    assert seal.width == pytest.approx(26, abs=0.7)
    assert (seal.right - hand.left) / hand.width == pytest.approx(1 / 3, abs=0.03)


def test_the_decree_wants_the_seal_and_nothing_else(vice: SigningKey, city: SigningKey) -> None:
    done, places = sealed(vice, city, Form.DECREE)
    said = words(done, places.signer.page)[0]
    assert "+07:00" not in said
    assert CITY not in said


def test_the_circular_adds_name_and_time_and_leaves_the_signer_s_name_alone(
    vice: SigningKey, city: SigningKey
) -> None:
    """Cần Thơ Điều 10.1b: name of the agency, and the time with its zone in ISO 8601."""
    done, places = sealed(vice, city, Form.CIRCULAR)
    page = places.signer.page
    said = unicodedata.normalize("NFC", " ".join(words(done, page)[0].split()))
    assert CITY in said
    moment = looks.moment(clock.now())[:13]
    at = said[said.index(moment) :].split()[0]
    time, size = line(done, at, page)
    assert size == appearance.SIZE
    name, _ = line(done, "Lê Hoàng Sơn", page)
    assert time.bottom <= name.top + 0.3


# --- Top right of the first page.


def test_an_annex_in_a_file_of_its_own_has_code_and_time(city: SigningKey) -> None:
    """NĐ 30 Phụ lục I, II.8.b and III.1.d: no picture; 10 points, upright, black."""
    done = placed(city, looks.annex(code="127/UBND-QLĐT", at=AT))
    at_the_corner(done, ["127/UBND-QLĐT", ISO])


@pytest.mark.parametrize("kind", Copy.values)
def test_an_electronic_copy_says_its_form_its_agency_and_the_time(
    city: SigningKey, kind: str
) -> None:
    """NĐ 30 Phụ lục I, phần II; NĐ 30 Điều 25: sao y, sao lục, trích sao."""
    done = placed(city, looks.copy(kind, name=CITY, at=AT))
    at_the_corner(done, [kind, CITY, ISO])


def test_a_scan_by_the_decree_shows_no_picture(city: SigningKey, tmp_path: Path) -> None:
    scan = files.scan_pdf(tmp_path / "s.pdf").read_bytes()
    done = placed(city, looks.digitised(city, name=CITY, at=AT, form=Form.DECREE), scan)
    at_the_corner(done, ["SAO Y", CITY, ISO])
    assert b"/SMask" not in done[len(scan) :]


def at_the_corner(data: bytes, lines: list[str]) -> None:
    """These lines stand in the top margin, at the right, 10 points, black, one under another."""
    above = 0.0
    said, _, _ = words(data)
    assert unicodedata.normalize("NFC", said) == said
    for wanted in lines:
        box, size = line(data, wanted)
        assert size == 10
        assert above < box.bottom
        assert 3 < box.top < 20
        assert 105 < box.left < box.right <= 201
        above = box.bottom
    assert max(line(data, wanted)[0].right for wanted in lines) == pytest.approx(200, abs=1)
    assert above < 20  # of the margin: nothing that is written is covered


def test_a_scan_by_the_circular_shows_the_seal_in_its_size(
    city: SigningKey, tmp_path: Path
) -> None:
    """TT 01/2019 Điều 6.2c: red, as large as in reality, name and time beside it."""
    scan = files.plain_pdf(tmp_path / "s.pdf").read_bytes()
    done = placed(city, looks.digitised(city, name=CITY, at=AT, form=Form.CIRCULAR), scan)
    seal = coloured(done, 0, "red")
    assert seal.width == pytest.approx(looks.SEAL, abs=0.7)
    time, size = line(done, ISO)
    assert size == 10
    assert seal.right < time.left < time.right < 201
    assert time.bottom < 20


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_corner_is_that_of_the_page_as_it_is_shown(
    city: SigningKey, tmp_path: Path, turn: int
) -> None:
    """A scanner that lays pages on their side: the copy's words are upright all the same."""
    data = files.rotated(tmp_path / "r.pdf", turn).read_bytes()
    done = placed(city, looks.copy(Copy.WHOLE, name=CITY, at=AT), data)
    document = pypdfium2.PdfDocument(done)
    try:
        document.init_forms()
        picture = document[0].render(scale=4).to_pil().convert("L")
    finally:
        document.close()
    wide = picture.width
    part = (wide - int(100 * MM * 4), 0, wide, int(20 * MM * 4))
    shown = picture.crop(part).point(lambda value: 255 if value < 128 else 0).getbbox()
    assert shown is not None
    right = (wide - part[0] - shown[2]) / 4 / MM
    assert right == pytest.approx(10, abs=1)
    assert shown[1] / 4 / MM == pytest.approx(5, abs=1.2)
    # Wider than high: the lines run along the top.
    assert shown[2] - shown[0] > 2 * (shown[3] - shown[1])


# --- Words.


@pytest.mark.parametrize("text", [HARD, unicodedata.normalize("NFD", HARD)])
def test_names_with_all_marks_are_extracted_as_they_are_written(
    city: SigningKey, text: str
) -> None:
    done = placed(city, Look(lines=tuple(text.split(", "))))
    said = words(done)[0]
    for name in HARD.split(", "):
        assert name in said


def test_names_of_other_peoples_are_written_too(city: SigningKey) -> None:
    """Ê Đê, Gia Rai, Xơ Đăng: letters that Vietnamese does not have."""
    names = ("Y Ƀhiăo Êban", "H’Zĭt Niê Kdăm", "Rơ Čăm Ŏt")
    said = words(placed(city, Look(lines=names)))[0]
    for name in names:
        assert name in said


def test_a_look_never_leaves_its_box() -> None:
    long = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp tỉnh Kon Tum"
    drawn = appearance.draw(Look(lines=(long, ISO)), 36 * MM, 36 * MM)
    assert b"Tf" in drawn.content
    size = float(drawn.content.split(b"/F ")[1].split()[0])
    assert 7 < size < 10
    wide, high = appearance.size_of(Look(lines=(long, ISO)))
    assert wide <= 90 * MM + 1
    assert high == pytest.approx(3 * 10 * appearance.LEADING)


def test_small_files(vice: SigningKey, city: SigningKey) -> None:
    """A signature with its picture and font adds little to what is sent and kept."""
    done, _ = sealed(vice, city, Form.CIRCULAR)
    assert len(done) - len(letter()) < 120_000
