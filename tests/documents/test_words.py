"""What people type beside a document is looked through for what may not enter, in every verb."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from core import clock
from documents.choices import AssignmentRole
from documents.gate import Forbidden
from documents.models import Assignment, DocumentAct
from dossiers.models import Dossier, Item
from incoming import actions
from incoming.actions import Line
from incoming.choices import Verb
from incoming.models import IncomingDocument
from outgoing.actions import issue
from outgoing.choices import State as Draft
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_work import given, opened
from tests.outgoing.drafts import at_state
from tests.outgoing.issuing import issued, sealed, to_post
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

PETITION = "Xem lại:\nĐƠN KHIẾU NẠI\ncủa bà Y Blưi"
SECRET = "Kèm theo:\nTỐI MẬT\nSố liệu"


def acts(target: Any) -> int:
    return DocumentAct.objects.filter(target=target.pk).count()


def refused(client, path: str, data: dict[str, Any]) -> str:
    """The page that comes back, with what was typed."""
    answer = client.post(path, data)
    assert answer.status_code in (409, 422), answer.status_code
    return answer.content.decode()


def tried(
    client,
    path: str,
    target: Any,
    data: dict[str, Any],
    field: str = "text",
    *,
    petition: str = PETITION,
    secret: str = SECRET,
) -> DocumentAct:
    """Asked about the title of a petition, refused with the mark of a secret; then the act."""
    before = acts(target)
    page = refused(client, path, data | {field: secret, "not_forbidden": "1", "looked": ""})
    assert "dấu TỐI MẬT" in page
    assert "Chưa lưu chữ nào" in page
    page = refused(client, path, data | {field: petition})
    assert "tiêu đề Đơn khiếu nại" in page
    assert petition.splitlines()[-1] in page  # what was typed stays on the form
    looked = re.search(r'name="looked" value="([^"]+)"', page)
    assert looked
    assert page.count('id="not_forbidden"') == 1
    # Of other words it was not answered.
    answer = {"looked": looked[1], "not_forbidden": "1"}
    refused(client, path, data | {field: f"{petition} khác"} | answer)
    assert acts(target) == before
    assert client.post(path, data | {field: petition} | answer).status_code in (200, 302)
    act = DocumentAct.objects.filter(target=target.pk).latest("ordinal")
    assert act.ordinal == before + 1
    return act


@pytest.fixture
def work(cast, pdf) -> IncomingDocument:
    """Work that the specialist has."""
    return play.assigned(cast, pdf)


DAY = f"{clock.today() + timedelta(days=30):%d/%m/%Y}"
INCOMING = {
    Verb.COMMENT: ("specialist", {}),
    Verb.PROGRESS: ("specialist", {"percent": "50"}),
    Verb.SEND_BACK: ("specialist", {}),
    Verb.REQUEST_EXTENSION: ("head", {"day": DAY}),
    Verb.FINISH: ("specialist", {}),
    Verb.ASK_OPINION: ("specialist", {"people": ["unit"]}),
    Verb.SHARE: ("chief", {"people": ["person"]}),
    Verb.URGE: ("chief", {"level": "1", "who": ["lead"]}),
    Verb.TAKE_BACK: ("head", {"part": "mine"}),
}


@pytest.mark.parametrize("verb", INCOMING)
def test_words_beside_an_incoming_document(client, cast, work, verb):
    """Kon Tum Điều 4: comments, reports, opinions, reasons."""
    who, typed = INCOMING[verb]
    rows = {one.person_id: str(one.pk) for one in work.assignments.all()}
    known = {
        "unit": f"u{cast.finance.pk}",
        "person": f"p{cast.adviser.pk}.{cast.office.pk}",
        "lead": rows[None],
        "mine": rows.get(cast.specialist.pk, ""),
    }
    data = {
        name: [known[one] for one in value] if isinstance(value, list) else known.get(value, value)
        for name, value in typed.items()
    }
    client.force_login(getattr(cast, who))
    path = reverse("incoming:verb", args=[cast.city.slug, work.pk, verb.value])
    act = tried(client, path, work, data)
    assert (act.verb, act.detail["words"]) == (verb, ["complaint"])


def test_an_opinion_on_an_incoming_document(client, cast, work):
    """Kon Tum Điều 4."""
    lines = [Line(AssignmentRole.COORDINATE, cast.finance)]
    actions.ask_opinion(act_as(cast.specialist), work, lines, text="Kinh phí?")
    client.force_login(cast.finance_head)
    path = reverse("incoming:verb", args=[cast.city.slug, work.pk, "give_opinion"])
    act = tried(client, path, work, {"stance": "other"})
    assert act.detail["words"] == ["complaint"]


@pytest.mark.parametrize("field", ["text", "directive-0"])
def test_directives_of_a_distribution(client, cast, pdf, field):
    """Kon Tum Điều 4, 13: what is given out, and the words beside it."""
    document = play.submitted(cast, pdf)
    client.force_login(cast.chief)
    path = reverse("incoming:verb", args=[cast.city.slug, document.pk, "distribute"])
    data = {"rows": "1", "who-0": f"u{cast.planning.pk}", "text": "Làm."}
    tried(client, path, document, data, field)
    if field == "directive-0":
        assert Assignment.objects.get(document=document.pk).directive.startswith("Xem lại")


def test_a_leader_who_decides(client, cast, pdf):
    """Kon Tum Điều 4, 13: on the page of his own."""
    document = play.submitted(cast, pdf)
    lines = [Line(AssignmentRole.LEAD, cast.planning)]
    actions.propose(act_as(cast.chief), document, cast.chair, lines=lines, text="Trình.")
    client.force_login(cast.chair)
    path = reverse("incoming:verb", args=[cast.city.slug, document.pk, "direct"])
    act = tried(client, path, document, {"rows": "1", "agree": "1", "from": "question"})
    assert act.detail["words"] == ["complaint"]


@pytest.mark.parametrize("do", ["send", "finish", "propose"])
def test_the_grid(client, cast, pdf, do):
    """Kon Tum Điều 4: asked once for all rows; the others go through."""
    bad, good = play.submitted(cast, pdf), play.submitted(cast, pdf, code_number="99")
    client.force_login(cast.chief)
    data: dict[str, Any] = {"doc": [], "tick": [], "do": do, "leader": str(cast.chair.pk)}
    for one in (bad, good):
        data["doc"].append(one.pk)
        data["tick"].append(one.pk)
        data |= {f"d{one.pk}-seen": acts(one), f"d{one.pk}-lead": f"u{cast.planning.pk}"}
    title = "Đơn khiếu nại"
    field = {"send": f"d{bad.pk}-directive", "finish": "finish_text", "propose": "propose_text"}[do]
    path = reverse("incoming:grid", args=[cast.city.slug])
    before = acts(bad)
    page = refused(client, path, data | {field: "TỐI MẬT"})
    assert "dấu TỐI MẬT" in page
    assert acts(bad) == before
    data |= {f"d{one.pk}-seen": acts(one) for one in (bad, good)}
    page = refused(client, path, data | {field: title})
    assert "tiêu đề Đơn khiếu nại" in page
    assert title in page
    looked = re.search(r'name="looked" value="([^"]+)"', page)
    assert looked
    assert acts(bad) == before
    answer = {"looked": looked[1], "not_forbidden": "1", field: title}
    client.post(path, data | answer)
    assert acts(bad) == before + 1
    assert acts(good) > before


def test_many_at_once(client, cast, work):
    """Kon Tum Điều 4."""
    client.force_login(cast.specialist)
    path = reverse("incoming:bulk", args=[cast.city.slug, "finish"])
    act = tried(client, path, work, {"document": [work.pk]})
    assert (act.verb, act.detail["words"]) == ("finish", ["complaint"])


# --- The clerk's own forms: fields of one line.

LINE = {"petition": "Đơn khiếu nại", "secret": "TỐI MẬT"}


def entered(document: IncomingDocument, **changes: str) -> dict[str, Any]:
    """The registering form of a document as it stands in the book."""
    names = ("type_name", "organ_name", "language", "code_number", "code_notation", "subject")
    days = ("issued_date", "day")
    values = {name: getattr(document, name) for name in (*names, "signer_position")}
    issued, day = (f"{getattr(document, name):%d/%m/%Y}" for name in days)
    return (
        values
        | {"signer_full_name": document.signer_full_name, "priority": "0", "channel": "paper"}
        | {"issued_date": issued, "arrival_date": day, "reason": "Gõ nhầm"}
        | changes
    )


@pytest.mark.parametrize("field", ["subject", "reason"])
def test_what_is_corrected_and_why(client, cast, pdf, field):
    """Kon Tum Điều 4: what is written anew, and the reason."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    path = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    data = entered(document, description="Bản sao")
    act = tried(client, path, document, data, field, **LINE)
    assert (act.verb, act.detail["words"]) == ("correct", ["complaint"])
    document.refresh_from_db()
    assert document.description == "Bản sao"


