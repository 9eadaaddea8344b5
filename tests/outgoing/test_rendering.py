"""Outgoing documents measured from their PDF: lengths, sizes and places of Phụ lục I."""

import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from outgoing.paper import Annex, Form, Paper, Signer
from outgoing.rendering import render
from tests.outgoing import papers
from tests.outgoing.measuring import Line, Sheet

# Where the columns and the text are, from the left edge of the paper.
TEXT, INDENT, LEFT, RIGHT, MIDDLE, SIGNED = 30.0, 42.7, 63.0, 144.0, 111.0, 149.0
ANY = None
SENTENCE = "Ủy ban nhân dân thành phố Kon Tum yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện. "


@cache
def sheet(name: str) -> Sheet:
    return Sheet(render(papers.PAPERS[name]))


def drawn(paper: Paper, **more: Any) -> Sheet:
    return Sheet(render(replace(paper, **more)))


def short(body: str, **more: Any) -> Sheet:
    """A letter with this text."""
    return drawn(papers.LETTER, body=body, **more)


def stands(line: Line, where: float | None) -> bool:
    if where is None:
        return True
    if where in (TEXT, INDENT):
        return abs(line.left - where) < 0.7
    return abs(line.middle - where) < 0.7


# --- The paper: Phụ lục I, phần I.


@pytest.mark.parametrize("name", papers.PAPERS)
def test_nothing_stands_in_the_margins_of_the_decree(name: str) -> None:
    """NĐ 30/2020 Điều 8: A4, left 30–35 mm, right 15–20, above and below 20–25."""
    seen = sheet(name)
    for number, (width, height) in enumerate(seen.sizes):
        assert sorted((round(width), round(height))) == [210, 297]
        lines = [one for one in seen.lines if one.page == number and not one.text.isdigit()]
        # Letters have a hair of air at their sides.
        assert 29.7 <= min(one.left for one in lines) <= (35 if number == 0 else 210)
        assert max(one.right for one in lines) <= width - 15
        assert 20 <= min(one.high for one in lines) <= 25
        assert max(one.base for one in lines) <= height - 20
        assert all(one.right <= width - 15 for one in seen.shapes if one.page == number)


def test_a_full_page_ends_at_the_margins() -> None:
    seen = short(SENTENCE * 120)
    lines = [one for one in seen.lines if one.page == 1 and one.text != "2"]
    assert 15 <= 210 - max(one.right for one in lines) <= 20
    assert 29.99 <= min(one.left for one in lines) <= 35
    # Below the last line are its tails, and less room than another line takes.
    step = lines[2].base - lines[1].base
    assert 20 <= 297 - max(one.base for one in lines) <= 25
    # Justified: all but the last line end there. Single to one and a half spacing.
    assert all(abs(one.right - 192) < 0.5 for one in lines[:-1])
    assert 14 <= step / 25.4 * 72 <= 14 * 1.5 * 1.15


def test_paragraphs_stand_six_points_apart() -> None:
    seen = short("Một.\nHai.\nBa.")
    one, two, three = (seen.find(word).base for word in ("Một.", "Hai.", "Ba."))
    line = 14 * 1.2
    assert (two - one) / 25.4 * 72 == pytest.approx(line + 6, abs=0.3)
    assert three - two == pytest.approx(two - one, abs=0.05)


@pytest.mark.parametrize("name", papers.PAPERS)
def test_the_font_is_embedded_and_the_text_composed(name: str) -> None:
    seen = sheet(name)
    fonts = seen.fonts()
    assert fonts
    assert all(fonts.values())
    assert {font.partition("+")[2].rsplit("-Bold")[0].rsplit("-Italic")[0] for font in fonts} == {
        "Liberation-Serif"
    }
    assert seen.data.startswith(b"%PDF-1.7")


def test_every_vietnamese_letter_can_be_read_again() -> None:
    vowels = ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"]
    marks = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
    spelt = " ".join(f"{vowel}{mark}" for vowel in vowels for mark in marks) + " đ"
    # Typed on a machine that writes the marks apart.
    seen = short(f"{spelt} {spelt.upper()}.")
    wanted = unicodedata.normalize("NFC", f"{spelt} {spelt.upper()}.")
    assert wanted in seen.text
    assert unicodedata.is_normalized("NFC", "".join(seen.texts))


