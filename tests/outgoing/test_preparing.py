"""A file made ready for signature: the fields are in it before anyone signs, and nothing breaks."""

import functools
import io
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter

from core.errors import Refusal
from outgoing.places import MM, Place, Places
from outgoing.preparing import chosen_places, find_places, prepare
from outgoing.rendering import render
from signatures.adding import fill_fields
from signatures.pdf import examine
from tests import files
from tests.outgoing import papers
from tests.outgoing.measuring import Sheet
from tests.papers import printed

VALUES = {"code_number": "127", "issued_day": "05", "issued_month": "02"}
# As a word processor lays it out: dots where number and date are to be written by hand.
HEAD = """<style>p {{ margin: 0 0 8pt }} td {{ width: 50%; text-align: center }}
body {{ font: 14pt serif }} .new {{ break-before: page }}</style>
<table style="width: 100%"><tr><td>UBND TỈNH KON TUM<br>SỞ XÂY DỰNG</td>
<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr>
<tr><td>{number}</td><td><i>{day}</i></td></tr></table>
<p>Ông Nguyễn Văn An, Giám đốc Sở Xây dựng, chủ trì cuộc họp ngày 12 tháng 5 năm 2026.</p>"""
SIGNED = """<table style="width: 100%"><tr><td style="text-align: left; font-size: 11pt">Nơi nhận:
<br>- Như trên;<br>- Lưu: VT.</td><td><b>GIÁM ĐỐC</b><br><br><br><br><br><b>Nguyễn Văn An</b></td>
</tr></table>"""


def typed(
    number: str = "Số: ……../SXD-VP",
    day: str = "Kon Tum, ngày …… tháng …… năm 2026",
    signed: str = SIGNED,
    more: str = "",
) -> bytes:
    """A letter of another program."""
    text = "<p>Sở Xây dựng đề nghị các đơn vị phối hợp thực hiện.</p>" * 30
    return printed(HEAD.format(number=number, day=day) + text + signed + more)


@functools.cache
def rendered(name: str) -> bytes:
    return render(papers.PAPERS[name])


UPLOADED = typed()


@functools.cache
def ready_file(name: str) -> bytes:
    """A sample, or the letter of the other program, with its fields."""
    if name == "uploaded":
        return prepare(UPLOADED, signer_full_name="Nguyễn Văn An")
    return prepare(rendered(name))


@pytest.fixture
def verdict(tmp_path: Path) -> Any:
    trusted = [str(files.anchor(tmp_path / "ca.pem"))]

    def examined(data: bytes) -> dict[str, Any]:
        (tmp_path / "a.pdf").write_bytes(data)
        found = examine(str(tmp_path / "a.pdf"), trusted)
        short = {one["field"]: one["verdict"] for one in found["signatures"]}
        return {"": found["verdict"], **short}

    return examined


def by_leader(data: bytes) -> bytes:
    return files.sign(data, "Phạm Quang Minh", field="signer_signature", certify=True)


def by_agency(data: bytes) -> bytes:
    return files.sign(data, "UBND thành phố Kon Tum", field="agency_signature")


def words(data: bytes) -> dict[str, str]:
    """What stands in the text fields."""
    found = PdfReader(io.BytesIO(data)).get_fields() or {}
    return {name: str(one.get("/V", "")) for name, one in found.items() if one.get("/FT") == "/Tx"}


def ink(data: bytes, place: tuple[float, float, float, float], page: int = 0) -> int:
    """How many dark points a page shows in a box (millimetres from the upper left corner)."""
    document = pypdfium2.PdfDocument(data)
    try:
        document.init_forms()
        picture = document[page].render(scale=4).to_pil().convert("L")
    finally:
        document.close()
    scale = 4 * MM
    left, top, right, bottom = place
    inner = (left + 0.3, top + 0.3, right - 0.3, bottom - 0.3)
    part = picture.crop(tuple(round(side * scale) for side in inner))
    return sum(part.histogram()[:100])


# --- The whole way.


