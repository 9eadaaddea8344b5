"""A catalogue as a table: what a sheet says, and what it would change.

The columns are those of the form (NĐ 30/2020 Phụ lục V): a heading stands alone in its row, with
a Roman numeral when it is a large one, an Arabic one when it is small.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.legacy_text import legacy_charset, to_unicode
from core.text import clean, fold
from dossiers import tree, workbooks
from dossiers.choices import MOST_LINES
from dossiers.models import Heading, PlannedDossier
from dossiers.notation import parse_maintenance, parse_notation
from dossiers.workbooks import Cell, Table

MOST_FAULTS = 50
HEAD_WITHIN = 15  # rows: above it stand the names of the office and of the form
# Field, the form's own words, and how else offices write it.
COLUMNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "file_notation",
        "Số và ký hiệu hồ sơ",
        ("số, ký hiệu hồ sơ", "số ký hiệu hồ sơ", "số và ký hiệu"),
    ),
    (
        "title",
        "Tên đề mục và tiêu đề hồ sơ",
        ("tên đề mục và tiêu đề", "tiêu đề hồ sơ", "tên hồ sơ"),
    ),
    ("maintenance", "Thời hạn bảo quản", ("thời hạn", "THBQ")),
    (
        "creator",
        "Người lập hồ sơ",
        ("đơn vị/người lập hồ sơ", "đơn vị, người lập hồ sơ", "người lập"),
    ),
    ("description", "Ghi chú", ()),
)
_LARGE = re.compile(r"([IVXLC]+)[.)]?\s+(\S.*)", re.DOTALL)
_SMALL = re.compile(r"([0-9]{1,3})[.)]?\s+(\S.*)", re.DOTALL)
_LENGTHS = {"title": 500, "description": 500, "heading": 300}
_LABELS = {
    "title": gettext_lazy("Tiêu đề"),
    "maintenance": gettext_lazy("Thời hạn bảo quản"),
    "creator": gettext_lazy("Người lập hồ sơ"),
    "description": gettext_lazy("Ghi chú"),
    "heading": gettext_lazy("Đề mục"),
}


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell; column "" when it is the row."""

    row: int
    column: str
    words: str


@dataclass
class Reading:
    """What a sheet says: plain rows that can be kept as JSON, or faults."""

    sheet: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unnamed: int = 0  # faults beyond the first MOST_FAULTS

    def wrong(self, row: int, column: str, words: str) -> None:
        """Note a fault."""
        if len(self.faults) < workbooks.LAST_ROW:
            self.faults.append(Fault(row, column, words))
        else:
            self.unnamed += 1

    def settle(self, more: Iterable[Fault] = ()) -> None:
        """With these too: the first MOST_FAULTS in the order of the rows, the others counted."""
        found = sorted([*self.faults, *more], key=lambda one: one.row)
        self.faults = found[:MOST_FAULTS]
        self.unnamed += len(found) - len(self.faults)


def read(file: IO[bytes], size: int) -> Reading:
    """Read an uploaded table. Raises ValidationError when the file as a whole is no good."""
    table = workbooks.read_table(file, size)
    head, columns = _head(table)
    reading = Reading(table.sheet)
    if table.hidden:
        reading.notes.append(
            _("Trang tính ẩn không được đọc: %(names)s.") % {"names": ", ".join(table.hidden)}
        )
    if table.unread:
        reading.notes.append(
            _("Chỉ đọc trang tính đầu; không đọc: %(names)s.") % {"names": ", ".join(table.unread)}
        )
    apart = {
        row
        for one in table.merged
        if one.last_row > one.first_row
        for row in range(max(one.first_row, head + 1), min(one.last_row, workbooks.LAST_ROW) + 1)
    }
    for one in table.merged:
        if one.last_row > max(one.first_row, head):
            reading.wrong(
                max(one.first_row, head + 1),
                "",
                _("các ô %(cells)s bị gộp; bỏ gộp rồi ghi đủ từng dòng.") % {"cells": one.name},
            )
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        if number > head and number not in apart and not _is_numbers(cells):
            _row(reading, number, cells, columns, seen)
    if not reading.rows and not reading.faults:
        raise ValidationError(_("Bảng chưa có dòng nào dưới dòng tên cột."))
    if len(seen) > MOST_LINES:
        raise ValidationError(_("Danh mục có nhiều nhất %(most)d hồ sơ.") % {"most": MOST_LINES})
    reading.settle()
    return reading


