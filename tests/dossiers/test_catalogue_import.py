"""A catalogue from a table and back: shown first, written as shown, and bad files told in words."""

import io
import re
import time
import zipfile
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core.errors import NotYours, Refusal, Stale
from dossiers import importing, shown, workbooks
from dossiers.actions import cataloguing, issuing
from dossiers.actions import importing as verbs
from dossiers.choices import MOST_HEADINGS, MOST_LINES
from dossiers.models import Catalogue, CatalogueImport, PlannedDossier
from tests.cast import act_as

pytestmark = pytest.mark.django_db

HEAD = [own for _name, own, _more in importing.COLUMNS]
GOOD = [
    HEAD,
    [None, "I. TỔNG HỢP", None, None, None],
    ["01TH", "Chương trình công tác năm", "Vĩnh viễn", "VP", None],
    ["02.TH", "Báo cáo tháng, quý", 20, "Phòng Quản lý đô thị", "Gồm cả báo cáo đột xuất"],
    [None, "II. QUẢN LÝ ĐÔ THỊ", None, None, None],
    [None, "1. Cấp phép", None, None, None],
    ["01.QLĐT", "Giấy phép xây dựng", "50 năm", "Hoàng Thị Mỹ Linh", None],
]


def book(rows, prepare=None) -> bytes:
    """A workbook with these rows on its first sheet."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    if prepare:
        prepare(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def read(content: bytes) -> importing.Reading:
    return importing.read(io.BytesIO(content), len(content))


def faults(rows, prepare=None) -> list[tuple[int, str, str]]:
    return [(one.row, one.column[:1], one.words) for one in read(book(rows, prepare)).faults]


def with_cell(cell: str, value: object) -> bytes:
    def put(made):
        made.active[cell] = value

    return book(GOOD, put)


@pytest.fixture
def empty(cast) -> Catalogue:
    from core import clock  # noqa: PLC0415

    return issuing.start(act_as(cast.archivist), clock.today().year)


def bring_in(who, catalogue, content, **how):
    reading = read(content)
    assert reading.faults == []
    kept = verbs.keep_import(act_as(who), catalogue, reading)
    how.setdefault("remove_missing", False)
    return verbs.confirm_import(act_as(who), catalogue, kept.token, **how)


# --- What is read.


def test_a_table_of_the_form_is_read(cast, empty):
    reading = read(book(GOOD))
    assert (reading.faults, reading.notes, len(reading.rows)) == ([], [], 6)
    found = verbs.difference(act_as(cast.clerk), empty, reading.rows)
    assert [(one.notation, one.heading, one.creator.words) for one in found.new] == [
        ("01.TH", ("TỔNG HỢP", ""), "Văn phòng HĐND-UBND"),
        ("02.TH", ("TỔNG HỢP", ""), "Phòng Quản lý đô thị"),
        ("01.QLĐT", ("QUẢN LÝ ĐÔ THỊ", "Cấp phép"), "Hoàng Thị Mỹ Linh"),
    ]
    assert (found.changed, found.unchanged, found.missing) == ([], [], [])
    assert not PlannedDossier.objects.exists()


def test_names_of_the_office_may_stand_above_and_columns_in_another_order():
    above = [["UBND thành phố"], ["DANH MỤC HỒ SƠ"], [None]]
    turned = [list(reversed(row)) for row in GOOD]
    numbers = [["(5)", "(4)", "(3)", "(2)", "(1)"]]
    reading = read(book([*above, turned[0], *numbers, *turned[1:]]))
    assert reading.faults == []
    assert [row["row"] for row in reading.rows] == [6, 7, 8, 9, 10, 11]


def test_a_heading_joined_across_its_row_is_a_heading():
    def join(made):
        sheet = made.active
        sheet["A2"], sheet["B2"] = "I. TỔNG HỢP", None
        sheet.merge_cells("A2:E2")

    reading = read(book(GOOD, join))
    assert reading.faults == []
    assert reading.rows[0] == {"row": 2, "level": 1, "title": "TỔNG HỢP"}


@pytest.mark.parametrize(
    ("cell", "value", "column", "words"),
    [
        ("A3", "TH", "A", "ví dụ 01.TH"),
        ("A4", "01.TH", "A", "trùng với dòng 3"),
        ("A4", "1th", "A", "trùng với dòng 3"),
        ("A3", "01." + "T" * 30, "A", "dài quá 20"),
        ("C3", "lâu dài", "C", "Thời hạn bảo quản ghi"),
        ("C3", 2026, "C", "từ 1 đến 100"),
        ("C3", "=10+10", "C", "ô là công thức"),
        ("C3", True, "C", "đúng/sai"),
        ("B3", "x" * 501, "B", "dài quá 500"),
        ("D3", None, "D", "ô trống"),
        ("B3", "C«ng v¨n chØ ®¹o, ®iÒu hµnh", "B", "phông cũ TCVN3; đọc là “Công văn chỉ đạo"),
        ("E4", "Coâng vaên chæ ñaïo", "E", "phông cũ VNI"),
        ("B2", "TỔNG HỢP", "", "đề mục bắt đầu bằng số La Mã"),
        ("B2", "1. Tổng hợp", "", "đề mục nhỏ đứng trước mọi đề mục lớn"),
        ("B2", "I. " + "x" * 301, "", "dài quá 300"),
        ("B2", None, "", "hồ sơ đứng trước mọi đề mục"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(cell, value, column, words):
    found = [(one.row, one.column[:1], one.words) for one in read(with_cell(cell, value)).faults]
    row = int(cell[1:]) if cell != "B2" or "hồ sơ đứng" not in words else 3
    assert [one for one in found if one[0] == row and one[1] == column and words in one[2]], found


def test_a_day_typed_as_a_number_is_told():
    from datetime import date  # noqa: PLC0415

    [(row, column, words)] = [
        (one.row, one.column[:1], one.words)
        for one in read(with_cell("C3", date(2026, 1, 20))).faults
    ]
    assert (row, column) == (3, "C")
    assert "ngày giờ" in words


def test_cells_joined_over_rows_are_told():
    def join(made):
        made.active.merge_cells("D3:D4")

    found = faults(GOOD, join)
    assert [(row, words) for row, _column, words in found] == [
        (3, "các ô D3:D4 bị gộp; bỏ gộp rồi ghi đủ từng dòng.")
    ]


def test_a_person_or_unit_that_is_not_here_is_told(cast, empty):
    reading = read(with_cell("D3", "Phòng Không Có"))
    found = verbs.difference(act_as(cast.clerk), empty, reading.rows)
    assert [(one.row, one.words) for one in found.faults] == [
        (3, "không có người hay đơn vị tên “Phòng Không Có” trong cơ quan.")
    ]


def test_hidden_sheets_and_further_ones_are_not_read():
    def more(made):
        hidden = made.create_sheet("Bí mật", 0)
        hidden.append(HEAD)
        hidden.sheet_state = "hidden"
        made.create_sheet("Phụ").append(["x"])

    reading = read(book(GOOD, more))
    assert (reading.sheet, len(reading.rows)) == ("Sheet", 6)
    assert reading.notes == [
        "Trang tính ẩn không được đọc: Bí mật.",
        "Chỉ đọc trang tính đầu; không đọc: Phụ.",
    ]


def test_no_more_than_fifty_faults_are_named():
    rows = [HEAD, [None, "I. TỔNG HỢP"], *([f"{n}.TH", "x", "lâu", "VP"] for n in range(1, 91))]
    reading = read(book(rows))
    assert (len(reading.faults), reading.unnamed) == (50, 40)


def test_the_first_faults_are_those_of_the_first_rows():
    """Whatever kind they are: cells joined far below do not take their place."""

    def join(made):
        for row in range(100, 240, 2):
            made.active.merge_cells(f"D{row}:D{row + 1}")

    lines = [[f"{n}.TH", "x", "20 năm" if n > 2 else "lâu", "VP"] for n in range(1, 260)]
    reading = read(book([HEAD, [None, "I. TỔNG HỢP"], *lines], join))
    assert [one.row for one in reading.faults[:3]] == [3, 4, 100]
    assert (len(reading.faults), reading.unnamed) == (50, 22)


def test_a_notation_twice_is_told_at_once_though_the_first_row_has_another_fault():
    """Or a cell that cannot be read at all: the clerk mends the file once, not twice."""
    rows = [
        HEAD,
        [None, "I. TỔNG HỢP"],
        ["01.TH", "Một", "lâu", "VP"],
        ["01TH", "Hai", "20 năm", "VP"],
        ["02.TH", "=1+1", "20 năm", "VP"],
        ["02.TH", "Ba", "20 năm", "VP"],
        ["02.TH", "=1+1", "20 năm", "VP"],
    ]
    found = [(row, words) for row, _column, words in faults(rows) if "trùng" in words]
    assert found == [
        (4, "trùng với dòng 3."), (6, "trùng với dòng 5."), (7, "trùng với dòng 5.")
    ]  # fmt: skip


@pytest.mark.usefixtures("empty_cache")
def test_faults_of_the_sheet_and_of_the_office_stand_in_the_order_of_rows(client, cast, empty):
    """Who is not here is known only beside the catalogue; the clerk reads one list."""
    rows = [HEAD, [None, "I. TỔNG HỢP"], ["01.TH", "Một", "5", "Không Có"],
            ["02.TH", "Hai", "lâu", "VP"], ["03.TH", "Ba", "5", "Cũng Không"]]  # fmt: skip
    client.force_login(cast.clerk)
    address = reverse("dossiers:catalogue_import", args=["kontum", empty.year])
    page = client.post(address, {"file": SimpleUploadedFile("dm.xlsx", book(rows))})
    assert re.findall(r"<b>Dòng (\d+)", page.content.decode()) == ["3", "4", "5"]
    rows += [[f"{n}.TH", "x", "5", "Không Có"] for n in range(10, 90)]
    page = client.post(address, {"file": SimpleUploadedFile("dm.xlsx", book(rows))})
    assert page.content.decode().count("<b>Dòng ") == 50
    assert "Và 33 chỗ sai khác." in page.content.decode()


def test_what_stands_there_counts_too(cast, draft):
    """A year has so many dossiers at most, however they came into its catalogue."""
    heading = draft.headings.get(title="Tổng hợp")
    PlannedDossier.objects.bulk_create(
        PlannedDossier(
            catalogue=draft,
            heading=heading,
            ordinal=n,
            file_notation=f"{n}.X",
            title="x",
            maintenance="5 năm",
        )
        for n in range(10, MOST_LINES + 3)
    )
    assert draft.lines.count() == MOST_LINES - 2
    rows = [HEAD, [None, "I. Tổng hợp"], *([f"{n}.Y", "y", "5", "VP"] for n in range(1, 4))]
    with pytest.raises(Refusal, match=f"có {MOST_LINES + 1} hồ sơ, nhiều nhất {MOST_LINES}"):
        bring_in(cast.clerk, draft, book(rows))
    assert draft.lines.count() == MOST_LINES - 2
    bring_in(cast.clerk, draft, book(rows), remove_missing=True)
    assert draft.lines.count() == 3
    more = [[None, f"{n}. Đề mục {n}"] for n in range(1, MOST_HEADINGS)]
    many = [HEAD, [None, "I. Tổng hợp"], *more[:499], [None, "II. Thứ hai"], *more[:2]]
    with pytest.raises(Refusal, match="đề mục, nhiều nhất"):
        bring_in(cast.clerk, draft, book(many))


# --- What is no such table.


def old_xls() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def as_excel(content: bytes) -> bytes:
    """The same workbook with its words in a table of their own, as Excel writes it."""
    words: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        words.append(found[2])
        return b'%s t="s"><v>%d</v></c>' % (found[1], len(words) - 1)

    cell = re.compile(rb'(<c r="[A-Z]+\d+"[^>]*?) t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>')
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    link = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.infolist():
            xml = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                xml = cell.sub(shared, xml)
            elif part.filename == "[Content_Types].xml":
                name = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/>' % kind
                xml = xml.replace(b"</Types>", name + b"</Types>")
            elif part.filename == "xl/_rels/workbook.xml.rels":
                name = b'<Relationship Id="rId9" Type="%s" Target="sharedStrings.xml"/>' % link
                xml = xml.replace(b"</Relationships>", name + b"</Relationships>")
            new.writestr(part.filename, xml)
        table = b"".join(b"<si><t>%s</t></si>" % one for one in words)
        new.writestr("xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (space, table))
    assert words
    return file.getvalue()


def test_a_table_as_excel_writes_it_is_read_alike():
    assert read(as_excel(book(GOOD))).rows == read(book(GOOD)).rows != []


def repacked(change) -> bytes:
    """A good workbook whose parts went through ``change``: name and bytes to bytes."""
    file = io.BytesIO()
    good = as_excel(book(GOOD))
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return file.getvalue()


def bomb() -> bytes:
    return repacked(
        lambda name, xml: b" " * (64 * 2**20) if name.endswith("sharedStrings.xml") else xml
    )


def entities() -> bytes:
    bad = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>'
    return repacked(lambda name, xml: bad + xml.partition(b"?>")[2] if "sheet1" in name else xml)


def other_zip() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    return file.getvalue()


def broken(name: str) -> bytes:
    return repacked(lambda part, xml: xml[: len(xml) // 2] if name in part else xml)


def with_password() -> bytes:
    good = bytearray(book(GOOD))
    for place in [found.start() for found in re.finditer(b"PK\x03\x04", bytes(good))]:
        good[place + 6] |= 1
    for place in [found.start() for found in re.finditer(b"PK\x01\x02", bytes(good))]:
        good[place + 8] |= 1
    return bytes(good)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: b"", "không phải tệp XLSX"),
        (lambda: b"%PDF-1.4 ...", "không phải tệp XLSX"),
        (lambda: "Số;Tên\n01.TH;x".encode(), "không phải tệp XLSX"),
        (lambda: b"PK\x03\x04 nothing", "không phải tệp XLSX"),
        (other_zip, "không phải tệp XLSX"),
        (with_password, "không phải tệp XLSX"),
        (old_xls, "tệp .xls đời cũ"),
        (bomb, "giải nén ra quá lớn"),
        (entities, "không thuộc bảng tính"),
        (lambda: broken("sheet1"), "nội dung bị hỏng"),
        (lambda: broken("workbook.xml"), "nội dung bị hỏng"),
        (lambda: broken("sharedStrings"), "nội dung bị hỏng"),
        (lambda: b"PK" + b"\x00" * workbooks.LARGEST, "lớn hơn 2 MB"),
        (lambda: book([]), "Không thấy dòng tên cột"),
        (lambda: book([["Số", "Tên", "Hạn"], ["01.TH", "x", "20"]]), "thiếu: Số và ký hiệu hồ sơ"),
        (lambda: book([[*HEAD[:2], *HEAD[3:]]]), "thiếu: Thời hạn bảo quản"),
        (lambda: book([[*HEAD, "Ghi chú"]]), "Hai cột cùng tên"),
        (lambda: book([HEAD]), "chưa có dòng nào"),
        (
            lambda: book([HEAD, ["I", "x"], *(["01.TH", "x", "5", "VP"] for _n in range(10_000))]),
            "hơn 5000 dòng",
        ),
    ],
)
def test_a_file_that_is_no_good_is_told_in_words_and_in_time(content, words):
    made = content()
    start = time.monotonic()
    with pytest.raises(ValidationError) as said:
        read(made)
    assert words in said.value.messages[0]
    assert time.monotonic() - start < 10


def test_empty_rows_to_the_end_of_the_sheet_cost_little():
    def far(made):
        made.active.cell(1_048_576, 1).value = " "

    start = time.monotonic()
    assert len(read(book(GOOD, far)).rows) == 6
    assert time.monotonic() - start < 10


# --- What is written.


def test_confirmed_it_writes_what_was_shown(cast, empty):
    found = bring_in(cast.clerk, empty, book(GOOD))
    assert (len(found.new), found.new_headings) == (3, ["TỔNG HỢP", "QUẢN LÝ ĐÔ THỊ", "Cấp phép"])
    rows = [(one.file_notation, one.ordinal, one.maintenance) for one in empty.lines.all()]
    assert sorted(rows) == [
        ("01.QLĐT", 1, "50 năm"),
        ("01.TH", 1, "Vĩnh viễn"),
        ("02.TH", 2, "20 năm"),
    ]
    line = empty.lines.get(file_notation="01.QLĐT")
    assert (line.creator_user, line.unit) == (cast.specialist, cast.planning)
    assert line.history.get().history_user == cast.clerk
    headings = empty.headings.values_list("title", "abbreviation", "parent__title", "ordinal")
    assert sorted(headings) == [
        ("Cấp phép", "", "QUẢN LÝ ĐÔ THỊ", 1),
        ("QUẢN LÝ ĐÔ THỊ", "QLĐT", None, 2),
        ("TỔNG HỢP", "TH", None, 1),
    ]
    assert not CatalogueImport.objects.exists()


def test_new_changed_unchanged_and_missing_are_told_apart(cast, draft):
    rows = [
        HEAD,
        [None, "I. Tổng hợp"],
        ["02.TH", "Tên mới", "20 năm", "Phòng Quản lý đô thị"],
        ["01.TH", draft.lines.get(file_notation="01.TH").title, "Vĩnh viễn", "QLĐT"],
        ["07.TH", "Hồ sơ mới", "5", "VP"],
    ]
    reading = read(book(rows))
    found = verbs.difference(act_as(cast.clerk), draft, reading.rows)
    assert [one.notation for one in found.new] == ["07.TH"]
    assert [one.notation for one in found.unchanged] == ["01.TH"]
    [changed] = found.changed
    assert [(one.label, one.after) for one in changed.changes] == [("Tiêu đề", "Tên mới")]
    assert [one.file_notation for one in found.missing] == ["01.QLĐT", "02.QLĐT", "03.TH"]
    bring_in(cast.clerk, draft, book(rows))
    common = draft.headings.get(title="Tổng hợp")
    assert list(common.lines.values_list("file_notation", flat=True)) == [
        "02.TH",
        "01.TH",
        "07.TH",
        "03.TH",
    ]
    assert draft.lines.count() == 6
    bring_in(cast.clerk, draft, book(rows), remove_missing=True)
    assert set(draft.lines.values_list("file_notation", flat=True)) == {"01.TH", "02.TH", "07.TH"}
    assert PlannedDossier.history.filter(history_type="-", history_user=cast.clerk).count() == 3


def test_a_catalogue_that_changed_meanwhile_is_told_and_nothing_is_written(cast, draft):
    kept = verbs.keep_import(act_as(cast.clerk), draft, read(book(GOOD)))
    cataloguing.move_line(act_as(cast.chief), draft.lines.get(file_notation="02.TH"), -1)
    before = list(draft.lines.values_list("file_notation", "title", "ordinal"))
    with pytest.raises(Stale, match="đã thay đổi từ lúc xem trước"):
        verbs.confirm_import(act_as(cast.clerk), draft, kept.token, remove_missing=True)
    assert list(draft.lines.values_list("file_notation", "title", "ordinal")) == before


def test_a_token_is_its_owners_and_good_once(cast, draft):
    kept = verbs.keep_import(act_as(cast.clerk), draft, read(book(GOOD)))
    for who, token in ((cast.chief, kept.token), (cast.clerk, uuid4())):
        with pytest.raises(Stale, match="Lần nhập này đã xong"):
            verbs.confirm_import(act_as(who), draft, token, remove_missing=False)
    verbs.confirm_import(act_as(cast.clerk), draft, kept.token, remove_missing=False)
    with pytest.raises(Stale, match="Lần nhập này đã xong"):
        verbs.confirm_import(act_as(cast.clerk), draft, kept.token, remove_missing=False)
    with pytest.raises(NotYours):
        verbs.keep_import(act_as(cast.chair), draft, read(book(GOOD)))


def test_nothing_is_imported_into_an_issued_one(cast, draft):
    kept = verbs.keep_import(act_as(cast.clerk), draft, read(book(GOOD)))
    issuing.submit(act_as(cast.clerk), draft)
    with pytest.raises(Refusal, match="đang chờ duyệt"):
        verbs.confirm_import(act_as(cast.clerk), draft, kept.token, remove_missing=False)


# --- Out and in again, through the pages.


def exported(client, user, catalogue) -> bytes:
    client.force_login(user)
    address = reverse("dossiers:catalogue_export", args=["kontum", catalogue.year])
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


@pytest.mark.usefixtures("empty_cache")
def test_what_goes_out_comes_in_unchanged_and_formulas_stay_text(client, cast, draft, line_entry):
    heading = draft.headings.get(title="Cấp phép")
    for place, title in enumerate(("=1+1", "@SUM(A1)", "+84", "-1", "'x"), start=5):
        entry = line_entry(
            heading, f"{place:02d}.QLĐT", title=title, creator="A Thiu", creator_user=cast.colleague
        )
        cataloguing.add_line(act_as(cast.clerk), draft, entry)
    # Whoever has left stays in the line, and so in the file.
    PlannedDossier.objects.filter(file_notation="03.TH").update(creator="Người Đã Nghỉ")
    content = exported(client, cast.clerk, draft)
    for row in load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2):
        assert {cell.data_type for cell in row if cell.value is not None} <= {"s"}
    reading = read(content)
    found = verbs.difference(act_as(cast.clerk), draft, reading.rows)
    assert (reading.faults, found.faults, found.new, found.missing) == ([], [], [], [])
    assert (found.changed, len(found.unchanged), found.new_headings) == ([], 10, [])
    before = list(importing.rows_of(shown.Page(act_as(cast.clerk), draft).parts))
    bring_in(cast.clerk, draft, content, remove_missing=True)
    assert list(importing.rows_of(shown.Page(act_as(cast.clerk), draft).parts)) == before


@pytest.mark.usefixtures("empty_cache")
def test_the_page_shows_first_and_writes_on_the_second_press(client, cast, empty):
    client.force_login(cast.archivist)
    address = reverse("dossiers:catalogue_import", args=["kontum", empty.year])
    assert "Xem trước" in client.get(address).content.decode()
    page = client.post(address, {"file": SimpleUploadedFile("dm.xlsx", book(GOOD))})
    said = page.content.decode()
    assert page.status_code == 200
    assert "Giấy phép xây dựng" in said
    assert not empty.lines.exists()
    token = re.search(r'name="token" value="([^"]+)"', said)[1]
    done = client.post(address, {"token": token}, follow=True)
    assert "Đã nhập từ tệp: 3 hồ sơ mới, 0 hồ sơ đổi, 0 hồ sơ như cũ." in done.content.decode()
    assert empty.lines.count() == 3
    for used in (token, "nothing"):
        again = client.post(address, {"token": used})
        assert again.status_code == 409


@pytest.mark.usefixtures("empty_cache")
def test_a_bad_file_stays_on_the_page_with_its_reason(client, cast, empty):
    client.force_login(cast.clerk)
    address = reverse("dossiers:catalogue_import", args=["kontum", empty.year])
    for content, words in (
        (b"nothing", "Đây không phải tệp XLSX"),
        (with_cell("C3", "lâu dài"), "Dòng 3, cột C (Thời hạn bảo quản):"),
        (with_cell("D3", "Không Có"), "không có người hay đơn vị tên “Không Có”"),
    ):
        page = client.post(address, {"file": SimpleUploadedFile("dm.xlsx", content)})
        assert page.status_code == 422
        assert words in page.content.decode()
    assert client.post(address, {}).status_code == 422
    assert not CatalogueImport.objects.exists()


@pytest.mark.usefixtures("empty_cache")
def test_the_template_is_an_empty_table_of_the_form(client, cast):
    client.force_login(cast.specialist)
    answer = client.get(reverse("dossiers:catalogue_template", args=["kontum"]))
    content = b"".join(answer.streaming_content)
    with pytest.raises(ValidationError, match="chưa có dòng nào"):
        read(content)
    assert load_workbook(io.BytesIO(content)).sheetnames == ["Danh mục hồ sơ", "Cách điền"]


def test_three_thousand_lines_are_imported_in_few_seconds(cast, empty):
    rows = [HEAD, [None, "I. TỔNG HỢP"]]
    rows += [[f"{n}.TH", f"Hồ sơ việc số {n}", "20 năm", "VP"] for n in range(1, 3001)]
    content = book(rows)
    start = time.monotonic()
    assert len(bring_in(cast.clerk, empty, content).new) == 3000
    assert time.monotonic() - start < 30
    assert empty.lines.count() == 3000
    rows.append(["3001.TH", "Một nữa", "20 năm", "VP"])
    with pytest.raises(ValidationError, match="nhiều nhất 3000 hồ sơ"):
        read(book(rows))
