"""The account page: who I am, what I have set for myself, where I am signed in."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import sign_in
from accounts.actions import choose, delegate
from accounts.models import Appointment, Preferences, SignedIn
from core import clock
from incoming import actions
from notifications.actions import notify
from notifications.choices import OF_WORK, SWITCHES, Reminder
from notifications.models import Notification
from notifications.tasks import send_mail
from tests.cast import PASSWORD, SINCE, act_as
from tests.incoming.reminding import mailing, moment, remind, rows_anew, work
from tests.quick import glance

__all__ = ["glance", "mailing", "rows_anew"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
PAGE = "/account/"
LETTERS = ("mail_work", "mail_urged", "mail_due", "mail_overdue", "mail_morning")
ALL_ON = dict.fromkeys((*LETTERS, "letter_keys"), "on") | {"one_line": "two", "language": "vi"}
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)


def without(*names: str) -> dict[str, str]:
    return {key: value for key, value in ALL_ON.items() if key not in names}


def come_in(who: str, **headers: str) -> Client:
    client = Client(**headers)
    assert client.post("/login/", {"username": who, "password": PASSWORD}).status_code == 302
    return client


# --- Who I am.


def test_the_page_says_what_the_office_knows_of_me(cast, client):
    """Name, account name, posts of today with unit, title and decision, delegations in force."""
    today = clock.today()
    held = cast.head.appointments.get()
    held.decision_number = "12/QĐ-UBND"
    held.save()
    gone = {"start_date": SINCE, "end_date": today - timedelta(days=1)}
    Appointment.objects.create(
        user=cast.head, unit=cast.finance, role="specialist", title="Người cũ", **gone
    )
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today)
    later = {"start_date": today + timedelta(days=3), "end_date": today + timedelta(days=4)}
    delegate(act_as(cast.head), cast.deputy, decision_number="CHUA-DEN-NGAY", **later)
    client.force_login(cast.head)
    page = client.get(PAGE).content.decode()
    for words in (cast.head.full_name, "head", held.title, held.unit.name, "12/QĐ-UBND"):
        assert words in page
    assert f"<strong>{cast.deputy.full_name}</strong> làm thay" in page
    assert "Người cũ" not in page
    assert "CHUA-DEN-NGAY" not in page
    client.force_login(cast.deputy)
    assert f"Làm thay <strong>{cast.head.full_name}</strong>" in client.get(PAGE).content.decode()


def test_it_stands_in_the_frame_and_in_the_menu_of_every_page(cast, client):
    client.force_login(cast.head)
    for path in ("/kontum/", "/kontum/incoming/", "/kontum/incoming/help/", PAGE):
        page = client.get(path).content.decode()
        assert f'class="menu__item" href="{PAGE}"' in page, path
        assert reverse("reports:desk", args=["kontum"]) in page, path


def test_each_language_is_called_by_its_own_name(cast, client):
    """Whoever reads no Vietnamese finds English all the same."""
    client.force_login(cast.head)
    for language in ("vi", "en"):
        client.post("/account/language/", {"language": language})
        menu = client.get("/kontum/").content.decode().partition('<div class="menu">')[2]
        assert "English</button>" in menu
        assert "Tiếng Việt</button>" in menu


def test_whoever_holds_no_post_has_an_account_all_the_same(cast, client):
    cast.adviser.appointments.update(end_date=clock.today() - timedelta(days=1))
    client.force_login(cast.adviser)
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert "Hôm nay không giữ chức vụ nào." in answer.content.decode()
    assert client.post(PAGE, without("mail_work")).status_code == 302
    assert not Preferences.objects.get(user=cast.adviser).mail_work


# --- What I set.


def test_nothing_is_written_until_somebody_chooses(cast, client):
    client.force_login(cast.head)
    page = client.get(PAGE).content.decode()
    assert page.count(" checked") == len(LETTERS) + 3
    assert not Preferences.objects.exists()


def test_what_is_set_stays(cast, client):
    client.force_login(cast.head)
    values = without("mail_morning", "letter_keys") | {"one_line": "one"}
    assert client.post(PAGE, values).url == PAGE
    row = Preferences.objects.get()
    assert (row.user, row.mail_morning, row.letter_keys, row.one_line) == (
        cast.head,
        False,
        False,
        True,
    )
    assert row.mail_due
    assert row.mail_urged
    assert "Đã lưu thiết lập." in client.get(PAGE).content.decode()
    client.post(PAGE, ALL_ON)
    assert Preferences.objects.get().mail_morning


@pytest.mark.parametrize("name", ["user", "pk", "id", "user_id"])
def test_anothers_settings_cannot_be_changed(cast, client, name):
    """Kon Tum Điều 11.3: no address and no field names whose settings they are."""
    choose(cast.chief, mail_work=False, language="en")
    client.force_login(cast.head)
    values = without("mail_due") | {name: str(cast.chief.pk)}
    assert client.post(f"{PAGE}?{name}={cast.chief.pk}", values).status_code == 302
    assert not Preferences.objects.get(user=cast.head).mail_due
    theirs = Preferences.objects.get(user=cast.chief)
    assert (theirs.mail_due, theirs.mail_work, theirs.language) == (True, False, "en")


@pytest.mark.parametrize(
    "wrong", [{"language": "xx"}, {"language": ""}, {"one_line": "three"}, {"one_line": ""}]
)
def test_a_choice_that_there_is_not_changes_nothing(cast, client, wrong):
    client.force_login(cast.head)
    assert client.post(PAGE, without("mail_work") | wrong).status_code == 422
    assert not Preferences.objects.exists()


def test_keys_are_switched_off_on_every_page_of_mine(cast, client):
    """WCAG 2.1.4: single letters can be switched off."""
    choose(cast.head, letter_keys=False)
    for person, off in ((cast.head, True), (cast.chief, False)):
        client.force_login(person)
        for path in ("/kontum/", "/kontum/incoming/", PAGE):
            assert ('data-keys="off"' in client.get(path).content.decode()) is off


def test_the_list_begins_as_it_was_chosen(cast, client):
    client.force_login(cast.head)
    book = reverse("incoming:book", args=["kontum"])
    assert "Xem một dòng" in client.get(book).content.decode()
    client.get(f"{book}?density=two")
    client.post(PAGE, ALL_ON | {"one_line": "one"})
    assert "Xem hai dòng" in client.get(book).content.decode()
    # The list's own button counts for the session.
    assert "Xem một dòng" in client.get(f"{book}?density=two").content.decode()
    assert "Xem một dòng" in client.get(book).content.decode()


def test_the_language_goes_with_the_person(cast, client):
    """By the page or by the menu; a browser where he has never been speaks it, too."""
    client.force_login(cast.head)
    client.post(PAGE, ALL_ON | {"language": "en"})
    assert 'lang="en"' in client.get("/kontum/").content.decode()
    other = come_in("head")
    assert '<html lang="en">' in other.get("/kontum/").content.decode()
    other.post("/account/language/", {"language": "vi"})
    assert Preferences.objects.get().language == "vi"
    assert '<html lang="vi">' in come_in("head").get("/kontum/").content.decode()


def test_a_language_that_there_is_not_or_nobody_is_not_kept(cast, client):
    client.post("/account/language/", {"language": "en"})
    client.force_login(cast.head)
    client.post("/account/language/", {"language": "xx"})
    client.get("/account/language/", {"language": "en"})
    assert not Preferences.objects.exists()


# --- Letters.


def letters_of(kind: str, person) -> list[str]:
    """Whom the letters go to when that happens to him."""
    mail.outbox.clear()
    notify(person.appointments.get().unit.agency, kind, "/kontum/", users=[person])
    send_mail(Notification.objects.latest("pk").pk)
    return [letter.to[0] for letter in mail.outbox]


KINDS = [*Reminder.values, "urge", "assign", "distribute", "comment"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("mailing")
def test_a_letter_goes_unless_its_own_switch_is_off(cast, kind):
    own = SWITCHES.get(kind, OF_WORK)
    assert own in LETTERS
    assert letters_of(kind, cast.specialist) == ["specialist@example.com"]
    choose(cast.specialist, **dict.fromkeys(LETTERS, False) | {own: True})
    cast.specialist.refresh_from_db()
    assert letters_of(kind, cast.specialist) == ["specialist@example.com"]
    choose(cast.specialist, **dict.fromkeys(LETTERS, True) | {own: False})
    assert letters_of(kind, cast.specialist) == []
    # The desk says it all the same, and others get theirs.
    assert Notification.objects.filter(user=cast.specialist, kind=kind).count() == 3
    assert letters_of(kind, cast.chief) == ["chief@example.com"]


@pytest.mark.usefixtures("mailing", "rows_anew")
def test_reminders_of_the_clock_keep_to_it(cast, pdf, django_capture_on_commit_callbacks):
    """Kon Tum Điều 11.5: the morning and the deadline; by mail only what is switched on."""
    work(cast, pdf, due=date(2026, 3, 6))
    for off, kinds in (((), 2), (("mail_morning",), 1), (("mail_morning", "mail_due"), 0)):
        choose(cast.specialist, **dict.fromkeys(off, False))
        mail.outbox.clear()
        Notification.objects.all().delete()
        actions_of_the_clock_begin_anew()
        with django_capture_on_commit_callbacks(execute=True):
            remind(date(2026, 3, 6))
        assert len(mail.outbox) == kinds
        assert Notification.objects.filter(user=cast.specialist).count() == 2
        assert not Notification.objects.exclude(mail_since=None).exists()


def actions_of_the_clock_begin_anew() -> None:
    from incoming.models import Reminder as Told  # noqa: PLC0415 -- two things bear that name

    Told.objects.all().delete()


@pytest.mark.usefixtures("mailing")
def test_whoever_is_urged_finds_it_on_the_desk_though_letters_are_off(
    cast, pdf, client, django_capture_on_commit_callbacks
):
    """What an urge demands stands on the desk and among the notices."""
    choose(cast.specialist, **dict.fromkeys(LETTERS, False))
    today = clock.today()
    with clock.set_to(moment(today, "09:00")):
        document = work(cast, pdf, due=today + timedelta(days=5), given=today)
    row = document.assignments.get(person=cast.specialist)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.urge(act_as(cast.head), document, [row], level=1, text="Báo cáo ngay.")
    assert mail.outbox == []
    client.force_login(cast.specialist)
    assert "đôn đốc" in client.get("/kontum/").content.decode().lower()
    assert client.get("/kontum/notifications/").content.decode().count("notice--unread") == 1


@pytest.mark.usefixtures("mailing")
def test_a_letter_that_was_owed_is_not_sent_after_it_was_switched_off(cast):
    notify(cast.city, "assign", "/kontum/", users=[cast.specialist])
    row = Notification.objects.get()
    choose(cast.specialist, mail_work=False)
    send_mail(row.pk)
    assert mail.outbox == []
    row.refresh_from_db()
    assert row.mail_since is None


@pytest.mark.usefixtures("mailing")
def test_each_letter_says_where_to_switch_it_off_in_the_persons_language(cast):
    assert letters_of("due_today", cast.specialist)
    assert mail.outbox[0].body.endswith("thì tắt tại https://office.example.com/account/.")
    choose(cast.specialist, language="en")
    assert letters_of("due_today", cast.specialist)
    assert mail.outbox[0].body.endswith("at https://office.example.com/account/.")


# --- Where I am signed in.


def test_the_page_names_the_browsers_and_signs_out_the_others(cast):
    """Kon Tum Điều 11.2: everybody watches over his own account."""
    here = come_in("head", HTTP_USER_AGENT=EDGE, REMOTE_ADDR="10.0.0.5")
    there = come_in("head", HTTP_USER_AGENT="<script>alert(1)</script> Firefox/1 Android")
    colleague = come_in("deputy")
    page = here.get(PAGE).content.decode()
    assert "Edge, Windows" in page
    assert "10.0.0.5" in page
    assert "Firefox, Android" in page
    assert "alert(1)" not in page
    assert page.count("Máy này") == 1
    answer = here.post("/account/others/", follow=True)
    assert "Đã đăng xuất ở 1 nơi khác." in answer.content.decode()
    assert [one.get("/kontum/").status_code for one in (here, there, colleague)] == [200, 302, 200]
    assert SignedIn.objects.filter(user=cast.head).count() == 1
    again = here.post("/account/others/", follow=True).content.decode()
    assert "Không có nơi nào khác đang đăng nhập." in again


def test_a_session_that_the_list_does_not_know_ends_too(cast):
    """Kon Tum Điều 11.2: from before there was a list, or made beside it."""
    here, old, colleague = come_in("head"), come_in("head"), come_in("deputy")
    SignedIn.objects.filter(pk=old.session.session_key).delete()
    assert here.post("/account/others/").status_code == 302
    assert [one.get("/kontum/").status_code for one in (here, old, colleague)] == [200, 302, 200]
    # Signed in anew it is one of this round.
    assert come_in("head").get("/kontum/").status_code == 200
    assert here.get("/kontum/").status_code == 200


def test_the_next_person_at_a_shared_machine_is_not_spoken_to_in_english(cast):
    """Whoever has chosen nothing gets Vietnamese, whatever the one before him read."""
    machine = come_in("head")
    machine.post("/account/language/", {"language": "en", "next": "/account/"})
    assert 'lang="en"' in machine.get(PAGE).content.decode()
    # His session ended by itself, the browser is still English.
    del machine.cookies[settings.SESSION_COOKIE_NAME]
    assert machine.post("/login/", {"username": "deputy", "password": PASSWORD}).status_code == 302
    assert 'lang="vi"' in machine.get(PAGE).content.decode()
    machine.post("/account/language/", {"language": "en", "next": "/account/"})
    machine.post("/logout/")
    assert 'lang="vi"' in machine.get("/login/").content.decode()
    assert machine.post("/login/", {"username": "head", "password": PASSWORD}).status_code == 302
    assert 'lang="en"' in machine.get(PAGE).content.decode()


def test_the_row_goes_with_the_session(cast):
    client = come_in("head")
    assert SignedIn.objects.count() == 1
    client.post("/logout/")
    assert SignedIn.objects.count() == 0
    # One that ended by itself is not shown, and goes at the next sign-in.
    come_in("head")
    old = SignedIn.objects.get()
    Session.objects.filter(pk=old.pk).update(expire_date=clock.now() - timedelta(hours=1))
    client = come_in("head")
    assert not Session.objects.filter(pk=old.pk).exists()
    assert client.get(PAGE).content.decode().count("Đăng nhập lúc") == 1


def test_a_new_password_leaves_this_browser_alone_on_the_list(cast):
    """Kon Tum Điều 11.2: whoever knew the old one is out, and is not shown as if he were in."""
    client, other = come_in("head"), come_in("head")
    new = "mot-mat-khau-khac-2026"
    values = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/account/password/", values).status_code == 302
    row = SignedIn.objects.get(user=cast.head)
    assert row.pk == client.cookies[settings.SESSION_COOKIE_NAME].value
    assert other.get("/kontum/").status_code == 302


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (EDGE, "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) coc_coc_browser/1 Chrome/1 Safari/1", "Cốc Cốc, Linux"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_called_by_a_name_of_ours(rf, said, name):
    assert sign_in.browser_of(rf.get("/", HTTP_USER_AGENT=said)) == name
