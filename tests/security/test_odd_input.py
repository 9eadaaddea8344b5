"""Whatever is sent: an answer in words, never an error of the server."""

import re
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import reverse

from edocman import wsgi
from tests.files import build
from tests.security.addresses import addresses, patterns
from tests.security.conftest import drained, fresh
from tests.test_matrix import BLOCKS, READERS, address, form

ODD = {
    "empty": "",
    "NUL": "a\0b",
    "huge number": "9" * 30,
    "longer than int() reads": "9" * 5000,
    "below zero": "-1",
    "fraction": "1e400",
    "not a number": "NaN",
    "wide digits": "１２",
    "superscript": "²",
    "long": "x" * 20_000,
    "quotes": "'\"`--;%_\\",
    "format": "%s%n%(x)s{0.__class__}{{7*7}}",
    "path": "../../../../etc/passwd",
    "lines": "a\r\nSet-Cookie: x=1",
    "backwards": "\u202efdp.exe\ufeff\u0000",
    "not Unicode": "\ufffe\uffff",
    "combining": "e" + "\u0301" * 3000,
}
# What our own code reads from addresses and forms; a new name is found by itself.
_NAMES = re.compile(
    r"request\.(?:GET|POST)(?:\.get(?:list)?\(|\[)\"(\w+)\"|\"(\w+)\" (?:not )?in request\."
)
_FIELDS = re.compile(r"^    (\w+) = (?:\w+\.)?_?\w*(?:Field|Words|Filter|choice)\(", re.MULTILINE)
APPS = ("accounts", "documents", "incoming", "outgoing", "reports", "core")


