"""manage.py remind: the present step only, once for each cause, to whom, and why."""

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import delegate, head_post
from accounts.choices import Role, Scope
from accounts.models import Unit
from core import clock
from core.tasks import ALLOWED, run_command
from documents.calendar import forget
from documents.choices import AssignmentRole
from documents.models import CalendarDay, Waiting
from incoming import actions
from incoming.actions import Line
from incoming.models import Reminder
from notifications.models import Notification
from notifications.reasons import reason_of
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew")]

LEAD = AssignmentRole.LEAD
# Monday 2 to Friday 13 March 2026: two plain weeks.
MONDAY = date(2026, 3, 2)
OPENS = "07:30"


@pytest.fixture
def rows_anew():
    forget()
    yield
    forget()


def moment(day: date, hour: str = OPENS) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour}")


def work(cast, pdf, *, due: date, given: date = MONDAY, number: str = "1", person=None):
    """A document that the planning unit leads; its specialist does it until that day."""
    with clock.set_to(moment(given, "09:00")):
        document = play.submitted(cast, pdf, code_number=number)
        line = Line(LEAD, cast.planning, None, "Báo cáo.", due)
        document = actions.distribute(act_as(cast.chief), document, [line])
        line = Line(LEAD, cast.planning, person or cast.specialist, "", due)
        document = actions.assign(act_as(cast.head), document, [line])
    Notification.objects.all().delete()
    return document


def remind(day: date, hour: str = "07:40") -> dict[str, int]:
    out = io.StringIO()
    call_command("remind", "--json", "--at", f"{day.isoformat()}T{hour}", stdout=out)
    return json.loads(out.getvalue())


def told(*, morning: bool = False) -> list[tuple[str, str]]:
    """Who was told what, in the order of telling; without the mornings."""
    rows = Notification.objects.order_by("created_at", "user__username", "kind")
    rows = rows if morning else rows.exclude(kind="morning")
    return list(rows.values_list("user__username", "kind"))


def days(first: date, count: int):
    return [first + timedelta(days=number) for number in range(count)]


# --- The steps.


def test_each_step_once_from_the_warning_to_the_chief(cast, pdf):
    """Kon Tum Điều 19.4, 11.6d: to the person, then the head, then the chief."""
    work(cast, pdf, due=date(2026, 3, 10))  # a Tuesday
    said = {}
    for day in days(MONDAY, 20):
        before = Notification.objects.count()
        for hour in ("06:00", "07:29", "07:30", "07:40", "10:00", "16:50", "23:59"):
            remind(day, hour)
        if Notification.objects.count() > before:
            said[day.day] = [
                pair for pair in told() if pair not in [p for d in said.values() for p in d]
            ]
    assert {day: pairs for day, pairs in said.items() if pairs} == {
        6: [("specialist", "due_soon")],  # Friday: Monday and Tuesday are left
        10: [("specialist", "due_today")],
        11: [("specialist", "overdue")],
        12: [("head", "unit_overdue")],
        13: [("chief", "agency_overdue")],
    }
    assert len(told()) == 5


def test_each_notice_says_why_it_came(cast, pdf):
    """Kon Tum Điều 19.4: the deadline and how far it is, never the subject."""
    document = work(cast, pdf, due=date(2026, 3, 10))
    for day in (6, 10, 11, 12, 13):
        remind(date(2026, 3, day))
    rows = Notification.objects.exclude(kind="morning").order_by("created_at")
    reasons = [reason_of(row) for row in rows.select_related("about", "on_behalf_of")]
    assert reasons == [
        "Nhắc vì: hạn 10/03/2026 còn 2 ngày làm việc.",
        "Nhắc vì: hạn trong ngày 10/03/2026.",
        "Nhắc vì: hạn 10/03/2026 đã quá 1 ngày làm việc.",
        "Nhắc vì: việc của Hoàng Thị Mỹ Linh, hạn 10/03/2026, đã quá 2 ngày làm việc.",
        "Nhắc vì: việc của Hoàng Thị Mỹ Linh, hạn 10/03/2026, đã quá 3 ngày làm việc.",
    ]
    assert {row.path for row in rows} == {document.get_absolute_url()}


