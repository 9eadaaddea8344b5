"""Signed on paper: the drafting unit comes for it and brings it to the clerk (Kon Tum 14.2)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate, head_post, revoke
from core import clock
from documents.models import DocumentAct, Waiting
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import Medium, Notice, State, Task, Verb
from outgoing.models import OutgoingDocument
from tests.cast import act_as
from tests.keys import trusted
from tests.outgoing.drafts import at_state, drafted, passed, submitted
from tests.outgoing.signing import keys_of, out_to

pytestmark = pytest.mark.django_db


def waits(document: OutgoingDocument) -> set[str]:
    """What is asked."""
    return set(Waiting.objects.filter(document_id=document.pk).values_list("verb", flat=True))


def _collecting(document: OutgoingDocument) -> set[str]:
    rows = Notification.objects.filter(path=document.get_absolute_url(), kind=Notice.COLLECT)
    return set(rows.values_list("user__username", flat=True))


def test_whoever_drafted_it_is_told_to_collect_the_paper(client, cast):
    """Kon Tum Điều 14.2: approved on paper, the drafting unit comes for it and brings it to the
    clerk; the words, the article and the work on the desk are its own."""
    document = passed(cast.chair, at_state(cast, State.SIGNING))
    assert document.medium == Medium.PAPER
    act = DocumentAct.objects.get(target_id=document.pk, verb=Verb.APPROVE)
    assert act.article.startswith("khoản 2 Điều 14")
    assert _collecting(document) == {"specialist"}
    assert waits(document) == {"number", "collect"}
    client.force_login(cast.specialist)
    page = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert "Bản giấy đã ký, đến lấy để chuyển văn thư phát hành" in page
    assert "khoản 2 Điều 14" in page
    assert (
        "Lấy bản giấy đã ký"
        in client.get(reverse("reports:desk", args=["kontum"])).content.decode()
    )
    page = client.get(document.get_absolute_url()).content.decode()
    assert "Phòng Quản lý đô thị đến Văn phòng lấy" in page
    assert "khoản 2 Điều 14" in page
    document = actions.number(act_as(cast.clerk), document)
    assert waits(document) == {"attach_scan"}
    assert "đến Văn phòng lấy" not in client.get(document.get_absolute_url()).content.decode()


def test_somebody_comes_for_the_paper_while_the_drafter_is_away(cast):
    """His head is told as well; of a drafter who has left he alone, and it is his work."""
    document = at_state(cast, State.SIGNING)
    today = clock.today()
    mine = act_as(cast.specialist)
    absence = delegate(mine, cast.colleague, start_date=today, end_date=today)
    assert _collecting(passed(cast.chair, document)) == {"specialist", "head"}
    revoke(mine, absence)
    document = at_state(cast, State.SIGNING)
    cast.specialist.appointments.update(end_date=today - timedelta(days=1))
    document = passed(cast.chair, document)
    assert _collecting(document) == {"head"}  # whoever has left is told of nothing any more
    row = Waiting.objects.get(document_id=document.pk, verb=Task.COLLECT)
    assert (row.user, row.group) == (None, head_post(cast.planning).group)


def test_what_the_office_has_drafted_it_issues_itself(cast):
    """Kon Tum Điều 14.2: "trực tiếp phát hành hoặc thông báo"."""
    document = submitted(cast.adviser, drafted(cast, cast.adviser))
    while document.state != State.APPROVED:
        takers = {State.APPRAISAL: cast.chief, State.SIGNING: cast.chair}
        document = passed(takers[State(document.state)], document)
    assert _collecting(document) == set()
    assert waits(document) == {"number"}


def test_what_was_signed_here_is_not_to_be_collected(cast, settings, tmp_path):
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    document = out_to(cast, State.APPROVED, keys_of(cast))
    assert _collecting(document) == set()
    assert waits(document) == {"number"}
