"""Sở Xây dựng Bình Định and its two units: straight to the director, before nine and three."""

import pytest
from django.utils import timezone

from tests.stories.papers import SUBJECT, registered, scanned, written

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")


@pytest.fixture
def office(place):
    return place(
        "binh-dinh-2016",
        "sxd",
        "Sở Xây dựng Bình Định",
        "Trung tâm Quy hoạch - Kiểm định xây dựng",
    )


def test_what_may_not_enter(cast, office, pdf):
    """Bình Định Điều 3.2, Bình Định chương II Điều 7.1: secrets; security and public order."""
    clerk = office["clerk"]
    for code, article in (
        ("state_secrets", "khoản 2 Điều 3"),
        ("security_defence", "khoản 1 Điều 7 Chương II"),
    ):
        clerk.open("incoming/register/?new")
        clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate=code, **written())
        assert clerk.status == 409
        assert article in clerk.text


def test_straight_to_the_director(cast, office, pdf):
    """Bình Định Điều 9.1, Bình Định chương III Điều 7.1, 10.1, 10.2: no chief in between."""
    clerk, chair, chief = office["clerk"], office["chair"], office["chief"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert "Giám đốc Sở" in clerk.open(f"{page}?full=1").text
    assert chief.asked() == []
    assert chair.asked() == [(SUBJECT, "Phân phối")]
    chief.send(f"{page}distribute/", rows=1, **{"who-0": f"u{cast.planning.pk}"})
    assert chief.status == 409
    assert "Chỉ Giám đốc Sở phân phối văn bản." in chief.text
    chair.open("").follow("Phân phối")
    assert "Trình lãnh đạo" not in chair.offers()
    chair.press("Phân phối", **{"who-0": f"u{cast.planning.pk}"})
    head, specialist = office["head"], office["specialist"]
    head.open("").follow("Giao việc")
    head.press("Giao việc", **{"who-0": f"p{cast.specialist.pk}.{cast.planning.pk}"})
    assert head.status == 200
    specialist.open(page).follow("Báo cáo tiến độ")
    specialist.press("Báo cáo tiến độ", percent="50", text="Đang kiểm tra hồ sơ.")
    assert "báo cáo tiến độ 50 %" in specialist.text
    # Back from the unit it goes to the director, who gave it.
    head.open(page).follow("Chuyển trả").press("Chuyển trả", text="Không thuộc phòng.")
    assert chair.asked() == [(SUBJECT, "Phân phối")]


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (8, 0, "Trình trước 09:00 hôm nay."),
        (9, 0, "Trình trước 15:00 hôm nay."),
        (15, 1, "Trình trước 09:00 ngày 10/03/2026."),
    ],
)
def test_the_clerk_sees_the_next_round(cast, office, at, hour, minute, words):
    """Bình Định Điều 9.1: before nine and three o'clock each day."""
    at(timezone.make_aware(timezone.datetime(2026, 3, 9, hour, minute)))
    clerk = office["clerk"].open("")
    assert words in clerk.text
    assert "khoản 1 Điều 9 Quy chế" in clerk.text
    assert "Trình trước" not in office["chief"].open("").text


def test_a_friday_evening_waits_for_monday(cast, office, at):
    """Bình Định Điều 9.1: rounds are of working days."""
    at(timezone.make_aware(timezone.datetime(2026, 3, 6, 16, 0)))
    assert "Trình trước 09:00 ngày 09/03/2026." in office["clerk"].open("").text


def test_a_unit_has_its_own_director(cast, office, pdf):
    """Bình Định Điều 9.1: "Giám đốc Sở (Giám đốc đơn vị)"."""
    clerk, director = office["ward_clerk"], office["ward_chair"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert "Giám đốc đơn vị" in clerk.open(f"{page}?full=1").text
    assert director.asked() == [(SUBJECT, "Phân phối")]
    assert office["chair"].asked() == []


def test_the_field_numbers_are_those_of_its_time(cast, office, pdf):
    """Bình Định Điều 3.1: the fields of HD 822, counted as TT 01/2019 counts them."""
    page = registered(office["clerk"], pdf)
    assert "Số đến 14" in office["clerk"].open(f"{page}?full=1").text
