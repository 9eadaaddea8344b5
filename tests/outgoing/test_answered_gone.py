"""Whoever drafts an answer is told when what it answers is taken out by decision, and by which."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Appointment
from core import clock
from documents.models import Document
from incoming import actions as incoming
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import Notice
from tests import cast as play
from tests.cast import act_as
from tests.outgoing.drafts import drafted
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def told(document) -> list[str]:
    rows = Notification.objects.filter(kind=Notice.ANSWERED_GONE, path=document.get_absolute_url())
    return list(rows.values_list("user__username", flat=True))


def reply(cast, letter, drafter=None):
    return drafted(cast, drafter, answers=Document.objects.get(pk=letter.pk))


def test_the_drafter_is_told_by_which_decision(client, cast, pdf):
    """Bắc Giang Điều 8.2: the letter goes, and whoever used it looks through what he wrote."""
    letter = play.assigned(cast, pdf)
    draft = reply(cast, letter)
    assert told(draft) == []
    play.purged(cast.chair, letter)
    assert told(draft) == ["specialist"]
    day = f"{clock.today():%d/%m/%Y}"
    said = f"Gỡ theo quyết định số 12/QĐ-UBND ngày {day}."
    client.force_login(cast.specialist)
    page = unescape(client.get(reverse("reports:notifications", args=["kontum"])).content.decode())
    assert "Văn bản được trả lời đã gỡ theo quyết định" in page
    assert said in page
    page = unescape(client.get(draft.get_absolute_url()).content.decode())
    assert said in page
    assert letter.subject not in page
    # Whoever sees the draft reads it on the page; only its drafter is called.
    client.force_login(cast.head)
    page = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert said not in page


def test_it_is_part_of_the_purge(cast, pdf):
    """In one transaction: a purge that comes to nothing has told nobody."""
    letter = play.assigned(cast, pdf)
    draft = reply(cast, letter)

    with transaction.atomic():
        play.purged(cast.chair, letter)
        assert told(draft) == ["specialist"]
        transaction.set_rollback(True)
    assert told(draft) == []


def test_of_a_drafter_who_has_left_his_head_is_told(cast, pdf):
    letter = play.assigned(cast, pdf)
    draft = reply(cast, letter)
    yesterday = clock.today() - timedelta(days=1)
    Appointment.objects.filter(user=cast.specialist).update(end_date=yesterday)
    play.purged(cast.chair, letter)
    assert told(draft) == ["head"]


def test_of_one_that_was_given_up_nobody_is_told(cast, pdf):
    letter = play.assigned(cast, pdf)
    draft = reply(cast, letter)
    actions.abandon(act_as(cast.specialist), draft)
    other = play.assigned(cast, pdf, code_number="5")
    kept = reply(cast, other)
    play.purged(cast.chair, letter)
    assert told(draft) == []
    assert told(kept) == []  # it answers another letter
    assert letter.acts.last().detail["held"] == {"copies": 0, "replies": 1}


def test_a_letter_that_its_sender_recalls_is_another_matter(cast, pdf):
    """Only what is taken out by decision: a recall is told by its own verb."""
    letter = play.assigned(cast, pdf)
    draft = reply(cast, letter)
    incoming.comment(act_as(cast.head), letter, text="Xem lại.")
    assert told(draft) == []