# --- Boxes 1 to 4: the head.


@pytest.mark.parametrize("name", papers.PAPERS)
def test_the_head_stands_in_two_columns(name: str) -> None:
    """NĐ 30/2020 Điều 8: boxes 1 to 4 of Phụ lục I."""
    paper, seen = papers.PAPERS[name], sheet(name)
    nation, motto = seen.find("CỘNG HÒA"), seen.find("Độc lập")
    assert (nation.text, nation.size, nation.bold) == (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        13,
        True,
    )
    assert (motto.text, motto.size, motto.bold) == ("Độc lập - Tự do - Hạnh phúc", 14, True)
    assert stands(nation, RIGHT)
    assert stands(motto, RIGHT)
    rule = seen.below(motto)
    # As long as the line.
    assert rule.width == pytest.approx(motto.right - motto.left, abs=0.6)
    above = seen.find(paper.parent_organ.split()[0])
    assert (above.size, above.bold, stands(above, LEFT)) == (13, False, True)
    assert above.base == pytest.approx(nation.base, abs=0.1)
    agency = [one for one in seen.lines if one.bold and one.page == 0 and stands(one, LEFT)]
    agency = [one for one in agency if one.text in paper.organ_name]
    assert " ".join(one.text for one in agency) == paper.organ_name
    assert {one.size for one in agency} == {13}
    longest = max(one.right - one.left for one in agency)
    assert 1 / 3 <= seen.below(agency[-1]).width / longest <= 1 / 2
    number, day = seen.find("Số:"), seen.find("Kon Tum, ngày")
    assert (number.size, number.bold, number.italic) == (13, False, False)
    assert (day.size, day.bold, day.italic) == (14, False, True)
    assert number.base == pytest.approx(day.base, abs=0.1)
    assert stands(number, LEFT)
    assert stands(day, RIGHT)


# --- The forms: what stands where. Text, size, look (b bold, i italic), where.

