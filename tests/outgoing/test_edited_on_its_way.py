"""What is edited on its way: asked about once, then approved; what is settled stays so."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.models import DocumentAct
from outgoing import actions
from outgoing.actions.uploading import looked_at
from outgoing.choices import State
from outgoing.content import content_of
from tests import files
from tests.cast import act_as, upload
from tests.outgoing.drafts import content, drafted, submitted
from tests.outgoing.test_pages import PATH
from tests.outgoing.test_pages import sent as typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
PETITION = {"type_name": "Quyết định", "subject": "về việc giải quyết khiếu nại của ông A"}


def sent(document, **changes):
    """What the composer sends, with the name of whoever is to sign."""
    return typed(document, signer_full_name=document.signer.user.full_name, **changes)


def picture(client, user, document, name="so-do.png"):
    """A picture that the text may call for."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    upload = SimpleUploadedFile(name, file.getvalue(), "image/png")
    client.force_login(user)
    client.post(f"{PATH}{document.pk}/pictures/", {"picture": upload})


def asked(answer) -> dict[str, str]:
    """The answer to what a page asks about."""
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "chọn lại đúng tệp" not in page  # no file was chosen
    [look] = re.findall(r'name="looked" value="([^"]+)"', page)
    return {"looked": look, "not_forbidden": "1"}


@pytest.fixture
def at_head(client, cast):
    """Submitted by the specialist, who has answered what was asked; the head is at his desk."""

    def send(document):
        client.force_login(cast.specialist)
        path = f"{PATH}{document.pk}/submit/"
        answers = asked(client.post(path, {"text": ""}))
        assert client.post(path, {"text": ""} | answers).status_code == 302
        document.refresh_from_db()
        assert document.state == State.CONTENT
        client.force_login(cast.head)
        return document

    return send


def approves(client, document) -> None:
    """The head approves the newest version."""
    document.refresh_from_db()
    values = {"text": "", "seen": str(document.version_count)}
    answer = client.post(f"{PATH}{document.pk}/approve_content/", values)
    assert answer.status_code == 302
    document.refresh_from_db()
    assert document.state == State.APPRAISAL


def with_picture(client, cast):
    document = drafted(cast)
    picture(client, cast.specialist, document)
    text = content(body="Xem sơ đồ.\n[hình: so-do.png]\nHết./.")
    return actions.save(act_as(cast.specialist), document, text, base=1)


def test_a_text_with_a_picture_is_edited_and_approved(client, cast, at_head):
    """Kon Tum Điều 4: what the drafter has answered for is not asked of the head again."""
    document = at_head(with_picture(client, cast))
    act = DocumentAct.objects.get(target_id=document.pk, verb="submit")
    assert (act.detail["unread"], act.detail["pictures"]) == (1, ["so-do.png"])
    body = "Xem sơ đồ sau.\n[hình: so-do.png]\nHết./."
    answer = client.post(f"{PATH}{document.pk}/compose/", sent(document, body=body))
    assert answer.status_code == 302
    assert document.versions.get(ordinal=3).pdf_id
    approves(client, document)


def test_a_title_that_was_answered_for_stays_answered(client, cast, at_head):
    """Kon Tum Điều 4.3: its text and its annexes change on the way, the title is the same."""
    document = at_head(drafted(cast, **PETITION))
    answer = client.post(f"{PATH}{document.pk}/compose/", sent(document, **PETITION))
    assert answer.status_code == 302
    upload = SimpleUploadedFile("phu-luc.pdf", files.build(), "application/pdf")
    path = f"{PATH}{document.pk}/annexes/"
    assert client.post(path, {"file": upload, "base": "2", "not_forbidden": "1"}).url == path
    newest = document.versions.get(ordinal=3)
    assert newest.pdf_id
    assert newest.annex_files.count() == 1
    approves(client, document)


