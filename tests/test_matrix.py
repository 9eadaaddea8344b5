"""Who gets what at every address: each URL × each of the cast × own, foreign and unknown."""

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core import clock
from incoming import actions
from incoming.choices import Verb
from tests import cast as play
from tests.cast import act_as, make_office
from tests.files import build

# What somebody sees who opens an address (GET) or sends a form there (POST).
#   200 the page      302 on to another page     in  to the sign-in
#   404 no such page  405 not that way           409 a rule refuses    422 typed wrongly
# Targets: "tray" has arrived; "work" is led by the planning unit (head), assigned to the specialist,
# coordinated by finance; "ward" was submitted to the ward's chair. ward_chair and ward_clerk work
# in the ward below, stranger in another agency; the others in the city.
READERS = [
    "clerk",
    "chief",
    "chair",
    "vice",
    "archivist",
    "head",
    "specialist",
    "finance_head",
    "deputy",
    "colleague",
    "adviser",
    "admin",
    "ward_chair",
    "ward_clerk",
    "ward_officer",
    "stranger",
    "anonymous",
]
TABLE = """
                                  clk chf chr vic arc hea spe fin dep col adv adm wch wcl wof str ano
GET  healthz                      200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST healthz                      405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  readyz                       200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200
POST readyz                       405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405
GET  admin:index                  in  in  in  in  in  in  in  in  in  in  in  200 in  in  in  in  in
GET  set_language                 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
POST set_language                 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302
GET  accounts:start               302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in
POST accounts:start               405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
GET  accounts:login               302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200
POST accounts:login               302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 200
GET  accounts:logout              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST accounts:logout              in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in  in
GET  accounts:password_change     200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 200 in
POST accounts:password_change     422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 422 in
GET  accounts:switch              405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 405 in
POST accounts:switch              302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 302 in

GET  reports:desk                 200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST reports:desk                 405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  reports:notifications        200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST reports:notifications        302 302 302 302 302 302 302 302 302 302 302 302 404 404 404 404 in
GET  incoming:book                200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST incoming:book                405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:help                200 200 200 200 200 200 200 200 200 200 200 200 404 404 404 404 in
POST incoming:help                405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:tray                200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:tray                302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:register            200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:register            302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in

GET  incoming:detail tray         302 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:register_received tray 200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:register_received tray 302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:refuse tray         200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:refuse tray         302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:correct tray        409 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:correct tray        409 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:history tray        200 200 200 200 200 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:file tray           200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:page tray           200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:verb/comment tray   302 302 302 302 302 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:verb/comment tray   409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:verb/submit tray    409 409 409 409 409 404 404 404 404 404 404 404 404 404 404 404 in

GET  incoming:detail work         200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST incoming:detail work         405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:register_received work 302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:register_received work 302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:refuse work         302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:refuse work         302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:correct work        200 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:correct work        302 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
GET  incoming:history work        200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST incoming:history work        405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:file work           200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST incoming:file work           405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:page work           200 200 200 200 200 200 200 200 404 404 404 404 404 404 404 404 in
POST incoming:page work           405 405 405 405 405 405 405 405 405 405 405 405 404 404 404 404 in
GET  incoming:verb/comment work   302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
GET  incoming:verb/dance work     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:verb/dance work     404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:verb/read work      404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 404 in
POST incoming:verb/submit work    409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST incoming:verb/propose work   409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST incoming:verb/direct work    409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST incoming:verb/distribute work 409 302 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in
POST incoming:verb/assign work    409 409 409 409 409 302 409 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/progress work  409 409 409 409 409 302 302 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/comment work   302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/finish work    409 409 409 409 409 409 302 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/send_back work 409 409 409 409 409 302 302 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/share work     302 302 302 302 302 302 302 302 404 404 404 404 404 404 404 404 in
POST incoming:verb/reopen work    409 409 409 409 409 409 409 409 404 404 404 404 404 404 404 404 in

GET  reports:desk ward            404 404 404 404 404 404 404 404 404 404 404 404 200 200 200 404 in
GET  incoming:book ward           404 404 404 404 404 404 404 404 404 404 404 404 200 200 200 404 in
GET  incoming:tray ward           404 404 404 404 404 404 404 404 404 404 404 404 404 200 404 404 in
GET  incoming:detail ward         404 404 404 404 404 404 404 404 404 404 404 404 200 200 404 404 in
GET  incoming:file ward           404 404 404 404 404 404 404 404 404 404 404 404 200 200 404 404 in
POST incoming:verb/propose ward   404 404 404 404 404 404 404 404 404 404 404 404 409 409 404 404 in
POST incoming:verb/distribute ward 404 404 404 404 404 404 404 404 404 404 404 404 302 409 404 404 in
POST incoming:verb/finish ward    404 404 404 404 404 404 404 404 404 404 404 404 302 409 404 404 in
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:] if line]
CASES = [(row[0], " ".join(row[1 : -len(READERS)]), row[-len(READERS) :]) for row in ROWS]


# --- The office, made once; what a request does is undone after it.


@pytest.fixture(autouse=True)
def _empty_store() -> None:
    """The files of the office stay until its end."""


@pytest.fixture(scope="module")
def office(django_db_setup: None, django_db_blocker: Any) -> Iterator[SimpleNamespace]:
    """The cast, its documents, and a signed-in client for each."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield _made()
            transaction.set_rollback(True)
        connection.close()
    shutil.rmtree(settings.DATA_ROOT, ignore_errors=True)


