"""Servers outside: two machines with web servers and workers on one PostgreSQL and one Redis.

One test, because all of it stands on the same running office: pytest-xdist gives one test to one
process, and what was lost in one step must be found in a later one.
"""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import NotSupportedError, connections

from core.apps import database_is_new_enough
from edocman.benchmark.measuring import Browser, register, small_pdf
from tests import files
from tests.edocman.outside import BASE, WORKERS, Outside, need, wait_for

PEOPLE = """
import django; django.setup()
from django.contrib.auth.hashers import make_password
from accounts.models import User
from tests import cast
hashed = make_password(cast.PASSWORD)  # once: it takes long on purpose
User.set_password = lambda self, raw: setattr(self, "password", hashed)
cast.make_office()
"""
PROOFS = """
import io, json; import django; django.setup()
from django.core.management import call_command
found = {}
for name in ("verify_registers", "verify_trail", "verify_grants", "verify_files"):
    out, code = io.StringIO(), 0
    try:
        call_command(name, json=True, stdout=out)
    except SystemExit as end:
        code = end.code
    found[name] = [code, json.loads(out.getvalue())]
print(json.dumps(found))
"""
REGISTRATIONS = 8
SLUG = "kontum"


@pytest.fixture
def office() -> Iterator[Outside]:
    programs, program = need()
    outside = Outside()
    try:
        outside.start_redis(program)
        outside.start_postgresql(programs)
        yield outside
    finally:
        outside.close()
        assert outside.left() == []
        assert not outside.folder.exists()


def send(browser: Browser, path: str, fields: dict[str, str], *contents: bytes) -> int:
    """The status of a form with files, sent as a browser does."""
    page = browser.get(path).decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    line = uuid4().hex
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in {**fields, "csrfmiddlewaretoken": token[1]}.items()
    ]
    for place, content in enumerate(contents):
        head = f'name="files"; filename="{place}.pdf"\r\nContent-Type: application/pdf'
        parts.append(f"--{line}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode())
        parts[-1] += content + b"\r\n"
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    return browser.send(path, body, f"multipart/form-data; boundary={line}")[0]


def receive(browser: Browser, *contents: bytes) -> None:
    assert send(browser, f"/{SLUG}/incoming/tray/", {"channel": "email"}, *contents) == 302


def typed(**more: str) -> dict[str, str]:
    return {
        "type_name": "Công văn",
        "code_number": str(uuid4().int % 10**6),
        "code_notation": "UBND-KT",
        "issued_date": time.strftime("%d/%m/%Y"),
        "organ_name": "UBND tỉnh",
        "subject": "Văn bản mất lượt kiểm tra",
        "signer_position": "Chủ tịch",
        "signer_full_name": "Lê Văn Đo",
        "gate": "none",
        "then": "open",
        "confirm_duplicate": "on",
        **more,
    }


def uninspected(office: Outside) -> list[int]:
    """Documents of the tray that nobody has looked at, the oldest first."""
    rows = office.query(
        "SELECT document_id FROM documents_quarantinedfile WHERE inspection IS NULL ORDER BY 1"
    )
    return [row[0] for row in rows]


def all_inspected(office: Outside) -> None:
    wait_for("the inspections", lambda: not uninspected(office))


def numbers(office: Outside) -> list[int]:
    rows = office.query("SELECT number FROM documents_document WHERE number > 0 ORDER BY number")
    return [row[0] for row in rows]


def busy(office: Outside, worker: str) -> bool:
    """Whether a worker has a task in hand."""
    log = office.log(worker)
    ended = re.findall(r"Task \S+ (?:succeeded|raised)", log)
    return len(re.findall(r"Task \S+ received", log)) > len(ended)


def idle(office: Outside) -> None:
    """Nothing waits, and nothing is in hand."""

    def empty() -> bool:
        with office.redis() as client:
            return not client.llen("celery") and not client.hlen("unacked")

    wait_for("the queue to run empty", empty)


def ready(office: Outside, web: str) -> tuple[int, dict[str, Any]]:
    with closing(http.client.HTTPConnection("127.0.0.1", office.ports[web], timeout=30)) as line:
        line.request("GET", "/readyz")
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())["checks"]


