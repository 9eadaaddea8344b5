"""Work of people who have left, or are away: it is taken back and given to another."""

import io
import json
from datetime import timedelta
from html import unescape

import pytest
from django.core.management import call_command

from accounts.actions import delegate
from accounts.models import Appointment, User
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.actions import mark_seen
from documents.choices import AssignmentRole, Outcome
from documents.models import DocumentAct, Extension, Waiting
from incoming import actions, rules, verifying
from incoming.actions import Line
from incoming.models import IncomingDocument
from incoming.presenting import trail
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
LEAD = AssignmentRole.LEAD


def left(user) -> None:
    """His appointments ended yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    Appointment.objects.filter(user=user).update(end_date=yesterday)


def last(document) -> DocumentAct:
    return DocumentAct.objects.filter(target_id=document.pk).last()


def before_the_vice(cast, pdf) -> IncomingDocument:
    """Opened by him, and not decided."""
    document = play.submitted(cast, pdf)
    document = actions.propose(act_as(cast.chief), document, cast.vice, text="Xin ý kiến.")
    mark_seen(document, act_as(cast.vice))
    return document


# --- Before a leader.


def test_what_lies_with_a_leader_who_has_left_is_put_before_another(cast, pdf):
    """Kon Tum Điều 13.2: nothing stays with him for ever."""
    document = before_the_vice(cast, pdf)
    left(cast.vice)
    document = actions.recall(act_as(cast.chief), document, text="Đồng chí đã chuyển công tác.")
    assert (document.state, document.proposed_to) == ("submitted", None)
    assert not Waiting.objects.filter(user=cast.vice).exists()
    assert list(verifying.findings()) == []
    line = trail([last(document)])[0]
    assert (line.verb_label, line.text) == (
        "rút lại việc trình lãnh đạo",
        "Đồng chí đã chuyển công tác.",
    )
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Trình lại.")
    assert actions.direct(act_as(cast.chair), document, text="Đồng ý.").state == "submitted"


def test_so_does_what_lies_with_one_who_is_away(cast, pdf):
    """Bắc Giang Điều 5.3d; Kon Tum Điều 13.2."""
    document = before_the_vice(cast, pdf)
    today = clock.today()
    delegate(act_as(cast.vice), cast.chair, start_date=today, end_date=today)
    document = actions.recall(act_as(cast.chief), document)
    assert document.state == "submitted"
    assert Notification.objects.filter(user=cast.vice, kind="recall").exists()


def test_a_leader_at_his_desk_who_has_opened_it_decides(cast, pdf):
    """Kon Tum Điều 13.3: nobody takes it out of his hands; nobody but the proposer at all."""
    document = before_the_vice(cast, pdf)
    with pytest.raises(Refusal, match="Lê Văn Hùng đã mở lúc"):
        actions.recall(act_as(cast.chief), document)
    for name in ("clerk", "vice", "chair", "head"):
        assert rules.may_recall(act_as(getattr(cast, name)), document) is not None
    actions.direct(act_as(cast.vice), document, text="Đồng ý.")
    with pytest.raises(Stale):
        actions.recall(act_as(cast.chief), document)


def test_one_that_he_has_not_opened_comes_back(cast, pdf, client):
    """Kon Tum Điều 13.2 → /incoming/<id>/recall/"""
    document = play.submitted(cast, pdf)
    document = actions.propose(act_as(cast.chief), document, cast.vice, text="Xin ý kiến.")
    client.force_login(cast.chief)
    answer = client.post(f"{document.get_absolute_url()}recall/", {"text": ""}, follow=True)
    assert "Đã rút lại văn bản số đến 1 trình lãnh đạo." in answer.content.decode()
    assert IncomingDocument.objects.get(pk=document.pk).state == "submitted"


# --- In a unit.


def test_a_head_takes_a_part_from_one_who_has_left_and_gives_it_on(cast, pdf):
    """Kon Tum Điều 20.2: his open wish for a later day ends with it."""
    document = play.distributed(cast, pdf)
    due = clock.today() + timedelta(days=3)
    line = Line(LEAD, cast.planning, cast.specialist, "", due)
    document = actions.assign(act_as(cast.head), document, [line])
    worker = act_as(cast.specialist)
    actions.request_extension(worker, document, day=due + timedelta(days=1), text="Việc nhiều.")
    left(cast.specialist)
    part = document.assignments.get(person=cast.specialist)
    document = actions.take_back(act_as(cast.head), document, part, text="Đã chuyển công tác.")
    part.refresh_from_db()
    assert part.state == "recalled"
    assert Extension.objects.get().outcome == Outcome.CLOSED
    assert last(document).detail["assignments"] == [part.pk]
    assert trail([last(document)])[0].verb_label == "thu hồi phần việc của"
    units = Waiting.objects.filter(document=document.pk, verb="assign")
    assert cast.planning in {row.group.post.unit for row in units}
    assert not Waiting.objects.filter(user=cast.specialist).exists()
    line = Line(LEAD, cast.planning, cast.colleague, "Làm tiếp.")
    document = actions.assign(act_as(cast.head), document, [line])
    assert Waiting.objects.get(user=cast.colleague).verb == "process"
    assert list(verifying.findings()) == []


def test_a_part_is_the_heads_to_take_and_needs_a_reason(cast, pdf):
    """Kon Tum Điều 20.2."""
    document = play.assigned(cast, pdf)
    part = document.assignments.get(person=cast.specialist)
    for name in ("finance_head", "chief", "specialist", "chair"):
        with pytest.raises(NotYours):
            actions.take_back(act_as(getattr(cast, name)), document, part, text="Lấy lại.")
    with pytest.raises(Refusal, match="Ghi lý do") as said:
        actions.take_back(act_as(cast.head), document, part, text="")
    assert said.value.field == "text"
    line = Line(AssignmentRole.COORDINATE, cast.planning, cast.colleague)
    document = actions.assign(act_as(cast.head), document, [line])
    actions.finish(act_as(cast.specialist), document, text="Xong.")
    with pytest.raises(Stale, match="Phần việc này đã kết thúc"):
        actions.take_back(act_as(cast.head), document, part, text="Lấy lại.")


def test_the_page_takes_a_part_back(cast, pdf, client):
    """Kon Tum Điều 20.2 → /incoming/<id>/take_back/"""
    document = play.assigned(cast, pdf)
    part = document.assignments.get(person=cast.specialist)
    client.force_login(cast.head)
    page = document.get_absolute_url()
    assert "Hoàng Thị Mỹ Linh (chủ trì)" in client.get(f"{page}?do=take_back").content.decode()
    form = {"part": part.pk, "text": "Nghỉ thai sản."}
    assert client.post(f"{page}take_back/", form | {"text": ""}).status_code == 422
    answer = client.post(f"{page}take_back/", form, follow=True)
    assert "giao lại cho người khác được" in answer.content.decode()
    assert Notification.objects.filter(user=cast.specialist, kind="take_back").exists()


# --- What the clock finds: nobody does a verb on the day when an appointment ends.


def watched() -> dict[str, int]:
    out = io.StringIO()
    call_command("watch_leavers", "--json", stdout=out)
    return json.loads(out.getvalue())


def asked(document) -> list[tuple[str, bool]]:
    """What is asked, and whether it is asked of a post."""
    rows = Waiting.objects.filter(document_id=document.pk)
    return [(row.verb, row.group_id is not None) for row in rows]


def test_what_lies_with_a_leader_who_has_left_comes_onto_the_chiefs_desk(client, cast, pdf):
    """Kon Tum Điều 13.2, 13.3: with why, and with the button that takes it back → /kontum/"""
    document = before_the_vice(cast, pdf)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked(document) == [("direct", False)]
    left(cast.vice)
    assert watched()["left"] == 1
    assert asked(document) == [("put_anew", True)]
    assert list(verifying.findings()) == []
    client.force_login(cast.chief)
    desk = unescape(client.get("/kontum/").content.decode())
    assert "Rút lại, trình lãnh đạo khác" in desk
    assert "lãnh đạo được trình đã thôi giữ chức vụ" in desk
    assert f"{document.get_absolute_url()}?do=recall#work" in desk
    notices = unescape(client.get("/kontum/notifications/").content.decode())
    assert "Lãnh đạo được trình đã thôi giữ chức vụ" in notices
    assert "Rút lại rồi trình lãnh đạo khác." in notices
    for name in ("clerk", "chair", "head"):
        client.force_login(getattr(cast, name))
        assert "Rút lại, trình lãnh đạo khác" not in client.get("/kontum/").content.decode()
    # Looked at once more, nobody is told again.
    assert watched()["left"] == 0
    assert Notification.objects.filter(kind="leader_left").count() == 1
    document = actions.recall(act_as(cast.chief), document)
    assert asked(document) == [("distribute", True)]
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Trình lại.")
    assert asked(document) == [("direct", False)]
    assert watched()["left"] == 0
    assert list(verifying.findings()) == []


def test_so_does_what_lies_with_one_whose_account_was_closed(cast, pdf):
    """Kon Tum Điều 13.2: he cannot come in any more, whatever his appointment says."""
    document = before_the_vice(cast, pdf)
    User.objects.filter(pk=cast.vice.pk).update(is_active=False)
    assert watched()["left"] == 1
    assert asked(document) == [("put_anew", True)]
    assert actions.recall(act_as(cast.chief), document).state == "submitted"


def test_one_who_is_back_is_asked_anew(cast, pdf):
    document = before_the_vice(cast, pdf)
    left(cast.vice)
    watched()
    Appointment.objects.filter(user=cast.vice).update(end_date=None)
    assert watched() == {"left": 0, "back": 1, "failed": 0}
    assert asked(document) == [("direct", False)]
    assert list(verifying.findings()) == []


def test_a_leader_who_is_only_away_is_stood_in_for(cast, pdf):
    """Kon Tum Điều 13.1: by whoever he has named; it stays with him."""
    document = before_the_vice(cast, pdf)
    today = clock.today()
    delegate(act_as(cast.vice), cast.chair, start_date=today, end_date=today)
    assert watched()["left"] == 0
    assert asked(document) == [("direct", False)]


def test_where_nobody_proposes_it_waits_until_somebody_does(cast, pdf):
    document = before_the_vice(cast, pdf)
    left(cast.vice)
    left(cast.chief)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked(document) == [("direct", False)]
    Appointment.objects.filter(user=cast.chief).update(end_date=None)
    assert watched()["left"] == 1


def test_an_office_without_proposals_has_nothing_of_it(cast, pdf):
    """Kon Tum Điều 16.1: a ward's chairman is submitted to by post, not in person."""
    document = play.registered(cast.ward_clerk, pdf)
    document = actions.submit(act_as(cast.ward_clerk), document)
    left(cast.ward_chair)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked(document) == [("distribute", True)]