def test_a_new_picture_is_asked_about_where_the_text_was_edited(client, cast, at_head):
    """Kon Tum Điều 4: the question stands over what was typed; answered, no version is added."""
    document = at_head(with_picture(client, cast))
    picture(client, cast.head, document, "ban-do.png")
    path = f"{PATH}{document.pk}/compose/"
    values = sent(document, body="[hình: so-do.png]\n[hình: ban-do.png]\nHết./.")
    answer = client.post(path, values)
    answers = asked(answer)
    page = answer.content.decode()
    assert "Hết./." in page
    assert 'name="base" value="3"' in page
    values |= {"base": "3"}
    assert client.post(path, values | {"looked": answers["looked"]}).status_code == 409  # no tick
    assert client.post(path, values | answers).status_code == 302
    document.refresh_from_db()
    assert document.version_count == 3
    act = DocumentAct.objects.filter(target_id=document.pk, verb="save").latest("ordinal")
    assert (act.actor, act.detail["pictures"]) == (cast.head, ["ban-do.png"])
    approves(client, document)


def test_a_question_left_open_is_answered_where_the_text_is(client, cast, at_head):
    """Whoever adds an annex to it is led there; the annex is added once."""
    document = at_head(with_picture(client, cast))
    picture(client, cast.head, document, "ban-do.png")
    path = f"{PATH}{document.pk}/compose/"
    values = sent(document, body="[hình: ban-do.png]\nHết./.")
    asked(client.post(path, values))
    upload = SimpleUploadedFile("phu-luc.pdf", files.build(), "application/pdf")
    adding = {"file": upload, "base": "3", "not_forbidden": "1"}
    answer = client.post(f"{PATH}{document.pk}/annexes/", adding, follow=True)
    assert answer.redirect_chain[-1][0] == path
    assert "chưa thành tệp PDF" in answer.content.decode()
    values |= {"base": "4"}
    assert client.post(path, values | asked(client.post(path, values))).status_code == 302
    newest = document.versions.get(ordinal=4)
    assert newest.pdf_id
    assert newest.annex_files.count() == 1


def test_many_at_once_say_where_one_is_looked_at(client, cast):
    """Of one that the gate asks about: open it, and submit it there."""
    document = with_picture(client, cast)
    client.force_login(cast.specialist)
    answer = client.post(f"{PATH}submit/", {"pk": [str(document.pk)]}, follow=True)
    page = answer.content.decode()
    assert "Mở dự thảo, xem rồi trình ở đó." in page
    assert "chọn lại đúng tệp" not in page


def test_what_is_settled_is_not_offered_on_the_way(client, cast):
    """Signer, deadline and register are the drafter's, before it goes on its way."""
    document = drafted(cast)
    client.force_login(cast.specialist)
    path = f"{PATH}{document.pk}/compose/"
    settled = ('name="signer"', 'name="draft_due_date"', 'name="is_internal"')
    page = client.get(path).content.decode()
    assert [one for one in settled if one not in page] == []
    document = submitted(cast.specialist, document)
    client.force_login(cast.head)
    page = client.get(path).content.decode()
    assert [one for one in settled if one in page] == []
    assert 'name="due_date"' in page
    answer = client.post(path, sent(document, body="Trưởng phòng sửa./."))
    assert answer.status_code == 302
    saved = content_of(document.versions.get(ordinal=2))
    assert saved.body == "Trưởng phòng sửa./."
    document.refresh_from_db()
    assert (document.signer.user, document.is_internal) == (cast.chair, False)


def test_a_mend_keeps_the_tick_that_drops_the_file(client, cast):
    """ "Sửa giúp" puts one finding right; what else was chosen on the page stays chosen."""
    document, actor = drafted(cast), act_as(cast.specialist)
    with looked_at(actor, upload(files.build()), answered="") as file:
        document = actions.save(actor, document, content(), base=1, file=file)
    client.force_login(cast.specialist)
    path = f"{PATH}{document.pk}/compose/"
    values = sent(document, body="Trước ngày 5 tháng 1 năm 2027./.")
    for ticked, more in ((True, {"drops_file": "on"}), (False, {})):
        look = client.post(path, values | more | {"look": "1"}).content.decode()
        code = re.search(r'name="mend" value="([^"]+)"', look)[1]
        page = client.post(path, values | more | {"mend": code}).content.decode()
        tick = re.search(r'<input[^>]*name="drops_file"[^>]*>', page)[0]
        assert ("checked" in tick) is ticked
