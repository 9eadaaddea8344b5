"""Signing in: the first password, wrong passwords, signing out."""

import pytest
from axes.models import AccessAttempt
from django.urls import reverse

from accounts.models import User
from accounts.sign_in import client_address, typed_name
from tests.cast import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
NEW = "mot-mat-khau-khac-2026"
WRONG = "Tên đăng nhập hoặc mật khẩu chưa đúng."


def sign_in(client, name: str = "clerk", password: str = PASSWORD, **more):
    headers = more.pop("headers", None)
    values = {"username": name, "password": password, **more}
    return client.post("/login/", values, headers=headers)


def change(client, old: str, new: str, again: str | None = None):
    values = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post("/account/password/", values)


@pytest.fixture
def newcomer(cast):
    User.objects.filter(pk=cast.clerk.pk).update(must_change_password=True)
    return cast.clerk


def test_signing_in_leads_to_the_desk_or_where_one_wanted(cast, client):
    answer = sign_in(client)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").url == "/kontum/"
    client.logout()
    assert sign_in(client, next="/kontum/incoming/").url == "/kontum/incoming/"
    client.logout()
    assert sign_in(client, next="https://example.com/").url == "/"


def test_a_wrong_name_and_a_wrong_password_sound_the_same(cast, client):
    """Kon Tum Điều 21.3: nobody learns which accounts there are."""
    User.objects.filter(pk=cast.chief.pk).update(is_active=False)
    said = set()
    for name, password in (("clerk", "sai"), ("khong-co", PASSWORD), ("chief", PASSWORD)):
        answer = sign_in(client, name, password)
        assert "_auth_user_id" not in client.session
        said |= set(answer.context["form"].non_field_errors())
    assert said == {WRONG}


def test_the_default_password_opens_nothing_but_its_change(newcomer, client):
    """Kon Tum Điều 21.3."""
    sign_in(client)
    change_page = reverse("accounts:password_change")
    for path in ("/", "/kontum/", "/kontum/incoming/", "/admin/", "/khong-co/", "/account/post/"):
        answer = client.get(path)
        assert (answer.status_code, answer.url) == (302, change_page), path
    answer = client.post("/kontum/incoming/register/", {"subject": "x"})
    assert (answer.status_code, answer.url) == (302, change_page)
    page = client.get(change_page)
    assert page.status_code == 200
    assert page.context["first"] is True
    # The language can be chosen, and one can leave.
    assert client.post("/account/language/", {"language": "en"}).status_code == 302
    assert client.cookies["django_language"].value == "en"
    assert client.post("/logout/").url == "/login/"
    assert "_auth_user_id" not in client.session


def test_with_the_new_password_everything_opens(newcomer, client):
    """Kon Tum Điều 21.3."""
    sign_in(client)
    answer = change(client, PASSWORD, NEW)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/").url == "/kontum/"  # still signed in
    newcomer.refresh_from_db()
    assert (newcomer.must_change_password, newcomer.check_password(NEW)) == (False, True)
    client.logout()
    assert sign_in(client).status_code == 200
    assert sign_in(client, password=NEW).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("sai", NEW, NEW),
        (PASSWORD, NEW, "khac"),
        (PASSWORD, "ngan", "ngan"),
        (PASSWORD, "20262026202620", "20262026202620"),
        (PASSWORD, "password123", "password123"),
        # Like the account's own name.
        (PASSWORD, "van_thu_1234", "van_thu_1234"),
    ],
)
def test_a_weak_or_mistyped_password_changes_nothing(newcomer, client, old, new, again):
    """Kon Tum Điều 11.2."""
    User.objects.filter(pk=newcomer.pk).update(username="van_thu_123")
    sign_in(client, "van_thu_123")
    assert change(client, old, new, again).status_code == 422
    newcomer.refresh_from_db()
    assert newcomer.must_change_password is True
    assert newcomer.check_password(PASSWORD)


def test_the_default_password_is_no_new_one(newcomer, client):
    """Kon Tum Điều 21.3: changing it into itself changes nothing."""
    sign_in(client)
    answer = change(client, PASSWORD, PASSWORD)
    assert answer.status_code == 422
    assert answer.context["form"].errors["new_password1"] == [
        "Mật khẩu mới phải khác mật khẩu đang dùng."
    ]
    newcomer.refresh_from_db()
    assert newcomer.must_change_password is True
    assert client.get("/kontum/").url == reverse("accounts:password_change")


