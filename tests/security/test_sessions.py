"""Signing in and out: no session is kept, no account is told from another."""

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.cast import PASSWORD
from tests.security.conftest import fresh

pytestmark = pytest.mark.usefixtures("empty_cache")
NEW = "mot-mat-khau-khac-2026"


def sign_in(client, name="clerk", password=PASSWORD, **more):
    return client.post("/login/", {"username": name, "password": password, **more})


def key_of(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def is_in(key: str) -> bool:
    """Whether a browser with that cookie is signed in."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client.get("/kontum/").status_code == 200


# --- Sessions.


def test_the_key_changes_when_one_signs_in(site):
    """A key that somebody has laid into the browser before is worth nothing."""
    client = Client()
    session = client.session
    session["laid"] = "before"
    session.save()
    laid = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = laid
    assert sign_in(client).status_code == 302
    assert key_of(client) != laid
    assert (is_in(key_of(client)), is_in(laid)) == (True, False)


def test_a_made_up_key_is_not_taken(site):
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    sign_in(client)
    assert key_of(client) != "a" * 32
    assert not Session.objects.filter(session_key="a" * 32).exists()


def test_whoever_signs_in_over_another_begins_anew(site):
    client = Client()
    sign_in(client, "chief")
    client.get("/kontum/incoming/", {"density": "line"})
    first = key_of(client)
    client.post("/logout/")
    sign_in(client, "clerk")
    assert "density" not in client.session
    assert key_of(client) != first


def test_a_new_password_ends_every_other_session(site):
    """Kon Tum Điều 21.3: whoever knew the old one is out; the owner stays, under another key."""
    thief, owner = Client(), Client()
    for client in (thief, owner):
        sign_in(client)
    old = key_of(owner)
    values = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert owner.post("/account/password/", values).status_code == 302
    assert key_of(owner) != old
    assert is_in(key_of(owner))
    assert not is_in(key_of(thief))
    assert not is_in(old)


def test_signing_out_ends_the_session_on_the_server(site):
    client = Client()
    sign_in(client)
    key = key_of(client)
    client.post("/logout/")
    assert not is_in(key)
    assert not Session.objects.filter(session_key=key).exists()
    assert cache.get(f"django.contrib.sessions.cached_db{key}") is None


def test_an_account_that_is_switched_off_is_out_at_once(site):
    client = fresh(site, "clerk")
    assert client.get("/kontum/").status_code == 200
    User.objects.filter(pk=site.cast.clerk.pk).update(is_active=False)
    assert client.get("/kontum/").status_code == 302


def test_a_session_ends_by_itself(site):
    client = Client()
    sign_in(client)
    assert int(client.cookies[settings.SESSION_COOKIE_NAME]["max-age"]) <= 12 * 3600


# --- Which accounts there are.

UNKNOWN = "khong-co-ai"


def _answers(site, name: str, password: str = "sai") -> list:
    """Six wrong passwords from one browser: status and page, without what was typed."""
    client = Client()
    found = []
    for _attempt in range(6):
        answer = sign_in(client, name, password)
        page = answer.content.decode().replace(f'value="{name}"', "")
        token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
        found.append((answer.status_code, _without_token(page, token)))
    return found


def _without_token(page: str, token: str) -> str:
    for before in ('name="csrfmiddlewaretoken" value="', '"X-CSRFToken": "'):
        start, mark, rest = page.partition(before)
        page = start + mark + rest.partition('"')[2] if mark else page
    return page.replace(token, "") if token else page


def test_known_unknown_and_switched_off_accounts_answer_alike(site):
    """Kon Tum Điều 21.3: the same page, the same lock-out after the same number of tries."""
    User.objects.filter(pk=site.cast.chief.pk).update(is_active=False)
    known = _answers(site, "clerk")
    assert [status for status, _page in known] == [200, 200, 200, 200, 429, 429]
    assert _answers(site, UNKNOWN) == known
    # Switched off, and with the right password even.
    assert _answers(site, "chief", PASSWORD) == known


class Counted(PBKDF2PasswordHasher):
    """A hasher that counts its work."""

    algorithm = "counted"
    iterations = 1
    runs = 0

    def encode(self, password, salt, iterations=None):
        type(self).runs += 1
        return super().encode(password, salt, iterations)


def test_an_unknown_name_costs_the_same_work(site, settings):
    """One run of the hasher each, so that the clock tells no accounts apart."""
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    for name in ("clerk", "chief"):
        user = User.objects.get(username=name)
        user.is_active = name == "clerk"
        user.set_password(PASSWORD)
        user.save()
    runs = {}
    for name in ("clerk", "chief", UNKNOWN):
        Counted.runs = 0
        assert sign_in(Client(), name, "sai").status_code == 200
        runs[name] = Counted.runs
    assert runs == {"clerk": 1, "chief": 1, UNKNOWN: 1}


def test_a_locked_name_costs_no_work_whoever_it_is(site, settings):
    for name in ("clerk", UNKNOWN):
        client = Client()
        for _attempt in range(5):
            sign_in(client, name, "sai")
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted", *settings.PASSWORD_HASHERS]
    Counted.runs = 0
    assert [sign_in(Client(), name).status_code for name in ("clerk", UNKNOWN)] == [429, 429]
    assert Counted.runs == 0


@pytest.mark.parametrize("spelling", ["clerk ", " clerk", "ｃｌｅｒｋ", "cle\u200drk"])
def test_another_spelling_of_a_name_has_no_counter_of_its_own(site, spelling):
    """Else five more tries for each way to write the same account."""
    client = Client()
    for _attempt in range(5):
        sign_in(client, "clerk", "sai")
    assert sign_in(client, spelling).status_code != 302
    assert "_auth_user_id" not in client.session


def test_no_password_is_written_down(site):
    """Neither a wrong one nor the right one, in what counts the tries."""
    client = Client()
    secret = "mot-mat-khau-go-nham"
    for _attempt in range(5):
        sign_in(client, "clerk", secret)
    sign_in(Client(REMOTE_ADDR="198.51.100.7"), "clerk", PASSWORD)
    rows = [
        str(row)
        for model in (AccessAttempt, AccessLog, AccessFailureLog)
        for row in model.objects.values()
    ]
    assert rows
    assert not [row for row in rows if secret in row or PASSWORD in row]


def test_the_page_of_a_locked_account_keeps_where_one_wanted_to_go(site):
    client = Client()
    for _attempt in range(5):
        answer = sign_in(client, "clerk", "sai", next="/kontum/incoming/")
    assert answer.status_code == 429
    assert 'name="next" value="/kontum/incoming/"' in answer.content.decode()
