"""What another agency has sent through the system, at its receiver: tray, form, refusal, recall."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from documents.models import StoredFile
from incoming import actions
from incoming.actions import Enclosed
from incoming.choices import Channel, RefusalReason, State
from incoming.models import IncomingDocument
from signatures.verdicts import describe
from tests import cast as play
from tests.cast import act_as, upload
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.sent import LETTER, WHY, recalled_here, sent_here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "types")]


def url(name: str, document=None, *more: str) -> str:
    keys = [document.pk] if document is not None else []
    return reverse(f"incoming:{name}", args=["kontum", *keys, *more])


def values_of(page: str) -> dict[str, str]:
    """What stands in the text fields of a form."""
    found = re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', page)
    return dict(found)


def test_the_tray_says_from_whom_it_came_and_what_the_signatures_say(cast, client, pdf):
    """Cần Thơ Điều 5.1."""
    letter = sent_here(cast, pdf, signatures={"verdict": "unsigned", "signatures": []})
    client.force_login(cast.clerk)
    page = client.get(url("tray")).content.decode()
    assert "gửi qua hệ thống từ UBND phường Thắng Lợi (Ngô Thị Ngọc Ánh)" in page
    assert letter.subject in page
    assert describe({"verdict": "unsigned", "signatures": []}).title in page


def test_the_tray_asks_as_much_for_three_as_for_one(cast, client, pdf):
    sent_here(cast, pdf)
    client.force_login(cast.clerk)
    client.get(url("tray"))
    with CaptureQueriesContext(connection) as one:
        client.get(url("tray"))
    for _more in range(2):
        sent_here(cast, pdf)
    with CaptureQueriesContext(connection) as three:
        client.get(url("tray"))
    assert len(three) == len(one)


def test_the_form_is_filled_by_the_sender_and_the_clerk_registers_with_one_look(cast, client, pdf):
    """Kon Tum Điều 13.6: the fields are the clerk's; the sender has typed them once already."""
    letter = sent_here(cast, pdf)
    client.force_login(cast.clerk)
    page = client.get(url("register_received", letter)).content.decode()
    filled = values_of(page)
    assert filled["organ_name"] == "UBND phường Thắng Lợi"
    assert (filled["code_number"], filled["code_notation"]) == ("12", "BC-UBND")
    assert "điền sẵn theo bên gửi" in page
    # Its file is the sender's: there is nothing to attach.
    assert 'name="files"' not in page
    today = clock.today()
    typed = {
        **filled,
        "gate": "none",
        "arrival_date": f"{today:%d/%m/%Y}",
        "type_name": "Báo cáo",
        "subject": letter.subject,
        "issued_date": f"{today:%d/%m/%Y}",
        "channel": "paper",
    }
    # That it came through the system nobody can say otherwise.
    assert client.post(url("register_received", letter), typed).status_code == 422
    typed["channel"] = "exchange"
    answer = client.post(url("register_received", letter), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    letter.refresh_from_db()
    assert (letter.state, letter.number, letter.organ_name) == (
        State.REGISTERED,
        1,
        "UBND phường Thắng Lợi",
    )
    assert letter.channel == Channel.EXCHANGE


def test_its_file_is_not_replaced(cast, client, pdf, upload_file):
    letter = sent_here(cast, pdf)
    before = letter.quarantined.get().sha256
    client.force_login(cast.clerk)
    answer = client.post(
        url("register_received", letter), {"gate": "none", "files": upload_file(pdf + b"%x")}
    )
    assert answer.status_code == 422
    assert "giữ nguyên như bên gửi đã phát hành" in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.quarantined.get().sha256) == (State.RECEIVED, before)


def test_nobody_says_of_a_scan_that_it_was_sent(cast, client, pdf, upload_file):
    client.force_login(cast.clerk)
    client.post(url("tray"), {"files": upload_file(pdf), "channel": "exchange"})
    assert IncomingDocument.objects.get().channel == Channel.PAPER
    page = client.get(url("tray")).content.decode()
    assert 'value="exchange"' not in page


def test_the_same_delivery_is_taken_in_once(cast, pdf):
    first = sent_here(cast, pdf)
    again = sent_here(cast, pdf, token=first.entry_token)
    assert again == first
    assert IncomingDocument.objects.filter(agency=cast.city).count() == 1


