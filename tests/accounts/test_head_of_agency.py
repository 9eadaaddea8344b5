"""The head of an agency (người đứng đầu cơ quan): written down once, his deputies by delegation."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from tests.cast import act_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


def marked(agency, value: bool) -> None:
    held = Appointment.objects.filter(unit__agency=agency, role=Role.LEADER, title="Chủ tịch")
    held.update(is_head=value)


def test_the_head_leads_and_his_deputy_does_not(cast):
    assert act_as(cast.chair).leads_agency
    assert not act_as(cast.vice).leads_agency
    assert not act_as(cast.chief).leads_agency
    # Nobody is written down: any leader counts, and nobody else.
    marked(cast.city, value=False)
    assert act_as(cast.vice).leads_agency
    assert not act_as(cast.chief).leads_agency
    assert act_as(cast.ward_chair).leads_agency


def test_a_head_who_has_left_heads_nothing(cast):
    """From the day after his last one the agency has none until the next is appointed."""
    yesterday = clock.today() - timedelta(days=1)
    Appointment.objects.filter(user=cast.chair).update(end_date=yesterday)
    assert act_as(cast.vice).leads_agency


def test_who_stands_in_for_the_head_acts_as_he(cast):
    """Kon Tum Điều 13.1: by delegation."""
    from accounts.models import Delegation  # noqa: PLC0415

    Delegation.objects.create(
        appointment=cast.chair.appointments.get(),
        delegate=cast.vice,
        start_date=clock.today(),
        end_date=clock.today(),
        scope="routine",
        created_at=clock.now(),
    )
    vice = act_as(cast.vice)
    [acting] = vice.stand_ins()
    assert acting.leads_agency
    assert not vice.leads_agency
    assert not vice.answers_for_head  # routine work only
    [given] = vice.delegations
    assert replace(vice, delegations=(replace(given, scope="all"),)).answers_for_head


def test_an_agency_has_one_head_at_a_time(cast):
    today = clock.today()
    second = Appointment.objects.get(user=cast.vice)
    second.is_head = True
    with pytest.raises(ValidationError, match="Nguyễn Đức Thành đang là người đứng đầu"):
        second.full_clean()
    first = Appointment.objects.get(user=cast.chair)
    first.full_clean()
    first.end_date = today
    first.save()
    second.start_date = today
    with pytest.raises(ValidationError):
        second.full_clean()
    second.start_date = today + timedelta(days=1)
    second.full_clean()
    # Another agency has its own.
    theirs = Appointment.objects.get(user=cast.ward_chair)
    theirs.is_head = True
    theirs.full_clean()


def test_only_a_leader_heads_an_agency(cast):
    marked(cast.city, value=False)
    chief = Appointment.objects.get(user=cast.chief)
    chief.is_head = True
    with pytest.raises(ValidationError, match="giữ vai trò lãnh đạo"):
        chief.full_clean()
    with pytest.raises(IntegrityError):
        chief.save()
