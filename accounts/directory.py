"""The directory of recipients: searched by whoever issues, filled from the national list."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from accounts.models import ORGAN_ID, DirectoryEntry
from core.text import clean, fold

SHOWN = 20
LOOKED_AT = 300  # of a word that thousands have only so many are read, and the best of them shown
LARGEST = 64 * 1024 * 1024  # bytes of a list
LAST_ROW = 300_000
MOST_FAULTS = 50
HEAD_WITHIN = 10  # rows: above the names of the columns stands the heading of the list
# Field, what the column is called, and how else lists write it.
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("organ_id", "Mã định danh", ("mã định danh điện tử", "mã cơ quan", "organ id", "code")),
    ("organ_name", "Tên cơ quan", ("tên cơ quan, tổ chức", "tên đơn vị", "organ name", "name")),
    ("parent", "Mã cơ quan cấp trên", ("cơ quan cấp trên", "mã cấp trên", "parent")),
    ("email", "Thư điện tử", ("thư điện tử công vụ", "email", "e-mail")),
)
REQUIRED = ("organ_id", "organ_name")
_PARENT = next(own for name, own, _more in COLUMNS if name == "parent")
_BATCH = 2000
_BROKEN = (
    csv.Error,
    BadZipFile,
    InvalidFileException,
    LookupError,
    OSError,
    SyntaxError,  # of the XML
    ValueError,
)


# --- Searching.


@dataclass(frozen=True)
class Found:
    """What a search of the directory shows; ``more``: not all of it."""

    rows: list[DirectoryEntry]
    more: bool


def search(words: str) -> Found:
    """The recipients that fit best: the installation's own first, then names that begin so.

    Two questions, both limited: of a word that half of the directory has not all are read.
    """
    fitting = DirectoryEntry.objects.active().matching(clean(words)).order_by()
    own = list(fitting.filter(agency__isnull=False).select_related("agency__parent")[: SHOWN + 1])
    others = list(fitting.filter(agency__isnull=True)[:LOOKED_AT])
    wanted = fold(words)

    def rank(row: DirectoryEntry) -> tuple[bool, bool, int, str]:
        begins = row.search_text.startswith(wanted)
        return (row.agency_id is None, not begins, len(row.organ_name), row.organ_id)

    rows = sorted([*own, *others], key=rank)
    return Found(rows[:SHOWN], len(rows) > SHOWN)


# --- Importing.


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; column "" when it is the row or the file."""

    row: int
    column: str
    words: str

    def __str__(self) -> str:
        where = _("dòng %(row)d") % {"row": self.row} if self.row else _("tệp")
        if self.column:
            where = f"{where}, {_('cột %(name)s') % {'name': self.column}}"
        return f"{where}: {self.words}"


@dataclass
class Reading:
    """The rows of a list, or what is wrong with them."""

    rows: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unnamed: int = 0  # faults beyond the first MOST_FAULTS

    def wrong(self, row: int, column: str, words: str) -> None:
        """Note a fault."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(row, column, words))
        else:
            self.unnamed += 1


@dataclass
class Outcome:
    """What an import has changed, or would change."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    own: int = 0  # of this installation: they stand as the agencies are
    switched_off: int = 0


