"""A later day is asked for and decided: who decides, what moves, what stays of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate
from accounts.choices import Role, Scope
from accounts.models import Appointment
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.choices import AssignmentRole, Outcome
from documents.models import DocumentAct, Extension, Waiting
from incoming import actions, rules, verifying
from incoming.actions import Line
from incoming.models import IncomingDocument
from notifications.models import Notification
from reports.desk import work_of
from tests import cast as play
from tests.cast import SINCE, act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
LEAD = AssignmentRole.LEAD


def later(days: int):
    return clock.today() + timedelta(days=days)


def asked(cast, pdf, day: int = 8):
    """The planning unit, due in five days, asks for a later day."""
    document = play.distributed(cast, pdf)
    return actions.request_extension(
        act_as(cast.head), document, day=later(day), text="Chờ số liệu của Sở."
    )


def the(document) -> Extension:
    return Extension.objects.filter(assignment__document=document).latest("pk")


def last(document) -> DocumentAct:
    return DocumentAct.objects.filter(target_id=document.pk).last()


def decide(user, document, *, agree=True, **more):
    return actions.decide_extension(act_as(user), document, the(document), agree=agree, **more)


def test_a_unit_asks_the_leaders_and_goes_on_working(cast, pdf):
    """Kon Tum Điều 11.6c: heads report to the leaders of the city to be given more time."""
    document = asked(cast, pdf)
    row = the(document)
    assert (row.old_day, row.wanted_day, row.outcome) == (later(5), later(8), Outcome.ASKED)
    assert "điểm c khoản 6 Điều 11" in last(document).article
    for leader in (cast.chair, cast.vice):
        item = work_of(act_as(leader)).first
        assert item.verb_url.endswith("?do=decide_extension#work")
        assert "Chờ số liệu của Sở." in item.quote
    assert not Waiting.objects.waiting_for(act_as(cast.chief)).exists()
    # He sees that he waits, and his work still waits for him.
    mine = work_of(act_as(cast.head)).first
    assert (mine.verb_label, mine.due_date) == ("Giao việc", later(5))
    assert "chờ quyết định" in mine.awaits
    assert rules.may_finish(act_as(cast.head), document) is None
    assert list(verifying.findings()) == []


def test_the_leader_who_directed_decides_and_no_other(cast, pdf):
    """Kon Tum Điều 11.6c, 13.3."""
    document = play.submitted(cast, pdf)
    actions.propose(act_as(cast.chief), document, cast.vice, text="Đề xuất.")
    actions.direct(act_as(cast.vice), document, text="Đồng ý.")
    line = Line(LEAD, cast.planning, None, "Báo cáo.", later(5))
    actions.distribute(act_as(cast.chief), document, [line])
    actions.request_extension(act_as(cast.head), document, day=later(9), text="Việc khó.")
    with pytest.raises(NotYours):
        decide(cast.chair, document)
    decide(cast.vice, document)
    assert the(document).outcome == Outcome.AGREED


def test_agreeing_moves_the_day_of_the_unit_and_of_the_document(cast, pdf):
    """Kon Tum Điều 11.6c."""
    document = decide(cast.chair, asked(cast, pdf))
    one = document.assignments.get(unit=cast.planning)
    assert (one.due_date, document.due_date) == (later(8), later(8))
    assert IncomingDocument.objects.get(pk=document.pk).due_date == later(8)
    days = set(Waiting.objects.filter(assignment=one.pk).values_list("verb", "due_date"))
    assert days == {("assign", later(8))}
    row = the(document)
    assert (row.granted_day, row.decided_by.user, row.decided_at is not None) == (
        later(8),
        cast.chair,
        True,
    )
    assert Notification.objects.filter(user=cast.head, kind="decide_extension").exists()
    assert list(verifying.findings()) == []


def test_a_later_day_of_the_unit_goes_down_to_its_people(cast, pdf):
    """Kon Tum Điều 11.6c, 20.2: to whoever had the unit's day; a day of one's own stays."""
    document = play.distributed(cast, pdf)
    lines = [
        Line(LEAD, cast.planning, cast.specialist, "", later(5)),
        Line(AssignmentRole.COORDINATE, cast.planning, cast.colleague, "", later(3)),
        Line(AssignmentRole.COORDINATE, cast.planning, cast.deputy),
    ]
    document = actions.assign(act_as(cast.head), document, lines)
    actions.progress(act_as(cast.deputy), document, percent=50, text="Đang làm.")
    head = act_as(cast.head)
    document = actions.request_extension(head, document, day=later(8), text="Chờ số liệu.")
    document = decide(cast.chair, document)
    days = dict(document.assignments.exclude(person=None).values_list("person", "due_date"))
    assert days == {
        cast.specialist.pk: later(8),
        cast.deputy.pk: later(8),
        cast.colleague.pk: later(3),
    }
    assert Waiting.objects.get(user=cast.specialist).due_date == later(8)
    told = Notification.objects.filter(kind="decide_extension")
    assert set(told.values_list("user__username", flat=True)) == {"head", "specialist", "deputy"}
    assert list(verifying.findings()) == []


def test_work_below_that_has_ended_keeps_its_day(cast, pdf):
    """Kon Tum Điều 11.6c."""
    document = play.assigned(cast, pdf)
    actions.finish(act_as(cast.specialist), document, text="Đã kiểm tra.")
    head = act_as(cast.head)
    document = actions.request_extension(head, document, day=later(8), text="Chờ số liệu.")
    document = decide(cast.chair, document)
    assert document.assignments.get(person=cast.specialist).due_date == later(5)
    assert "carried" not in last(document).detail


def test_a_coordinator_who_gets_more_time_moves_no_document(cast, pdf):
    """Kon Tum Điều 11.6c."""
    document = play.distributed(cast, pdf)
    actions.request_extension(act_as(cast.finance_head), document, day=later(9), text="Chờ Sở.")
    document = decide(cast.chair, document)
    assert document.assignments.get(unit=cast.finance).due_date == later(9)
    assert document.due_date == later(5)


def test_the_chain_is_kept_in_rows(cast, pdf, client):
    """Kon Tum Điều 11.6c: another day than asked, a refusal with its reason, and again."""
    document = asked(cast, pdf, 20)
    document = decide(cast.chair, document, day=later(7), text="Chỉ thêm hai ngày.")
    head = act_as(cast.head)
    actions.request_extension(head, document, day=later(12), text="Còn vướng mặt bằng.")
    with pytest.raises(Refusal, match="lý do không đồng ý") as refused:
        decide(cast.chair, document, agree=False)
    assert refused.value.field == "text"
    decide(cast.vice, document, agree=False, text="Việc gấp.")
    rows = list(Extension.objects.order_by("pk").values_list("outcome", "granted_day", "answer"))
    assert rows == [
        ("agreed", later(7), "Chỉ thêm hai ngày."),
        ("refused", None, "Việc gấp."),
    ]
    client.force_login(cast.head)
    shown = client.get(document.get_absolute_url()).content.decode()
    for words in ("2 lần xin", "Còn vướng mặt bằng.", "Việc gấp.", "Không đồng ý"):
        assert words in shown


def test_one_open_request_at_a_time(cast, pdf):
    document = asked(cast, pdf)
    with pytest.raises(Refusal, match="đang chờ quyết định"):
        actions.request_extension(act_as(cast.head), document, day=later(9), text="Thêm nữa.")
    assert Extension.objects.count() == 1


@pytest.mark.parametrize("days", [-1, 3, 5])
def test_the_day_must_be_later(cast, pdf, days):
    document = play.distributed(cast, pdf)
    with pytest.raises(Refusal, match="phải sau thời hạn cũ") as refused:
        actions.request_extension(act_as(cast.head), document, day=later(days), text="Xin thêm.")
    assert refused.value.field == "day"


def persons(cast, pdf):
    """A specialist, due in three days under a unit that is due in five."""
    document = play.distributed(cast, pdf)
    line = Line(LEAD, cast.planning, cast.specialist, "", later(3))
    return actions.assign(act_as(cast.head), document, [line])


def test_a_person_asks_his_head_and_stays_within_the_units_day(cast, pdf):
    """Kon Tum Điều 20.2: the work of a person is his head's to give."""
    document, worker = persons(cast, pdf), act_as(cast.specialist)
    with pytest.raises(Refusal, match="vượt quá thời hạn của đơn vị"):
        actions.request_extension(worker, document, day=later(6), text="Việc nhiều.")
    actions.request_extension(worker, document, day=later(4), text="Việc nhiều.")
    with pytest.raises(NotYours):
        decide(cast.chair, document)
    with pytest.raises(Refusal, match="vượt quá thời hạn của đơn vị"):
        decide(cast.head, document, day=later(6))
    document = decide(cast.head, document, day=later(5))
    assert document.assignments.get(person=cast.specialist).due_date == later(5)
    assert document.due_date == later(5)
    assert last(document).article == ""