# --- A part of the work.


def asked_whom(document) -> set[tuple[str, str]]:
    """What is asked of whom: people by account, posts by unit and role."""
    rows = Waiting.objects.filter(document_id=document.pk)
    return {
        (row.verb, row.user.username)
        if row.user
        else (row.verb, f"{row.group.post.unit.short_name} {row.group.post.role}")
        for row in rows.select_related("user", "group__post__unit")
    }


def told(kind: str) -> list[str]:
    rows = Notification.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("user__username", flat=True))


def test_what_lies_with_one_of_his_people_who_has_left_comes_onto_the_heads_desk(client, cast, pdf):
    """Kon Tum Điều 20.2: with why, and with the button that takes it back → /kontum/"""
    document = play.assigned(cast, pdf)
    untouched = play.assigned(cast, pdf, code_number="12")
    lines = [Line(AssignmentRole.COORDINATE, cast.planning, cast.colleague)]
    actions.assign(act_as(cast.head), untouched, lines)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    left(cast.specialist)
    assert list(verifying.findings()) == []
    assert watched() == {"left": 2, "back": 0, "failed": 0}
    assert asked_whom(document) == {("give_anew", "QLĐT unit_head"), ("assign", "TCKH unit_head")}
    assert ("process", "colleague") in asked_whom(untouched)
    assert list(verifying.findings()) == []
    client.force_login(cast.head)
    desk = unescape(client.get("/kontum/").content.decode())
    assert desk.count("Thu hồi, giao người khác") == 2
    assert "người được giao đã thôi giữ chức vụ" in desk
    assert "Hoàng Thị Mỹ Linh" in desk
    assert f"{document.get_absolute_url()}?do=take_back#work" in desk
    assert "Hoàng Thị Mỹ Linh" in unescape(client.get("/kontum/incoming/backlog/").content.decode())
    for name in ("chief", "deputy", "colleague", "finance_head"):
        client.force_login(getattr(cast, name))
        assert "Thu hồi, giao người khác" not in client.get("/kontum/").content.decode(), name
    # The button leads to what is to be done, and then nothing is asked of him any more.
    client.force_login(cast.head)
    part = document.assignments.get(person=cast.specialist)
    form = {"part": part.pk, "text": "Đã chuyển công tác."}
    assert client.post(f"{document.get_absolute_url()}take_back/", form).status_code == 302
    assert ("assign", "QLĐT unit_head") in asked_whom(document)
    assert list(verifying.findings()) == []