def test_what_stands_in_the_book_is_not_asked_about_again(client, cast, pdf):
    document = play.registered(cast.clerk, pdf, subject=LINE["petition"])
    client.force_login(cast.clerk)
    path = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    data = entered(document, description="Bản sao")
    assert client.post(path, data).status_code == 302
    assert "words" not in DocumentAct.objects.get(target=document.pk, verb="correct").detail


def test_a_question_about_words_does_not_hide_what_came_meanwhile(client, cast, pdf):
    """Whoever answers it has not seen what another has mended since the form was drawn."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    path = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    drawn = {"seen": client.get(path).context["form"].version}
    mended = play.entry(description="Có phụ lục")
    actions.correct(act_as(cast.clerk), document, mended, reason="Thiếu ghi chú")
    data = entered(document, subject=LINE["petition"]) | drawn
    answer = client.post(path, data)
    assert answer.context["form"].version == drawn["seen"]
    looked = {"looked": answer.context["refusal"].look, "not_forbidden": "1"}
    page = refused(client, path, data | looked)
    assert "đã có bước mới từ lúc mở trang này" in page


def test_why_a_document_is_returned(client, cast, pdf):
    """Kon Tum Điều 4: words of the slip that goes back with it."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    path = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
    act = tried(client, path, document, {"reason": "other"}, **LINE)
    assert (act.verb, act.detail["words"]) == ("refuse", ["complaint"])


