"""The trail can be proved: what was changed, removed or put in between is found and named."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from core import clock
from documents.actions import seal
from documents.models import ActText, Attachment, Document, DocumentAct, TrailSeal
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
ACTS, SEALS = "documents_documentact", "documents_trailseal"


def verify() -> tuple[int, list[str]]:
    """The exit code of `verify_trail --json`, and what it found."""
    out, code = StringIO(), 0
    try:
        call_command("verify_trail", "--json", stdout=out)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue())["findings"]


@contextmanager
def by_a_thief() -> Iterator[None]:
    """What somebody with the keys of the database can do: the triggers are off."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # or the pending checks forbid ALTER TABLE
    for table in (ACTS, SEALS):
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    run("SET CONSTRAINTS ALL IMMEDIATE")
    for table in (ACTS, SEALS):
        run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def remove_acts(**which) -> None:
    acts = DocumentAct.objects.filter(**which)
    ActText.objects.filter(act__in=acts).delete()
    acts.delete()


def remove_document(document) -> None:
    """The document and all that hangs on it, as if it had never come."""
    remove_acts(target=document.pk)
    Attachment.objects.filter(document=document.pk).delete()
    for assignment in document.assignments.order_by("-pk"):
        assignment.delete()
    IncomingDocument.objects.filter(pk=document.pk).delete()


@pytest.fixture
def sealed(cast, pdf):
    """A document with five acts and words, and a second one; one seal over both."""
    document, other = play.assigned(cast, pdf), play.submitted(cast, pdf)
    seal(cast.city)
    return document, other


def test_sound_data_is_sound(cast, pdf, sealed):
    """NĐ 30/2020 Điều 4: what was done stands as it was done."""
    play.finished(cast, pdf)
    play.registered(cast.ward_clerk, pdf)
    out = StringIO()
    call_command("verify_trail", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "sound": True,
        "findings": [],
        "documents": 4,
        "acts": DocumentAct.objects.count(),
        "seals": 1,
    }
    out = StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue().startswith("SOUND (documents: 4, ")


@pytest.mark.parametrize("model", [DocumentAct, TrailSeal])
def test_the_database_itself_refuses_to_change_and_to_remove(sealed, model):
    row = model.objects.first()
    for attempt in (
        lambda: model.objects.filter(pk=row.pk).update(hash="0" * 64),
        lambda: run(f"DELETE FROM {model._meta.db_table} WHERE id = {row.pk}"),
    ):
        with pytest.raises(DatabaseError, match="only inserted"), transaction.atomic():
            attempt()
    assert model.objects.get(pk=row.pk).hash == row.hash


CHANGES = {
    "verb": "finish",
    "title": "Chủ tịch",
    "from_state": "received",
    "to_state": "finished",
    "addressed": {"users": [], "groups": []},
    "detail": {"assignments": [1]},
    "article": "Điều 1",
    "note_hash": "0" * 64,
    "previous_hash": "0" * 64,
    "hash": "0" * 64,
    "at": timedelta(minutes=-1),
    "actor": "vice",
    "appointment": "vice",
    "on_behalf_of": "vice",
    "ordinal": 77,
    "target": "other",
}


def test_every_column_of_an_act_has_its_attempt():
    columns = {field.name for field in DocumentAct._meta.concrete_fields} - {"id"}
    assert columns == set(CHANGES)


@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_is_found(cast, sealed, column):
    """Whose opinion it was, when, to whom: none of it can be altered."""
    document, other = sealed
    act = DocumentAct.objects.get(target=document.pk, verb="distribute")
    value = CHANGES[column]
    if column == "at":
        value = act.at + value
    elif column == "actor":
        value = cast.vice
    elif column in ("appointment", "on_behalf_of"):
        value = cast.vice.appointments.get()
    elif column == "target":
        value = other.document_ptr
    with by_a_thief():
        DocumentAct.objects.filter(pk=act.pk).update(**{column: value})
    code, found = verify()
    assert code == 1
    place = f"document {value.pk if column == 'target' else document.pk}, act "
    number = 77 if column == "ordinal" else act.ordinal
    assert f"{place}{number}: was changed" in found


def test_changed_words_are_found_and_purged_words_are_not_missed(sealed):
    """Kon Tum Điều 13.7b: the opinion is the one that was given."""
    document, _other = sealed
    words = ActText.objects.get(act__target=document.pk, act__verb="distribute")
    ActText.objects.filter(pk=words.pk).update(text="Phòng Tài chính chủ trì.")
    assert verify() == (
        1,
        [f"document {document.pk}, act {words.act.ordinal}: its words were changed"],
    )
    ActText.objects.filter(pk=words.pk).delete()
    assert verify() == (0, [])


def test_words_put_behind_a_silent_act_are_found(sealed):
    document, _other = sealed
    act = DocumentAct.objects.get(target=document.pk, verb="submit")
    ActText.objects.create(act=act, text="Đã xin ý kiến")
    assert verify() == (1, [f"document {document.pk}, act {act.ordinal}: its words were changed"])


def test_a_removed_last_act_is_found_by_the_state_and_by_the_seal(cast, sealed):
    document, _other = sealed
    chief = act_as(cast.chief)
    document = actions.finish(act_as(cast.specialist), document, text="Đã khảo sát")
    document = actions.finish(act_as(cast.head), document, text="Xong")
    last = DocumentAct.objects.filter(target=document.pk).last().ordinal
    with by_a_thief():
        remove_acts(target=document.pk, ordinal=last)
    assert verify() == (
        1,
        [f"document {document.pk}: state 'finished', but its last act left 'in_process'"],
    )
    # With the state set back only the seal tells.
    IncomingDocument.objects.filter(pk=document.pk).update(state="in_process")
    assert verify() == (0, [])
    comment = actions.comment(chief, document, text="Hỏi lại")
    seal(cast.city)
    newest = DocumentAct.objects.filter(target=comment.pk).last().ordinal
    with by_a_thief():
        remove_acts(target=document.pk, ordinal=newest)
    assert verify() == (
        1,
        [f"agency {cast.city.pk}, seal 2: act {newest} of document {document.pk} has gone"],
    )


