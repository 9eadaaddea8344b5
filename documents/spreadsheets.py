"""Tables for a spreadsheet, CSV and XLSX: text stays text, whatever it begins with (CWE-1236)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import Any

from django.http import FileResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Cell = str | int | date | None
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What no XML may hold; stored before it was kept out.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> io.BufferedIOBase:
    """An open CSV file; with the mark by which Excel knows that it is UTF-8."""
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(_plain(value)) for value in row] for row in rows)
    text.flush()
    text.detach()
    file.seek(0)
    return file


def as_xlsx(
    head: Sequence[str], rows: Iterable[Sequence[Cell]], title: str, widths: Sequence[int] = ()
) -> io.BufferedIOBase:
    """An open XLSX file; ``widths`` of its columns, in letters."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    bold = Font(bold=True)
    titles = []
    for label in head:
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


def downloaded(file: io.BufferedIOBase, name: str, kind: str) -> FileResponse:
    """The open file as an answer that nobody keeps."""
    answer = FileResponse(
        file, as_attachment=True, filename=f"{name}.{kind}", content_type=TYPES[kind]
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


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