def _head(table: Table) -> tuple[int, dict[str, int]]:
    """The row of the names of columns, and where each column stands."""
    known = {fold(word): name for name, own, more in COLUMNS for word in (own, *more)}
    best: dict[str, int] = {}
    for number, cells in table.rows:
        if number > HEAD_WITHIN:
            break
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            name = known.get(fold(cell.text))
            if name in found:
                raise ValidationError(
                    _("Hai cột cùng tên “%(name)s”. Giữ một cột.") % {"name": cell.text.strip()}
                )
            if name:
                found[name] = place
        if len(found) == len(COLUMNS):
            return number, found
        best = max(best, found, key=len)
    missing = [own for name, own, _more in COLUMNS if name not in best]
    raise ValidationError(
        _("Không thấy dòng tên cột đủ năm cột của mẫu; thiếu: %(names)s. Dùng tệp mẫu.")
        % {"names": "; ".join(missing)}
    )


def _is_numbers(cells: list[Cell]) -> bool:
    """The row (1) (2) (3) (4) (5) below the names."""
    words = [cell.text.strip() for cell in cells if cell.text.strip()]
    return len(words) > 2 and all(re.fullmatch(r"\(?\d\)?", word) for word in words)


def _row(
    reading: Reading, number: int, cells: list[Cell], columns: dict[str, int], seen: dict[str, int]
) -> None:
    values: dict[str, str] = {}
    before = len(reading.faults) + reading.unnamed
    for name, own, _more in COLUMNS:
        cell = cells[columns[name]] if columns[name] < len(cells) else Cell()
        where = f"{workbooks.get_column_letter(columns[name] + 1)} ({own})"
        values[name] = clean(cell.text)
        if cell.fault:
            reading.wrong(number, where, cell.fault)
        elif charset := legacy_charset(cell.text):
            words = _("chữ gõ bằng phông cũ %(font)s; đọc là “%(reading)s”. Đổi sang Unicode.")
            reading.wrong(
                number,
                where,
                words
                % {"font": charset.upper(), "reading": clean(to_unicode(cell.text, charset))[:120]},
            )
    if len(reading.faults) + reading.unnamed > before:
        _note(reading, number, values["file_notation"], columns, seen)
        return
    texts = [name for name, value in values.items() if value]
    if not texts:
        return  # only in columns that are none of ours
    if texts in (["title"], ["file_notation"]):  # the latter: cells joined across the row
        _heading(reading, number, values[texts[0]])
    else:
        _line(reading, number, values, columns, seen)


def _heading(reading: Reading, number: int, text: str) -> None:
    large, small = _LARGE.fullmatch(text), _SMALL.fullmatch(text)
    found = large or small
    if found is None:
        reading.wrong(
            number,
            "",
            _(
                "đề mục bắt đầu bằng số La Mã (đề mục lớn) hoặc số Ả Rập (đề mục nhỏ); hồ sơ thì "
                "phải đủ số và ký hiệu, thời hạn, người lập."
            ),
        )
        return
    if small and not any(row.get("level") == 1 for row in reading.rows):
        reading.wrong(number, "", _("đề mục nhỏ đứng trước mọi đề mục lớn."))
        return
    if len(found[2]) > _LENGTHS["heading"]:
        reading.wrong(number, "", _("đề mục dài quá %(count)d ký tự.") % {"count": 300})
        return
    reading.rows.append({"row": number, "level": 1 if large else 2, "title": found[2]})


def _line(
    reading: Reading,
    number: int,
    values: dict[str, str],
    columns: dict[str, int],
    seen: dict[str, int],
) -> None:
    def where(name: str) -> str:
        return _where(columns, name)

    before = len(reading.faults) + reading.unnamed
    for name, parse in (("file_notation", parse_notation), ("maintenance", parse_maintenance)):
        try:
            values[name] = parse(values[name])
        except ValidationError as error:
            reading.wrong(number, where(name), error.messages[0])
    for name in ("title", "description"):
        if len(values[name]) > _LENGTHS[name]:
            reading.wrong(
                number, where(name), _("dài quá %(count)d ký tự.") % {"count": _LENGTHS[name]}
            )
    for name in ("title", "creator"):
        if not values[name]:
            reading.wrong(number, where(name), _("ô trống."))
    if not any("level" in row for row in reading.rows):
        reading.wrong(number, "", _("hồ sơ đứng trước mọi đề mục; thêm dòng đề mục ở trên."))
    _note(reading, number, values["file_notation"], columns, seen)
    if len(reading.faults) + reading.unnamed == before:
        reading.rows.append({"row": number} | values)


def _note(
    reading: Reading, number: int, notation: str, columns: dict[str, int], seen: dict[str, int]
) -> None:
    """Each notation once, also of rows in which something else is wrong."""
    try:
        key = parse_notation(notation).lower()
    except ValidationError:
        return
    if key in seen:
        reading.wrong(
            number,
            _where(columns, "file_notation"),
            _("trùng với dòng %(row)d.") % {"row": seen[key]},
        )
    seen.setdefault(key, number)


