"""Delegations: who may stand in for whom, from which midnight to which."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from accounts import actions
from accounts.actor import actor_for
from accounts.choices import Role, Scope
from accounts.models import Appointment, Delegation
from core import clock
from core.errors import NotYours, Refusal
from tests.cast import SINCE, act_as, make_person

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)
BEFORE = datetime(2026, 2, 27, 9, tzinfo=HANOI)


@pytest.fixture(autouse=True)
def _some_days_before(at):
    at(BEFORE)


def delegated(cast, **changes) -> Delegation:
    """The head lets his deputy act for him for three days."""
    values = {"start_date": FIRST, "end_date": LAST} | changes
    return actions.delegate(act_as(cast.head), cast.deputy, **values)


def stands_in(user, agency) -> list[str]:
    return [one.person.username for one in actor_for(user, agency).delegations]


def test_it_begins_and_ends_at_midnight_by_the_clock_alone(cast, at):
    """Bắc Giang Điều 5.3d: while the head is away, and not a second longer."""
    delegated(cast)
    begin = datetime(2026, 3, 2, tzinfo=HANOI)
    end = datetime(2026, 3, 5, tzinfo=HANOI)
    for moment, names in (
        (begin - timedelta(seconds=1), []),
        (begin, ["head"]),
        (end - timedelta(seconds=1), ["head"]),
        (end, []),
    ):
        at(moment)
        assert stands_in(cast.deputy, cast.city) == names, moment


def test_the_delegate_keeps_what_he_is(cast, at):
    delegated(cast)
    at(datetime(2026, 3, 2, 8, tzinfo=HANOI))
    actor = actor_for(cast.deputy, cast.city)
    assert (actor.role, actor.own.title) == (Role.DEPUTY_HEAD, "Phó Trưởng phòng")
    assert not actor.heads(cast.planning.pk)
    [other] = actor.stand_ins()
    assert other.heads(cast.planning.pk)
    assert (other.user, other.principal) == (cast.deputy, cast.head)
    assert list(other.stand_ins()) == []
    # And the head, who may be back for an hour, loses nothing.
    assert actor_for(cast.head, cast.city).heads(cast.planning.pk)


def test_decisions_are_left_out_of_routine_work(cast, at):
    actions.delegate(
        act_as(cast.chair), cast.vice, start_date=FIRST, end_date=LAST, scope=Scope.ROUTINE
    )
    at(datetime(2026, 3, 2, 8, tzinfo=HANOI))
    actor = actor_for(cast.vice, cast.city)
    assert len(list(actor.stand_ins())) == 1
    assert list(actor.stand_ins(decides=True)) == []


@pytest.mark.parametrize(
    "end",
    ["appointment", "account", "revoked"],
)
def test_it_dies_with_what_it_stands_on(cast, at, end):
    """Nobody acts in a post that its holder has left."""
    made = delegated(cast)
    at(datetime(2026, 3, 3, 8, tzinfo=HANOI))
    assert stands_in(cast.deputy, cast.city) == ["head"]
    if end == "appointment":
        cast.head.appointments.update(end_date=date(2026, 3, 2))
    elif end == "account":
        type(cast.head).objects.filter(pk=cast.head.pk).update(is_active=False)
    else:
        actions.revoke(act_as(cast.head), made)
    assert stands_in(cast.deputy, cast.city) == []


def test_it_is_not_passed_on(cast, at):
    """The delegate's own delegate stands in for him, not for the head."""
    delegated(cast)
    actions.delegate(act_as(cast.deputy), cast.colleague, start_date=FIRST, end_date=LAST)
    at(datetime(2026, 3, 2, 8, tzinfo=HANOI))
    assert stands_in(cast.colleague, cast.city) == ["deputy"]
    [other] = actor_for(cast.colleague, cast.city).stand_ins()
    assert not other.heads(cast.planning.pk)


def test_revoking_twice_is_once_and_only_one_s_own(cast):
    made = delegated(cast)
    first = actions.revoke(act_as(cast.head), made).revoked_at
    assert actions.revoke(act_as(cast.head), made).revoked_at == first
    with pytest.raises(Delegation.DoesNotExist):
        actions.revoke(act_as(cast.deputy), made)
    delegated(cast)  # the days are free again


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"start_date": date(2026, 2, 26)}, "start_date", "hôm nay"),
        ({"end_date": date(2026, 3, 1)}, "end_date", "sau ngày bắt đầu"),
    ],
)
def test_days_that_cannot_be(cast, changes, field, word):
    with pytest.raises(Refusal, match=word) as said:
        delegated(cast, **changes)
    assert said.value.field == field
    assert not Delegation.objects.exists()


def test_not_beyond_the_end_of_the_post(cast):
    cast.head.appointments.update(end_date=date(2026, 3, 3))
    with pytest.raises(Refusal, match="03/03/2026"):
        delegated(cast)


def test_not_to_oneself_nor_to_a_stranger(cast):
    """Kon Tum Điều 7: rights are of the people of the agency."""
    head = act_as(cast.head)
    for person, word in ((cast.head, "chính mình"), (cast.stranger, "không giữ chức vụ")):
        with pytest.raises(Refusal, match=word):
            actions.delegate(head, person, start_date=FIRST, end_date=LAST)


def test_not_to_somebody_who_leaves_in_between(cast):
    cast.deputy.appointments.update(end_date=date(2026, 3, 3))
    with pytest.raises(Refusal, match="trong suốt thời gian"):
        delegated(cast)


def test_a_day_has_one_delegate(cast):
    delegated(cast)
    with pytest.raises(Refusal, match="Đinh Thị Vân"):
        actions.delegate(act_as(cast.head), cast.colleague, start_date=LAST, end_date=LAST)
    later = LAST + timedelta(days=1)
    actions.delegate(act_as(cast.head), cast.colleague, start_date=later, end_date=later)