def test_of_a_forbidden_document_nothing_is_asked_and_no_word_is_kept(client, cast, pdf):
    """Kon Tum Điều 4: its kind says what it is; even the mark of a secret goes with its file."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    path = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
    assert client.post(path, {"reason": "state_secrets", "text": "TỐI MẬT"}).status_code == 200
    act = DocumentAct.objects.get(target=document.pk, verb="refuse")
    assert act.note_hash == ""
    assert "words" not in act.detail


def test_the_decision_by_which_a_document_is_purged(client, cast, pdf):
    """Kon Tum Điều 4; Bắc Giang Điều 8.2: its number stands in the place of the subject."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.chair)
    path = reverse("incoming:verb", args=[cast.city.slug, document.pk, "purge"])
    data = {"reason": "petitions", "understood": "on", "decision_date": f"{clock.today():%d/%m/%Y}"}
    act = tried(client, path, document, data, "decision_number", **LINE)
    assert (act.verb, act.detail["words"]) == ("purge", ["complaint"])


# --- Dossiers.


@pytest.fixture
def dossier(cast) -> Dossier:
    """Work that the head of the unit leads."""
    return given(cast)


@pytest.mark.parametrize(
    ("verb", "more"),
    [("comment", {}), ("progress", {"percent": "50"}), ("send_back", {})],
)
def test_words_beside_a_dossier(client, cast, dossier, verb, more):
    """Kon Tum Điều 4, 20, 21."""
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=[cast.city.slug, dossier.pk, verb])
    act = tried(client, path, dossier, more)
    assert (act.verb, act.detail["words"]) == (verb, ["complaint"])


def test_a_note_in_a_dossier(client, cast):
    """Kon Tum Điều 4."""
    dossier = opened(cast.specialist)
    client.force_login(cast.specialist)
    path = reverse("dossiers:add_item", args=[cast.city.slug, dossier.pk])
    act = tried(client, path, dossier, {"what": "note"})
    assert act.detail["words"] == ["complaint"]
    item = Item.objects.get(dossier=dossier)
    # Why it is taken out is looked through, too.
    path = reverse("dossiers:remove_item", args=[cast.city.slug, dossier.pk])
    tried(client, path, dossier, {"item": item.pk})


def test_a_task_that_is_given(client, cast):
    """Kon Tum Điều 4, 20.2."""
    client.force_login(cast.head)
    path = reverse("dossiers:new_task", args=[cast.city.slug])
    who = f"p{cast.specialist.pk}.{cast.planning.pk}"
    data = {"title": "Việc", "start_date": f"{clock.today():%d/%m/%Y}", "rows": "1", "who-0": who}
    page = refused(client, path, data | {"text": SECRET})
    assert "dấu TỐI MẬT" in page
    page = refused(client, path, data | {"text": "Làm.", "directive-0": "Đơn khiếu nại"})
    assert "tiêu đề Đơn khiếu nại" in page
    looked = re.search(r'name="looked" value="([^"]+)"', page)
    assert looked
    assert not Dossier.objects.exists()
    answer = {
        "text": "Làm.",
        "directive-0": "Đơn khiếu nại",
        "looked": looked[1],
        "not_forbidden": "1",
    }
    assert client.post(path, data | answer).status_code == 302
    assert Dossier.objects.get().assignments.get().directive == "Đơn khiếu nại"


