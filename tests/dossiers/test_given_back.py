"""What comes back: from a lead who returns it, from one who has left; and whose it is then."""

import io
import json
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Appointment
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import proving
from documents.choices import AssignmentRole
from documents.models import Waiting
from dossiers import actions, rules
from dossiers.actions import Line
from dossiers.choices import Verb
from dossiers.models import Dossier
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.test_work import opened
from tests.dossiers.test_work_pages import (
    day,
    offered,
    page_of,
    person_key,
    primary,
    send,
    text,
    typed_dossier,
    unit_key,
)
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

LEAD, COORDINATE = AssignmentRole.LEAD, AssignmentRole.COORDINATE


def begun(giver: Any, lead: str, *, is_task: bool = False, **more: Any) -> Dossier:
    """Opened and given out by one form, as the pages do it."""
    client = Client()
    client.force_login(giver)
    given = {"who-0": lead, "directive-0": "Làm.", "due_date-0": day(9)} | more
    if is_task:
        typed = {"title": "Khảo sát vỉa hè", "text": "Làm.", "start_date": day(0), "rows": "4"}
        path = reverse("dossiers:new_task", args=["kontum"])
    else:
        typed = typed_dossier(keeper=giver.appointments.get().pk)
        path = reverse("dossiers:new_dossier", args=["kontum"])
    answer = client.post(path, typed | given)
    assert answer.status_code == 302, answer.content.decode()
    return Dossier.objects.order_by("pk").last()


def asked(dossier: Dossier) -> set[tuple[str, str]]:
    """What is asked of whom: people by account, posts by role and unit."""
    rows = Waiting.objects.filter(document=dossier.pk).select_related("user", "group__post__unit")
    return {
        (row.verb, row.user.username)
        if row.user
        else (row.verb, f"{row.group.post.unit.short_name} {row.group.post.role}")
        for row in rows
    }


# --- By who returns it


@pytest.mark.parametrize("is_task", [False, True])
def test_what_a_person_returns_is_the_givers_again(cast, is_task):
    """Bắc Giang Điều 6.1, 6.2; Kon Tum Điều 20.2: on the giver's desk, and no longer his.

    → /dossiers/<id>/send_back/
    """
    dossier = begun(cast.head, person_key(cast.specialist), is_task=is_task)
    assert dossier.keeper.user == cast.specialist
    assert (
        send(cast.specialist, dossier, "send_back", {"text": "Không đúng chuyên môn."}).status_code
        == 302
    )
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.keeper.user == cast.head
    assert asked(dossier) == {("give_out", "head")}
    assert Notification.objects.filter(user=cast.head, kind="send_back").exists()
    # He who returned it ends nothing in its stead.
    for verb in ("complete", "close"):
        rule = getattr(rules, f"may_{verb}")
        assert isinstance(rule(act_as(cast.specialist), dossier), NotYours), verb
    # Given to another it is the other's.
    line = {"rows": "4", "who-0": person_key(cast.colleague), "due_date-0": day(8)}
    assert send(cast.head, dossier, "give_out", line).status_code == 302
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.keeper.user == cast.colleague
    assert rules.may_correct(act_as(cast.specialist), dossier) is not None
    assert asked(dossier) == {("process", "colleague")}
    assert list(proving.findings(Dossier)) == []


def test_what_a_unit_returns_is_the_givers_again(cast):
    """Bắc Giang Điều 5.3b: "không đúng chức năng"; the head does not keep what is not his."""
    dossier = begun(cast.chair, unit_key(cast.planning))
    assert dossier.keeper.user == cast.head
    send(cast.head, dossier, "send_back", {"text": "Không đúng chức năng."})
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.keeper.user, dossier.to_places) == (cast.chair, "")
    assert asked(dossier) == {("give_out", "chair")}
    assert rules.may_give_out(act_as(cast.head), dossier) is not None
    line = {"rows": "4", "who-0": unit_key(cast.finance), "due_date-0": day(8)}
    assert send(cast.chair, dossier, "give_out", line).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).keeper.user == cast.finance_head
    assert list(proving.findings(Dossier)) == []


