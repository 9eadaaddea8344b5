"""Annexes that a paper names, and those that stand in it: precise, and silent about others'."""

import unicodedata

import pytest

from documents.annexes import annexes_in, missing
from documents.inspection import inspect
from tests import papers
from tests.papers import letter, old_font

NAMED = {
    "Danh mục dự án tại Phụ lục I.": ["1"],
    "Chi tiết tại Phụ lục 02 kèm theo.": ["2"],
    "theo Phụ lục số 3 kèm theo Công văn này": ["3"],
    "(Chi tiết tại các Phụ lục I, II và III kèm theo)": ["1", "2", "3"],
    "từ Phụ lục I đến Phụ lục IV": ["1", "2", "3", "4"],
    "Phụ lục 1 đến 3 của văn bản này": ["1", "2", "3"],
    "theo Phụ lục\nII đính kèm": ["2"],
    "Phụ lục A và Phụ lục B": ["A", "B"],
    "(Có phụ lục kèm theo)": ["annex"],
    "Gửi kèm phụ lục số liệu.": ["annex"],
    "(Danh sách kèm theo)": ["list"],
    "(có danh sách học sinh kèm theo)": ["list"],
    "(kèm theo danh sách)": ["list"],
    "(Biểu mẫu gửi kèm)": ["form"],
    "(dự thảo Quyết định đính kèm)": [],  # which decision, it does not say: nobody is asked
    "Phụ lục II ban hành kèm theo Quyết định này": ["2"],
    "PHỤ LỤC: theo Phụ lục V kèm theo Kế hoạch này": ["5"],
}
NOT_NAMED = (
    "",
    "theo mẫu tại Phụ lục III Nghị định 30/2020/NĐ-CP",
    "theo Phụ lục VI ban hành kèm theo Thông tư số 01/2019/TT-BNV",
    "Phụ lục I và Phụ lục II của Nghị định số 30/2020/NĐ-CP",
    "quy định tại Phụ lục IV (ban hành kèm theo Nghị định số 15/2021/NĐ-CP)",
    "(Ban hành kèm theo Quyết định số 04/2017/QĐ-UBND ngày 03/02/2017)",
    "Quy chế ban hành kèm theo Quyết định số 12/QĐ-UBND",
    "(kèm theo Công văn số 12/SXD-QLN ngày 12/5/2026)",
    "phụ lục 15 trang trở lên thì không scan",
    "tài liệu, phụ lục kèm theo Tờ trình số 12 của Sở Xây dựng",
    "Phụ lục 2026",
    "danh sách cử tri được niêm yết",
    "nộp đơn kèm theo hồ sơ theo quy định",
    "phụ lục hợp đồng",
    "Phụ nữ, lục bình",
    "(Danh sách kèm theo Quyết định số 3/QĐ-SNV)",
)
HEADINGS = {
    "PHỤ LỤC I": "1",
    "PHỤ LỤC 02": "2",
    "Phụ lục III": "3",
    "PHỤ LỤC SỐ 4": "4",
    "PHỤ LỤC": "annex",
    "PHỤ LỤC V: DANH MỤC DỰ ÁN": "5",
    "PHỤ LỤC VI - BIỂU SỐ LIỆU": "6",
}


@pytest.mark.parametrize("text", NAMED)
def test_what_is_enclosed_is_named(text) -> None:
    """Bắc Giang Điều 5.1: the clerk checks that a paper is whole."""
    assert annexes_in([text]) == {"named": NAMED[text], "there": []}


@pytest.mark.parametrize("text", NOT_NAMED)
def test_annexes_of_other_papers_and_other_words_are_not(text) -> None:
    assert annexes_in([text])["named"] == []


@pytest.mark.parametrize("line", HEADINGS)
def test_a_title_in_the_file_says_that_it_is_there(line) -> None:
    for page in (f"{line}\nDanh mục", f"Nơi nhận:\n{line}\n(Kèm theo Công văn số 12/SXD)"):
        assert annexes_in(["Như trên.", page]) == {"named": [], "there": [HEADINGS[line]]}


def test_running_words_are_no_title_and_a_title_names_nothing() -> None:
    found = annexes_in(["Số liệu nêu tại\nPhụ lục II của báo cáo này và các văn bản khác"])
    assert found == {"named": ["2"], "there": []}
    found = annexes_in(["(Danh sách kèm theo)", "DANH SÁCH HỌC SINH\n1. Nguyễn Văn A"])
    assert found == {"named": ["list"], "there": ["list"]}


