"""Two people at one dossier at once: one waits for the other, and nothing is lost or double."""

import random

import pytest
from django.db import connection

from core.errors import Refusal
from dossiers import actions, verifying
from dossiers.actions import Fields
from dossiers.models import Dossier, Item
from incoming import actions as incoming_actions
from tests import cast as play
from tests.cast import act_as, make_office
from tests.dossiers.test_sequences import said_of
from tests.files import build
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("glance", "wide_pool"),
]


@pytest.fixture
def cast():
    """Committed, so that other threads see them."""
    return make_office()


def typed(notation: str = "01.TH") -> Fields:
    return Fields(title="Bờ kè", file_notation=notation, maintenance="20 năm")


def test_one_code_is_taken_once(cast):
    """Cần Thơ Điều 13.3: two who take the same code at once; one is told that it is there."""
    people = [act_as(one) for one in (cast.head, cast.finance_head, cast.chief, cast.vice)]
    answers = at_once([lambda one=one: actions.open(one, typed()) for one in people])
    assert sum(isinstance(one, Dossier) for one in answers) == 1
    assert sum(isinstance(one, actions.CodeTaken) for one in answers) == 3
    assert list(Dossier.objects.values_list("number", flat=True)) == [1]


def test_ordinals_and_totals_hold_when_two_people_add_move_and_remove_at_once(cast):
    """Documents, files, opinions, notes, one hidden from the head: nothing is lost or double."""
    dossier = actions.open(act_as(cast.head), typed())
    head, chief = people = [act_as(cast.head), act_as(cast.chief)]
    documents = [
        play.distributed(cast, build(pages=number + 1), code_number=f"{number}")
        for number in range(6)
    ]
    hidden = play.submitted(cast, build(pages=9), code_number="77")
    for document in documents[:2]:
        actions.add_document(head, dossier, document)
    actions.add_document(chief, dossier, hidden)
    actions.add_files(head, dossier, [play.upload(build(), "mot.pdf")])
    for number in range(2):
        actions.add_note(head, dossier, text=f"Ghi {number}")
    opinions = [said_of(cast, dossier) for _number in range(3)]
    actions.add_opinion(head, dossier, opinions[0])
    chance, works = random.Random(1), []
    there = list(Item.objects.filter(dossier=dossier).order_by("ordinal"))
    for number in range(16):
        actor, item, said = people[number % 2], there[number % 7], opinions[number % 3]
        document = documents[2 + number % 4]
        upload = play.upload(build(pages=number + 2), f"tep-{number}.pdf")
        works.append(
            chance.choice(
                (
                    lambda actor=actor: actions.add_note(actor, dossier, text="Thêm"),
                    lambda actor=actor, one=document: actions.add_document(actor, dossier, one),
                    lambda actor=actor, one=upload: actions.add_files(actor, dossier, [one]),
                    lambda actor=actor, one=said: actions.add_opinion(actor, dossier, one),
                    lambda actor=actor, item=item: actions.move_item(actor, dossier, item, to=2),
                    lambda actor=actor, item=item: actions.remove_item(
                        actor, dossier, item, text="Thừa"
                    ),
                )
            )
        )
    for answer in at_once(works):
        assert not isinstance(answer, Exception) or isinstance(
            answer, Refusal | Item.DoesNotExist
        ), answer
    items = list(Item.objects.filter(dossier=dossier).with_content().order_by("ordinal"))
    assert [one.ordinal for one in items] == list(range(1, len(items) + 1))
    pages = [
        one.document.page_amount if one.document else one.attachment.file.page_count
        for one in items
        if one.document or one.attachment
    ]
    assert len(items) > len(pages) > 2
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (len(pages), sum(pages))
    assert list(verifying.findings()) == []


def test_finishing_into_a_dossier_and_adding_there_do_not_wait_for_each_other(cast):
    """Kon Tum Điều 13.7c: locks are taken in one order, so neither of them dies."""
    document = play.assigned(cast, build())
    me = act_as(cast.specialist)
    dossier = actions.open(me, typed())
    answers = at_once(
        [
            lambda: incoming_actions.finish(me, document, text="Xong.", dossier=dossier),
            lambda: actions.add_document(me, dossier, document),
        ]
    )
    wrong = [one for one in answers if isinstance(one, Exception)]
    assert all(isinstance(one, Refusal) for one in wrong)
    assert len(wrong) <= 1
    assert Item.objects.filter(dossier=dossier, document=document).count() == 1
    assert list(verifying.findings()) == []


def test_a_dossier_that_takes_it_while_it_is_purged_is_locked_in_order(cast, pdf):
    """Bắc Giang Điều 8.2: its totals are counted anew too, and nobody can wait in a circle."""
    dossier = actions.open(act_as(cast.head), typed())
    document = play.assigned(cast, pdf)
    assert dossier.pk < document.pk
    head, locked = act_as(cast.head), []

    def between(execute, sql, params, many, context):
        if "FOR UPDATE" in sql and '"documents_document"."id" IN' in sql:
            if not locked:  # the dossiers have been looked up, and nothing is locked yet
                [added] = at_once([lambda: actions.add_document(head, dossier, document)])
                assert isinstance(added, Item)
            locked.append(sorted(params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(between):
        play.purged(cast.chair, document)
    assert locked == [[document.pk], [dossier.pk, document.pk]]
    dossier.refresh_from_db()
    assert (dossier.doc_total, dossier.page_total) == (1, 0)
    assert list(verifying.findings()) == []