def test_the_steps_can_be_set(cast, pdf, settings):
    settings.REMIND_SOON, settings.REMIND_HEAD, settings.REMIND_CHIEF = 1, 1, 4
    work(cast, pdf, due=date(2026, 3, 10))
    remind(date(2026, 3, 6))
    assert told() == []
    remind(date(2026, 3, 9))
    assert told() == [("specialist", "due_soon")]
    remind(date(2026, 3, 11))
    assert told()[1:] == [("head", "unit_overdue"), ("specialist", "overdue")]
    remind(date(2026, 3, 13))
    assert len(told()) == 3
    remind(date(2026, 3, 16))
    assert told()[3:] == [("chief", "agency_overdue")]


def test_after_three_days_without_the_clock_only_the_present_step_is_told(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 6))
    # Nothing ran from Wednesday to Tuesday: the warning and the day itself are not made up.
    remind(date(2026, 3, 10))
    assert told() == [("head", "unit_overdue"), ("specialist", "overdue")]
    row = Notification.objects.get(kind="overdue")
    assert reason_of(row) == "Nhắc vì: hạn 06/03/2026 đã quá 2 ngày làm việc."


def test_a_moved_deadline_is_a_new_cause(cast, pdf):
    document = work(cast, pdf, due=date(2026, 3, 6))
    remind(date(2026, 3, 6))
    assert told() == [("specialist", "due_today")]
    rows = Waiting.objects.filter(document=document)
    rows.update(due_date=date(2026, 3, 9))
    remind(date(2026, 3, 9))
    rows.update(due_date=date(2026, 3, 6))
    remind(date(2026, 3, 9), "08:00")  # back to the first one: late, which was not told yet
    remind(date(2026, 3, 9), "08:10")
    assert told() == [
        ("specialist", "due_today"),
        ("specialist", "due_today"),
        ("specialist", "overdue"),
    ]


def test_what_is_done_or_has_just_come_is_not_told(cast, pdf):
    """Its verb has told it; and a term as short as the warning has just been given."""
    document = work(cast, pdf, due=date(2026, 3, 10))
    actions.finish(act_as(cast.specialist), document, text="Xong")
    Waiting.objects.exclude(user=cast.specialist).delete()
    Notification.objects.all().delete()
    remind(date(2026, 3, 12))
    assert told(morning=True) == []
    work(cast, pdf, due=date(2026, 3, 13), given=date(2026, 3, 13), number="2")
    remind(date(2026, 3, 13), "09:10")
    assert told() == []
    work(cast, pdf, due=date(2026, 3, 18), given=date(2026, 3, 16), number="3")
    remind(date(2026, 3, 17))
    assert "due_soon" not in {kind for _who, kind in told()}


def test_reading_and_what_has_no_day_are_no_cause(cast, pdf):
    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.submitted(cast, pdf)
        actions.distribute(
            act_as(cast.chief),
            document,
            [
                Line(LEAD, cast.planning),
                Line(AssignmentRole.INFORM, cast.office, cast.adviser, due_date=date(2026, 3, 3)),
            ],
        )
    Notification.objects.all().delete()
    for day in days(MONDAY, 10):
        remind(day)
    assert told(morning=True) == []


def test_a_reminder_of_what_is_done_meanwhile_is_read_by_itself(cast, pdf):
    document = work(cast, pdf, due=date(2026, 3, 10))
    remind(date(2026, 3, 6))
    unread = Notification.objects.filter(read_at__isnull=True, kind="due_soon")
    assert unread.count() == 1
    remind(date(2026, 3, 9))
    assert unread.count() == 1
    with clock.set_to(moment(date(2026, 3, 9), "10:00")):
        actions.finish(act_as(cast.specialist), document, text="Xong")
    remind(date(2026, 3, 9), "10:10")
    assert unread.count() == 0


# --- Once.