def _made() -> SimpleNamespace:
    cast, pdf = make_office(), build()
    ward = play.registered(cast.ward_clerk, pdf, code_number="17")
    # What nobody here may see, and what nobody has: the same to everybody.
    foreign = play.registered(cast.stranger, pdf, code_number="99")
    made = SimpleNamespace(
        cast=cast,
        pdf=pdf,
        tray=play.received(cast.clerk, pdf),
        work=play.assigned(cast, pdf),
        ward=actions.submit(act_as(cast.ward_clerk), ward),
        foreign=foreign,
        clients={"anonymous": Client()},
    )
    for name in READERS[:-1]:
        made.clients[name] = Client()
        made.clients[name].force_login(getattr(cast, name))
    return made


def ask(office: SimpleNamespace, reader: str, method: str, path: str, data: Any) -> HttpResponse:
    """One request of a fresh browser; nothing that it changes stays."""
    client = Client(raise_request_exception=True)
    client.cookies = office.clients[reader].cookies.copy()
    with transaction.atomic():
        response = getattr(client, method.lower())(path, data)
        if response.streaming:
            b"".join(response.streaming_content)
        transaction.set_rollback(True)
    return response


def address(office: SimpleNamespace, words: str, pk: int | None = None) -> str:
    """The address of "incoming:verb/finish work"; ``pk`` puts another document there."""
    name, _, target = words.partition(" ")
    name, _, verb = name.partition("/")
    pattern = PATTERNS[name]
    parts: dict[str, Any] = {}
    if "agency" in pattern:
        parts["agency"] = office.cast.ward.slug if target == "ward" else office.cast.city.slug
    if "pk" in pattern:
        parts["pk"] = pk or getattr(office, target or "work").pk
    if verb:
        parts["verb"] = verb
    parts |= {key: 1 for key in ("ordinal", "page") if key in pattern}
    return reverse(name, kwargs=parts)