TITLES = {
    "quyet-dinh": ("QUYẾT ĐỊNH", "Thành lập Tổ công tác"),
    "thong-bao": ("THÔNG BÁO", "Kết luận của Phó Chủ tịch"),
    "to-trinh": ("TỜ TRÌNH", "Về việc phê duyệt"),
    "ke-hoach": ("KẾ HOẠCH", "Kiểm tra công tác"),
    "bao-cao": ("BÁO CÁO", "Tình hình quản lý"),
    "giay-moi": ("GIẤY MỜI", "Họp đánh giá"),
    "bien-ban": ("BIÊN BẢN", "Họp xét chọn"),
    "cong-dien": ("CÔNG ĐIỆN", "Về việc tập trung"),
    "hop-dong": ("HỢP ĐỒNG", "Khảo sát, lập thiết kế"),
    "phieu-chuyen": ("PHIẾU CHUYỂN", "Đơn kiến nghị"),
}
FORMS: dict[str, list[tuple[str, float, str, float | None]]] = {
    "cong-van": [
        ("V/v khắc phục", 13, "", LEFT),
        ("KHẨN", 13, "b", LEFT),
        ("Kính gửi:", 14, "", ANY),
        ("Ủy ban nhân dân thành phố Kon Tum nhận", 14, "", INDENT),
        ("1. Đoạn", 14, "", INDENT),
        ("a) Thẩm", 14, "", INDENT),
        ("KT. CHỦ TỊCH", 14, "b", SIGNED),
        ("PHÓ CHỦ TỊCH", 14, "b", SIGNED),
        ("Lê Hoàng Sơn", 14, "b", SIGNED),
        ("Nơi nhận:", 12, "bi", TEXT),
        ("- Như trên;", 11, "", TEXT),
        ("- Lưu: VT, QLĐT.", 11, "", TEXT),
        ("NVA.(12)", 11, "", TEXT),
        ("Số 542", 11, "", MIDDLE),
    ],
    "quyet-dinh": [
        ("CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM", 14, "b", MIDDLE),
        ("Căn cứ Luật Tổ chức", 14, "i", INDENT),
        ("Theo đề nghị", 14, "i", INDENT),
        ("QUYẾT ĐỊNH:", 14, "b", MIDDLE),
        ("Điều 1.", 14, "b", INDENT),
        ("Thành lập Tổ công tác rà soát hồ sơ lưu trữ thành phố Kon Tum", 14, "", ANY),
        ("CHỦ TỊCH", 14, "b", ANY),
        ("Phạm Quang Minh", 14, "b", SIGNED),
    ],
    "quyet-dinh-quy-che": [
        ("QUY CHẾ", 14, "b", MIDDLE),
        ("Tiếp nhận, xử lý", 14, "b", MIDDLE),
        ("(Ban hành kèm theo Quyết định số", 14, "i", MIDDLE),
        ("ngày tháng năm 2026 của Ủy ban nhân dân thành phố Kon Tum)", 14, "i", MIDDLE),
        ("Chương I", 14, "b", MIDDLE),
        ("QUY ĐỊNH CHUNG", 14, "b", MIDDLE),
        ("Mục 1", 14, "b", MIDDLE),
        ("TIẾP NHẬN VĂN BẢN", 13, "b", ANY),
        ("Điều 2. Giải thích từ ngữ", 14, "b", INDENT),
        ("TM. ỦY BAN NHÂN DÂN", 14, "b", SIGNED),
    ],
    "thong-bao": [
        ("LƯU HÀNH NỘI BỘ", 13, "b", LEFT),
        ("1. Về tiến độ", 14, "b", INDENT),
        ("TL. CHỦ TỊCH", 14, "b", SIGNED),
        ("CHÁNH VĂN PHÒNG", 14, "b", SIGNED),
    ],
    "to-trinh": [
        ("Kính gửi:", 14, "", ANY),
        ("I. SỰ CẦN THIẾT", 14, "b", INDENT),
        ("TRƯỞNG PHÒNG", 14, "b", SIGNED),
    ],
    "ke-hoach": [
        ("TT", 13, "b", ANY),
        ("1 Phòng Tài chính", 13, "", ANY),
        ("Phụ lục I", 14, "b", MIDDLE),
        ("ĐỀ CƯƠNG BÁO CÁO", 14, "b", MIDDLE),
        ("(Kèm theo Kế hoạch số", 14, "i", MIDDLE),
    ],
    "bao-cao": [("97,3%", 14, "b", ANY), ("100% văn bản không mật", 14, "i", ANY)],
    "giay-moi": [
        ("Ủy ban nhân dân thành phố Kon Tum trân trọng kính mời:", 14, "", MIDDLE),
        ("- Đại diện", 14, "", ANY),
        ("Chủ trì:", 14, "b", INDENT),
    ],
    "bien-ban": [
        ("THƯ KÝ", 14, "b", 70.5),
        ("Vũ Thị Hạnh", 14, "b", 70.5),
        ("CHỦ TỌA", 14, "b", 151.5),
        ("Lê Hoàng Sơn", 14, "b", 151.5),
    ],
    "cong-dien": [
        ("HỎA TỐC", 13, "b", LEFT),
        ("CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM điện:", 14, "", MIDDLE),
        ("- Chủ tịch Ủy ban nhân dân các xã, phường;", 14, "", ANY),
    ],
    "phieu-chuyen": [("THƯỢNG KHẨN", 13, "b", LEFT), ("Kính gửi:", 14, "", ANY)],
    "giay-gioi-thieu": [
        ("GIẤY GIỚI THIỆU", 14, "b", MIDDLE),
        ("Ủy ban nhân dân thành phố Kon Tum trân trọng giới thiệu:", 14, "", INDENT),
        ("CHÁNH VĂN PHÒNG", 14, "b", SIGNED),
    ],
    "hop-dong": [
        ("ĐẠI DIỆN BÊN B", 14, "b", 70.5),
        ("Hoàng Văn Lâm", 14, "b", 70.5),
        ("ĐẠI DIỆN BÊN A", 14, "b", 151.5),
        ("Phạm Quang Minh", 14, "b", 151.5),
    ],
}


