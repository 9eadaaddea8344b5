"""A list of documents as a table for a spreadsheet: CSV and XLSX."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from django.utils.translation import gettext, gettext_lazy
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts.actor import Actor
from core import clock
from documents.calendar import office_calendar
from documents.catalogue import field_label
from documents.querysets import OPEN_STATES
from incoming.models import IncomingDocument

# A cell that begins with one of these is a formula to a spreadsheet (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# National names in the order of the register, then what the office knows beside them.
_FIELDS = (
    "arrival_number",
    "arrival_date",
    "code_number",
    "code_notation",
    "issued_date",
    "organ_name",
    "type_name",
    "subject",
    "signer_position",
    "signer_full_name",
    "priority",
    "page_amount",
    "language",
    "to_places",
    "due_date",
    "description",
)
_MORE = (
    gettext_lazy("Đơn vị chủ trì"),
    gettext_lazy("Người chủ trì"),
    gettext_lazy("Trạng thái"),
    gettext_lazy("Tình trạng thời hạn"),
    gettext_lazy("Kết quả giải quyết"),
)
_WIDTHS = {"subject": 60, "organ_name": 32, "to_places": 32, "description": 24, "type_name": 14}
# What no XML may hold; stored before it was kept out.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CHUNK = 500
Cell = str | int | date | None


def head() -> list[str]:
    """The names of the columns."""
    return [str(field_label(name)) for name in _FIELDS] + [str(label) for label in _MORE]


def table(documents: Iterable[Any]) -> Iterator[list[Cell]]:
    """One row a document, of those that were loaded ``with_leads``."""
    calendar, today = office_calendar(), clock.today()
    for document in documents:
        values: dict[str, Any] = {
            "priority": document.get_priority_display(),
            "type_name": gettext(document.type_name) if document.type_name else "",
            "language": gettext(document.language) if document.language else "",
        }
        row: list[Cell] = [values.get(name, getattr(document, name)) for name in _FIELDS]
        lead = document.leads[0] if document.leads else None
        running = document.state in OPEN_STATES
        yield [
            *row,
            lead.unit.name if lead else "",
            lead.person.full_name if lead and lead.person else "",
            document.get_state_display(),
            calendar.distance(today, document.due_date) if running else "",
            document.result,
        ]


def as_csv(rows: Iterable[Sequence[Cell]]) -> io.BufferedIOBase:
    """An open CSV file; with the mark by which Excel knows that it is UTF-8."""
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(head())
    writer.writerows([_harmless(_plain(value)) for value in row] for row in rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def as_xlsx(rows: Iterable[Sequence[Cell]], title: str) -> io.BufferedIOBase:
    """An open XLSX file; text stays text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, name in enumerate(_FIELDS, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, 12)
    bold = Font(bold=True)
    titles = []
    for label in head():
        cell = WriteOnlyCell(sheet, value=label)
        cell.font = bold
        titles.append(cell)
    sheet.append(titles)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _cell(sheet: Any, value: Cell) -> Any:
    if isinstance(value, str):
        value = _NO_XML.sub("", value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"
    return cell


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would reckon."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def in_chunks(keys: Sequence[int], actor: Actor) -> Iterator[IncomingDocument]:
    """The documents of these keys in their order, some hundreds at a time."""
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        # Seen is asked again: a long file outlives the moment in which the keys were read.
        found = {
            row.pk: row
            for row in IncomingDocument.objects.visible_to(actor).filter(pk__in=part).with_leads()
        }
        yield from (found[key] for key in part if key in found)
