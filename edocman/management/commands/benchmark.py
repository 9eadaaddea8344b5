"""`manage.py benchmark`: how long the pages take with so many documents, and what they cost."""

import json
import os
import platform
import signal
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import django
import psutil
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils.http import urlencode

from core import clock
from documents.models import Document
from edocman.benchmark import filling, measuring
from edocman.benchmark.filling import Office, fill, make_office
from edocman.benchmark.measuring import Browser, Row
from incoming.models import IncomingDocument

READERS = ("clerk", "one_percent", "twenty")


class Command(BaseCommand):
    """Fills a scratch database, measures over HTTP, and drops it. Exit 2: it cannot be made."""

    help = "Measure pages over HTTP in a scratch database that is dropped afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=int, default=100_000, help="(%(default)s)")
        parser.add_argument("--requests", type=int, default=40, help="a page (%(default)s)")
        parser.add_argument("--server", choices=sorted(measuring.SERVERS), default="gunicorn")
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, **options: Any) -> None:
        if options["documents"] < 100 or options["requests"] < 1:
            raise CommandError("--documents takes 100 or more, --requests 1 or more.", returncode=2)
        # Ctrl-C, or being asked to end, leaves nothing behind either.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with tempfile.TemporaryDirectory(prefix="edocman-benchmark-") as folder:
            try:
                with scratch() as url:
                    answer = self._measure(Path(folder), url, options)
            except DatabaseError as error:
                raise CommandError(f"No scratch database: {error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self._show(answer)

    def _measure(self, folder: Path, url: str, options: dict[str, Any]) -> dict[str, Any]:
        wanted = options["documents"]
        self._say("migrating")
        call_command("migrate", verbosity=0)
        office = make_office()
        rows: list[Row] = []
        before = 0
        for documents in (wanted // 10, wanted):
            self._say(f"filling up to {documents} documents")
            fill(office, before, documents)
            before = documents
            self._say(f"measuring with {documents} documents")
            with measuring.server(url, folder, options["server"]) as (port, process):
                rows += list(self._rows(office, port, documents, options["requests"]))
                memory = measuring.memory(process)
        return {
            "date": clock.today().isoformat(),
            "machine": _machine(),
            "server": options["server"],
            "documents": wanted,
            "rows": measuring.as_dicts(rows),
            "growth": _growth(rows, wanted),
            "memory": memory,
        }

    def _rows(self, office: Office, port: int, documents: int, times: int) -> Iterator[Row]:
        for reader in READERS:
            user = office.readers[reader]
            one = Browser(port, user.username, filling.PASSWORD)
            browsers = [one, *(one.twin() for _number in range(7))]
            for page, path in _pages(office, reader, documents).items():
                queries = measuring.queries_of(user, path)
                for clients in (1, 8):
                    count = times if clients == 1 else max(times // 4, 1)
                    p50, p95 = measuring.timed(
                        partial(_get, path),
                        browsers[:clients],
                        count,
                    )
                    yield Row(page, reader, clients, documents, p50, p95, queries)
        clerk = Browser(port, office.readers["other_clerk"].username, filling.PASSWORD)
        work = partial(_register, office.agencies[1].slug)
        for clients in (1, 8):
            several = [clerk, *(clerk.twin() for _number in range(clients - 1))]
            count = max(times // 8, 3) if clients == 1 else 1
            p50, p95 = measuring.timed(work, several, count)
            yield Row("registration", "clerk", clients, documents, p50, p95, 0)

    def _say(self, line: str) -> None:
        self.stderr.write(f"edocman benchmark: {line}", self.style.NOTICE)

    def _show(self, answer: dict[str, Any]) -> None:
        self.stdout.write(f"{answer['machine']}, {answer['server']}, {answer['memory']}")
        for row in answer["rows"]:
            self.stdout.write(
                "{documents:>8}  {reader:<12}{page:<22}{clients} client(s)  "
                "p50 {p50:>7} ms  p95 {p95:>7} ms  {queries} queries".format(**row)
            )
        for row in answer["growth"]:
            self.stdout.write("growth  {reader:<12}{page:<22}{ratio}".format(**row))


def _pages(office: Office, reader: str, documents: int) -> dict[str, str]:
    """The addresses that are measured, by name."""
    slug = office.agency.slug
    user = office.readers[reader]
    book = f"/{slug}/incoming/"
    mine = IncomingDocument.objects.filter(agency=office.agency)
    if reader != "clerk":
        mine = mine.filter(user_grants__user=user)
    seen = list(mine.order_by("-day", "-number", "-pk").values_list("day", "number", "pk"))
    day, number, key = seen[len(seen) // 2]
    some = Document.objects.get(pk=key)
    week = clock.today()
    search = f"/{slug}/search/?"
    return {
        "desk": f"/{slug}/",
        "list": f"{book}?tab=all",
        "deep page": f"{book}?tab=all&cursor=a_{day.isoformat()}_{number}_{key}",
        "filter state": f"{book}?tab=all&state=finished",
        "filter late": f"{book}?tab=all&lateness=late",
        "filter type": f"{book}?tab=all&type_name={quote(some.type_name)}",
        "filter days": f"{book}?tab=all&since={day:%d/%m/%Y}&until={week:%d/%m/%Y}",
        "filter issuer": f"{book}?tab=all&organ_name={quote(some.organ_name)}",
        "search rare word": search + urlencode({"q": "Vinh Quang"}),
        "search common word": search + urlencode({"q": "bao cao"}),
        "search number": search + urlencode({"q": f"{some.code_number} {some.code_notation}"}),
        "search no hit": search + urlencode({"q": "khongcogi khongthay"}),
        "document": f"{book}{key}/",
    }


def _get(path: str, browser: Browser, _number: int) -> None:
    browser.get(path)


def _register(slug: str, browser: Browser, number: int) -> None:
    measuring.register(browser, slug, number)


def _growth(rows: list[Row], documents: int) -> list[dict[str, Any]]:
    """p50 of one client with all documents over that with a tenth of them."""
    single = {(row.page, row.reader, row.documents): row.p50 for row in rows if row.clients == 1}
    return [
        {
            "page": page,
            "reader": reader,
            "ratio": round(took / max(single[page, reader, documents // 10], 0.1), 2),
        }
        for (page, reader, count), took in single.items()
        if count == documents
    ]


def _machine() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    return {
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": version,
    }


@contextmanager
def scratch() -> Iterator[str]:
    """A database of its own beside the configured one, dropped at the end; its address.

    Raises DatabaseError when it may not be made.
    """
    configured = settings.DATABASES["default"]["NAME"]
    name = f"edocman_benchmark_{os.getpid()}"
    _execute(f'CREATE DATABASE "{name}"')
    try:
        _use(name)
        address = urlsplit(os.environ["DATABASE_URL"])
        yield urlunsplit(address._replace(path=f"/{name}"))
    finally:
        _use(configured)
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
