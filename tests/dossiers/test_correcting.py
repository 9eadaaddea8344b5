"""Two who mend a dossier at once, and codes that differ in their letters' case alone."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from core import clock
from core.errors import Refusal, Stale
from documents import deciding
from documents.choices import AssignmentRole
from documents.models import Waiting
from dossiers import actions, verifying
from dossiers.actions import Fields, Line
from dossiers.models import Dossier
from notifications.models import Notification
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def fields(**changes) -> Fields:
    values = {"title": "Kè sông Đăk Bla", "file_notation": "01.XD", "maintenance": "20 năm"}
    return Fields(**(values | changes))


def typed(**changes) -> dict[str, str]:
    return {
        "title": "Kè sông Đăk Bla",
        "file_notation": "01.XD",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "creator": "Linh",
        "language": "Tiếng Việt",
        "reason": "Nhầm.",
        **changes,
    }


def test_what_another_has_mended_meanwhile_is_not_overwritten(cast, client):
    """The head opens the form; the specialist mends the title; the head's save is refused once."""
    dossier = actions.open(act_as(cast.specialist), fields())
    path = f"{dossier.get_absolute_url()}correct/"
    client.force_login(cast.head)
    page = client.get(path).content.decode()
    assert 'name="seen" value="1"' in page
    actions.correct(
        act_as(cast.specialist), dossier, fields(title="Kè sông Pô Kô"), reason="Nhầm sông."
    )
    mine = typed(rights="", description="Ghi chú của trưởng phòng", seen="1")
    answer = client.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "đã có bước mới từ lúc mở trang này" in page
    assert "Hoàng Thị Mỹ Linh" in page
    assert "Ghi chú của trưởng phòng" in page  # what he typed stays
    assert 'name="seen" value="2"' in page
    dossier.refresh_from_db()
    assert (dossier.subject, dossier.description) == ("Kè sông Pô Kô", "")
    # Having read it he saves again.
    assert client.post(path, mine | {"title": "Kè sông Pô Kô", "seen": "2"}).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.subject, dossier.description) == ("Kè sông Pô Kô", "Ghi chú của trưởng phòng")


def test_the_verb_refuses_what_was_drawn_before(cast):
    dossier, me = actions.open(act_as(cast.specialist), fields()), act_as(cast.specialist)
    actions.correct(me, dossier, fields(title="Một"), reason="Nhầm.", seen=1)
    with pytest.raises(Stale, match="Bước gần nhất"):
        actions.correct(me, dossier, fields(title="Hai"), reason="Nhầm.", seen=1)
    assert Dossier.objects.get(pk=dossier.pk).subject == "Một"