def test_the_head_is_told_once_however_often_the_clock_looks(client, cast, pdf):
    """Kon Tum Điều 20.2: one notice for each cause; also where a verb was faster than the clock."""
    first, second = play.assigned(cast, pdf), play.assigned(cast, pdf, code_number="12")
    left(cast.specialist)
    actions.comment(act_as(cast.head), second, text="Đã xem.")
    assert ("give_anew", "QLĐT unit_head") in asked_whom(second)
    assert told("work_left") == []
    watched()
    watched()
    assert told("work_left") == ["head", "head"]
    paths = set(Notification.objects.filter(kind="work_left").values_list("path", flat=True))
    assert paths == {first.get_absolute_url(), second.get_absolute_url()}
    client.force_login(cast.head)
    page = unescape(client.get("/kontum/notifications/").content.decode())
    assert "Người được giao việc đã thôi giữ chức vụ" in page
    assert "Thu hồi phần việc rồi giao người khác." in page
    client.cookies["django_language"] = "en"
    page = unescape(client.get("/kontum/notifications/").content.decode())
    assert "Whoever had the work has left his post" in page
    assert "Take the part back, then give it to another." in page
    # Given to another who leaves in his turn, it is another cause.
    part = first.assignments.get(person=cast.specialist)
    first = actions.take_back(act_as(cast.head), first, part, text="Đã chuyển công tác.")
    line = Line(LEAD, cast.planning, cast.colleague)
    with clock.set_to(clock.now() + timedelta(minutes=1)):
        actions.assign(act_as(cast.head), first, [line])
        left(cast.colleague)
        watched()
        watched()
    assert told("work_left") == ["head", "head", "head"]


