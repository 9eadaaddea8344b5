"""Drafts through HTTP: written, seen before they are printed, kept in versions, sent on."""

import io
import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from documents.models import Link
from outgoing import actions
from outgoing.choices import State
from outgoing.models import OutgoingDocument, Phrase, Template
from outgoing.views import composing
from tests import cast as play
from tests.cast import act_as
from tests.outgoing.drafts import at_state, body_of, content, drafted, passed, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
PATH = "/kontum/outgoing/"


def typed(**changes: object) -> dict[str, object]:
    """What the composer sends."""
    values: dict[str, object] = {
        "type_name": "Công văn",
        "subject": "khắc phục sạt lở bờ kè",
        "priority": "0",
        "language": "Tiếng Việt",
        "addressees": "Phòng Tài chính - Kế hoạch",
        "body": "Đề nghị bố trí kinh phí trước ngày 5 tháng 1 năm 2027./.",
        "recipients": "Như trên\nLưu: VT, QLĐT",
        "gate": "none",
        "token": str(uuid4()),
        "annexes": "0",
        "body_key": "0",
    }
    return values | changes


def sent(document: OutgoingDocument, **changes: object) -> dict[str, object]:
    """The same for a draft that is there."""
    values = typed(base=str(document.version_count), **changes)
    del values["gate"]
    return values


@pytest.fixture
def linh(client, cast):
    """The specialist at her desk, in an office that knows in whose name it issues."""
    body_of(cast)
    client.force_login(cast.specialist)
    return client


def test_a_draft_is_written_and_saved(linh, cast):
    """Cần Thơ Điều 9.2: the drafter's fields; the notation is put together by the system."""
    assert linh.get(PATH + "new/").status_code == 200
    other = "GIÁM ĐỐC SỞ XÂY DỰNG"
    answer = linh.post(PATH + "new/", typed(due_date="20/01/2027", signer_other_post=other))
    document = OutgoingDocument.objects.get()
    assert document.versions.get().content["signer_other_post"] == other
    assert answer.url == f"{PATH}{document.pk}/"
    assert (document.type_name, document.code_notation) == ("Công văn", "UBND-QLĐT")
    assert f"{document.reply_due_date:%d/%m/%Y}" == "20/01/2027"
    page = linh.get(answer.url).content.decode()
    assert "khắc phục sạt lở bờ kè" in page
    assert "Đang soạn thảo" in page


def test_the_same_form_sent_twice_is_one_draft(linh):
    values = typed()
    linh.post(PATH + "new/", values)
    linh.post(PATH + "new/", values)
    assert OutgoingDocument.objects.count() == 1


@pytest.mark.parametrize("kind", ["state_secrets", "petitions", "petition_papers", "by_name"])
def test_what_may_not_enter_is_not_drafted_either(linh, kind):
    """Kon Tum Điều 4, 14.7: refused with the article, nothing is kept, the text comes back."""
    answer = linh.post(PATH + "new/", typed(gate=kind))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Điều 4" in page
    assert "Đề nghị bố trí kinh phí" in page
    assert not OutgoingDocument.objects.exists()


def test_a_secret_mark_in_the_text_is_kept_nowhere(linh, cast):
    """Kon Tum Điều 4.1: marks are looked for in the words, too."""
    answer = linh.post(PATH + "new/", typed(body="TỐI MẬT\nNội dung./."))
    assert answer.status_code == 409
    assert "dấu TỐI MẬT" in answer.content.decode()
    assert not OutgoingDocument.objects.exists()
    document = drafted(cast)
    sending = sent(document, body="Nội dung.\nTUYỆT MẬT")
    assert linh.post(f"{PATH}{document.pk}/compose/", sending).status_code == 409
    document.refresh_from_db()
    assert document.version_count == 1


