"""Who somebody is today: appointments by the day, the current one, the agency."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.actions import head_post, post_for, receiving_post
from accounts.actor import actor_for
from accounts.choices import Role
from accounts.models import Appointment, Post, User
from core.errors import Refusal
from tests.cast import SINCE, act_as

pytestmark = pytest.mark.django_db
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 3, 2)
MIDNIGHT = datetime(2026, 3, 2, tzinfo=HANOI)


def appoint(user, unit, role, **days) -> Appointment:
    return Appointment.objects.create(
        user=user, unit=unit, role=role, title=f"Thử {role}", **{"start_date": SINCE, **days}
    )


def test_a_post_begins_and_ends_at_midnight_in_vietnam(cast, at):
    """Kon Tum Điều 7: the account works from the day of the decision to its last day."""
    cast.deputy.appointments.update(start_date=DAY, end_date=DAY)
    for moment, there in (
        (MIDNIGHT - timedelta(seconds=1), False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(hours=23, minutes=59, seconds=59), True),
        (MIDNIGHT + timedelta(days=1), False),
    ):
        at(moment)
        assert (actor_for(cast.deputy, cast.city) is not None) is there, moment
    assert actor_for(cast.deputy, cast.city, on=DAY).role == Role.DEPUTY_HEAD


def test_an_inactive_person_or_agency_has_no_actor(cast):
    """Kon Tum Điều 7."""
    assert actor_for(cast.clerk, cast.city) is not None
    User.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert actor_for(cast.clerk, cast.city) is None
    cast.city.is_active = False
    cast.city.save()
    assert actor_for(cast.chief, cast.city) is None


def test_nobody_acts_where_he_holds_nothing(cast):
    assert actor_for(cast.clerk, cast.ward) is None
    assert actor_for(cast.ward_clerk, cast.city) is None


def test_the_oldest_post_is_current_unless_another_is_chosen(cast):
    """Kon Tum Điều 11.1: one account, several posts."""
    first = cast.head.appointments.get()
    second = appoint(cast.head, cast.finance, Role.DEPUTY_HEAD, start_date=date(2024, 1, 1))
    other = appoint(cast.head, cast.ward_unit, Role.LEADER)
    actor = actor_for(cast.head, cast.city)
    assert (actor.appointment, actor.appointments) == (first, (first, second))
    actor = actor_for(cast.head, cast.city, current=second.pk)
    assert (actor.role, actor.unit) == (Role.DEPUTY_HEAD, cast.finance)
    assert not actor.heads(cast.planning.pk)
    # The post of another agency, or one that has ended, cannot be acted as here.
    assert actor_for(cast.head, cast.city, current=other.pk).appointment == first
    second.end_date = date(2025, 1, 1)
    second.save()
    assert actor_for(cast.head, cast.city, current=second.pk).appointment == first


def test_what_he_sees_is_the_union_and_what_he_is_the_current_one(cast):
    appoint(cast.head, cast.office, Role.ARCHIVIST)
    actor = act_as(cast.head)
    assert actor.sees_whole_agency
    assert actor.holds(Role.UNIT_HEAD)
    assert not actor.holds(Role.ARCHIVIST)
    assert actor.heads(cast.planning.pk)
    assert not actor.heads(cast.office.pk)


def test_groups_are_those_of_todays_posts(cast):
    """Rights of a post hang on its group; Django's own groups of a person are not asked."""
    group = head_post(cast.planning).group
    foreign = head_post(cast.finance).group
    cast.head.groups.add(foreign)
    assert act_as(cast.head).post_groups == {group.pk}
    assert act_as(cast.deputy).post_groups == frozenset()


def test_a_post_is_made_once(cast):
    post = post_for(cast.planning, Role.SPECIALIST)
    assert post_for(cast.planning, Role.SPECIALIST) == post
    assert head_post(cast.office).role == Role.OFFICE_CHIEF
    assert head_post(cast.planning).role == Role.UNIT_HEAD
    assert Post.objects.count() == 3


def test_whoever_receives_for_the_agency_sits_in_the_office_first(cast):
    """Kon Tum Điều 13.1."""
    appoint(cast.accountant, cast.leaders, Role.CLERK)
    assert receiving_post(cast.city, Role.CLERK).unit == cast.office
    cast.clerk.appointments.update(end_date=date(2021, 1, 1))
    assert receiving_post(cast.city, Role.CLERK).unit == cast.leaders
    with pytest.raises(Refusal, match="chưa có ai giữ vai trò Chánh Văn phòng"):
        receiving_post(cast.ward, Role.OFFICE_CHIEF)


@pytest.mark.usefixtures("empty_cache")
def test_the_session_remembers_the_chosen_post(cast, client):
    """Kon Tum Điều 11.1."""
    second = appoint(cast.head, cast.ward_unit, Role.LEADER)
    client.force_login(cast.head)
    assert client.get("/").url == reverse("reports:desk", args=["kontum"])
    answer = client.post("/account/post/", {"appointment": second.pk})
    assert answer.url == reverse("reports:desk", args=["phuong-thang-loi"])
    assert client.session["appointment"] == second.pk
    assert client.get("/").url == reverse("reports:desk", args=["phuong-thang-loi"])


@pytest.mark.usefixtures("empty_cache")
def test_a_post_of_somebody_else_or_of_the_past_cannot_be_chosen(cast, client):
    client.force_login(cast.head)
    past = appoint(cast.head, cast.finance, Role.UNIT_HEAD, end_date=date(2021, 1, 1))
    for key in (cast.chair.appointments.get().pk, past.pk, 0, "x", ""):
        assert client.post("/account/post/", {"appointment": key}).status_code == 404
    assert "appointment" not in client.session
    assert client.get("/account/post/").status_code == 405


@pytest.mark.usefixtures("empty_cache")
def test_another_agency_answers_like_one_that_does_not_exist(cast, client):
    """Kon Tum Điều 1.2."""
    client.force_login(cast.head)
    foreign, unknown = client.get("/phuong-thang-loi/"), client.get("/khong-co/")
    assert foreign.status_code == unknown.status_code == 404
    cast.ward.is_active = False
    cast.ward.save()
    client.force_login(cast.ward_clerk)
    assert client.get("/phuong-thang-loi/").status_code == 404


def test_the_question_is_kept_for_the_day_and_holds_nobodys_answer(cast):
    """What one person holds, or held, is never found for another one or later."""
    today = date(2026, 7, 1)
    assert actor_for(cast.head, cast.city, on=today).unit == cast.planning
    assert actor_for(cast.finance_head, cast.city, on=today).unit == cast.finance
    Appointment.objects.filter(user=cast.head).update(end_date=today)
    assert actor_for(cast.head, cast.city, on=today).unit == cast.planning
    assert actor_for(cast.head, cast.city, on=today + timedelta(days=1)) is None
    Appointment.objects.filter(user=cast.head).update(end_date=today - timedelta(days=1))
    assert actor_for(cast.head, cast.city, on=today) is None