def read(path: Path) -> Reading:
    """Read a list from a .csv or .xlsx file."""
    reading = Reading()
    if path.stat().st_size > LARGEST:
        reading.wrong(0, "", _("lớn hơn %(size)d MB.") % {"size": LARGEST // 2**20})
        return reading
    try:
        lines = _sheet(path) if path.suffix.lower() == ".xlsx" else _csv(path)
        _read(reading, lines)
    except UnicodeDecodeError:
        reading.wrong(0, "", _("không phải chữ UTF-8. Lưu lại dạng CSV UTF-8 hoặc .xlsx."))
    except (
        csv.Error,
        BadZipFile,
        InvalidFileException,
        LookupError,
        OSError,
        SyntaxError,
        ValueError,
    ):
        reading.wrong(0, "", _("không đọc được; lưu lại dạng .csv hoặc .xlsx."))
    return reading


def _csv(path: Path) -> Iterator[list[str]]:
    text = path.read_text(encoding="utf-8-sig")
    first = text[:4096]
    mark = max(",;\t", key=first.count)
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=mark)


def _sheet(path: Path) -> Iterator[list[str]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for row in book.worksheets[0].iter_rows(values_only=True, max_col=30):
            yield ["" if value is None else str(value) for value in row]
    finally:
        book.close()


def _read(reading: Reading, lines: Iterable[list[str]]) -> None:
    columns: dict[str, int] = {}
    seen: dict[str, int] = {}
    for number, cells in enumerate(lines, start=1):
        if not columns:
            columns = _head(cells)
            if not columns and number >= HEAD_WITHIN:
                break
        elif number > LAST_ROW:
            reading.wrong(number, "", _("nhiều hơn %(most)d dòng.") % {"most": LAST_ROW})
            break
        elif any(cell.strip() for cell in cells):
            _row(reading, number, cells, columns, seen)
    if not columns:
        names = "; ".join(own for name, own, _more in COLUMNS if name in REQUIRED)
        reading.wrong(0, "", _("không thấy dòng tên cột; cần: %(names)s.") % {"names": names})
    elif not reading.rows and not reading.faults:
        reading.wrong(0, "", _("chưa có dòng nào dưới dòng tên cột."))


def _head(cells: list[str]) -> dict[str, int]:
    """Where each column stands; empty for a row that is not the one of the names."""
    known = {fold(word): name for name, own, more in COLUMNS for word in (own, *more)}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        name = known.get(fold(cell))
        if name and name not in found:
            found[name] = place
    return found if set(REQUIRED) <= set(found) else {}


def _row(
    reading: Reading,
    number: int,
    cells: list[str],
    columns: dict[str, int],
    seen: dict[str, int],
) -> None:
    values = {
        name: clean(cells[columns[name]]) if name in columns and columns[name] < len(cells) else ""
        for name, _own, _more in COLUMNS
    }
    values["organ_id"], values["parent"] = values["organ_id"].upper(), values["parent"].upper()
    faults: list[tuple[str, str]] = []
    try:
        ORGAN_ID(values["organ_id"])
    except ValidationError as error:
        faults.append(("organ_id", str(error.messages[0])))
    for name, most in (("organ_id", 35), ("organ_name", 200), ("email", 254)):
        if len(values[name]) > most:
            faults.append((name, _("dài quá %(count)d ký tự.") % {"count": most}))
    if not values["organ_name"]:
        faults.append(("organ_name", _("ô trống.")))
    if values["parent"] and values["parent"] == values["organ_id"]:
        faults.append(("parent", _("cơ quan không là cấp trên của chính mình.")))
    if values["email"]:
        try:
            validate_email(values["email"])
        except ValidationError:
            faults.append(("email", _("không phải địa chỉ thư điện tử.")))
    if (first := seen.setdefault(values["organ_id"], number)) != number:
        faults.append(("organ_id", _("trùng với dòng %(row)d.") % {"row": first}))
    for name, words in faults:
        own = next(own for one, own, _more in COLUMNS if one == name)
        reading.wrong(number, f"{get_column_letter(columns[name] + 1)} ({own})", words)
    if not faults:
        reading.rows.append({**values, "row": str(number)})


@transaction.atomic
def put(reading: Reading, *, whole: bool = False, dry: bool = False) -> Outcome:
    """Put a list into the directory; ``whole``: what is not in it is switched off.

    Rows of this installation's own agencies are left as the agencies are. Faults that only the
    directory can tell (a parent that is nowhere) are added to the reading, and then nothing is put.
    """
    there = {row.organ_id: row for row in DirectoryEntry.objects.select_related("parent")}
    listed = {row["organ_id"] for row in reading.rows}
    for row in reading.rows:
        if row["parent"] and row["parent"] not in listed and row["parent"] not in there:
            words = _("không có cơ quan mang mã %(code)s.") % {"code": row["parent"]}
            reading.wrong(int(row["row"]), _PARENT, words)
    _find_rings(reading, there)
    outcome = Outcome()
    if reading.faults:
        return outcome
    new, changed = _sorted_out(reading, there, outcome)
    if whole:
        gone = DirectoryEntry.objects.active().filter(agency=None).exclude(organ_id__in=listed)
        outcome.switched_off = gone.count() if dry else gone.update(is_active=False)
    if not dry:
        _write(reading, there, new, changed)
    return outcome


def _find_rings(reading: Reading, there: dict[str, DirectoryEntry]) -> None:
    above = {code: row.parent.organ_id for code, row in there.items() if row.parent}
    above |= {row["organ_id"]: row["parent"] for row in reading.rows if row["parent"]}
    good: set[str] = set()
    for row in reading.rows:
        path: list[str] = []
        code = row["organ_id"]
        while code in above and code not in good and code not in path:
            path.append(code)
            code = above[code]
        if code in path:
            words = _("các cơ quan là cấp trên của nhau: %(codes)s.")
            codes = ", ".join(path[path.index(code) :])
            reading.wrong(int(row["row"]), _PARENT, words % {"codes": codes})
        good |= set(path)


def _sorted_out(
    reading: Reading, there: dict[str, DirectoryEntry], outcome: Outcome
) -> tuple[list[DirectoryEntry], list[DirectoryEntry]]:
    new: list[DirectoryEntry] = []
    changed: list[DirectoryEntry] = []
    for values in reading.rows:
        row = there.get(values["organ_id"])
        if row is None:
            row = DirectoryEntry(organ_id=values["organ_id"])
            new.append(row)
        elif row.agency_id is not None:
            outcome.own += 1
            continue
        else:
            before = (row.parent.organ_id if row.parent else "", row.organ_name, row.email)
            if row.is_active and before == (
                values["parent"],
                values["organ_name"],
                values["email"],
            ):
                outcome.unchanged += 1
                continue
            changed.append(row)
        row.organ_name, row.email, row.is_active = values["organ_name"], values["email"], True
        row.search_text = row.folded()
    outcome.new, outcome.changed = len(new), len(changed)
    return new, changed


def _write(
    reading: Reading,
    there: dict[str, DirectoryEntry],
    new: list[DirectoryEntry],
    changed: list[DirectoryEntry],
) -> None:
    DirectoryEntry.objects.bulk_create(new, batch_size=_BATCH)
    rows = {**there, **{row.organ_id: row for row in new}}
    above = {values["organ_id"]: values["parent"] for values in reading.rows}
    for row in (*new, *changed):
        row.parent = rows[above[row.organ_id]] if above[row.organ_id] else None
    DirectoryEntry.objects.bulk_update(
        [row for row in new if row.parent], ["parent"], batch_size=_BATCH
    )
    DirectoryEntry.objects.bulk_update(
        changed,
        ["parent", "organ_name", "email", "is_active", "search_text"],
        batch_size=_BATCH,
    )
