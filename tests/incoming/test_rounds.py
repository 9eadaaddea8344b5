"""Rounds at 09:00 and 15:00: what is to go, the batch, and what is recorded of each."""

import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.chosen import Chosen
from accounts.models import Agency, User
from core import clock
from core.errors import NotYours, Stale
from documents.calendar import forget
from documents.choices import Priority
from incoming import actions, rounds, rules
from incoming.models import IncomingDocument, Round
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew")]

FRIDAY, MONDAY = date(2026, 3, 6), date(2026, 3, 9)


@pytest.fixture
def rows_anew():
    forget()
    yield
    forget()


@pytest.fixture
def sxd(cast) -> SimpleNamespace:
    """The cast under the regulation of Bình Định; the ward is one of its units."""
    Agency.objects.filter(pk__in=[cast.city.pk, cast.ward.pk]).update(
        regulation_name="binh-dinh-2016"
    )
    for name, value in vars(cast).items():
        if isinstance(value, User):
            setattr(cast, name, User.objects.get(pk=value.pk))
    return cast


def moment(day: date, hour: str) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour}")


def entered(cast, pdf, day: date, hour: str, number: str, **changes) -> IncomingDocument:
    with clock.set_to(moment(day, hour)):
        return play.registered(cast.clerk, pdf, code_number=number, **changes)


def gone(cast, document: IncomingDocument, day: date, hour: str) -> None:
    with clock.set_to(moment(day, hour)):
        actions.submit(act_as(cast.clerk), document)


def record(day: date, hour: str) -> int:
    out = io.StringIO()
    call_command("record_rounds", "--json", "--at", f"{day.isoformat()}T{hour}", stdout=out)
    return json.loads(out.getvalue())["recorded"]


def rows(cast) -> list[tuple[str, int, int, int, int]]:
    """Day and hour, waiting, in time, late, in the tray; oldest first."""
    found = Round.objects.filter(agency=cast.city).order_by("day", "hour")
    return [
        (f"{one.day:%d} {one.hour:%H}", one.waiting, one.in_time, one.late.count(), one.in_tray)
        for one in found
    ]


# --- What is recorded.


def test_a_round_is_kept_when_nothing_was_left_and_missed_otherwise(sxd, pdf):
    """Bình Định Điều 9.1: before nine and three o'clock."""
    kept = entered(sxd, pdf, MONDAY, "08:00", "1")
    gone(sxd, kept, MONDAY, "08:59")
    late = entered(sxd, pdf, MONDAY, "10:00", "2")
    after = entered(sxd, pdf, MONDAY, "15:00", "3")
    gone(sxd, late, MONDAY, "15:00")  # at the hour is not before it
    assert record(MONDAY, "15:06") == 2
    assert rows(sxd) == [("09 09", 1, 1, 0, 0), ("09 15", 1, 0, 1, 0)]
    missed = Round.objects.get(hour="15:00")
    assert list(missed.late.all()) == [late]
    assert (missed.is_kept, missed.left) == (False, 1)
    gone(sxd, after, MONDAY, "15:30")
    record(MONDAY + timedelta(days=1), "09:06")
    # What the round at three missed went before the next, and so did what came after it.
    assert rows(sxd)[2] == ("10 09", 2, 2, 0, 0)


def test_what_stays_is_late_again_and_what_comes_back_is_waited_for_anew(sxd, pdf):
    """Bình Định Điều 9.1."""
    left = entered(sxd, pdf, MONDAY, "08:00", "1")
    back = entered(sxd, pdf, MONDAY, "08:10", "2")
    gone(sxd, back, MONDAY, "08:20")
    with clock.set_to(moment(MONDAY, "10:00")):
        actions.send_back(act_as(sxd.chair), back, text="Thiếu phụ lục.")
    record(MONDAY, "15:06")
    assert rows(sxd) == [("09 09", 2, 1, 1, 0), ("09 15", 2, 0, 2, 0)]
    assert set(Round.objects.get(hour="15:00").late.all()) == {left, back}


def test_the_tray_is_counted_beside_it(sxd, pdf):
    """Bình Định Điều 9.1: "tiếp nhận" comes before "chuyển"."""
    entered(sxd, pdf, FRIDAY, "08:00", "1")
    with clock.set_to(moment(MONDAY, "08:00")):
        there, other = play.received(sxd.clerk, pdf), play.received(sxd.clerk, pdf)
    with clock.set_to(moment(MONDAY, "09:30")):
        actions.register(act_as(sxd.clerk), there, play.entry(code_number="2"))
        actions.refuse(act_as(sxd.clerk), other, reason="not_ours")
    record(MONDAY, "15:06")
    assert [row[4] for row in rows(sxd) if row[0].startswith("09")] == [2, 0]