def test_two_do_not_stand_in_for_each_other(cast):
    delegated(cast)
    with pytest.raises(Refusal, match="Nguyễn Quốc Bảo"):
        actions.delegate(act_as(cast.deputy), cast.head, start_date=LAST, end_date=LAST)


def test_administrators_are_appointed_not_delegated(cast):
    with pytest.raises(NotYours):
        actions.delegate(act_as(cast.admin), cast.adviser, start_date=FIRST, end_date=LAST)


def test_the_chief_only_to_his_deputy(cast):
    """Kon Tum Điều 13.1: the deputy chief, when delegated."""
    chief = act_as(cast.chief)
    with pytest.raises(Refusal, match="cấp phó") as said:
        actions.delegate(chief, cast.adviser, start_date=FIRST, end_date=LAST)
    assert said.value.article.startswith("khoản 1 Điều 13")
    deputy = make_person(
        cast.office, Role.DEPUTY_HEAD, "deputy_chief", "Lê Thị Hoa", "Phó Chánh Văn phòng"
    )
    assert actions.delegate(chief, deputy, start_date=FIRST, end_date=LAST).delegate == deputy


def test_a_head_only_to_his_deputy_in_bac_giang(cast):
    """Bắc Giang Điều 5.3d: the head delegates to his deputy; a ward's chair to the vice chair."""
    for agency in (cast.city, cast.ward):
        agency.regulation_name = "bac-giang-2014"
        agency.save()
    with pytest.raises(Refusal, match="cấp phó") as said:
        actions.delegate(act_as(cast.head), cast.colleague, start_date=FIRST, end_date=LAST)
    assert said.value.article.startswith("điểm d khoản 3 Điều 5")
    delegated(cast)
    with pytest.raises(Refusal, match="cấp phó"):
        actions.delegate(
            act_as(cast.ward_chair), cast.ward_officer, start_date=FIRST, end_date=LAST
        )
    vice = make_person(cast.ward_unit, Role.LEADER, "ward_vice", "Y Lan", "Phó Chủ tịch")
    actions.delegate(act_as(cast.ward_chair), vice, start_date=FIRST, end_date=LAST)


def test_one_post_of_two_is_delegated(cast, at):
    """The other post of the same person stays his."""
    second = Appointment.objects.create(
        user=cast.head, unit=cast.finance, role=Role.DEPUTY_HEAD, title="Phó", start_date=SINCE
    )
    delegated(cast)
    at(datetime(2026, 3, 2, 8, tzinfo=HANOI))
    [one] = actor_for(cast.deputy, cast.city).delegations
    assert one.appointment.unit == cast.planning
    assert second.delegations.count() == 0


@pytest.mark.race
def test_two_clicks_make_one_delegation(cast, committed):
    """Two windows at once: one is told who was quicker."""
    barrier, outcomes = Barrier(2), []

    def click() -> None:
        try:
            barrier.wait(10)
            with clock.set_to(BEFORE):
                delegated(cast)
            outcomes.append("made")
        except Refusal:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["made", "refused"]
    assert Delegation.objects.count() == 1


# --- The page.


def page(client, cast, user, data=None):
    client.force_login(user)
    url = reverse("accounts:delegations", args=[cast.city.slug])
    return client.post(url, data) if data else client.get(url)


def test_the_page_delegates_and_ends_it(client, cast):
    data = {
        "delegate": cast.deputy.pk,
        "start_date": "02/03/2026",
        "end_date": "04/03/2026",
        "scope": "all",
        "decision_number": "12/GUQ-QLĐT",
    }
    assert page(client, cast, cast.head, data).status_code == 302
    made = Delegation.objects.get()
    shown = page(client, cast, cast.head).content.decode()
    assert "Đinh Thị Vân" in shown
    assert "12/GUQ-QLĐT" in shown
    assert "Nguyễn Quốc Bảo" in page(client, cast, cast.deputy).content.decode()
    client.force_login(cast.colleague)
    url = reverse("accounts:revoke", args=[cast.city.slug, made.pk])
    assert client.post(url).status_code == 404
    client.force_login(cast.head)
    assert client.post(url).status_code == 302
    made.refresh_from_db()
    assert made.revoked_at is not None


def test_a_refusal_keeps_what_was_typed(client, cast):
    delegated(cast)
    data = {
        "delegate": cast.colleague.pk,
        "start_date": "04/03/2026",
        "end_date": "05/03/2026",
        "scope": "routine",
        "decision_number": "13/GUQ",
    }
    answer = page(client, cast, cast.head, data)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "đã ủy quyền cho Đinh Thị Vân" in shown
    assert 'value="05/03/2026"' in shown
    assert 'value="13/GUQ"' in shown


def test_wrong_typing_is_named(client, cast):
    data = {"delegate": "999999", "start_date": "31/02/2026", "end_date": "", "scope": "half"}
    answer = page(client, cast, cast.head, data)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Tháng 2 năm 2026 có 28 ngày." in shown
    assert "Ghi ngày kết thúc." in shown
    assert not Delegation.objects.exists()


def test_only_those_who_may_are_offered(client, cast):
    """Kon Tum Điều 13.1: without a deputy chief the page says what is missing."""
    shown = page(client, cast, cast.chief).content.decode()
    assert "chưa có cấp phó" in shown
    shown = page(client, cast, cast.head).content.decode()
    assert "Hoàng Thị Mỹ Linh" in shown
    assert "Người Lạ" not in shown
    assert "Y Hạnh" not in shown