def _where(columns: dict[str, int], name: str) -> str:
    own = next(own for one, own, _more in COLUMNS if one == name)
    return f"{workbooks.get_column_letter(columns[name] + 1)} ({own})"


# --- What it would change.


@dataclass(frozen=True)
class Change:
    """One field of a line, before and after."""

    label: str
    before: str
    after: str


@dataclass
class Planned:
    """A row of the table with the line that it stands for, if there is one."""

    row: int
    notation: str
    title: str
    values: dict[str, Any]
    heading: tuple[str, str]  # titles of the large and of the small one, "" without
    creator: tree.Creator | None
    line: PlannedDossier | None
    changes: list[Change] = field(default_factory=list)


@dataclass
class Difference:
    """What a confirmed import does."""

    new: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    unchanged: list[Planned] = field(default_factory=list)
    missing: list[PlannedDossier] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    # In the order of the table: titles of large and small headings, each once.
    headings: list[tuple[str, str]] = field(default_factory=list)
    new_headings: list[str] = field(default_factory=list)

    @property
    def planned(self) -> list[Planned]:
        """All rows of the table in their order."""
        return sorted([*self.new, *self.changed, *self.unchanged], key=lambda one: one.row)


def compare(
    rows: Iterable[dict[str, Any]],
    headings: list[Heading],
    lines: list[PlannedDossier],
    creators: Iterable[tree.Creator],
) -> Difference:
    """The table against the catalogue; pure, so what was shown is what is done."""
    found, known = Difference(), tree.by_words(creators)
    there = {line.file_notation.lower(): line for line in lines}
    titles = {one.pk: one.title for one in headings}
    place_of = {
        one.pk: (titles[one.parent_id], one.title) if one.parent_id else (one.title, "")
        for one in headings
    }
    spelled = {tuple(map(fold, place)): place for place in place_of.values()}
    place, left = ("", ""), dict(there)
    for row in rows:
        if "level" in row:
            asked = (row["title"], "") if row["level"] == 1 else (place[0], row["title"])
            key = (fold(asked[0]), fold(asked[1]))
            if key not in spelled:
                spelled[key] = asked
                found.new_headings.append(row["title"])
            place = spelled[key]
            if place not in found.headings:
                found.headings.append(place)
            continue
        line = left.pop(row["file_notation"].lower(), None)
        _place(found, row, place, line, place_of, known)
    found.missing = sorted(left.values(), key=lambda one: one.file_notation)
    return found


def _place(
    found: Difference,
    row: dict[str, Any],
    place: tuple[str, str],
    line: PlannedDossier | None,
    place_of: dict[int, tuple[str, str]],
    known: dict[str, tree.Creator],
) -> None:
    creator = known.get(fold(row["creator"]))
    kept = line is not None and fold(line.creator) == fold(row["creator"])
    if creator is None and not kept:
        words = _("không có người hay đơn vị tên “%(name)s” trong cơ quan.")
        found.faults.append(
            Fault(row["row"], str(_LABELS["creator"]), words % {"name": row["creator"][:60]})
        )
        return
    planned = Planned(
        row["row"], row["file_notation"], row["title"], row, place, None if kept else creator, line
    )
    if line is None:
        found.new.append(planned)
        return
    written = creator.words if creator and not kept else line.creator
    was = place_of.get(line.heading_id or 0, ("", ""))
    for name, before, after in (
        ("title", line.title, row["title"]),
        ("maintenance", line.maintenance, row["maintenance"]),
        ("creator", line.creator, written),
        ("description", line.description, row["description"]),
        ("heading", _joined(was), _joined(place)),
    ):
        if before != after:
            planned.changes.append(Change(str(_LABELS[name]), before, after))
    (found.changed if planned.changes else found.unchanged).append(planned)


def _joined(place: tuple[str, str]) -> str:
    return " / ".join(part for part in place if part)


# --- The way back.


def rows_of(parts: Iterable[tree.Part]) -> Iterable[tuple[bool, list[str]]]:
    """A catalogue as rows of the table, headings marked; ``read`` reads them as they were."""
    for part in parts:
        yield True, ["", f"{part.number}. {part.heading.title}", "", "", ""]
        yield from _lines_of(part)
        for child in part.parts:
            yield True, ["", f"{child.number}. {child.heading.title}", "", "", ""]
            yield from _lines_of(child)


def _lines_of(part: tree.Part) -> Iterable[tuple[bool, list[str]]]:
    for line in part.lines:
        yield (
            False,
            [line.file_notation, line.title, line.maintenance, line.creator, line.description],
        )