def test_what_lies_in_the_tray_at_the_hour_misses_the_round(sxd, pdf, client, at):
    """Bình Định Điều 9.1: a paper that nobody enters is not submitted in time either."""
    gone(sxd, entered(sxd, pdf, MONDAY, "08:00", "1"), MONDAY, "08:30")
    with clock.set_to(moment(MONDAY, "08:40")):
        play.received(sxd.clerk, pdf)
    record(MONDAY, "09:06")
    row = Round.objects.get()
    assert (row.in_time, row.waiting, row.left, row.is_kept) == (1, 1, 1, False)
    at(moment(MONDAY, "10:00"))
    text = page(client, sxd.chair).content.decode()
    assert "<dd>0 / 1</dd>" in text
    assert "Trễ 1 văn bản" in text


def test_what_comes_minutes_before_the_hour_belongs_to_the_next_round(sxd, pdf):
    """Bình Định Điều 9.1: "tiếp nhận ... và chuyển ... trước 9h00": what can still be received."""
    entered(sxd, pdf, MONDAY, "08:44", "1")  # a minute more than the office has chosen
    entered(sxd, pdf, MONDAY, "08:46", "2")
    with clock.set_to(moment(MONDAY, "08:59")):
        there = play.received(sxd.clerk, pdf)
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 1, 0, 1, 0)]
    with clock.set_to(moment(MONDAY, "09:30")):
        actions.register(act_as(sxd.clerk), there, play.entry(code_number="3"))
    record(MONDAY, "15:06")
    # By three o'clock all three should have gone.
    assert rows(sxd)[1] == ("09 15", 3, 0, 3, 0)


def test_what_comes_and_goes_before_the_hour_is_in_time(sxd, pdf):
    """Bình Định Điều 9.1: the clerk was quicker than he had to be."""
    gone(sxd, entered(sxd, pdf, MONDAY, "08:55", "1"), MONDAY, "08:58")
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 1, 1, 0, 0)]


def test_what_was_entered_late_has_come_when_it_came(sxd, pdf):
    """Bình Định Điều 9.1: entered two minutes before the hour, it had lain there all morning."""
    with clock.set_to(moment(MONDAY, "07:30")):
        there = play.received(sxd.clerk, pdf)
    with clock.set_to(moment(MONDAY, "08:58")):
        actions.register(act_as(sxd.clerk), there, play.entry())
    record(MONDAY, "09:06")
    assert rows(sxd) == [("09 09", 1, 0, 1, 0)]


def test_what_comes_back_minutes_before_the_hour_is_the_next_rounds(sxd, pdf):
    """Bình Định Điều 9.1: it has come to the clerk anew."""
    back = entered(sxd, pdf, MONDAY, "08:00", "1")
    gone(sxd, back, MONDAY, "08:20")
    with clock.set_to(moment(MONDAY, "08:55")):
        actions.send_back(act_as(sxd.chair), back, text="Thiếu phụ lục.")
    record(MONDAY, "15:06")
    assert rows(sxd) == [("09 09", 1, 1, 0, 0), ("09 15", 1, 0, 1, 0)]


def test_the_office_sets_the_minutes_and_the_help_page_says_whose_they_are(
    sxd, pdf, client, at, monkeypatch
):
    """Bình Định Điều 9.1: the article gives the hours; how soon is soon, it leaves open."""
    at(moment(MONDAY, "08:00"))
    client.force_login(sxd.clerk)
    help_page = client.get(reverse("incoming:help", args=["kontum"])).content.decode()
    assert "trong 30 phút từ khi vào sổ" in help_page
    assert "trong 15 phút trước giờ trình thì tính vào đợt sau." in help_page
    assert help_page.count("Cơ quan chọn, quy chế không ghi.") == 2
    gone(sxd, entered(sxd, pdf, MONDAY, "08:10", "1"), MONDAY, "08:30")
    record(MONDAY, "09:06")
    at(moment(MONDAY, "10:00"))
    assert "trong 15 phút trước giờ trình" in page(client, sxd.clerk).content.decode()
    urgent = entered(sxd, pdf, MONDAY, "09:30", "2", priority=Priority.URGENT)
    entered(sxd, pdf, MONDAY, "14:50", "3")
    gone(sxd, urgent, MONDAY, "09:50")
    said = act_as(sxd.clerk).agency.regulation
    nine, three = moment(MONDAY, "09:00"), moment(MONDAY, "15:00")
    nine, three = timezone.make_aware(nine), timezone.make_aware(three)
    agency = act_as(sxd.clerk).agency
    assert rounds.outcome_of(agency, nine, three).late == []
    monkeypatch.setattr(
        Agency, "regulation", replace(said, chosen=Chosen(urgent_minutes=10, round_minutes=0))
    )
    agency = act_as(sxd.clerk).agency  # read anew
    assert len(rounds.outcome_of(agency, nine, three).late) == 2


