"""The desk: what waits for whom, in which order, and with which numbers; and the notifications."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Appointment
from core import clock
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.models import UserGrant, Waiting
from documents.workdays import WorkCalendar
from incoming import actions
from incoming.actions import Line
from notifications.models import Notification
from reports import desk, side
from tests import cast as play
from tests.cast import act_as

pytestmark = pytest.mark.django_db

TUESDAY = timezone.make_aware(datetime(2024, 11, 19, 9))  # noqa: DTZ001 -- made aware here


@pytest.fixture(autouse=True)
def _tuesday(at, empty_cache):
    at(TUESDAY)


def day(number: int) -> date:
    return date(2024, 11, number)


def given(cast, pdf, due, *, number="1", **changes):
    """Work of the planning unit with a deadline, given when it was not late yet."""
    with clock.set_to(timezone.make_aware(datetime(2024, 11, 11, 9))):  # noqa: DTZ001
        document = play.submitted(cast, pdf, code_number=number, **changes)
        line = Line(AssignmentRole.LEAD, cast.planning, None, "Báo cáo trước khi gửi Sở.", due)
        return actions.distribute(act_as(cast.chief), document, [line])


def page(client, user, name="reports:desk", slug="kontum", **data):
    client.force_login(user)
    return client.get(reverse(name, args=[slug]), data)


def shape(response):
    return [
        (group.code, [item.due_date for item in group.items])
        for group in response.context["work"].groups
    ]


def test_work_stands_in_groups_by_deadline(client, cast, pdf):
    """Kon Tum Điều 11.6."""
    for number, due in enumerate([day(29), day(19), None, day(15), day(22), day(18)], 1):
        given(cast, pdf, due, number=str(number))
    response = page(client, cast.head)
    assert shape(response) == [
        ("late", [day(15), day(18)]),
        ("today", [day(19)]),
        ("week", [day(22)]),
        ("later", [day(29)]),
        ("none", [None]),
    ]
    counters = response.context["work"].counters
    assert (counters.late, counters.today, counters.week, counters.all) == (2, 1, 1, 6)
    text = response.content.decode()
    assert "Thứ Ba, 19/11/2024 · 6 việc chờ xử lý, 2 việc quá hạn" in text
    assert "Xử lý lần lượt 3 việc" in text
    assert "quá hạn 2 ngày" in text
    assert text.count("work__item--next") == 1
    assert "UBND tỉnh Kon Tum · Chánh Văn phòng Phạm Minh Tuấn" in text
    assert "<q>Báo cáo trước khi gửi Sở.</q>" in text


def test_a_deadline_on_a_day_off_is_late_after_the_next_working_day(client, cast, pdf, at):
    """Saturday's deadline closes on Monday: not late then, late on Tuesday."""
    given(cast, pdf, day(16))
    assert shape(page(client, cast.head)) == [("late", [day(16)])]
    at(TUESDAY - timedelta(days=1))
    response = page(client, cast.head)
    assert shape(response) == [("today", [day(16)])]
    assert response.context["work"].counters.today == 1
    at(TUESDAY - timedelta(days=2))  # on Sunday the office is closed
    response = page(client, cast.head)
    assert shape(response) == [("later", [day(16)])]
    assert response.context["work"].counters.late == 0


def test_the_calendar_knows_where_late_and_the_week_end():
    calendar = WorkCalendar({})
    for offset in range(400):
        today = date(2024, 1, 1) + timedelta(days=offset)
        late, week = calendar.late_until(today), calendar.week_until(today)
        sunday = today + timedelta(days=6 - today.weekday())
        for around in range(-12, 13):
            due = today + timedelta(days=around)
            assert (due <= late) == calendar.is_late(today, due)
            assert (due <= week) == (calendar.closing_day(due) <= sunday)


def test_urgent_work_stands_first_on_the_same_day(client, cast, pdf):
    """Kon Tum Điều 11.6b; NĐ 30/2020 Điều 24.2."""
    given(cast, pdf, day(22), number="1", subject="Việc thường")
    given(cast, pdf, day(22), number="2", subject="Việc hỏa tốc", priority=3)
    group = page(client, cast.head).context["work"].groups[0]
    assert [item.subject for item in group.items] == ["Việc hỏa tốc", "Việc thường"]


