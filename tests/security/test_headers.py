"""What every answer says to the browser, the cookies over HTTPS, redirects, the host's name."""

import json
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD
from tests.security.addresses import addresses
from tests.security.conftest import drained, fresh
from tests.test_house import SAFE, run

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    # Ours, and the signing program on the reader's own machine.
    "connect-src": "'self' wss://127.0.0.1:8987",
    "form-action": "'self'",
    "manifest-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def faults(answer) -> list[str]:
    """What an answer leaves open."""
    header = answer.headers
    directives = dict(
        part.strip().split(" ", 1)
        for part in header.get("Content-Security-Policy", "").split(";")
        if part.strip()
    )
    wanted = {
        "CSP": directives == CSP,
        "nosniff": header.get("X-Content-Type-Options") == "nosniff",
        "frames": header.get("X-Frame-Options") == "DENY",
        "referrer": header.get("Referrer-Policy") == "same-origin",
        "opener": header.get("Cross-Origin-Opener-Policy") == "same-origin",
    }
    return [name for name, there in wanted.items() if not there]


def is_kept(answer) -> bool:
    """Whether a browser would keep what it shows a signed-in person."""
    control = {part.strip() for part in answer.get("Cache-Control", "").split(",")}
    if answer.get("Content-Type", "").startswith("image/"):
        # One hour, and under this cookie only: the next person at the machine asks anew.
        return "private" not in control or "Cookie" not in answer["Vary"]
    is_page = answer.get("Content-Type", "").startswith("text/html")
    return (is_page or answer.streaming) and not {"no-store", "private"} <= control


def _asked(site):
    """Address and answer of everything: the clerk, the administrator, and who is not signed in."""
    own = {reader: fresh(site, reader) for reader in ("clerk", "boss", "anonymous")}
    for path in addresses(site, each_verb=False):
        client = own["boss" if path.startswith("/admin/") else "clerk"]
        yield path, drained(client.get(path))
    for path in ("/", "/login/", "/admin/", "/healthz", "/kontum/", "/khong-co/", "/static/none"):
        yield path, own["anonymous"].get(path)


def test_every_answer_has_the_headers_of_the_house_and_stays_nowhere(site):
    """Found or not, page, file and picture; of a signed-in person the browser keeps nothing."""
    wrong, kept = {}, []
    for path, answer in _asked(site):
        if fault := faults(answer):
            wrong[path] = fault
        if answer.wsgi_request.user.is_authenticated and is_kept(answer):
            kept.append(path)
    assert wrong == {}
    assert kept == []


def test_scripts_and_styles_have_them_too(site):
    answer = drained(Client().get("/static/js/app.js"))
    assert (answer.status_code, faults(answer)) == (200, [])


def test_refused_answers_have_them_too(site):
    client = Client(enforce_csrf_checks=True)
    assert faults(client.post("/login/")) == []
    answer = client.get("/login/", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, faults(answer)) == (400, [])


def test_a_file_is_saved_and_never_opened(site):
    path = reverse("incoming:file", args=["kontum", site.work.pk, 1])
    answer = drained(fresh(site, "clerk").get(path))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] in ("application/pdf", "application/octet-stream")


# --- Over HTTPS.

_ASKED = (
    "import json, django; from django.conf import settings; django.setup();"
    "print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()"
    " and name.startswith(('SESSION_', 'CSRF_', 'LANGUAGE_COOKIE', 'SECURE_'))}, default=str))"
)


@pytest.fixture
def production(settings):
    """The answers of the settings that production starts with."""
    started = run("-c", _ASKED, **SAFE)
    for name, value in json.loads(started.stdout).items():
        if name.startswith(("SESSION_COOKIE", "CSRF_COOKIE", "LANGUAGE_COOKIE", "SECURE_")):
            setattr(settings, name, value)
    return settings