def test_the_constraint_stands_behind_it(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 10))
    remind(date(2026, 3, 6))
    row = Reminder.objects.get(kind="due_soon")
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row = Reminder.objects.get(kind="morning", agency=cast.city)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_what_fails_for_one_agency_is_told_in_the_others(cast, pdf, monkeypatch, caplog):
    """And nothing of the failed one is half written."""
    work(cast, pdf, due=date(2026, 3, 6))
    real = actions.reminding.post_lines

    def fail(lines, **values):
        lines = list(lines)
        if lines and lines[0].agency_id == cast.city.pk:
            raise RuntimeError("broken")
        return real(lines, **values)

    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.registered(cast.ward_clerk, pdf)
    Notification.objects.all().delete()
    monkeypatch.setattr(actions.reminding, "post_lines", fail)
    with pytest.raises(CommandError):
        remind(date(2026, 3, 6))
    assert document.agency == cast.ward
    assert told() == [("ward_chair", "agency_overdue"), ("ward_clerk", "overdue")]
    assert not Reminder.objects.filter(agency=cast.city).exists()
    assert "was not reminded" in caplog.text
    monkeypatch.setattr(actions.reminding, "post_lines", real)
    remind(date(2026, 3, 6), "08:00")
    assert ("specialist", "due_today") in told()


def test_the_clock_may_run_it_and_a_wrong_moment_is_refused(cast, pdf, at):
    assert {"remind", "record_rounds", "send_mail"} <= ALLOWED
    names = {row["args"][0] for row in settings.CELERY_BEAT_SCHEDULE.values()}
    assert names <= ALLOWED
    assert {"remind", "record_rounds", "send_mail"} <= names
    work(cast, pdf, due=date(2026, 3, 10))
    at(moment(date(2026, 3, 6), "08:00"))
    run_command("remind")
    assert told() == [("specialist", "due_soon")]
    with pytest.raises(CommandError):
        call_command("remind", "--at", "tomorrow")


# --- To whom.


def test_a_unit_without_a_person_its_head_then_the_chief(cast, pdf):
    """Kon Tum Điều 20.2: the head answers; he is not told of himself as of another."""
    with clock.set_to(moment(MONDAY, "09:00")):
        line = Line(LEAD, cast.planning, None, "", date(2026, 3, 6))
        actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), [line])
    Notification.objects.all().delete()
    for day in days(date(2026, 3, 6), 7):
        remind(day)
    assert told() == [("head", "due_today"), ("head", "overdue"), ("chief", "agency_overdue")]
    row = Notification.objects.select_related("about").get(kind="agency_overdue")
    assert reason_of(row).startswith("Nhắc vì: việc của đơn vị, hạn 06/03/2026")


def test_a_unit_below_a_unit_tells_the_one_above_where_nobody_heads_it(cast, pdf):
    team = Unit.objects.create(
        agency=cast.city, name="Tổ quy hoạch", short_name="TQH", parent=cast.planning
    )
    drawer = make_person(team, Role.SPECIALIST, "drawer", "Y Blưh", "Chuyên viên")
    with clock.set_to(moment(MONDAY, "09:00")):
        line = Line(LEAD, team, drawer, "", date(2026, 3, 4))
        actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), [line])
    Notification.objects.all().delete()
    remind(date(2026, 3, 6))
    assert told() == [("drawer", "overdue"), ("head", "unit_overdue")]


def test_a_clerks_late_register_reaches_the_chief_once(cast, pdf):
    """NĐ 30/2020 Điều 4.2c: the office's own limits count, too; its head is the chief."""
    with clock.set_to(moment(MONDAY, "09:00")):
        play.received(cast.clerk, pdf)
    Notification.objects.all().delete()
    for day in days(date(2026, 3, 3), 6):
        remind(day)
    assert told() == [("clerk", "due_today"), ("clerk", "overdue"), ("chief", "unit_overdue")]