def names() -> list[str]:
    """Every name of a parameter."""
    found = {"csrfmiddlewaretoken", "next", "language", "cursor", "rows", "who-0", "due_date-0"}
    for app in APPS:
        for path in Path(settings.BASE_DIR, app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            found |= {one or other for one, other in _NAMES.findall(text)}
            if "forms" in path.parts or path.name in ("forms.py", "filters.py"):
                found |= set(_FIELDS.findall(text))
    return sorted(found)


def test_the_names_are_found():
    assert {"q", "page", "file", "density", "tab", "do", "zoom", "subject", "since"} <= set(names())


def ours(site) -> list[str]:
    """The addresses of the product, each once; not the way out, after which nothing is tried."""
    found = addresses(site, each_verb=False)
    return [one for one in found if not one.startswith("/admin/") and one != "/logout/"]


def status(client, method: str, path: str, *arguments, **options) -> int:
    """What a request gets; nothing that it changes stays."""
    with transaction.atomic():
        answer = drained(getattr(client, method)(path, *arguments, **options))
        transaction.set_rollback(True)
    if path == reverse("accounts:sign_out_others"):
        cache.clear()  # the browser's session there is of the round that was rolled back
    return answer.status_code


@pytest.mark.parametrize("method", ["get", "post"])
def test_odd_parameters_of_every_page(site, method):
    """All names at once, each with another value; then with the next ones."""
    client, odd, wrong = fresh(site, "clerk"), list(ODD.values()), []
    for turn in range(0, len(odd), 6):
        data = {name: odd[(place + turn) % len(odd)] for place, name in enumerate(names())}
        if method == "get":  # as many letters as a server takes in one address
            data = {name: value[:300] for name, value in data.items()}
        wrong += [(path, turn) for path in ours(site) if status(client, method, path, data) >= 500]
    assert wrong == []


def test_odd_values_of_every_filter(site):
    client, wrong = fresh(site, "clerk"), []
    for path in ("/kontum/incoming/", "/kontum/search/", "/kontum/search/issuers/"):
        for case, odd in ODD.items():
            if status(client, "get", path, dict.fromkeys(names(), odd[:300])) >= 500:
                wrong.append((path, case))
    assert wrong == []


def _fields(site):
    """Every field of every form that somebody may send, rightly filled in but for one."""
    for block in BLOCKS.values():
        for row in block:
            words, cells = " ".join(row[1 : -len(READERS)]), row[-len(READERS) :]
            for short, cell in zip(READERS, cells, strict=True):
                if row[0] == "POST" and cell == "302" and READERS[short] != "anonymous":
                    reader = READERS[short]
                    filled = form(site, words, reader)
                    for name in filled if words.split()[0] != "login" else ():
                        yield reader, address(site, words), filled, name
                    break


@pytest.mark.usefixtures("empty_cache")
def test_one_odd_field_in_a_form_that_is_right_otherwise(site):
    """The values that a database or a format would stumble over."""
    wrong, tried = [], 0
    odd = ("NUL", "huge number", "not Unicode")
    clients = {}
    for reader, path, filled, name in _fields(site):
        client = clients.setdefault(reader, fresh(site, reader))
        for case in odd:
            for one in filled.values():
                if hasattr(one, "seek"):
                    one.seek(0)
            tried += 1
            if status(client, "post", path, filled | {name: ODD[case]}) >= 500:
                wrong.append((path, name, case))
    assert wrong == []
    assert tried > 100


def test_many_values_under_one_name(site):
    """Arrays, as other frameworks read them, and more fields than a form has."""
    client = fresh(site, "clerk")
    data = {name: ["1", "2", ""] for name in names()}
    data |= {f"{name}[]": "1" for name in names()} | {f"{name}[x]": "1" for name in names()}
    for path in ours(site):
        assert status(client, "post", path, data) < 500, path
    for path in ("/kontum/incoming/", "/kontum/search/"):
        assert status(client, "get", path, data) < 500, path
    assert client.get("/kontum/").status_code == 200  # signed in to the end
    many = {f"field-{place}": "1" for place in range(1100)}
    assert status(client, "post", "/kontum/search/saved/", many) == 400
    saved = {"page": "book", "name": "x", "query": "&".join(f"a{n}=1" for n in range(1100))}
    assert 400 <= status(client, "post", "/kontum/search/saved/", saved) < 500


_PARTS = ["0", "9" * 30, "9" * 5000, "-1", "%00", "%ED%A0%80", "%0d%0aX", "..%2f.."]


@pytest.mark.parametrize("part", _PARTS, ids=[one[:12] for one in _PARTS])
def test_odd_parts_of_every_address(site, part):
    """Keys and names that nobody has: not found, whatever they look like."""
    clients = {True: fresh(site, "boss"), False: fresh(site, "clerk")}
    wrong = []
    for path, _pattern in patterns():
        groups = re.findall(r"<[^>]+>", path)
        for group in groups:
            rest = path.replace(group, part)
            for other in groups:
                rest = rest.replace(other, "kontum" if "agency" in other else "1")
            is_admin = path.startswith("/admin/")
            if is_admin and part not in ("9" * 30, "%00", "%ED%A0%80"):
                continue
            found = status(clients[is_admin], "get", rest)
            # Page 0 of Django's own lists and the admin's way home lead somewhere.
            if found >= 500 or (found == 200 and not path.startswith("/admin/")):
                wrong.append((rest[:80], found))
    assert wrong == []


@pytest.mark.parametrize("case", ["NUL", "huge number", "quotes"])
def test_odd_questions_to_the_lists_of_the_admin(site, case):
    """Its filters, its search, its order, its choices."""
    client = fresh(site, "boss")
    wrong = []
    asked = ("q", "p", "id", "username", "date__year", "is_active__exact", "_to_field")
    for path in addresses(site, each_verb=False):
        if path.startswith("/admin/") and path.count("/") == 4:
            wrong += [
                (path, name)
                for name in asked
                if status(client, "get", path, {name: ODD[case]}) >= 500
            ]
    assert wrong == []


# --- Headers, cookies, encodings.

HEADERS = {
    "Cookie": [
        'sessionid="\\000aaaaaaaaaaaaaaaa"',
        "sessionid=" + "a" * 4000,
        "messages=x; csrftoken=\xff",
        "django_language=../../x",
        'django_language="\\000"',
        "sessionid=\xed\xa0\x80aaaaaaaaaaa",
    ],
    "HX-Current-URL": ["http://[", "\xff", "javascript:alert(1)", "http://testserver:x/"],
    "HX-Target": ["\xff<script>"],
    "X-Forwarded-For": ["\xff, ,", "1" * 5000, "::1%\xff"],
    "Referer": ["http://[", "\xff"],
    "Accept-Language": ["x" * 5000, "\xff;q=x"],
    "If-Modified-Since": ["Thu, 99 Foo 9999999 99:99:99 GMT"],
    "Range": ["bytes=9-1,x"],
    "Origin": ["null", "http://["],
    "Content-Length": ["-1", "x"],
}


@pytest.mark.parametrize("name", HEADERS)
def test_odd_headers(site, name):
    wrong = []
    for value in HEADERS[name]:
        for reader in ("clerk", "anonymous"):
            for method in ("get", "post"):
                client = fresh(site, reader, enforce_csrf_checks=name == "Origin")
                headers = {"HX-Request": "true", name: value}
                if name == "Cookie":
                    client.cookies = SimpleCookie()
                    options = {"HTTP_COOKIE": value}
                    headers.pop(name)
                else:
                    options = {}
                for path in ("/", "/login/", "/kontum/incoming/", "/account/language/", "/admin/"):
                    if status(client, method, path, headers=headers, **options) >= 500:
                        wrong.append((value[:30], reader, method, path))
    assert wrong == []


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "unicode_escape", "x"])
def test_another_encoding_than_utf_8(site, charset):
    """A charset is the browser's word: what it makes of bytes could be no text at all."""
    odd = "\\ud800" if charset == "unicode_escape" else "%2B2AA-"
    part = f'--x\r\nContent-Disposition: form-data; name="NAME"\r\n\r\n{unquote(odd)}\r\n--x--\r\n'
    client, wrong = fresh(site, "clerk"), []
    for path, name in (
        ("/kontum/search/", "q"),
        ("/kontum/search/saved/", "name"),
        ("/login/", "username"),
        (reverse("incoming:verb", args=["kontum", site.work.pk, "comment"]), "text"),
    ):
        asked = f"{path}?{name}={odd}"
        for kind, sent in (
            ("application/x-www-form-urlencoded", f"{name}={odd}"),
            ("multipart/form-data; boundary=x", part.replace("NAME", name)),
        ):
            if status(client, "generic", "POST", asked, sent, f"{kind}; charset={charset}") >= 500:
                wrong.append((path, kind))
        headers = {"Content-Type": f"text/plain; charset={charset}"}
        if status(client, "get", asked, headers=headers) >= 500:
            wrong.append((path, "in the address"))
    assert wrong == []