@pytest.mark.parametrize("name", ["cong-van", "ke-hoach", "uploaded"])
def test_leader_number_agency_and_all_stays_valid(verdict: Any, name: str) -> None:
    """He signs, the clerk numbers, the agency signs; a number changed afterwards is found."""
    ready = ready_file(name)
    assert ready.startswith(UPLOADED if name == "uploaded" else rendered(name))
    assert verdict(ready) == {"": "unsigned"}
    signed = by_leader(ready)
    filled = fill_fields(signed, VALUES)
    assert filled.startswith(signed)
    finished = by_agency(filled)
    assert verdict(finished) == {
        "": "valid",
        "signer_signature": "valid",
        "agency_signature": "valid",
    }
    assert {one.rstrip("_23"): text for one, text in words(finished).items()} == VALUES
    # The first page's, and the last one of an annex.
    for field in (*VALUES, *list(words(finished))[-1:]):
        changed = verdict(files.fill(finished, "721", field))
        assert (changed["agency_signature"], changed[""]) == ("invalid", "invalid")


def test_minutes_have_the_secretarys_signature_too(verdict: Any) -> None:
    ready = ready_file("bien-ban")
    signed = files.sign(ready, "Vũ Thị Hạnh", field="secretary_signature")
    finished = by_agency(
        fill_fields(files.sign(signed, "Lê Hoàng Sơn", field="signer_signature"), VALUES)
    )
    assert set(verdict(finished).values()) == {"valid"}
    fields = Sheet(ready).fields()
    assert fields["secretary_signature"][2] < fields["agency_signature"][0] + 20
    assert fields["secretary_signature"][2] < fields["signer_signature"][0]


@pytest.mark.parametrize("name", papers.PAPERS)
def test_the_signatures_stand_in_their_boxes(name: str) -> None:
    """NĐ 30/2020 Điều 8: box 7c under the post, above the name; the seal over the left third of a
    hand of 40 mm in its middle."""
    seen = Sheet(ready_file(name))
    left, top, right, bottom = seen.fields()["signer_signature"]
    paper = papers.PAPERS[name]
    place = next(one for one in seen.lines if one.text == paper.signer.full_name)
    post = max(
        (
            one
            for one in seen.lines
            if one.page == place.page and one.bold and one.text == paper.signer.position
        ),
        key=lambda one: one.base,
    )
    assert post.base < top < bottom < place.high
    assert (left + right) / 2 == pytest.approx(place.middle, abs=0.7)
    assert (right - left, bottom - top) == (pytest.approx(60, abs=0.5), pytest.approx(30, abs=0.5))
    seal = seen.fields()["agency_signature"]
    assert (seal[2] - seal[0], seal[3] - seal[1]) == (
        pytest.approx(36, abs=0.5),
        pytest.approx(36, abs=0.5),
    )
    assert seal[2] == pytest.approx((left + right) / 2 - 40 / 2 + 40 / 3, abs=0.5)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((top + bottom) / 2, abs=0.5)


def test_the_agency_locks_number_and_date_of_the_annexes_as_well() -> None:
    found = PdfReader(io.BytesIO(ready_file("ke-hoach"))).get_fields() or {}
    form: Any = PdfReader(io.BytesIO(ready_file("ke-hoach"))).trailer["/Root"]["/AcroForm"]
    locks = {one.get_object()["/T"]: one.get_object().get("/Lock") for one in form["/Fields"]}
    assert locks["signer_signature"] is None
    assert locks["agency_signature"]["/Action"] == "/Include"
    texts = {name for name, one in found.items() if one.get("/FT") == "/Tx"}
    assert set(locks["agency_signature"]["/Fields"]) == texts
    assert len(texts) == 9
    assert "/NeedAppearances" not in form


def test_what_is_filled_in_is_seen() -> None:
    data = ready_file("ke-hoach")
    places = Sheet(data).fields()
    filled = fill_fields(data, VALUES)
    for name, page in (("code_number", 0), ("issued_day", 0), ("code_number_2", 1)):
        assert ink(data, places[name], page) == 0
        assert ink(filled, places[name], page) > 100
    # A long number does not run into the words before it.
    long = fill_fields(data, {**VALUES, "code_number": "123456789"})
    left, top, _right, bottom = places["code_number"]
    before = (left - 2, top, left - 0.2, bottom)
    assert ink(long, before) == ink(data, before)


def test_number_and_date_are_written_once(verdict: Any) -> None:
    data = ready_file("to-trinh")
    filled = fill_fields(data, VALUES)
    for wrong, said in (
        ((filled, VALUES), "đã được ghi"),
        ((data, {"so": "1"}), "không có ô trống"),
        ((data, {"code_number": "một"}), "chỉ gồm chữ số"),
        ((data, {"code_number": "1) Tj"}), "chỉ gồm chữ số"),
    ):
        with pytest.raises(Refusal, match=said):
            fill_fields(*wrong)