def test_who_kept_it_before_keeps_it_still(cast):
    """Cần Thơ Điều 13.1: the chief who keeps it himself is its keeper whoever leads it."""
    line = Line(LEAD, cast.planning, cast.specialist)
    dossier = actions.give_out(act_as(cast.chair), opened(cast.chief), [line])
    dossier = actions.send_back(act_as(cast.specialist), dossier, text="Nhầm.")
    assert dossier.keeper.user == cast.chief
    line = Line(LEAD, cast.finance)
    dossier = actions.give_out(act_as(cast.chair), dossier, [line])
    assert dossier.keeper.user == cast.chief


def test_a_deputy_is_asked_to_give_out_what_was_returned_to_him(cast):
    """Bắc Giang Điều 5.4a."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    line = Line(LEAD, cast.planning, cast.specialist)
    task = actions.begin_task(
        act_as(cast.deputy), actions.Fields(title="Khảo sát"), lines=[line], text="Làm."
    )
    task = actions.send_back(act_as(cast.specialist), task, text="Nhầm.")
    assert asked(task) == {("give_out", "deputy")}
    assert rules.may_give_out(act_as(cast.deputy), task) is None


def test_who_only_helped_takes_no_result_with_him(cast, pdf):
    """Bắc Giang Điều 6.2: what the lead has attached stays. → /dossiers/<id>/send_back/"""
    lines = [Line(LEAD, cast.planning), Line(COORDINATE, cast.finance)]
    dossier = actions.give_out(act_as(cast.chair), opened(cast.chair), lines)
    line = Line(LEAD, cast.planning, cast.specialist)
    dossier = actions.assign(act_as(cast.head), dossier, [line])
    me = act_as(cast.specialist)
    [item] = actions.add_files(me, dossier, [play.upload(pdf, "cong-van-di.pdf")])
    actions.finish(me, dossier, issued=item)
    send(cast.finance_head, dossier, "send_back", {"text": "Không thuộc lĩnh vực."})
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.issued_id, dossier.to_places) == (item.pk, str(cast.planning))
    assert f'<option value="{item.pk}" selected>' in text(page_of(cast.head, dossier, "complete"))


# --- From who has left


def left(user: Any) -> None:
    """His appointments ended yesterday."""
    yesterday = clock.today() - timedelta(days=1)
    Appointment.objects.filter(user=user).update(end_date=yesterday)


@pytest.mark.parametrize("is_task", [False, True])
def test_a_head_takes_a_part_from_one_who_has_left(cast, is_task):
    """Kon Tum Điều 20.2; Bắc Giang Điều 6.2: what he had led is given to another.

    → /dossiers/<id>/take_back/
    """
    dossier = begun(cast.chair, unit_key(cast.planning), is_task=is_task)
    line = {"rows": "4", "who-0": person_key(cast.specialist), "due_date-0": day(8)}
    assert send(cast.head, dossier, "assign", line).status_code == 302
    left(cast.specialist)
    part = dossier.assignments.get(person=cast.specialist)
    assert "take_back" in offered(cast.head, dossier)
    assert "(chủ trì)" in text(page_of(cast.head, dossier, "take_back"))
    typed = {"part": part.pk, "text": "Đã chuyển công tác."}
    assert send(cast.head, dossier, "take_back", typed | {"text": ""}).status_code == 422
    assert send(cast.head, dossier, "take_back", typed).status_code == 302
    part.refresh_from_db()
    assert part.state == "recalled"
    assert asked(dossier) == {("assign", "QLĐT unit_head")}
    assert "thu hồi phần việc của" in text(page_of(cast.head, dossier))
    line["who-0"] = person_key(cast.colleague)
    assert send(cast.head, dossier, "assign", line).status_code == 302
    assert asked(dossier) == {("process", "colleague")}
    assert list(proving.findings(Dossier)) == []


@pytest.mark.parametrize("is_task", [False, True])
def test_who_gives_out_takes_the_first_line_back(cast, is_task):
    """Bắc Giang Điều 6.1, Kon Tum Điều 20.2: from a person who led it all and has left."""
    dossier = begun(cast.chair, person_key(cast.specialist), is_task=is_task)
    left(cast.specialist)
    part = dossier.assignments.get(person=cast.specialist)
    typed = {"part": part.pk, "text": "Đã chuyển công tác."}
    # Nobody else does: not the head of another unit, not who only sees it.
    assert send(cast.clerk, dossier, "take_back", typed).status_code == 409
    assert send(cast.chief, dossier, "take_back", typed).status_code == 302
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.keeper.user, dossier.to_places) == (cast.chief, "")
    assert asked(dossier) == {("give_out", "chief")}
    line = {"rows": "4", "who-0": person_key(cast.colleague), "due_date-0": day(8)}
    assert send(cast.chief, dossier, "give_out", line).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).keeper.user == cast.colleague
    assert asked(dossier) == {("process", "colleague")}
    assert list(proving.findings(Dossier)) == []


def test_a_part_is_taken_back_by_who_gave_it(cast):
    """Kon Tum Điều 20.2: the chair does not reach into a unit; nobody takes back what is over."""
    dossier = actions.give_out(act_as(cast.chair), opened(cast.chair), [Line(LEAD, cast.planning)])
    lines = [
        Line(LEAD, cast.planning, cast.specialist),
        Line(COORDINATE, cast.planning, cast.colleague),
    ]
    dossier = actions.assign(act_as(cast.head), dossier, lines)
    inner = dossier.assignments.get(person=cast.specialist)
    with pytest.raises(NotYours, match="Chỉ người đã giao phần việc này"):
        actions.take_back(act_as(cast.chair), dossier, inner, text="Lấy lại.")
    with pytest.raises(NotYours):
        actions.take_back(act_as(cast.specialist), dossier, inner, text="Lấy lại.")
    with pytest.raises(Refusal, match="Ghi lý do thu hồi"):
        actions.take_back(act_as(cast.head), dossier, inner, text="")
    actions.finish(act_as(cast.specialist), dossier, text="Xong.")
    with pytest.raises(Stale, match="Phần việc này đã kết thúc"):
        actions.take_back(act_as(cast.head), dossier, inner, text="Lấy lại.")
    # The whole first line goes with what was given below it.
    [outer] = dossier.assignments.filter(parent=None)
    dossier = actions.take_back(act_as(cast.chair), dossier, outer, text="Giao nhầm.")
    assert not [one for one in dossier.all_assignments if one.is_open]
    assert asked(dossier) == {("give_out", "chair")}
    assert list(proving.findings(Dossier)) == []


# --- Where the one who would end it has left


def watched() -> dict[str, int]:
    out = io.StringIO()
    call_command("watch_leavers", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_what_was_reported_to_a_giver_who_has_left_is_closed_by_who_holds_his_post(cast):
    """Kon Tum Điều 20.2: the new head is asked, and ends the task, or wants more.

    → /dossiers/<id>/close/
    """
    task = begun(cast.head, person_key(cast.specialist), is_task=True)
    actions.complete(act_as(cast.specialist), task, text="Đã khảo sát.")
    assert asked(task) == {("close", "head")}
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    left(cast.head)
    # Until the clock has looked it lies with him, and nothing is wrong about that.
    assert list(proving.findings(Dossier)) == []
    assert watched()["left"] == 1
    assert list(proving.findings(Dossier)) == []
    Waiting.objects.filter(document=task.pk).update(verb="give_out")
    assert len(list(proving.findings(Dossier, repair=True))) == 1
    # Nobody heads the unit today: the office has it.
    assert asked(task) == {("close", "VP office_chief")}
    assert rules.may_close(act_as(cast.chief), Dossier.objects.get(pk=task.pk)) is None
    new = cast.deputy.appointments.get()
    new.role, new.title = "unit_head", "Trưởng phòng"
    new.save()
    assert watched()["left"] == 1
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked(task) == {("close", "QLĐT unit_head")}
    assert list(proving.findings(Dossier)) == []
    task = Dossier.objects.get(pk=task.pk)
    for who in ("colleague", "finance_head", "vice"):
        assert rules.may_close(act_as(getattr(cast, who)), task) is not None, who
    assert primary(cast.deputy, task) == "close"
    closing = {"end_date": day(0), "description": "Xong."}
    assert send(cast.deputy, task, "close", closing).status_code == 302
    assert Dossier.objects.get(pk=task.pk).state == "closed"


def test_a_giver_who_is_back_is_asked_anew(cast):
    task = begun(cast.head, person_key(cast.specialist), is_task=True)
    actions.complete(act_as(cast.specialist), task, text="Đã khảo sát.")
    left(cast.head)
    watched()
    Appointment.objects.filter(user=cast.head).update(end_date=None)
    assert watched() == {"left": 0, "back": 1, "failed": 0}
    assert asked(task) == {("close", "head")}
    assert list(proving.findings(Dossier)) == []


def test_of_a_chair_who_has_left_the_leaders_have_the_task(cast):
    """Kon Tum Điều 20.2: given by the chair, returned, and the chair has gone."""
    task = begun(cast.chair, unit_key(cast.planning), is_task=True)
    send(cast.head, task, "send_back", {"text": "Không đúng chức năng."})
    assert asked(task) == {("give_out", "chair")}
    left(cast.chair)
    assert watched()["left"] == 1
    assert asked(task) == {("give_out", "LĐ leader")}
    assert list(proving.findings(Dossier)) == []


@pytest.mark.parametrize("done", [False, True])
def test_the_head_has_what_a_keeper_who_has_left_kept_alone(cast, done):
    """NĐ 30/2020 Điều 29.2, 29.4: his own dossier is given to another, or closed for him."""
    dossier = opened(cast.specialist)
    if done:
        dossier = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    left(cast.specialist)
    assert watched()["left"] == 1
    assert asked(dossier) == {("close" if done else "give_out", "QLĐT unit_head")}
    assert primary(cast.head, dossier) == ("close" if done else "give_out")
    assert list(proving.findings(Dossier)) == []


def test_the_head_closes_what_one_who_has_left_had_led(cast):
    """Cần Thơ Điều 13.4: "cá nhân được giao nhiệm vụ"; his head for one who has left."""
    dossier = begun(cast.chair, person_key(cast.specialist))
    dossier = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    assert asked(dossier) == {("close", "specialist")}
    left(cast.specialist)
    assert watched()["left"] == 1
    assert asked(dossier) == {("close", "QLĐT unit_head")}
    assert list(proving.findings(Dossier)) == []


@pytest.mark.parametrize("is_task", [False, True])
def test_what_one_who_has_left_was_given_comes_onto_the_desk_of_who_gave_it(client, cast, is_task):
    """Kon Tum Điều 20.2; Bắc Giang Điều 6.1 → /kontum/"""
    dossier = begun(cast.chair, unit_key(cast.planning), is_task=is_task)
    line = {"rows": "4", "who-0": person_key(cast.specialist), "due_date-0": day(8)}
    assert send(cast.head, dossier, "assign", line).status_code == 302
    left(cast.specialist)
    assert list(proving.findings(Dossier)) == []
    assert watched()["left"] == 1
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    assert asked(dossier) == {("give_anew", "QLĐT unit_head")}
    assert list(proving.findings(Dossier)) == []
    assert told("work_left") == ["head"]
    client.force_login(cast.head)
    desk = unescape(client.get("/kontum/").content.decode())
    assert "Thu hồi, giao người khác" in desk
    assert reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "take_back"]) in desk


@pytest.mark.parametrize("giver", ["head", "chair", "chief"])
def test_what_one_who_has_left_led_himself_is_his_heads(cast, giver):
    """Bắc Giang Điều 6.1: whoever gave it, the head of the unit whose it is gives it to another."""
    dossier = begun(getattr(cast, giver), person_key(cast.specialist))
    left(cast.specialist)
    assert watched()["left"] == 1
    assert asked(dossier) == {("give_anew", "QLĐT unit_head")}
    assert told("work_left") == ["head"]
    part = dossier.assignments.get(person=cast.specialist)
    typed = {"part": part.pk, "text": "Đã chuyển công tác."}
    assert send(cast.head, dossier, "take_back", typed).status_code == 302
    assert list(proving.findings(Dossier)) == []


def test_of_one_from_elsewhere_who_helped_the_giver_is_asked(cast):
    """Bắc Giang Điều 6.1: the heads give out what is their units' only; without the giver the
    office."""
    lines = [Line(LEAD, cast.planning), Line(COORDINATE, cast.finance, cast.accountant)]
    dossier = actions.give_out(act_as(cast.chair), opened(cast.chair), lines)
    left(cast.accountant)
    assert watched()["left"] == 1
    assert asked(dossier) == {("assign", "QLĐT unit_head"), ("give_anew", "chair")}
    may_take_back = rules.OF_WORK[Verb.TAKE_BACK]
    assert may_take_back(act_as(cast.chair), Dossier.objects.get(pk=dossier.pk)) is None
    left(cast.chair)
    watched()
    assert ("give_anew", "VP office_chief") in asked(dossier)
    assert told("work_left") == ["chair", "chief"]
    assert may_take_back(act_as(cast.chief), Dossier.objects.get(pk=dossier.pk)) is None


def test_a_giver_who_leads_no_more_is_not_asked_to_take_back(cast):
    """Bắc Giang Điều 6.1: he works here still, but the rule refuses him; the office is asked."""
    lines = [Line(LEAD, cast.planning), Line(COORDINATE, cast.finance, cast.accountant)]
    dossier = actions.give_out(act_as(cast.chair), opened(cast.chair), lines)
    left(cast.chair)
    Appointment.objects.create(
        user=cast.chair, unit=cast.office, role="specialist", title="Chuyên viên",
        start_date=clock.today(),
    )  # fmt: skip
    left(cast.accountant)
    watched()
    assert asked(dossier) == {("assign", "QLĐT unit_head"), ("give_anew", "VP office_chief")}
    assert told("work_left") == ["chief"]
    may_take_back = rules.OF_WORK[Verb.TAKE_BACK]
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert may_take_back(act_as(cast.chair), dossier) is not None
    assert may_take_back(act_as(cast.chief), dossier) is None
    assert list(proving.findings(Dossier)) == []


def told(kind: str) -> list[str]:
    """Who was told so, by account."""
    rows = Notification.objects.filter(kind=kind).order_by("pk")
    return list(rows.values_list("user__username", flat=True))


@pytest.mark.parametrize("done", [False, True])
def test_who_has_what_one_who_has_left_kept_is_told_once(client, cast, done):
    """Kon Tum Điều 20.2; Cần Thơ Điều 13.4: in his notices, in both languages."""
    dossier = opened(cast.specialist)
    if done:
        actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    left(cast.specialist)
    watched()
    watched()
    assert told("holder_left") == ["head"]
    client.force_login(cast.head)
    page = unescape(client.get("/kontum/notifications/").content.decode())
    assert "Người giữ hồ sơ, công việc đã thôi giữ chức vụ" in page
    assert "Việc của người đó nay ở “Việc của tôi”." in page
    client.cookies["django_language"] = "en"
    page = unescape(client.get("/kontum/notifications/").content.decode())
    assert "Whoever kept the dossier or task has left his post" in page
    # One who is back and leaves again is another cause.
    Appointment.objects.filter(user=cast.specialist).update(end_date=None)
    watched()
    left(cast.specialist)
    watched()
    assert told("holder_left") == ["head", "head"]


@pytest.mark.parametrize("done", [False, True])
def test_he_is_told_too_where_a_verb_was_faster_than_the_clock(cast, done):
    """Kon Tum Điều 20.2: whichever turned it; who takes the post on later is told as well."""
    dossier = opened(cast.specialist)
    if done:
        actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    left(cast.specialist)
    actions.share(act_as(cast.chair), dossier, [Line("inform", cast.finance)], confirmed=True)
    verb = "close" if done else "give_out"
    assert (verb, "QLĐT unit_head") in asked(dossier)
    assert told("holder_left") == []
    assert watched() == {"left": 0, "back": 0, "failed": 0}
    watched()
    assert told("holder_left") == ["head"]
    left(cast.head)
    new = cast.deputy.appointments.get()
    new.role, new.title = "unit_head", "Trưởng phòng"
    new.save()
    watched()
    watched()
    assert told("holder_left") == ["head", "deputy"]
    assert list(proving.findings(Dossier)) == []


def test_of_what_a_post_closes_anyway_nobody_is_told_so(cast, monkeypatch):
    """Bắc Giang Điều 6.3: done while the clock had it on its list; the chair is asked anyway."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    dossier = opened(cast.specialist)
    actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    left(cast.specialist)
    monkeypatch.setattr("dossiers.actions.leaving.lying", lambda *_of: {dossier.pk})
    watched()
    assert asked(dossier) == {("close", "LĐ leader")}
    assert told("holder_left") == []


def test_one_who_has_only_changed_his_post_keeps_what_is_his(cast):
    """Kon Tum Điều 20.2: he still works here."""
    task = begun(cast.head, person_key(cast.specialist), is_task=True)
    actions.complete(act_as(cast.specialist), task, text="Đã khảo sát.")
    left(cast.head)
    Appointment.objects.create(
        user=cast.head, unit=cast.office, role="specialist", title="Chuyên viên",
        start_date=clock.today(),
    )  # fmt: skip
    assert watched()["left"] == 0
    assert asked(task) == {("close", "head")}
    assert rules.may_close(act_as(cast.head), Dossier.objects.get(pk=task.pk)) is None