def test_two_webs_and_two_workers_are_one_office(office: Outside, tmp_path: Any) -> None:
    """NĐ 30/2020 Điều 22.2: no number is missing or double, whichever machine gave it."""
    slow = files.slow_to_read(tmp_path / "slow.pdf").read_bytes()
    open_office(office)
    clerk = office.sign_in("a", "clerk")
    there = office.same_session(clerk, "b")
    assert "Bùi Thị Hồng Nhung" in there.get(f"/{SLUG}/").decode()

    many_register(office, clerk)
    both_workers_inspect(office, clerk)
    the_same_twice_does_no_harm(office, there)
    a_dead_worker_loses_nothing(office, clerk, there, slow)
    redis_goes_and_comes(office, there)

    office.kill("a")
    with pytest.raises(ConnectionError):
        clerk.get(f"/{SLUG}/")
    register(there, SLUG, 99)
    idle(office)
    everything_is_sound(office)


def open_office(office: Outside) -> None:
    with ThreadPoolExecutor(2) as threads:
        commands = ["migrate", "collectstatic"]
        quiet = ["--noinput", "--verbosity", "0"]
        done = threads.map(lambda name: office.python("manage.py", name, *quiet), commands)
        assert [one.stderr for one in done] == ["", ""]
    for name in "ab":
        office.start_web(name)
    for name in WORKERS:
        office.start_worker(name)
    people = office.python("-c", PEOPLE)
    assert people.returncode == 0, people.stderr
    for name in "ab":
        office.wait_for_web(name)
    for name in WORKERS:
        office.wait_for_worker(name)
    # What a plain role of a plain server may make is all there.
    (found,) = office.query(
        "SELECT count(*) FROM pg_index WHERE indnullsnotdistinct AND indisunique"
    )
    assert found[0] >= 3
    assert office.query("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
    everything = {"database": "ok", "broker": "ok", "storage": "ok"}
    assert ready(office, "a") == ready(office, "b") == (200, everything)


def many_register(office: Outside, clerk: Browser) -> None:
    """Four at once, two at each web server."""
    hands = [office.same_session(clerk, web) for web in "aabb"]

    def work(hand: Browser) -> None:
        for number in range(REGISTRATIONS // len(hands)):
            register(hand, SLUG, number)

    with ThreadPoolExecutor(len(hands)) as threads:
        list(threads.map(work, hands))
    assert numbers(office) == list(range(1, REGISTRATIONS + 1))
    idle(office)


def both_workers_inspect(office: Outside, clerk: Browser) -> None:
    before = {name: len(office.tasks(name)) for name in WORKERS}
    receive(clerk, *[small_pdf() for _one in range(6)])
    all_inspected(office)
    idle(office)
    done = {name: len(office.tasks(name)) - before[name] for name in WORKERS}
    assert sum(done.values()) == 6
    assert min(done.values()) >= 1, done


def the_same_twice_does_no_harm(office: Outside, there: Browser) -> None:
    """A task that is delivered again, and two clocks at once: once for each cause."""
    receive(there, small_pdf())
    (newest,) = office.query("SELECT max(document_id) FROM documents_quarantinedfile")
    for _time in range(3):
        office.queue("incoming.tasks.inspect_files", newest[0])
        for command in ("seal_trail", "clear_quarantine", "inspect_tray"):
            office.queue("core.tasks.run_command", command)
    idle(office)
    assert uninspected(office) == []
    seals = office.query("SELECT agency_id, count(*) FROM documents_trailseal GROUP BY 1")
    assert [count for _agency, count in seals] == [1]
    for name in WORKERS:
        assert office.tasks(name, "raised") == []


def a_dead_worker_loses_nothing(
    office: Outside, clerk: Browser, there: Browser, slow: bytes
) -> None:
    """Three long inspections: one in each worker's hand, one that waits."""
    receive(clerk, slow, slow, slow)
    first, second, third = uninspected(office)
    wait_for("both at work", lambda: all(busy(office, name) for name in WORKERS))
    office.kill("one")
    # The other ends what it has in hand and goes on; nobody misses the one that died.
    wait_for("the other worker", lambda: len(uninspected(office)) == 2)
    office.kill("two")
    lost, waited = uninspected(office)
    assert (lost in (first, second), waited) == (True, third)

    # Whoever registers a document waits for no worker.
    before = numbers(office)
    assert send(there, f"/{SLUG}/incoming/{lost}/register/", typed()) == 302
    assert numbers(office) == [*before, before[-1] + 1]

    # What was not finished, Redis gives to the next one when its time is over.
    with office.redis() as client:
        assert client.hlen("unacked") == 2
        for tag in client.zrange("unacked_index", 0, -1):
            client.zincrby("unacked_index", -901, tag)  # a quarter of an hour later
    for name in WORKERS:
        office.start_worker(name)
    all_inspected(office)
    idle(office)


def redis_goes_and_comes(office: Outside, there: Browser) -> None:
    """The cache and the queue are away: people work on, and nothing is lost."""
    before = numbers(office)
    office.kill("redis")
    assert "Bùi Thị Hồng Nhung" in there.get(f"/{SLUG}/").decode()
    assert ready(office, "b") == (503, {"database": "ok", "broker": "failed", "storage": "ok"})
    register(there, SLUG, 77)
    assert numbers(office) == [*before, before[-1] + 1]
    receive(there, small_pdf())  # nobody could be asked to inspect it
    (waiting,) = uninspected(office)
    chief = office.sign_in("b", "chief")  # who comes only now gets in as well
    assert "Phạm Minh Tuấn" in chief.get(f"/{SLUG}/").decode()
    _programs, program = need()
    office.start_redis(program)
    assert ready(office, "b")[0] == 200
    assert uninspected(office) == [waiting]
    office.query(
        "UPDATE documents_quarantinedfile SET arrived_at = arrived_at - interval '4 minutes' "
        "WHERE inspection IS NULL"
    )
    office.queue("core.tasks.run_command", "inspect_tray")
    all_inspected(office)  # the workers have found Redis again by themselves


def everything_is_sound(office: Outside) -> None:
    assert numbers(office) == list(range(1, len(numbers(office)) + 1))
    proved = office.python("-c", PROOFS)
    assert proved.returncode == 0, proved.stderr
    found = json.loads(proved.stdout)
    assert {name: code for name, (code, _said) in found.items()} == {
        "verify_registers": 0,
        "verify_trail": 0,
        "verify_grants": 0,
        "verify_files": 0,
    }, found
    for name in "ab":
        assert "Internal Server Error" not in office.log(name)


# --- A server that is too old.


@pytest.mark.django_db
def test_the_server_at_hand_is_new_enough() -> None:
    assert database_is_new_enough(None, ["default"]) == []
    assert not [one for one in run_checks(databases=["default"]) if one.id.startswith("core.")]


@pytest.mark.django_db
def test_a_server_that_is_too_old_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL 14 leaves UNIQUE NULLS NOT DISTINCT out, and Django only warns."""
    monkeypatch.setitem(connections["default"].__dict__, "pg_version", 140011)
    (error,) = [one for one in run_checks(databases=["default"]) if one.id == "core.E001"]
    assert "PostgreSQL 15 or newer is needed. This server is PostgreSQL 14." in error.msg
    assert error.is_serious()


@pytest.mark.django_db
def test_a_server_that_django_refuses_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise NotSupportedError("PostgreSQL 14 or later is required (found 12.22).")

    monkeypatch.setattr(connections["default"], "ensure_connection", refuse)
    (error,) = database_is_new_enough(None, ["default"])
    assert "PostgreSQL 15 or newer is needed. PostgreSQL 14 or later" in error.msg


@pytest.fixture
def ascii_database() -> Iterator[str]:
    """A database whose maker forgot the encoding."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"ascii_{uuid4().hex[:8]}"
    with psycopg.connect(url.geturl(), autocommit=True) as maker:
        maker.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' "
            "LOCALE_PROVIDER libc LOCALE 'C'"
        )
        yield url._replace(path=f"/{name}").geturl()
        maker.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_in_another_encoding_stops_migrate(ascii_database: str) -> None:
    environment = {"DATABASE_URL": ascii_database, "DJANGO_SETTINGS_MODULE": "edocman.settings"}
    answer = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput"],
        cwd=BASE,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 1
    assert "(core.E002) DATABASE_URL: the database is in SQL_ASCII" in answer.stderr
