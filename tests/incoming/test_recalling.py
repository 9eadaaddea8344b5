"""Thu hồi: what was just given out comes back while nobody has opened it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.actions import mark_seen
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Follow, GroupGrant, UserGrant, Waiting
from incoming import actions, rules, verifying
from incoming.actions import Line
from incoming.asking import receipts_of
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def test_who_was_recalled_has_not_read_it(cast, pdf):
    """Kon Tum Điều 13.3: a receipt is of who has opened it, not of who had it taken away."""
    document = play.submitted(cast, pdf, code_number="77")
    lines = [Line(AssignmentRole.LEAD, cast.planning), Line(AssignmentRole.INFORM, cast.finance)]
    document = actions.distribute(act_as(cast.chief), document, lines)
    document = actions.recall(act_as(cast.chief), document)
    assert receipts_of(act_as(cast.clerk), document, document.acts_read) == []


def test_a_day_that_was_corrected_meanwhile_stays(cast, pdf):
    due = clock.today() + timedelta(days=3)
    document = play.submitted(cast, pdf, code_number="78", due_date=due)
    lines = [Line(AssignmentRole.LEAD, cast.planning)]
    document = actions.distribute(act_as(cast.chief), document, lines)
    later = clock.today() + timedelta(days=20)
    typed = play.entry(code_number="78", due_date=later)
    document = actions.correct(act_as(cast.clerk), document, typed, reason="Gõ nhầm hạn.")
    document = actions.recall(act_as(cast.chief), document)
    assert document.due_date == later


def test_it_stands_again_where_it_stood(cast, pdf):
    """Kon Tum Điều 13.2."""
    day = clock.today() + timedelta(days=9)
    document = play.distributed(cast, pdf, due_date=day)
    assert document.due_date != day  # the lead got a day of his own
    document = actions.recall(act_as(cast.chief), document, text="Chuyển nhầm phòng.")
    fresh = IncomingDocument.objects.get(pk=document.pk)
    assert (fresh.state, fresh.due_date, fresh.to_places) == ("submitted", day, "")
    assert set(fresh.assignments.values_list("state", flat=True)) == {"recalled"}
    act = fresh.acts.last()
    assert (act.verb, act.from_state, act.to_state) == ("recall", "in_process", "submitted")
    assert act.words.text == "Chuyển nhầm phòng."
    [wait] = Waiting.objects.filter(document=fresh.pk)
    assert (wait.verb, wait.group.post.role) == ("distribute", "office_chief")
    told = Notification.objects.filter(kind="recall").values_list("user__username", flat=True)
    assert sorted(told) == ["finance_head", "head"]
    assert list(verifying.findings()) == []
    # It goes out again, to the right one.
    line = Line(AssignmentRole.LEAD, cast.finance)
    assert actions.distribute(act_as(cast.chief), fresh, [line]).to_places == cast.finance.name


def test_who_was_to_know_of_it_can_be_told_anew(cast, pdf):
    """Kon Tum Điều 13.7c."""
    lines = [Line(AssignmentRole.LEAD, cast.planning), Line(AssignmentRole.INFORM, cast.finance)]
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    document = actions.recall(chief, actions.distribute(chief, document, lines))
    document = actions.distribute(chief, document, lines)
    rows = document.assignments.order_by("pk").values_list("role", "state")
    assert list(rows) == [
        ("lead", "recalled"),
        ("inform", "recalled"),
        ("lead", "waiting"),
        ("inform", "waiting"),
    ]


def test_a_lead_with_the_documents_own_day_leaves_it(cast, pdf):
    """Kon Tum Điều 11.6a."""
    day = clock.today() + timedelta(days=9)
    document = play.submitted(cast, pdf, due_date=day)
    line = Line(AssignmentRole.LEAD, cast.planning)
    document = actions.distribute(act_as(cast.chief), document, [line])
    assert actions.recall(act_as(cast.chief), document).due_date == day


def test_not_when_somebody_has_opened_it(cast, pdf, client):
    """The refusal names who, and when."""
    document = play.distributed(cast, pdf)
    client.force_login(cast.finance_head)
    client.get(document.get_absolute_url())
    with pytest.raises(Refusal, match="Phòng Tài chính - Kế hoạch đã mở hoặc xử lý lúc") as said:
        actions.recall(act_as(cast.chief), document)
    assert type(said.value) is Refusal
    assert not DocumentAct.objects.filter(verb="recall").exists()


@pytest.mark.parametrize("deed", ["assign", "progress", "send_back", "comment"])
def test_not_when_somebody_has_acted(cast, pdf, deed):
    document, head = play.distributed(cast, pdf), act_as(cast.head)
    if deed == "assign":
        line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist)
        actions.assign(head, document, [line])
    elif deed == "progress":
        actions.progress(head, document, percent=25, text="Đang làm.")
    elif deed == "send_back":
        actions.send_back(head, document, text="Không thuộc phòng.")
    else:
        actions.comment(head, document, text="Ý kiến.")
    with pytest.raises(Refusal, match="đã mở hoặc xử lý lúc"):
        actions.recall(act_as(cast.chief), document)


def test_what_the_office_itself_says_hinders_nothing(cast, pdf):
    document = play.distributed(cast, pdf)
    actions.comment(act_as(cast.chair), document, text="Làm kỹ.")
    assert actions.recall(act_as(cast.chief), document).state == "submitted"


def test_an_informed_person_who_has_read_it_counts(cast, pdf):
    document = play.submitted(cast, pdf)
    lines = [
        Line(AssignmentRole.LEAD, cast.planning),
        Line(AssignmentRole.INFORM, cast.office, cast.adviser),
    ]
    document = actions.distribute(act_as(cast.chief), document, lines)
    actions.read(act_as(cast.adviser), document)
    with pytest.raises(Refusal, match="Đặng Thị Thu Hà đã mở"):
        actions.recall(act_as(cast.chief), document)


def test_what_those_say_who_had_their_part_before_hinders_nothing(cast, pdf):
    """Kon Tum Điều 13.2: only they count whom the last distribution reached."""
    document = play.submitted(cast, pdf)
    lead = [Line(AssignmentRole.LEAD, cast.planning)]
    document = actions.distribute(act_as(cast.chief), document, lead)
    more = [Line(AssignmentRole.COORDINATE, cast.finance)]
    document = actions.distribute(act_as(cast.chief), document, more)
    actions.comment(act_as(cast.head), document, text="Phòng tôi đang làm.")
    document = actions.recall(act_as(cast.chief), document)
    assert dict(document.assignments.values_list("unit__short_name", "state")) == {
        "QLĐT": "waiting",
        "TCKH": "recalled",
    }
    document = actions.distribute(act_as(cast.chief), document, more)
    actions.comment(act_as(cast.finance_head), document, text="Đã nhận.")
    with pytest.raises(Refusal, match="Lý Thanh Tâm đã mở hoặc xử lý lúc"):
        actions.recall(act_as(cast.chief), document)


def test_what_was_added_later_comes_back_alone(cast, pdf):
    document = play.distributed(cast, pdf)
    mark_seen(document, act_as(cast.head))
    line = Line(AssignmentRole.COORDINATE, cast.office, cast.adviser)
    document = actions.distribute(act_as(cast.chief), document, [line])
    document = actions.recall(act_as(cast.chief), document)
    assert document.state == "in_process"
    assert document.assignments.get(person=cast.adviser).state == "recalled"
    assert document.assignments.filter(state="waiting").count() == 2
    # The rest has been opened.
    with pytest.raises(Refusal, match="Phòng Quản lý đô thị đã mở"):
        actions.recall(act_as(cast.chief), document)


def test_only_who_gives_out_takes_back(cast, pdf):
    """Kon Tum Điều 13.2, 16.1b."""
    document = play.distributed(cast, pdf)
    for who in ("clerk", "chair", "head", "specialist"):
        assert type(rules.may_recall(act_as(getattr(cast, who)), document)) is NotYours, who
    assert type(rules.may_recall(act_as(cast.chief), play.submitted(cast, pdf))) is Stale


def grants(document) -> tuple[set[str], set[str]]:
    """Names of the people and units who have a row."""
    users = UserGrant.objects.filter(content_object=document.pk)
    groups = GroupGrant.objects.filter(content_object=document.pk)
    return (
        set(users.values_list("user__username", flat=True)),
        set(groups.values_list("group__post__unit__name", flat=True)),
    )


def test_whoever_had_it_is_told_and_does_not_see_it_any_more(cast, pdf, client):
    """Kon Tum Điều 13.2: it goes to those whose work it is.

    Before, the unit that got it by mistake went on finding and opening what it had never opened:
    only the work was taken back. Now the sight goes with it, and the line that tells of the recall
    says nothing of what the document is about.
    """
    document = play.distributed(cast, pdf, subject="Điều động ông Hải")
    actions.recall(act_as(cast.chief), document)
    assert grants(document) == (set(), set())
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist)
    with pytest.raises(IncomingDocument.DoesNotExist):
        actions.assign(act_as(cast.head), document, [line])
    client.force_login(cast.head)
    assert client.get(document.get_absolute_url()).status_code == 404
    foreign = document.get_absolute_url().replace(str(document.pk), "987654")
    assert client.get(foreign).status_code == 404
    for name in ("reports:desk", "incoming:book", "reports:notifications"):
        page = client.get(reverse(name, args=[cast.city.slug])).content.decode()
        assert "Điều động ông Hải" not in page
        assert document.get_absolute_url() not in page
    assert "Thu hồi" in page
    assert "Một văn bản không còn được xem" in page
    assert not Waiting.objects.filter(document=document.pk, group__post__unit=cast.planning)
    client.force_login(cast.chair)
    told = client.get(document.get_absolute_url()).content.decode()
    assert "thu hồi việc đã giao" in told
    assert "Phòng Tài chính - Kế hoạch" in told.split("thu hồi việc đã giao")[1][:300]
    assert list(verifying.findings()) == []
    # Given anew, it is seen again.
    actions.distribute(act_as(cast.chief), document, [Line(AssignmentRole.LEAD, cast.planning)])
    assert grants(document) == (set(), {cast.planning.name})
    assert list(verifying.findings()) == []


def test_who_sees_it_by_another_act_goes_on_seeing_it(cast, pdf):
    """Kon Tum Điều 13.7c: what was shown to somebody apart from the work stays shown."""
    document, chief = play.submitted(cast, pdf), act_as(cast.chief)
    document = actions.share(chief, document, [Line(AssignmentRole.INFORM, cast.finance)])
    lines = [
        Line(AssignmentRole.LEAD, cast.planning),
        Line(AssignmentRole.COORDINATE, cast.finance),
    ]
    document = actions.distribute(chief, document, lines)
    actions.share(chief, document, [Line(AssignmentRole.INFORM, cast.office, cast.adviser)])
    actions.urge(chief, document, [cast_lead(document)], level=1, text="Làm ngay.")
    actions.comment(act_as(cast.chair), document, text="Làm kỹ.")
    document = actions.recall(chief, document)
    # The planning unit was only urged and spoken to in the work that it has no more.
    assert grants(document) == ({"adviser"}, {cast.finance.name})
    assert list(verifying.findings()) == []


def cast_lead(document):
    """The assignment that leads."""
    return document.assignments.get(role="lead")


def test_a_follower_of_the_field_loses_it_with_the_work(cast, pdf):
    """Bắc Giang Điều 5.4b: he follows work in his field; there is none any more."""
    deputy = cast.deputy.appointments.get()
    Follow.objects.create(appointment=deputy, unit=cast.planning, start_date=clock.today())
    document = play.distributed(cast, pdf)
    assert "deputy" in grants(document)[0]
    document = actions.recall(act_as(cast.chief), document)
    assert grants(document) == (set(), set())
    assert list(verifying.findings()) == []


def test_the_document_page_offers_it_until_somebody_opens(cast, pdf, client):
    """Kon Tum Điều 13.2 → /incoming/<id>/recall/"""
    document = play.distributed(cast, pdf)
    client.force_login(cast.chief)
    page = client.get(document.get_absolute_url()).content.decode()
    assert "?do=recall" in page
    answer = client.post(f"{document.get_absolute_url()}recall/", {"text": "Nhầm."}, follow=True)
    assert "Đã thu hồi việc vừa phân phối" in answer.content.decode()
    assert answer.context["document"].state == "submitted"
    other = play.distributed(cast, pdf, code_number="2")
    mark_seen(other, act_as(cast.head))
    page = client.get(other.get_absolute_url()).content.decode()
    assert "?do=recall" not in page
    assert "Phòng Quản lý đô thị đã mở hoặc xử lý lúc" in page
