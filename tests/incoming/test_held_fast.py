"""What a review found and mended: the order of locks, who has opened what, ages, passwords."""

import pickle
import threading
import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.actions import delegate
from accounts.choices import Scope
from accounts.models import User
from core import clock
from core.errors import Refusal
from documents import following
from documents.actions import mark_seen
from documents.choices import AssignmentRole
from documents.models import Follow, Waiting
from incoming import actions
from incoming.actions import Line, Row
from incoming.models import EntryDraft, IncomingDocument
from incoming.verifying import findings
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

LEAD = AssignmentRole.LEAD


# --- Whoever saves a draft holds the document, then the draft; so does what sends both away.


def somebody_waits() -> bool:
    """True once a session of this database waits for a lock."""
    with connection.cursor() as cursor:
        # Within a transaction the sessions of the first look are remembered: of one that has
        # connected since nothing would ever be seen.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() is not None


SENT_AWAY = {
    "better files": lambda document: {
        "files": SimpleUploadedFile("ro-hon.pdf", build(pages=3)),
        "entry_token": str(document.entry_token),
        "then": "next",
    },
    "forbidden": lambda document: {
        "gate": "state_secrets",
        "entry_token": str(document.entry_token),
    },
}


@pytest.mark.parametrize("how", SENT_AWAY)
@pytest.mark.usefixtures("committed", "glance")
def test_the_document_is_held_before_its_drafts(cast, pdf, how):
    """Kon Tum Điều 4.1: two that hold them crosswise would both be thrown out."""
    document = play.received(cast.clerk, pdf)
    actions.keep_draft(act_as(cast.clerk), document.entry_token, {"subject": "Gõ dở"})
    client = Client()
    client.force_login(cast.clerk)
    path = reverse("incoming:register_received", args=["kontum", document.pk])
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(client.post(path, SENT_AWAY[how](document)).status_code)
        finally:
            connections.close_all()

    other = threading.Thread(target=send)
    with transaction.atomic():
        IncomingDocument.objects.select_for_update(of=("self", "document_ptr")).get(pk=document.pk)
        other.start()
        until = time.monotonic() + 30
        while not somebody_waits() and time.monotonic() < until:
            time.sleep(0.05)
        assert somebody_waits()
        # As the draft that is being saved would: the document is ours, the draft is free.
        draft = EntryDraft.objects.select_for_update(nowait=True).get()
        assert draft.values["subject"] == "Gõ dở"
    other.join(30)
    assert len(answers) == 1
    document.refresh_from_db()
    assert document.state == "refused"
    assert EntryDraft.objects.count() == (how == "better files")


# --- A delegate's opening is the opening of whom he stands in for.


@pytest.mark.django_db
@pytest.mark.usefixtures("glance", "empty_cache")
def test_what_a_delegate_has_opened_is_not_recalled_any_more(client, cast, pdf):
    """Kon Tum Điều 13.1; Bắc Giang Điều 5.3d: he reads it in the other's place."""
    today = clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today + timedelta(days=1))
    document = play.submitted(cast, pdf)
    line = Line(LEAD, cast.planning, cast.head)
    actions.distribute(act_as(cast.chief), document, [line])
    client.force_login(cast.deputy)
    assert client.get(document.get_absolute_url()).status_code == 200
    row = Waiting.objects.get(document=document.pk)
    assert (row.user, row.seen_at is not None) == (cast.head, True)
    with pytest.raises(Refusal, match="đã mở hoặc xử lý lúc"):
        actions.recall(act_as(cast.chief), document)


@pytest.mark.django_db
@pytest.mark.usefixtures("glance", "empty_cache")
def test_he_has_not_read_what_the_other_was_only_told(client, cast, pdf):
    """Kon Tum Điều 13.7c: a receipt is of him who has read it."""
    today = clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today + timedelta(days=1))
    document = play.submitted(cast, pdf)
    told = Line(AssignmentRole.INFORM, cast.planning, cast.head)
    lines = [Line(LEAD, cast.planning, cast.deputy), told]
    actions.distribute(act_as(cast.chief), document, lines)
    client.force_login(cast.deputy)
    client.get(document.get_absolute_url())
    seen = {row.user: row.seen_at is not None for row in Waiting.objects.all()}
    assert seen == {cast.deputy: True, cast.head: False}


@pytest.mark.django_db
@pytest.mark.usefixtures("glance", "empty_cache")
@pytest.mark.parametrize(("scope", "opened"), [(Scope.ALL, True), (Scope.ROUTINE, False)])
def test_what_is_to_be_decided_is_opened_by_who_may_decide_it(client, cast, pdf, scope, opened):
    """Kon Tum Điều 13.3: who stands in for the routine work has not read it for the leader."""
    today = clock.today()
    delegate(act_as(cast.chair), cast.vice, start_date=today, end_date=today, scope=scope)
    document = play.submitted(cast, pdf)
    actions.propose(act_as(cast.chief), document, cast.chair, text="Trình.")
    client.force_login(cast.vice)
    client.get(document.get_absolute_url())
    mark_seen(document, act_as(cast.vice))  # whatever else of his the page has opened
    row = Waiting.objects.get(document=document.pk)
    assert (row.user, row.verb, row.seen_at is not None) == (cast.chair, "direct", opened)


# --- The grid's fast path is for what only waits to be given out.


@pytest.mark.django_db
@pytest.mark.usefixtures("glance", "empty_cache")
def test_what_was_asked_keeps_its_age_when_the_grid_gives_out(client, cast, pdf, at):
    """Kon Tum Điều 13.7b: the opinion is waited for since it was asked, and was seen."""
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    asked = [Line(AssignmentRole.COORDINATE, cast.finance)]
    document = actions.ask_opinion(chief, document, asked, text="Ý kiến?")
    client.force_login(cast.finance_head)
    client.get(document.get_absolute_url())
    before = Waiting.objects.get(document=document.pk, verb="give_opinion")
    assert before.seen_at is not None
    at(clock.now() + timedelta(hours=3))
    rows = [Row(document.pk, None, (Line(LEAD, cast.planning),))]
    [verdict] = actions.distribute_many(act_as(cast.chief), rows)
    assert verdict.refusal is None
    after = Waiting.objects.get(document=document.pk, verb="give_opinion")
    assert (after.pk, after.since, after.seen_at) == (before.pk, before.since, before.seen_at)
    assert IncomingDocument.objects.get(pk=document.pk).has_requests
    assert list(findings()) == []


# --- No password lies in the cache.


@pytest.mark.django_db
@pytest.mark.usefixtures("empty_cache")
def test_what_is_kept_of_who_follows_holds_no_password(cast):
    """Kon Tum Điều 11.2: nobody but its owner has to do with a password."""
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(),
        unit=cast.planning,
        person=cast.specialist,
        start_date=clock.today(),
    )
    following.follows_of(cast.city.pk)
    [kept] = cache.get(following._key(cast.city.pk))
    people = (kept.appointment.user, kept.person)
    assert people == (cast.deputy, cast.specialist)
    assert all("password" in one.get_deferred_fields() for one in people)
    raw = pickle.dumps(cache.get(following._key(cast.city.pk)))
    for person in User.objects.filter(pk__in=[one.pk for one in people]):
        assert person.password
        assert person.password.encode() not in raw