@pytest.mark.usefixtures("empty_cache")
def test_every_cookie_over_https_is_secure_and_out_of_reach_of_scripts(site, production):
    client = Client()
    baked = SimpleCookie()
    for answer in (
        client.get("/login/", secure=True),
        client.post("/login/", {"username": "clerk", "password": PASSWORD}, secure=True),
        client.post("/account/language/", {"language": "vi"}, secure=True),
        client.post("/kontum/notifications/", secure=True),
    ):
        baked.update(answer.cookies)
    assert {"sessionid", "csrftoken", "django_language", "messages"} <= set(baked)
    for name, morsel in baked.items():
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax"), (
            name
        )


def test_http_leads_to_https_and_the_browser_remembers(site, production):
    client = Client()
    answer = client.get("/login/")
    assert (answer.status_code, answer.url) == (301, "https://testserver/login/")
    assert client.get("/login/", secure=True)["Strict-Transport-Security"] == (
        "max-age=31536000; includeSubDomains; preload"
    )
    assert client.get("/healthz").status_code == 200


def test_a_forged_proxy_header_makes_nothing_secure(site, production):
    answer = Client().get("/login/", headers={"X-Forwarded-Proto": "https"})
    assert answer.status_code == 301


# --- The host's name, and where one is sent.


@pytest.mark.parametrize("host", ["elsewhere.example", "testserver.elsewhere.example", "a b", "["])
def test_another_host_is_refused(site, host):
    for reader in ("clerk", "anonymous"):
        answer = fresh(site, reader).get("/login/", headers={"Host": host})
        assert answer.status_code == 400
        assert "elsewhere.example" not in answer.content.decode()


def test_a_forwarded_host_is_not_believed(site):
    """No link and no redirect is made of it."""
    evil = "elsewhere.example"
    client = fresh(site, "clerk")
    for path in ("/", "/kontum/", "/kontum/incoming", "/login/"):
        answer = client.get(path, headers={"X-Forwarded-Host": evil, "Forwarded": f"host={evil}"})
        assert evil not in answer.content.decode()
        assert evil not in answer.get("Location", "")


ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "http:elsewhere.example",
    "https:///elsewhere.example",
    "/\t/elsewhere.example",
    " //elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http://testserver@elsewhere.example/",
    "http://[elsewhere.example",
    "/kontum/\r\nLocation: https://elsewhere.example/",
]
_LEAVES = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:|[/\\]\s*[/\\])", re.IGNORECASE)


def stays(location: str) -> bool:
    """Whether a browser that is sent there stays with us."""
    return not _LEAVES.match(location) and "\n" not in location


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("there", ELSEWHERE)
def test_nobody_is_sent_elsewhere(site, there):
    """`next` at sign-in and at the language, the referring page, htmx, a doubled slash."""
    told = {"username": "clerk", "password": PASSWORD, "next": there}
    answers = [
        Client().post("/login/", told),
        Client().post(f"/login/?{urlencode({'next': there})}", told),
        fresh(site, "clerk").get("/login/", {"next": there}),
        Client().post("/account/language/", {"language": "en", "next": there}),
        fresh(site, "clerk").post("/account/language/", {"language": "en", "next": there}),
        Client().get("/admin/login/", {"next": there}),
        Client().get("/kontum/", headers={"HX-Request": "true", "HX-Current-URL": _line(there)}),
        Client().post("/account/language/", {"language": "en"}, headers={"Referer": _line(there)}),
        fresh(site, "clerk").post("/account/post/", {"appointment": _post(site), "next": there}),
    ]
    for place, answer in enumerate(answers):
        location = answer.get("Location", "") or answer.get("HX-Redirect", "")
        assert location, place
        assert stays(location), (place, location)


def _line(text: str) -> str:
    """What fits into a header."""
    return text.replace("\r", "").replace("\n", "")


def _post(site) -> int:
    return site.cast.clerk.appointments.get().pk


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/%5Celsewhere.example", "//kontum"])
def test_a_slash_that_is_added_leads_nowhere_else(site, path):
    answer = fresh(site, "clerk").get(path)
    assert stays(answer.get("Location", "/"))
