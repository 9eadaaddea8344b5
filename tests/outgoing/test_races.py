"""Two people at one draft at once: one wins, the other is told, nothing is lost."""

from uuid import uuid4

import pytest

from core.errors import Refusal
from documents.models import DocumentAct, Waiting
from outgoing import actions, verifying
from outgoing.actions.making import making
from outgoing.choices import State
from outgoing.models import OutgoingDocument, SignOff
from tests.cast import act_as, make_office
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture
from tests.outgoing.drafts import content, drafted, submitted

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wide_pool"),
]


@pytest.fixture
def cast():
    """Committed, so that other threads see them."""
    return make_office()


def test_two_people_saving_one_draft_at_once(cast):
    """One version each time; whoever comes second is told who was first, and nothing is covered."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    texts = [content(body=f"Bản thứ {number}./.") for number in range(6)]
    answers = at_once(
        [lambda text=text: actions.save(actor, document, text, base=1) for text in texts]
    )
    assert sum(isinstance(one, OutgoingDocument) for one in answers) == 1
    assert sum(isinstance(one, actions.Overtaken) for one in answers) == 5
    assert list(document.versions.values_list("ordinal", flat=True)) == [1, 2]


def test_the_head_approves_while_the_drafter_takes_it_back(cast):
    """Either it went on, or it came back: never both."""
    document = submitted(cast.specialist, drafted(cast))
    head, drafter = act_as(cast.head), act_as(cast.specialist)
    answers = at_once(
        [
            lambda: actions.approve_content(head, document, seen=1),
            lambda: actions.withdraw(drafter, document),
        ]
    )
    # Withdrawn first, the head is refused; approved first, it may still be withdrawn after that.
    document = OutgoingDocument.objects.get(pk=document.pk)
    assert document.state == State.DRAFTING
    refused = [one for one in answers if isinstance(one, Refusal)]
    signed = SignOff.objects.filter(document=document).count()
    assert (len(refused), signed) in {(1, 0), (0, 1)}
    assert list(verifying.findings()) == []


def test_two_who_may_take_a_step_take_it_once(cast):
    """The head clicks twice, in two windows: one sign-off, one act, one waiting row."""
    document = submitted(cast.specialist, drafted(cast))
    head = act_as(cast.head)
    answers = at_once([lambda: actions.approve_content(head, document, seen=1) for _ in range(4)])
    assert sum(isinstance(one, OutgoingDocument) for one in answers) == 1
    assert SignOff.objects.filter(document=document).count() == 1
    acts = DocumentAct.objects.filter(target_id=document.pk, verb="approve_content")
    assert acts.count() == 1
    assert Waiting.objects.filter(document_id=document.pk).count() == 1


def test_a_form_sent_twice_at_once_makes_one_draft(cast):
    """Two requests with one token: the second gets the first one's draft, or is told to wait."""
    token = uuid4()
    answers = at_once([lambda: drafted(cast, token=token) for _ in range(3)])
    made = {one.pk for one in answers if isinstance(one, OutgoingDocument)}
    assert len(made) == 1
    assert OutgoingDocument.objects.count() == 1
    assert all(isinstance(one, OutgoingDocument) for one in answers)


def test_submitting_while_another_window_saves(cast):
    """What was made of the older text is not submitted for the newer one."""
    document = drafted(cast)
    actor = act_as(cast.specialist)
    with making(actor, document) as made:
        answers = at_once(
            [
                lambda: actions.submit(actor, document, made),
                lambda: actions.save(actor, document, content(body="Mới./."), base=1),
            ]
        )
    document = OutgoingDocument.objects.get(pk=document.pk)
    refused = [one for one in answers if isinstance(one, Refusal)]
    assert len(refused) == 1
    assert (document.state, document.version_count) in {(State.CONTENT, 1), (State.DRAFTING, 2)}
    assert list(verifying.findings()) == []