def test_what_is_urgent_and_does_not_go_at_once_is_late(sxd, pdf):
    """Bình Định Điều 9.1: "văn bản khẩn" waits for no round."""
    slow = entered(sxd, pdf, MONDAY, "09:30", "1", priority=Priority.URGENT)
    quick = entered(sxd, pdf, MONDAY, "10:00", "2", priority=Priority.URGENT)
    plain = entered(sxd, pdf, MONDAY, "09:30", "3")
    gone(sxd, quick, MONDAY, "10:05")
    gone(sxd, slow, MONDAY, "14:00")
    gone(sxd, plain, MONDAY, "14:00")
    record(MONDAY, "15:06")
    assert rows(sxd)[-1] == ("09 15", 3, 2, 1, 0)
    assert list(Round.objects.get(hour="15:00").late.all()) == [slow]


def test_what_was_taken_out_before_the_round_was_neither_kept_nor_missed(sxd, pdf):
    """Bình Định Điều 9.1: only what was submitted counts as submitted."""
    gone(sxd, entered(sxd, pdf, MONDAY, "09:30", "1"), MONDAY, "10:00")
    taken = entered(sxd, pdf, MONDAY, "10:00", "2")
    with clock.set_to(moment(MONDAY, "11:00")):
        play.purged(sxd.chair, taken)
    record(MONDAY, "15:06")
    assert rows(sxd)[-1] == ("09 15", 1, 1, 0, 0)


def test_a_clock_that_stood_still_makes_up_each_round_as_it_was(sxd, pdf):
    """Bình Định Điều 9.1: read from the trail, however late; no weekend, and each once."""
    first = entered(sxd, pdf, FRIDAY, "08:00", "1")
    gone(sxd, first, FRIDAY, "10:00")
    second = entered(sxd, pdf, FRIDAY, "14:00", "2")
    gone(sxd, second, MONDAY, "08:00")
    assert record(MONDAY, "11:00") == 3
    expected = [("06 09", 1, 0, 1, 0), ("06 15", 2, 1, 1, 0), ("09 09", 1, 1, 0, 0)]
    assert rows(sxd) == expected
    assert record(MONDAY, "11:05") == 0
    assert rows(sxd) == expected
    # What is not submitted now changes nothing of what was.
    entered(sxd, pdf, MONDAY, "12:00", "3")
    assert record(MONDAY, "14:59") == 0
    assert rows(sxd) == expected


def test_rounds_are_of_working_days_only(sxd, pdf):
    """Bình Định Điều 9.1: none at Tết, none on a Sunday, two on a Saturday that is worked."""
    entered(sxd, pdf, date(2026, 1, 9), "08:00", "1")
    record(date(2026, 1, 12), "00:01")
    assert [row[0] for row in rows(sxd)] == ["09 09", "09 15", "10 09", "10 15"]
    Round.objects.all().delete()
    record(date(2026, 2, 23), "08:00")
    days = {row.day for row in Round.objects.all()}
    assert max(days) == date(2026, 2, 13)
    assert record(date(2026, 2, 23), "09:00") == 0  # an act of the last second is on its way
    assert record(date(2026, 2, 23), "09:01") == 1


def test_nothing_is_recorded_from_before_the_office_began_or_without_rounds(cast, sxd, pdf):
    """Bình Định Điều 9.1: a regulation without rounds has none to keep."""
    entered(sxd, pdf, MONDAY, "10:00", "1")
    Agency.objects.filter(pk=sxd.ward.pk).update(regulation_name="kon-tum-2017")
    with clock.set_to(moment(MONDAY, "08:00")):
        play.registered(sxd.ward_clerk, pdf)
    record(MONDAY, "15:06")
    assert [(one.agency.slug, f"{one.hour:%H}") for one in Round.objects.all()] == [
        ("kontum", "15")
    ]


