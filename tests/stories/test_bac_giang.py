"""UBND thành phố Bắc Giang: the chief gives out, the wrong unit returns to the clerk."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Delegation
from core import clock
from incoming.models import IncomingDocument
from tests.stories.papers import SUBJECT, day, registered, scanned, written

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")
QUYCHE = "Quy chế ban hành kèm theo Quyết định 04/2014/QĐ-UBND"


@pytest.fixture
def office(place):
    return place("bac-giang-2014", "bacgiang", "UBND thành phố Bắc Giang", "UBND phường Trần Phú")


def test_what_is_checked_and_what_may_not_enter(cast, office, pdf):
    """Bắc Giang Điều 3.1, 3.2, 3.3 → /incoming/<id>/refuse/"""
    clerk = office["clerk"]
    for code, clause in (("state_secrets", 1), ("petitions", 2), ("one_stop", 3)):
        clerk.open("incoming/register/?new")
        clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate=code, **written())
        assert clerk.status == 409
        assert f"khoản {clause} Điều 3" in clerk.text
    assert not IncomingDocument.objects.exclude(state="refused").exists()
    clerk.open("incoming/tray/").press("Tiếp nhận", files=scanned(pdf))
    page = f"incoming/{IncomingDocument.objects.latest('pk').pk}/"
    clerk.open(f"{page}refuse/").press("Từ chối", reason="incomplete", text="Thiếu phụ lục.")
    assert IncomingDocument.objects.latest("pk").state == "refused"
    act = IncomingDocument.objects.latest("pk").acts.last()
    assert act.article == ""  # Điều 5.1 has the clerk check, and says nothing of sending back


def test_the_way_with_a_wrong_turn(cast, office, pdf):
    """Bắc Giang Điều 5.1, 5.2, 5.3a, 5.3b, 5.3c, 5.4a → /incoming/<id>/"""
    clerk, chief, chair = office["clerk"], office["chief"], office["chair"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    # The chief carries out what the chair decides.
    assert chief.asked() == [(SUBJECT, "Phân phối")]
    chief.open(page).follow("Trình lãnh đạo")
    chief.press("Trình lãnh đạo", leader=cast.chair.pk, text="Phòng Tài chính chủ trì.")
    chair.open("").follow("Cho ý kiến").press("Đồng ý, chuyển", text="")
    chief.open("").follow("Phân phối")
    chief.press("Phân phối", **{"who-0": f"u{cast.finance.pk}", "due_date-0": day(5)})
    assert chief.status == 200

    # Not their work: it goes back to whoever entered it, not to the chief.
    finance = office["finance_head"]
    finance.open("").follow("Giao việc")
    finance.open(page).follow("Chuyển trả").press("Chuyển trả", text="Không đúng chức năng.")
    assert finance.status == 200
    assert (chief.asked(), finance.asked()) == ([], [])
    assert clerk.asked() == [(SUBJECT, "Trình")]
    clerk.open(page)
    assert "Chờ trình" in clerk.text
    clerk.follow("Trình").press("Trình")
    chief.open("").follow("Phân phối")
    chief.press("Phân phối", **{"who-0": f"u{cast.planning.pk}", "due_date-0": day(5)})

    # The head passes it to his deputy, the deputy to a specialist.
    head, deputy, specialist = office["head"], office["deputy"], office["specialist"]
    head.open("").follow("Giao việc")
    head.press("Giao việc", **{"who-0": f"p{cast.deputy.pk}.{cast.planning.pk}"})
    assert deputy.asked() == [(SUBJECT, "Xử lý")]
    deputy.open(page).follow("Giao việc")
    deputy.press("Giao việc", **{"who-0": f"p{cast.specialist.pk}.{cast.planning.pk}"})
    assert deputy.status == 200
    for person, words in ((specialist, "Đã khảo sát."), (deputy, "Đã duyệt."), (head, "Đã xong.")):
        person.open("").follow("Kết thúc" if person is not specialist else "Xử lý")
        person.press("Kết thúc", text=words)
        assert person.status == 200, person.text
    document = IncomingDocument.objects.get()
    assert (document.state, document.result) == ("finished", "Đã xong.")
    articles = {act.verb: act.article for act in document.acts.all()}
    assert articles["send_back"] == f"điểm b khoản 3 Điều 5 {QUYCHE}"
    assert articles["distribute"] == f"khoản 2 Điều 5 {QUYCHE}"


def test_a_head_away_delegates_to_his_deputy(cast, office, pdf, at):
    """Bắc Giang Điều 5.3d → /delegations/"""
    at(timezone.make_aware(timezone.datetime(2026, 3, 2, 9)))
    clerk, chief, head, deputy = (office[who] for who in ("clerk", "chief", "head", "deputy"))
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    chief.open("").follow("Phân phối")
    chief.press("Phân phối", **{"who-0": f"u{cast.planning.pk}"})
    assert deputy.asked() == []
    head.open("").follow("Ủy quyền khi đi vắng")
    assert "phải là cấp phó" in head.text
    assert "Hoàng Thị Mỹ Linh" not in head.text  # a specialist is not offered
    head.press("Ủy quyền", delegate=cast.deputy.pk, start_date=day(0), end_date=day(1))
    assert "Đã ủy quyền cho Đinh Thị Vân" in head.text
    assert deputy.asked() == [(SUBJECT, "Giao việc")]
    assert "Đang làm thay Nguyễn Quốc Bảo" in deputy.text
    deputy.open("").follow("Giao việc")
    deputy.press("Giao việc", **{"who-0": f"p{cast.specialist.pk}.{cast.planning.pk}"})
    assert deputy.status == 200
    assert "thay Trưởng phòng Nguyễn Quốc Bảo, theo ủy quyền" in deputy.text
    office["specialist"].open("").follow("Xử lý").press("Kết thúc", text="Đã khảo sát.")
    assert deputy.asked() == [(SUBJECT, "Kết thúc")]
    # The last day is over at midnight: nobody has to end it.
    at(clock.now() + timedelta(days=1, hours=14, minutes=59))
    assert deputy.asked() == [(SUBJECT, "Kết thúc")]
    at(clock.now() + timedelta(minutes=1))
    assert deputy.asked() == []
    assert head.asked() == [(SUBJECT, "Kết thúc")]
    assert Delegation.objects.get().revoked_at is None


def test_a_ward_takes_it_from_its_own_clerk(cast, office, pdf):
    """Bắc Giang Điều 5.3a: the chair of a ward receives and gives out himself."""
    clerk, chair = office["ward_clerk"], office["ward_chair"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert chair.asked() == [(SUBJECT, "Phân phối")]
    chair.open("").follow("Phân phối")
    chair.press("Phân phối", **{"who-0": f"p{cast.ward_officer.pk}.{cast.ward_unit.pk}"})
    assert office["ward_officer"].asked() == [(SUBJECT, "Xử lý")]
