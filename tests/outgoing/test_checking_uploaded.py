"""The words of an uploaded file against the rules for papers: what is found, and what never is."""

from dataclasses import replace

import pytest

from documents.inspection import Inspection
from outgoing import rendering
from outgoing.checking import MEASURER, check, check_measured
from outgoing.checking.findings import rules, sheet_rules
from outgoing.checking.uploaded import read, told
from outgoing.measuring import measure
from outgoing.paper import Paper
from tests.outgoing import papers
from tests.outgoing.test_checking_pdf import sheet

OWN = [name for name, paper in vars(papers).items() if isinstance(paper, Paper) and name != "CITY"]
LETTER = """ỦY BAN NHÂN DÂN TỈNH KON TUM
SỞ NỘI VỤ
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số:       /SNV-TCCB
V/v rà soát văn bản
Kon Tum, ngày     tháng     năm 2026
Kính gửi: Ủy ban nhân dân các phường, xã
Thực hiện Kế hoạch số 12/KH-UBND ngày 05 tháng 01 năm 2026, Sở Nội vụ đề nghị các đơn vị báo cáo
trước ngày 20 tháng 5 năm 2026 theo Phụ lục kèm theo./.
Nơi nhận:
- Như trên;
- Giám đốc Sở (báo cáo);
- Lưu: VT, TCCB.
KT. GIÁM ĐỐC
PHÓ GIÁM ĐỐC
Phạm Thị Dung"""
ANNEX = """2
Phụ lục
MẪU BÁO CÁO
Nơi nhận: Sở Nội vụ
- Văn bản còn hiệu lực;"""
DECISION = """ỦY BAN NHÂN DÂN
THÀNH PHỐ KON TUM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: /QĐ-UBND Kon Tum, ngày    tháng    năm
QUYẾT ĐỊNH
Về việc thành lập Tổ công tác
CHỦ TỊCH ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015;
QUYẾT ĐỊNH:
Điều 1. Thành lập Tổ công tác.
Điều 2. Quyết định này có hiệu lực kể từ ngày ký./.
Nơi nhận:
- Như Điều 2;
- Lưu: VT, NV.
TM. ỦY BAN NHÂN DÂN
THÀNH PHỐ KON TUM
KT. CHỦ TỊCH
PHÓ CHỦ TỊCH
Lê Hoàng Sơn"""
TYPED = {
    "letter": Paper("Công văn", "SỞ NỘI VỤ", addressees=("Ủy ban nhân dân các phường",)),
    "decision": Paper("Quyết định (cá biệt)", "ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM"),
}
TEXTS = {"letter": (LETTER, ANNEX), "decision": (DECISION,)}


def codes(name: str, *texts: str) -> list[tuple[str, str, str]]:
    """What is told of a text: rule, place, words."""
    reading = read(texts, TYPED[name])
    assert reading is not None
    return [(rule.code, hit.where, hit.found) for rule, hit in told(reading)]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_in_the_right_form_is_not_spoken_of(name):
    """Cần Thơ Điều 9.4–9.5: nothing is asked of a file that is in order."""
    assert codes(name, *TEXTS[name]) == []
    reading = read(TEXTS[name], TYPED[name])
    assert reading.has_code
    assert reading.has_date
    assert name == "letter" or reading.has_type


@pytest.mark.parametrize("name", OWN)
def test_our_own_sheets_are_in_order(name, tmp_path):
    """Each form as the system prints it, read back as if it had been uploaded."""
    paper = getattr(papers, name)
    path = tmp_path / "sheet.pdf"
    path.write_bytes(rendering.render(paper))
    measured = measure(str(path))
    found = Inspection(kind="pdf", readable=True, pdf_version="1.7", extra={MEASURER: measured})
    of_words = {rule.code for rule in sheet_rules()} | {
        "pdf_code_missing", "pdf_date_missing", "pdf_type_missing", "pdf_order",
    }  # fmt: skip
    # What is wrong in the paper itself is wrong in its print as well.
    of_words -= {one.code for one in check(paper)}
    assert [one for one in check_measured(found, paper) if one.code in of_words] == []


