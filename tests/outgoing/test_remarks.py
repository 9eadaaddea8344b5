"""Words on a place of the text: not only the body, every component of the sheet has lines."""

import re
from html import unescape

import pytest

from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.gate import Asked
from documents.models import DocumentAct
from outgoing import actions
from outgoing.choices import State
from outgoing.content import AnnexText
from outgoing.models import OutgoingDocument, Remark
from tests.cast import act_as
from tests.outgoing.drafts import at_state, content, drafted, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
LINE = re.compile(r'<li id="line-(\d+)">(.*?)</li>', re.DOTALL)
PART = re.compile(r'<h3 class="draft-part">(.*?)</h3>')


@pytest.fixture
def sent(client, cast) -> OutgoingDocument:
    """A letter with grounds and an annex that lies with the head of the unit."""
    annex = AnnexText(heading="Phụ lục I", title="DANH MỤC ĐOẠN KÈ", body="Đoạn 1: 120 m.")
    document = drafted(cast, grounds="Luật Đê điều;", annexes=(annex,))
    document = submitted(cast.specialist, document, text="Đã trao đổi.")
    client.force_login(cast.head)
    return document


def lines(client, document) -> dict[int, str]:
    """What stands at each number, with what was said about it."""
    page = client.get(f"{document.get_absolute_url()}?view=text").content.decode()
    return {
        int(number): unescape(re.sub(r"<[^>]+>", " ", text)) for number, text in LINE.findall(page)
    }


def number_of(client, document, words: str) -> int:
    return next(number for number, text in lines(client, document).items() if words in text)


def say(client, document, line, text: str):
    return client.post(f"{document.get_absolute_url()}remark/", {"line": str(line), "text": text})


def test_every_component_of_the_sheet_has_its_lines(client, sent):
    page = client.get(f"{sent.get_absolute_url()}?view=text").content.decode()
    assert PART.findall(page) == [
        *("Trích yếu", "Kính gửi", "Căn cứ", "Nội dung", "Nơi nhận", "Người ký", "Phụ lục I")
    ]
    shown = lines(client, sent)
    assert list(shown) == list(range(1, len(shown) + 1))
    for words in (
        *("khắc phục sạt lở", "Phòng Tài chính - Kế hoạch", "Luật Đê điều;", "1. Phòng Quản lý"),
        *("Lưu: VT, QLĐT", "TM. ỦY BAN NHÂN DÂN", "Nguyễn Đức Thành", "Đoạn 1: 120 m."),
    ):
        assert number_of(client, sent, words)


@pytest.mark.parametrize("words", ["Luật Đê điều;", "Lưu: VT, QLĐT", "CHỦ TỊCH", "Đoạn 1: 120 m."])
def test_a_remark_stands_at_the_line_that_it_is_about(client, sent, words):
    line = number_of(client, sent, words)
    say(client, sent, line, "Ghi rõ hơn chỗ này.")
    assert Remark.objects.get().quote.endswith(words)
    said = [number for number, text in lines(client, sent).items() if "Ghi rõ hơn" in text]
    assert said == [line]


@pytest.mark.parametrize("line", ["", "0", "999", "-1", "x"])
def test_a_remark_without_a_line_is_about_all_of_it(client, sent, line):
    say(client, sent, line, "Cần gọn hơn.")
    assert (Remark.objects.get().line, Remark.objects.get().quote) == (0, "")
    assert not [text for text in lines(client, sent).values() if "gọn hơn" in text]
    assert "Cần gọn hơn." in client.get(f"{sent.get_absolute_url()}?view=text").content.decode()


def test_one_whose_number_has_moved_is_found_by_what_it_quotes(client, sent):
    line = number_of(client, sent, "Lưu: VT, QLĐT")
    say(client, sent, line, "Thiếu Thường trực HĐND.")
    Remark.objects.update(line=1)
    said = [number for number, text in lines(client, sent).items() if "Thường trực" in text]
    assert said == [line]


def test_who_sends_back_names_places_beside_the_body(client, cast):
    document = at_state(cast, State.APPRAISAL)
    client.force_login(cast.chief)
    line = number_of(client, document, "Lưu: VT, QLĐT")
    path = f"{document.get_absolute_url()}send_back/"
    page = client.get(path).content.decode()
    to = re.search(r'name="to" value="(\w+)"', page)
    assert to
    hidden = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', page))
    typed = {"to": to[1], "text": "Sửa nơi nhận", "line-0": str(line), "said-0": "Thêm VKSND."}
    assert client.post(path, hidden | typed).status_code == 302
    remark = Remark.objects.get()
    assert (remark.line, remark.quote, remark.text) == (line, "Lưu: VT, QLĐT", "Thêm VKSND.")


def hidden(page) -> dict[str, str]:
    """What a page sends of itself."""
    found = page.content.decode()
    return dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', found))


def shifted(cast, document) -> OutgoingDocument:
    """Somebody saves a text with two lines more at its head, while others read."""
    text = content(addressees="Văn phòng\nThanh tra\nPhòng Quản lý đô thị", grounds="")
    return actions.save(act_as(cast.head), document, text, base=document.version_count)


