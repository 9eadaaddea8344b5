"""manage.py remind: the present step only, once for each cause, on the desk and by e-mail."""

import io
import json
from datetime import date

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.actions import head_post
from accounts.choices import Role
from core import clock
from core.tasks import ALLOWED, run_command
from documents.choices import AssignmentRole
from documents.models import Waiting
from incoming import actions
from incoming.actions import Line
from incoming.models import Reminder
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