# --- Files of other programs.


def test_the_places_are_found_in_the_text() -> None:
    found = find_places(UPLOADED, "Nguyễn Văn An")
    assert found is not None
    assert found.missing == ()
    seen = Sheet(UPLOADED)
    post = seen.find("GIÁM ĐỐC")
    name = next(one for one in seen.lines if one.text == "Nguyễn Văn An")
    hand = found.signer
    assert hand.page == name.page == seen.pages - 1
    height = 297
    top, bottom = height - hand.y1 / MM, height - hand.y0 / MM
    assert post.base < top < bottom < name.high
    assert bottom - top > 12
    assert (hand.x0 + hand.x1) / 2 / MM == pytest.approx(name.middle, abs=1)
    number, day = seen.find("Số:"), seen.find("Kon Tum, ngày")
    for place, line in ((found.code_number, number), (found.issued_day, day)):
        assert place is not None
        assert line.left < place.x0 / MM < place.x1 / MM < line.right
        low = height - place.y0 / MM
        assert line.base < low < line.base + 2
        assert height - place.y1 / MM < line.high + 1
    assert found.issued_day is not None
    assert found.issued_month is not None
    assert found.issued_day.x1 < found.issued_month.x0


def test_the_number_covers_the_dots() -> None:
    ready = ready_file("uploaded")
    places = Sheet(ready).fields()
    filled = fill_fields(ready, VALUES)
    for name, text in VALUES.items():
        dots, digits = (ink(data, places[name]) for data in (ready, filled))
        assert dots > 0
        assert digits > dots, text


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (
            "Số:          /SXD-VP".replace(" ", "\u00a0"),
            "Kon Tum, ngày &emsp; tháng &emsp; năm 2026",
        ),
        ("Số:____/BC-SXD", "Kon Tum, ngày ___ tháng ___ năm 2026"),
        ("Số: ...... /QĐ-SXD", "ngày ..... tháng ..... năm 2026"),
        unicodedata.normalize("NFD", "Số: ……../SXD-VP|ngày …… tháng …… năm 2026").split("|"),
    ],
)
def test_however_the_gap_was_drawn(number: str, day: str) -> None:
    found = find_places(typed(number, day), "Nguyễn Văn An")
    assert found is not None
    assert found.missing == ()
    assert found.printed == ()


def test_what_is_printed_already_gets_no_field(verdict: Any) -> None:
    data = typed("Số: 15/SXD-VP", "Kon Tum, ngày 05 tháng 02 năm 2026")
    found = find_places(data, "nguyễn văn an")
    assert found is not None
    assert (found.printed, found.missing) == (("code_number", "issued_day", "issued_month"), ())
    ready = prepare(data, signer_full_name="Nguyễn Văn An")
    assert words(ready) == {}
    assert verdict(by_agency(by_leader(ready)))[""] == "valid"


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("Số: 15/SXD-VP", "Kon Tum, ngày ... tháng ... năm 2026"),
        ("Số: ..../SXD-VP", "Kon Tum, ngày ... tháng 02 năm 2026"),
    ],
)
def test_an_upload_leaves_number_and_date_to_the_system(number: str, day: str) -> None:
    """Else it would be signed and numbered, and the number could not be written into it."""
    with pytest.raises(Refusal, match="ghi sẵn số, ngày hoặc tháng"):
        prepare(typed(number, day), signer_full_name="Nguyễn Văn An", is_foreign=True)


def test_no_room_for_the_number_is_told() -> None:
    found = find_places(typed("Số:/SXD-VP", "Kon Tum, 2026"), "Nguyễn Văn An")
    assert found is not None
    assert found.missing == ("code_number", "issued_day", "issued_month")


def test_the_name_in_the_text_is_not_the_place_to_sign() -> None:
    assert find_places(typed(signed=""), "Nguyễn Văn An") is None
    with pytest.raises(Refusal, match="Chọn vị trí ký trên trang"):
        prepare(typed(signed=""), signer_full_name="Nguyễn Văn An")
    with pytest.raises(Refusal, match="Không tìm thấy chỗ ký"):
        prepare(UPLOADED)