@pytest.mark.parametrize("name", papers.PAPERS)
def test_every_component_has_its_size_and_its_place(name: str) -> None:
    """NĐ 30/2020 Điều 8: the components of each form, Phụ lục I phần V and Phụ lục III."""
    seen = sheet(name)
    for text, size, look, where in FORMS[name]:
        found = seen.find(text)
        assert (text, found.size) == (text, size)
        assert (text, found.bold, found.italic) == (text, "b" in look, "i" in look)
        assert stands(found, where), (text, found.left, found.middle)


@pytest.mark.parametrize("name", TITLES)
def test_name_of_type_and_subject_stand_in_the_middle_over_a_rule(name: str) -> None:
    seen = sheet(name)
    title, subject = (seen.find(text, page=0) for text in TITLES[name])
    assert (title.size, title.bold, stands(title, MIDDLE)) == (14, True, True)
    assert (subject.size, subject.bold, stands(subject, MIDDLE)) == (14, True, True)
    lines = [one for one in seen.lines if subject.base <= one.base and one.page == 0 and one.bold]
    lines = [one for one in lines if one.text in papers.PAPERS[name].subject and one.size == 14]
    longest = max(one.right - one.left for one in lines)
    assert 1 / 3 <= seen.below(lines[-1]).width / longest <= 1 / 2


def test_every_form_has_its_sample() -> None:
    assert {paper.form for paper in papers.PAPERS.values()} == set(Form)
    assert set(FORMS) == set(papers.PAPERS)


# --- Numbers and dates.


def test_number_and_date_have_their_zeros() -> None:
    seen = Sheet(render(papers.issued(papers.LETTER, "7", date(2026, 2, 5))))
    assert seen.find("Số:").text == "Số: 07/UBND-QLĐT"
    assert seen.find("Kon Tum,").text == "Kon Tum, ngày 05 tháng 02 năm 2026"
    assert seen.fields() == {}
    seen = Sheet(render(papers.issued(papers.PLAN, "127", date(2026, 6, 29))))
    assert seen.find("Kon Tum,").text == "Kon Tum, ngày 29 tháng 6 năm 2026"
    told = "(Kèm theo Kế hoạch số 127/KH-UBND ngày 29 tháng 6 năm 2026"
    assert [one.page for one in seen.lines if one.text.startswith(told)] == [1, 2]


def test_where_they_are_not_known_there_are_empty_fields(at: Any) -> None:
    at(datetime(2027, 1, 4, 8, tzinfo=UTC))
    seen = drawn(papers.PLAN)
    fields = seen.fields()
    assert set(fields) == {
        f"{name}{suffix}"
        for name in ("code_number", "issued_day", "issued_month")
        for suffix in ("", "_2", "_3")
    }
    number, day = seen.find("Số:"), seen.find("Kon Tum, ngày")
    assert day.text == "Kon Tum, ngày tháng năm 2027"
    left, top, right, bottom = fields["code_number"]
    assert number.left < left < right < number.right
    assert top < number.high < number.base < bottom
    # Five digits of 13 points, two of 14.
    assert right - left >= 11.4
    assert all(box[2] - box[0] >= 4.9 for box in fields.values())
    assert len(drawn(papers.PLAN, code_number="9").fields()) == 6


def test_the_mark_of_a_type_in_brackets_is_not_printed() -> None:
    seen = drawn(papers.DECISION, type_name="Quyết định (cá biệt)")
    assert seen.find("QUYẾT ĐỊNH").text == "QUYẾT ĐỊNH"
    seen = drawn(papers.DECISION, type_name="Nghị quyết (cá biệt)")
    assert stands(seen.find("QUYẾT NGHỊ:"), MIDDLE)


def test_grounds_end_as_the_decree_says() -> None:
    seen = drawn(papers.DECISION, grounds=("Căn cứ Luật A;", "Căn cứ Luật B.", "Theo đề nghị,"))
    lines = [seen.find(text).text for text in ("Căn cứ Luật A", "Căn cứ Luật B", "Theo đề nghị")]
    assert lines == ["Căn cứ Luật A;", "Căn cứ Luật B;", "Theo đề nghị."]


