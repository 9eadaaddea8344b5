"""Tỉnh Sơn La: one Quy chế above, each office's own beneath it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.actions import suggest_username
from accounts.models import Agency
from tests.stories.papers import SUBJECT, registered, scanned, written

pytestmark = pytest.mark.usefixtures("committed", "empty_cache")


def test_what_may_not_enter(cast, place, pdf):
    """Sơn La Điều 3.2: secrets, disputes and petitions, harmful content."""
    clerk = place("son-la-2014", "maison", "UBND huyện Mai Sơn")["clerk"]
    clerk.open("incoming/register/?new")
    assert "Đơn thư tranh chấp, khiếu nại, tố cáo" in clerk.text
    for code in ("state_secrets", "petitions", "harmful"):
        clerk.open("incoming/register/?new")
        clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate=code, **written())
        assert clerk.status == 409
        assert "khoản 2 Điều 3 Quy chế" in clerk.text


def test_without_an_own_quy_che_the_head_of_the_office_receives(cast, place, pdf):
    """Sơn La Điều 9.1, 9.2, 9.3: the clerk enters it in the book, its head directs."""
    office = place("son-la-2014", "maison", "UBND huyện Mai Sơn")
    clerk, chair, chief = office["clerk"], office["chair"], office["chief"]
    page = registered(clerk, pdf)
    assert page
    clerk.open(page).follow("Trình").press("Trình")
    assert chief.asked() == []
    assert chair.asked() == [(SUBJECT, "Phân phối")]
    chief.send(f"{page}distribute/", rows=1, **{"who-0": f"u{cast.planning.pk}"})
    assert chief.status == 409
    assert "Chỉ thủ trưởng cơ quan phân phối văn bản." in chief.text
    chair.open("").follow("Phân phối").press("Phân phối", **{"who-0": f"u{cast.planning.pk}"})
    assert office["head"].asked() == [(SUBJECT, "Giao việc")]


def test_an_office_with_its_own_quy_che(cast, place, pdf):
    """Sơn La Điều 9.1: the Sở's own text puts the chief between clerk and director."""
    office = place("gtvt-son-la", "gtvt", "Sở Giao thông vận tải")
    clerk, chief, chair = office["clerk"], office["chief"], office["chair"]
    page = registered(clerk, pdf)
    clerk.open(page).follow("Trình").press("Trình")
    assert chair.asked() == []
    assert chief.asked() == [(SUBJECT, "Phân phối")]
    # What the province forbids stays forbidden.
    clerk.open("incoming/register/?new")
    clerk.press("Lưu và nhập tiếp", files=scanned(pdf), gate="harmful", **written())
    assert clerk.status == 409
    assert "31/2014/QĐ-UBND" in clerk.text


def test_addresses_and_accounts(cast, place, client):
    """Sơn La Điều 7.1, 7.2: gtvt, maison, tpsonla; chiennv."""
    place("son-la-2014", "tpsonla", "UBND thành phố Sơn La")
    agency = Agency.objects.get(slug="tpsonla")
    agency.full_clean()
    agency.slug = "tp-son-la"
    with pytest.raises(ValidationError, match="khoản 1 Điều 7"):
        agency.full_clean()
    assert suggest_username("Nguyễn Văn Chiến", agency) == "chiennv"


def test_the_given_password_is_changed_first(cast, place, client):
    """Sơn La Điều 9.2."""
    place("son-la-2014", "maison", "UBND huyện Mai Sơn")
    cast.clerk.must_change_password = True
    cast.clerk.save()
    client.force_login(cast.clerk)
    assert client.get("/maison/")["Location"] == reverse("accounts:password_change")