def test_without_a_named_decider_the_post_that_gave_the_work_decides(cast, pdf):
    """Bắc Giang says nothing of it: the chief gave the work, whoever is chief today decides."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    document = asked(cast, pdf)
    with pytest.raises(NotYours):
        decide(cast.chair, document)
    Appointment.objects.filter(user=cast.chief).update(end_date=clock.today() - timedelta(days=1))
    successor = make_person(cast.office, Role.OFFICE_CHIEF, "next", "Y Ngọc", "Chánh Văn phòng")
    assert clock.today() > SINCE
    decide(successor, document)
    assert the(document).decided_by.user == successor
    assert last(document).article == ""


@pytest.mark.parametrize("scope", [Scope.ALL, Scope.ROUTINE])
def test_a_delegate_decides_in_the_name_of_the_head(cast, pdf, scope):
    """Bắc Giang Điều 5.3d: with the whole post, not with its routine work only."""
    document = persons(cast, pdf)
    actions.request_extension(act_as(cast.specialist), document, day=later(4), text="Việc nhiều.")
    today = clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=later(2), scope=scope)
    deputy = act_as(cast.deputy)
    waits = set(Waiting.objects.waiting_for(deputy).values_list("verb", flat=True))
    if scope == Scope.ROUTINE:
        assert "decide_extension" not in waits
        with pytest.raises(NotYours):
            decide(cast.deputy, document)
        return
    assert "decide_extension" in waits
    decide(cast.deputy, document)
    act = last(document)
    assert (act.actor, act.on_behalf_of.user) == (cast.deputy, cast.head)
    assert act.detail["delegation"]
    assert list(verifying.findings()) == []


def test_a_delegate_asks_for_the_head_who_is_away(cast, pdf):
    """Bắc Giang Điều 5.3d."""
    document = play.distributed(cast, pdf)
    delegate(act_as(cast.head), cast.deputy, start_date=clock.today(), end_date=later(2))
    actions.request_extension(act_as(cast.deputy), document, day=later(8), text="Trưởng đi vắng.")
    act = last(document)
    assert (act.actor, act.on_behalf_of.user) == (cast.deputy, cast.head)
    assert the(document).asked_by == cast.head.appointments.get()


@pytest.mark.parametrize("verb", ["finish", "send_back"])
def test_work_that_ends_closes_the_request_in_words(cast, pdf, verb):
    """Kon Tum Điều 13.7a, 13.7c: nobody decides on a day that nobody needs."""
    document = asked(cast, pdf)
    row = the(document)
    getattr(actions, verb)(act_as(cast.head), document, text="Đã xong trước hạn.")
    row.refresh_from_db()
    assert (row.outcome, row.decided_by) == (Outcome.CLOSED, None)
    assert "trước khi có quyết định" in row.answer
    assert last(document).detail["closed_extensions"] == [row.pk]
    # Whoever had it on his desk is told, and the desk is empty.
    assert Notification.objects.filter(user=cast.chair, kind=verb).exists()
    assert not Waiting.objects.filter(verb="decide_extension").exists()
    with pytest.raises(Stale, match="đã khép lại: việc đã kết thúc hoặc chuyển trả"):
        actions.decide_extension(act_as(cast.chair), document, row, agree=True)
    assert list(verifying.findings()) == []


def test_the_page_asks_and_decides(cast, pdf, client):
    """Kon Tum Điều 11.6c → /incoming/<id>/."""
    document = play.distributed(cast, pdf)
    client.force_login(cast.head)
    page = document.get_absolute_url()
    assert "Thời hạn hiện nay" in client.get(f"{page}?do=request_extension").content.decode()
    path = reverse("incoming:verb", args=["kontum", document.pk, "request_extension"])
    form = {"day": f"{later(8):%d/%m/%Y}", "text": "Chờ số liệu."}
    assert client.post(path, form | {"text": ""}).status_code == 422
    assert client.post(path, form).status_code == 302
    assert "đang chờ quyết định" in client.get(page).content.decode()
    client.force_login(cast.chair)
    path = reverse("incoming:verb", args=["kontum", document.pk, "decide_extension"])
    assert client.post(path, {"extension": the(document).pk, "answer": "no"}).status_code == 422
    answer = {"extension": the(document).pk, "answer": "yes", "text": "Đồng ý."}
    assert client.post(path, answer).status_code == 302
    assert the(document).granted_day == later(8)
    # The notice of the one who asked says what was decided.
    client.force_login(cast.head)
    told = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert f"Nguyễn Đức Thành, đồng ý đến {later(8):%d/%m/%Y}: Đồng ý." in told