@pytest.mark.parametrize(
    "wrapped",
    [
        "Số liệu nêu tại\nPhụ lục II.",
        "Dự toán của các công trình\nPhụ lục II.",
        "chi tiết tại Phụ lục I,\nPhụ lục II;",
        "Số liệu chi tiết xem\nPhụ lục II\nkèm theo Công văn này.",
    ],
)
def test_the_end_of_a_wrapped_sentence_is_no_title(wrapped) -> None:
    """Bắc Giang Điều 5.1: the annex that it names is asked about."""
    assert "2" in annexes_in([wrapped])["named"]
    assert annexes_in([wrapped])["there"] == []
    apart = wrapped.split("\n", 1)  # and over the end of a page, with the page's number
    if "tại" in apart[0]:
        assert annexes_in([apart[0], f"2\n{apart[1]}"])["there"] == []


@pytest.mark.parametrize(
    "pages",
    [
        ["Như trên.", "Phụ lục II.\nDanh mục"],
        ["Nguyễn Văn A", "Phụ lục II.\nDanh mục"],
        ["KT. CHỦ TỊCH\nPHỤ LỤC II."],
        ["Nơi nhận:\n- Lưu: VT.\nPhụ lục II."],
    ],
)
def test_a_title_with_a_full_stop_is_a_title(pages) -> None:
    assert annexes_in(pages) == {"named": [], "there": ["2"]}


def test_annexes_with_a_letter_are_annexes_of_their_own() -> None:
    """Bắc Giang Điều 5.1: 3b is missing where only 3a came."""
    found = annexes_in(["Danh mục tại Phụ lục 3a và Phụ lục 3b.", "PHỤ LỤC 3A\nDanh mục"])
    assert found == {"named": ["3a", "3b"], "there": ["3a"]}
    assert missing(**found, untitled=0, has_more=False) == ["3b"]
    assert missing(["3"], ["3a", "3b"], untitled=0, has_more=False) == []
    assert missing(["3a"], ["3"], untitled=0, has_more=False) == ["3a"]


def test_a_fault_of_the_annexes_leaves_the_marks(tmp_path) -> None:
    """Kon Tum Điều 4.1: what reads the annexes comes after the marks of secrets, on its own."""
    path = tmp_path / "file.pdf"
    path.write_bytes(letter(box="TUYỆT MẬT"))
    broken = "tests.faults.annexes_raise"
    found = inspect(path, seconds=60, memory_mib=1024, programs=[broken])
    assert (found.marks, found.worded, found.annexes) == (("utmost_secret",), 1, {})
    assert found.faults == {"annexes": "broken"}


def test_decomposed_letters_and_old_fonts_are_read(tmp_path) -> None:
    """TCVN 6909:2001 asks for composed letters; not everybody keeps to it."""
    apart = unicodedata.normalize("NFD", "Chi tiết tại Phụ lục II kèm theo.")
    assert annexes_in([apart])["named"] == ["2"]
    assert annexes_in(["theo Phô lôc II kÌm theo"])["named"] == ["2"]  # TCVN3


MISSING = [
    # named, there, files without a title, is there another file -> what is asked about
    (["1", "2"], [], 0, False, ["1", "2"]),
    (["1", "2"], ["1"], 0, False, ["2"]),
    (["1", "2"], ["1", "2"], 0, False, []),
    (["1", "2"], [], 2, True, []),
    (["1", "2"], [], 1, True, ["1", "2"]),
    (["1", "2"], ["2"], 1, True, []),
    (["annex"], [], 0, False, ["annex"]),
    (["annex"], ["1"], 0, False, []),
    (["list"], [], 1, True, []),
    (["list", "table"], [], 0, False, ["list", "table"]),
    ([], ["1"], 3, True, []),
]


@pytest.mark.parametrize(("named", "there", "untitled", "more", "asked"), MISSING)
def test_what_stands_nowhere_is_missing(named, there, untitled, more, asked) -> None:
    assert missing(named, there, untitled=untitled, has_more=more) == asked


def looked_at(tmp_path, content: bytes):
    path = tmp_path / "file.pdf"
    path.write_bytes(content)
    return inspect(path, seconds=60, memory_mib=1024)


def test_they_are_found_in_files_and_a_scan_says_nothing(tmp_path) -> None:
    body = "<p>Danh mục tại Phụ lục I và Phụ lục II kèm theo.</p>"
    last = "<p style='break-before:page;text-align:center'>PHỤ LỤC I</p><p>Dự án</p>"
    found = looked_at(tmp_path, letter(body=body + last))
    assert (found.annexes, found.faults) == ({"named": ["1", "2"], "there": ["1"]}, {})
    found = looked_at(tmp_path, papers.scanned(tmp_path / "scan.pdf"))
    assert (found.annexes, found.worded) == ({"named": [], "there": []}, 0)
    found = looked_at(tmp_path, old_font("UBND TINH", "theo Phô lôc II kÌm theo"))
    assert found.annexes["named"] == ["2"]