def test_the_page_with_the_signature_need_not_be_the_last() -> None:
    annex = "<p class=new>Phụ lục. Danh sách do ông Nguyễn Văn An phụ trách.</p>"
    found = find_places(typed(more=annex), "Nguyễn Văn An")
    assert found is not None
    assert found.signer.page == Sheet(typed(more=annex)).pages - 2


def test_places_that_were_chosen_on_the_page(verdict: Any) -> None:
    data = typed(signed="")
    chosen = chosen_places(Place(0, 300, 100, 470, 185))
    number = Place(0, 120, 700, 150, 715)
    ready = prepare(data, replace(chosen, code_number=number))
    # The day and the month stand where the text has room for them.
    assert set(words(ready)) == {"code_number", "issued_day", "issued_month"}
    box = Sheet(ready).fields()["signer_signature"]
    assert box == pytest.approx((300 / MM, 297 - 185 / MM, 470 / MM, 297 - 100 / MM), abs=0.5)
    filled = {"code_number": "9", "issued_day": "05", "issued_month": "01"}
    finished = by_agency(fill_fields(by_leader(ready), filled))
    assert verdict(finished)[""] == "valid"
    found = find_places(UPLOADED, "Nguyễn Văn An")
    moved = chosen_places(Place(0, 300, 100, 470, 185), found)
    assert isinstance(moved, Places)
    assert found is not None
    assert moved.code_number == found.code_number
    assert moved.agency != found.agency
    with pytest.raises(Refusal, match="trang không có trong tệp"):
        prepare(data, chosen_places(Place(9, 0, 0, 99, 99)))


def made(build: Any, folder: Path) -> bytes:
    return build(folder / "made.pdf").read_bytes()


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (files.encrypted, "mật khẩu"),
        (files.encrypted_empty_password, "mật khẩu"),
        (files.encrypted_for_certificates, "mật khẩu"),
        (files.signed_pdf, "đã được ký số"),
        (files.old_signature_format, "đã được ký số"),
        (lambda path: files.plain_pdf(path, version="1.3"), "phiên bản dưới 1.4"),
        (files.broken, "bị hỏng"),
        (files.with_xfa, "XFA"),
        (files.lying_tree, "bị hỏng"),
    ],
)
def test_files_that_cannot_be_signed_are_refused(tmp_path: Path, build: Any, said: str) -> None:
    """A plain sentence, never a fault of the server."""
    with pytest.raises(Refusal, match=said):
        prepare(made(build, tmp_path), chosen_places(Place(0, 300, 100, 470, 185)))


def test_a_prepared_file_is_not_prepared_again() -> None:
    with pytest.raises(Refusal, match="có sẵn các ô ký số"):
        prepare(ready_file("to-trinh"))


def test_a_draft_that_went_through_another_program_is_read_as_text() -> None:
    """Printed anew, it has lost what our printing kept in it."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(rendered("to-trinh"))).pages:
        page.pop("/Annots", None)
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    found = find_places(out.getvalue(), "Nguyễn Văn An")
    kept = find_places(rendered("to-trinh"))
    assert found is not None
    assert kept is not None
    assert found.missing == ()
    assert abs(found.signer.y0 - kept.signer.y0) < 6
    for name in ("code_number", "issued_day", "issued_month"):
        one, other = getattr(found, name), getattr(kept, name)
        assert abs(one.y0 - other.y0) < 2.5
        assert one.x0 - 6 < other.x0 < other.x1 < one.x1 + 6


@pytest.mark.parametrize("build", [files.hybrid_xref, files.rotated])
def test_odd_files_are_prepared(tmp_path: Path, verdict: Any, build: Any) -> None:
    ready = prepare(made(build, tmp_path), chosen_places(Place(0, 300, 100, 470, 185)))
    assert verdict(by_agency(by_leader(ready)))[""] == "valid"


def test_a_file_that_takes_for_ever_costs_one_answer(tmp_path: Path, monkeypatch: Any) -> None:
    # Sooner than its text fills the memory that a file may have, which takes two seconds here.
    monkeypatch.setattr("outgoing.preparing.SECONDS", 1)
    with pytest.raises(Refusal, match="quá phức tạp"):
        prepare(made(files.slow_to_read, tmp_path), signer_full_name="Nguyễn Văn An")
