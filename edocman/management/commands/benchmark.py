"""`manage.py benchmark`: how long the pages take with so many documents, and what they cost."""

import json
import os
import platform
import signal
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import dj_database_url
import django
import psutil
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils.http import urlencode

from core import clock
from documents.models import Document
from dossiers.models import Dossier
from edocman.benchmark import batch, drawing, filling, measuring, signing
from edocman.benchmark.filling import RARE, Office, fill, fill_dossier, find_office, make_office
from edocman.benchmark.measuring import Browser, Row
from incoming.models import IncomingDocument

READERS = ("clerk", "one_percent", "twenty", "chair")
# What lies in the chair's dossier, in the small database and in the large one.
FEW_ITEMS, MANY_ITEMS = 20, 2000

# Said of a database once nothing is missing in it; other words once more belongs into it.
FILLED = "filled, with a dossier"


@dataclass(frozen=True)
class Site:
    """One filled database with a web server of its own."""

    documents: int
    pages: dict[str, dict[str, str]]  # of each reader, by name
    queries: dict[tuple[str, str], int]
    port: int
    process: psutil.Process


class Command(BaseCommand):
    """Fills two scratch databases, measures over HTTP, drops them. Exit 2: they cannot be made.

    One holds a tenth of the other and both are asked in turn, so that what else the machine does
    falls on both alike and the growth is a ratio of one run.
    """

    help = "Measure pages over HTTP in scratch databases that are dropped afterwards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--documents", type=int, default=100_000, help="(%(default)s)")
        parser.add_argument("--requests", type=int, default=40, help="a page (%(default)s)")
        parser.add_argument("--server", choices=sorted(measuring.SERVERS), default="gunicorn")
        parser.add_argument(
            "--servers", action="store_true", help="also compare the web servers at hand"
        )
        parser.add_argument(
            "--keep", action="store_true", help="leave the databases for the next run with --keep"
        )
        parser.add_argument("--json", action="store_true", help="machine-readable answer")

    def handle(self, **options: Any) -> None:
        if options["documents"] < 1000 or options["requests"] < 1:
            raise CommandError(
                "--documents takes 1000 or more, --requests 1 or more.", returncode=2
            )
        # Ctrl-C, or being asked to end, leaves nothing behind either.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with tempfile.TemporaryDirectory(prefix="edocman-benchmark-") as folder:
            try:
                with ExitStack() as stack:
                    answer = self._measure(Path(folder), stack, options)
            except DatabaseError as error:
                raise CommandError(f"No scratch database: {error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
        else:
            self._show(answer)

    def _measure(self, folder: Path, stack: ExitStack, options: dict[str, Any]) -> dict[str, Any]:
        wanted, times = options["documents"], options["requests"]
        keep = options["keep"]
        few = stack.enter_context(Scratch(wanted // 10, keep=keep))
        self._say("migrating")
        call_command("migrate", verbosity=0)
        office = find_office() if few.is_filled else make_office()
        self._fill(few, office, 0, FEW_ITEMS)
        facts = [_facts(office)]
        many = stack.enter_context(Scratch(wanted, keep=keep, template=few))
        call_command("migrate", verbosity=0)
        self._fill(many, office, wanted // 10, MANY_ITEMS)
        facts.append(_facts(office))
        sites = []
        for one, (pages, queries) in zip((few, many), facts, strict=True):
            port, process = stack.enter_context(
                measuring.server(one.url, folder / str(one.documents), options["server"])
            )
            sites.append(Site(one.documents, pages, queries, port, process))
        rows = list(self._rows(office, sites, times))
        self._say("measuring the drawing of drafts")
        drawn = drawing.drawings(times)
        self._say("measuring signatures")
        signed = signing.signings(folder)
        return {
            "date": clock.today().isoformat(),
            "machine": _machine(),
            "server": options["server"],
            "documents": wanted,
            "rows": measuring.as_dicts(rows),
            "growth": _growth(rows, wanted),
            "drawings": [asdict(one) for one in drawn],
            "signing": asdict(signed),
            "at_once": asdict(self._at_once(folder, office, many.url, sites[-1])),
            "memory": measuring.memory(sites[-1].process),
            "servers": self._servers(folder, many.url, office, sites[-1], times)
            if options["servers"]
            else [],
        }

    def _fill(self, database: "Scratch", office: Office, first: int, items: int) -> None:
        if database.is_filled:
            return
        self._say(f"filling up to {database.documents} documents")
        fill(office, first, database.documents)
        fill_dossier(office, items)
        database.mark_filled()

    def _rows(self, office: Office, sites: list[Site], times: int) -> Iterator[Row]:
        for reader in READERS:
            self._say(f"measuring as {reader}")
            username = office.readers[reader].username
            readers = [_browsers(site.port, username) for site in sites]
            for page in sites[0].pages[reader]:
                works = [partial(_get, site.pages[reader][page]) for site in sites]
                for clients in (1, 8):
                    count = times if clients == 1 else max(times // 4, 1)
                    several = [browsers[:clients] for browsers in readers]
                    figures = measuring.in_turn(works, several, count)
                    for site, (p50, p95) in zip(sites, figures, strict=True):
                        queries = site.queries[reader, page]
                        yield Row(page, reader, clients, site.documents, p50, p95, queries)
        self._say("measuring registrations")
        username = office.readers["other_clerk"].username
        readers = [_browsers(site.port, username) for site in sites]
        works = [partial(_register, office.agencies[1].slug)] * len(sites)
        for clients in (1, 8):
            several = [browsers[:clients] for browsers in readers]
            figures = measuring.in_turn(works, several, max(times // 8, 3) if clients == 1 else 1)
            for site, (p50, p95) in zip(sites, figures, strict=True):
                yield Row("registration", "clerk", clients, site.documents, p50, p95, 0)

        self._say("measuring previews")
        username = office.readers["clerk"].username
        readers = [_browsers(site.port, username) for site in sites]
        works = [partial(drawing.preview, office.agencies[0].slug)] * len(sites)
        for clients in (1, 8):
            several = [browsers[:clients] for browsers in readers]
            count = times if clients == 1 else max(times // 8, 1)
            figures = measuring.in_turn(works, several, count)
            for site, (p50, p95) in zip(sites, figures, strict=True):
                yield Row("preview", "clerk", clients, site.documents, p50, p95, 0)

    def _servers(
        self, folder: Path, url: str, office: Office, site: Site, times: int
    ) -> list[dict[str, Any]]:
        """The clerk's list from each web server that is installed, asked in turn."""
        names = [name for name in measuring.SERVERS if find_spec(name)]
        path = site.pages["clerk"]["list"]
        username = office.readers["clerk"].username
        with ExitStack() as stack:
            running = [
                stack.enter_context(measuring.server(url, folder / name, name)) for name in names
            ]
            readers = [_browsers(port, username) for port, _process in running]
            figures = {}
            for clients, count in ((1, times), (8, max(times // 4, 1))):
                several = [browsers[:clients] for browsers in readers]
                works = [partial(_get, path)] * len(names)
                figures[clients] = measuring.in_turn(works, several, count)
            return [
                {
                    "server": name,
                    "p50": figures[1][place][0],
                    "p95": figures[1][place][1],
                    "p50_8": figures[8][place][0],
                    "p95_8": figures[8][place][1],
                    **measuring.memory(process),
                }
                for place, (name, (_port, process)) in enumerate(zip(names, running, strict=True))
            ]

    def _at_once(self, folder: Path, office: Office, url: str, site: Site) -> batch.AtOnce:
        """A hundred signed by a worker, and the clerk's list meanwhile."""
        self._say(f"measuring {batch.MANY} signatures at once")
        browser = Browser(site.port, office.readers["clerk"].username, filling.PASSWORD)
        return batch.at_once(folder, office, url, partial(browser.get, site.pages["clerk"]["list"]))

    def _say(self, line: str) -> None:
        self.stderr.write(f"edocman benchmark: {line}", self.style.NOTICE)

    def _show(self, answer: dict[str, Any]) -> None:
        self.stdout.write(f"{answer['machine']}, {answer['server']}, {answer['memory']}")
        for row in answer["rows"]:
            self.stdout.write(
                "{documents:>8}  {reader:<12}{page:<22}{clients} client(s)  "
                "p50 {p50:>7} ms  p95 {p95:>7} ms  {queries} queries".format(**row)
            )
        for row in answer["drawings"]:
            self.stdout.write(
                "draft of {pages} page(s)  p50 {p50} ms, p95 {p95} ms, first {first} ms".format(
                    **row
                )
            )
        self.stdout.write(
            "signature on {pages} page(s)  library {bare} ms, ours {ours} ms, ratio {ratio}".format(
                **answer["signing"]
            )
        )
        self.stdout.write(
            "{signed} signed at once in {seconds} s, {refused} refused; the list meanwhile "
            "p50 {busy_p50} ms, before {quiet_p50} ms, ratio {ratio}".format(**answer["at_once"])
        )
        for row in answer["growth"]:
            self.stdout.write("growth  {reader:<12}{page:<22}{ratio}".format(**row))
        for row in answer["servers"]:
            self.stdout.write(
                "{server:<12}p50 {p50} ms, with 8 clients {p50_8} ms, {pss_mib} MiB".format(**row)
            )


def _facts(office: Office) -> tuple[dict[str, dict[str, str]], dict[tuple[str, str], int]]:
    """The addresses that are measured as each reader, and what each costs in queries."""
    pages = {reader: _pages(office, reader) for reader in READERS}
    queries = {
        (reader, page): measuring.queries_of(office.readers[reader], path)
        for reader, addresses in pages.items()
        for page, path in addresses.items()
    }
    return pages, queries


def _browsers(port: int, username: str) -> list[Browser]:
    """Eight of them, signed in once: signing in takes long on purpose."""
    one = Browser(port, username, filling.PASSWORD)
    return [one, *(one.twin() for _number in range(7))]


def _pages(office: Office, reader: str) -> dict[str, str]:
    """The addresses that are measured, by name."""
    slug = office.agency.slug
    if reader == "chair":  # his dossier alone: the lists are the clerk's
        dossier = Dossier.objects.get(agency=office.agency).get_absolute_url()
        return {"dossier": dossier, "dossier contents": f"{dossier}?view=contents"}
    user = office.readers[reader]
    book = f"/{slug}/incoming/"
    mine = IncomingDocument.objects.filter(agency=office.agency)
    if reader != "clerk":
        mine = mine.filter(user_grants__user=user)
    seen = list(mine.order_by("-day", "-number", "-pk").values_list("day", "number", "pk"))
    day, number, key = seen[len(seen) // 2]
    some = Document.objects.get(pk=key)
    # A number alone names more documents the more there are, and what grows then is the page too,
    # from one line to fifty; with what it is about it names as many in both databases.
    of_ten = mine.filter(subject__endswith=RARE).order_by("pk").last() or some
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
        "search rare word": search + urlencode({"q": RARE}),
        "search common word": search + urlencode({"q": "bao cao"}),
        "search number": search + urlencode({"q": f"{some.code_number} {some.code_notation}"}),
        "search number, words": search + urlencode({"q": f"{of_ten.code_number} {RARE}"}),
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


class Scratch:
    """A database of its own beside the configured one, with so many documents.

    Dropped at the end, unless it is kept: then the next run that keeps takes it over. ``template``
    is another one to begin with. Raises DatabaseError when it may not be made.
    """

    def __init__(self, documents: int, *, keep: bool, template: "Scratch | None" = None) -> None:
        self.documents, self.keep, self.template = documents, keep, template
        owner = "kept" if keep else os.getpid()
        self.name = f"edocman_benchmark_{owner}_{documents}"
        self.is_filled = False
        address = urlsplit(os.environ["DATABASE_URL"])
        self.url = urlunsplit(address._replace(path=f"/{self.name}"))
        self.configured = dj_database_url.parse(os.environ["DATABASE_URL"])["NAME"]

    def __enter__(self) -> "Scratch":
        _use(self.configured)  # nobody may be connected to what is copied
        self.is_filled = self.keep and _comment(self.name) == FILLED
        if not self.is_filled:
            like = f' TEMPLATE "{self.template.name}"' if self.template else ""
            _execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            _execute(f'CREATE DATABASE "{self.name}"{like}')
        _use(self.name)
        return self

    def mark_filled(self) -> None:
        """Say in the database that nothing is missing in it."""
        _execute(f"COMMENT ON DATABASE \"{self.name}\" IS '{FILLED}'")
        self.is_filled = True

    def __exit__(self, *_error: object) -> None:
        _use(self.configured)
        if not (self.keep and self.is_filled):
            _execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


def _comment(database: str) -> str | None:
    """What is said of a database; None when there is none of that name."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _use(name: str) -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
