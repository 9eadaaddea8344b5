"""Papers on the screen: found by QR or số đến, one button, lists, the registering form."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incoming import actions, papers
from incoming.actions import Annex
from incoming.models import IncomingDocument, Paper
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
INDEX = "/kontum/incoming/paper/"


@pytest.fixture
def paper(cast, pdf) -> Paper:
    """The original of a document on which the specialist works, with the clerk."""
    return actions.keep_paper(act_as(cast.clerk), play.assigned(cast, pdf), sheets=3)


def page_of(paper: Paper) -> str:
    return f"{INDEX}{paper.token}/"


def opened(client, user, path) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def pressed(page: str) -> list[str]:
    """What the filled button of the page says."""
    found = re.findall(r"button--primary[^>]*>(.*?)</(?:button|a)>", page, re.S)
    words = [re.sub(r"<svg.*?</svg>|<kbd.*?</kbd>|<[^>]+>", "", one, flags=re.S) for one in found]
    return [" ".join(one.split()) for one in words]


def test_each_sees_the_one_button_that_he_may_press_now(client, cast, paper):
    """Kon Tum Điều 13.3 → /incoming/paper/<token>/"""
    clerk, specialist = act_as(cast.clerk), act_as(cast.specialist)
    assert pressed(opened(client, cast.clerk, page_of(paper))) == ["Giao bản giấy"]
    assert pressed(opened(client, cast.specialist, page_of(paper))) == []
    paper = actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=3)
    assert pressed(opened(client, cast.specialist, page_of(paper))) == ["Ký nhận"]
    assert pressed(opened(client, cast.clerk, page_of(paper))) == ["Ghi đã ký nhận trên phiếu"]
    assert pressed(opened(client, cast.chair, page_of(paper))) == []
    paper = actions.take_over(specialist, paper)
    assert pressed(opened(client, cast.specialist, page_of(paper))) == ["Giao bản giấy"]
    assert pressed(opened(client, cast.clerk, page_of(paper))) == ["Nhận lại từ Hoàng Thị Mỹ Linh"]
    page = opened(client, cast.head, page_of(paper))
    assert "Hoàng Thị Mỹ Linh đang giữ" in page


def test_a_paper_goes_its_way_through_the_pages(client, cast, paper):
    """Kon Tum Điều 13.3 → /incoming/paper/<token>/<verb>/"""
    client.force_login(cast.clerk)
    form = {"who": f"p{cast.specialist.pk}.{cast.planning.pk}", "sheets": "3", "text": ""}
    answer = client.post(f"{page_of(paper)}hand_over/", form)
    assert (answer.status_code, answer.url) == (302, page_of(paper))
    page = opened(client, cast.specialist, "/kontum/")
    assert f"/kontum/incoming/{paper.document_id}/?full=1#papers" in page
    assert client.post(f"{page_of(paper)}take_over/").status_code == 302
    assert Paper.objects.get().holder == cast.specialist
    assert client.post(f"{page_of(paper)}return_paper/", {"text": "Đã xong."}).status_code == 302
    client.force_login(cast.clerk)
    assert client.post(f"{page_of(paper)}take_over/").status_code == 302
    assert Paper.objects.get().state == "returned"


def test_a_refusal_keeps_what_was_typed(client, cast, paper):
    client.force_login(cast.clerk)
    who = f"p{cast.specialist.pk}.{cast.planning.pk}"
    answer = client.post(f"{page_of(paper)}hand_over/", {"who": who, "sheets": "2", "text": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Số tờ giao khác số tờ đang giữ (3 tờ)" in page
    assert f'value="{who}" selected' in page
    answer = client.post(f"{page_of(paper)}hand_over/", {"who": "", "sheets": "vài"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Chọn người hoặc đơn vị nhận." in page
    assert "Gõ số từ 1 đến 9999." in page


def test_the_unit_that_leads_is_offered_first(client, cast, paper):
    """Kon Tum Điều 13.4: the paper goes to whoever was given the work."""
    page = opened(client, cast.clerk, f"{page_of(paper)}?do=hand_over")
    assert f'value="u{cast.planning.pk}" selected' in page
    assert "khoản 3 Điều 13 Quy chế" in page


SCANNED = {
    "the address": lambda paper: f"http://localhost{page_of(paper)}",
    "the figures": lambda paper: paper.token,
    # A hand scanner types through the keyboard of the machine: Telex makes other letters of these.
    "through Telex": lambda paper: f"http://lôcalhót/kontum/incôming/pảper/{paper.token}/ ",
    "the số đến": lambda paper: str(paper.document.number),
}


@pytest.mark.parametrize("how", SCANNED)
def test_a_paper_is_found_by_what_a_scanner_types(client, cast, paper, how):
    client.force_login(cast.specialist)
    answer = client.get(INDEX, {"q": SCANNED[how](paper)})
    assert (answer.status_code, answer.url) == (302, page_of(paper))


def test_a_number_with_several_papers_lists_them(client, cast, paper):
    actions.keep_paper(act_as(cast.clerk), paper.document, annex=Annex(20, "Bản vẽ"))
    page = opened(client, cast.clerk, f"{INDEX}?q={paper.document.number}")
    assert "2 bản giấy" in page
    assert "Phụ lục giấy, Bản vẽ, 20 trang, không quét" in page


def test_nothing_found_says_what_to_do(client, cast, paper):
    for asked in ("9" * 32, "999", "abc", "9" * 400):
        page = opened(client, cast.clerk, f"{INDEX}?q={asked}")
        assert "Không tìm thấy bản giấy nào." in page


def test_a_code_reveals_nothing_to_whoever_may_not_see_the_document(client, cast, paper):
    """Kon Tum Điều 9.3: the same 404 as for a code that nobody has; nothing found by number."""
    actions.hand_over(act_as(cast.clerk), paper, cast.planning, cast.specialist, sheets=3)
    tails = ("", "slip/", "receipt/", "take_over/", "slip/?as=pdf")
    for user in (cast.colleague, cast.adviser):
        client.force_login(user)
        for tail in tails:
            answers = [
                client.get(f"{INDEX}{token}/{tail}") for token in (paper.token, "1" * 32, "nichts")
            ]
            assert {answer.status_code for answer in answers} == {404}
        assert client.post(f"{page_of(paper)}take_over/").status_code == 404
        for asked in (paper.token, paper.document.number):
            page = opened(client, user, f"{INDEX}?q={asked}")
            assert "Không tìm thấy bản giấy nào." in page
            assert paper.document.subject not in page
    # Through another agency's path, too.
    client.force_login(cast.stranger)
    assert client.get(f"/so-xay-dung/incoming/paper/{paper.token}/").status_code == 404
    client.logout()
    answer = client.get(page_of(paper))
    assert answer.status_code == 302
    assert answer.url.startswith("/login/?next=")


def test_what_i_hold_and_what_is_out(client, cast, paper):
    """Kon Tum Điều 13.4: who keeps the paper can be asked for it → /incoming/paper/"""
    paper = actions.hand_over(act_as(cast.clerk), paper, cast.planning, cast.specialist, sheets=3)
    for user, mine, out in (
        (cast.specialist, 1, None),
        (cast.head, 0, None),
        (cast.clerk, 0, 1),
    ):
        client.force_login(user)
        context = client.get(INDEX).context
        found = context["out"]
        assert (len(context["mine"]), None if found is None else len(found)) == (mine, out)
    actions.take_over(act_as(cast.specialist), paper)
    page = opened(client, cast.specialist, INDEX)
    assert "Hoàng Thị Mỹ Linh đang giữ" in page
    page = opened(client, cast.clerk, INDEX)
    assert page.count("Nhận lại từ Hoàng Thị Mỹ Linh") == 1


def test_the_documents_page_shows_its_papers(client, cast, paper):
    page = opened(client, cast.clerk, paper.document.get_absolute_url())
    assert "Văn thư đang giữ" in page
    assert page_of(paper) in page
    other = play.registered(cast.clerk, b"%PDF-1.4", code_number="77")
    assert "Bản giấy chưa được theo dõi." in opened(client, cast.clerk, other.get_absolute_url())
    assert 'id="papers"' not in opened(client, cast.chair, other.get_absolute_url())


def test_the_trail_tells_of_papers(client, cast, paper):
    paper = actions.hand_over(act_as(cast.clerk), paper, cast.planning, cast.specialist, sheets=3)
    actions.take_over(act_as(cast.specialist), paper)
    page = " ".join(opened(client, cast.head, paper.document.get_absolute_url()).split())
    assert "giao văn bản giấy cho Hoàng Thị Mỹ Linh" in page
    assert "ký nhận văn bản giấy, báo văn thư" in page


def test_a_clerk_begins_to_watch_a_paper(client, cast, pdf):
    """Kon Tum Điều 13.4 → /incoming/<id>/paper/"""
    document = play.registered(cast.clerk, pdf)
    path = reverse("incoming:keep_paper", args=["kontum", document.pk])
    assert "khoản 4 Điều 13 Quy chế" in opened(client, cast.clerk, path)
    answer = client.post(path, {"part": "annex", "annex_pages": "14", "annex_name": "Bản vẽ"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "từ 15 trang trở lên" in page
    assert 'value="Bản vẽ"' in page
    assert client.post(path, {"part": "annex"}).status_code == 422
    answer = client.post(path, {"part": "original", "sheets": "4"})
    assert answer.url == page_of(Paper.objects.get())
    # From now on there is nothing but annexes to add.
    assert 'value="original"' not in opened(client, cast.clerk, path)


def test_registering_tells_the_annex_that_stays_on_paper(client, cast, pdf, typed, types):
    """Kon Tum Điều 13.4 → /incoming/register/"""
    document = play.received(cast.clerk, pdf)
    path = reverse("incoming:register_received", args=["kontum", document.pk])
    page = opened(client, cast.clerk, path)
    assert "Từ 15 trang trở lên thì chỉ quét văn bản chính" in page
    answer = client.post(path, typed(annex_pages="14", annex_name="Bản vẽ"))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "quét cùng văn bản" in page
    assert '<details class="annex" open>' in page
    assert IncomingDocument.objects.get().state == "received"
    assert client.post(path, typed(annex_name="Bản vẽ")).status_code == 422
    answer = client.post(path, typed(annex_pages="42", annex_name="Bản vẽ"))
    assert answer.status_code == 302
    assert papers.what(Paper.objects.get()) == "Phụ lục giấy, Bản vẽ, 42 trang, không quét"
    page = opened(client, cast.clerk, IncomingDocument.objects.get().get_absolute_url())
    assert "phụ lục giấy, 42 trang, không quét" in page


def test_lists_ask_as_often_for_many_papers_as_for_one(client, cast, pdf):
    counts = []
    there = 0
    clerk = act_as(cast.clerk)
    for rows in (2, 8):
        for number in range(there, rows):
            document = play.assigned(cast, pdf, code_number=str(number + 1))
            paper = actions.keep_paper(clerk, document, sheets=1)
            paper = actions.hand_over(clerk, paper, cast.planning, cast.specialist, sheets=1)
            if number % 2:
                actions.take_over(act_as(cast.specialist), paper)
        there = rows
        for user in (cast.clerk, cast.specialist):
            client.force_login(user)
            client.get(INDEX)
            with CaptureQueriesContext(connection) as found:
                client.get(INDEX)
            counts.append(len(found))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 14
