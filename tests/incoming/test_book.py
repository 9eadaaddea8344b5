"""Văn bản đến: who sees what, the saved filters, the filters, pages, and one line a row."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import clock
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.models import DocumentType
from incoming import actions
from incoming.actions import Line
from incoming.filters import DocumentFilter, Offered
from incoming.models import IncomingDocument
from incoming.views import book
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]

TUESDAY = timezone.make_aware(datetime(2024, 11, 19, 9))  # noqa: DTZ001 -- made aware here


@pytest.fixture(autouse=True)
def _tuesday(at, empty_cache):
    at(TUESDAY)


def page(client, user, slug="kontum", **data):
    client.force_login(user)
    return client.get(reverse("incoming:book", args=[slug]), data)


def numbers(response):
    return [row["document"].number for row in response.context["rows"]]


def tab_counts(response):
    return {str(one["label"]): one["count"] for one in response.context["tabs"]}


def test_everyone_sees_what_a_verb_let_him_see_newest_first(client, cast, pdf):
    play.received(cast.clerk, pdf)  # not in the book yet
    play.registered(cast.clerk, pdf, code_number="1")
    play.assigned(cast, pdf, code_number="2")
    play.distributed(cast, pdf, code_number="3")
    for who, seen in (
        ("clerk", [3, 2, 1]),
        ("archivist", [3, 2, 1]),
        ("head", [3, 2]),
        ("specialist", [2]),
        ("colleague", []),
        ("admin", []),
    ):
        assert numbers(page(client, getattr(cast, who))) == seen, who
    assert page(client, cast.stranger).status_code == 404
    assert numbers(page(client, cast.stranger, slug="so-xay-dung")) == []
    client.logout()
    assert client.get("/kontum/incoming/").status_code == 302


def test_a_row_says_number_code_issuer_subject_lead_state_and_deadline(client, cast, pdf):
    play.assigned(cast, pdf, priority=1)
    text = page(client, cast.chair).content.decode()
    for words in (
        "<b>1</b><small>19/11/2024</small>",
        '<span class="code">4127/UBND-HTKT</span><small>17/11/2024</small>',
        "UBND tỉnh Kon Tum",
        "KHẨN",
        "Khắc phục sạt lở bờ kè sông Đăk Bla",
        "Phòng Quản lý đô thị",
        "Đang xử lý",
        "24/11/2024",
        "còn 4 ngày",  # the 24th is a Sunday: it closes on Monday
    ):
        assert words in text


def test_columns_name_their_national_fields(client, cast):
    """NĐ 30/2020 Phụ lục VI phần II."""
    columns = page(client, cast.clerk).context["columns"]
    assert [(str(one["label"]), one["numbers"]) for one in columns] == [
        ("Số đến", "13, 12"),
        ("Số, ký hiệu, ngày", "4, 5, 6"),
        ("Cơ quan ban hành", "7"),
        ("Trích yếu", "8"),
        ("Đơn vị chủ trì", "16"),
        ("Trạng thái", ""),
        ("Hạn", "18"),
    ]


def test_saved_filters_count_what_they_show(client, cast, pdf):
    with clock.set_to(timezone.make_aware(datetime(2024, 11, 11, 9))):  # noqa: DTZ001
        for number, due in enumerate([date(2024, 11, 15), date(2024, 11, 22), None], 1):
            document = play.submitted(cast, pdf, code_number=str(number))
            line = Line(AssignmentRole.LEAD, cast.planning, None, "", due)
            actions.distribute(act_as(cast.chief), document, [line])
    play.submitted(cast, pdf, code_number="4")
    play.finished(cast, pdf, code_number="5")
    response = page(client, cast.chief)
    assert tab_counts(response) == {
        "Tất cả": 5,
        "Chờ phân phối": 1,
        "Đang xử lý": 3,
        "Quá hạn": 1,
        "Hạn tuần này": 1,
        "Đã kết thúc": 1,
    }
    assert "5 văn bản tôi được xem, 1 quá hạn" in response.content.decode()
    for tab, seen in (
        ("submitted", [4]),
        ("in_process", [3, 2, 1]),
        ("overdue", [1]),
        ("week", [2]),
        ("finished", [5]),
        ("mine", [4]),
        ("unheard-of", [5, 4, 3, 2, 1]),
    ):
        assert numbers(page(client, cast.chief, tab=tab)) == seen, tab
    assert tab_counts(page(client, cast.finance_head))["Tất cả"] == 1  # coordinated number 5


def test_the_archive_is_counted_up_to_a_limit_open_work_to_the_last(client, cast, pdf, monkeypatch):
    monkeypatch.setattr(book, "CAP", 2)
    for number in range(3):
        play.submitted(cast, pdf, code_number=str(number))
    counts = tab_counts(page(client, cast.chief))
    assert (counts["Tất cả"], counts["Chờ phân phối"]) == ("1+", 3)


@pytest.fixture
def shelf(cast, pdf):
    """Three letters that differ in everything."""
    play.submitted(cast, pdf, code_number="10", organ_name="Sở Xây dựng", type_name="Giấy mời")
    with clock.set_to(TUESDAY + timedelta(days=1)):
        play.distributed(
            cast, pdf, code_number="20", organ_name="Sở Tài chính", subject="Dự toán năm 2025"
        )
    with clock.set_to(TUESDAY + timedelta(days=2)):
        document = play.submitted(cast, pdf, code_number="30", organ_name="UBND phường Duy Tân")
        line = Line(AssignmentRole.LEAD, cast.finance)
        actions.distribute(act_as(cast.chief), document, [line])
    return cast


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ({"q": "dự toán năm 2025"}, [2]),
        ({"q": "TAI chính 20"}, [2]),
        ({"q": "sạt lở"}, [3, 1]),
        ({"organ_name": "sở"}, [2, 1]),
        ({"organ_name": "so tai chinh"}, [2]),
        ({"organ_name": "UBND"}, [3]),
        ({"organ_name": "."}, [3, 2, 1]),
        ({"type_name": "Giấy mời"}, [1]),
        ({"state": "in_process"}, [3, 2]),
        ({"since": "20/11/2024"}, [3, 2]),
        ({"since": "2024-11-20", "until": "20/11/2024"}, [2]),
        ({"q": "sạt lở", "state": "submitted"}, [1]),
    ],
)
def test_filters_narrow_the_list(client, shelf, data, seen):
    assert numbers(page(client, shelf.clerk, **data)) == seen


def test_the_unit_is_for_those_who_see_the_whole_agency(client, shelf):
    assert numbers(page(client, shelf.clerk, unit=shelf.finance.pk)) == [3]
    assert numbers(page(client, shelf.clerk, unit=shelf.planning.pk)) == [2]
    assert "unit" in page(client, shelf.clerk).context["filters"].fields
    assert "unit" not in page(client, shelf.finance_head).context["filters"].fields
    # A unit of another agency, or one that has gone: said, and nothing is narrowed by it.
    response = page(client, shelf.clerk, unit=shelf.ward_unit.pk, state="in_process")
    assert (response.status_code, response.context["gone"]) == (200, ["Đơn vị chủ trì"])
    assert numbers(response) == [3, 2]
    assert "Bộ lọc có mục không còn." in response.content.decode()


def test_an_agencys_own_type_can_be_chosen(client, shelf):
    """Cần Thơ Điều 19.6."""
    DocumentType.objects.create(agency=shelf.city, type_name="Thẻ chuyển")
    DocumentType.objects.create(agency=shelf.elsewhere, type_name="Của nơi khác")
    choices = page(client, shelf.clerk).context["filters"].fields["type_name"].choices
    names = [key for key, _label in choices]
    assert "Thẻ chuyển" in names
    assert "Của nơi khác" not in names


def test_a_wrong_date_is_said_and_the_rest_still_narrows(client, shelf):
    response = page(client, shelf.clerk, since="31/11/2024", state="submitted")
    assert response.status_code == 422
    assert numbers(response) == [1]
    assert "Tháng 11 có 30 ngày." in response.content.decode()


def test_a_number_is_found_by_itself(client, shelf):
    response = page(client, shelf.clerk, q="2")
    assert [one.number for one in response.context["exact"]] == [2]
    assert "Số đến 2 năm 2024" in response.content.decode()
    response = page(client, shelf.clerk, q="999")
    assert numbers(response) == []
    assert "Gần nhất: số đến 3 năm 2024" in response.content.decode()
    # What he may not see has no number for him either.
    assert page(client, shelf.colleague, q="2").context["exact"] == []


def test_nothing_found_offers_to_drop_a_filter(client, shelf):
    response = page(client, shelf.clerk, q="khong co", state="in_process")
    text = response.content.decode()
    assert "Không có văn bản nào khớp" in text
    urls = {one["name"]: one["url"] for one in response.context["chosen"]}
    assert urls == {
        "q": "/kontum/incoming/?state=in_process",
        "state": "/kontum/incoming/?q=khong+co",
    }
    assert numbers(client.get(urls["q"])) == [3, 2]


def test_pages_follow_each_other_and_keep_the_filters(client, cast, pdf, monkeypatch):
    monkeypatch.setattr(book, "SIZE", 2)
    for number in range(5):
        play.submitted(cast, pdf, code_number=str(number))
    play.registered(cast.clerk, pdf, code_number="99")
    client.force_login(cast.clerk)
    response = client.get("/kontum/incoming/", {"tab": "submitted", "q": "sạt lở"})
    seen = [numbers(response)]
    assert response.context["newer_url"] == ""
    while url := response.context["older_url"]:
        response = client.get(url)
        seen.append(numbers(response))
    assert seen == [[5, 4], [3, 2], [1]]
    assert response.context["filters"]["q"].value() == "sạt lở"
    response = client.get(response.context["newer_url"])
    assert numbers(response) == [3, 2]
    assert "Số 3 đến 2" in response.content.decode()
    response = client.get(response.context["newer_url"])
    assert (numbers(response), response.context["newer_url"]) == ([5, 4], "")


def test_a_page_that_has_gone_leads_back(client, cast, pdf):
    play.submitted(cast, pdf)
    response = page(client, cast.clerk, cursor="a_2000-01-01_1_1")
    assert "Không còn văn bản nào ở trang này." in response.content.decode()
    assert numbers(page(client, cast.clerk, cursor="nonsense")) == [1]


def test_one_line_a_row_lasts_as_long_as_the_session(client, cast, pdf):
    play.submitted(cast, pdf)
    assert not page(client, cast.clerk).context["dense"]
    assert page(client, cast.clerk, density="line").context["dense"]
    assert client.get("/kontum/incoming/").context["dense"]
    response = client.get("/kontum/incoming/?tab=submitted")
    assert response.context["density_url"] == "/kontum/incoming/?tab=submitted&density=two"
    assert not client.get(response.context["density_url"]).context["dense"]


def test_what_waits_unseen_for_me_is_bold(client, cast, pdf):
    play.distributed(cast, pdf)
    assert [row["plain"]["is_unread"] for row in page(client, cast.head).context["rows"]] == [True]
    assert "(chưa xem)" in page(client, cast.head).content.decode()
    assert [row["plain"]["is_unread"] for row in page(client, cast.chair).context["rows"]] == [
        False
    ]


def test_only_the_clerk_is_offered_to_register(client, cast):
    assert 'data-key="N"' in page(client, cast.clerk).content.decode()
    assert 'data-key="N"' not in page(client, cast.chief).content.decode()
    assert "Chưa có văn bản đến nào." in page(client, cast.clerk).content.decode()
    assert "Chưa có văn bản đến nào để xem." in page(client, cast.head).content.decode()


@pytest.mark.parametrize("who", ["chief", "head"])
@pytest.mark.parametrize("data", [{}, {"q": "1"}, {"state": "in_process", "tab": "in_process"}])
def test_three_rows_cost_no_more_queries_than_one(cast, pdf, who, data, rf):
    user = getattr(cast, who)
    assert not user.chosen.one_line  # comes with the person of a request

    def cost():
        actor = act_as(user)
        request = rf.get("/kontum/incoming/", data)
        request.actor, request.session = actor, {}
        office_calendar()  # read once in five minutes
        with CaptureQueriesContext(connection) as queries, pytest.MonkeyPatch.context() as patch:
            patch.setattr(book, "render", lambda _request, _name, context, status: context)
            book.book(request)
        return len(queries)

    play.assigned(cast, pdf, code_number="11")
    one = cost()
    play.assigned(cast, pdf, code_number="12")
    play.assigned(cast, pdf, code_number="13")
    assert (one <= 6, cost()) == (True, one)


def test_a_filter_without_data_narrows_nothing(cast, pdf):
    document = play.registered(cast.clerk, pdf)
    rows = DocumentFilter({}, Offered()).narrow(IncomingDocument.objects.all())
    assert list(rows) == [document]
