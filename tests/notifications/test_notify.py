"""A line on the desk, and an e-mail after it."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from accounts.actions import head_post
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from incoming import actions
from notifications.actions import mark_read, notify
from notifications.models import Notification
from notifications.tasks import send_mail
from tests import cast as play
from tests.cast import SINCE, act_as
from tests.exchange import servers
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
PATH = "/kontum/incoming/1/"


@pytest.fixture
def mailing(settings, cast):
    """A mail server is named, and people have addresses."""
    settings.EMAIL_HOST = "mail.example.com"
    settings.SITE_URL = "https://office.example.com"
    for person in (cast.chief, cast.chair, cast.head, cast.deputy, cast.clerk):
        person.email = f"{person.username}@example.com"
        person.save()


def names() -> list[str]:
    rows = Notification.objects.order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


def test_people_and_todays_holders_of_posts_once_each(cast, at):
    """Kon Tum Điều 11.6: whoever holds the post on that day, and nobody twice."""
    Appointment.objects.create(
        user=cast.deputy, unit=cast.planning, role=Role.UNIT_HEAD, title="Q.", start_date=SINCE
    )
    Appointment.objects.create(
        user=cast.colleague,
        unit=cast.planning,
        role=Role.UNIT_HEAD,
        title="Q.",
        start_date=SINCE,
        end_date=date(2026, 1, 1),
    )
    posts = [head_post(cast.planning), head_post(cast.finance)]
    notify(cast.city, "distribute", PATH, users=[cast.head, cast.adviser], posts=posts)
    assert names() == ["adviser", "deputy", "finance_head", "head"]
    row = Notification.objects.first()
    assert (row.kind, row.path, row.agency, row.read_at) == ("distribute", PATH, cast.city, None)


def test_not_to_oneself(cast):
    notify(cast.city, "assign", PATH, users=[cast.head, cast.specialist], but=cast.head)
    assert names() == ["specialist"]


def test_a_rollback_takes_the_line_back(cast, pdf, mailing, django_capture_on_commit_callbacks):
    """Nobody is told of what did not happen, on the desk or by e-mail."""
    document = play.registered(cast.clerk, pdf)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        actions.submit(act_as(cast.clerk), document)
        assert names() == ["chief"]
        transaction.set_rollback(True)
    assert names() == []
    assert mail.outbox == []


def test_without_a_mail_server_only_the_line(cast, django_capture_on_commit_callbacks):
    cast.chief.email = "chief@example.com"
    cast.chief.save()
    with django_capture_on_commit_callbacks(execute=True) as queued:
        notify(cast.city, "submit", PATH, users=[cast.chief])
    assert (names(), queued, mail.outbox) == (["chief"], [], [])


def test_the_mail_follows_the_commit_and_says_nothing_of_the_document(
    cast, pdf, mailing, django_capture_on_commit_callbacks
):
    """Kon Tum Điều 4; NĐ 30/2020: neither subject nor words leave the system."""
    document = play.registered(cast.clerk, pdf)
    with django_capture_on_commit_callbacks(execute=True):
        document = actions.submit(act_as(cast.clerk), document, text="Bí mật của người gửi")
        assert mail.outbox == []
    (letter,) = mail.outbox
    assert letter.to == ["chief@example.com"]
    assert letter.subject == "UBND thành phố Kon Tum: có việc mới trên văn phòng điện tử"
    link = f"https://office.example.com/kontum/incoming/{document.pk}/"
    assert letter.body == (
        f"Mở văn bản tại {link} (phải đăng nhập).\n\n"
        "Không nhận thư loại này nữa thì tắt tại https://office.example.com/account/."
    )
    whole = letter.message().as_string() + letter.subject + letter.body
    for word in ("sạt lở", "4127", "Bí mật", "Lê Hoàng Sơn", "UBND-HTKT"):
        assert word not in whole


def test_no_mail_for_what_was_read_or_has_gone_or_without_an_address(cast, mailing):
    notify(cast.city, "submit", PATH, users=[cast.chief, cast.adviser])
    mail.outbox.clear()
    rows = {row.user.username: row for row in Notification.objects.all()}
    send_mail(rows["adviser"].pk)  # has no address
    Notification.objects.filter(pk=rows["chief"].pk).update(read_at=clock.now())
    send_mail(rows["chief"].pk)
    send_mail(0)
    assert mail.outbox == []


def test_a_broker_that_is_away_costs_the_mail_only(
    cast, mailing, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    """The verb is done and told on the desk; what failed stands in the log."""

    def refuse(*_arguments: object) -> None:
        raise ConnectionError("redis is away")

    monkeypatch.setattr(send_mail, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        notify(cast.city, "submit", PATH, users=[cast.chief])
    assert (names(), mail.outbox) == (["chief"], [])
    assert "redis is away" in caplog.text


def test_reading_marks_ones_own_lines_of_that_page(cast):
    Appointment.objects.create(
        user=cast.chief, unit=cast.ward_unit, role=Role.SPECIALIST, title="Kiêm", start_date=SINCE
    )
    notify(cast.city, "submit", PATH, users=[cast.chief, cast.chair])
    notify(cast.city, "submit", "/kontum/incoming/2/", users=[cast.chief])
    notify(cast.ward, "submit", PATH, users=[cast.chief])
    assert mark_read(act_as(cast.chief, cast.city), PATH) == 1
    assert mark_read(act_as(cast.chief, cast.city), PATH) == 0
    assert Notification.objects.filter(read_at__isnull=False).get().user == cast.chief
    assert mark_read(act_as(cast.chief, cast.city)) == 1
    assert Notification.objects.filter(read_at__isnull=True).count() == 2


def test_tomorrows_holder_is_not_told_today(cast):
    """Kon Tum Điều 7."""
    cast.head.appointments.update(start_date=clock.today() + timedelta(days=1))
    notify(cast.city, "distribute", PATH, posts=[head_post(cast.planning)])
    assert names() == []


# --- Those who have left.


def leave(person) -> None:
    """He held what he held until yesterday."""
    person.appointments.update(end_date=clock.today() - timedelta(days=1))


def test_who_has_left_is_told_nothing_more(cast, mailing, django_capture_on_commit_callbacks):
    """Neither a line nor a letter to one who works there no longer, or may not come in."""
    leave(cast.specialist)
    cast.colleague.is_active = False
    cast.colleague.save()
    with django_capture_on_commit_callbacks(execute=True):
        people = [cast.specialist, cast.colleague, cast.stranger, cast.ward_chair, cast.deputy]
        notify(cast.city, "distribute", PATH, users=people, posts=[head_post(cast.planning)])
    assert names() == ["deputy", "head"]
    assert sorted(one.to[0] for one in mail.outbox) == ["deputy@example.com", "head@example.com"]


def test_who_goes_on_elsewhere_is_told_there_alone(cast):
    """A clerk who moves to the ward hears of the ward's work, and no longer of the city's."""
    leave(cast.clerk)
    Appointment.objects.create(
        user=cast.clerk, unit=cast.ward_unit, role=Role.CLERK, title="Văn thư", start_date=SINCE
    )
    notify(cast.city, "submit", PATH, users=[cast.clerk])
    assert names() == []
    notify(cast.ward, "submit", "/phuong-thang-loi/incoming/1/", users=[cast.clerk])
    assert names() == ["clerk"]


def test_telling_people_and_posts_asks_once(cast, django_assert_num_queries):
    """Who holds what today, and the lines."""
    posts = [head_post(cast.planning), head_post(cast.finance)]
    with django_assert_num_queries(2):
        notify(cast.city, "distribute", PATH, users=[cast.chief, cast.chair], posts=posts)


def test_a_letter_that_was_owed_is_not_sent_to_one_who_has_left_meanwhile(cast, mailing):
    notify(cast.city, "submit", PATH, users=[cast.chief, cast.chair])
    leave(cast.chief)
    for row in Notification.objects.all():
        send_mail(row.pk)
    assert [one.to for one in mail.outbox] == [["chair@example.com"]]
    assert not Notification.objects.filter(mail_since__isnull=False).exists()


# --- Letters that are owed.


def owe(cast, *people) -> None:
    """A letter to each of these is owed since an hour, in this order."""
    for person in people:
        notify(cast.city, "submit", PATH, users=[person])
    Notification.objects.update(mail_since=clock.now() - timedelta(hours=1))


def catch_up() -> dict[str, object]:
    out = io.StringIO()
    call_command("send_mail", "--json", stdout=out)
    return json.loads(out.getvalue())


def owed() -> list[str]:
    rows = Notification.objects.filter(mail_since__isnull=False).order_by("user__username")
    return list(rows.values_list("user__username", flat=True))


@pytest.fixture
def post(cast, mailing, settings):
    """A mail server that the letters really go to."""
    with servers.smtp(settings) as found:
        yield found


def taken(post) -> list[str]:
    return [address for one in post.taken for address in one.rcpt_tos]


def test_an_address_that_is_refused_stops_nobody_elses_letter(cast, post, caplog):
    """The box is gone: its letter is given up, and noted; the others go."""
    post.refusing["chief@example.com"] = "550 5.1.1 No such user here"
    owe(cast, cast.chief, cast.chair, cast.head)
    assert catch_up() == {"sent": 3, "left": 0, "dropped": 0, "server_away": False}
    assert taken(post) == ["chair@example.com", "head@example.com"]
    assert owed() == []
    [said] = [one.message for one in caplog.records if one.name == "notifications.tasks"]
    assert said.endswith("is refused for good: 550")
    assert "chief" not in said
    assert catch_up()["sent"] == 0


def test_an_address_that_is_refused_for_now_stays_owed_alone(cast, post):
    """Its box is full, or the server wants to see the letter once more."""
    post.refusing["chief@example.com"] = "450 4.2.0 Greylisted, try again"
    owe(cast, cast.chief, cast.chair)
    assert catch_up() == {"sent": 1, "left": 1, "dropped": 0, "server_away": False}
    assert (taken(post), owed()) == (["chair@example.com"], ["chief"])
    post.refusing.clear()
    assert catch_up()["sent"] == 1
    assert (taken(post), owed()) == (["chair@example.com", "chief@example.com"], [])


def test_a_letter_whose_content_is_refused_is_given_up(cast, post):
    post.answer = "554 5.7.1 Not wanted"
    owe(cast, cast.chief, cast.chair)
    assert catch_up() == {"sent": 2, "left": 0, "dropped": 0, "server_away": False}
    assert owed() == []


@pytest.mark.parametrize("answer", ["421 4.3.2 Closing", "421 4.7.0 Too many"])
def test_a_server_that_says_good_bye_is_away(cast, post, answer):
    """Of the letter it has said nothing: all of them stay owed."""
    post.refusing["chief@example.com"] = answer
    owe(cast, cast.chief, cast.chair)
    assert catch_up() == {"sent": 0, "left": 2, "dropped": 0, "server_away": True}
    assert owed() == ["chair", "chief"]


def test_a_server_that_refuses_the_sender_loses_no_letter(cast, post):
    """The administrator mends what is set wrongly: nothing is given up for it."""
    post.of_sender = "550 5.7.1 Sender not allowed"
    owe(cast, cast.chief, cast.chair)
    assert catch_up() == {"sent": 0, "left": 2, "dropped": 0, "server_away": True}
    assert owed() == ["chair", "chief"]


def test_an_address_that_makes_no_letter_stops_nobody_elses(cast, post, caplog):
    cast.chief.email = "chief@example.com\nBcc: all@example.com"
    cast.chief.save()
    owe(cast, cast.chief, cast.chair)
    assert catch_up()["server_away"] is False
    assert (taken(post), owed()) == (["chair@example.com"], [])
    assert "makes no letter" in caplog.text
