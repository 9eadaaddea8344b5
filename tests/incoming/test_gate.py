"""The gate: marks in a file are asked about, and the answer stands on the trail."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import regulation
from accounts.models import Agency
from core import clock
from core.errors import Refusal
from documents import gate
from documents.actions import note_on_paper
from documents.models import DocumentAct, PaperEntry, QuarantinedFile
from incoming import actions
from incoming.actions import Checked
from incoming.models import IncomingDocument
from tests import cast as play
from tests import papers
from tests.cast import act_as
from tests.papers import letter, petition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types")]


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def under(cast, name: str) -> None:
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=name)
    cast.city.refresh_from_db()


# --- Which marks are asked about follows the regulation.

EVERY = [{"marks": list(gate.KINDS), "readable": True, "pages": 1, "worded": 1}]
ASKED = {
    # Kon Tum Điều 4; kiến nghị and tranh chấp are not forbidden there.
    "kon-tum-2017": {
        "state_secrets": 3,
        "petitions": 2,
        "petition_papers": 1,
        "by_name": 1,
    },
    # Bắc Giang Điều 3, and the decree's own (NĐ 30/2020 Điều 21.1b).
    "bac-giang-2014": {"state_secrets": 3, "petitions": 3, "one_stop": 1, "by_name": 1},
    # Sơn La Điều 3.2: disputes, too.
    "son-la-2014": {"state_secrets": 3, "petitions": 3, "by_name": 1},
    "binh-dinh-2016": {"state_secrets": 3, "by_name": 1},
    "can-tho-2019": {"state_secrets": 3, "by_name": 1},
    "nd-30-2020": {"state_secrets": 3, "by_name": 1},
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_about_follows_the_regulation(name):
    """Kon Tum Điều 4.1–4.4; Bắc Giang Điều 3.1–3.3; Sơn La Điều 3.2; Bình Định Điều 3.2.

    Cần Thơ Điều 1.4.
    """
    said = regulation.load(name)
    found = gate.signs(said, EVERY)
    counts: dict[str, int] = {}
    for sign in found:
        counts[sign.kind] = counts.get(sign.kind, 0) + 1
        assert sign.provision.article
        assert sign.words
    assert counts == ASKED[name]
    marks = {sign.mark for sign in found}
    assert ("recommendation" in marks) == (name == "bac-giang-2014")
    assert ("dispute" in marks) == (name == "son-la-2014")


# What each office's own regulation keeps out; nobody can read harm or defence from a title.
OWN = {
    "kon-tum-2017": {"state_secrets", "petitions", "petition_papers", "by_name"},
    "bac-giang-2014": {"state_secrets", "petitions", "one_stop", "by_name"},
    "son-la-2014": {"state_secrets", "petitions", "harmful", "by_name"},
    "binh-dinh-2016": {"state_secrets", "security_defence", "by_name"},
    "can-tho-2019": {"state_secrets", "by_name"},
}


@pytest.mark.parametrize("name", OWN)
def test_each_regulation_has_its_own_kinds(name):
    """Kon Tum Điều 4; Bắc Giang Điều 3; Sơn La Điều 3.2; Cần Thơ Điều 1.4.

    Bình Định chương II Điều 7.1.
    """
    assert set(regulation.load(name).gate) == OWN[name]


# --- Asked on the form, answered in so many words.


def test_a_mark_in_the_file_is_asked_about(client, cast, typed):
    """Kon Tum Điều 4.1 → /incoming/<id>/register/"""
    document = play.received(cast.clerk, letter(box="TỐI MẬT"))
    client.force_login(cast.clerk)
    answer = client.get(form_of(document))
    page = answer.content.decode()
    assert "Đọc thấy trong tệp:" in page
    assert "dấu TỐI MẬT" in page
    form = answer.context["form"]
    assert form["gate"].value() is None  # nothing is answered beforehand
    # Sent as a browser that has chosen nothing: asked again, what was typed stays.
    values = typed(marks_seen="top_secret")
    del values["gate"]
    answer = client.post(form_of(document), values)
    assert answer.status_code == 409
    assert "UBND-HTKT" in answer.content.decode()
    # An answer given before the mark was seen is none.
    assert client.post(form_of(document), typed()).status_code == 409
    assert IncomingDocument.objects.get().state == "received"
    answer = client.post(form_of(document), typed(marks_seen="top_secret"))
    assert answer.status_code == 302
    act = DocumentAct.objects.get(verb="register")
    assert (act.detail["gate"], act.detail["marks"]) == ("none", ["top_secret"])
    page = client.get(IncomingDocument.objects.get().get_absolute_url()).content.decode()
    assert "Đã xem dấu TỐI MẬT: không thuộc diện cấm." in page


def test_the_verb_itself_asks_for_the_answer(cast):
    """Kon Tum Điều 4.2: whatever way a document takes, nobody passes the gate unasked."""
    clerk = act_as(cast.clerk)
    document = play.received(cast.clerk, petition("ĐƠN TỐ CÁO"))
    for checked in (None, Checked(), Checked(marks=frozenset({"complaint"}))):
        with pytest.raises(Refusal, match="Trong tệp có tiêu đề Đơn tố cáo") as refused:
            actions.register(clerk, document, play.entry(), checked)
        assert refused.value.article.startswith("khoản 2 Điều 4 Quy chế")
        assert refused.value.field == "gate"
    done = actions.register(
        clerk, document, play.entry(), Checked(marks=frozenset({"denunciation"}))
    )
    assert done.state == "registered"


def test_before_registering_only_codes_are_kept(cast):
    """Of the words of a file in quarantine nothing is written down."""
    document = play.received(cast.clerk, letter(box="MẬT", body="<p>DAUVETCHU</p>"))
    (row,) = QuarantinedFile.objects.filter(document=document.pk)
    assert row.inspection["marks"] == ["secret"]
    assert "DAUVETCHU" not in str(row.inspection)
    actions.refuse(act_as(cast.clerk), document, reason="state_secrets")
    assert not QuarantinedFile.objects.exists()
    assert "secret'" not in str(list(DocumentAct.objects.values_list("detail", flat=True))[-1])


def test_a_scan_says_that_marks_could_not_be_looked_for(client, cast, tmp_path, typed):
    document = play.received(cast.clerk, papers.scanned(tmp_path / "scan.pdf"))
    client.force_login(cast.clerk)
    answer = client.get(form_of(document))
    assert "1 trang không có chữ (bản quét) nên không tìm được dấu mật" in answer.content.decode()
    assert answer.context["form"]["gate"].value() == "none"


def test_a_file_that_comes_with_the_form_is_asked_about(client, cast, typed, upload_file):
    """The answer was given before the file was looked at: it is asked for anew."""
    client.force_login(cast.clerk)
    blank = reverse("incoming:register", args=[cast.city.slug])
    answer = client.post(blank, typed(files=upload_file(petition("ĐƠN KHIẾU NẠI"))))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "tiêu đề Đơn khiếu nại" in page
    assert 'name="marks_seen" value="complaint"' in page
    assert answer.context["form"]["gate"].value() is None


def test_a_paper_about_a_complaint_enters_once_it_is_cleared(client, cast, typed):
    """Kon Tum Điều 4.3: "khi chưa có ý kiến của người có thẩm quyền để công bố công khai"."""
    title = "QUYẾT ĐỊNH<br>Về việc giải quyết khiếu nại của ông Nguyễn Văn A"
    document = play.received(cast.clerk, letter(title))
    client.force_login(cast.clerk)
    values = typed(gate="cleared", marks_seen="resolving")
    answer = client.post(form_of(document), values)
    assert answer.status_code == 422
    assert "Ghi ý kiến cho công bố" in answer.content.decode()
    said = "Chủ tịch UBND thành phố, 45/UBND-TD ngày 01/11/2026"
    assert client.post(form_of(document), values | {"clearance": said}).status_code == 302
    act = DocumentAct.objects.get(verb="register")
    assert (act.detail["gate"], act.words.text) == ("cleared", said)


def test_only_kon_tum_lets_papers_about_complaints_in(client, cast, pdf, typed):
    under(cast, "can-tho-2019")
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    assert "clearance" not in client.get(form_of(document)).context["form"].fields
    assert client.post(form_of(document), typed(gate="cleared")).status_code == 422
    with pytest.raises(Refusal, match="không có loại văn bản này"):
        actions.register(act_as(cast.clerk), document, play.entry(), Checked(clearance="x"))


# --- On the paper register.


def test_a_number_of_the_paper_register_is_noted(client, cast, typed, pdf):
    """Kon Tum Điều 14.7: "phải lập sổ riêng" → /incoming/paper-register/"""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:paper_register", args=[cast.city.slug])
    page = client.post(form_of(document), typed(gate="state_secrets")).content.decode()
    assert f"{url}?kind=state_secrets" in page
    assert client.get(f"{url}?kind=state_secrets").context["form"]["kind"].value() == (
        "state_secrets"
    )
    line = {"kind": "state_secrets", "number": "7", "day": f"{clock.today():%d/%m/%Y}"}
    assert client.post(url, line).url == url
    page = client.get(url).content.decode()
    assert "Sổ giấy, số 7" in page
    assert "khoản 1 Điều 4 Quy chế" in page
    assert "Bùi Thị Hồng Nhung" in page
    entry = PaperEntry.objects.get()
    assert (entry.direction, entry.kind, entry.number) == ("incoming", "state_secrets", 7)
    again = client.post(url, line)
    assert again.status_code == 409
    assert "của loại này đã ghi" in again.content.decode()
    # Each kind has its own book.
    assert client.post(url, line | {"kind": "petitions"}).status_code == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "Ông A"},
        {"number": "0"},
        {"number": ""},
        {"kind": "harmful"},
        {"day": "31/02/2026"},
    ],
)
def test_nothing_else_can_be_written_there(client, cast, wrong):
    client.force_login(cast.clerk)
    url = reverse("incoming:paper_register", args=[cast.city.slug])
    line = {"kind": "petitions", "number": "7", "day": f"{clock.today():%d/%m/%Y}"}
    assert client.post(url, line | wrong).status_code == 422
    assert not PaperEntry.objects.exists()


def test_paper_numbers_that_cannot_be(cast):
    clerk, today = act_as(cast.clerk), clock.today()
    values = {"direction": "incoming", "kind": "petitions", "number": 3, "day": today}
    note_on_paper(clerk, **values)
    for wrong, sentence in (
        ({"kind": "harmful"}, "Chọn loại"),
        ({"day": today + timedelta(days=1)}, "sau hôm nay"),
        ({}, "đã ghi"),
    ):
        with pytest.raises(Refusal, match=sentence):
            note_on_paper(clerk, **(values | wrong))
    # The same gate serves what goes out (Kon Tum Điều 4.1, 14.7).
    note_on_paper(clerk, **(values | {"direction": "outgoing"}))
    assert PaperEntry.objects.count() == 2
