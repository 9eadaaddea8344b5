"""The real web server under one and eight readers, and what it costs."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import User

BASE = Path(__file__).resolve().parent.parent.parent
SERVERS = {
    "gunicorn": ["gunicorn", "--config", "python:edocman.web", "edocman.wsgi"],
    # Tried beside it when it is installed; see docs/performance.md.
    "waitress": ["waitress", "--threads=16", "--listen={bind}", "edocman.wsgi:application"],
    "granian": [
        "granian", "--interface", "wsgi", "--host", "{host}", "--port", "{port}",
        "--blocking-threads", "16", "edocman.wsgi:application",
    ],
}  # fmt: skip


@dataclass
class Row:
    """One page, as one kind of reader asks for it."""

    page: str
    reader: str
    clients: int
    documents: int
    p50: float  # milliseconds
    p95: float
    queries: int


class Browser:
    """A signed-in reader on a connection that stays open."""

    def __init__(self, port: int, username: str, password: str) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.open = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        page = self.get("/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token  # noqa: S101 -- the sign-in page has a form
        fields = {"username": username, "password": password}
        body = urlencode({**fields, "csrfmiddlewaretoken": token[1].decode()}).encode()
        status, _page = self.send("/login/", body, "application/x-www-form-urlencoded")
        if status != 302:
            raise RuntimeError(f"sign-in answered {status}")

    def twin(self) -> "Browser":
        """The same reader on a connection of its own: signing in takes long on purpose."""
        other = Browser.__new__(Browser)
        other.port, other.cookies = self.port, dict(self.cookies)
        other.open = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        return other

    def get(self, path: str) -> bytes:
        """The page. Raises RuntimeError for anything but 200."""
        status, page = self._ask("GET", path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return page

    def send(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """The status of a POST, and what it shows."""
        return self._ask("POST", path, body, kind)

    def _ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, bytes]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "Referer": f"http://127.0.0.1:{self.port}{path}"}
        try:
            self.open.request(method, path, body or None, headers)
            answer = self.open.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            self.open.close()  # the server closes what has been quiet for some seconds
            self.open.request(method, path, body or None, headers)
            answer = self.open.getresponse()
        page = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page


@contextmanager
def server(
    database: str, folder: Path, name: str = "gunicorn"
) -> Iterator[tuple[int, psutil.Process]]:
    """The web server on a free port against that database; its port and its process."""
    folder.mkdir(exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    bind = f"127.0.0.1:{port}"
    environment = os.environ | {
        "DATABASE_URL": database,
        "DATA_ROOT": str(folder),
        "WEB_BIND": bind,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "off",
        "DEBUG": "0",
        "SECRET_KEY": uuid4().hex * 2,
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "ERROR",
    }
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
        cwd=BASE,
        env=environment,
        check=True,
    )
    command = [part.format(bind=bind, host="127.0.0.1", port=port) for part in SERVERS[name]]
    log = folder / "server.log"
    with log.open("wb") as lines:
        child = subprocess.Popen(  # noqa: S603 -- ours
            [sys.executable, "-m", *command], cwd=BASE, env=environment, stdout=lines, stderr=lines
        )
    try:
        _wait_for(port, child, log)
        yield port, psutil.Process(child.pid)
    finally:
        child.terminate()
        with suppress(subprocess.TimeoutExpired):
            child.wait(15)
        child.kill()


def _wait_for(port: int, child: subprocess.Popen[bytes], log: Path) -> None:
    for _attempt in range(300):
        if child.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"The web server did not start: {log.read_text(errors='replace')[-500:]}")


def memory(process: psutil.Process) -> dict[str, float]:
    """MiB of the server's processes: what each holds alone and its share of the rest."""
    family = [process, *process.children(recursive=True)]
    facts = [one.memory_full_info() for one in family]
    return {
        "processes": len(family),
        "pss_mib": round(sum(one.pss for one in facts) / 2**20, 1),
        "rss_mib": round(sum(one.rss for one in facts) / 2**20, 1),
    }


def queries_of(user: User, path: str) -> int:
    """How many queries the page costs."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    # This process has not collected the static files; the server has.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with (
        override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}),
        CaptureQueriesContext(connection) as found,
    ):
        client.get(path)
    return len(found)


def in_turn(
    works: Sequence[Callable[[Browser, int], Any]], readers: list[list[Browser]], times: int
) -> list[tuple[float, float]]:
    """p50 and p95 in milliseconds of each work: `times` rounds, every work once in each.

    In a round all readers of a work ask at once, then those of the next work.
    """

    def run(work: Callable[[Browser, int], Any], browser: Browser, number: int) -> float:
        begin = time.perf_counter()
        work(browser, number)
        return (time.perf_counter() - begin) * 1000

    took: list[list[float]] = [[] for _work in works]
    with ThreadPoolExecutor(max(map(len, readers))) as pool:
        for number in range(-1, times):  # the first one warms what is empty
            for place, (work, browsers) in enumerate(zip(works, readers, strict=True)):
                found = list(pool.map(partial(run, work), browsers, repeat(number)))
                if number >= 0:
                    took[place] += found
    return [percentiles(one) for one in took]


def percentiles(took: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    late = sorted(took)[min(len(took) - 1, int(len(took) * 0.95))]
    return round(statistics.median(took), 1), round(late, 1)


def small_pdf() -> bytes:
    """An empty page; no two have the same bytes."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    data = bytearray(b"%PDF-1.7\n%" + uuid4().hex.encode() + b"\n")
    places = []
    for number, part in enumerate(parts, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = len(data)
    data += b"xref\n0 4\n0000000000 65535 f \n"
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % table
    return bytes(data)


def register(browser: Browser, slug: str, number: int) -> None:
    """One registration as the form sends it, with a small PDF. Raises RuntimeError otherwise."""
    path = f"/{slug}/incoming/register/?new"
    page = browser.get(path).decode()
    fields = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    fields |= {
        "type_name": "Công văn",
        "code_number": str(uuid4().int % 10**6),
        "code_notation": "UBND-KT",
        "issued_date": time.strftime("%d/%m/%Y"),
        "organ_name": "UBND tỉnh",
        "subject": f"Đo việc đăng ký {uuid4().hex[:8]} {number}",
        "signer_position": "Chủ tịch",
        "signer_full_name": "Lê Văn Đo",
        "gate": "none",
        "then": "open",
        "confirm_duplicate": "on",
    }
    line = uuid4().hex
    parts = [
        f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{line}.pdf"\r\n'
    parts.append(head.encode() + b"Content-Type: application/pdf\r\n\r\n" + small_pdf() + b"\r\n")
    body = b"".join(parts) + f"--{line}--\r\n".encode()
    status, shown = browser.send(
        f"/{slug}/incoming/register/", body, f"multipart/form-data; boundary={line}"
    )
    if status != 302:
        wrong = re.findall(r'(?:field__error|verdict__text)">(.*?)</p>', shown.decode(), re.DOTALL)
        raise RuntimeError(f"registering answered {status}: {wrong}")


def as_dicts(rows: list[Row]) -> list[dict[str, Any]]:
    """The rows for JSON."""
    return [asdict(row) for row in rows]