BAD = [
    ("letter", "Kính gửi:", "Gửi:", "addressees_missing", 1, ""),
    ("letter", "Nơi nhận:", "Gửi:", "recipients_missing", 1, ""),
    ("decision", "Căn cứ Luật", "Luật", "grounds_missing", 1, ""),
    ("decision", "Điều 1. Thành", "Một. Thành", "article", 1, ""),
    ("letter", "Số:       /", "Số: 5/", "number_zero", 1, "5"),
    ("letter", "/SNV-TCCB", "/SNV - TCCB", "notation_signs", 1, "SNV - TCCB"),
    ("letter", "/SNV-TCCB", "/CV-SNV-TCCB", "notation_cv", 1, "CV"),
    ("letter", "/SNV-TCCB", "/SNV-tccb", "notation_case", 1, "SNV-tccb"),
    ("letter", "/SNV-TCCB", "/QĐ-SNV", "notation_type", 1, "QĐ"),
    ("decision", "/QĐ-UBND", "/TB-UBND", "notation_type", 1, "TB-UBND"),
    ("letter", "/SNV-TCCB", "/SNV", "notation_groups", 1, "SNV"),
    ("letter", "- Như trên;\n", "", "recipient_first", 1, "Giám đốc Sở (báo cáo)"),
    ("letter", "- Lưu: VT, TCCB.\n", "", "recipient_last", 1, "Giám đốc Sở (báo cáo)"),
    ("letter", "- Lưu: VT, TCCB.", "- Lưu VT-TCCB.", "recipient_last", 1, "Lưu VT-TCCB"),
    ("letter", "- Lưu: VT, TCCB.", "- Lưu: VT.", "recipient_unit", 1, "Lưu: VT"),
    ("letter", "KT. GIÁM", "K/T GIÁM", "authority_form", 1, "K/T"),
    ("letter", "KT. GIÁM ĐỐC\nPHÓ", "TM. GIÁM ĐỐC\n", "authority_collective", 1, "GIÁM ĐỐC"),
    ("letter", "KT. GIÁM ĐỐC", "KT. SỞ NỘI VỤ", "authority_post", 1, "SỞ NỘI VỤ"),
    ("letter", "PHÓ GIÁM ĐỐC", "TRƯỞNG PHÒNG", "authority_deputy", 1, "TRƯỞNG PHÒNG"),
    ("decision", "KT. CHỦ TỊCH\n", "", "authority_for_head", 1, "PHÓ CHỦ TỊCH"),
    ("letter", "ngày 05 tháng 01", "ngày 5 tháng 1", "date_zero", 1, "ngày 5 tháng 1 năm 2026"),
    ("letter", "20 tháng 5", "20 tháng 05", "date_extra_zero", 1, "ngày 20 tháng 05 năm 2026"),
    ("letter", "20 tháng 5", "31 tháng 4", "date_impossible", 1, "ngày 31 tháng 4 năm 2026"),
    ("letter", "số 12/KH", "số 2/KH", "cited_number_zero", 1, "số 2/K"),
    ("letter", "các đơn vị", "các các đơn vị", "word_repeated", 1, "các các"),
    ("letter", "2\nPhụ lục", "2\nPhụ lục số 01", "annex_heading", 2, "Phụ lục số 01"),
    ("letter", "2\nPhụ lục", "Giấy mời", "", 0, ""),
]