# --- Drafts, beside the verbs of tests/outgoing/test_remarks.py.


@pytest.mark.parametrize(
    ("verb", "who", "state"),
    [
        ("abandon", "specialist", Draft.DRAFTING),
        ("withdraw", "specialist", Draft.CONTENT),
        ("void", "clerk", None),
        ("share", "specialist", Draft.CONTENT),
    ],
)
def test_reasons_of_drafts(client, cast, verb, who, state):
    """Kon Tum Điều 4, 14.7: why it is given up, taken back, made void; whom it is shown."""
    document = at_state(cast, state) if state else sealed(cast)
    client.force_login(getattr(cast, who))
    more = {"people": [f"p{cast.adviser.pk}.{cast.office.pk}"], "confirmed": "on"}
    path = f"{document.get_absolute_url()}{verb}/"
    act = tried(client, path, document, more if verb == "share" else {})
    assert (act.verb, act.detail["words"]) == (verb, ["complaint"])


def test_receivers_that_are_typed(client, cast):
    """Kon Tum Điều 4, 15: names and addresses of lines."""
    document = sealed(cast)
    client.force_login(cast.clerk)
    path = reverse("outgoing:issue", args=[cast.city.slug, document.pk])
    lines = {"petition": "Đơn khiếu nại | giấy | 2 Lê Lợi", "secret": "Ông A | giấy | TỐI MẬT"}
    act = tried(client, path, document, {}, "lines", **lines)
    assert (act.verb, act.detail["words"]) == ("issue", ["complaint"])


def test_why_a_document_is_recalled(client, cast):
    """Kon Tum Điều 4: every receiver is told the reason."""
    document = issued(cast)
    client.force_login(cast.clerk)
    path = f"{document.get_absolute_url()}recall/"
    act = tried(client, path, document, {})
    assert (act.verb, act.detail["words"]) == ("recall", ["complaint"])


# --- The floor: whoever asks, no verb writes the mark of a secret down.


def test_no_verb_writes_the_mark_of_a_secret_down(cast, work, dossier):
    """Kon Tum Điều 4.1."""
    before = acts(work), acts(dossier)
    with pytest.raises(Forbidden, match="TỐI MẬT") as raised:
        actions.comment(act_as(cast.specialist), work, text=SECRET)
    assert "Điều 4" in raised.value.article
    with pytest.raises(Forbidden):
        actions.assign(
            act_as(cast.head), work, [Line(AssignmentRole.COORDINATE, cast.planning,
                                           cast.deputy, "MẬT")]
        )  # fmt: skip
    assert (acts(work), acts(dossier)) == before


def test_no_field_of_a_clerk_takes_the_mark_of_a_secret(cast, pdf, work):
    """Kon Tum Điều 4.1: whatever called the verb."""
    document = sealed(cast)
    before = acts(work), acts(document)
    entry = play.entry(subject="TỐI MẬT", due_date=work.due_date)
    with pytest.raises(Forbidden):
        actions.correct(act_as(cast.clerk), work, entry, reason="Sửa")
    with pytest.raises(Forbidden):
        play.purged(cast.chair, work, decision_number="TỐI MẬT")
    with pytest.raises(Forbidden):
        issue(act_as(cast.clerk), document, [to_post("TỐI MẬT")])
    assert (acts(work), acts(document)) == before


def test_running_words_are_no_mark(client, cast, work):
    client.force_login(cast.specialist)
    path = reverse("incoming:verb", args=[cast.city.slug, work.pk, "comment"])
    for text in ("Bổ sung căn cứ Luật Khiếu nại.", "Việc bảo mật cần ghi rõ.", "Đơn vị đã xong."):
        assert client.post(path, {"text": text}).status_code == 302
    assert "words" not in DocumentAct.objects.filter(target=work.pk).latest("ordinal").detail


def test_a_recall_by_another_office_is_taken_as_it_says_it(cast, pdf):
    """Cần Thơ Điều 10.1b: the words are the sender's; they are not refused here."""
    document = play.registered(cast.clerk, pdf)
    actions.sender_recalls(act_as(cast.stranger), document, reason="MẬT\nGửi nhầm")
    assert DocumentAct.objects.filter(target=document.pk, verb="sender_recall").exists()
