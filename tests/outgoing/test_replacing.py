"""What takes the place of a document that was wrong begins with all that it has."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.choices import LinkKind
from documents.models import Document, DocumentAct, Link
from incoming.choices import State as Incoming
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.choices import State
from outgoing.models import OutgoingDocument
from tests import cast as play
from tests import files
from tests.cast import act_as
from tests.outgoing.drafts import drafted, passed
from tests.outgoing.test_edited_on_its_way import asked, picture
from tests.outgoing.test_pages import PATH, typed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
BODY = "Xem sơ đồ.\n[hình: so-do.png]\nHết./."


def void(client, cast, letter) -> OutgoingDocument:
    """An internal answer with a picture and an annex, which got its number and was wrong."""
    answered = Document.objects.get(pk=letter.pk)
    document = drafted(cast, answers=answered, is_internal=True, body=BODY)
    path = f"{PATH}{document.pk}/"
    picture(client, cast.specialist, document)
    upload = SimpleUploadedFile("phu-luc.pdf", files.build(), "application/pdf")
    client.post(f"{path}annexes/", {"file": upload, "base": "1", "not_forbidden": "1"})
    answers = asked(client.post(f"{path}submit/", {"text": ""}))
    client.post(f"{path}submit/", {"text": ""} | answers)
    document.refresh_from_db()
    for taker in (cast.head, cast.chief, cast.chair):
        document = passed(taker, document)
    document = actions.number(act_as(cast.clerk), document)
    return actions.void(act_as(cast.clerk), document, text="Nhầm số tiền")


def test_it_has_the_annexes_the_pictures_and_the_register_of_the_wrong_one(client, cast, pdf):
    """NĐ 30/2020 Điều 18.3: by a document of the same form, in answer to the same letter, which has
    been dealt with by now."""
    letter = play.assigned(cast, pdf)
    old = void(client, cast, letter)
    assert old.state == State.VOID
    IncomingDocument.objects.filter(pk=letter.pk).update(state=Incoming.FINISHED)
    client.force_login(cast.specialist)
    page = client.get(f"{PATH}new/", {"replaces": str(old.pk)})
    first = page.context["form"].initial
    assert (first["is_internal"], first["body"]) == (True, BODY)
    values = typed(body=BODY, replaces=str(old.pk), is_internal="on")
    answer = client.post(f"{PATH}new/", values)
    new = OutgoingDocument.objects.latest("pk")
    assert answer.url == new.get_absolute_url()
    assert (new.is_internal, new.answers_id) == (True, letter.pk)
    assert set(Link.objects.filter(source=new).values_list("target", "kind")) == {
        (letter.pk, LinkKind.ANSWERS),
        (old.pk, LinkKind.REPLACES),
    }
    then = old.versions.get(ordinal=old.version_count).annex_files.get()
    annex = new.versions.get().annex_files.get()
    assert (annex.file_id, annex.file_name) == (then.file_id, "phu-luc.pdf")
    act = DocumentAct.objects.get(target_id=new.pk, verb="draft")
    assert act.detail["carried"] == [then.file_id]
    assert bytes(new.pictures.get().content) == bytes(old.pictures.get().content)
    assert "phu-luc.pdf" in client.get(answer.url).content.decode()