def test_each_task_leads_to_where_it_is_done(client, cast, pdf):
    tray = play.received(cast.clerk, pdf)
    waiting = play.registered(cast.clerk, pdf, code_number="2")
    chief = play.submitted(cast, pdf, code_number="3")
    asked = play.submitted(cast, pdf, code_number="4")
    actions.propose(act_as(cast.chief), asked, cast.chair, text="Phòng QLĐT chủ trì.")
    head = play.distributed(cast, pdf, code_number="5")
    worker = play.assigned(cast, pdf, code_number="6")
    done = play.assigned(cast, pdf, code_number="7")
    actions.finish(act_as(cast.specialist), done, text="Đã lập phương án.")

    def buttons(user):
        work = page(client, user).context["work"]
        return {(item.verb_label, item.verb_url) for group in work.groups for item in group.items}

    assert buttons(cast.clerk) == {
        ("Đăng ký", f"/kontum/incoming/{tray.pk}/register/"),
        ("Trình", f"/kontum/incoming/{waiting.pk}/?do=submit#work"),
    }
    assert buttons(cast.chief) == {
        ("Phân phối", f"/kontum/incoming/{chief.pk}/?do=distribute#work")
    }
    assert buttons(cast.chair) == {("Cho ý kiến", f"/kontum/incoming/{asked.pk}/?do=direct#work")}
    assert buttons(cast.head) == {
        ("Giao việc", f"/kontum/incoming/{head.pk}/?do=assign#work"),
        ("Kết thúc", f"/kontum/incoming/{done.pk}/?do=finish#work"),
    }
    assert buttons(cast.specialist) == {("Xử lý", f"/kontum/incoming/{worker.pk}/?do=finish#work")}
    assert buttons(cast.colleague) == set()


def test_the_words_are_the_newest_ones_for_me(client, cast, pdf):
    document = play.submitted(cast, pdf)
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất phòng QLĐT chủ trì.")
    item = page(client, cast.chair).context["work"].first
    assert "Chánh Văn phòng Phạm Minh Tuấn" in item.meta
    assert item.quote == "Đề xuất phòng QLĐT chủ trì."
    actions.direct(act_as(cast.chair), document, text="Đồng ý. Làm ngay.")
    item = page(client, cast.chief).context["work"].first
    assert (item.quote, "Chủ tịch Nguyễn Đức Thành" in item.meta) == ("Đồng ý. Làm ngay.", True)


def test_a_scan_in_the_tray_says_what_is_known_of_it(client, cast, pdf):
    play.received(cast.clerk, pdf, name="mat-so-1.pdf")
    response = page(client, cast.clerk)
    item = response.context["work"].first
    assert item.subject == "Tệp chờ đăng ký, 1 trang"
    assert item.meta == "đến lúc 09:00 19/11/2024"
    assert "mat-so-1" not in response.content.decode()
    assert "1 văn bản đã nhận, chưa vào sổ." in response.content.decode()


def test_what_one_has_opened_is_no_longer_bold(client, cast, pdf):
    given(cast, pdf, day(22))
    assert not page(client, cast.head).context["work"].first.is_read
    Waiting.objects.update(seen_at=clock.now())
    assert page(client, cast.head).context["work"].first.is_read


def test_the_head_sees_the_load_of_his_people(client, cast, pdf):
    with clock.set_to(timezone.make_aware(datetime(2024, 11, 11, 9))):  # noqa: DTZ001
        document = given(cast, pdf, day(15))
        line = Line(AssignmentRole.LEAD, cast.planning, cast.colleague, "", day(15))
        actions.assign(act_as(cast.head), document, [line])
    response = page(client, cast.head)
    loads = {one.name: (one.open, one.late) for one in response.context["loads"]}
    assert loads == {"Hoàng Thị Mỹ Linh": (0, 0), "A Thiu": (1, 1), "Đinh Thị Vân": (0, 0)}
    others = response.context["others"]
    assert [(one.words, one.is_late) for one in others.lines] == [
        ("A Thiu chủ trì, từ 11/11/2024", True)
    ]
    assert page(client, cast.specialist).context.get("loads") is None


def test_the_chief_sees_the_units_and_what_he_waits_for(client, cast, pdf):
    given(cast, pdf, day(15), number="1")
    given(cast, pdf, day(29), number="2")
    response = page(client, cast.chief)
    load = response.context["loads"][0]
    assert (load.name, load.open, load.late) == ("Phòng Quản lý đô thị", 2, 1)
    assert load.url == f"/kontum/incoming/?unit={cast.planning.pk}"
    assert response.context["others"].total == 2


def test_the_leader_sees_what_he_directed_and_is_late(client, cast, pdf):
    with clock.set_to(timezone.make_aware(datetime(2024, 11, 11, 9))):  # noqa: DTZ001
        document = play.submitted(cast, pdf)
        actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
        actions.direct(act_as(cast.chair), document, text="Đồng ý.")
        line = Line(AssignmentRole.LEAD, cast.planning, None, "", day(15))
        actions.distribute(act_as(cast.chief), document, [line])
    assert page(client, cast.chair).context["directed"].total == 1
    assert page(client, cast.vice).context["directed"].total == 0


def test_the_leader_of_a_ward_watches_his_units(client, cast, pdf):
    """Kon Tum Điều 16.1b: there the leader distributes."""
    response = page(client, cast.ward_chair, slug="phuong-thang-loi")
    assert response.context["loads_title"] == "Các đơn vị chủ trì"


def test_what_is_only_to_be_read_is_counted_apart(client, cast, pdf):
    document = play.distributed(cast, pdf)
    actions.share(
        act_as(cast.chief), document, [Line(AssignmentRole.INFORM, cast.office, cast.adviser)]
    )
    response = page(client, cast.adviser)
    assert response.context["work"].counters.all == 0
    assert response.context["unread"].total == 1
    assert document.get_absolute_url() in response.content.decode()