def test_an_agency_without_a_chief_tells_whoever_gives_out_the_work(cast, pdf):
    """Kon Tum Điều 16.1b: in a ward its leader."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = actions.submit(act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf))
        line = Line(LEAD, cast.ward_unit, cast.ward_officer, "", date(2026, 3, 3))
        actions.distribute(act_as(cast.ward_chair), document, [line])
    Notification.objects.all().delete()
    remind(date(2026, 3, 6))
    assert told() == [("ward_chair", "agency_overdue"), ("ward_officer", "overdue")]


def test_who_has_left_hears_nothing_and_his_head_does(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 4))
    cast.specialist.appointments.update(end_date=date(2026, 3, 5))
    remind(date(2026, 3, 6))
    assert told() == [("head", "unit_overdue")]


def test_an_agency_that_is_closed_down_hears_nothing(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 4))
    cast.city.is_active = False
    cast.city.save()
    assert remind(date(2026, 3, 6))["notices"] == 0


def test_nobody_is_told_of_another_agency_or_of_what_he_may_not_see(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 4))
    remind(date(2026, 3, 6))
    for row in Notification.objects.exclude(kind="morning"):
        actor = act_as(row.user)
        assert row.agency == actor.agency
        assert Waiting.objects.get().document in type(
            Waiting.objects.get().document
        ).objects.visible_to(actor)


# --- Standing in.


def away(cast, who, to, scope=Scope.ALL):
    with clock.set_to(moment(MONDAY, "08:00")):
        delegate(act_as(who), to, start_date=MONDAY, end_date=date(2026, 3, 20), scope=scope)


@pytest.fixture
def mailing(settings, cast):
    settings.EMAIL_HOST = "mail.example.com"
    settings.SITE_URL = "https://office.example.com"
    for name in ("head", "deputy", "specialist", "colleague", "chief", "chair", "vice"):
        person = getattr(cast, name)
        person.email = f"{name}@example.com"
        person.save()


def test_the_delegate_is_told_for_whom_and_the_absent_ones_mailbox_stays_quiet(
    cast, pdf, mailing, django_capture_on_commit_callbacks
):
    """Bắc Giang Điều 5.3d; Kon Tum Điều 13.1."""
    away(cast, cast.head, cast.deputy)
    with clock.set_to(moment(MONDAY, "09:00")):
        line = Line(LEAD, cast.planning, None, "", date(2026, 3, 6))
        actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), [line])
    Notification.objects.all().delete()
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        remind(date(2026, 3, 6))
    assert told() == [("deputy", "due_today"), ("head", "due_today")]
    rows = Notification.objects.select_related("about", "on_behalf_of")
    row = rows.get(user=cast.deputy, kind="due_today")
    assert reason_of(row) == ("Nhắc vì: hạn trong ngày 06/03/2026, làm thay Nguyễn Quốc Bảo.")
    # No letter and no morning for whoever is away; the delegate counts his work.
    assert {letter.to[0] for letter in mail.outbox} == {"deputy@example.com"}
    mornings = Notification.objects.filter(kind="morning")
    assert [row.user.username for row in mornings] == ["deputy"]
    assert mornings.get().figures == {"today": 1}


def test_personal_work_reaches_the_delegate_and_kept_decisions_do_not(cast, pdf):
    """Kon Tum Điều 13.2: who keeps his decisions to himself is reminded of them himself."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.submitted(cast, pdf, due_date=date(2026, 3, 6))
        actions.propose(act_as(cast.chief), document, cast.chair, text="Trình")
    away(cast, cast.chair, cast.vice, Scope.ROUTINE)
    Notification.objects.all().delete()
    remind(date(2026, 3, 6))
    assert told(morning=True) == [("chair", "due_today"), ("chair", "morning")]


def test_a_head_who_is_away_is_stood_in_for_in_the_second_step_too(cast, pdf):
    away(cast, cast.head, cast.deputy)
    with clock.set_to(moment(MONDAY, "09:00")):
        line = Line(LEAD, cast.planning, cast.specialist, "", date(2026, 3, 4))
        actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), [line])
    Notification.objects.all().delete()
    remind(date(2026, 3, 6))
    assert told() == [
        ("deputy", "unit_overdue"),
        ("head", "unit_overdue"),
        ("specialist", "overdue"),
    ]


# --- The morning.


def test_the_morning_says_how_much_is_late_due_and_to_come(cast, pdf):
    """Kon Tum Điều 11.5: at the beginning of each working day."""
    for number, day in enumerate((3, 4, 4, 5, 6, 6, 6), start=1):
        work(cast, pdf, due=date(2026, 3, day), number=str(number))
    remind(date(2026, 3, 5))
    row = Notification.objects.get(kind="morning", user=cast.specialist)
    assert reason_of(row) == "Sáng nay: 3 quá hạn, 1 hạn hôm nay, 3 trong tuần."
    assert row.path == reverse("reports:desk", args=["kontum"])


