"""Sổ đăng ký văn bản đi: where it really went, printed and as a table (NĐ 30 Phụ lục IV)."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from outgoing import actions, entries
from outgoing.choices import DeliveryCode
from outgoing.models import Delivery, OutgoingDocument
from tests.cast import act_as
from tests.outgoing.issuing import issued, sealed, to_agency, to_mailbox, to_post
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]

BOOK = reverse("outgoing:book", args=["kontum"])
PRINT = reverse("outgoing:book_print", args=["kontum"])
EXPORT = reverse("outgoing:book_export", args=["kontum"])
TRAP = '=HYPERLINK("http://x.example";"Bấm")'


@pytest.fixture
def mail(settings):
    settings.EMAIL_HOST = "127.0.0.1"


def entry(cast, document) -> entries.Entry:
    return next(iter(entries.of_keys(act_as(cast.clerk), [document.pk])))


def page_of(client, who, path, **query) -> str:
    client.force_login(who)
    return client.get(path, query).content.decode().replace("\u2060", "")


def test_before_it_goes_the_sheet_says_where_to(cast):
    one = entry(cast, sealed(cast))
    assert (one.places, one.is_planned) == (("Như trên",), True)
    assert (one.amount, one.sent) == ("", "")
    assert one.note == "Chờ phát hành"


def test_the_register_says_where_it_really_went(client, cast, mail):
    """NĐ 30/2020 Phụ lục IV, I: nơi nhận, người nhận bản lưu, số lượng bản, ngày chuyển."""
    document = issued(
        cast,
        to_agency(cast.ward),
        to_post(cast.ward.name, copies=1),
        to_post("Bưu điện thành phố", copies=3),
        to_mailbox("Sở Tài chính", "stc@example.gov.vn"),
    )
    papers = Delivery.objects.filter(document=document, way="paper")
    day = clock.today()
    actions.note_sent(act_as(cast.clerk), document, [one.pk for one in papers], day=day)
    one = entry(cast, document)
    assert one.places == (cast.ward.name, "Bưu điện thành phố", "Sở Tài chính")
    assert not one.is_planned
    assert one.amount == "4; điện tử"
    assert one.sent == f"{day:%d/%m/%Y}"
    assert one.keeper == "VT, QLĐT (Hoàng Thị Mỹ Linh)"
    assert one.note == "chờ gửi 2 nơi"
    text = page_of(client, cast.clerk, BOOK)
    assert "Bưu điện thành phố; Sở Tài chính" in text
    assert "Như trên" not in text


def test_what_did_not_leave_is_a_note_and_no_place(cast, mail):
    document = issued(cast, to_post("Bưu điện"), to_mailbox("Sở Tài chính", "stc@example.gov.vn"))
    Delivery.objects.filter(organ_name="Sở Tài chính").update(status=DeliveryCode.FAILED)
    one = entry(cast, document)
    assert one.places == ("Bưu điện",)
    assert one.gone.electronic == 0
    assert one.note == "chờ gửi 1 nơi; không gửi được: Sở Tài chính"
    actions.recall(act_as(cast.clerk), document, text="Sai số liệu")
    one = entry(cast, document)
    assert one.note == "Đã thu hồi"
    assert one.gone.places == ()  # nothing had been sent


def test_a_document_of_the_house_shows_the_list_of_its_sheet(cast):
    document = sealed(cast, is_internal=True, recipients="Các phòng\nLưu: VT")
    document = actions.issue(act_as(cast.clerk), document, [])
    one = entry(cast, document)
    assert (one.places, one.is_planned) == (("Các phòng",), False)
    assert one.keeper == "VT (Hoàng Thị Mỹ Linh)"
    # It stands among the outgoing ones, and the book says which it is.
    assert one.note == "văn bản nội bộ"


def test_documents_of_the_house_are_a_book_of_their_own_in_the_numbers_of_the_register(
    client, cast
):
    """NĐ 30/2020 Điều 15.1: one count, so that number and notation are given once a year."""
    inside = sealed(cast, is_internal=True, recipients="Các phòng", subject="Trực Tết trong nhà")
    outside = issued(cast, to_post("Bưu điện"))
    assert (inside.register, inside.number) == (outside.register, outside.number - 1)
    key = f"{outside.register.pk}-internal"
    page = page_of(client, cast.clerk, BOOK, register=key)
    assert "Sổ đăng ký văn bản nội bộ năm" in page
    assert (inside.code in page, outside.code in page) == (True, False)
    whole = page_of(client, cast.clerk, BOOK)
    assert (inside.code in whole, outside.code in whole) == (True, True)
    paper = page_of(client, cast.clerk, PRINT, register=key, since=f"{clock.today():%d/%m/%Y}")
    assert "Trực Tết trong nhà" in paper
    assert outside.subject not in paper
    OutgoingDocument.objects.filter(pk=inside.pk).update(is_internal=False)
    assert "Chưa có văn bản nội bộ nào" in page_of(client, cast.clerk, BOOK, register=key)


def test_the_day_is_printed_with_every_column_of_the_register(client, cast):
    """Sơn La Điều 9.3: in sổ hằng ngày để ký nhận; NĐ 30/2020 Điều 16.2b: đầy đủ các trường."""
    today, old = issued(cast), issued(cast)
    OutgoingDocument.objects.filter(pk=old.pk).update(
        issued_date=clock.today() - timedelta(days=3), subject="việc của hôm kia"
    )
    text = page_of(client, cast.clerk, PRINT)
    for column in ("Nơi nhận văn bản", "Đơn vị, người nhận bản lưu", "Số lượng bản", "Ký nhận"):
        assert column in text
    assert today.subject in text
    assert "việc của hôm kia" not in text
    assert "Từ số 01 đến số 01" in text
    assert "Có 1 văn bản." in text
    assert "Theo quyền xem" not in text
    since = f"{clock.today() - timedelta(days=5):%d/%m/%Y}"
    assert "việc của hôm kia" in page_of(client, cast.clerk, PRINT, since=since)


def test_the_print_is_a_pdf_of_the_same_days(client, cast):
    issued(cast)
    client.force_login(cast.clerk)
    since = f"{clock.today() - timedelta(days=5):%d/%m/%Y}"
    page = client.get(PRINT, {"since": since}).content.decode()
    assert "as=pdf" in page
    answer = client.get(PRINT, {"since": since, "as": "pdf"})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_whoever_sees_a_part_prints_a_part_and_it_says_so(client, cast):
    issued(cast)
    text = page_of(client, cast.specialist, PRINT)
    assert "Theo quyền xem của Hoàng Thị Mỹ Linh" in text
    assert "Có 1 văn bản." in text
    assert "Không có văn bản nào" in page_of(client, cast.accountant, PRINT)


def test_the_page_names_the_article_by_which_it_is_printed(client, cast):
    issued(cast)
    assert "điểm b khoản 3 Điều 22" in page_of(client, cast.clerk, BOOK)


def test_a_long_list_of_receivers_is_short_on_the_page_and_whole_on_paper(client, cast):
    document = issued(cast, *[to_post(f"Phường {number}") for number in range(1, 10)])
    text = page_of(client, cast.clerk, BOOK)
    assert "và 3 nơi khác" in text
    assert "Phường 9" not in text
    assert "Phường 9" in page_of(client, cast.clerk, PRINT)
    assert len(entry(cast, document).places) == 9


def test_the_table_has_no_formula(client, cast):
    """CWE-1236."""
    issued(cast, to_post("+cmd"), subject=TRAP)
    client.force_login(cast.clerk)
    body = b"".join(client.get(EXPORT, {"format": "csv"}).streaming_content)
    head, row = csv.reader(io.StringIO(body.decode("utf-8-sig")))
    assert head[6:10] == [
        "Nơi nhận văn bản",
        "Đơn vị, người nhận bản lưu",
        "Số bản giấy",
        "Nơi nhận bản điện tử",
    ]
    assert (row[4], row[6]) == ("'" + TRAP, "'+cmd")
    body = b"".join(client.get(EXPORT, {"format": "xlsx"}).streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    cells = {cell.value: cell.data_type for line in sheet.iter_rows() for cell in line}
    assert cells[TRAP] == "s"
    assert "f" not in cells.values()
    assert sheet["C2"].is_date


def test_a_wrong_day_is_said_and_another_format_is_none(client, cast):
    issued(cast)
    client.force_login(cast.clerk)
    for path in (BOOK, PRINT, EXPORT):
        answer = client.get(path, {"since": "31/02/2026"})
        assert answer.status_code == 422
        assert "Tháng 2 năm 2026 có 28 ngày." in answer.content.decode()
    assert client.get(BOOK, {"since": "02/03/2026", "until": "01/03/2026"}).status_code == 422
    assert client.get(EXPORT, {"format": "doc"}).status_code == 404
    assert client.get(PRINT, {"register": "999"}).status_code == 200  # the newest one instead


def test_nothing_to_print_before_the_first_number(client, cast):
    client.force_login(cast.clerk)
    assert client.get(PRINT).status_code == 404
    assert client.get(EXPORT).status_code == 404


def test_more_than_one_file_takes_is_refused(client, cast, monkeypatch):
    issued(cast)
    issued(cast)
    monkeypatch.setattr("outgoing.views.book.LONGEST_PRINT", 1)
    monkeypatch.setattr("outgoing.views.book.LONGEST_TABLE", 1)
    client.force_login(cast.clerk)
    for path in (PRINT, EXPORT):
        answer = client.get(path)
        assert answer.status_code == 409
        assert "Chọn ít ngày hơn" in answer.content.decode()


def _whole(answer) -> None:
    if answer.streaming:
        b"".join(answer.streaming_content)


def test_as_many_queries_for_many_entries_as_for_one(client, cast):
    counts: dict[str, list[int]] = {}
    for places in (1, 4):
        for _each in range(places):
            issued(cast, *[to_post(f"Nơi {number}") for number in range(places)])
        for path in (BOOK, PRINT, f"{EXPORT}?format=csv"):
            client.force_login(cast.clerk)
            _whole(client.get(path))
            with CaptureQueriesContext(connection) as found:
                _whole(client.get(path))
            counts.setdefault(path, []).append(len(found))
    assert {path: found for path, found in counts.items() if found[0] != found[1]} == {}
    assert max(found[1] for found in counts.values()) <= 12
