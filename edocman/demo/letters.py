"""Reads the demo's letters and offices: what the papers say, and what the office does with them."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from documents.workdays import WorkCalendar
from edocman.demo.papers import Letter, long_date

FOLDER = Path(__file__).parent
CITY = "Ủy ban nhân dân thành phố Kon Tum"
_DAYS = 15  # the oldest letter of letters.toml came so many days ago
_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Arrival:
    """A letter, the fields that the clerk types, and where it goes (codes of units)."""

    letter: Letter
    organ_name: str
    signer_position: str
    signer_full_name: str
    arrival_date: date
    due_date: date | None
    lead: str
    coordinate: tuple[str, ...]
    inform: tuple[str, ...]
    directive: str
    propose: bool
    agency: str = "kontum"

    @property
    def file_name(self) -> str:
        """A name as a scanner's operator gives it."""
        return f"{self.code.replace('/', '-')}.pdf"

    @property
    def code(self) -> str:
        """Number and notation, as printed."""
        return f"{self.letter.number}/{self.letter.notation}"


def arrivals(
    today: date, calendar: WorkCalendar, *, source: str = "letters", days: int = _DAYS
) -> list[Arrival]:
    """All letters as seen on ``today``, the oldest first; that one came so many ``days`` ago."""
    data, more = _read("letters"), _read(source)
    senders = data["senders"] | more["senders"]
    found = [
        _arrival(entry | {"arrived": _ago(entry["arrived"], days)}, senders, today, calendar)
        for entry in more["letters"]
    ]
    return sorted(found, key=lambda each: each.arrival_date)


def offices() -> dict[str, Any]:
    """The agencies with their units and people: Kon Tum first, then the four others."""
    city = _read("kontum")
    return city | {"agencies": [*city["agencies"], *_read("provinces")["agencies"]]}


def regulations(day: date) -> list[Arrival]:
    """The five regulations, each sent to its own office again: the first numbers of the books."""
    return [_regulation(entry, day) for entry in _read("provinces")["regulations"]]


def _regulation(entry: dict[str, Any], day: date) -> Arrival:
    letter = Letter(
        organ=(entry["seal"][0], entry["seal"][1]),
        seal=(entry["seal"][0], entry["seal"][1]),
        place=entry["place"],
        number=entry["number"],
        notation=entry["notation"],
        issued=entry["issued"],
        type_name="Quyết định",
        subject=entry["subject"],
        body=(),
        authority=tuple(entry["authority"]),
        signer=entry["signer"],
        text=entry["name"],
    )
    return Arrival(
        letter=letter,
        organ_name=entry["organ_name"],
        signer_position=entry["position"],
        signer_full_name=entry["signer"],
        arrival_date=day,
        due_date=None,
        lead=entry["lead"],
        coordinate=(),
        inform=tuple(entry.get("inform", ())),
        directive=entry["directive"],
        propose=False,
        agency=entry["agency"],
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def _ago(arrived: int, days: int) -> int:
    """Over a longer time the older letters move back; those of this week stay in it."""
    if days < _DAYS:
        return round(arrived * days / _DAYS)
    return round(arrived + (days - _DAYS) * (arrived / _DAYS) ** 2)


def _arrival(
    entry: dict[str, Any], senders: dict[str, Any], today: date, calendar: WorkCalendar
) -> Arrival:
    sender = senders[entry["sender"]]
    signer = sender["signers"][entry.get("signer", 0)]
    arrived = _worked(today - timedelta(days=entry["arrived"]), calendar)
    issued = _worked(arrived - timedelta(days=entry.get("lag", 2)), calendar)
    due = calendar.add_working_days(arrived, entry["due"]) if "due" in entry else None
    named = due or calendar.add_working_days(arrived, 5)
    words = {
        "due": long_date(named),
        "due_weekday": _WEEKDAYS[named.weekday()],
        "earlier": long_date(issued - timedelta(days=4)),
        "year": issued.year,
        "next_year": issued.year + 1,
        "last_year": issued.year - 1,
        "month": f"{issued.month:02}" if issued.month < 3 else issued.month,
    }
    type_name = entry.get("type", "Công văn")
    letter = Letter(
        organ=tuple(sender["organ"]),
        parent=sender.get("parent", ""),
        seal=(sender["seal"][0], sender["seal"][1]),
        place=sender.get("place", "Kon Tum"),
        number=entry["number"],
        notation=entry["notation"],
        issued=issued,
        type_name=type_name,
        subject=entry["subject"].format(**words),
        body=tuple(paragraph.format(**words) for paragraph in entry["body"]),
        authority=tuple(signer["authority"]),
        signer=signer["name"],
        recipients=tuple(entry.get("recipients", [CITY])),
        copies=(
            "Như Điều 3" if type_name == "Quyết định" else "Như trên",
            *sender["copies"],
            f"Lưu: VT, {_keeper(type_name, entry['notation'])}",
        ),
        priority=entry.get("priority", 0),
        annex_title=entry.get("annex_title", ""),
        annex=tuple(tuple(row) for row in entry.get("annex", [])),
    )
    return Arrival(
        letter=letter,
        organ_name=sender["name"],
        signer_position=signer["position"],
        signer_full_name=signer["name"],
        arrival_date=arrived,
        due_date=due,
        lead=entry["lead"],
        coordinate=tuple(entry.get("coordinate", [])),
        inform=tuple(entry.get("inform", [])),
        directive=entry["directive"].format(**words),
        propose=entry.get("propose", False),
        agency=entry.get("agency", "kontum"),
    )


def _worked(day: date, calendar: WorkCalendar) -> date:
    """The day itself, or the working day before it: nobody signs or registers on a day off."""
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    return day


def _keeper(type_name: str, notation: str) -> str:
    """The unit that drafted: the end of a công văn's notation, else the office."""
    return notation.rpartition("-")[2] if type_name == "Công văn" else "VP"