def test_two_leave_one_after_the_other_and_nothing_is_wrong_in_between(cast, pdf):
    """The clock has looked at the one, not yet at the other; any third row is wrong."""
    document = play.assigned(cast, pdf)
    lines = [Line(AssignmentRole.COORDINATE, cast.planning, cast.colleague)]
    actions.assign(act_as(cast.head), document, lines)
    left(cast.specialist)
    watched()
    left(cast.colleague)
    assert {("give_anew", "QLĐT unit_head"), ("process", "colleague")} <= asked_whom(document)
    assert list(verifying.findings()) == []
    part = document.assignments.get(person=cast.specialist)
    Waiting.objects.filter(assignment=part.pk).update(verb="conclude")
    [wrong] = verifying.findings()
    assert "waiting" in wrong
    Waiting.objects.filter(assignment=part.pk).delete()
    assert len(list(verifying.findings())) == 1
    assert len(list(verifying.findings(repair=True))) == 1
    assert list(verifying.findings()) == []


def test_without_a_head_the_office_is_asked(client, cast, pdf):
    """Kon Tum Điều 13.2: it takes the unit's part back; a new head is asked as soon as he is."""
    document = play.assigned(cast, pdf)
    left(cast.specialist)
    left(cast.head)
    assert watched()["left"] == 1
    assert ("give_anew", "VP office_chief") in asked_whom(document)
    assert told("work_left") == ["chief"]
    assert list(verifying.findings()) == []
    client.force_login(cast.chief)
    assert "Thu hồi, giao người khác" in client.get("/kontum/").content.decode()
    page = client.get(f"{document.get_absolute_url()}?do=take_back").content.decode()
    assert "Phòng Quản lý đô thị (chủ trì)" in page
    new = cast.deputy.appointments.get()
    new.role, new.title = "unit_head", "Trưởng phòng"
    new.save()
    watched()
    assert ("give_anew", "QLĐT unit_head") in asked_whom(document)
    assert told("work_left") == ["chief", "deputy"]
    assert list(verifying.findings()) == []


