"""An office on the machine's own servers: PostgreSQL and Redis as Debian brings them."""

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from celery import Celery

from core.apps import POSTGRESQL
from edocman.benchmark.measuring import Browser
from edocman.services import database, processes
from tests.cast import PASSWORD

BASE = Path(__file__).resolve().parents[2]
MARK = "EDOCMAN_OUTSIDE"  # in the environment of all that is started here
# Servers end with the process that started them, however that one ends.
WITH_US = ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []
PATIENCE = 60  # seconds; only a failure, or a very busy machine, is as slow as that
WORKERS = ("one", "two")


def postgresql() -> Path | None:
    """The folder of the machine's own PostgreSQL programs, the newest that is new enough."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if there := shutil.which("initdb"):
        found.append(Path(there))
    usable = {path: version for path in found if (version := _version(path)) >= POSTGRESQL}
    return max(usable, key=usable.__getitem__).parent if usable else None


def _version(program: Path) -> int:
    said = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"(\d+)", said.stdout)
    return int(number[1]) if number else 0


def redis_server() -> Path | None:
    """The machine's own Redis; in Debian's redis-tools it lies under another name."""
    # One program, told what to do by its name: redis-tools has it without a service.
    for name in ("redis-server", "redis-check-rdb"):
        if there := shutil.which(name):
            return Path(there).resolve()
    return None


def wait_for(what: str, ask: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """What `ask` answers once it is something."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s for {what}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Outside:
    """Everything that runs, by name; `close` leaves nothing of it."""

    def __init__(self) -> None:
        # Not pytest's folder: PostgreSQL's account may not enter that one.
        self.folder = Path(tempfile.mkdtemp(prefix="edocman-outside-"))
        self.folder.chmod(0o711)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.browsers: list[Browser] = []
        self.ports = {name: free_port() for name in ("pg", "redis", "a", "b")}
        self.password = secrets.token_hex(8)
        self.database_url = (
            f"postgresql://van_phong:{self.password}@127.0.0.1:{self.ports['pg']}/van_phong"
        )
        self.redis_url = f"redis://:{self.password}@127.0.0.1:{self.ports['redis']}/0"
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            MARK: str(self.folder),
            "DJANGO_SETTINGS_MODULE": "edocman.settings",
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "DATA_ROOT": str(self.folder / "data"),
            "STATIC_ROOT": str(self.folder / "static"),
            "SECRET_KEY": secrets.token_hex(32),
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "off",
            "DEBUG": "0",
            "INSPECTION_SECONDS": "4",
            "LOG_LEVEL": "INFO",
        }
        if supervised := os.environ.get("EDOCMAN_SUPERVISED"):
            # Should the tests be killed, the supervisor finds what they have left.
            self.environment["EDOCMAN_SUPERVISED"] = supervised

    # --- The servers.

    def start_postgresql(self, programs: Path) -> None:
        """A fresh cluster on a port, with passwords, and a database whose owner is nobody special.

        PostgreSQL refuses to run as root.
        """
        user, group = database._account() if os.geteuid() == 0 else (None, None)
        data = self.folder / "pg"
        data.mkdir(mode=0o700)
        if user is not None and group is not None:
            os.chown(data, user, group)
        log = processes.open_log(self.folder / "log", "postgresql.log")
        cluster = database.Cluster(data, data, log, programs, user, group)
        made = cluster.call(
            "initdb",
            f"--pgdata={data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        assert made.returncode == 0, made.stderr
        (data / "pg_hba.conf").write_text(
            "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        )
        self.running["pg"] = processes.launch(
            [
                *WITH_US,
                *(str(programs / "postgres"), "-D", str(data), "-p", str(self.ports["pg"])),
                *("-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}"),
            ],
            log,
            user,
            group,
            {"PATH": "/usr/bin:/bin", "LC_ALL": "C", MARK: str(self.folder)},
        )
        connection = wait_for("PostgreSQL", lambda: self._as_postgres(data))
        with connection:
            connection.execute(f"CREATE ROLE van_phong LOGIN PASSWORD '{self.password}'")
            connection.execute("CREATE DATABASE van_phong OWNER van_phong")

    def _as_postgres(self, data: Path) -> psycopg.Connection | None:
        try:
            return psycopg.connect(
                host=str(data),
                port=self.ports["pg"],
                user="postgres",
                dbname="postgres",
                autocommit=True,
            )
        except psycopg.OperationalError:
            return None

    def start_redis(self, program: Path) -> None:
        """Redis with a password; started again, it has what it had."""
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        (folder / "redis.conf").write_text(
            f"requirepass {self.password}\nbind 127.0.0.1\nport {self.ports['redis']}\n"
            f"dir {folder}\nappendonly yes\nappendfsync always\n"
        )
        name = folder / "redis-server"
        if not name.is_symlink():
            name.symlink_to(program)
        command = [*WITH_US, str(name), str(folder / "redis.conf")]
        self._start("redis", command, self.environment)
        wait_for("Redis", self.redis_answers)

    def redis_answers(self) -> bool:
        try:
            with self.redis() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def redis(self) -> redis.Redis:
        return redis.Redis.from_url(self.redis_url, socket_connect_timeout=1)

    # --- The office.

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program of ours in the environment of this office."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=BASE,
            env=self.environment,
            text=True,
            capture_output=True,
            check=False,
            timeout=PATIENCE * 2,
        )

    def start_web(self, name: str) -> None:
        bind = {"WEB_BIND": f"127.0.0.1:{self.ports[name]}"}
        command = ["-m", "gunicorn", "--config", "python:edocman.web", "edocman.wsgi"]
        self._start(name, [sys.executable, *command], self.environment | bind)

    def start_worker(self, name: str) -> None:
        """A worker as another machine would run it: a name of its own, one task at a time."""
        command = ["-m", "celery", "--quiet", "--app", "edocman", "worker", "--concurrency", "1"]
        command += ["--loglevel", "INFO", "--hostname", f"{name}@%h"]
        self._start(name, [sys.executable, *command], self.environment)

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        log = processes.open_log(self.folder / "log", f"{name}.log")
        with log.open("ab") as lines:
            self.running[name] = subprocess.Popen(
                command,
                cwd=BASE,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
                start_new_session=True,
            )

    def wait_for_web(self, name: str) -> None:
        def answers() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.ports[name])) == 0

        wait_for(f"web {name}: {self.log(name)}", answers)

    def wait_for_worker(self, name: str, times: int = 1) -> None:
        wait_for(f"worker {name}", lambda: self.log(name).count(" ready.") >= times)

    def log(self, name: str) -> str:
        return (self.folder / "log" / f"{name}.log").read_text(errors="replace")

    def kill(self, *names: str) -> None:
        """As a machine that loses its power: the processes and all their children, at once."""
        gone = [self.running.pop(name) for name in names]
        for process in gone:
            os.killpg(process.pid, signal.SIGKILL)
        for process in gone:
            process.wait(PATIENCE)

    # --- Asking it.

    def sign_in(self, web: str, username: str) -> Browser:
        self.browsers.append(Browser(self.ports[web], username, PASSWORD))
        return self.browsers[-1]

    def same_session(self, browser: Browser, web: str) -> Browser:
        """The signed-in browser again, with a connection of its own to this web server."""
        here = browser.port
        browser.port = self.ports[web]
        self.browsers.append(browser.twin())
        browser.port = here
        return self.browsers[-1]

    def query(self, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.database_url, connect_timeout=5) as connection:
            cursor = connection.execute(question)
            return cursor.fetchall() if cursor.description else []

    def queue(self, task: str, *arguments: object) -> None:
        """What a web process or a clock sends, sent by hand."""
        with Celery(broker=self.redis_url, set_as_current=False) as app:
            app.send_task(task, args=arguments)

    def tasks(self, worker: str, word: str = "succeeded") -> list[str]:
        """The lines in which a worker says what became of its tasks."""
        return [line for line in self.log(worker).splitlines() if f"] {word}" in line]

    def close(self) -> None:
        """End everything, whatever state it is in."""
        for browser in self.browsers:
            browser.open.close()
        server = self.running.pop("pg", None)
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        for process in self.running.values():
            process.wait(PATIENCE)
        if server is not None:
            # Asked first: killed, it leaves its shared memory behind.
            processes.stop([server.pid], (signal.SIGINT, 20), (signal.SIGQUIT, 5))
        processes.stop(self.left(), (signal.SIGKILL, 10))
        shutil.rmtree(self.folder, ignore_errors=True)

    def left(self) -> list[int]:
        """The processes of this office that still run."""
        # PostgreSQL writes over its environment: it is known by its folder.
        servers = processes.in_folder(self.folder / "pg", "postgres")
        return [*servers, *processes.marked(MARK, str(self.folder))]


def missing() -> str:
    """Why there can be no such office on this machine; empty when there can."""
    if postgresql() is None:
        return f"no PostgreSQL {POSTGRESQL} or newer on this machine (Debian: postgresql)"
    if redis_server() is None:
        return "no Redis on this machine (Debian: redis-tools, or redis-server)"
    return ""


def need() -> tuple[Path, Path]:
    """PostgreSQL's programs and Redis; skips where the machine has none."""
    if reason := missing():
        pytest.skip(reason)
    programs, program = postgresql(), redis_server()
    assert programs
    assert program
    return programs, program
