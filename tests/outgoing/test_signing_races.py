"""Many clerks at one register, two people at one signature: no gap, no double, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections, transaction

from core.errors import Refusal, Stale
from documents.choices import Book
from documents.models import DocumentAct, Register, StoredFile
from outgoing import actions, verifying
from outgoing.actions import batching, producing, queueing
from outgoing.actions.signing import content_at
from outgoing.choices import FileStep, State, Verb
from outgoing.models import BatchRow, OutgoingDocument
from signatures import signing
from signatures.actions import bring
from signatures.sentences import say
from tests import files
from tests.cast import act_as, make_office, upload
from tests.incoming.test_held_fast import somebody_waits
from tests.incoming.test_races import at_once, wide_pool  # noqa: F401 -- a fixture
from tests.keys import PIN, trusted
from tests.outgoing.drafts import at_state, drafted, passed, submitted
from tests.outgoing.signing import keys_of, read_again, sign

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("wide_pool"),
]


@pytest.fixture
def cast():
    """Committed, so that other threads see them."""
    return make_office()


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture(autouse=True)
def _worker_is_away(monkeypatch: Any) -> None:
    """The tests run what was asked themselves, when it suits them."""
    monkeypatch.setattr(batching, "after_commit", lambda *_: None)


def approved(cast: SimpleNamespace, number: int) -> list[OutgoingDocument]:
    """So many documents of the city, approved on paper, with one and the same file."""
    first = passed(cast.chair, at_state(cast, State.SIGNING))
    pdf: StoredFile = first.versions.get().pdf
    found = [first]
    for place in range(1, number):
        document = drafted(cast, subject=f"văn bản thứ {place}", token=uuid4())
        document.versions.update(pdf=pdf)
        OutgoingDocument.objects.filter(pk=document.pk).update(
            state=State.SIGNING, code_notation="UBND-QLĐT"
        )
        found.append(passed(cast.chair, read_again(document)))
    return found


class Undone(Exception):
    """The database, or the machine, gave up in the middle."""


def test_fifty_clerks_at_once_some_of_whom_fail(cast):
    """NĐ 30/2020 Điều 15: no gap, no double, none without the approval."""
    documents = approved(cast, 50)
    waiting = [submitted(cast.specialist, drafted(cast)) for _ in range(3)]
    clerk = act_as(cast.clerk)

    def take(document: OutgoingDocument, *, fails: bool) -> OutgoingDocument:
        with transaction.atomic():
            done = actions.number(clerk, document)
            if fails:
                raise Undone
            return done

    answers = at_once(
        [
            *(
                lambda one=one, place=place: take(one, fails=place % 5 == 0)
                for place, one in enumerate(documents)
            ),
            *(lambda one=one: take(one, fails=False) for one in waiting),
        ]
    )
    done = [one for one in answers if isinstance(one, OutgoingDocument)]
    assert len(done) == 40
    assert sum(isinstance(one, Stale) for one in answers) == 3
    assert sorted(one.number for one in done) == list(range(1, 41))
    assert Register.objects.get(book=Book.OUTGOING).last_number == 40
    rows = OutgoingDocument.objects.filter(register__book=Book.OUTGOING)
    assert set(rows.values_list("state", flat=True)) == {State.NUMBERED}


def test_two_who_number_one_document_give_it_one_number(cast):
    document = passed(cast.chair, at_state(cast, State.SIGNING))
    clerk = act_as(cast.clerk)
    answers = at_once([lambda: actions.number(clerk, document) for _ in range(6)])
    assert sum(isinstance(one, OutgoingDocument) for one in answers) == 1
    assert Register.objects.get(book=Book.OUTGOING).last_number == 1
    at_once([lambda: actions.write_number(clerk, read_again(document)) for _ in range(3)])
    assert document.issued_files.filter(step=FileStep.NUMBERED).count() == 1


def test_the_signer_in_two_windows_signs_once(cast):
    keys = keys_of(cast)
    document = at_state(cast, State.SIGNING)
    answers = at_once([lambda: sign(cast.chair, document, keys.chair) for _ in range(3)])
    assert sum(isinstance(one, OutgoingDocument) for one in answers) == 1
    assert all(isinstance(one, (OutgoingDocument, Refusal)) for one in answers)
    assert DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SIGN).count() == 1
    assert document.issued_files.count() == 1
    assert list(verifying.findings()) == []


def test_many_at_once_in_two_workers(cast):
    """Each is signed once; what cannot be says why, the rest goes on; the PIN is forgotten."""
    keys = keys_of(cast)
    good = [at_state(cast, State.SIGNING) for _ in range(3)]
    bad = submitted(cast.specialist, drafted(cast))
    chair = act_as(cast.chair)
    token = uuid4()
    seen = {one.pk: 1 for one in (*good, bad)}
    batch = batching.start(chair, Verb.SIGN, seen, entry_token=token, key=keys.chair, pin=PIN)
    again = batching.start(chair, Verb.SIGN, seen, entry_token=token, key=keys.chair, pin=PIN)
    assert again.pk == batch.pk
    assert PIN.encode() not in bytes(batch.closed_pin)
    going = batching.going()[0]
    at_once([lambda: batching.run(going) for _ in range(2)])
    rows = dict(batch.rows.values_list("document_id", "outcome"))
    assert [rows[one.pk] for one in good] == [BatchRow.Outcome.DONE] * 3
    reason = batch.rows.get(document=bad).reason
    assert "Chờ duyệt nội dung" in reason
    batch.refresh_from_db()
    assert (batch.closed_pin, batch.ended_at is not None) == (b"", True)
    assert batching.run(going) == 0


def test_a_wrong_pin_counts_once_for_many(cast):
    """Else the third row of a batch would lock the key."""
    keys = keys_of(cast)
    documents = [at_state(cast, State.SIGNING) for _ in range(4)]
    seen = {one.pk: 1 for one in documents}
    batch = batching.start(
        act_as(cast.chair), Verb.SIGN, seen, entry_token=uuid4(), key=keys.chair, pin="sai"
    )
    assert batching.run(batching.going()[0]) == 4
    keys.chair.refresh_from_db()
    assert (keys.chair.failures, keys.chair.locked_at) == (1, None)
    assert set(batch.rows.values_list("outcome", flat=True)) == {BatchRow.Outcome.REFUSED}


def test_a_time_stamp_that_does_not_come_refuses_one_row_only(cast, monkeypatch):
    """It may come for the next one; a PIN or a key that is wrong is wrong for all."""
    keys = keys_of(cast)
    documents = [at_state(cast, State.SIGNING) for _ in range(3)]
    batch = batching.start(
        act_as(cast.chair),
        Verb.SIGN,
        {one.pk: 1 for one in documents},
        entry_token=uuid4(),
        key=keys.chair,
        pin=PIN,
    )
    stamped = signing._stamper
    answers = [lambda: signing._stamper_of("http://127.0.0.1:9/"), stamped, stamped]
    monkeypatch.setattr(signing, "_stamper", lambda: answers.pop(0)())
    assert batching.run(batching.going()[0]) == 3
    rows = list(batch.rows.order_by("pk").values_list("outcome", "reason"))
    assert [one for one, _ in rows] == [BatchRow.Outcome.REFUSED, *[BatchRow.Outcome.DONE] * 2]
    assert rows[0][1] == say("no_time")


def test_a_worker_that_died_leaves_rows_for_the_next(cast, monkeypatch):
    """Killed after the signature and before it could say so: the row is done, not refused."""
    keys = keys_of(cast)
    document = at_state(cast, State.SIGNING)
    batch = batching.start(
        act_as(cast.chair),
        Verb.SIGN,
        {document.pk: 1},
        entry_token=uuid4(),
        key=keys.chair,
        pin=PIN,
    )
    monkeypatch.setattr(batching, "_close", _die)
    with pytest.raises(Undone):
        batching.run(batching.going()[0])
    monkeypatch.undo()
    assert batch.rows.get().outcome == BatchRow.Outcome.WAITING
    assert batching.run(batching.going()[0]) == 0  # somebody may still have it
    batch.rows.update(taken_at=batch.started_at - 2 * batching.GIVEN_UP)
    assert batching.run(batching.going()[0]) == 1
    assert batch.rows.get().outcome == BatchRow.Outcome.DONE


def test_two_presses_at_once_of_a_device_do_not_refuse_what_is_signed(cast):
    """The one that comes too late finds it signed; the next document waits for its own turn."""
    keys_of(cast)
    documents = [at_state(cast, State.SIGNING) for _ in range(2)]
    chair = act_as(cast.chair)
    batch = queueing.start(chair, Verb.SIGN, {one.pk: 1 for one in documents}, entry_token=uuid4())
    errand = queueing.errand_now(chair, batch)
    data = content_at(errand.file)
    signed = files.sign(data, cast.chair.full_name, field=errand.field, certify=True)
    with upload(signed) as back:
        bring(chair, errand, back)
    with ThreadPoolExecutor(1) as threads:
        with (
            transaction.atomic(),
            producing.brought(chair, read_again(documents[0]), errand.pk) as result,
        ):
            actions.sign(chair, read_again(documents[0]), result, seen=1)
            late = threads.submit(_second_press, chair, batch, errand.pk)
            until = monotonic() + 30
            while not somebody_waits() and monotonic() < until:
                sleep(0.05)
        late.result(timeout=60)
    assert list(batch.rows.values_list("outcome", "reason")) == [("done", ""), ("waiting", "")]


def _second_press(actor: Any, batch: Any, errand: int) -> None:
    try:
        queueing.finish(actor, batch, errand)
    finally:
        connections.close_all()


def _die(*_args: Any) -> None:
    raise Undone


def test_signing_while_the_drafter_takes_it_back(cast):
    """Either it was signed, or it came back: never a signature under a draft."""
    keys = keys_of(cast)
    document = at_state(cast, State.SIGNING)
    drafter = act_as(cast.specialist)
    with producing.signed(
        act_as(cast.chair), read_again(document), key=keys.chair, pin=PIN
    ) as result:
        at_once(
            [
                lambda: actions.sign(act_as(cast.chair), read_again(document), result, seen=1),
                lambda: actions.withdraw(drafter, read_again(document)),
            ]
        )
    found = read_again(document)
    assert (found.state, found.signed_at is None) in {
        (State.APPROVED, False),
        (State.DRAFTING, True),
    }
