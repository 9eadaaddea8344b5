"""What each office's own regulation keeps out, told from the papers themselves."""

import pytest

from documents.models import PaperEntry, QuarantinedFile
from incoming.models import IncomingDocument
from tests.papers import letter, petition
from tests.stories.papers import day, scanned, written

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")

ONE_STOP = "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
RESOLVING = "QUYẾT ĐỊNH<br>Về việc giải quyết khiếu nại của ông Nguyễn Văn A"
OFFICES = {
    "kon-tum-2017": [
        (letter, {"box": "MẬT"}, "state_secrets", "khoản 1 Điều 4"),
        (petition, {"title": "ĐƠN KHIẾU NẠI"}, "petitions", "khoản 2 Điều 4"),
        (letter, {"title": RESOLVING}, "petition_papers", "khoản 3 Điều 4"),
        (letter, {"title": "GỬI ĐÍCH DANH"}, "by_name", "khoản 4 Điều 4"),
    ],
    "bac-giang-2014": [
        (petition, {"title": "ĐƠN KIẾN NGHỊ"}, "petitions", "khoản 2 Điều 3"),
        (letter, {"title": ONE_STOP}, "one_stop", "khoản 3 Điều 3"),
    ],
    "son-la-2014": [
        (
            petition,
            {"title": "ĐƠN ĐỀ NGHỊ GIẢI QUYẾT TRANH CHẤP ĐẤT"},
            "petitions",
            "khoản 2 Điều 3",
        ),
    ],
    "binh-dinh-2016": [(letter, {"box": "TUYỆT MẬT"}, "state_secrets", "khoản 2 Điều 3")],
    "can-tho-2019": [(letter, {"box": "TỐI MẬT"}, "state_secrets", "khoản 4 Điều 1")],
}


@pytest.mark.parametrize("name", OFFICES)
def test_a_marked_paper_is_asked_about_refused_and_noted_on_paper(cast, place, name):
    """Kon Tum Điều 4.1–4.4, 14.7; Bắc Giang Điều 3.2, 3.3; Sơn La Điều 3.2; Cần Thơ Điều 1.4.

    Bình Định Điều 3.2.
    """
    clerk = place(name, "coquan", "Cơ quan")["clerk"]
    for number, (make, how, kind, article) in enumerate(OFFICES[name], start=1):
        clerk.open("incoming/register/?new")
        clerk.press("Lưu và nhập tiếp", files=scanned(make(**how)), **written())
        assert clerk.status == 409, clerk.text
        assert "Đọc thấy trong tệp:" in clerk.text
        assert IncomingDocument.objects.latest("pk").state == "received"
        clerk.press("Lưu và nhập tiếp", gate=kind)
        assert clerk.status == 409
        assert article in clerk.text
        assert not QuarantinedFile.objects.exists()
        assert IncomingDocument.objects.latest("pk").refusal_reason == kind
        clerk.follow("Đã vào sổ giấy")
        clerk.press("Ghi số", number=str(number), day=day(0))
        assert f"Sổ giấy, số {number}" in clerk.text
    assert PaperEntry.objects.count() == len(OFFICES[name])


def test_what_no_title_tells_is_asked_of_everybody(cast, place, pdf):
    """Sơn La Điều 3.2 (harmful content); Bình Định chương II Điều 7.1 (security, defence)."""
    for name, kind in (("son-la-2014", "harmful"), ("binh-dinh-2016", "security_defence")):
        clerk = place(name, "coquan", "Cơ quan")["clerk"]
        clerk.open("incoming/register/?new")
        clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate=kind, **written())
        assert clerk.status == 409
        assert IncomingDocument.objects.latest("pk").refusal_reason == kind


def test_a_leader_takes_out_what_should_never_have_come(cast, place, pdf):
    """Bắc Giang Điều 8.2 → /incoming/<id>/"""
    office = place("bac-giang-2014", "bacgiang", "UBND thành phố Bắc Giang")
    clerk, chair = office["clerk"], office["chair"]
    clerk.open("incoming/register/?new")
    clerk.press("Lưu và nhập tiếp", files=scanned(pdf), **written())
    page = f"incoming/{IncomingDocument.objects.latest('pk').pk}/"
    clerk.open(page)
    assert "Gỡ văn bản" not in clerk.offers()
    clerk.send(f"{page}purge/", reason="petitions", decision_number="5", decision_date=day(0))
    assert clerk.status in (409, 422)
    chair.open(page).follow("Gỡ văn bản")
    chair.press(
        "Gỡ văn bản",
        reason="petitions",
        decision_number="25/QĐ-UBND",
        decision_date=day(0),
        understood="on",
    )
    assert chair.status == 200
    assert "Đã gỡ theo quyết định số 25/QĐ-UBND" in chair.text
    assert "khoản 2 Điều 3" in str(IncomingDocument.objects.latest("pk").acts.last().article)
    assert chair.offers() == []
