"""manage.py remind: to whom, for whom, on which days and how much in the morning."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from accounts.actions import delegate
from accounts.choices import Role, Scope
from accounts.models import Unit
from core import clock
from documents.choices import AssignmentRole
from documents.models import CalendarDay
from dossiers import actions as dossiers
from dossiers.actions import Fields
from incoming import actions
from incoming.actions import Line
from incoming.models import IncomingDocument, Reminder
from notifications.models import Notification
from notifications.reasons import reason_of
from tests import cast as play
from tests.cast import act_as, make_person
from tests.incoming.reminding import (
    LEAD,
    MONDAY,
    days,
    mailing,
    moment,
    remind,
    rows_anew,
    told,
    work,
)
from tests.quick import glance

__all__ = ["glance", "mailing", "rows_anew"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew")]


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
        document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), [line])
        known = Line(AssignmentRole.INFORM, cast.planning)
        actions.share(act_as(cast.chief), document, [known])
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


def unseen(cast, pdf, way: str) -> None:
    """Late work of one of the planning unit, of which its head has heard nothing."""
    due = date(2026, 3, 4)
    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.submitted(cast, pdf) if way != "dossier" else None
        match way:
            case "given":
                line = Line(LEAD, cast.planning, cast.specialist, "", due)
                actions.distribute(act_as(cast.chief), document, [line])
            case "asked":
                line = Line(LEAD, cast.finance)
                actions.distribute(act_as(cast.chief), document, [line])
                whom = [Line(AssignmentRole.COORDINATE, cast.planning, cast.specialist)]
                asker = act_as(cast.finance_head)
                actions.ask_opinion(asker, document, whom, text="Ý kiến?", day=due)
            case "dossier":
                fields = Fields(title="Bờ kè", file_notation="01.XD", maintenance="20 năm")
                dossier = dossiers.open(act_as(cast.chair), fields)
                line = Line(LEAD, cast.planning, cast.specialist, "Rà soát.", due)
                dossiers.give_out(act_as(cast.chair), dossier, [line])
    Notification.objects.all().delete()


@pytest.mark.parametrize("way", ["seen", "given", "asked", "dossier"])
def test_nobody_is_told_of_another_agency_or_of_what_he_may_not_see(cast, pdf, client, way):
    """Kon Tum Điều 19.4: whoever is told can open it; else whoever stands above him is told."""
    if way == "seen":
        work(cast, pdf, due=date(2026, 3, 4))
    else:
        unseen(cast, pdf, way)
    remind(date(2026, 3, 6))
    head = "head" if way == "seen" else "chief"
    assert told() == [(head, "unit_overdue"), ("specialist", "overdue")]
    for row in Notification.objects.exclude(kind="morning"):
        assert row.agency == act_as(row.user).agency
        client.force_login(row.user)
        assert client.get(row.path).status_code == 200
    # The chief hears of it once, in the head's place or a day after him.
    for day in (date(2026, 3, 9), date(2026, 3, 10)):
        remind(day)
    assert [user for user, _kind in told()].count("chief") == 1


def test_a_head_who_sees_it_since_is_told(cast, pdf):
    """Bắc Giang Điều 5.3c: the chief has urged, and the head has heard of it."""
    unseen(cast, pdf, "given")
    document = IncomingDocument.objects.get()
    with clock.set_to(moment(date(2026, 3, 5), "09:00")):
        rows = list(document.assignments.all())
        actions.urge(act_as(cast.chief), document, rows, level=2, text="Báo cáo ngay.")
    Notification.objects.all().delete()
    remind(date(2026, 3, 6))
    assert told() == [("head", "unit_overdue"), ("specialist", "overdue")]


# --- Standing in.


def away(cast, who, to, scope=Scope.ALL):
    with clock.set_to(moment(MONDAY, "08:00")):
        delegate(act_as(who), to, start_date=MONDAY, end_date=date(2026, 3, 20), scope=scope)


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
    work(cast, pdf, due=date(2026, 3, 4))
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
    remind(date(2026, 3, 6))
    row = Notification.objects.get(kind="unit_overdue")
    assert reason_of(row) == "Nhắc vì: 5 việc của người khác quá hạn."
    assert (row.user, row.path) == (cast.head, "/kontum/incoming/?tab=overdue")


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