@pytest.mark.parametrize(
    "name",
    ["x" * 300, "x" * 100_000, "cle\0rk", "\0", "\ufdfa" * 60],
    ids=["300", "100000", "NUL", "only NUL", "long when folded"],
)
def test_a_name_that_nobody_can_have_is_only_wrong(cast, client, name):
    answer = sign_in(client, name)
    assert answer.status_code == 200
    assert answer.context["form"].errors["username"] == [WRONG]
    assert not AccessAttempt.objects.exists()
    assert client.get("/login/", {"next": f"/a{name}"}).status_code == 200
    for field, status in (("password", 200), ("next", 302)):
        assert sign_in(client, **{field: f"/a{name}"}).status_code == status, field


def test_the_counter_has_room_for_every_name(rf):
    request = rf.post("/login/", {"username": "y" * 300})
    assert typed_name(request, {"username": "x" * 300, "password": "x"}) == "x" * 150
    assert typed_name(request, None) == "y" * 150
    assert typed_name(rf.get("/"), {"username": "a\0b"}) == "ab"


@pytest.mark.parametrize(
    ("header", "behind", "address"),
    [
        ("203.0.113.7", True, "203.0.113.7"),
        # The client's own word stands first; the proxy adds what it has seen.
        ("198.51.100.1, 10.9.9.9, 203.0.113.7", True, "203.0.113.7"),
        ("2001:db8::7", True, "2001:db8::7"),
        ("", True, "192.0.2.1"),
        ("unknown", True, "192.0.2.1"),
        ("203.0.113.7", False, "192.0.2.1"),
    ],
)
def test_wrong_passwords_are_counted_by_the_address_behind_the_proxy(
    rf, settings, header, behind, address
):
    settings.BEHIND_PROXY = behind
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": header})
    assert client_address(request) == address


def test_an_address_elsewhere_is_not_locked_out_with_the_first(cast, client, settings):
    settings.BEHIND_PROXY = True
    for attempt in range(6):
        # Each time another lie in front.
        lie = {"X-Forwarded-For": f"198.51.100.{attempt}, 203.0.113.7"}
        answer = sign_in(client, password="sai", headers=lie)
        assert answer.status_code == (429 if attempt >= 4 else 200)
    assert set(AccessAttempt.objects.values_list("ip_address", flat=True)) == {"203.0.113.7"}
    assert sign_in(client, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 302


def test_five_wrong_passwords_lock_the_account(cast, client):
    """Kon Tum Điều 21.3: a quarter of an hour, told in plain words."""
    for attempt in range(1, 6):
        answer = sign_in(client, password=f"sai-{attempt}")
        assert answer.status_code == (429 if attempt == 5 else 200), attempt
    assert "Sai mật khẩu 5 lần nên tài khoản tạm khóa 15 phút." in answer.content.decode()
    # The right one does not help now, and others are not shut out.
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session
    assert sign_in(client, "chief").status_code == 302


def test_a_right_password_in_between_forgets_the_wrong_ones(cast, client):
    for _round in range(2):
        for _attempt in range(4):
            assert sign_in(client, password="sai").status_code == 200
        assert sign_in(client).status_code == 302
        client.logout()
    assert not AccessAttempt.objects.filter(failures_since_start__gt=4).exists()


def test_signing_out_is_a_post(cast, client):
    sign_in(client)
    assert client.get("/logout/").status_code == 405
    assert "_auth_user_id" in client.session
    assert client.post("/logout/").url == "/login/"


def test_whoever_holds_no_post_is_told_so(cast, client):
    """Kon Tum Điều 7: an account without an appointment opens no agency."""
    cast.clerk.appointments.all().delete()
    sign_in(client)
    answer = client.get("/")
    assert answer.status_code == 403
    assert client.get("/kontum/").status_code == 404


def test_the_door_shows_the_agency_that_was_asked_for(cast, client):
    """Kon Tum Điều 4.1: what may not be entered stands at the door."""
    page = client.get("/login/?next=/phuong-thang-loi/incoming/")
    assert page.context["agency_name"] == "UBND phường Thắng Lợi"
    assert "khoản 1 Điều 4" in page.context["secret_article"]


def test_of_several_agencies_none_stands_at_a_door_that_names_none(cast, client):
    """An installation of a province is not the house of whichever agency came first."""
    page = client.get("/login/")
    assert "agency_name" not in page.context
    text = page.content.decode()
    assert "<strong>edocman</strong>" in text
    for name in (cast.city.name, cast.elsewhere.name):
        assert name not in text
    # A path that names no agency is no path to one; with one root alone, its name stands there.
    assert "agency_name" not in client.get("/login/?next=/khong-co/").context
    cast.elsewhere.is_active = False
    cast.elsewhere.save()
    assert client.get("/login/").context["agency_name"] == cast.city.name
