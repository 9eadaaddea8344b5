"""Better files for a paper of the tray: all or none of them, and it came when it came."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from documents import uploads
from documents.models import DocumentAct, QuarantinedFile, Waiting
from incoming import actions, arrivals, lateness
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.incoming.reminding import moment, remind, told
from tests.incoming.test_rounds import entered, gone, record, rows, rows_anew, sxd  # noqa: F401
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew", "types")]

MONDAY = date(2026, 3, 9)
KEPT = "Chưa thay tệp nào: các tệp cũ của văn bản giữ nguyên."


def form_of(document: IncomingDocument) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def lying() -> list:
    folder = uploads.path_of("0" * 32).parent
    return [path for path in folder.iterdir() if path.is_file()]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("then", ["next", "draft"])
def test_with_one_file_refused_none_is_replaced(
    client, cast, pdf, typed, upload_file, settings, then
):
    old = play.received(cast.clerk, pdf, "cu.pdf")
    settings.UPLOAD_LIMIT = 2000
    client.force_login(cast.clerk)
    sent = [upload_file(pdf, "ro-hon.pdf"), upload_file(pdf + b"%" * 3000, "phu-luc.pdf")]
    answer = client.post(form_of(old), typed(files=sent, then=then), follow=True)
    page = answer.content.decode()
    assert "Tệp phu-luc.pdf lớn hơn 2\u00a0KB" in page
    assert KEPT in page
    assert answer.status_code == (422 if then == "next" else 200)
    assert answer.context["form"]["subject"].value() == "Khắc phục sạt lở bờ kè sông Đăk Bla"
    document = IncomingDocument.objects.get()
    assert (document.pk, document.state) == (old.pk, "received")
    assert list(document.quarantined.values_list("file_name", flat=True)) == ["cu.pdf"]
    assert len(lying()) == 1
    # Nothing chosen: it is saved with the old ones.
    assert client.post(form_of(old), typed()).status_code == 302
    document.refresh_from_db()
    assert (document.state, document.number) == ("registered", 1)


@pytest.mark.django_db(transaction=True)
def test_whole_better_files_take_the_place_of_the_old(client, cast, pdf, typed, upload_file):
    old = play.received(cast.clerk, pdf, "cu.pdf")
    client.force_login(cast.clerk)
    sent = [upload_file(pdf, "ro-hon.pdf"), upload_file(pdf, "phu-luc.pdf")]
    answer = client.post(form_of(old), typed(files=sent, then="draft"), follow=True)
    assert KEPT not in answer.content.decode()
    better = IncomingDocument.objects.get(state="received")
    assert better.pk != old.pk
    assert [row.file_name for row in QuarantinedFile.objects.order_by("ordinal")] == [
        "ro-hon.pdf",
        "phu-luc.pdf",
    ]
    assert DocumentAct.objects.get(target=better).detail == {
        "files": 2,
        "channel": "paper",
        "instead_of": old.pk,
    }


def test_without_a_file_a_draft_is_kept_and_no_file_is_asked_for(client, cast, typed):
    client.force_login(cast.clerk)
    blank = reverse("incoming:register", args=[cast.city.slug])
    page = client.post(blank, typed(then="draft"), follow=True).content.decode()
    assert "Đã lưu nháp." in page
    assert "Chưa có tệp nào." not in page


def replaced(cast, document: IncomingDocument, pdf: bytes, day: date, hour: str):
    with clock.set_to(moment(day, hour)):
        return actions.replace_files(act_as(cast.clerk), document, [play.upload(pdf)])


def test_a_late_paper_stays_late_and_first_in_the_tray(cast, pdf):
    """NĐ 30/2020 Điều 4.2c: counted from the day of arrival, however often it is scanned."""
    late = MONDAY + timedelta(days=3)
    with clock.set_to(moment(MONDAY, "08:00")):
        old = play.received(cast.clerk, pdf)
        asked = Waiting.objects.get(document=old)
    with clock.set_to(moment(MONDAY, "09:00")):
        play.received(cast.clerk, pdf)
    better = replaced(cast, old, pdf, late, "10:00")
    assert (better.day, better.received_at, better.created_at) == (
        old.day,
        old.received_at,
        old.created_at,
    )
    waits = Waiting.objects.get(document=better)
    assert (waits.verb, waits.due_date, waits.since) == ("register", asked.due_date, asked.since)
    with clock.set_to(moment(late, "10:00")):
        assert lateness.of_registering(better).days == 2
        tray, _total = arrivals.tray(act_as(cast.clerk))
        assert tray[0].document.pk == better.pk
        actions.inspect_tray(better)
        typed = play.entry(arrival_date=MONDAY, issued_date=MONDAY)
        better = actions.register(act_as(cast.clerk), better, typed)
    assert lateness.of_registering(better).days == 2


def test_the_clerk_is_not_reminded_of_the_same_paper_again(cast, pdf):
    with clock.set_to(moment(MONDAY, "08:00")):
        old = play.received(cast.clerk, pdf)
    late = MONDAY + timedelta(days=2)
    remind(late)
    assert told() == [("clerk", "overdue")]
    replaced(cast, old, pdf, late, "10:00")
    remind(late, "10:05")
    assert told() == [("clerk", "overdue")]


def test_scanned_anew_minutes_before_the_hour_it_misses_the_round(sxd, pdf):  # noqa: F811
    """Bình Định Điều 9.1: it had lain there since half past seven."""
    with clock.set_to(moment(MONDAY, "07:30")):
        old = play.received(sxd.clerk, pdf)
    replaced(sxd, old, pdf, MONDAY, "08:55")
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 0, 0, 0, 1)]


def test_what_came_minutes_before_the_hour_stays_excused(sxd, pdf):  # noqa: F811
    """Bình Định Điều 9.1: it came too late for the round, scanned twice or not."""
    gone(sxd, entered(sxd, pdf, MONDAY, "08:00", "1"), MONDAY, "08:30")
    with clock.set_to(moment(MONDAY, "08:50")):
        old = play.received(sxd.clerk, pdf)
    replaced(sxd, old, pdf, MONDAY, "08:55")
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 1, 1, 0, 0)]


def test_an_annex_taken_apart_minutes_before_the_hour_misses_the_round(sxd, pdf):  # noqa: F811
    """Bình Định Điều 9.1: it came with the paper that it lay behind."""
    with clock.set_to(moment(MONDAY, "07:30")):
        there = actions.receive(act_as(sxd.clerk), [play.upload(pdf), play.upload(pdf)])
    with clock.set_to(moment(MONDAY, "08:55")):
        actions.split(act_as(sxd.clerk), there, 2)
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 0, 0, 0, 2)]