@pytest.mark.parametrize(
    ("signer", "lines"),
    [
        (Signer("TM.", "ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        (
            Signer("TM.", "ỦY BAN NHÂN DÂN", "Phó Chủ tịch", deputy_for="Chủ tịch"),
            ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
        ),
        (
            Signer("TL.", "CHỦ TỊCH", "PHÓ CHÁNH VĂN PHÒNG", deputy_for="CHÁNH VĂN PHÒNG"),
            ["TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"],
        ),
        (Signer("KT.", "Chủ tịch", "Phó Chủ tịch"), ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        (Signer("TL.", "CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]),
        (Signer("TUQ.", "GIÁM ĐỐC", "TRƯỞNG PHÒNG"), ["TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG"]),
        (Signer("Q.", "", "GIÁM ĐỐC"), ["Q. GIÁM ĐỐC"]),
        (Signer("", "", "GIÁM ĐỐC"), ["GIÁM ĐỐC"]),
    ],
)
def test_the_authority_of_the_signer(signer: Signer, lines: list[str]) -> None:
    seen = short("Một.", signer=replace(signer, full_name="Phạm Minh"))
    hand = [one for one in seen.lines if one.bold and one.size == 14 and stands(one, SIGNED)]
    assert [one.text for one in hand] == [*lines, "Phạm Minh"]
    # Room for the signature between post and name, the list of recipients beside it.
    assert 28 <= hand[-1].high - hand[-2].base <= 36
    assert seen.find("Nơi nhận:").base == pytest.approx(hand[0].base, abs=2)


def test_another_post_of_the_signer_stands_above_his_name() -> None:
    """NĐ 30/2020 Phụ lục I, II.7.c–đ: box 7b, below the signature."""
    signer = Signer("", "", "TRƯỞNG BAN", "Phạm Minh", other_post="Giám đốc Sở Xây dựng")
    seen = short("Một.", signer=signer)
    hand = [one for one in seen.lines if one.bold and one.size == 14 and stands(one, SIGNED)]
    assert [one.text for one in hand] == ["TRƯỞNG BAN", "GIÁM ĐỐC SỞ XÂY DỰNG", "Phạm Minh"]
    assert 28 <= hand[1].high - hand[0].base <= 36
    assert hand[2].base - hand[1].base < 8


def test_a_subsection_has_its_line_and_its_title() -> None:
    """NĐ 30/2020 Phụ lục I, II.6.đ: "Tiểu mục" in small letters, its title below in capitals."""
    seen = short("Mục 1\nTiếp nhận\nTiểu mục 1\nVăn bản giấy\nĐiều 1. Phạm vi\nMột.")
    head, title = seen.find("Tiểu mục 1"), seen.find("VĂN BẢN GIẤY")
    for line in (head, title):
        assert line.bold
        assert stands(line, MIDDLE)
        assert 13 <= line.size <= 14
    assert seen.find("TIẾP NHẬN").base < head.base < title.base < seen.find("Điều 1.").base


def test_one_addressee_stands_on_the_line_several_under_the_colon() -> None:
    one = sheet("to-trinh")
    assert one.find("Kính gửi:").text.startswith("Kính gửi: Chủ tịch Ủy ban nhân dân")
    seen = sheet("cong-van")
    lead = seen.find("Kính gửi:")
    dashes = [seen.find(f"- {text}") for text in ("Sở Xây", "Sở Nông", "Ban Quản")]
    assert [line.text[-1] for line in dashes] == [";", ";", "."]
    # The dash begins where the colon does, give or take a letter's air.
    assert all(-1.6 < line.left - lead.right < 0 for line in dashes)
    assert all(line.base > lead.base for line in dashes)


def test_an_annex_that_a_decision_issues_has_the_head_of_its_own() -> None:
    seen = sheet("quyet-dinh-quy-che")
    assert seen.find("CỘNG HÒA", page=1).base == seen.find("CỘNG HÒA", page=0).base
    plain = drawn(papers.DECISION, annexes=(Annex("Phụ lục", "Danh sách", "1. Một."),))
    assert [one.page for one in plain.lines if one.text.startswith("CỘNG HÒA")] == [0]
    assert plain.find("DANH SÁCH").page == plain.pages - 1
