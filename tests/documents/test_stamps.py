"""Marks of what may not enter: found where offices put them, not in running text."""

import time

import pytest

from documents.inspection import Inspection, inspect
from documents.stamps import CODES, marks_in
from tests import files, papers
from tests.papers import letter, old_font, petition, stamped

PAGE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n{}\nKính gửi: UBND thành phố\nTôi tên là Nguyễn Văn A"

SECRETS = {
    "MẬT": "secret",
    "TỐI MẬT": "top_secret",
    "TUYỆT MẬT": "utmost_secret",
    "M Ậ T": "secret",
    "T U Y Ệ T  M Ậ T": "utmost_secret",
    "TỐI   MẬT": "top_secret",
    "[MẬT]": "secret",
    "MAT": "secret",
    "TOI MAT": "top_secret",
    "TUYÊT MÂT": "utmost_secret",
    "MËT": "secret",  # TCVN3
    "tuyÖt mËt": "utmost_secret",  # TCVN3 in the font of capitals
    "MAÄT": "secret",  # VNI
    "TOÁI MAÄT": "top_secret",
    "TUYEÄT MAÄT": "utmost_secret",
    "Độ mật: Tối mật": "top_secret",
    "MẬT CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM": "secret",
    "TỐI MẬT Kon Tum, ngày 12 tháng 5 năm 2026": "top_secret",
    "Số: 12/BC-UBND MẬT": "secret",
}
NO_SECRETS = (
    "Mật",
    "mật",
    "MẶT",
    "MẤT",
    "MẬT ONG",
    "MẬT KHẨU",
    "BẢO MẬT",
    "bảo vệ bí mật nhà nước",
    "BÍ MẬT NHÀ NƯỚC",
    "Chương II BẢO VỆ BÍ MẬT",
    "Văn bản mật, tối mật, tuyệt mật thuộc văn bản đi và đến",
    "Độ mật",
    "Độ mật: Thường",
    "Mật độ xây dựng",
)
TITLES = {
    "ĐƠN KHIẾU NẠI": {"complaint"},
    "Đơn tố cáo": {"denunciation"},
    "DON TO CAO": {"denunciation"},
    "Đ Ơ N T Ố C Á O": {"denunciation"},
    "Đ Ơ N  K H I Ế U  N Ạ I": {"complaint"},
    "ĐƠN THƯ KIẾN NGHỊ, KHIẾU NẠI, TỐ CÁO": {"complaint", "denunciation", "recommendation"},
    "ĐƠN ĐỀ NGHỊ GIẢI QUYẾT TRANH CHẤP ĐẤT ĐAI": {"dispute"},
    "§¬n khiÕu n¹i": {"complaint"},  # TCVN3
    "ÑÔN TOÁ CAÙO": {"denunciation"},  # VNI
    "QUYẾT ĐỊNH\nVề việc giải quyết khiếu nại của ông Nguyễn Văn A (lần đầu)": {"resolving"},
    "KẾT LUẬN NỘI DUNG TỐ CÁO\nđối với ông A": {"resolving"},
    "V/v xác minh nội dung\ntố cáo ông A": {"resolving"},
    "V/v trả lời đơn kiến nghị của bà Trần Thị B": {"resolving"},
    "PHIẾU CHUYỂN ĐƠN TỐ CÁO": {"resolving"},
    "GỬI ĐÍCH DANH": {"by_name"},
    "Gửi đích danh: Ông Nguyễn Văn A": {"by_name"},
    "CHỈ NGƯỜI CÓ TÊN MỚI ĐƯỢC BÓC BÌ": {"by_name"},
    "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ": {"one_stop"},
    "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ": {"one_stop"},
}
NO_TITLES = (
    "Đơn khiếu nại của ông Nguyễn Văn A gửi ngày 12 tháng 5",
    "đơn tố cáo",
    "- Đơn khiếu nại;",
    "I. ĐƠN KHIẾU NẠI",
    "ĐƠN VỊ GIẢI QUYẾT KHIẾU NẠI",
    "ĐÔN ĐỐC GIẢI QUYẾT KHIẾU NẠI",
    "ĐƠN XIN XÁC NHẬN KHÔNG TRANH CHẤP",
    "ĐƠN XIN NGHỈ PHÉP",
    "V/v trả lời kiến nghị của cử tri",
    "V/v báo cáo kết quả giải quyết khiếu nại, tố cáo quý III",
    "Về việc tăng cường công tác giải quyết khiếu nại",
    "V/v triển khai Luật Khiếu nại",
    "QUYẾT ĐỊNH\nBan hành Quy chế giải quyết khiếu nại",
    "Căn cứ Luật Tố cáo",
    "Các văn bản gửi đích danh không được đưa lên hệ thống",
    "gửi đích danh từng đơn vị",
    "Giấy tiếp nhận hồ sơ và hẹn trả kết quả được lập thành hai liên theo quy định tại thông tư",
)


