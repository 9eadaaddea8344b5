"""Files of a dossier go the way of every file: quarantine, inspection, store."""

import pytest

from core.errors import Refusal
from documents import verifying
from documents.models import ActFile, Attachment, StoredFile
from dossiers import actions
from dossiers.actions import Fields
from incoming import actions as incoming_actions
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.papers import stamped

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(cast):
    """A dossier of the specialist."""
    typed = Fields(title="Cấp phép xây dựng", file_notation="01.XD", maintenance="20 năm")
    return actions.open(act_as(cast.specialist), typed)


def test_files_pass_quarantine_and_inspection(cast, dossier):
    """What can be read is counted; taken out again, its content goes too."""
    me = act_as(cast.specialist)
    items = actions.add_files(me, dossier, [play.upload(build(pages=3), "bien-ban.pdf")])
    dossier.refresh_from_db()
    assert [one.attachment.file_name for one in items] == ["bien-ban.pdf"]
    assert (dossier.doc_total, dossier.page_total) == (1, 3)
    more = actions.add_files(me, dossier, [play.upload(build(pages=2), "phu-luc.pdf")])
    assert [one.ordinal for one in (*items, *more)] == [1, 2]
    actions.remove_item(me, dossier, items[0], text="Trùng.")
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 2)
    assert Attachment.objects.get(document=dossier).file_name == "phu-luc.pdf"
    assert StoredFile.objects.count() == 1


def test_a_file_that_is_a_signed_slip_too_stays_with_its_act(cast, pdf, dossier):
    """Kon Tum Điều 13.3: the same PDF proves a step of a paper and lies in a dossier."""
    clerk, me = act_as(cast.clerk), act_as(cast.specialist)
    paper = incoming_actions.keep_paper(clerk, play.assigned(cast, pdf), sheets=3)
    paper = incoming_actions.hand_over(
        clerk, paper, cast.planning, cast.specialist, sheets=3, signed=True
    )
    content, move = build(pages=2), paper.moves.latest("pk")
    incoming_actions.attach_slip(clerk, paper, move=move, slip=play.upload(content))
    [item] = actions.add_files(me, dossier, [play.upload(content)])
    kept = item.attachment.file_id
    actions.remove_item(me, dossier, item, text="Trùng.")
    assert ActFile.objects.get().file_id == kept
    assert list(verifying.broken_files()) == []
    assert not Attachment.objects.filter(document=dossier).exists()


def test_a_file_that_cannot_be_read_leaves_nothing(cast, dossier):
    with pytest.raises(Refusal, match="chưa đọc được"):
        actions.add_files(
            act_as(cast.specialist), dossier, [play.upload(b"not a pdf at all", "lo.pdf")]
        )
    assert not dossier.quarantined.exists()
    assert not Attachment.objects.exists()
    assert not dossier.items.exists()


def test_a_marked_paper_needs_an_answer(cast, dossier):
    """Kon Tum Điều 4.1: the gate stands before dossiers too."""
    with pytest.raises(Refusal) as refused:
        actions.add_files(act_as(cast.specialist), dossier, [play.upload(stamped("MẬT"))])
    assert refused.value.field == "gate"
    assert not dossier.quarantined.exists()
    made = actions.add_files(
        act_as(cast.specialist), dossier, [play.upload(stamped("MẬT"))], marks=["secret"]
    )
    assert len(made) == 1
    assert dossier.acts.last().detail["marks"] == ["secret"]


def test_a_stranger_puts_nothing_in(cast, dossier):
    with pytest.raises(type(dossier).DoesNotExist):
        actions.add_files(act_as(cast.accountant), dossier, [play.upload(build())])
