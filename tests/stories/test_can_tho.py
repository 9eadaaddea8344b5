"""Cần Thơ: checked before it is received, and clear words for whoever shares the work."""

import pytest

from incoming.models import IncomingDocument
from tests.stories.papers import SUBJECT, day, registered, scanned, written

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")
QUYCHE = "Quy chế ban hành kèm theo Quyết định 1637/QĐ-UBND"


@pytest.fixture
def office(place):
    return place("can-tho-2019", "noivu", "Sở Nội vụ thành phố Cần Thơ")


def test_checked_before_it_is_received(cast, office, pdf):
    """Cần Thơ Điều 1.4, 5.1: secrets are outside; what is not authentic goes back."""
    clerk = office["clerk"]
    clerk.open("incoming/register/?new")
    clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate="state_secrets", **written())
    assert clerk.status == 409
    assert "khoản 4 Điều 1" in clerk.text
    clerk.open("incoming/tray/").press("Tiếp nhận", files=scanned(pdf))
    page = f"incoming/{IncomingDocument.objects.latest('pk').pk}/"
    clerk.open(f"{page}refuse/")
    clerk.press("Từ chối", reason="invalid_signature", text="Chữ ký số không hợp lệ.")
    act = IncomingDocument.objects.latest("pk").acts.last()
    assert (act.verb, act.article) == ("refuse", f"khoản 1 Điều 5 {QUYCHE}")


def test_the_fields_of_the_circular(cast, office, pdf):
    """Cần Thơ Điều 6.1a: the clerk fills in the fields, numbered as in TT 01/2019."""
    clerk = office["clerk"]
    clerk.open("incoming/register/?new")
    clerk.press(
        "Lưu và nhập tiếp", files=scanned(pdf), **written(signer_full_name="", signer_position="")
    )
    assert clerk.status == 422
    page = registered(clerk, pdf)
    assert "Số đến 14" in clerk.open(f"{page}?full=1").text


def test_work_for_several_says_until_when_and_what(cast, office, pdf):
    """Cần Thơ Điều 7.1, 7.2, 8.1 → /incoming/<id>/"""
    clerk, chair = office["clerk"], office["chair"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert chair.asked() == [(SUBJECT, "Phân phối")]
    chair.open("").follow("Phân phối")
    lines = {
        "who-0": f"u{cast.planning.pk}",
        "directive-0": "Chủ trì, báo cáo.",
        "due_date-0": day(5),
        "who-1": f"u{cast.finance.pk}",
    }
    chair.press("Phân phối", **lines)
    assert chair.status == 409
    assert "thời hạn và ý kiến chỉ đạo của từng nơi: Phòng Tài chính - Kế hoạch" in chair.text
    assert "khoản 2 Điều 7" in chair.text
    chair.press("Phân phối", **lines, **{"directive-1": "Bố trí kinh phí.", "due_date-1": day(4)})
    assert chair.status == 200
    assert office["head"].asked() == [(SUBJECT, "Giao việc")]
    assert office["finance_head"].asked() == [(SUBJECT, "Giao việc")]
    document = IncomingDocument.objects.get()
    assert document.acts.last().article == f"khoản 2 Điều 7 {QUYCHE}"


def test_work_for_one_needs_no_more(cast, office, pdf):
    """Cần Thơ Điều 7.2 speaks of work for several."""
    page = registered(office["clerk"], pdf)
    office["clerk"].open(page).follow("Trình").press("Trình")
    chair = office["chair"].open("").follow("Phân phối")
    chair.press("Phân phối", **{"who-0": f"u{cast.planning.pk}"})
    assert chair.status == 200