def test_another_mark_is_asked_about_and_answered_once(linh, cast):
    """Kon Tum Điều 4.3: a paper that settles a complaint is submitted after somebody has looked."""
    subject = "về việc giải quyết khiếu nại của ông A"
    document = drafted(cast, type_name="Quyết định", subject=subject)
    path = f"{PATH}{document.pk}/submit/"
    asked = linh.post(path, {"text": ""})
    assert asked.status_code == 409
    look = re.search(r'name="looked" value="([^"]+)"', asked.content.decode())[1]
    values = {"text": "", "looked": look, "not_forbidden": "1"}
    assert linh.post(path, values).status_code == 302
    document.refresh_from_db()
    assert document.state == State.CONTENT


def test_the_sheet_is_seen_while_typing(linh, cast):
    """The preview: images of the pages, findings with their article; nothing is saved."""
    answer = linh.post(PATH + "preview/", typed())
    page = answer.content.decode()
    [image] = re.findall(r'src="([^"]+/preview/[^"]+)"', page)
    picture = linh.get(image)
    assert picture["Content-Type"] in ("image/png", "image/jpeg")
    assert "có số 0 phía trước" in page
    assert not OutgoingDocument.objects.exists()


def test_a_preview_is_its_readers_own(linh, cast, client):
    page = linh.post(PATH + "preview/", typed()).content.decode()
    [image] = re.findall(r'src="([^"]+/preview/[^"]+)"', page)
    client.force_login(cast.head)
    assert client.get(image).status_code == 404


def test_without_scripts_the_sheet_is_seen_by_a_button(linh):
    answer = linh.post(PATH + "new/", typed(look="1"))
    assert answer.status_code == 200
    assert "/preview/" in answer.content.decode()
    assert not OutgoingDocument.objects.exists()


def test_one_click_mends_a_finding(linh, cast):
    """ "ngày 5 tháng 1" becomes "ngày 05 tháng 01"; it is saved only when the person saves."""
    document = drafted(cast)
    values = sent(document, look="1")
    page = linh.post(f"{PATH}{document.pk}/compose/", values).content.decode()
    codes = re.findall(r'name="mend" value="([^"]+)"', page)
    code = next(one for one in codes if one.endswith("@body:1"))
    values["mend"] = code
    del values["look"]
    mended = linh.post(f"{PATH}{document.pk}/compose/", values).content.decode()
    assert "ngày 05 tháng 01 năm 2027" in mended
    document.refresh_from_db()
    assert document.version_count == 1


def test_one_click_mends_a_draft_that_is_only_begun(linh, cast):
    """Before anything is saved, before the question of the gate is answered: nothing typed goes."""
    values = typed()
    del values["gate"]
    page = linh.post(PATH + "preview/", values).content.decode()
    code = next(
        one for one in re.findall(r'name="mend" value="([^"]+)"', page) if one.endswith("@body:1")
    )
    answer = linh.post(PATH + "new/", values | {"mend": code})
    mended = answer.content.decode()
    assert answer.status_code == 200
    assert "ngày 05 tháng 01 năm 2027" in mended
    assert str(values["token"]) in mended
    assert not OutgoingDocument.objects.exists()


def test_a_long_text_is_checked_behind_what_the_preview_shows(linh, cast, monkeypatch):
    """What was not looked at is said; nothing is told of what stands beyond."""
    long = "Đề nghị các đơn vị báo cáo kết quả.\n" * 2000
    body = long + "Họp ngày 5 tháng 1 năm 2027./."
    page = linh.post(PATH + "preview/", typed(body=body)).content.decode()
    assert "có số 0 phía trước" in page
    assert "Xem thử chỉ hiện các trang đầu" in page
    assert "mới kiểm tra thể thức" not in page
    monkeypatch.setattr(composing, "CHECKED_LETTERS", 70_000)
    page = linh.post(PATH + "preview/", typed(body=body)).content.decode()
    assert "có số 0 phía trước" not in page
    assert "mới kiểm tra thể thức 70" in page
    assert "Nội dung kết thúc bằng" not in page