def test_one_morning_a_working_day_and_none_to_whoever_has_nothing_due(cast, pdf):
    """Kon Tum Điều 11.5: none on days off, none in the afternoon, none twice."""
    work(cast, pdf, due=date(2026, 3, 9))
    hours = ("05:00", "07:29", "07:31", "07:31", "11:59", "12:00", "17:00")
    for day in days(MONDAY, 9):
        for hour in hours:
            remind(day, hour)
    rows = Notification.objects.filter(kind="morning").order_by("created_at")
    assert {row.user.username for row in rows} == {"specialist"}
    # The week before counts only what closes in it; the week of the deadline begins with it.
    assert [row.created_at.day for row in rows] == [9, 10]
    assert [row.figures for row in rows] == [{"today": 1}, {"late": 1}]
    assert rows[0].read_at is not None  # told anew, the older one no longer counts
    Notification.objects.all().delete()
    remind(date(2026, 3, 11), "13:00")  # the clock came too late for a morning
    assert told(morning=True) == [("head", "unit_overdue")]


def test_each_agency_has_its_opening_hour(cast, pdf):
    work(cast, pdf, due=date(2026, 3, 6))
    cast.city.opens_at = "08:15"
    cast.city.save()
    assert remind(date(2026, 3, 6), "08:14")["mornings"] == 0
    assert told() == []
    assert remind(date(2026, 3, 6), "08:15")["mornings"] == 1
    assert told() == [("specialist", "due_today")]


def test_many_of_a_kind_are_one_line(cast, pdf, settings):
    """A clerk with forty left over gets one notice, and each cause is told all the same."""
    settings.REMIND_LINES = 3
    for number in range(5):
        work(cast, pdf, due=date(2026, 3, 4), number=str(number))
    done = remind(date(2026, 3, 5))
    assert (done["causes"], done["notices"]) == (5, 1)
    row = Notification.objects.get(kind="overdue")
    assert reason_of(row) == "Nhắc vì: 5 việc quá hạn."
    assert Reminder.objects.filter(kind="overdue").count() == 5
    remind(date(2026, 3, 5), "09:00")
    assert told() == [("specialist", "overdue")]


# --- Nights and days off.


@pytest.mark.parametrize(
    ("due", "soon", "today", "late"),
    [
        # Tết 2026 (16 to 20 February and the weekends around): the warning comes before it.
        (date(2026, 2, 23), date(2026, 2, 12), date(2026, 2, 23), date(2026, 2, 24)),
        # Due on a Tết day: it closes on the first working day after.
        (date(2026, 2, 18), date(2026, 2, 12), date(2026, 2, 23), date(2026, 2, 24)),
        # A Saturday worked for 2 January: it is a day like others.
        (date(2026, 1, 12), date(2026, 1, 9), date(2026, 1, 12), date(2026, 1, 13)),
        (date(2026, 1, 10), date(2026, 1, 8), date(2026, 1, 10), date(2026, 1, 12)),
        # Due on a Sunday: Monday closes it.
        (date(2026, 3, 8), date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 10)),
    ],
)
def test_days_are_those_of_the_offices_calendar(cast, pdf, due, soon, today, late):
    """NĐ 30/2020 Điều 4.2c: working days; Tết, weekends, a swapped Saturday."""
    assert CalendarDay.objects.filter(date=date(2026, 1, 10), kind="swap_work").exists()
    given = due - timedelta(days=20)
    while given.weekday() > 4:
        given -= timedelta(days=1)
    work(cast, pdf, due=due, given=given)
    said = {}
    for day in days(due - timedelta(days=14), 24):
        before = set(told())
        remind(day)
        for _who, kind in set(told()) - before:
            said.setdefault(kind, day)
    assert [said[kind] for kind in ("due_soon", "due_today", "overdue")] == [soon, today, late]


def test_midnight_changes_the_day_and_wakes_nobody(cast, pdf):
    """A deadline is a day of the office: it is not late at 23:59 nor told at 00:01."""
    work(cast, pdf, due=date(2026, 3, 10))
    remind(date(2026, 3, 10), "23:59")
    assert told() == [("specialist", "due_today")]
    assert remind(date(2026, 3, 11), "00:01")["notices"] == 0
    # In UTC it is still the tenth; in the office the eleventh has begun.
    assert remind(date(2026, 3, 11), "06:59")["notices"] == 0
    assert remind(date(2026, 3, 11), "07:30")["notices"] == 1
    assert told()[-1] == ("specialist", "overdue")


# --- On the desk and by e-mail.


