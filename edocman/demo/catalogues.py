"""Each office has issued this year's catalogue of dossiers; two go on with it."""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from accounts.choices import Role
from accounts.models import Unit, User
from core import clock
from dossiers.actions import cataloguing, issuing
from dossiers.actions.cataloguing import LineEntry
from dossiers.models import Catalogue, Heading
from dossiers.tree import unit_words
from edocman.demo.stories import Office

_FILE = Path(__file__).with_name("catalogues.toml")


def make(offices: Iterable[Office], year: int) -> None:
    """The year's catalogue of every office that has a clerk and a leader, approved by decision."""
    plan = tomllib.loads(_FILE.read_text(encoding="utf-8"))["headings"]
    for office in offices:
        if "vp" in office.units and office.held(Role.CLERK) and office.held(Role.LEADER):
            _issue(office, plan, year)


def go_on(cast: dict[str, Office], year: int) -> None:
    """Kon Tum draws up the next year's; in Cần Thơ a dossier waits to be added (Điều 13.1)."""
    kontum = cast["kontum"]
    issuing.start_from_last(kontum.actor(_keeper(kontum)), year + 1)
    cantho = cast["cantho"]
    catalogue = Catalogue.objects.get(agency=cantho.agency, year=year)
    heading = catalogue.headings.get(abbreviation="VHXH")
    asks = next(iter(cantho.specialists("vanxa")), None) or cantho.head("vanxa")
    if asks is not None:
        title = "Hồ sơ tổ chức Ngày hội Du lịch chợ nổi Cái Răng"
        entry = _entry("02.VHXH", title, "20 năm", cantho.units["vanxa"], heading)
        cataloguing.propose_line(cantho.actor(asks), catalogue, entry)


def _keeper(office: Office) -> User:
    return next(iter(office.held(Role.ARCHIVIST)), None) or office.clerk


def _issue(office: Office, plan: list[dict[str, Any]], year: int) -> None:
    keeper = office.actor(_keeper(office))
    catalogue = issuing.start(keeper, year)
    for large in plan:
        here = [row for row in _rows(large) if row[0] in office.units]
        if not here:
            continue
        short = large["abbreviation"]
        top = cataloguing.add_heading(keeper, catalogue, title=large["title"], abbreviation=short)
        made: dict[str, Heading] = {"": top}
        for number, (code, title, maintenance, small) in enumerate(here, start=1):
            if small not in made:
                made[small] = cataloguing.add_heading(keeper, catalogue, title=small, parent=top)
            unit = office.units[code]
            entry = _entry(f"{number:02d}.{short}", title, maintenance, unit, made[small])
            cataloguing.add_line(keeper, catalogue, entry)
    catalogue = issuing.submit(keeper, catalogue)
    issuing.approve(
        office.actor(office.held(Role.LEADER)[0]),
        catalogue,
        version=catalogue.version,
        decision_number="06/QĐ",
        decided_date=min(date(year, 1, 6), clock.today()),
    )


def _rows(large: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    for code, title, maintenance in large.get("lines", ()):
        yield code, title, maintenance, ""
    for small in large.get("small", ()):
        for code, title, maintenance in small["lines"]:
            yield code, title, maintenance, small["title"]


def _entry(notation: str, title: str, maintenance: str, unit: Unit, heading: Heading) -> LineEntry:
    return LineEntry(notation, title, maintenance, unit_words(unit), heading, unit=unit)
