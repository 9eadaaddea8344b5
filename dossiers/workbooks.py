"""XLSX files that come from outside, opened within bounds; and how a table of ours is written.

Bounds hold before anything is read: the file, what it unpacks to, its parts, its rows. Only plain
XML is read: no document type, so no entities; formulas are told from values and never reckoned.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from dossiers.choices import MOST_LINES

LARGEST = 2 * 1024 * 1024  # bytes of the file
UNPACKED = 12 * 1024 * 1024  # bytes of all its parts
PARTS = 200
LAST_ROW = 5000
LAST_COLUMN = 30
_OLE = b"\xd0\xcf\x11\xe0"  # the old .xls, and a workbook with a password
_MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What openpyxl raises for parts that are missing, broken or not what they say they are.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # of the XML
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    EOFError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True)
class Cell:
    """What a cell holds, as text; ``fault`` says why it cannot be read as text."""

    text: str = ""
    fault: str = ""


@dataclass(frozen=True)
class Merged:
    """A range of cells that were made one."""

    first_row: int
    last_row: int
    name: str


@dataclass(frozen=True)
class Table:
    """The rows of one sheet that are not empty, with their numbers."""

    sheet: str
    rows: list[tuple[int, list[Cell]]]
    merged: list[Merged] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_table(file: IO[bytes], size: int) -> Table:
    """The first sheet that is not hidden. Raises ValidationError with the sentence."""
    if size > LARGEST:
        raise ValidationError(
            _("Tệp lớn hơn %(size)d MB. Danh mục hồ sơ chỉ là một bảng chữ: bỏ ảnh và trang thừa.")
            % {"size": LARGEST // 2**20}
        )
    content = file.read(LARGEST + 1)
    _require_xlsx(content)
    try:
        return _read(content)
    except _BROKEN as error:
        if isinstance(error, ValidationError):
            raise
        raise ValidationError(
            _("Không đọc được tệp: nội dung bị hỏng. Mở bằng Excel, lưu lại dạng .xlsx rồi gửi.")
        ) from error


def _require_xlsx(content: bytes) -> None:
    if content.startswith(_OLE):
        raise ValidationError(
            _("Đây là tệp .xls đời cũ hoặc tệp có mật khẩu. Lưu lại dạng .xlsx không mật khẩu.")
        )
    not_one = ValidationError(_("Đây không phải tệp XLSX. Dùng tệp mẫu, điền rồi gửi lại."))
    if not content.startswith(b"PK"):
        raise not_one
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            # What a part unpacks to never exceeds what it declares: zipfile stops there.
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise ValidationError(
                    _("Tệp giải nén ra quá lớn nên không được đọc. Chép bảng sang tệp mẫu.")
                )
            if "xl/workbook.xml" not in {part.filename for part in parts}:
                raise not_one
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _require_plain(package.read(part))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError) as error:
        raise not_one from error


def _require_plain(xml: bytes) -> None:
    # UTF-16 would hide the words from the search; Excel writes UTF-8.
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\x00" in xml:
        raise ValidationError(
            _("Tệp có phần không thuộc bảng tính thường nên không được đọc. Chép sang tệp mẫu.")
        )


def _read(content: bytes) -> Table:
    book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    try:
        sheets = book.worksheets
        shown = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
        if not shown:
            raise ValidationError(_("Tệp không có trang tính nào hiện ra."))
        sheet = shown[0]
        return Table(
            sheet.title,
            list(_rows(sheet)),
            _merged(content, sheet._worksheet_path),
            [one.title for one in sheets if one.sheet_state != "visible"],
            [one.title for one in shown[1:]],
        )
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what the file says of its size is not believed
    for number, row in enumerate(sheet.iter_rows(max_col=LAST_COLUMN), start=1):
        if all(cell.value is None for cell in row):
            continue
        cells = [_cell(cell) for cell in row]
        if not any(cell.text.strip() or cell.fault for cell in cells):
            continue
        if number > LAST_ROW:
            raise ValidationError(
                _(
                    "Bảng có hơn %(count)d dòng; danh mục của một năm nhiều nhất %(most)d hồ sơ. "
                    "Bỏ các dòng không thuộc danh mục rồi gửi lại."
                )
                % {"count": LAST_ROW, "most": MOST_LINES}
            )
        yield number, cells


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return Cell()
    if cell.data_type == "f" or type(value).__name__ in ("ArrayFormula", "DataTableFormula"):
        return Cell(fault=_("ô là công thức; chép lại thành giá trị."))
    if cell.data_type == "e":
        return Cell(fault=_("ô báo lỗi của bảng tính."))
    if isinstance(value, bool):
        return Cell(fault=_("ô là giá trị đúng/sai; ghi bằng chữ."))
    if isinstance(value, datetime | date | time | timedelta):
        return Cell(fault=_("ô là ngày giờ; đổi định dạng ô thành văn bản rồi ghi lại."))
    if isinstance(value, int | float):
        return Cell(f"{value:.15g}")
    return Cell(str(value))


def _merged(content: bytes, path: str) -> list[Merged]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        xml = package.read(path.lstrip("/"))
    return [
        Merged(int(top), int(bottom), b"".join((left, top, b":", right, bottom)).decode())
        for left, top, right, bottom in _MERGED.findall(xml)
    ]


def write_table(
    title: str,
    head: Sequence[str],
    rows: Iterable[tuple[bool, Sequence[str]]],
    widths: Sequence[int],
    *,
    beside: tuple[str, Sequence[Sequence[str]]] | None = None,
) -> io.BufferedIOBase:
    """An open XLSX file; a row that is marked is bold. Text stays text, whatever it begins with.

    ``beside`` is a second sheet: its name and its rows.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_text(sheet, value, bold=True) for value in head])
    for bold, row in rows:
        sheet.append([_text(sheet, value, bold=bold) for value in row])
    if beside is not None:
        more = book.create_sheet(beside[0][:31])
        more.column_dimensions["A"].width = widths[0]
        more.column_dimensions["B"].width = 70
        for values in beside[1]:
            more.append([_text(more, value) for value in values])
    file = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    book.save(file)
    file.seek(0)
    return file


def _text(sheet: Any, value: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=_NO_XML.sub("", value) or None)
    if value:
        cell.data_type = "s"  # never a formula (CWE-1236)
        cell.number_format = "@"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell
