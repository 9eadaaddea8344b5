"""The list as a table for a spreadsheet: only what one sees, and no formula."""

import csv
import io

import openpyxl
import pytest
from django.urls import reverse

from core.text import clean
from incoming.models import IncomingDocument
from tests import cast as play

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
from tests.quick import glance  # noqa: E402, F401 -- a fixture

URL = reverse("incoming:export", args=["kontum"])
TRAP = '=HYPERLINK("http://x.example";"Bấm")'


@pytest.fixture
def letters(cast, pdf):
    return [
        play.distributed(cast, pdf),
        play.registered(cast.clerk, pdf, code_number="2", subject=TRAP, organ_name="+cmd"),
    ]


def _body(answer):
    return b"".join(answer.streaming_content)


def _rows(answer):
    return list(csv.reader(io.StringIO(_body(answer).decode("utf-8-sig"))))


def test_the_table_holds_the_list_newest_first(client, cast, letters):
    client.force_login(cast.clerk)
    answer = client.get(URL, {"format": "csv"})
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="van-ban-den-')
    head, newest, oldest = _rows(answer)
    assert head[:3] == ["Số đến", "Ngày, tháng, năm đến", "Số của văn bản"]
    assert (newest[0], oldest[0]) == ("2", "1")
    line = dict(zip(head, oldest, strict=True))
    assert line["Đơn vị chủ trì"] == "Phòng Quản lý đô thị"
    assert line["Ký hiệu của văn bản"] == "UBND-HTKT"
    assert line["Trạng thái"] == "Đang xử lý"


def test_no_cell_is_a_formula(client, cast, letters):
    """CWE-1236: what somebody typed into a subject does not run at the next desk."""
    client.force_login(cast.clerk)
    row = _rows(client.get(URL, {"format": "csv"}))[1]
    assert "'" + TRAP in row
    assert "'+cmd" in row
    assert not [cell for cell in row if cell.startswith(("=", "+", "@"))]
    book = openpyxl.load_workbook(io.BytesIO(_body(client.get(URL, {"format": "xlsx"}))))
    cells = {cell.value: cell.data_type for line in book.active.iter_rows() for cell in line}
    assert cells[TRAP] == "s"
    assert "f" not in cells.values()


def test_letters_that_no_file_may_hold_stop_no_export(client, cast, letters):
    """Text out of bad PDFs holds U+FFFF; it is cut off when it is typed, and left out here."""
    IncomingDocument.objects.filter(pk=letters[0].pk).update(subject="Trước\uffffSau")
    client.force_login(cast.clerk)
    book = openpyxl.load_workbook(io.BytesIO(_body(client.get(URL, {"format": "xlsx"}))))
    assert "TrướcSau" in {cell.value for line in book.active.iter_rows() for cell in line}
    assert clean("Trước\uffffSau") == "TrướcSau"


def test_days_and_numbers_stay_days_and_numbers(client, cast, letters):
    client.force_login(cast.clerk)
    book = openpyxl.load_workbook(io.BytesIO(_body(client.get(URL, {"format": "xlsx"}))))
    number, day = book.active["A2"], book.active["B2"]
    assert number.value == 2
    assert day.is_date
    assert day.number_format == "dd/mm/yyyy"


def test_only_what_the_reader_sees_and_the_filters_leave(client, cast, letters):
    client.force_login(cast.head)
    assert [row[0] for row in _rows(client.get(URL, {"format": "csv"}))[1:]] == ["1"]
    client.force_login(cast.clerk)
    narrowed = client.get(URL, {"format": "csv", "tab": "in_process"})
    assert [row[0] for row in _rows(narrowed)[1:]] == ["1"]
    ticked = client.get(URL, {"format": "csv", "document": [letters[1].pk]})
    assert [row[0] for row in _rows(ticked)[1:]] == ["2"]


def test_foreign_rows_that_are_asked_for_are_not_there(client, cast, letters, pdf):
    foreign = play.registered(cast.ward_clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.get(URL, {"format": "csv", "document": [foreign.pk]})
    assert answer.status_code == 404
    assert "Không có văn bản nào để xuất." in answer.content.decode()


def test_too_many_are_refused_in_words(client, cast, letters, monkeypatch):
    monkeypatch.setattr("incoming.views.exporting.LIMIT", 1)
    client.force_login(cast.clerk)
    answer = client.get(URL, {"format": "csv"})
    assert answer.status_code == 409
    assert "Lọc bớt" in answer.content.decode()


def test_an_unknown_format_is_no_page(client, cast, letters):
    client.force_login(cast.clerk)
    assert client.get(URL, {"format": "exe"}).status_code == 404


def test_english_readers_get_english_heads(client, cast, letters):
    client.force_login(cast.clerk)
    client.cookies["django_language"] = "en"
    assert _rows(client.get(URL, {"format": "csv"}))[0][0] != "Số đến"
