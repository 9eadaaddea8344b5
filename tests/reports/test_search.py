"""Tìm văn bản: words in any order, filters, pages, and never a hint of what one may not see."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import clock
from documents.actions import saving
from documents.choices import AssignmentRole
from incoming import actions
from incoming.actions import Line
from reports import search as finding
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]

TUESDAY = timezone.make_aware(datetime(2024, 11, 19, 9))  # noqa: DTZ001 -- made aware here


@pytest.fixture(autouse=True)
def _tuesday(at, empty_cache):
    at(TUESDAY)


def page(client, user, slug="kontum", **data):
    client.force_login(user)
    return client.get(reverse("reports:search", args=[slug]), data)


def numbers(response):
    return [row["document"].number for row in response.context["rows"]]


def text_of(response):
    return response.content.decode()


@pytest.fixture
def shelf(cast, pdf):
    """Four letters that differ in everything; the fourth is with a specialist."""
    play.submitted(cast, pdf, code_number="10", organ_name="Sở Xây dựng", type_name="Giấy mời")
    with clock.set_to(TUESDAY + timedelta(days=1)):
        play.distributed(
            cast,
            pdf,
            code_number="20",
            code_notation="STC-QLNS",
            organ_name="Sở Tài chính",
            subject="Dự toán năm 2025",
            signer_full_name="Y Thu Hồng",
            description="Bản gốc ở kho",
            priority=2,
            channel="email",
        )
    with clock.set_to(TUESDAY + timedelta(days=2)):
        document = play.submitted(
            cast, pdf, code_number="30", issued_date=date(2024, 11, 1), priority=1
        )
        line = Line(AssignmentRole.LEAD, cast.finance, cast.accountant)
        actions.distribute(act_as(cast.chief), document, [line])
    play.assigned(cast, pdf, code_number="40", organ_name="UBND phường Duy Tân")
    return cast


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("nam 2025", [2]),
        ("NĂM 2025", [2]),
        ("du toan", [2, 4, 1]),  # parts of words: "Duy", "dựng", "toàn"
        ("toán 20 chính", [2]),
        ("20/STC-QLNS", [2]),
        ("stc 20", [2]),
        ("qlns stc 2", [2]),
        ("xây dựng", [1]),
        ("y thu", [2]),
        ("kho gốc", [2]),
        ("giấy mời", [1]),
        ('"sông đăk bla"', [3, 4, 1]),
        ('"bla đăk sông"', []),
        ('"dự toán" STC', [2]),
        ("sa\u0323t lo\u031b\u0309 40", [4]),
        ("e", [3, 4, 1]),
        ("không có gì", []),
        ("số đến 2", [2]),
        ("Khắc phục sạt lở bờ kè sông Đăk Bla và bảo đảm an toàn giao thông " * 9, [3, 4, 1]),
        ("nă\x00m 20\u200b25", [2]),
        ("2025%", [2]),
        ("dự_toán_2025", [2]),
        ("q_ns", [2]),  # a sign parts words, it stands for no letter
        ("q_nx", []),
    ],
)
def test_parts_of_words_in_any_order_find_newest_first(client, shelf, typed, seen):
    """NĐ 30/2020 Phụ lục VI: by number, notation, issuer, subject, signer."""
    response = page(client, shelf.clerk, q=typed)
    assert (response.status_code, numbers(response)) == (200, seen)


@pytest.mark.parametrize(
    "typed", ["%", "_", "\\", "…", "🏢", "'; --", "\x00", "\u202eسري", "\u200b", "   ", '""']
)
def test_signs_alone_list_nothing_and_that_is_said(client, shelf, typed):
    response = page(client, shelf.clerk, q=typed)
    assert (response.status_code, response.context["rows"]) == (200, [])
    if response.context["typed"]:
        assert "không có chữ hay số nào để tìm" in text_of(response)
    else:
        assert "Không cần dấu" in text_of(response)


def test_what_was_found_is_marked_and_escaped(client, cast, pdf):
    play.registered(
        cast.clerk,
        pdf,
        subject="<script>alert('sạt')</script> sạt lở",
        organ_name="Sở & Sạt",
        signer_full_name="Lê Văn Hồng",
    )
    text = text_of(page(client, cast.clerk, q="SAT"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(&#x27;<mark>sạt</mark>&#x27;)&lt;/script&gt;" in text
    assert "Sở &amp; <mark>Sạt</mark>" in text
    assert "Người ký:" not in text
    text = text_of(page(client, cast.clerk, q="hong 4127"))
    assert "Người ký: Lê Văn <mark>Hồng</mark>" in text
    assert "<mark>4127</mark>/UBND-HTKT" in text


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ({"organ_name": "sở"}, [2, 1]),
        ({"subject": "nam 2025"}, [2]),
        ({"subject": "tai chinh"}, []),  # the issuer's, not the subject's
        ({"signer_full_name": "thu"}, [2]),
        ({"type_name": "Giấy mời"}, [1]),
        ({"state": "in_process"}, [3, 2, 4]),
        ({"since": "20/11/2024", "until": "20/11/2024"}, [2]),
        ({"issued_until": "2024-11-01"}, [3]),
        ({"issued_since": "18/11/2024"}, [2]),
        ({"priority": "urgent"}, [3, 2]),
        ({"priority": "1"}, [3]),
        ({"channel": "email"}, [2]),
        ({"lateness": "none"}, [3, 1]),
        ({"lateness": "week"}, []),
        ({"lateness": "late"}, []),
        ({"q": "sạt lở", "state": "submitted"}, [1]),
    ],
)
def test_filters_narrow_the_search(client, shelf, data, seen):
    response = page(client, shelf.clerk, **data)
    assert sorted(numbers(response)) == sorted(seen), data
    assert [one["name"] for one in response.context["chosen"]] == [
        name for name in response.context["filters"].fields if name in data
    ]


def test_lateness_turns_with_the_days(client, shelf, at):
    """A deadline on a day off closes on the next working day."""
    for days, code, seen in (
        (5, "today", [2, 4]),  # 24 and 25/11 both close on Monday the 25th
        (6, "today", [2, 4]),
        (7, "late", [2, 4]),
    ):
        at(TUESDAY + timedelta(days=days))
        if days == 5:
            assert numbers(page(client, shelf.clerk, lateness="today")) == []  # a Sunday
            continue
        assert numbers(page(client, shelf.clerk, lateness=code)) == seen, days


def test_units_and_people_by_what_they_were_asked(client, shelf):
    planning, finance = shelf.planning.pk, shelf.finance.pk
    for data, seen in (
        ({"unit": finance}, {3}),
        ({"unit": planning}, {2, 4}),
        ({"any_unit": finance}, {2, 3, 4}),
        ({"person": shelf.accountant.pk}, {3}),
        ({"person": shelf.specialist.pk}, {4}),
        ({"person": shelf.colleague.pk}, set()),
    ):
        assert set(numbers(page(client, shelf.clerk, **data))) == seen, data
    fields = page(client, shelf.head).context["filters"].fields
    assert {"unit", "any_unit"} & set(fields) == set()
    people = {name for _key, name in fields["person"].choices}
    assert {"Hoàng Thị Mỹ Linh", "Nguyễn Quốc Bảo"} <= people
    assert "Trần Công Danh" not in people  # of another unit
    response = page(client, shelf.head, person=shelf.accountant.pk, q="sat")
    assert (response.context["gone"], numbers(response)) == (["Người xử lý"], [4])


def test_a_wrong_day_is_said_and_the_rest_still_narrows(client, shelf):
    response = page(client, shelf.clerk, q="sat", issued_since="30/02/2024")
    assert (response.status_code, sorted(numbers(response))) == (422, [1, 3, 4])
    assert "Tháng 2 năm 2024 có 29 ngày." in text_of(response)


def test_a_bare_number_shows_its_own_document_first(client, shelf):
    for typed in ("2", "số đến 2", "đến 2", " 2 "):
        response = page(client, shelf.clerk, q=typed)
        assert [one.number for one in response.context["exact"]] == [2], typed
        assert "Số đến 2 năm 2024" in text_of(response)
    assert "Gần nhất: số đến 4 năm 2024" in text_of(page(client, shelf.clerk, q="số đến 77"))
    assert page(client, shelf.specialist, q="2").context["exact"] == []


def test_nothing_found_says_where_it_looked_and_how_to_widen(client, shelf):
    response = page(client, shelf.clerk, q="sạt sapa", state="submitted")
    text = text_of(response)
    assert "Đã tìm trong số đến, số và ký hiệu" in text
    assert [(one["word"], one["url"]) for one in response.context["fewer"]] == [
        ("sạt", "/kontum/search/?state=submitted&q=sapa"),
        ("sapa", "/kontum/search/?state=submitted&q=s%E1%BA%A1t"),
    ]
    assert numbers(client.get(response.context["fewer"][1]["url"])) == [1]
    assert "0 văn bản khớp" in text


def test_pages_follow_each_other_and_hits_are_counted(client, cast, pdf, monkeypatch):
    monkeypatch.setattr(finding, "SIZE", 2)
    for number in range(5):
        play.registered(cast.clerk, pdf, code_number=str(number))
    response = page(client, cast.clerk, q="sat lo")
    seen, counts = [], []
    while True:
        seen.append(numbers(response))
        counts.append(response.context["count"])
        if not response.context["older_url"]:
            break
        response = client.get(response.context["older_url"])
    assert (seen, counts) == ([[5, 4], [3, 2], [1]], [5, 5, 5])
    response = client.get(response.context["newer_url"])
    assert numbers(response) == [3, 2]
    response = client.get(response.context["newer_url"])
    assert (numbers(response), response.context["newer_url"]) == ([5, 4], "")
    monkeypatch.setattr(finding, "CAP", 4)
    assert page(client, cast.clerk, q="sat lo").context["count"] == "3+"
    assert "Không còn văn bản nào ở trang này." in text_of(
        page(client, cast.clerk, q="sat", cursor="a_2000-01-01_1_1")
    )


def test_issuers_are_offered_from_what_the_reader_may_see(client, shelf):
    def offered(user, typed=""):
        client.force_login(user)
        response = client.get(reverse("reports:issuers", args=["kontum"]), {"organ_name": typed})
        return re.findall('value="([^"]*)"', text_of(response))

    assert offered(shelf.clerk) == [
        "UBND tỉnh Kon Tum",
        "Sở Tài chính",
        "UBND phường Duy Tân",
        "Sở Xây dựng",
    ]
    assert offered(shelf.clerk, "so") == ["Sở Tài chính", "Sở Xây dựng"]
    assert offered(shelf.specialist) == ["UBND phường Duy Tân"]
    assert offered(shelf.colleague) == []


def test_the_frame_searches_and_says_what_was_searched(client, shelf):
    text = text_of(page(client, shelf.clerk, q="nam 2025"))
    assert 'action="/kontum/search/"' in text
    assert 'id="find" name="q" value="nam 2025"' in text
    text = text_of(client.get("/kontum/incoming/", {"q": "nam 2025"}))
    assert 'id="find" name="q" value=""' in text


# --- Never a hint.

READERS = (
    "clerk",
    "chief",
    "chair",
    "vice",
    "archivist",
    "head",
    "deputy",
    "specialist",
    "colleague",
    "finance_head",
    "accountant",
    "adviser",
    "admin",
    "ward_chair",
    "ward_clerk",
    "ward_officer",
    "stranger",
)
SECRET = {
    "organ_name": "Cục Bí ẩn",
    "subject": "Chuyện kín của Sở Xây dựng về sạt lở",
    "signer_full_name": "Trần Giấu Tên",
    "code_notation": "KIN-UBND",
}
_TOKENS = re.compile(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+')
ASKED = [
    "search/",
    "search/?q=bi+an",
    "search/?q=kin",
    "search/?q=sat+lo",
    "search/?q=1",
    "search/?q=2",
    "search/?q=77",
    "search/?q=so+den+2",
    "search/?organ_name=Cục+Bí+ẩn",
    "search/?signer_full_name=giấu",
    "search/?state=in_process",
    "search/?lateness=none",
    "search/?priority=3",
    "search/?q=sat&type_name=C%C3%B4ng+v%C4%83n",
    "search/issuers/",
    "search/issuers/?organ_name=c",
    "search/saved/",
    "incoming/",
    "incoming/?q=bi+an",
    "incoming/?q=sat+lo",
    "incoming/?q=1",
    "incoming/?q=77",
    "incoming/?organ_name=bi+an",
    "incoming/?tab=in_process",
    "incoming/?tab=overdue",
]


def hidden_from(cast, name, pdf):
    """Documents that this reader may not see: of other agencies, and with people beside him."""
    made = [play.registered(cast.stranger, pdf, **SECRET)] if name != "stranger" else []
    if not name.startswith("ward"):
        ward = play.registered(cast.ward_clerk, pdf, **SECRET)
        actions.submit(act_as(cast.ward_clerk), ward)
    sees_all = ("clerk", "chief", "chair", "vice", "archivist")
    if name in sees_all:
        return made
    document = play.submitted(cast, pdf, priority=3, **SECRET)
    unit = cast.finance if name not in ("finance_head", "accountant") else cast.planning
    person = cast.accountant if unit == cast.finance else cast.colleague
    due = clock.today() - timedelta(days=1)
    with clock.set_to(TUESDAY - timedelta(days=7)):
        lines = [Line(AssignmentRole.LEAD, unit, person, "Giữ kín.", due)]
        actions.distribute(act_as(cast.chief), document, lines)
    return made


@pytest.mark.parametrize("name", READERS)
def test_what_one_may_not_see_changes_no_byte(cast, pdf, name):
    """Kon Tum Điều 9.3, 23.1: lists, counts, suggestions, chips, choices and saved filters."""
    play.registered(cast.stranger, pdf, code_number="90")
    play.registered(cast.ward_clerk, pdf, code_number="80")
    play.assigned(cast, pdf, code_number="70", organ_name="Sở Tài chính")
    reader = getattr(cast, name)
    actor, slug = act_as(reader), act_as(reader).agency.slug
    people = [person.pk for person in (cast.accountant, cast.colleague, cast.specialist)]
    units = [cast.finance.pk, cast.planning.pk]
    saving.save_filter(actor, page="search", name="Kín", query="q=kin")
    asked = [
        *ASKED,
        *(f"search/?person={pk}" for pk in people),
        *(f"search/?unit={pk}" for pk in units),
        *(f"search/?any_unit={pk}&q=sat" for pk in units),
        *(f"incoming/?person={pk}" for pk in people),
    ]

    def shown():
        client = Client()
        client.force_login(reader)
        answers = {}
        for path in asked:
            response = client.get(f"/{slug}/{path}")
            assert response.status_code == 200, path
            answers[path] = _TOKENS.sub("", text_of(response))
        return answers

    before = shown()
    hidden_from(cast, name, pdf)
    after = shown()
    assert [path for path in asked if before[path] != after[path]] == []
    # The test can fail: whoever sees it is told.
    if name in ("clerk", "ward_clerk", "stranger"):
        play.registered(reader, build(), **SECRET)
        differing = {path for path, text in shown().items() if text != before[path]}
        assert {"search/?q=bi+an", "search/issuers/?organ_name=c", "incoming/"} <= differing