def test_nobody_covers_a_version_that_he_has_not_seen(linh, cast):
    """Two people save one draft: the second is told who was first, and sees what differs."""
    document = drafted(cast)
    actions.save(act_as(cast.specialist), document, content(body="Bản của người kia./."), base=1)
    values = sent(document, body="Bản của tôi./.")
    answer = linh.post(f"{PATH}{document.pk}/compose/", values)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "đã lưu bản 2" in page
    assert "Bản của tôi./." in page
    assert "<del>" in page
    values["base"] = "2"
    assert linh.post(f"{PATH}{document.pk}/compose/", values).status_code == 302
    texts = list(document.versions.values_list("content__body", flat=True))
    assert texts[1:] == ["Bản của người kia./.", "Bản của tôi./."]


def test_two_versions_are_compared_word_by_word(linh, cast):
    document = drafted(cast, body="Đề nghị bố trí 120 triệu đồng./.")
    later = content(body="Đề nghị bố trí 185 triệu đồng./.")
    actions.save(act_as(cast.specialist), document, later, base=1, note="Theo dự toán")
    page = linh.get(f"{PATH}{document.pk}/versions/?old=1&new=2").content.decode()
    assert "<del>120</del><ins>185</ins>" in page
    assert "Theo dự toán" in page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<style>body{background:url(http://127.0.0.1/x)}</style>",
        '<iframe src="file:///etc/passwd"></iframe>',
    ],
)
def test_pasted_html_is_text(linh, cast, text):
    """Nothing executes, nothing of it reaches the PDF but its letters."""
    document = drafted(cast, body=f"{text}\nNội dung./.", subject=text[:60])
    for path in ("", "compose/", "versions/", "?view=text"):
        page = linh.get(f"{PATH}{document.pk}/{path}").content.decode()
        assert text not in page
        assert "&lt;" in page
    assert text not in linh.post(PATH + "preview/", typed(body=text)).content.decode()


def test_an_answer_takes_over_what_is_known(linh, cast, pdf):
    """Kon Tum Điều 13.7d "Trả lời": recipient, basis, deadline; both documents show the other."""
    letter = play.assigned(cast, pdf)
    page = linh.get(f"/kontum/incoming/{letter.pk}/").content.decode()
    assert f"{PATH}new/?answers={letter.pk}" in page
    form = linh.get(f"{PATH}new/?answers={letter.pk}").content.decode()
    assert letter.organ_name in form
    assert "4127/UBND-HTKT" in form
    linh.post(PATH + "new/", typed(answers=str(letter.pk)))
    document = OutgoingDocument.objects.get()
    assert Link.objects.filter(source=document, target=letter, kind="answers").exists()
    assert document.subject in linh.get(f"/kontum/incoming/{letter.pk}/").content.decode()


def test_a_template_takes_nothing_of_the_answer_away(linh, cast, pdf):
    """The chips carry on what is answered; what is known of it is laid over the template."""
    letter = play.assigned(cast, pdf)
    Template.objects.create(
        agency=cast.city,
        name="Trả lời kiến nghị",
        content=content(body="Nội dung của mẫu./.", addressees="").stored(),
        changed_at=clock.now(),
    )
    page = linh.get(f"{PATH}new/?answers={letter.pk}").content.decode()
    (chip,) = re.findall(r'class="chip" href="(\?template=[^"]+)"', page)
    page = linh.get(f"{PATH}new/{chip.replace('&amp;', '&')}").content.decode()
    assert f'name="answers" value="{letter.pk}"' in page
    for words in (letter.organ_name, "4127/UBND-HTKT", "Nội dung của mẫu./."):
        assert words in page
    form = linh.get(f"{PATH}new/{chip.replace('&amp;', '&')}").context["form"]
    assert form.initial["draft_due_date"] == letter.due_date


def test_what_stands_beside_the_words_is_compared_too(linh, cast):
    """Urgency, notation, place: else the next one to save would put the old ones back unseen."""
    document = drafted(cast)
    text = content(priority=2, code_notation="UBND-KT", place="Đắk Hà")
    actions.save(act_as(cast.specialist), document, text, base=1)
    page = linh.get(f"{PATH}{document.pk}/versions/?old=1&new=2").content.decode()
    seen = re.sub(r"<[^>]+>", "", page)
    for words in ("Ký hiệu: ", "Địa danh: ", "Mức độ khẩn: "):
        assert words in seen
    page = linh.post(f"{PATH}{document.pk}/compose/", sent(document)).content.decode()
    assert "Mức độ khẩn" in re.sub(r"<[^>]+>", "", page)