def test_a_code_is_one_whatever_the_case_of_its_letters(cast):
    """Cần Thơ Điều 13.3: 01.XD and 01.xd name one dossier, as they name one line."""
    first = actions.open(act_as(cast.specialist), fields())
    with pytest.raises(actions.CodeTaken) as refused:
        actions.open(act_as(cast.specialist), fields(file_notation="01.xd"))
    assert refused.value.other == first
    second = actions.open(act_as(cast.specialist), fields(file_notation="02.XD"))
    with pytest.raises(actions.CodeTaken):
        actions.correct(
            act_as(cast.specialist), second, fields(file_notation="1xd"), reason="Nhầm."
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.filter(pk=second.pk).update(file_code=first.file_code.lower())


def test_every_field_takes_as_many_letters_as_the_table_has(cast, client):
    """TT 01/2019 Phụ lục VI: no letter less, none more; each field says where it stops."""
    longest = {"title": 500, "rights": 30, "creator": 30, "language": 50, "description": 500}
    client.force_login(cast.specialist)
    new, keeper = "/kontum/dossiers/new/", cast.specialist.appointments.get().pk
    full = {name: "ữ" * count for name, count in longest.items()}
    full["file_notation"] = f"01.{'T' * 17}"
    answer = client.post(new, typed(**full, keeper=keeper))
    assert answer.status_code == 302
    made = Dossier.objects.get()
    columns = {"title": "subject"}
    for name, value in longest.items():
        assert getattr(made, columns.get(name, name)) == "ữ" * value
    assert made.file_notation == full["file_notation"]
    for name, count in longest.items():
        over = typed(file_notation="02.XD", keeper=keeper, **{name: "ữ" * (count + 1)})
        answer = client.post(new, over)
        assert answer.status_code == 422
        assert f"Dài quá {count} ký tự" in answer.content.decode(), name
        with pytest.raises(Refusal, match=f"dài quá {count} ký tự"):
            actions.open(
                act_as(cast.specialist), fields(file_notation="02.XD", **{name: "ữ" * (count + 1)})
            )
    answer = client.post(new, typed(file_notation=f"02.{'T' * 18}", keeper=keeper))
    assert "dài quá 20 ký tự" in answer.content.decode()
    assert Dossier.objects.count() == 1


# --- The day of work that somebody else has given.


def soon(days: int) -> date:
    return clock.today() + timedelta(days=days)


def lead(unit, person=None, day: date | None = None) -> Line:
    return Line(AssignmentRole.LEAD, unit, person, "Báo cáo.", day)


def given(cast) -> Dossier:
    """The chair has given a task to the unit, the head to his specialist: both until one day."""
    typed = Fields(title="Khảo sát vỉa hè", due_date=soon(10))
    task = actions.begin_task(
        act_as(cast.chair), typed, lines=[lead(cast.planning)], text="Đi xem, báo cáo lại."
    )
    return actions.assign(act_as(cast.head), task, [lead(cast.planning, cast.specialist)])


def days_of(dossier: Dossier) -> set[date | None]:
    """Every day that is written of it: its own, of each part, of whatever waits."""
    row = Dossier.objects.get(pk=dossier.pk)
    parts = row.assignments.values_list("due_date", flat=True)
    waits = Waiting.objects.filter(document=row.pk).values_list("due_date", flat=True)
    return {row.due_date, *parts, *waits}


def move(actor, dossier: Dossier, day: date | None) -> Dossier:
    typed = Fields(title=f"{dossier.subject}, sửa", due_date=day)
    return actions.correct(actor, dossier, typed, reason="Nhầm.")


def test_who_does_a_task_does_not_move_its_day(cast, client):
    """Kon Tum Điều 11.6c: he asks for a later one, and the leader decides."""
    task, head = given(cast), act_as(cast.head)
    with pytest.raises(Refusal, match="xin gia hạn") as refused:
        move(head, task, soon(30))
    assert (refused.value.field, days_of(task)) == ("due_date", {soon(10)})
    mended = move(head, task, None)  # the title alone: of the day he says nothing
    assert mended.subject == "Khảo sát vỉa hè, sửa"
    assert days_of(task) == {soon(10)}
    client.force_login(cast.head)
    path = f"{task.get_absolute_url()}correct/"
    page = client.get(path).content.decode()
    assert 'name="due_date"' not in page
    assert "Người thực hiện xin gia hạn." in page
    for day in ("", f"{soon(30):%d/%m/%Y}"):
        sent = {"title": f"Vỉa hè {day}", "reason": "Nhầm.", "due_date": day}
        answer = client.post(path, sent | {"start_date": f"{clock.today():%d/%m/%Y}"})
        assert answer.status_code == 302
        assert days_of(task) == {soon(10)}


def test_nor_by_making_a_dossier_of_it(cast):
    task, head = given(cast), act_as(cast.head)
    with pytest.raises(Refusal, match="xin gia hạn"):
        actions.grow(head, task, fields(due_date=soon(30)))
    assert not actions.grow(head, task, fields()).is_task
    assert days_of(task) == {soon(10)}


def test_nor_once_he_has_reported_it_late(cast):
    """What was late stays late."""
    task = given(cast)
    with clock.set_to(clock.now() + timedelta(days=20)):
        task = actions.finish(act_as(cast.specialist), task, text="Xong.")
        task = actions.finish(act_as(cast.head), task, text="Xong.")
        assert task.state == "completed"
        with pytest.raises(Refusal, match="xin gia hạn"):
            move(act_as(cast.head), task, soon(30))


@pytest.mark.parametrize("day", [5, 20])
def test_who_gave_it_moves_it_for_all_and_they_are_told(cast, day):
    """A typing error is mended: earlier or later, one day stands everywhere."""
    task = given(cast)
    Notification.objects.all().delete()
    move(act_as(cast.chair), task, soon(day))
    assert days_of(task) == {soon(day)}
    told = Notification.objects.filter(kind="correct").values_list("user__username", flat=True)
    assert set(told) == {"head", "specialist"}
    assert list(verifying.findings()) == []


def test_a_nearer_day_of_ones_own_stays(cast):
    task = given(cast)
    helper = Line(AssignmentRole.COORDINATE, cast.planning, cast.colleague, "Giúp.", soon(3))
    task = actions.assign(act_as(cast.head), task, [helper])
    move(act_as(cast.chair), task, soon(5))
    assert days_of(task) == {soon(5), soon(3)}


def test_who_keeps_what_another_opened_gives_it_out_until_that_day_at_most(cast):
    """The chair has opened it for the head: its day is the chair's."""
    keeper = cast.head.appointments.get()
    typed = fields(due_date=soon(10))
    dossier = actions.open(act_as(cast.chair), typed, keeper=keeper)
    head = act_as(cast.head)
    with pytest.raises(Refusal, match="xin gia hạn"):
        actions.correct(head, dossier, fields(due_date=soon(30)), reason="Nhầm.")
    with pytest.raises(Refusal, match="vượt quá"):
        actions.give_out(head, dossier, [lead(cast.planning, cast.specialist, soon(30))])
    dossier = actions.give_out(head, dossier, [lead(cast.planning, cast.specialist, soon(10))])
    with pytest.raises(Refusal, match="xin gia hạn"):
        actions.correct(head, dossier, fields(due_date=soon(30)), reason="Nhầm.")
    actions.correct(act_as(cast.vice), dossier, fields(due_date=soon(20)), reason="Nhầm.")
    assert days_of(dossier) == {soon(20)}


def kept_by_the_head(cast) -> Dossier:
    """The chair has opened it for the head, who gave it on with a nearer day."""
    keeper = cast.head.appointments.get()
    dossier = actions.open(act_as(cast.chair), fields(due_date=soon(10)), keeper=keeper)
    line = lead(cast.planning, cast.specialist, soon(3))
    return actions.give_out(act_as(cast.head), dossier, [line])


def test_a_nearer_day_with_which_a_keeper_gives_on_is_the_parts_alone(cast):
    """Kon Tum Điều 11.6c: the day of the chair stands; taken back it is given until that one."""
    dossier, head = kept_by_the_head(cast), act_as(cast.head)
    part = dossier.assignments.get()
    assert (dossier.due_date, part.due_date) == (soon(10), soon(3))
    dossier = actions.take_back(head, dossier, part, text="Giao người khác.")
    dossier = actions.give_out(head, dossier, [lead(cast.planning, cast.colleague, soon(10))])
    assert Dossier.objects.get(pk=dossier.pk).due_date == soon(10)
    assert dossier.assignments.get(person=cast.colleague).due_date == soon(10)
    assert list(verifying.findings()) == []


def test_a_later_day_of_such_a_part_leaves_the_chairs_day(cast):
    dossier = kept_by_the_head(cast)
    dossier = actions.request_extension(
        act_as(cast.specialist), dossier, day=soon(8), text="Chờ số liệu."
    )
    [row] = dossier.open_extensions
    dossier = actions.decide_extension(act_as(cast.chair), dossier, row, agree=True)
    assert dossier.due_date == soon(10)
    assert dossier.assignments.get().due_date == soon(8)


def ask_later(cast, dossier: Dossier, day: int) -> Dossier:
    return actions.request_extension(
        act_as(cast.specialist), dossier, day=soon(day), text="Chờ số liệu."
    )


def test_a_keeper_agrees_to_no_day_beyond_the_chairs(cast):
    """Where no regulation names who decides: the keeper until that day, beyond it who named it."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    dossier, head, chair = kept_by_the_head(cast), act_as(cast.head), act_as(cast.chair)
    with pytest.raises(Refusal, match="vượt quá thời hạn đã định của hồ sơ"):
        ask_later(cast, dossier, 20)
    dossier = ask_later(cast, dossier, 8)
    [row] = dossier.open_extensions
    with pytest.raises(Refusal, match="vượt quá thời hạn đã định của hồ sơ"):
        actions.decide_extension(head, dossier, row, agree=True, day=soon(20))
    dossier = actions.decide_extension(head, dossier, row, agree=True, day=soon(10))
    assert days_of(dossier) == {soon(10)}
    dossier = ask_later(cast, dossier, 20)
    [row] = dossier.open_extensions
    assert Waiting.objects.get(document=dossier.pk, verb="decide_extension").user == cast.chair
    with pytest.raises(Refusal, match="Không có yêu cầu gia hạn nào"):
        actions.decide_extension(head, dossier, row, agree=True)
    dossier = actions.decide_extension(chair, dossier, row, agree=True)
    assert days_of(dossier) == {soon(20)}
    assert list(verifying.findings()) == []


def test_of_a_chair_who_has_left_the_leaders_decide_on_such_a_day(cast):
    """Also where he was asked already: the clock asks them instead."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    dossier = ask_later(cast, kept_by_the_head(cast), 10)
    [row] = dossier.open_extensions
    dossier = actions.decide_extension(act_as(cast.head), dossier, row, agree=True)
    dossier = ask_later(cast, dossier, 20)
    cast.chair.appointments.update(end_date=soon(-1))
    assert list(verifying.findings()) == []
    for _time in range(2):
        assert actions.watch_leavers(cast.city).left == 0
    row = Waiting.objects.get(document=dossier.pk, verb="decide_extension")
    assert row.group.post.role == "leader"
    assert list(verifying.findings()) == []
    dossier = Dossier.objects.get(pk=dossier.pk)
    [row] = dossier.open_extensions
    actions.decide_extension(act_as(cast.vice), dossier, row, agree=True)
    assert days_of(dossier) == {soon(20)}


def test_who_named_the_day_and_leads_decides_not_on_his_own(cast):
    """The head opened it for his specialist, the chief gives it to the unit: the chief is asked."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    keeper = cast.specialist.appointments.get()
    dossier = actions.open(act_as(cast.head), fields(due_date=soon(10)), keeper=keeper)
    dossier = actions.give_out(act_as(cast.chief), dossier, [lead(cast.planning)])
    dossier = actions.request_extension(act_as(cast.head), dossier, day=soon(20), text="Chờ.")
    [row] = dossier.open_extensions
    decides = {
        who
        for who in ("head", "chief")
        if deciding.decides(act_as(getattr(cast, who)), dossier, row)
    }
    assert decides == {"chief"}


def test_who_gives_out_his_own_dossier_moves_its_day(cast):
    """Also where another keeps it: the chief who opened it decides what his unit asks."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    keeper = cast.head.appointments.get()
    dossier = actions.open(act_as(cast.chief), fields(due_date=soon(10)), keeper=keeper)
    line = lead(cast.planning, cast.specialist, soon(5))
    dossier = actions.give_out(act_as(cast.chief), dossier, [line])
    dossier = ask_later(cast, dossier, 20)
    [row] = dossier.open_extensions
    dossier = actions.decide_extension(act_as(cast.chief), dossier, row, agree=True)
    assert days_of(dossier) == {soon(20)}


@pytest.mark.parametrize(("day", "part"), [(20, 3), (5, 3), (2, 2)])
def test_a_day_moved_by_the_chair_goes_no_further_than_the_nearer_one(cast, day, part):
    dossier = kept_by_the_head(cast)
    dossier = actions.correct(
        act_as(cast.chair), dossier, fields(due_date=soon(day)), reason="Nhầm."
    )
    assert (dossier.due_date, dossier.assignments.get().due_date) == (soon(day), soon(part))


def test_ones_own_work_has_the_day_that_one_gives_it(cast):
    dossier = actions.open(act_as(cast.specialist), fields(due_date=soon(10)))
    for who, day in (("specialist", 20), ("head", 30), ("chief", 15)):
        typed = fields(due_date=soon(day))
        dossier = actions.correct(act_as(getattr(cast, who)), dossier, typed, reason="Nhầm.")
        assert days_of(dossier) == {soon(day)}
    # Given out by the head, it is the head's day.
    line = lead(cast.planning, cast.specialist, soon(15))
    dossier = actions.give_out(act_as(cast.head), dossier, [line])
    with pytest.raises(Refusal, match="xin gia hạn"):
        actions.correct(act_as(cast.specialist), dossier, fields(due_date=soon(30)), reason="Nhầm.")
    actions.correct(act_as(cast.head), dossier, fields(due_date=soon(12)), reason="Nhầm.")
    assert days_of(dossier) == {soon(12)}
