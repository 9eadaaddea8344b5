"""The forms of the verbs and the list say what is wrong in our own words; nothing breaks them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from incoming import actions, presenting
from incoming.actions import Line
from tests import cast as play
from tests.cast import act_as

pytestmark = pytest.mark.django_db


def do(client, user, document, verb, **data):
    client.force_login(user)
    return client.post(
        reverse("incoming:verb", args=[document.agency.slug, document.pk, verb]), data
    )


def day(ahead: int) -> str:
    return f"{clock.today() + timedelta(days=ahead):%d/%m/%Y}"


def test_a_count_of_rows_of_any_length_is_taken_for_what_it_can_be(client, cast, pdf):
    document = play.submitted(cast, pdf)
    answer = do(client, cast.chief, document, "distribute", rows="9" * 5000)
    assert answer.status_code == 409
    assert answer.context["form"].row_count == 4


@pytest.mark.parametrize("name", ["page", "file"])
def test_a_page_of_any_length_is_the_first(client, cast, pdf, name):
    document = play.submitted(cast, pdf)
    client.force_login(cast.chief)
    answer = client.get(document.get_absolute_url(), {name: "9" * 5000})
    assert answer.status_code == 200
    assert answer.context["viewer"]["page"] == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"due_date-0": "31/11/2027"}, "Tháng 11 có 30 ngày."),
        ({"due_date-0": "1"}, "Gõ ngày theo dạng dd/mm/yyyy"),
        ({"due_date-0": day(366 * 6)}, "Thời hạn xa hơn 5 năm"),
        ({"directive-0": "x" * 1001}, "Dài quá 1000 ký tự, bớt đi."),
        ({"who-0": "u0"}, "Chọn một mục trong danh sách."),
        ({"who-0": "\0"}, "Chọn một mục trong danh sách."),
        ({"inform": "u0"}, "Chọn một mục trong danh sách."),
    ],
)
def test_a_wrong_line_is_named_in_words(client, cast, pdf, typed, words):
    document = play.submitted(cast, pdf)
    answer = do(
        client, cast.chief, document, "distribute", **{"who-0": f"u{cast.planning.pk}"} | typed
    )
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_invisible_letters_of_a_directive_are_left_out(client, cast, pdf):
    document = play.submitted(cast, pdf)
    typed = {"who-0": f"u{cast.planning.pk}", "directive-0": "Báo\0 cáo\u2800.", "text": "\0"}
    assert do(client, cast.chief, document, "distribute", **typed).status_code == 302
    assert document.assignments.get().directive == "Báo cáo."


@pytest.mark.parametrize(
    ("verb", "who", "words"),
    [
        ("send_back", "head", "Ghi lý do chuyển trả."),
        ("comment", "head", "Ghi ý kiến."),
        ("progress", "head", "Ghi nội dung báo cáo."),
        ("finish", "head", "Ghi kết quả giải quyết trước khi kết thúc."),
        ("reopen", "chief", "Ghi lý do mở lại."),
    ],
)
@pytest.mark.parametrize("typed", ["", " \u3164\0\u200b"])
def test_a_verb_that_asks_for_words_says_which(client, cast, pdf, verb, who, words, typed):
    document = play.distributed(cast, pdf)
    answer = do(client, getattr(cast, who), document, verb, text=typed, percent="50")
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_proposal_names_the_leader_and_the_words(client, cast, pdf):
    page = do(client, cast.chief, play.submitted(cast, pdf), "propose").content.decode()
    assert "Chọn lãnh đạo để trình." in page
    assert "Ghi ý kiến đề xuất trước khi trình." in page


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "31/02/2026"}, "Tháng 2 năm 2026 có 28 ngày."),
        ({"issued_until": "hôm qua"}, "Gõ ngày theo dạng dd/mm/yyyy"),
    ],
)
def test_a_wrong_filter_is_named_in_words(client, cast, asked, words):
    client.force_login(cast.clerk)
    answer = client.get(reverse("incoming:book", args=[cast.city.slug]), asked)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_person_s_deadline_stays_within_the_unit_s(cast, pdf):
    document = play.distributed(cast, pdf)  # in five days
    late = clock.today() + timedelta(days=6)
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "", late)
    with pytest.raises(Refusal, match="Hoàng Thị Mỹ Linh vượt quá thời hạn của đơn vị") as said:
        actions.assign(act_as(cast.head), document, [line])
    assert said.value.field == "due_date"


@pytest.mark.parametrize(
    ("arrived", "due", "words"),
    [(0, -1, "Thời hạn không thể trước ngày đến"), (-32, None, "cách ngày tiếp nhận quá xa")],
)
def test_the_verb_refuses_days_that_cannot_be(cast, pdf, arrived, due, words):
    today = clock.today()
    entry = play.entry(
        arrival_date=today + timedelta(days=arrived),
        issued_date=today - timedelta(days=60),
        due_date=today + timedelta(days=due) if due else None,
    )
    with pytest.raises(Refusal, match=words):
        actions.register(act_as(cast.clerk), play.received(cast.clerk, pdf), entry)


def test_the_clerk_is_not_shown_for_ever_that_it_was_submitted(cast, pdf):
    clerk = act_as(cast.clerk)
    before = play.registered(cast.clerk, pdf, code_number="1")
    after = play.submitted(cast, pdf, code_number="2")
    assert "submit" in {one.verb for one in presenting.verb_buttons(clerk, before)}
    assert "submit" not in {one.verb for one in presenting.verb_buttons(clerk, after)}


def test_the_book_leads_the_clerk_to_the_tray(client, cast, pdf):
    play.received(cast.clerk, pdf)
    play.received(cast.ward_clerk, pdf)
    address = f'href="{reverse("incoming:tray", args=[cast.city.slug])}"'
    for user, shown in ((cast.clerk, True), (cast.chief, False)):
        client.force_login(user)
        page = client.get(reverse("incoming:book", args=[cast.city.slug])).content.decode()
        assert (address in page) == shown
        assert ("Chờ đăng ký (1)" in page) == shown


def test_a_long_opinion_scrolls_and_the_stamp_is_not_cut(client, cast, pdf):
    document = play.distributed(cast, pdf)
    actions.comment(act_as(cast.head), document, text="Ý kiến dài. " * 60)
    client.force_login(cast.clerk)
    page = client.get(document.get_absolute_url()).content.decode()
    assert page.count('words--long" tabindex="0"') == 1
    cast.planning.name = "Phòng Quản lý đô thị, hạ tầng kỹ thuật, cây xanh và chiếu sáng"
    cast.planning.save()
    document.to_places = f"{cast.planning.name}; {cast.finance.name}"
    assert presenting.arrival_stamp(type(document).objects.get(pk=document.pk))["to"] != "QLĐT"
    del document.__dict__["all_assignments"]
    assert presenting.arrival_stamp(document)["to"] == "QLĐT"