def test_a_picture_is_drawn_anew_and_shown_in_the_text(linh, cast):
    """Only the picture is kept, not what else the file holds."""
    document = drafted(cast)
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    upload = SimpleUploadedFile("so-do.png", file.getvalue() + b"<script>", "image/png")
    linh.post(f"{PATH}{document.pk}/pictures/", {"picture": upload})
    picture = document.pictures.get()
    assert b"<script>" not in bytes(picture.content)
    text = content(body="[hình: so-do.png]\nXem sơ đồ./.")
    actions.save(act_as(cast.specialist), document, text, base=1)
    linh.post(f"{PATH}{document.pk}/pictures/{picture.pk}/delete/")
    assert document.pictures.exists()  # a version shows it
    bad = SimpleUploadedFile("x.png", b"GIF89a....", "image/png")
    page = linh.post(f"{PATH}{document.pk}/pictures/", {"picture": bad}, follow=True)
    assert "Chỉ nhận hình PNG hoặc JPEG" in page.content.decode()


def test_errors_of_form_are_mended_or_let_stand_with_a_reason(client, cast):
    """Kon Tum Điều 12.2: the office appraises the form; what it lets stand has its reason."""
    document = passed(cast.head, submitted(cast.specialist, drafted(cast, recipients="Như trên")))
    client.force_login(cast.chief)
    path = f"{PATH}{document.pk}/appraise/"
    page = client.get(path).content.decode()
    codes = re.findall(r'name="why-([a-z_0-9]+)"', page)
    assert codes
    answer = client.post(path, {"seen": "1", "text": ""})
    assert answer.status_code == 409
    reasons = {f"why-{code}": "Theo mẫu riêng" for code in codes}
    assert client.post(path, {"seen": "1", "text": "", **reasons}).status_code == 302
    assert set(document.sign_offs.get(step="appraisal").overruled) == set(codes)


def test_the_desk_of_drafts_shows_what_waits_where(linh, cast, client):
    """Mine, returned to me, waiting elsewhere; what each waits for and since when."""
    mine = drafted(cast, subject="Đang viết")
    elsewhere = submitted(cast.specialist, drafted(cast, subject="Đang chờ trưởng phòng"))
    back = submitted(cast.specialist, drafted(cast, subject="Bị trả lại"))
    actions.send_back(act_as(cast.head), back, to=State.DRAFTING, text="Sửa lại")
    for tab, subject in (
        ("mine", mine.subject),
        ("elsewhere", elsewhere.subject),
        ("returned", back.subject),
    ):
        page = linh.get(f"{PATH}?tab={tab}").content.decode()
        found = {one for one in ("Đang viết", "Đang chờ trưởng phòng", "Bị trả lại") if one in page}
        assert found == {subject}, tab
    client.force_login(cast.head)
    assert "Đang chờ trưởng phòng" in client.get(f"{PATH}?tab=waiting").content.decode()


def test_drafts_are_found_by_their_text_by_those_who_see_them(linh, cast, client):
    document = drafted(cast, body="Gia cố tạm bằng rọ đá./.")
    assert f"{PATH}{document.pk}/" in linh.get(f"{PATH}?tab=all&q=ro+da").content.decode()
    client.force_login(cast.accountant)
    page = client.get(f"{PATH}?tab=all&q=ro+da").content.decode()
    assert f"{PATH}{document.pk}/" not in page
    assert client.get(f"{PATH}{document.pk}/").status_code == 404