def test_the_notices_page_shows_reason_and_article(cast, pdf, client):
    """Kon Tum Điều 11.5, 11.6d, 19.4: quoted where the agency's own regulation says so."""
    work(cast, pdf, due=date(2026, 3, 4))
    remind(date(2026, 3, 5))
    client.force_login(cast.specialist)
    page = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert "Nhắc vì: hạn 04/03/2026 đã quá 1 ngày làm việc." in page
    assert "điểm d khoản 6 Điều 11 Quy chế" in page
    assert "Sáng nay: 1 quá hạn." in page
    assert "khoản 5 Điều 11 Quy chế" in page
    assert 'href="/kontum/"' in page


def test_the_letter_says_why_and_nothing_of_the_document(
    cast, pdf, mailing, django_capture_on_commit_callbacks
):
    document = work(cast, pdf, due=date(2026, 3, 4))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        remind(date(2026, 3, 5))
    letters = {letter.body.split("\n")[0]: letter for letter in mail.outbox}
    assert set(letters) == {
        "Nhắc vì: hạn 04/03/2026 đã quá 1 ngày làm việc.",
        "Sáng nay: 1 quá hạn.",
    }
    letter = letters["Nhắc vì: hạn 04/03/2026 đã quá 1 ngày làm việc."]
    assert letter.subject == "UBND thành phố Kon Tum: nhắc việc trên văn phòng điện tử"
    assert letter.body.split("\n")[1] == (
        f"Mở văn bản tại https://office.example.com{document.get_absolute_url()} (phải đăng nhập)."
    )
    for letter in mail.outbox:
        assert "sạt lở" not in letter.message().as_string() + letter.body
    with django_capture_on_commit_callbacks(execute=True):
        remind(date(2026, 3, 5), "09:00")
    assert len(mail.outbox) == 2


def test_a_mail_server_that_is_away_loses_nothing_and_sends_nothing_twice(
    cast, pdf, mailing, monkeypatch, django_capture_on_commit_callbacks
):
    work(cast, pdf, due=date(2026, 3, 4))
    mail.outbox.clear()
    monkeypatch.setattr("notifications.tasks._send", _away)
    with django_capture_on_commit_callbacks(execute=True):
        remind(date(2026, 3, 5))
    owed = Notification.objects.filter(mail_since__isnull=False)
    assert owed.count() == 2
    assert _resend(date(2026, 3, 5), "07:41") == {
        "sent": 0, "left": 0, "dropped": 0, "server_away": False,
    }  # fmt: skip
    assert _resend(date(2026, 3, 5), "09:00")["server_away"] is True
    assert owed.count() == 2
    monkeypatch.undo()
    assert _resend(date(2026, 3, 5), "10:00")["sent"] == 2
    assert len(mail.outbox) == 2
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 2
    assert _resend(date(2026, 3, 5), "11:00")["sent"] == 0
    assert len(mail.outbox) == 2


def _away(_row: Notification) -> None:
    raise ConnectionRefusedError("the mail server is away")


def _resend(day: date, hour: str) -> dict[str, object]:
    out = io.StringIO()
    with clock.set_to(moment(day, hour)):
        call_command("send_mail", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_was_read_or_is_old_is_owed_no_letter(cast, pdf, mailing):
    work(cast, pdf, due=date(2026, 3, 4))
    mail.outbox.clear()
    remind(date(2026, 3, 5))
    Notification.objects.filter(kind="overdue").update(read_at=clock.now())
    assert _resend(date(2026, 3, 5), "09:00")["sent"] == 2  # settled: one sent, one not needed
    assert [letter.body.split("\n")[0] for letter in mail.outbox] == ["Sáng nay: 1 quá hạn."]
    remind(date(2026, 3, 6))
    assert _resend(date(2026, 3, 13), "09:00")["dropped"] > 0
    assert len(mail.outbox) == 1


# --- What it costs.


def test_the_queries_do_not_grow_with_people_and_work(cast, pdf, django_assert_max_num_queries):
    for number in range(12):
        work(cast, pdf, due=date(2026, 3, 4 + number % 3), number=str(number))
    for number in range(10):
        make_person(cast.finance, Role.SPECIALIST, f"more{number}", "Người Thêm", "Chuyên viên")
    head_post(cast.finance)
    # Of these every agency that is open asks a handful; there are three.
    with django_assert_max_num_queries(60):
        remind(date(2026, 3, 6))
    assert Notification.objects.filter(kind="morning").count() == 1