def test_bytes_that_are_not_those_of_the_store_are_not_laid_into_a_tray(cast, pdf):
    file = StoredFile.objects.get(pk=sent_here(cast, pdf).quarantined.get().sha256)
    file.pk = "0" * 64
    with pytest.raises(OSError, match="No such file"):
        actions.receive_sent(
            act_as(cast.ward_clerk),
            cast.city,
            LETTER,
            [Enclosed(file, "x.pdf")],
            token=uuid4(),
            detail={},
        )
    assert IncomingDocument.objects.filter(agency=cast.city).count() == 1


def test_sent_away_nothing_of_its_words_stays(cast, client, pdf):
    """Kon Tum Điều 4: of what may not enter not even a description remains."""
    letter = sent_here(cast, pdf)
    client.force_login(cast.clerk)
    client.post(url("refuse", letter), {"reason": "petitions"})
    letter.refresh_from_db()
    assert (letter.state, letter.subject, letter.organ_name) == (State.REFUSED, "", "")
    assert not letter.quarantined.exists()
    letter = sent_here(cast, pdf)
    actions.refuse(act_as(cast.clerk), letter, reason=RefusalReason.NOT_OURS)
    letter.refresh_from_db()
    assert (letter.subject, letter.code, letter.priority) == ("", "", 0)


def test_recalled_in_the_tray_it_says_so(cast, client, pdf):
    letter = recalled_here(cast, sent_here(cast, pdf))
    client.force_login(cast.clerk)
    answer = client.get(url("register_received", letter), follow=True)
    assert "Bên gửi đã thu hồi văn bản này, tệp đã xóa." in answer.content.decode()
    assert letter.get_state_display() == "Đã hủy, bên gửi thu hồi"


def test_the_page_asks_the_clerk_and_shows_why(cast, client, pdf):
    """Cần Thơ Điều 5.2, NĐ 30/2020 Điều 18.4b."""
    letter = in_book(cast, pdf)
    recalled_here(cast, letter)
    client.force_login(cast.clerk)
    desk = client.get(reverse("reports:desk", args=["kontum"])).content.decode()
    assert "Hủy văn bản được thu hồi" in desk
    page = client.get(url("detail", letter)).content.decode()
    assert "UBND phường Thắng Lợi thu hồi văn bản này lúc" in page
    assert WHY in page
    assert "?do=cancel#work" in page
    assert client.post(url("verb", letter, "keep"), {"text": ""}).status_code == 422
    assert client.post(url("verb", letter, "cancel"), {"text": ""}).status_code == 302
    page = client.get(url("detail", letter)).content.decode()
    assert "Đã hủy vì bên gửi thu hồi." in page
    assert letter.subject in page
    # Nobody reads it any more.
    assert client.get(url("file", letter, "1")).status_code == 404
    book = client.get(url("book")).content.decode()
    assert "Đã hủy, bên gửi thu hồi" in book


def in_book(cast, pdf):
    letter = sent_here(cast, pdf)
    return actions.register(act_as(cast.clerk), letter, play.entry(issued_date=clock.today()))


def test_others_are_not_asked_and_strangers_see_nothing(cast, client, pdf):
    letter = in_book(cast, pdf)
    recalled_here(cast, letter)
    for person, status in (
        (cast.chief, 409),
        (cast.chair, 409),
        (cast.ward_clerk, 404),
        (cast.stranger, 404),
    ):
        client.force_login(person)
        for verb in ("cancel", "keep"):
            answer = client.post(url("verb", letter, verb), {"text": "Không."})
            assert answer.status_code == status, (person, verb)
    letter.refresh_from_db()
    assert letter.is_recalled


def test_two_scans_and_a_sent_one_are_sorted_as_before(cast, pdf):
    letter = sent_here(cast, pdf)
    other = actions.receive(act_as(cast.clerk), [upload(pdf)])
    actions.merge(act_as(cast.clerk), letter, [other])
    assert letter.quarantined.count() == 2
    assert IncomingDocument.objects.get(pk=other.pk).refusal_reason == "merged"


def test_its_day_of_arrival_is_the_day_on_which_it_came(cast, pdf, at):
    letter = sent_here(cast, pdf)
    at(clock.now() + timedelta(days=1))
    assert letter.day == clock.today() - timedelta(days=1)
