"""The servers that come along: started, taken over, found again after a kill -9, stopped."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis
import yaml

from edocman import services
from edocman.services import broker, database, processes

BASE = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A place of its own, in which no server outlives the test."""
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    _clear(tmp_path)


def _clear(folder: Path) -> None:
    services.stop(folder)
    own = database._own_base(folder)
    for left in (own, Path(f"/tmp/edocman-{database._short(folder)}")):
        shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(f"/tmp/edocman-{database._short(own)}", ignore_errors=True)


def _query(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()[0]


def _servers(folder: Path) -> list[int]:
    data = [base / "pg" for base in (folder, database._own_base(folder))]
    found = [pid for place in data for pid in processes.in_folder(place, "postgres")]
    return found + processes.in_folder(folder / "redis", "redis-server")


def _data(folder: Path) -> Path:
    places = (folder, database._own_base(folder))
    return next(base / "pg" for base in places if (base / "pg").exists())


def _oldest(folder: Path) -> tuple[int, int]:
    postmaster = int((_data(folder) / "postmaster.pid").read_text().split()[0])
    return postmaster, processes.in_folder(folder / "redis", "redis-server")[0]


def test_started_taken_over_and_stopped(folder):
    addresses = services.start(folder)
    assert _query(addresses["DATABASE_URL"], "SHOW fsync") == "on"
    assert _query(addresses["DATABASE_URL"], "SHOW data_checksums") == "on"
    assert _query(addresses["DATABASE_URL"], "SELECT lower('ĐẾN')") == "đến"
    assert _query(addresses["DATABASE_URL"], "SHOW listen_addresses") == ""
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        for extension in ("unaccent", "pg_trgm"):
            connection.execute(f"CREATE EXTENSION {extension}")
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        assert client.config_get("appendonly") == {"appendonly": "yes"}
    before = _oldest(folder)
    assert services.start(folder) == addresses
    assert _oldest(folder) == before
    services.stop(folder)
    assert _servers(folder) == []


def test_what_is_thrown_away_waits_for_no_disk(folder):
    addresses = services.start(folder, durable=False)
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert _query(addresses["DATABASE_URL"], f"SHOW {name}") == "off"


def test_nothing_is_lost_and_no_pid_file_bars_the_way_after_a_kill(folder):
    addresses = services.start(folder)
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE letter AS SELECT 7 AS number")
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        client.rpush("celery", "a task")
    time.sleep(1.2)  # Redis writes its queue to the disk every second
    for pid in _servers(folder):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    addresses = services.start(folder)
    assert _query(addresses["DATABASE_URL"], "SELECT number FROM letter") == 7
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        assert client.lrange("celery", 0, -1) == [b"a task"]


def test_a_pid_file_that_names_a_stranger_is_no_server(folder):
    services.start(folder)
    data = _data(folder)
    services.stop(folder)
    # Our own number lives, and belongs to no PostgreSQL.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n")
    assert _query(services.start(folder)["DATABASE_URL"], "SELECT 1") == 1


def test_servers_named_by_the_environment_are_not_started(folder, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/edocman")
    monkeypatch.setenv("REDIS_URL_FILE", "/run/secrets/redis_url")
    assert services.start(folder) == {}
    assert _servers(folder) == []


def test_the_port_of_redis_moves_when_it_is_taken(folder):
    url = broker.start(folder)
    port = int(re.search(r":(\d+)/", url)[1])
    broker.stop(folder)
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        assert broker.start(folder) != url


def test_a_folder_with_a_long_path_gets_a_short_socket_that_is_ours(folder):
    deep = folder / ("dài " * 30)
    deep.mkdir()
    try:
        url = database.start(deep)
        sockets = Path(unquote(urlsplit(url).hostname))
        assert sockets.stat().st_mode & 0o077 == 0
        assert _query(url, "SELECT 1") == 1
    finally:
        _clear(deep)


def test_two_at_once_do_not_fight_and_a_dead_one_holds_nothing(folder):
    program = (
        "import sys, time, pathlib; from edocman import services\n"
        "with services.lock(pathlib.Path(sys.argv[1]), 'http://localhost:8000/'):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, cwd=BASE
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(services.Busy) as busy, services.lock(folder, "second"):
            pass
        assert busy.value.note == "http://localhost:8000/"
    finally:
        holder.kill()
        holder.communicate()
    with services.lock(folder, "third"):
        assert (folder / "lock").read_text() == "third"


def test_the_lock_names_every_dependency_and_no_address():
    text = (BASE / "requirements.lock").read_text()
    assert not re.search(r"://|--(index|extra-index|find-links|trusted)", text)
    pinned = set(re.findall(r"^([a-z0-9._-]+)==", text, re.MULTILINE))
    project = tomllib.loads((BASE / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    assert {re.match(r"[\w.-]+", line)[0].lower() for line in wanted} <= pinned
    production = (BASE / "requirements-production.lock").read_text()
    assert set(re.findall(r"^\S+==\S+", production, re.MULTILINE)) <= set(
        re.findall(r"^\S+==\S+", text, re.MULTILINE)
    )


def test_compose_holds_the_whole_office_and_no_secret():
    compose = yaml.safe_load((BASE / "docker-compose.yml").read_text())
    parts = compose["services"]
    assert set(parts) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    for name, part in parts.items():
        assert "healthcheck" in part or name == "migrate"
        assert set(part["secrets"]) <= set(compose["secrets"])
        volumes = {volume.partition(":")[0] for volume in part["volumes"]}
        assert volumes <= set(compose["volumes"])
        assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & set(part.get("environment", {}))
    assert parts["web"]["healthcheck"]["test"][-1] == "/readyz"


def test_compose_and_procfile_run_the_same_commands():
    compose = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    lines = (BASE / "Procfile").read_text().splitlines()
    procfile = dict(line.split(": exec ", 1) for line in lines)
    for name, command in procfile.items():
        said = " ".join(compose[name]["command"]).replace("/beat/schedule", '"$BEAT_SCHEDULE"')
        assert said == command
