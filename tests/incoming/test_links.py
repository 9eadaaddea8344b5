"""Links between documents: what they are to each other, and who sees it."""

import pytest
from django.urls import reverse

from core.errors import NotYours, Refusal, Stale
from documents.choices import LinkKind
from documents.models import Document, DocumentAct, Link
from incoming import actions, rules
from incoming.links import candidates, links_of
from tests import cast as play
from tests.cast import act_as
from tests.outgoing.drafts import drafted
from tests.outgoing.issuing import issued, sealed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
from tests.quick import glance  # noqa: E402, F401 -- a fixture


@pytest.fixture
def letters(cast, pdf):
    """A document that the planning unit works on, and an older one that only the office sees."""
    return (
        play.assigned(cast, pdf),
        play.registered(cast.clerk, pdf, code_number="88", subject="Kế hoạch phòng chống lụt bão"),
    )


def _related(document):
    return reverse("incoming:related", args=["kontum", document.pk])


def test_a_link_reads_from_both_ends(cast, letters):
    letter, older = letters
    actions.link(act_as(cast.clerk), letter, older, kind=LinkKind.REPLACES)
    (there,) = links_of(act_as(cast.clerk), letter)
    (back,) = links_of(act_as(cast.clerk), older)
    assert (there.label, there.number, there.replaces_this) == ("Thay thế", older.number, False)
    assert (back.label, back.number, back.pk, back.replaces_this) == (
        "Được thay thế bởi",
        letter.number,
        0,
        True,
    )
    act = DocumentAct.objects.filter(target_id=letter.pk).last()
    assert (act.verb, act.detail) == ("link", {"kind": "replaces", "document": older.pk})


def test_a_link_shows_nobody_a_document_that_he_may_not_see(client, cast, letters):
    """Design section 3: what a link reaches is no grant, and its words stay hidden."""
    letter, older = letters
    actions.link(act_as(cast.clerk), letter, older, kind=LinkKind.BASIS)
    assert links_of(act_as(cast.specialist), letter) == []
    client.force_login(cast.specialist)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert older.subject not in page
    assert client.get(older.get_absolute_url()).status_code == 404
    assert candidates(act_as(cast.specialist), letter, "lụt bão") == []
    with pytest.raises(Document.DoesNotExist):
        actions.link(act_as(cast.specialist), letter, older, kind=LinkKind.ANSWERS)


def test_the_same_link_is_made_once_and_never_to_itself(cast, letters):
    letter, older = letters
    actor = act_as(cast.clerk)
    actions.link(actor, letter, older, kind=LinkKind.ANSWERS)
    for other, kind in ((older, "answers"), (letter, "answers"), (older, "cousin")):
        with pytest.raises(Refusal):
            actions.link(actor, letter, other, kind=kind)
    actions.link(actor, letter, older, kind=LinkKind.BASIS)
    assert Link.objects.count() == 2


def test_who_may_link_and_when(cast, letters, pdf):
    letter, _older = letters
    for who in ("clerk", "chief", "chair", "head", "specialist", "finance_head"):
        assert rules.may_link(act_as(getattr(cast, who)), letter) is None, who
    for who in ("archivist", "colleague"):
        assert isinstance(rules.may_link(act_as(getattr(cast, who)), letter), NotYours), who
    in_tray = play.received(cast.clerk, pdf)
    assert isinstance(rules.may_link(act_as(cast.clerk), in_tray), Stale)


def test_an_answer_to_a_letter_of_ours_is_linked_with_it(client, cast, pdf):
    """Kon Tum Điều 13.7d; NĐ 30/2020 Điều 29: what came in answers what had gone out."""
    ours = issued(cast)
    draft = drafted(cast)
    letter = play.registered(cast.clerk, pdf, code_number="88", subject="Trả lời UBND thành phố")
    client.force_login(cast.clerk)
    found = client.get(_related(letter), {"q": ours.subject}).content.decode()
    assert f'value="{ours.pk}"' in found
    assert f'value="{draft.pk}"' not in found
    assert "Văn bản đi ·" in found
    sent = {"document": ours.pk, "kind": "answers", "q": ours.subject}
    answer = client.post(_related(letter), sent, follow=True)
    assert f"Đã liên kết với văn bản đi {ours.code}." in answer.content.decode()
    (there,) = links_of(act_as(cast.clerk), letter)
    assert (there.label, there.code, there.number) == ("Trả lời", ours.code, 0)