def test_several_drafts_are_submitted_at_once(linh, cast):
    """Each for itself: the good ones go, the others say why they stay."""
    good, bad = drafted(cast), drafted(cast, signer=None, subject="Chưa có người ký")
    page = linh.post(PATH + "submit/", {"pk": [good.pk, bad.pk]}, follow=True).content.decode()
    assert "Đã trình 1 dự thảo" in page
    assert "Chọn người ký trước khi trình" in page
    states = dict(OutgoingDocument.objects.values_list("pk", "state"))
    assert states == {good.pk: State.CONTENT, bad.pk: State.DRAFTING}


def test_the_office_keeps_templates_and_phrases(client, cast):
    """Agency templates and standard phrases, editable by the office, used by everybody."""
    client.force_login(cast.clerk)
    values = typed(name="Giấy mời họp", type_name="Giấy mời", subject="Họp giao ban")
    assert client.post(PATH + "templates/new/", values).status_code == 302
    template = Template.objects.get()
    client.post(PATH + "phrases/", {"text": "Yêu cầu triển khai nghiêm túc."})
    assert client.post(PATH + "templates/new/", values).status_code == 409  # the name is taken
    client.force_login(cast.specialist)
    page = client.get(f"{PATH}new/?template={template.pk}").content.decode()
    assert "Họp giao ban" in page
    assert "Yêu cầu triển khai nghiêm túc." in page
    assert client.get(PATH + "templates/").status_code == 409
    client.force_login(cast.clerk)
    client.post(f"{PATH}phrases/{Phrase.objects.get().pk}/delete/")
    client.post(f"{PATH}templates/{template.pk}/delete/")
    assert not Template.objects.exists()
    assert not Phrase.objects.exists()


def test_an_opinion_comes_with_a_file(client, cast, pdf):
    """ask_opinion / give_opinion: text and file; the file is for those who see the draft."""
    document = drafted(cast)
    line = Line(AssignmentRole.COORDINATE, cast.finance)
    actions.ask_opinion(act_as(cast.specialist), document, [line], text="Kinh phí?")
    client.force_login(cast.finance_head)
    file = SimpleUploadedFile("y-kien.pdf", pdf, "application/pdf")
    values = {"stance": "other", "text": "Xem tệp", "file": file, "not_forbidden": "1"}
    assert client.post(f"{PATH}{document.pk}/give_opinion/", values).status_code == 302
    client.force_login(cast.specialist)
    page = client.get(f"{PATH}{document.pk}/").content.decode()
    [url] = re.findall(r'href="([^"]+/opinions/\d+/)"', page)
    assert b"".join(client.get(url).streaming_content) == pdf
    client.force_login(cast.accountant)
    assert client.get(url).status_code == 404


def test_an_opinion_whose_file_did_not_arrive_is_not_given_without_it(client, cast, pdf, settings):
    """The words stay in the form, and the file is asked for again."""
    document = drafted(cast)
    line = Line(AssignmentRole.COORDINATE, cast.finance)
    actions.ask_opinion(act_as(cast.specialist), document, [line], text="Kinh phí?")
    client.force_login(cast.finance_head)
    settings.UPLOAD_LIMIT = len(pdf) - 1
    file = SimpleUploadedFile("y-kien.pdf", pdf, "application/pdf")
    values = {"stance": "other", "text": "Xem tệp", "file": file, "not_forbidden": "1"}
    answer = client.post(f"{PATH}{document.pk}/give_opinion/", values)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Tệp y-kien.pdf lớn hơn" in page
    assert "Xem tệp" in page
    assert document.opinions.get().answered_at is None


def test_a_leader_on_the_phone_sees_the_sheet_first_and_approves(client, cast):
    document = at_state(cast, State.SIGNING)
    client.force_login(cast.chair)
    page = client.get(f"{PATH}{document.pk}/").content.decode()
    assert "/versions/1/page/1/" in page
    answer = client.post(f"{PATH}{document.pk}/approve/", {"seen": "1", "text": "Đồng ý"})
    assert answer.status_code == 302
    assert reverse("outgoing:detail", args=["kontum", document.pk]) == answer.url
    document.refresh_from_db()
    assert document.state == State.APPROVED