def test_a_charset_that_would_stop_django_does_not_reach_it(monkeypatch):
    """ "idna" and "base64" decode no address: the request itself could not be made."""
    sent: list[dict[str, str]] = []
    monkeypatch.setattr(wsgi, "_office", lambda environ, _start: sent.append(environ) or [])
    for kind in ("text/plain; charset=idna", 'text/plain;CHARSET="base64"', "text/plain"):
        wsgi.application({"CONTENT_TYPE": kind}, lambda *_answer: None)
    wsgi.application(
        {"CONTENT_TYPE": "multipart/form-data; charset=x; boundary=y"}, lambda *_a: None
    )
    wsgi.application({}, lambda *_answer: None)
    kinds = [one.get("CONTENT_TYPE") for one in sent]
    assert kinds == [*["text/plain"] * 3, "multipart/form-data; boundary=y", None]


BODIES = {
    "not a form": (b"\xff\xfe\x00{]", "application/json"),
    "XML with an entity": (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        "text/xml",
    ),
    "no boundary": (b"--x\r\n", "multipart/form-data"),
    "broken off": (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF',
        "multipart/form-data; boundary=x",
    ),
    "no name": (
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nx\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    "bytes that are no letters": (
        b"subject=%ff%fe%00&name=\xff",
        "application/x-www-form-urlencoded",
    ),
}


@pytest.mark.parametrize("case", BODIES)
def test_odd_bodies(site, case):
    content, kind = BODIES[case]
    client = fresh(site, "clerk")
    for path in ours(site):
        if "/files/" not in path and "/history/" not in path:
            assert status(client, "generic", "POST", path, content, kind) < 500, path


# --- Names of files.

FILE_NAMES = {
    "../../../../etc/passwd": "passwd",
    "..\\..\\windows\\win.ini.pdf": "win.ini.pdf",
    "/etc/cron.d/x.pdf": "x.pdf",
    "a\r\nX-Injected: 1\r\n\r\n<html>.pdf": "aX-Injected 1<html>.pdf",
    'a"; filename="b.html': 'a"; filename="b.html',
    "\x1b[31mdo.pdf": "[31mdo.pdf",
    "..": "tep",
    "....//....//x.pdf": "x.pdf",
    "thư\u202efdp.exe": "thưfdp.exe",
    "%2e%2e%2fx.pdf": "%2e%2e%2fx.pdf",
    "x.html": "x.html",
    "x.svg": "x.svg",
}


@pytest.mark.parametrize("name", FILE_NAMES)
def test_no_file_name_leads_elsewhere_or_makes_a_header(site, name):
    """Sent by hand, byte for byte; taken into the book, and fetched again."""
    client = fresh(site, "clerk")
    before = _outside()
    typed = form(site, "register", "clerk")
    typed.pop("files")
    parts = [_part(f'form-data; name="{key}"', str(value).encode()) for key, value in typed.items()]
    sent = name.replace("\\", "\\\\").replace('"', '\\"')
    parts.append(_part(f'form-data; name="files"; filename="{sent}"', build(pages=4)))
    answer = client.generic(
        "POST",
        "/kontum/incoming/register/",
        b"".join(parts) + b"--x--\r\n",
        "multipart/form-data; boundary=x",
    )
    if "\n" in name or name == "..":
        assert answer.status_code < 500  # a broken part is no file, or its name is one line
        return
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    path = reverse("incoming:file", args=["kontum", int(answer.url.split("/")[3]), 1])
    got = drained(client.get(path))
    header = got["Content-Disposition"]
    assert header.startswith("attachment")
    assert not re.search(r"[\r\n\x00-\x1f]", header)
    assert "X-Injected" not in got.headers
    assert got["Content-Type"] in ("application/pdf", "application/octet-stream")
    assert _outside() == before


def _part(disposition: str, content: bytes) -> bytes:
    return f"--x\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


def _outside() -> set[str]:
    """Files beside the store, none of which a request may make."""
    root = Path(settings.DATA_ROOT)
    return {
        str(one)
        for one in [*root.parent.glob("*.pdf"), *root.glob("*")]
        if one.name not in {"store", "quarantine", "derived"}
    }


def test_no_address_of_a_page_leads_into_the_store(site):
    """Page images are named by numbers alone; nothing of the data is served as it lies."""
    client, tried = fresh(site, "clerk"), 0
    for path in (
        "/kontum/incoming/1/files/1/..%2f..%2fx/",
        "/static/../edocman/settings.py",
        "/static/..%2f..%2fedocman/settings.py",
        "/static//etc/passwd",
        "/store/",
        "/media/",
        "/var/data/",
        "/.git/config",
        "/static/js/",
        "/static/.env",
        "/static/js/..%5c..%5cx",
    ):
        answer = client.get(path)
        assert answer.status_code in (404, 301), path
        tried += 1
    assert tried == 11


def test_who_is_not_signed_in_breaks_nothing_either(site):
    client = Client(raise_request_exception=False)
    for case in ODD.values():
        for path in ("/login/", "/account/language/", "/logout/", "/admin/login/"):
            data = dict.fromkeys(("username", "password", "next", "language"), case)
            for method in ("get", "post"):
                assert status(client, method, path, data) < 500, (path, case[:20])