def test_a_remark_is_about_the_line_that_was_read(client, cast, sent):
    """Another version was saved meanwhile: the word stays with the version that it speaks of."""
    line = number_of(client, sent, "Lưu: VT, QLĐT")
    page = client.get(f"{sent.get_absolute_url()}?view=text")
    shifted(cast, sent)
    typed = {"line": str(line), "text": "Thêm VKSND."}
    client.post(f"{sent.get_absolute_url()}remark/", hidden(page) | typed)
    remark = Remark.objects.get()
    assert (remark.version.ordinal, remark.line, remark.quote) == (1, line, "Lưu: VT, QLĐT")
    page = client.get(f"{sent.get_absolute_url()}?view=text").content.decode()
    assert "<q>Lưu: VT, QLĐT</q>" in page


def test_places_of_what_is_sent_back_are_those_that_were_read(client, cast, sent):
    """The same of words beside the lines of what is sent back."""
    line = number_of(client, sent, "Lưu: VT, QLĐT")
    path = f"{sent.get_absolute_url()}send_back/"
    page = client.get(path)
    to = re.search(r'name="to" value="(\w+)"', page.content.decode())
    shifted(cast, sent)
    typed = {"to": to[1], "text": "Sửa", "line-0": str(line), "said-0": "Thêm VKSND."}
    assert client.post(path, hidden(page) | typed).status_code == 302
    remark = Remark.objects.get()
    assert (remark.version.ordinal, remark.line, remark.quote) == (1, line, "Lưu: VT, QLĐT")


PETITION = "Xem lại:\nĐƠN KHIẾU NẠI\ncủa bà Y Blưi"


def question(page) -> str:
    """What the gate asks on the page."""
    assert page.status_code == 409
    assert "tiêu đề Đơn khiếu nại" in page.content.decode()
    return re.search(r'name="looked" value="([^"]+)"', page.content.decode())[1]


def test_a_remark_is_looked_through_for_the_forbidden_kinds(client, sent):
    """Kon Tum Điều 4.3: asked, answered, and then it stands with the answer in the trail."""
    page = say(client, sent, 1, PETITION)
    look = question(page)
    assert "của bà Y Blưi" in page.content.decode()
    assert not Remark.objects.exists()
    path = f"{sent.get_absolute_url()}remark/"
    # Of other words it was not answered.
    other = {"line": "1", "text": f"{PETITION} khác", "looked": look, "not_forbidden": "1"}
    question(client.post(path, other))
    answer = {"line": "1", "text": PETITION, "looked": look, "not_forbidden": "1"}
    assert client.post(path, answer).status_code == 302
    assert Remark.objects.get().text == PETITION
    act = DocumentAct.objects.filter(target=sent.pk).latest("ordinal")
    assert act.detail["words"] == ["complaint"]


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("comment", {}),
        ("send_back", {"to": "drafting"}),
        ("approve_content", {"seen": "1"}),
        ("ask_opinion", {}),
        ("give_opinion", {"stance": "other"}),
    ],
)
def test_what_is_said_of_a_draft_is_looked_through(client, cast, sent, verb, more):
    """Kon Tum Điều 4: comments, opinions, words by which it is given back or goes on."""
    if verb == "give_opinion":
        line = Line(AssignmentRole.COORDINATE, cast.finance)
        actions.ask_opinion(act_as(cast.specialist), sent, [line], text="Kinh phí?")
        client.force_login(cast.finance_head)
    path = f"{sent.get_absolute_url()}{verb}/"
    values = {"text": PETITION, **more}
    if verb == "ask_opinion":
        line = Line(AssignmentRole.COORDINATE, cast.finance)
        head = act_as(cast.head)
        with pytest.raises(Asked) as raised:
            actions.ask_opinion(head, sent, [line], text=PETITION)
        actions.ask_opinion(head, sent, [line], text=PETITION, answered=raised.value.look)
        return
    look = question(client.post(path, values))
    before = DocumentAct.objects.filter(target=sent.pk).count()
    answer = client.post(path, {**values, "looked": look, "not_forbidden": "1"})
    assert answer.status_code == 302
    act = DocumentAct.objects.filter(target=sent.pk).latest("ordinal")
    assert (act.ordinal, act.verb, act.detail["words"]) == (before + 1, verb, ["complaint"])


def test_the_mark_of_a_secret_is_refused_whatever_is_said(client, sent):
    """Kon Tum Điều 4.1."""
    path = f"{sent.get_absolute_url()}comment/"
    page = client.post(path, {"text": "TỐI MẬT\nXem lại", "not_forbidden": "1", "looked": ""})
    assert page.status_code == 409
    assert "Chưa lưu chữ nào" in page.content.decode()
    assert not DocumentAct.objects.filter(target=sent.pk, verb="comment").exists()


def test_running_words_are_no_mark(client, sent):
    for text in ("Bổ sung căn cứ Luật Khiếu nại.", "Việc bảo mật cần ghi rõ."):
        assert say(client, sent, 1, text).status_code == 302
    assert Remark.objects.count() == 2