def test_each_unit_has_its_own_record(sxd, pdf):
    """Bình Định Điều 9.1: "Giám đốc Sở (Giám đốc đơn vị)"."""
    entered(sxd, pdf, MONDAY, "08:00", "1")
    with clock.set_to(moment(MONDAY, "08:00")):
        actions.submit(act_as(sxd.ward_clerk), play.registered(sxd.ward_clerk, pdf))
    assert record(MONDAY, "09:06") == 2
    kept = {one.agency.slug: one.is_kept for one in Round.objects.all()}
    assert kept == {"kontum": False, "phuong-thang-loi": True}


def test_the_constraint_stands_behind_it(sxd, pdf):
    entered(sxd, pdf, MONDAY, "08:00", "1")
    record(MONDAY, "09:06")
    row = Round.objects.get()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.update(in_time=5)


# --- The next round.


@pytest.mark.parametrize(
    ("day", "hour", "following"),
    [
        (MONDAY, "00:00", (MONDAY, "09:00")),
        (MONDAY, "08:59", (MONDAY, "09:00")),
        (MONDAY, "09:00", (MONDAY, "15:00")),
        (MONDAY, "23:59", (MONDAY + timedelta(days=1), "09:00")),
        (date(2026, 2, 13), "15:00", (date(2026, 2, 23), "09:00")),  # over Tết
        (date(2026, 1, 9), "16:00", (date(2026, 1, 10), "09:00")),  # a Saturday that is worked
        (date(2026, 1, 1), "08:00", (date(2026, 1, 5), "09:00")),  # 2 January is off for it
    ],
)
def test_the_next_round_at_night_at_tet_and_on_a_swapped_day(sxd, at, day, hour, following):
    """Bình Định Điều 9.1."""
    at(moment(day, hour))
    found = rounds.next_round(act_as(sxd.clerk).agency)
    local = timezone.localtime(found.at)
    assert (local.date(), f"{local:%H:%M}") == following
    assert found.is_today == (following[0] == day)


# --- The batch.


def test_all_are_submitted_and_a_bad_row_stops_no_other(sxd, pdf):
    """Bình Định Điều 9.1: a verdict for each."""
    three = [entered(sxd, pdf, MONDAY, "08:00", str(number)) for number in range(3)]
    gone(sxd, three[1], MONDAY, "08:10")
    with clock.set_to(moment(MONDAY, "08:30")):
        verdicts = actions.submit_all(act_as(sxd.clerk), three)
    assert [type(one.refusal) for one in verdicts] == [type(None), Stale, type(None)]
    assert "Bước gần nhất: Bùi Thị Hồng Nhung, trình lúc 08:10" in verdicts[1].refusal.message
    states = IncomingDocument.objects.filter(agency=sxd.city).values_list("state", flat=True)
    assert set(states) == {"submitted"}


def test_who_may_see_the_rounds(sxd):
    """Bình Định Điều 9.1, 11: who submits, who is submitted to, and who watches over both."""
    seeing = {
        name
        for name in ("clerk", "chief", "chair", "vice", "archivist", "head", "specialist", "admin")
        if rules.may_watch_rounds(act_as(getattr(sxd, name))) is None
    }
    assert seeing == {"clerk", "chief", "chair", "vice"}
    refusal = rules.may_watch_rounds(act_as(sxd.head))
    assert type(refusal) is NotYours
    assert "khoản 1 Điều 9 Quy chế" in refusal.article


def page(client, user, slug="kontum", **query):
    client.force_login(user)
    return client.get(reverse("incoming:rounds", args=[slug]), query)


def test_the_page_of_the_clerk_lists_what_is_to_go_urgent_first(sxd, pdf, client, at):
    """Bình Định Điều 9.1: "hoặc bất thường theo yêu cầu khẩn"."""
    entered(sxd, pdf, MONDAY, "08:00", "1", subject="Thường thứ nhất")
    entered(sxd, pdf, MONDAY, "08:10", "2", subject="Việc khẩn", priority=Priority.URGENT)
    at(moment(MONDAY, "08:20"))
    text = page(client, sxd.clerk).content.decode()
    assert text.index("Việc khẩn") < text.index("Thường thứ nhất")
    assert "Đợt tới: trước 09:00 hôm nay." in text
    assert "1 văn bản khẩn: trình ngay, không đợi đợt." in text
    assert "Trình ngay" in text
    assert text.count('type="checkbox" name="document"') == 2
    assert "Trình các văn bản đã chọn" in text
    desk = client.get("/kontum/").content.decode()
    assert "2 văn bản chờ trình" in desk
    assert "1 khẩn phải trình ngay" in desk
    assert reverse("incoming:rounds", args=["kontum"]) in desk