def test_of_the_first_line_the_office_is_asked(cast, pdf):
    """Kon Tum Điều 13.2: given to a person directly; his head does not have it."""
    lines = [Line(LEAD, cast.planning, cast.specialist)]
    document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    left(cast.specialist)
    assert watched()["left"] == 1
    assert asked_whom(document) == {("give_anew", "VP office_chief")}
    assert list(verifying.findings()) == []


def test_what_he_had_given_on_waits_for_those_below_first(cast, pdf):
    """Kon Tum Điều 20.2: while one of them leads it nothing stops; then it is his head's."""
    lines = [Line(LEAD, cast.planning, cast.head)]
    document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    line = Line(LEAD, cast.planning, cast.specialist)
    document = actions.assign(act_as(cast.head), document, [line])
    left(cast.head)
    assert watched()["left"] == 0
    assert asked_whom(document) == {("process", "specialist")}
    document = actions.finish(act_as(cast.specialist), document, text="Xong.")
    assert asked_whom(document) == {("give_anew", "VP office_chief")}
    assert list(verifying.findings()) == []


def test_one_who_is_back_has_his_part_anew(cast, pdf):
    document = play.assigned(cast, pdf)
    left(cast.specialist)
    watched()
    Appointment.objects.filter(user=cast.specialist).update(end_date=None)
    assert watched() == {"left": 0, "back": 1, "failed": 0}
    assert ("process", "specialist") in asked_whom(document)
    assert list(verifying.findings()) == []


def test_where_nobody_takes_it_back_it_waits_until_somebody_does(cast, pdf):
    lines = [Line(LEAD, cast.planning, cast.specialist)]
    document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    left(cast.specialist)
    left(cast.chief)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked_whom(document) == {("process", "specialist")}
    Appointment.objects.filter(user=cast.chief).update(end_date=None)
    assert watched()["left"] == 1


def test_who_was_only_to_know_leaves_nothing_behind(cast, pdf):
    document = play.distributed(cast, pdf)
    line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
    actions.share(act_as(cast.chief), document, [line])
    left(cast.adviser)
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert not Waiting.objects.filter(verb="give_anew").exists()


# --- Of the first line.


def test_the_office_takes_the_first_line_back_from_one_who_has_left(cast, pdf, client):
    """Kon Tum Điều 13.2: given to a person directly; nobody else could go on with it.

    → /incoming/<id>/take_back/
    """
    due = clock.today() + timedelta(days=5)
    lines = [
        Line(LEAD, cast.planning, cast.specialist, "", due),
        Line(AssignmentRole.COORDINATE, cast.finance),
    ]
    document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    left(cast.specialist)
    part = document.assignments.get(person=cast.specialist)
    client.force_login(cast.chief)
    page = document.get_absolute_url()
    form = {"part": part.pk, "text": "Đã chuyển công tác."}
    answer = client.post(f"{page}take_back/", form, follow=True)
    assert "giao lại cho người khác được" in answer.content.decode()
    document = IncomingDocument.objects.get(pk=document.pk)
    assert (document.state, document.to_places) == ("in_process", str(cast.finance))
    assert ("distribute", True) in asked(document)
    again = [Line(LEAD, cast.planning, cast.colleague, "", due)]
    actions.distribute(act_as(cast.chief), document, again)
    assert Waiting.objects.get(user=cast.colleague).verb == "process"
    assert list(verifying.findings()) == []


def test_where_a_return_goes_to_the_clerk_the_office_is_asked_for_what_it_took_back(cast, pdf):
    """Bắc Giang Điều 5.3b: the clerk enters documents, and distributes none."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    document = play.distributed(cast, pdf)
    [part] = [one for one in document.all_assignments if one.role == LEAD]
    document = actions.take_back(act_as(cast.chief), document, part, text="Giao nhầm.")
    rows = Waiting.objects.filter(document_id=document.pk, verb="distribute")
    assert [row.group.post.role for row in rows] == [document.distributing_role]
    assert list(verifying.findings()) == []
