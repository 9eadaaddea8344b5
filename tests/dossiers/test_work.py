"""The work on dossiers and tasks: the code of incoming documents, and what a dossier adds."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import proving
from documents.choices import AssignmentRole, AssignmentState, Outcome
from documents.models import DocumentAct, UserGrant, Waiting
from dossiers import actions, checks
from dossiers.actions import Fields, Line
from dossiers.choices import State
from dossiers.models import Dossier
from dossiers.rules import work as rules
from notifications.models import Notification
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

LEAD, COORDINATE, INFORM = AssignmentRole


def opened(who, *, is_task: bool = False) -> Dossier:
    """A dossier, or a task, that its opener keeps for himself."""
    actor, title = act_as(who), "Khắc phục sạt lở bờ kè sông Đăk Bla"
    if is_task:
        fields = Fields(title=title)
        return actions.open_task(actor, fields, keeper=actor.appointment, text="Khắc phục ngay.")
    count = Dossier.objects.count() + 1
    return actions.open(
        actor, Fields(title=title, file_notation=f"{count:02d}.QLĐT", maintenance="20 năm")
    )


def later(days: int):
    return clock.today() + timedelta(days=days)


def given(cast, **more) -> Dossier:
    """The chair has opened it and given it to a department."""
    lead = Line(LEAD, cast.planning, None, "Tham mưu phương án.", later(10))
    return actions.give_out(act_as(cast.chair), opened(cast.chair, **more), [lead])


def led(cast, **more) -> Dossier:
    """And the head to his specialist."""
    dossier = given(cast, **more)
    line = Line(LEAD, cast.planning, cast.specialist, "Khảo sát.", later(8))
    return actions.assign(act_as(cast.head), dossier, [line])


def proposed(cast) -> Dossier:
    """Who leads it proposes a department and a person of another."""
    lines = [
        Line(COORDINATE, cast.finance, None, "Thẩm định kinh phí.", later(5)),
        Line(COORDINATE, cast.office, cast.adviser, "Rà soát văn bản."),
    ]
    dossier = led(cast)
    text = "Cần dự toán."
    return actions.propose_coordinators(act_as(cast.specialist), dossier, lines, text=text)


def waits(dossier) -> set[tuple[str, str]]:
    """What is asked of whom: people by account, posts by unit and role."""
    rows = Waiting.objects.filter(document=dossier.pk).select_related("user", "group__post__unit")
    return {
        (
            row.verb,
            row.user.username
            if row.user
            else f"{row.group.post.unit.short_name} {row.group.post.role}",
        )
        for row in rows
    }


def sees(who, dossier) -> bool:
    return Dossier.objects.visible_to(act_as(who)).filter(pk=dossier.pk).exists()


def last_act(dossier) -> DocumentAct:
    return DocumentAct.objects.filter(target=dossier.pk).last()


def of_bac_giang(cast) -> None:
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()


def test_the_chair_gives_it_and_the_head_gives_it_on(cast):
    """Bắc Giang Điều 6.1, 6.2: to a department; its head to the specialist who leads."""
    of_bac_giang(cast)
    dossier = opened(cast.chair)
    assert waits(dossier) == {("give_out", "chair")}
    lines = [
        Line(LEAD, cast.planning, None, "Tham mưu phương án.", later(10)),
        Line(COORDINATE, cast.finance, None, "", later(9)),
        Line(INFORM, cast.office, cast.adviser),
    ]
    dossier = actions.give_out(act_as(cast.chair), dossier, lines, text="Khẩn trương.")
    assert (dossier.state, dossier.due_date) == (State.IN_PROCESS, later(10))
    assert waits(dossier) == {
        ("assign", "QLĐT unit_head"),
        ("assign", "TCKH unit_head"),
        ("read", "adviser"),
    }
    act = last_act(dossier)
    assert (act.verb, act.words.text) == ("give_out", "Khẩn trương.")
    assert act.article.startswith("khoản 1 Điều 6")
    assert sees(cast.head, dossier)
    assert not sees(cast.specialist, dossier)

    line = Line(LEAD, cast.planning, cast.specialist, "Khảo sát.", later(8))
    dossier = actions.assign(act_as(cast.head), dossier, [line])
    assert ("process", "specialist") in waits(dossier)
    assert last_act(dossier).article.startswith("khoản 2 Điều 6")
    assert sees(cast.specialist, dossier)
    assert list(proving.findings(Dossier)) == []


def test_the_head_may_keep_it_himself(cast):
    """Bắc Giang Điều 6.2: "(hoặc trực tiếp xử lý)"."""
    dossier = given(cast)
    line = Line(LEAD, cast.planning, cast.head, "", later(8))
    dossier = actions.assign(act_as(cast.head), dossier, [line])
    assert waits(dossier) == {("process", "head")}
    dossier = actions.finish(act_as(cast.head), dossier, text="Đã xong phần mình.")
    assert waits(dossier) == {("conclude", "QLĐT unit_head")}


def test_a_head_gives_a_task_to_his_own_people_only(cast):
    """Bình Định chương III Điều 10.1, Kon Tum Điều 20.2: work without a paper, given directly."""
    task = opened(cast.head, is_task=True)
    theirs = [Line(LEAD, cast.finance, cast.accountant, "", later(3))]
    with pytest.raises(Refusal, match="Chỉ giao việc cho người của đơn vị mình"):
        actions.give_out(act_as(cast.head), task, theirs)
    line = Line(LEAD, cast.planning, cast.specialist, "Làm báo cáo.", later(3))
    task = actions.give_out(act_as(cast.head), task, [line])
    assert waits(task) == {("process", "specialist")}
    task = actions.progress(act_as(cast.specialist), task, percent=50, text="Được một nửa.")
    refusal = rules.OF_WORK["progress"](act_as(cast.head), task)
    assert isinstance(refusal, NotYours)
    assert refusal.article.startswith("khoản 1 Điều 21")
    task = actions.finish(act_as(cast.specialist), task, text="Đã báo cáo.")
    assert (task.state, task.result) == (State.COMPLETED, "Đã báo cáo.")
    assert waits(task) == {("close", "head")}
    assert list(proving.findings(Dossier)) == []


def test_a_second_lead_is_refused_in_the_words_of_a_dossier(cast):
    dossier = given(cast)
    more = [Line(LEAD, cast.finance, None, "", later(4))]
    with pytest.raises(Stale, match=r"^Hồ sơ chỉ có một nơi chủ trì\..* giao việc lúc"):
        actions.give_out(act_as(cast.chief), dossier, more)
    again = [Line(COORDINATE, cast.planning, None, "", later(4))]
    with pytest.raises(Refusal, match="đã được giao hồ sơ này"):
        actions.give_out(act_as(cast.chief), dossier, again)


def test_the_lead_proposes_coordinators_who_are_asked(cast):
    """Bắc Giang Điều 6.2: "có thể đề xuất các phòng, ngành, đơn vị ... phối hợp xử lý"."""
    of_bac_giang(cast)
    dossier = proposed(cast)
    assert waits(dossier) == {
        ("process", "specialist"),
        ("answer_proposal", "TCKH unit_head"),
        ("answer_proposal", "adviser"),
    }
    act = last_act(dossier)
    assert (act.verb, act.words.text) == ("propose_coordinators", "Cần dự toán.")
    assert act.article.startswith("khoản 2 Điều 6")
    assert sees(cast.finance_head, dossier)
    assert sees(cast.adviser, dossier)
    # Whoever gave him the work knows of it.
    assert Notification.objects.filter(user=cast.head, kind="propose_coordinators").exists()
    assert not dossier.assignments.filter(role=COORDINATE).exists()
    assert list(proving.findings(Dossier)) == []


def test_who_agrees_coordinates_under_the_lead(cast):
    dossier = proposed(cast)
    unit, person = dossier.open_proposals
    dossier = actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    one = dossier.assignments.get(role=COORDINATE)
    assert (one.unit, one.person, one.directive) == (cast.finance, None, "Thẩm định kinh phí.")
    assert one.due_date == later(5)
    assert one.parent.person == cast.specialist
    assert one.given_by.user == cast.specialist
    dossier = actions.answer_proposal(
        act_as(cast.adviser), dossier, person, agree=False, text="Đang nghỉ phép."
    )
    assert waits(dossier) == {("process", "specialist"), ("assign", "TCKH unit_head")}
    person.refresh_from_db()
    assert (person.outcome, person.answer) == (Outcome.REFUSED, "Đang nghỉ phép.")
    # His head gives it on, and the lead may urge him; a colleague of the lead may not.
    line = Line(LEAD, cast.finance, cast.accountant, "", later(4))
    dossier = actions.assign(act_as(cast.finance_head), dossier, [line])
    theirs = dossier.assignments.filter(person=cast.accountant)
    dossier = actions.urge(
        act_as(cast.specialist), dossier, list(theirs), level=1, text="Gửi trước thứ Sáu."
    )
    with pytest.raises(Dossier.DoesNotExist):
        actions.urge(act_as(cast.colleague), dossier, list(theirs), level=1, text="Nhanh lên.")
    assert list(proving.findings(Dossier)) == []


def test_what_is_refused_of_proposals(cast):
    dossier = proposed(cast)
    unit, person = dossier.open_proposals
    again = [Line(COORDINATE, cast.finance)]
    with pytest.raises(Refusal, match="đang được đề xuất phối hợp"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, again, text="Lần nữa.")
    busy = [Line(COORDINATE, cast.planning)]
    with pytest.raises(Refusal, match="đã được giao hồ sơ này"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, busy, text="Lần nữa.")
    other = [Line(COORDINATE, cast.office)]
    with pytest.raises(Refusal, match="Ghi lý do đề xuất"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, other, text="")
    with pytest.raises(Refusal, match="Chọn đơn vị hoặc người phối hợp"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, [], text="Lần nữa.")
    strange = [Line(COORDINATE, cast.ward_unit)]
    with pytest.raises(Refusal, match="không thuộc cơ quan này"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, strange, text="Lần nữa.")
    past = [Line(COORDINATE, cast.office, None, "", later(-1))]
    with pytest.raises(Refusal, match="đã qua"):
        actions.propose_coordinators(act_as(cast.specialist), dossier, past, text="Lần nữa.")
    with pytest.raises(Refusal, match="Ghi lý do không phối hợp"):
        actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=False)
    with pytest.raises(Refusal, match="Chọn đề xuất phối hợp"):
        actions.answer_proposal(act_as(cast.finance_head), dossier, person, agree=True)
    actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    with pytest.raises(Stale, match="đã được nhận lời"):
        actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=False, text="Thôi.")


def test_who_was_given_a_part_meanwhile_agrees_to_nothing_twice(cast):
    """Bắc Giang Điều 6.2: the leader has named the unit himself before it answered."""
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    line = Line(COORDINATE, cast.finance)
    dossier = actions.give_out(act_as(cast.chair), dossier, [line])
    assert ("answer_proposal", "TCKH unit_head") in waits(dossier)
    dossier = actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    unit.refresh_from_db()
    assert (unit.outcome, unit.assignment) == ("agreed", None)
    assert dossier.assignments.filter(unit=cast.finance, person=None).count() == 1
    assert ("answer_proposal", "TCKH unit_head") not in waits(dossier)
    assert last_act(dossier).detail == {"proposal": unit.pk, "agreed": True}
    assert list(proving.findings(Dossier)) == []


def test_nobody_is_asked_to_help_a_lead_who_has_sent_it_back(cast):
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    dossier = actions.send_back(act_as(cast.specialist), dossier, text="Không đúng chuyên môn.")
    assert waits(dossier) == {("assign", "QLĐT unit_head")}
    with pytest.raises(NotYours):
        actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)


def test_sent_back_it_waits_for_another_lead(cast):
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    dossier = actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    with pytest.raises(Refusal, match="Ghi rõ lý do"):
        actions.send_back(act_as(cast.head), dossier, text="")
    dossier = actions.send_back(act_as(cast.head), dossier, text="Không đúng chức năng.")
    states = set(dossier.assignments.values_list("state", flat=True))
    assert states == {AssignmentState.SENT_BACK}
    assert waits(dossier) == {("give_out", "chair")}
    assert dossier.to_places == ""
    anew = [Line(LEAD, cast.finance, None, "", later(9))]
    dossier = actions.give_out(act_as(cast.chief), dossier, anew)
    assert waits(dossier) == {("assign", "TCKH unit_head")}
    assert list(proving.findings(Dossier)) == []


def test_later_days_and_opinions_are_those_of_all_work(cast):
    dossier = led(cast)
    dossier = actions.request_extension(
        act_as(cast.specialist), dossier, day=later(9), text="Chờ số liệu."
    )
    assert ("decide_extension", "QLĐT unit_head") in waits(dossier)
    [row] = dossier.open_extensions
    dossier = actions.decide_extension(act_as(cast.head), dossier, row, agree=True)
    assert dossier.assignments.get(person=cast.specialist).due_date == later(9)
    asked = [Line(COORDINATE, cast.finance)]
    dossier = actions.ask_opinion(act_as(cast.specialist), dossier, asked, text="Đủ tiền không?")
    assert ("give_opinion", "TCKH unit_head") in waits(dossier)
    dossier = actions.give_opinion(act_as(cast.finance_head), dossier, stance="agree")
    dossier = actions.ask_opinion(act_as(cast.specialist), dossier, asked, text="Còn gì không?")
    actions.withdraw_opinion(act_as(cast.specialist), dossier, list(dossier.open_opinions))
    dossier = actions.comment(act_as(cast.chief), dossier, text="Lưu ý tiến độ.")
    told = [Line(INFORM, cast.finance, cast.accountant)]
    dossier = actions.share(act_as(cast.specialist), dossier, told, confirmed=True)
    assert actions.read(act_as(cast.accountant), dossier)
    assert waits(dossier) == {("process", "specialist")}
    # Articles that speak of documents alone are not quoted.
    quoted = DocumentAct.objects.filter(target=dossier.pk).exclude(article="")
    assert set(quoted.values_list("verb", flat=True)) == {"assign"}
    assert list(proving.findings(Dossier)) == []


def test_done_by_its_lead_it_is_completed_and_the_rest_is_told(cast):
    """Bắc Giang Điều 6.2, 6.3: completed by who leads, then the chair is asked to close it."""
    of_bac_giang(cast)
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    dossier = actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    dossier = actions.request_extension(
        act_as(cast.specialist), dossier, day=later(9), text="Chờ số liệu."
    )
    with pytest.raises(Refusal, match="đang chủ trì, chưa báo kết quả"):
        actions.finish(act_as(cast.head), dossier, text="Xong.")
    dossier = actions.finish(act_as(cast.specialist), dossier, text="Đề xuất phương án 2.")
    assert dossier.state == State.IN_PROCESS
    dossier = actions.finish(act_as(cast.head), dossier, text="Nhất trí phương án 2.")
    assert (dossier.state, dossier.result) == (State.COMPLETED, "Nhất trí phương án 2.")
    assert dossier.completed_at is not None
    assert Notification.objects.filter(user=cast.finance_head, kind="finish").exists()
    assert waits(dossier) == {("close", "LĐ leader")}  # of them the head of the agency
    assert list(proving.findings(Dossier)) == []


SEEING = {"chair", "chief", "clerk", "head", "specialist", "adviser", "finance_head"}
ALLOWED = {
    "opened": {
        "give_out": {"chair", "chief"},
        "give_opinion": {"finance_head"},
        "withdraw_opinion": {"specialist"},
        "comment": SEEING,
        "share": {"chair", "chief"},
    },
    "in_process": {
        "give_out": {"chair", "chief"},
        "take_back": {"chair", "chief", "head"},
        "assign": {"head"},
        "propose_coordinators": {"head", "specialist"},
        "answer_proposal": {"adviser", "finance_head"},
        "progress": {"head", "specialist"},
        "finish": {"specialist"},
        "send_back": {"head", "specialist"},
        "urge": {"chair", "chief", "head"},
        "request_extension": {"head"},
        "decide_extension": {"head"},
        "ask_opinion": {"head", "specialist"},
        "give_opinion": {"finance_head"},
        "withdraw_opinion": {"specialist"},
        "comment": SEEING,
        "share": {"chair", "chief", "head", "specialist"},
    },
    "completed": {
        "share": {"chair", "chief", "head", "specialist"},
        "send_back": {"chair", "head"},
    },
    "closed": {"share": {"chair", "chief", "head", "specialist"}},
}


@pytest.mark.parametrize("state", State.values)
def test_every_verb_of_everybody_in_every_state(cast, state):
    """Whoever is not named is refused in words; something is asked of everybody beforehand."""
    dossier, lead = proposed(cast), act_as(cast.specialist)
    dossier = actions.request_extension(lead, dossier, day=later(9), text="Chờ số liệu.")
    asked = [Line(COORDINATE, cast.finance)]
    dossier = actions.ask_opinion(lead, dossier, asked, text="Đủ tiền không?")
    people = sorted(SEEING)
    for name in people:
        UserGrant.objects.get_or_create(
            user=getattr(cast, name),
            content_object_id=dossier.pk,
            permission_id=UserGrant.objects.values_list("permission", flat=True).first(),
            defaults={"kind": dossier.kind, "day": dossier.day, "number": dossier.number},
        )
    if state == State.OPENED:
        dossier.assignments.update(state=AssignmentState.RECALLED, closed_at=clock.now())
    Dossier.objects.filter(pk=dossier.pk).update(state=state)
    found: dict[str, set[str]] = {}
    for verb, rule in rules.OF_WORK.items():
        for name in people:
            seen = Dossier.objects.get(pk=dossier.pk)
            refusal = rule(act_as(getattr(cast, name)), seen)
            if refusal is None:
                found.setdefault(verb, set()).add(name)
            else:
                assert refusal.message.endswith("."), (verb, name)
    assert found == ALLOWED[state]


def test_the_desk_shows_what_a_dossier_asks_and_of_whom(cast, client):
    """Every task of a dossier is one line with one button, beside those of documents."""
    dossier = proposed(cast)
    page = f"/kontum/dossiers/{dossier.pk}/"
    for who, verb, label in (
        (cast.finance_head, "answer_proposal/", "Trả lời"),
        (cast.specialist, "", "Xử lý"),
    ):
        client.force_login(who)
        text = client.get("/kontum/").content.decode()
        assert f'href="{page}{verb}"' in text
        assert label in text
        assert dossier.subject in text
    other = opened(cast.chair)
    actions.send_back(act_as(cast.head), dossier, text="Không đúng chức năng.")
    client.force_login(cast.chair)
    text = client.get("/kontum/").content.decode()
    for one in (dossier, other):
        assert f'href="/kontum/dossiers/{one.pk}/give_out/"' in text
    # What he has been told of stands among his notices, in the words of a dossier.
    text = client.get("/kontum/notifications/").content.decode()
    assert "Chuyển trả" in text
    client.force_login(cast.finance_head)
    assert "Đề xuất phối hợp" in client.get("/kontum/notifications/").content.decode()


def test_a_stranger_finds_nothing(cast):
    dossier = proposed(cast)
    unit, _person = dossier.open_proposals
    for who in (cast.stranger, cast.strange_boss, cast.ward_chair, cast.colleague):
        with pytest.raises(Dossier.DoesNotExist):
            actions.give_out(act_as(who), dossier, [Line(LEAD, cast.finance)])
        with pytest.raises(Dossier.DoesNotExist):
            actions.answer_proposal(act_as(who), dossier, unit, agree=True)
    assert list(proving.findings(Dossier)) == []


def test_whoever_still_helps_is_named_before_it_is_closed(cast):
    """NĐ 30/2020 Điều 29.4: nothing is closed over open work without a word."""
    of_bac_giang(cast)  # the chair closes
    dossier = led(cast)
    line = Line(COORDINATE, cast.planning, cast.colleague, "Vẽ bản đồ.")
    actions.assign(act_as(cast.head), dossier, [line])
    actions.finish(act_as(cast.specialist), dossier, text="Xong khảo sát.")
    done = actions.complete(act_as(cast.head), dossier, text="Nhất trí phương án 1.")
    chair = act_as(cast.chair)
    found = {one.code: one.message for one in checks.findings(chair, done)}
    assert found["open_part"] == f"Chưa báo kết quả phần việc: {cast.colleague.full_name}"
    closing = {"end_date": clock.today(), "description": "Đủ."}
    with pytest.raises(Refusal, match="Chưa báo kết quả phần việc"):
        actions.close(chair, done, **closing, overruled={"empty": "Chỉ có ý kiến."})
    reasons = dict.fromkeys(found, "Bản đồ không cần nữa.")
    assert actions.close(chair, done, **closing, overruled=reasons).state == State.CLOSED


def test_taken_up_again_its_lead_goes_on(cast):
    """A completed dossier that is returned waits for whoever led it, not for its keeper."""
    dossier = given(cast)
    done = actions.complete(act_as(cast.head), dossier, text="Đề xuất phương án 1.")
    assert not done.is_led
    back = actions.send_back(act_as(cast.chair), done, text="Thiếu dự toán.")
    assert back.state == State.IN_PROCESS
    assert {verb for verb, _who in waits(back)} == {"assign"}
    assert back.is_led
    with pytest.raises(NotYours, match="chủ trì"):
        actions.complete(act_as(cast.chair), back, text="Xong.")