def test_a_draft_is_linked_with_nothing(cast, pdf):
    """NĐ 30/2020 Điều 29: what has not gone out has not been answered."""
    unsent = sealed(cast)
    letter = play.registered(cast.clerk, pdf, code_number="88")
    with pytest.raises(Refusal, match="văn bản đi đã phát hành"):
        actions.link(act_as(cast.clerk), letter, unsent, kind=LinkKind.ANSWERS)


def test_unlink_leaves_the_trail(cast, letters):
    letter, older = letters
    actor = act_as(cast.clerk)
    actions.link(actor, letter, older, kind=LinkKind.ENCLOSED)
    link = Link.objects.get()
    actions.unlink(actor, letter, link)
    assert not Link.objects.exists()
    with pytest.raises(Refusal):
        actions.unlink(actor, letter, link)
    verbs = list(DocumentAct.objects.filter(target_id=letter.pk).values_list("verb", flat=True))
    assert verbs[-2:] == ["link", "unlink"]


def test_finding_and_linking_through_the_page(client, cast, letters):
    letter, older = letters
    client.force_login(cast.clerk)
    found = client.get(_related(letter), {"q": "lut bao"}).content.decode()
    assert older.subject in found
    assert f'value="{letter.pk}"' not in found
    sent = {"document": older.pk, "kind": "basis", "q": "lut bao"}
    assert client.post(_related(letter), sent).status_code == 302
    again = client.post(_related(letter), sent)
    assert again.status_code == 409
    assert "Hai văn bản đã được liên kết như vậy." in again.content.decode()
    assert 'value="lut bao"' in again.content.decode()
    page = client.get(older.get_absolute_url()).content.decode()
    assert "Là căn cứ của" in page
    client.post(_related(letter), {"unlink": Link.objects.get().pk})
    assert not Link.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "9" * 30, "-1"])
def test_a_document_that_does_not_exist_is_a_sentence_or_no_page(client, cast, letters, key):
    client.force_login(cast.clerk)
    answer = client.post(_related(letters[0]), {"document": key, "kind": "basis"})
    assert answer.status_code in (404, 409)
    assert client.post(_related(letters[0]), {"unlink": key or "0"}).status_code == 404


def test_a_purged_document_is_linked_with_nothing(cast, letters):
    """Bắc Giang Điều 8.2: what it was to others is gone, and nothing is written of it anew."""
    letter, older = letters
    actor = act_as(cast.clerk)
    actions.link(actor, letter, older, kind=LinkKind.BASIS)
    play.purged(cast.chair, older)
    assert not Link.objects.exists()
    assert candidates(actor, letter, str(older.number)) == []
    with pytest.raises(Refusal, match="Văn bản kia đã gỡ"):
        actions.link(actor, letter, older, kind=LinkKind.BASIS)


def test_whoever_had_the_work_taken_away_links_no_more(cast, pdf):
    document = play.assigned(cast, pdf)
    document = actions.send_back(act_as(cast.specialist), document, text="Không thuộc việc.")
    assert isinstance(rules.may_link(act_as(cast.specialist), document), NotYours)
    assert rules.may_link(act_as(cast.head), document) is None


def test_a_replaced_document_says_so(client, cast, letters):
    letter, older = letters
    actions.link(act_as(cast.clerk), letter, older, kind=LinkKind.REPLACES)
    client.force_login(cast.clerk)
    page = client.get(older.get_absolute_url()).content.decode()
    assert "Văn bản này đã được thay thế." in page