@pytest.mark.parametrize("line", SECRETS)
def test_the_box_of_a_secret_is_found(line: str) -> None:
    """Kon Tum Điều 4.1; Bắc Giang Điều 3.1: "văn bản đóng dấu mật"."""
    assert marks_in(["Trang một", f"UBND TỈNH\n{line}\nKính gửi"]) == [SECRETS[line]]


@pytest.mark.parametrize("line", NO_SECRETS)
def test_a_word_in_running_text_is_no_box(line: str) -> None:
    assert marks_in([f"UBND TỈNH\n{line}\nKính gửi"]) == []


@pytest.mark.parametrize("title", TITLES)
def test_the_title_of_a_paper_is_found(title: str) -> None:
    """Kon Tum Điều 4.2, 4.3, 4.4; Bắc Giang Điều 3.2, 3.3; Sơn La Điều 3.2."""
    assert set(marks_in([PAGE.format(title)])) == TITLES[title]


@pytest.mark.parametrize("title", NO_TITLES)
def test_what_only_speaks_of_it_is_none(title: str) -> None:
    assert marks_in([PAGE.format(title)]) == []


def test_a_complaint_is_written_by_somebody() -> None:
    """A table of figures has such a line, too; and a page of forms is a page of forms."""
    assert marks_in(["Biểu 2\nĐƠN KHIẾU NẠI\n12\n15"]) == []
    assert marks_in(["Mẫu số 01\n" + PAGE.format("ĐƠN KHIẾU NẠI")]) == []
    assert marks_in(["Công văn", PAGE.format("ĐƠN KHIẾU NẠI")]) == ["complaint"]


def test_values_and_notes_have_no_place() -> None:
    assert marks_in(["Công văn"], ["TỐI MẬT\nvà khác", "Đơn tố cáo"]) == [
        "top_secret",
        "denunciation",
    ]


def test_every_code_is_found_by_some_line() -> None:
    found = set(SECRETS.values()).union(*TITLES.values())
    assert found == set(CODES)


@pytest.mark.parametrize(
    "pages",
    [
        ["a " * 99_000],
        ["a\n" * 99_000],
        ["m t\n" * 49_000],
        ["Don thu xin thu xin thu xin thu xin thu xin\n" * 45] * 100,
        ["§¬n khiÕu n¹i sè\n" * 45] * 100,
    ],
)
def test_long_texts_take_no_long_time(pages: list[str]) -> None:
    started = time.process_time()
    marks_in(pages)
    assert time.process_time() - started < 5


# --- Through the bounded process, with files of our own.


def looked_at(tmp_path, content: bytes) -> Inspection:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    return inspect(path, seconds=60, memory_mib=1024)


def test_marks_are_found_in_files(tmp_path) -> None:
    made = {
        letter(box="TỐI MẬT"): ("top_secret",),
        petition("ĐƠN TỐ CÁO"): ("denunciation",),
        old_font("UBND TINH", "TUYÖT MËT", "KÝnh göi"): ("utmost_secret",),
        old_font("UBND TINH", "TOÁI MAÄT"): ("top_secret",),
        stamped("MẬT"): ("secret",),
        letter("BÁO CÁO<br>Công tác bảo vệ bí mật nhà nước"): (),
        letter("V/v báo cáo giải quyết khiếu nại, tố cáo"): (),
    }
    for content, marks in made.items():
        found = looked_at(tmp_path, content)
        assert (found.marks, found.faults) == (marks, {}), found.text


def test_a_scan_says_that_there_was_nothing_to_read(tmp_path) -> None:
    found = looked_at(tmp_path, papers.scanned(tmp_path / "scan.pdf"))
    assert (found.pages, found.worded, found.marks) == (1, 0, ())
    found = looked_at(tmp_path, letter())
    assert (found.pages, found.worded) == (1, 1)


def test_marks_survive_a_text_that_takes_too_long(tmp_path) -> None:
    """What was read before the time was over is looked at all the same."""
    path = files.slow_to_read(tmp_path / "slow.pdf", first="TOI MAT")
    # Short, so that the time ends before the reader meets a limit of its own.
    found = inspect(path, seconds=3, memory_mib=1024)
    assert found.faults == {"text": "too_slow"}
    assert (found.pages, found.marks) == (2, ("top_secret",))