@pytest.mark.parametrize(("name", "old", "new", "code", "page", "words"), BAD)
def test_what_is_wrong_is_found_alone(name, old, new, code, page, words):
    """Cần Thơ Điều 9.4–9.5, Kon Tum Điều 17.1: the finding, its page and the words in question."""
    assert any(old in text for text in TEXTS[name])
    texts = [text.replace(old, new) for text in TEXTS[name]]
    wanted = [] if not code or code == "article" else [(code, f"page:{page}", words)]
    assert codes(name, *texts) == wanted


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        # Lines of two columns run into each other.
        ("letter", "- Như trên;", "- Như trên; KT. GIÁM ĐỐC"),
        ("letter", "- Lưu: VT, TCCB.", "- Lưu: VT, TCCB. Phạm Thị Dung"),
        ("letter", "Nơi nhận:", "Nơi nhận: KT. GIÁM ĐỐC"),
        ("letter", "- Lưu: VT", "- Luu: VT"),
        ("letter", "/SNV-TCCB", "/SNV-TCCB Kon Tum, ngày 12 tháng 5 năm 2026"),
        # Letters that a font sets a little apart, a notation that goes on in the next line.
        ("letter", "/SNV-TCCB", "/SNV -TCCB"),
        ("letter", "/SNV-TCCB", "/SNV-\nTCCB"),
        # Bullets of a font of signs, or none in the text.
        ("letter", "- ", "\uf02d "),
        ("letter", "- ", ""),
        # Short names, and other lines in capitals around the signature.
        ("decision", "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ", "UBND THÀNH PHỐ"),
        ("decision", "Lê Hoàng Sơn", "LÊ HOÀNG SƠN"),
        # A line of the text that begins like a part of the form.
        ("letter", "trước ngày 20", "Nơi nhận hồ sơ là bộ phận một cửa, trước ngày 20"),
        ("letter", "trước ngày 20", "Số 12 đường Bà Triệu, trước ngày 20"),
    ],
)
def test_what_cannot_be_told_is_passed_over(name, old, new):
    texts = [text.replace(old, new) for text in TEXTS[name]]
    assert codes(name, *texts) == []


def test_annexes_are_numbered_in_their_order():
    second = ANNEX.replace("2\nPhụ lục", "3\nPHỤ LỤC III").replace("MẪU", "BIỂU")
    first = ANNEX.replace("Phụ lục", "Phụ lục I")
    found = codes("letter", LETTER, first, first, second)
    assert found == [("annex_heading", "page:4", "PHỤ LỤC III")]
    # Those before them are files of their own.
    assert codes("letter", LETTER, second) == []


def test_another_agency_is_missed():
    reading = read([LETTER], replace(TYPED["letter"], organ_name="SỞ TƯ PHÁP"))
    assert [rule.code for rule, _hit in told(reading)] == ["organ_missing"]


def test_letters_of_another_time_hide_what_they_say():
    """Of TCVN3 one finding tells everything: nothing else is called missing."""
    assert read(["§Ò nghÞ c¬ quan xem xÐt, gi¶i quyÕt hå s¬"], TYPED["letter"]) is None
    assert read([""], TYPED["letter"]) is None


def test_a_type_without_a_form_of_its_own_is_not_held_to_one():
    """NĐ 30/2020 Phụ lục III shows no form of a contract."""
    assert read([LETTER], replace(TYPED["letter"], type_name="Hợp đồng")) is None


def test_only_rules_of_the_list_are_asked():
    assert {rule.code for rule in sheet_rules()} <= {rule.code for rule in rules()}


def test_several_faults_of_a_page_are_one_finding():
    text = LETTER.replace("ngày 05 tháng 01", "ngày 5 tháng 1").replace("20 tháng 5", "2 tháng 5")
    words = "ngày 5 tháng 1 năm 2026, ngày 2 tháng 5 năm 2026"
    assert codes("letter", text) == [("date_zero", "page:1", words)]


def test_parts_in_another_order_are_found_by_their_place(tmp_path):
    """Nơi nhận above the text, Kính gửi above the number: whatever the order in the file."""
    path = tmp_path / "a.pdf"
    html = (
        "<p>Kính gửi: Sở Nội vụ</p><p>Số: /SNV-TCCB</p><p><i>Kon Tum, ngày … tháng … năm …</i></p>"
    )
    path.write_bytes(sheet(head="<p>SỞ NỘI VỤ</p>" + html, foot="<p>Nơi nhận:</p>"))
    measured = measure(str(path))
    assert [one["name"] for one in measured["marks"]] == ["number", "addressees", "recipients"]
    found = Inspection(kind="pdf", readable=True, pdf_version="1.7", extra={MEASURER: measured})
    paper = replace(TYPED["letter"], subject="")
    (one,) = (one for one in check_measured(found, paper) if one.code == "pdf_order")
    assert (one.where, one.found, one.mend) == ("page:1", "Kính gửi", None)
    assert "“Kính gửi” đứng trên “Số”" in one.message
