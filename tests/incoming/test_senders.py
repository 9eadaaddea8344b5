"""The sender's last entry as a template; số and ký hiệu typed as one; late registering."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from core import clock
from incoming import actions, lateness, senders
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types", "glance", "empty_cache")]


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


# --- The sender.


def test_the_last_entry_of_the_sender_is_taken_over(client, cast, pdf):
    """Never the number, the letter's date or the subject."""
    play.registered(
        cast.clerk, pdf, type_name="Tờ trình", code_number="1", signer_full_name="Người cũ"
    )
    play.registered(cast.clerk, pdf, code_number="2", priority=1, description="Ghi chú cũ")
    play.registered(cast.clerk, pdf, code_number="3", organ_name="Sở Y tế", code_notation="SYT")
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    typed = {"organ_name": "ubnd tỉnh Kon Tum", "signer_position": "Chủ tịch", "then": "template"}
    answer = client.post(form_of(document), typed, follow=True)
    assert "Đã lấy theo số đến 2 ngày" in answer.content.decode()
    form = answer.context["form"]
    assert {name: form[name].value() for name in senders.TAKEN} == {
        "type_name": "Công văn",
        "code_notation": "UBND-HTKT",
        "signer_position": "Chủ tịch",  # was typed before: stays
        "signer_full_name": "Lê Hoàng Sơn",
        "language": "Tiếng Việt",
        "priority": "1",
        "channel": "paper",
    }
    for name in ("code_number", "issued_date", "subject", "description"):
        assert not form[name].value(), name
    # The keyboard goes on where something is missing.
    assert form.fields["code_number"].widget.attrs["autofocus"]


def test_a_sender_that_the_book_does_not_know(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    typed = {"organ_name": "Sở Y tế", "subject": "Chữ đã gõ", "then": "template"}
    answer = client.post(form_of(document), typed, follow=True)
    assert "Trong sổ chưa có văn bản nào của nơi gửi này." in answer.content.decode()
    assert answer.context["form"]["subject"].value() == "Chữ đã gõ"


def test_what_the_agency_has_seen_of_a_sender_is_offered_to_it_alone(client, cast, pdf):
    play.registered(cast.clerk, pdf, code_number="1", signer_full_name="Y Mửi")
    play.registered(cast.clerk, pdf, code_number="2", code_notation="UBND-KT")
    play.registered(cast.ward_clerk, pdf, code_number="3", signer_full_name="Của phường")
    client.force_login(cast.clerk)
    url = reverse("incoming:sender", args=[cast.city.slug])
    part = client.get(url, {"organ_name": "UBND tỉnh Kon Tum"}).content.decode()
    for words in ("Lần trước: số đến 2", "Y Mửi", "Lê Hoàng Sơn", "UBND-HTKT", "Phó Chủ tịch"):
        assert words in part
    assert "Của phường" not in part
    assert "Lần trước" not in client.get(url, {"organ_name": "UBND tỉnh"}).content.decode()
    assert client.get(url).status_code == 200


# --- Số and ký hiệu.


@pytest.mark.parametrize(
    ("number", "notation", "kept"),
    [
        ("4127/UBND-HTKT", "", ("4127", "UBND-HTKT")),
        (" 4127 / UBND-HTKT ", "", ("4127", "UBND-HTKT")),
        ("12/2020/NĐ-CP", "", ("12", "2020/NĐ-CP")),
        ("4127/UBND-HTKT", "UBND-HTKT", ("4127", "UBND-HTKT")),
    ],
)
def test_number_and_notation_typed_as_one(client, cast, pdf, typed, number, notation, kept):
    """Kon Tum Điều 13.6: "số ký hiệu"."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.post(form_of(document), typed(code_number=number, code_notation=notation))
    document.refresh_from_db()
    assert (document.code_number, document.code_notation) == kept


def test_a_notation_that_is_there_is_not_typed_over(client, cast, pdf, typed):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(code_number="41/UBND", code_notation="SYT"))
    assert answer.status_code == 422
    assert answer.context["form"]["code_number"].value() == "41/UBND"


# --- Late registering. 20/11/2026 is a Friday.

FRIDAY = datetime(2026, 11, 20, 9, 0)  # noqa: DTZ001 -- the clock makes it aware


def entered(cast, pdf, at, days: int, **changes) -> IncomingDocument:
    """Received on the Friday, registered so many days later."""
    at(FRIDAY)
    document = play.received(cast.clerk, pdf)
    at(FRIDAY + timedelta(days=days))
    arrival = FRIDAY.date()
    values = {"arrival_date": arrival, "issued_date": arrival} | changes
    return actions.register(act_as(cast.clerk), document, play.entry(**values))


@pytest.mark.parametrize(
    ("days", "changes", "late"),
    [
        (0, {}, 0),
        (3, {}, 0),  # Monday, the next working day
        (4, {}, 1),
        (5, {}, 2),
        (3, {"priority": 1}, 1),  # urgent: the same day
        (0, {"priority": 1}, 0),
    ],
)
def test_days_of_arrival_and_of_the_book(cast, pdf, at, days, changes, late):
    """NĐ 30/2020 Điều 4.2c, 23.1: the same day, the next working day at the latest."""
    document = entered(cast, pdf, at, days, **changes)
    found = lateness.of_registering(document)
    assert (found.days if found else 0) == late
    if found:
        assert found.article == "điểm c khoản 2 Điều 4 Nghị định 30/2020/NĐ-CP"


def test_late_registering_is_seen(client, cast, pdf, at):
    """NĐ 30/2020 Điều 4.2c: in the tray, on the form, in the book, on the document's page."""
    at(FRIDAY)
    document = play.received(cast.clerk, pdf)
    at(FRIDAY + timedelta(days=4))
    client.force_login(cast.clerk)
    tray = client.get(reverse("incoming:tray", args=[cast.city.slug])).content.decode()
    assert "chậm 1 ngày làm việc" in tray
    page = client.get(form_of(document))
    assert "Vào sổ chậm 1 ngày làm việc." in page.content.decode()
    assert page.context["form"]["arrival_date"].value() == FRIDAY.date()
    values = {"arrival_date": FRIDAY.date(), "issued_date": FRIDAY.date()}
    actions.register(act_as(cast.clerk), document, play.entry(**values))
    in_time = play.registered(cast.clerk, pdf, code_number="2")
    book = client.get(reverse("incoming:book", args=[cast.city.slug])).content.decode()
    assert book.count("vào sổ 24/11, chậm 1 ngày") == 1
    words = "Đến 20/11/2026, vào sổ 24/11/2026: chậm 1 ngày làm việc"
    assert words in client.get(document.get_absolute_url()).content.decode()
    assert "chậm" not in client.get(in_time.get_absolute_url()).content.decode()


# --- Two clerks, one entry.


def test_who_comes_second_reads_who_was_first_and_what_differs(client, cast, pdf, typed):
    document = play.received(cast.clerk, pdf)
    actions.register(act_as(cast.clerk), document, play.entry())
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(subject="Trích yếu khác"), follow=True)
    page = answer.content.decode()
    at = f"{clock.today():%d/%m/%Y}"
    assert "Văn bản này đã đăng ký, số đến 1 (Bùi Thị Hồng Nhung" in page
    assert at in page
    assert "Vừa gõ khác với sổ, chưa lưu" in page
    assert "“Trích yếu khác”" in page