def form(office: SimpleNamespace, words: str, reader: str) -> dict[str, Any]:
    """What is sent there: rightly filled in, so that only the reader and the state can be wrong."""
    cast = office.cast
    if reader == "anonymous":
        return {}
    day = (clock.today() + timedelta(days=3)).strftime("%d/%m/%Y")
    entry = {
        name: f"{value:%d/%m/%Y}" if hasattr(value, "year") else value
        for name, value in vars(play.entry(subject="Sửa trích yếu", code_number="4130")).items()
        if value is not None
    }
    scan = SimpleUploadedFile("quet.pdf", office.pdf, content_type="application/pdf")
    mine = getattr(cast, reader).appointments.get().unit
    others = [held.user for held in mine.appointments.order_by("pk")]
    beside = next(user for user in others if user != getattr(cast, reader)) if others[1:] else None
    unit = cast.ward_unit if reader.startswith("ward") else cast.office
    match words.split()[0]:
        case "incoming:tray":
            return {"files": scan}
        case "incoming:register":
            return entry | {"files": scan}
        case "incoming:register_received":
            return entry
        case "incoming:correct":
            return entry | {"reason": "Gõ nhầm."}
        case "incoming:refuse":
            return {"reason": "not_ours"}
        case "accounts:switch":
            return {"appointment": getattr(cast, reader).appointments.get().pk}
        case "incoming:verb/propose":
            leader = cast.ward_chair if reader.startswith("ward") else cast.chair
            return {"leader": leader.pk, "text": "Đề xuất."}
        case "incoming:verb/distribute":
            place = 0 if words.endswith("ward") else 1
            if words.endswith("ward"):
                person = next(u for u in (cast.ward_officer, cast.ward_clerk) if u != reader)
                return {"rows": 1, "who-0": f"p{person.pk}.{cast.ward_unit.pk}"}
            return {"rows": 2, f"who-{place}": f"u{unit.pk}", f"due_date-{place}": day}
        case "incoming:verb/assign":
            return {"rows": 2, "who-1": f"p{beside.pk}.{mine.pk}"} if beside else {"rows": 1}
        case "incoming:verb/progress":
            return {"percent": "50", "text": "Đang làm."}
        case "incoming:verb/share":
            return {"people": [f"u{unit.pk}"]}
    return {"text": "Ý kiến."}


def outcome(response: HttpResponse) -> str:
    """The status as the table writes it."""
    if response.status_code == 302 and "/login/" in response["Location"]:
        return "in"
    return str(response.status_code)


# --- The table.


def _named(patterns: list[Any], path: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Name and path of every pattern; of the admin only its first page."""
    for one in patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{one.namespace}:" if one.namespace else space
            if one.namespace == "admin":
                yield "admin:index", here
            else:
                yield from _named(one.url_patterns, here, inner)
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", here


PATTERNS = dict(_named(get_resolver().url_patterns))


def test_every_address_stands_in_the_table():
    assert {words.split()[0].partition("/")[0] for _method, words, _cells in CASES} == set(PATTERNS)
    assert {len(cells) for _method, _words, cells in CASES} == {len(READERS)}
    verbs = {words.split()[0].partition("/")[2] for _method, words, _cells in CASES} - {"", "dance"}
    assert verbs - {"read"} == set(Verb.values) - {
        "receive",
        "refuse",
        "register",
        "correct",
        "read",
    }


@pytest.mark.parametrize(
    ("method", "words", "cells"), CASES, ids=[f"{method} {words}" for method, words, _ in CASES]
)
def test_everybody_gets_what_the_table_says(office, method, words, cells):
    """Kon Tum Điều 9.3, 11.3, 23.1: nobody reaches what is not his."""
    path = address(office, words)
    given = {
        reader: outcome(ask(office, reader, method, path, form(office, words, reader)))
        if method == "POST"
        else outcome(ask(office, reader, method, path, {}))
        for reader in READERS
    }
    assert given == dict(zip(READERS, cells, strict=True))


# --- Foreign and unknown: not even that it exists.

_TOKENS = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
DOCUMENT = sorted(name for name, path in PATTERNS.items() if "pk" in path)


def _bytes(response: HttpResponse, path: str) -> bytes:
    """The answer without its tokens and without the address that was asked for."""
    return _TOKENS.sub(b"", response.content).replace(path.encode(), b"PATH")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", DOCUMENT)
def test_a_foreign_document_looks_like_none_at_all(office, method, name):
    """Kon Tum Điều 9.3: an id of another agency, a hidden one and one that nobody has."""
    words = f"{name}/comment" if name == "incoming:verb" else name
    unknown = 10**9
    for reader in READERS[:-1]:
        answers = []
        hidden = [] if reader in ("clerk", "chief", "chair", "vice", "archivist") else [office.tray]
        for pk in (unknown, office.foreign.pk, office.ward.pk, *(one.pk for one in hidden)):
            path = address(office, words, pk)
            response = ask(office, reader, method, path, form(office, words, reader))
            assert response.status_code in (404, 405), (reader, pk)
            answers.append(_bytes(response, path))
        assert len(set(answers)) == 1, reader
