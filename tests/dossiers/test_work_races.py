"""Two people at once on one dossier: one wins, the other is told in words."""

from uuid import UUID, uuid4

import pytest

from core.errors import Stale
from documents import proving
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Register
from dossiers import actions
from dossiers.actions import Fields, Line
from dossiers.models import Dossier
from tests.cast import act_as, make_office
from tests.dossiers.test_work import opened, proposed
from tests.incoming.test_races import at_once

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("committed", "empty_cache"),
]


def test_chair_and_chief_give_it_out_at_once():
    """Bắc Giang Điều 6.1: one place leads; who came second is told who was quicker."""
    cast = make_office()
    dossier = opened(cast.chair)
    lead = AssignmentRole.LEAD
    answers = at_once(
        [
            lambda: actions.give_out(act_as(cast.chair), dossier, [Line(lead, cast.planning)]),
            lambda: actions.give_out(act_as(cast.chief), dossier, [Line(lead, cast.finance)]),
        ]
    )
    [act] = DocumentAct.objects.filter(target=dossier.pk, verb="give_out")
    [loser] = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(loser, Stale)
    assert f"{act.actor.full_name}, giao việc lúc" in str(loser)
    assert dossier.assignments.count() == 1


def test_a_proposal_is_answered_once():
    """Bắc Giang Điều 6.2: two windows of the head of the proposed unit."""
    cast = make_office()
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    head = act_as(cast.finance_head)
    answers = at_once(
        [
            lambda: actions.answer_proposal(head, dossier, unit, agree=True),
            lambda: actions.answer_proposal(head, dossier, unit, agree=False, text="Không."),
        ]
    )
    assert DocumentAct.objects.filter(target=dossier.pk, verb="answer_proposal").count() == 1
    [loser] = [one for one in answers if isinstance(one, Exception)]
    assert isinstance(loser, Stale)
    assert "đã được" in str(loser)
    assert list(proving.findings(Dossier)) == []


def test_two_coordinators_answer_at_once():
    """Bắc Giang Điều 6.2: the unit and the person; both coordinate, neither waits for the other."""
    cast = make_office()
    dossier = proposed(cast)
    unit, person = dossier.open_proposals
    answers = at_once(
        [
            lambda: actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True),
            lambda: actions.answer_proposal(act_as(cast.adviser), dossier, person, agree=True),
        ]
    )
    assert not [one for one in answers if isinstance(one, Exception)]
    helping = dossier.assignments.filter(role=AssignmentRole.COORDINATE)
    assert {one.unit for one in helping} == {cast.finance, cast.office}
    assert list(proving.findings(Dossier)) == []


def test_a_form_sent_twice_at_once_begins_one():
    """Two requests of one form: both are answered with the one that was begun."""
    cast, token = make_office(), uuid4()
    head = act_as(cast.head)
    lead = [Line(AssignmentRole.LEAD, cast.planning, cast.specialist)]
    task = Fields(title="Khảo sát vỉa hè")
    dossier = Fields(title="Vỉa hè", file_notation="01.QLĐT", maintenance="20 năm")
    for do in (
        lambda: actions.begin_task(head, task, lines=lead, text="Khảo sát.", token=token),
        lambda: actions.begin(head, dossier, lines=lead, token=UUID(int=1)),
    ):
        one, two = at_once([do, do])
        assert isinstance(one, Dossier), one
        assert isinstance(two, Dossier), two
        assert one.pk == two.pk
        assert DocumentAct.objects.filter(target=one.pk).count() == 2
    assert Dossier.objects.count() == 2
    assert Register.objects.get(pk=one.register_id).last_number == 2
