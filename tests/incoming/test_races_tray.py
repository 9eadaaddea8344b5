"""Two clerks at one entry of the tray: one wins, the other is told; no draft comes too late."""

import pytest

from core.errors import Refusal, Stale
from documents import verifying
from documents.models import DocumentAct, QuarantinedFile, Register
from incoming import actions
from incoming.models import EntryDraft, IncomingDocument
from tests import cast as play
from tests.cast import act_as, make_person
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("glance", "wide_pool"),
]


def two_clerks(cast):
    second = make_person(cast.office, "clerk", "clerk2", "Lê Thị Mai", "Văn thư")
    return act_as(cast.clerk), act_as(second)


def test_two_clerks_register_one_entry(cast, pdf):
    """NĐ 30/2020 Điều 22.2: one number; the other reads who was first."""
    first, second = two_clerks(cast)
    document = play.received(cast.clerk, pdf)
    answers = at_once(
        [lambda one=one: actions.register(one, document, play.entry()) for one in (first, second)]
    )
    lost = [one for one in answers if isinstance(one, Exception)]
    assert len(lost) == 1, answers
    assert isinstance(lost[0], Stale)
    winner = DocumentAct.objects.get(verb="register").actor
    assert f"{winner.full_name}, đăng ký lúc" in str(lost[0])
    assert Register.objects.get().last_number == 1


def test_one_registers_what_the_other_merges(cast, pdf):
    first, second = two_clerks(cast)
    main, annex = play.received(cast.clerk, pdf), play.received(cast.clerk, pdf)
    answers = at_once(
        [
            lambda: actions.register(first, annex, play.entry()),
            lambda: actions.merge(second, main, [annex]),
        ]
    )
    lost = [one for one in answers if isinstance(one, Exception)]
    assert len(lost) == 1, answers
    assert isinstance(lost[0], Stale)
    annex.refresh_from_db()
    if annex.state == "registered":
        assert QuarantinedFile.objects.get().document_id == main.pk
    else:
        assert QuarantinedFile.objects.filter(document_id=main.pk).count() == 2
    assert list(verifying.broken_chains()) == []


def test_two_merge_the_same_two_each_into_the_other(cast, pdf):
    first, second = two_clerks(cast)
    one, other = play.received(cast.clerk, pdf), play.received(cast.clerk, pdf)
    answers = at_once(
        [
            lambda: actions.merge(first, one, [other]),
            lambda: actions.merge(second, other, [one]),
        ]
    )
    assert sum(isinstance(answer, Stale) for answer in answers) == 1, answers
    left = IncomingDocument.objects.get(state="received")
    assert left.quarantined.count() == 2


def test_an_annex_is_split_off_once(cast, pdf):
    first, second = two_clerks(cast)
    document = actions.receive(first, [play.upload(pdf), play.upload(pdf, "pl.pdf")])
    answers = at_once([lambda one=one: actions.split(one, document, 2) for one in (first, second)])
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1, answers
    assert IncomingDocument.objects.count() == 2


def test_no_draft_comes_after_the_refusal(cast, pdf):
    """Kon Tum Điều 4.1: whichever is first, nothing that was typed remains."""
    first, second = two_clerks(cast)
    for _round in range(5):
        document = play.received(cast.clerk, pdf)
        token = document.entry_token
        at_once(
            [
                lambda one=document: actions.refuse(first, one, reason="state_secrets"),
                lambda one=token: actions.keep_draft(first, one, {"subject": "Chữ mật"}),
                *[lambda one=token: actions.keep_draft(second, one, {"subject": "Chữ mật"})] * 4,
            ]
        )
        assert not EntryDraft.objects.exists()


def test_one_clerk_saves_from_many_windows(cast):
    """Each window begins with nothing: one row, and nobody's text is written over unseen."""
    clerk, _second = two_clerks(cast)
    document = play.received(cast.clerk, b"%PDF-1.4")
    answers = at_once(
        [
            lambda n=n: actions.keep_draft(
                clerk, document.entry_token, {"subject": f"Cửa sổ {n}"}, revision=0
            )
            for n in range(6)
        ]
    )
    kept = [one for one in answers if isinstance(one, EntryDraft)]
    assert len(kept) == 1
    assert sum(isinstance(one, actions.Overtaken) for one in answers) == 5
    assert EntryDraft.objects.get().values == kept[0].values