def test_an_empty_desk_says_what_comes_next(client, cast):
    text = page(client, cast.specialist).content.decode()
    assert "Không còn việc nào chờ xử lý." in text
    assert "không còn việc chờ xử lý" in text
    assert "Đăng ký văn bản" not in text
    assert "Đăng ký văn bản" in page(client, cast.clerk).content.decode()


def test_more_than_a_page_is_counted_and_led_to(client, cast, pdf, monkeypatch):
    monkeypatch.setattr(desk, "SIZE", 2)
    for number in range(3):
        given(cast, pdf, day(15), number=str(number))
    response = page(client, cast.head)
    assert response.context["work"].counters.late == 3
    assert "và 1 việc khác" in response.content.decode()
    mine = page(client, cast.head, "incoming:book", tab="mine")
    assert len(mine.context["rows"]) == 3


def test_work_of_a_lost_post_shows_nothing(client, cast, pdf):
    """What a person may no longer see is not shown through what waits for him."""
    document = play.submitted(cast, pdf, subject="Chuyện của lãnh đạo")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    held = Appointment.objects.filter(user=cast.chair)
    held.update(role="specialist", unit=cast.planning, is_head=False)
    UserGrant.objects.filter(user=cast.chair).delete()
    assert Waiting.objects.filter(user=cast.chair).exists()
    response = page(client, cast.chair)
    assert response.context["work"].groups == []
    assert "Chuyện của lãnh đạo" not in response.content.decode()


def test_nobody_sees_the_desk_of_another_agency(client, cast, pdf):
    given(cast, pdf, day(15))
    assert page(client, cast.stranger).status_code == 404
    assert page(client, cast.stranger, slug="so-xay-dung").status_code == 200
    client.logout()
    assert client.get("/kontum/").status_code == 302


@pytest.mark.parametrize("who", ["head", "chief", "chair", "clerk"])
def test_three_rows_cost_no_more_queries_than_one(cast, pdf, who):
    user = getattr(cast, who)

    def play_one(number):
        if who == "clerk":
            play.received(cast.clerk, pdf)
        document = play.registered(cast.clerk, pdf, code_number=f"1{number}")
        if who == "chair":
            actions.submit(act_as(cast.clerk), document)
            actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
        if who == "chief":
            play.submitted(cast, pdf, code_number=f"2{number}")
        if who in ("head", "chief"):
            given(cast, pdf, day(15), number=f"3{number}")
        line = Line(AssignmentRole.INFORM, user.appointments.first().unit, user)
        actions.share(act_as(cast.chief), document, [line])

    def cost():
        actor = act_as(user)
        office_calendar()  # read once in five minutes
        with CaptureQueriesContext(connection) as queries:
            desk.work_of(actor), side.waited_for(actor), side.to_read(actor), side.side_of(actor)
        return len(queries)

    play_one(0)
    one = cost()
    play_one(1)
    play_one(2)
    assert (one <= 6, cost()) == (True, one)


# --- Notifications


def test_notifications_show_the_document_and_are_marked_read(client, cast, pdf):
    document = play.distributed(cast, pdf)
    response = page(client, cast.head, "reports:notifications")
    text = response.content.decode()
    assert "1 thông báo chưa đọc" in text
    assert f'href="{document.get_absolute_url()}"' in text
    assert document.subject in text
    assert "Phân phối" in text
    posted = client.post(reverse("reports:notifications", args=["kontum"]))
    assert posted.status_code == 302
    text = page(client, cast.head, "reports:notifications").content.decode()
    assert "Đã đánh dấu 1 thông báo là đã đọc." in text
    assert "Đã đọc hết" in text
    # Only his own: the head of the other unit has not read anything.
    assert Notification.objects.filter(user=cast.finance_head, read_at__isnull=True).count() == 1


def test_a_document_out_of_sight_is_not_named(client, cast, pdf):
    document = play.distributed(cast, pdf, subject="Chuyện của phòng")
    Appointment.objects.filter(user=cast.finance_head).update(unit=cast.office, role="specialist")
    text = page(client, cast.finance_head, "reports:notifications").content.decode()
    assert "Một văn bản không còn được xem" in text
    assert "Chuyện của phòng" not in text
    assert document.get_absolute_url() not in text


def test_notifications_cost_the_same_for_many(client, cast, pdf, django_assert_max_num_queries):
    for number in range(3):
        play.distributed(cast, pdf, code_number=str(number))
    client.force_login(cast.head)
    with django_assert_max_num_queries(14):
        client.get(reverse("reports:notifications", args=["kontum"]))


def test_no_notifications_yet(client, cast):
    text = page(client, cast.colleague, "reports:notifications").content.decode()
    assert "Chưa có thông báo nào." in text
    assert "Đánh dấu đã đọc hết" not in text


def test_whoever_holds_no_post_is_told_so(client, cast):
    Appointment.objects.filter(user=cast.colleague).update(end_date=day(1))
    client.force_login(cast.colleague)
    response = client.get("/")
    assert response.status_code == 403
    assert "chưa có chức vụ nào đang có hiệu lực" in response.content.decode()