def test_a_removed_act_in_the_middle_is_found(sealed):
    document, _other = sealed
    with by_a_thief():
        remove_acts(target=document.pk, ordinal=2)
    assert verify() == (1, [f"document {document.pk}, act 3: act 2 is missing"])
    with by_a_thief():
        for ordinal in (3, 4, 5):
            DocumentAct.objects.filter(target=document.pk, ordinal=ordinal).update(
                ordinal=ordinal - 1
            )
    code, found = verify()
    assert code == 1
    assert f"document {document.pk}, act 2: does not continue the act before it" in found


def test_a_removed_document_is_found_by_the_seal(cast, pdf, sealed):
    _document, other = sealed
    with by_a_thief():
        remove_document(other)
    last = 3  # receive, register, submit
    assert verify() == (
        1,
        [f"agency {cast.city.pk}, seal 1: act {last} of document {other.pk} has gone"],
    )


def test_acts_removed_altogether_are_found(sealed):
    document, _other = sealed
    with by_a_thief():
        remove_acts(target=document.pk)
    code, found = verify()
    assert code == 1
    assert f"document {document.pk}: no acts" in found


def test_an_act_put_in_between_is_found_even_with_right_hashes(cast, sealed):
    """Somebody who knows how the hashes are made writes the chain anew; the seal knows the old."""
    document, _other = sealed
    from documents.actions import act_hash  # noqa: PLC0415 -- the thief's tool

    with by_a_thief():
        rows = list(DocumentAct.objects.filter(target=document.pk))
        for row in reversed(rows[2:]):
            DocumentAct.objects.filter(pk=row.pk).update(ordinal=row.ordinal + 1)
        first = rows[2]
        forged = DocumentAct.objects.get(pk=first.pk)
        forged.pk, forged.ordinal, forged.verb = None, 3, "comment"
        forged.from_state = forged.to_state = "registered"
        forged.hash = act_hash(forged)
        forged.save(force_insert=True)
        code, found = verify()
        assert code == 1
        assert f"document {document.pk}, act 4: does not continue the act before it" in found
        previous = ""
        for row in DocumentAct.objects.filter(target=document.pk):
            row.previous_hash = previous
            previous = row.hash = act_hash(row)
            row.save()
    code, found = verify()
    assert code == 1
    assert found == [
        f"agency {cast.city.pk}, seal 1: act 5 of document {document.pk} is another one"
    ]


def test_seals_that_were_changed_or_removed_are_found(cast, pdf):
    for _time in range(3):
        play.registered(cast.clerk, pdf)
        assert seal(cast.city) is not None
    assert verify() == (0, [])
    where = f"agency {cast.city.pk}, seal"
    for column, value in {
        "heads": [],
        "at": clock.now() - timedelta(days=1),
        "hash": "0" * 64,
        "previous_hash": "0" * 64,
        "agency": cast.ward,
    }.items():
        mark = transaction.savepoint()
        with by_a_thief():
            TrailSeal.objects.filter(agency=cast.city, ordinal=2).update(**{column: value})
        code, found = verify()
        assert code == 1, column
        assert any("was changed" in one or "is missing" in one for one in found), column
        transaction.savepoint_rollback(mark)
    with by_a_thief():
        TrailSeal.objects.filter(agency=cast.city, ordinal=1).delete()
    assert verify() == (1, [f"{where} 2: a seal before it is missing"])


def test_a_seal_is_written_only_over_something_new(cast, pdf):
    """One seal an hour would fill the table in agencies where nothing happens."""
    assert seal(cast.city) is None
    document = play.registered(cast.clerk, pdf)
    first = seal(cast.city)
    assert first.heads == [[document.pk, 2, DocumentAct.objects.last().hash]]
    assert seal(cast.city) is None
    assert seal(cast.ward) is None
    document = actions.submit(act_as(cast.clerk), document)
    second = seal(cast.city)
    assert (second.ordinal, second.previous_hash) == (2, first.hash)
    assert [head[:2] for head in second.heads] == [[document.pk, 3]]


def test_an_act_that_was_committed_late_is_sealed_with_the_next(cast, pdf, at):
    """A transaction was open while the seal was written: its time is before that of the seal."""
    now = clock.now()
    at(now)
    play.registered(cast.clerk, pdf)
    at(now + timedelta(minutes=10))
    seal(cast.city)
    at(now + timedelta(minutes=5))
    late = play.registered(cast.clerk, pdf)
    at(now + timedelta(minutes=70))
    again = seal(cast.city)
    assert late.pk in [head[0] for head in again.heads]


def test_the_chain_of_one_document_knows_nothing_of_another(sealed):
    """A chain for each document: verbs on different documents never wait for each other."""
    document, other = sealed
    for one in (document, other):
        acts = list(DocumentAct.objects.filter(target=one.pk))
        assert [act.ordinal for act in acts] == list(range(1, len(acts) + 1))
        assert acts[0].previous_hash == ""
        for before, after in pairwise(acts):
            assert after.previous_hash == before.hash


def test_nothing_with_a_trail_can_be_deleted(sealed):
    """Even before the triggers: the keys protect."""
    document, _other = sealed
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic():
        run(f"DELETE FROM documents_document WHERE id = {document.pk}")
    assert Document.objects.filter(pk=document.pk).exists()
