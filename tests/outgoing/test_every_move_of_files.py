"""Beginning, annexes, places, reading, what is being typed: × every state × every person."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from core.errors import NotYours, Refusal
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.actions.uploading import Uploaded, looked_at
from outgoing.choices import State
from outgoing.models import OutgoingDocument
from tests import cast as play
from tests.cast import act_as, upload
from tests.files import build
from tests.outgoing.drafts import body_of, content, drafted, moved_to, plan
from tests.outgoing.test_every_move import CITY, OF_CITY, city_document, undone
from tests.outgoing.test_preparing import SIGNED, typed

pytestmark = pytest.mark.django_db

# Who changes the text may change what goes out with it; of what was submitted the places are
# fixed, and what is signed stays as it is.
OF_FILES: dict[str, dict[str, set[str]]] = {
    State.DRAFTING: {
        "add_annex": {"specialist"},
        "drop_annex": {"specialist"},
        "choose_place": {"specialist"},
        "forget_place": {"specialist"},
        "keep_typed": {"specialist"},
    },
    State.CONTENT: {
        "add_annex": {"head"},
        "drop_annex": {"head"},
        "keep_typed": {"head"},
    },
    State.SIGNING: {
        "add_annex": {"chair"},
        "drop_annex": {"chair"},
        "keep_typed": {"chair"},
    },
}
VERBS = ("add_annex", "drop_annex", "choose_place", "forget_place", "keep_typed")


def with_files(cast: SimpleNamespace, state: str) -> OutgoingDocument:
    """A draft that was made elsewhere, with an annex in a file of its own, at that state."""
    if state in (State.SEALED, State.ISSUED, State.RECALLED):
        return city_document(cast, state)
    document, me = drafted(cast), act_as(cast.specialist)
    sheet = typed(signed=SIGNED.replace("Nguyễn Văn An", "Nguyễn Đức Thành"))
    with looked_at(me, upload(sheet, "du-thao.pdf"), answered="") as file:
        document = actions.save(me, document, content(), base=1, file=file)
    with looked_at(me, upload(build(), "bieu-01.pdf"), answered="") as file:
        document = actions.add_annex(me, document, file, base=2)
    return moved_to(cast, state, document)


def tried(
    name: str, verb: str, cast: SimpleNamespace, document: OutgoingDocument, file: Uploaded
) -> bool:
    """Whether this person may; nothing of it stays."""
    actor, version = act_as(getattr(cast, name)), document.version_count
    with undone():
        try:
            match verb:
                case "add_annex":
                    actions.add_annex(actor, document, file, base=version)
                case "drop_annex":
                    actions.drop_annex(actor, document, 1, base=version)
                case "choose_place":
                    actions.choose_place(actor, document, version=version, page=0, x=300, y=200)
                case "forget_place":
                    actions.forget_place(actor, document, version=version, target="signer")
                case "keep_typed":
                    words = {"body": "Đang gõ."}
                    actions.keep_typed(actor, document, words, token=uuid4(), window=uuid4())
        except (Refusal, OutgoingDocument.DoesNotExist):
            return False
    return True


@pytest.mark.parametrize("state", OF_CITY)
def test_every_move_of_what_goes_with_the_text(cast, state):
    """Kon Tum Điều 14: annexes, places, what is being typed, at each step of the long way."""
    document = OutgoingDocument.objects.get(pk=with_files(cast, state).pk)
    found: dict[str, set[str]] = {}
    other = upload(build(pages=2), "bieu-02.pdf")
    # Looked at once: at each step one person may add it, and what he does is undone.
    with looked_at(act_as(cast.chief), other, answered="") as file:
        for verb in VERBS:
            if may := {name for name in CITY if tried(name, verb, cast, document, file)}:
                found[verb] = may
    assert found == OF_FILES.get(state, {})


@pytest.mark.parametrize("state", [*OF_CITY])
def test_only_who_was_told_has_read_it(cast, state):
    """Kon Tum Điều 13.7c: "Đã đọc" is of those who were informed, in every state."""
    document = city_document(cast, state)
    line = Line(AssignmentRole.INFORM, cast.finance, cast.accountant)
    drafter = cast.specialist if state != State.WITHDRAWN else cast.chief
    actions.share(act_as(drafter), document, [line])
    document = OutgoingDocument.objects.get(pk=document.pk)
    readers, unseen = set(), set()
    for name in CITY:
        with undone():
            try:
                if actions.read(act_as(getattr(cast, name)), document):
                    readers.add(name)
            except OutgoingDocument.DoesNotExist:
                unseen.add(name)
    assert readers == {"accountant"}
    assert {"colleague", "ward_chair", "stranger", "admin"} <= unseen
    assert actions.read(act_as(cast.accountant), document)
    assert not actions.read(act_as(cast.accountant), document)  # once


# --- draft: from nothing, and as an answer.


def begins(cast: SimpleNamespace, name: str, answers: IncomingDocument | None = None) -> bool:
    """Whether this person may begin a draft; nothing of it stays."""
    actor = act_as(getattr(cast, name))
    with undone():
        try:
            actions.draft(
                actor, content(), plan(None), token=uuid4(), gate_kind="none", answers=answers
            )
        except (Refusal, IncomingDocument.DoesNotExist):
            return False
    return True


def test_everybody_who_works_here_begins_a_draft(cast):
    """Kon Tum Điều 14.1, 16.2a: but the administrator of the agency."""
    body_of(cast)
    assert {name for name in CITY if begins(cast, name)} == set(CITY) - {"admin"}
    with pytest.raises(NotYours):
        actions.draft(act_as(cast.admin), content(), plan(None), token=uuid4(), gate_kind="none")
    assert not OutgoingDocument.objects.exists()


ANSWERED = {
    "received": set(),
    "registered": set(),
    "submitted": {"chief"},
    "distributed": {"head", "finance_head", "chief"},
    "assigned": {"specialist", "head", "finance_head", "chief"},
    "finished": set(),
}


@pytest.mark.parametrize("state", ANSWERED)
def test_who_begins_an_answer(cast, pdf, state):
    """Kon Tum Điều 13, 14: who has the document to work on or gives it out; in every state."""
    body_of(cast)
    made = {
        "received": lambda: play.received(cast.clerk, pdf),
        "registered": lambda: play.registered(cast.clerk, pdf),
        "submitted": lambda: play.submitted(cast, pdf),
        "distributed": lambda: play.distributed(cast, pdf),
        "assigned": lambda: play.assigned(cast, pdf),
        "finished": lambda: play.finished(cast, pdf),
    }[state]()
    assert {name for name in CITY if begins(cast, name, made)} == ANSWERED[state]


def test_what_was_taken_out_is_not_answered(cast, pdf):
    """Bắc Giang Điều 8.2."""
    body_of(cast)
    letter = play.purged(cast.chair, play.submitted(cast, pdf))
    assert not [name for name in CITY if begins(cast, name, letter)]