def test_one_press_submits_what_is_ticked_with_a_verdict_each(sxd, pdf, client, at):
    """Bình Định Điều 9.1."""
    one, two, three = (
        entered(sxd, pdf, MONDAY, "08:00", str(number), subject=f"Việc {number}")
        for number in range(3)
    )
    gone(sxd, two, MONDAY, "08:10")
    at(moment(MONDAY, "08:30"))
    client.force_login(sxd.clerk)
    path = reverse("incoming:rounds", args=["kontum"])
    keys = [one.pk, two.pk, 10**30, "x", -1]
    response = client.post(path, {"document": keys})
    text = response.content.decode()
    assert response.status_code == 200
    assert "Đã trình 1 văn bản, 1 chưa trình được." in text
    assert "nên không làm việc này được" in text
    states = {
        document.pk: document.state
        for document in IncomingDocument.objects.filter(pk__in=[one.pk, two.pk, three.pk])
    }
    assert states == {one.pk: "submitted", two.pk: "submitted", three.pk: "registered"}
    assert f'value="{three.pk}"' in text  # the one that was not ticked is still there
    # Nobody else submits, and a leader sees the list without boxes.
    client.force_login(sxd.chair)
    refused = client.post(path, {"document": [three.pk]})
    assert refused.status_code == 409
    assert "Chỉ văn thư" in refused.content.decode()
    text = client.get(path).content.decode()
    assert "Việc 2" in text
    assert 'type="checkbox"' not in text


def test_a_document_of_another_agency_is_not_submitted_along(sxd, pdf, client, at):
    """Bình Định Điều 9.1: each of his own."""
    with clock.set_to(moment(MONDAY, "08:00")):
        theirs = play.registered(sxd.ward_clerk, pdf)
    at(moment(MONDAY, "08:30"))
    client.force_login(sxd.clerk)
    client.post(reverse("incoming:rounds", args=["kontum"]), {"document": [theirs.pk]})
    theirs.refresh_from_db()
    assert theirs.state == "registered"


def test_the_month_of_the_director_says_kept_and_missed(sxd, pdf, client, at):
    """Bình Định Điều 9.1, 11: the last rounds, and how many of a hundred."""
    gone(sxd, entered(sxd, pdf, FRIDAY, "08:00", "1"), FRIDAY, "08:30")
    late = entered(sxd, pdf, FRIDAY, "14:00", "2", subject="Để quên")
    gone(sxd, late, FRIDAY, "16:00")
    record(MONDAY, "09:06")
    at(moment(MONDAY, "10:00"))
    for person in (sxd.chair, sxd.chief, sxd.clerk):
        text = page(client, person).content.decode()
        assert "Các đợt tháng 03/2026" in text
        assert "<dd>66 %</dd>" in text
        assert "<dd>2 / 3</dd>" in text
        assert "Trễ 1 văn bản" in text
        assert f'href="{late.get_absolute_url()}"' in text
        assert "09:00, 09/03/2026" in text
    for month in ("2026-02", "2026-13", "1", "9999-12", "0001-01", "x"):
        text = page(client, sxd.chair, month=month)
        assert text.status_code == 200
    assert "Tháng này chưa có đợt nào" in page(client, sxd.chair, month="2026-02").content.decode()


def test_others_and_offices_without_rounds_have_no_such_page(cast, client, sxd):
    """Bình Định Điều 9.1."""
    for person in (sxd.head, sxd.specialist, sxd.archivist, sxd.admin):
        assert page(client, person).status_code == 404
    assert page(client, sxd.ward_chair).status_code == 404  # not of this agency
    assert page(client, sxd.ward_chair, "phuong-thang-loi").status_code == 200
    Agency.objects.filter(pk=sxd.city.pk).update(regulation_name="kon-tum-2017")
    for person in (sxd.clerk, sxd.chair, sxd.chief):
        assert page(client, person).status_code == 404


def test_the_page_asks_the_same_for_one_row_and_for_many(
    sxd, pdf, client, at, django_assert_max_num_queries
):
    """Bình Định Điều 9.1: sixty rounds and twenty rows."""
    for number in range(20):
        entered(sxd, pdf, date(2026, 2, 24), "08:00", str(number))
    record(date(2026, 3, 20), "16:00")
    at(moment(date(2026, 3, 20), "16:00"))
    page(client, sxd.clerk)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("incoming:rounds", args=["kontum"])).status_code == 200
