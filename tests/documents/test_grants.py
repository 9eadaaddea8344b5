"""Who sees a document: through a post, in person, by role; and nobody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from guardian.models import GroupObjectPermission, UserObjectPermission

from accounts.actor import actor_for
from accounts.choices import Role
from accounts.models import Appointment
from core import clock
from documents.choices import AssignmentRole
from documents.models import DocumentAct, GroupGrant, UserGrant
from incoming import actions
from incoming.actions import Line
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import SINCE, act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


def sees(person, document) -> bool:
    agency = document.agency
    actor = actor_for(person, agency)
    return IncomingDocument.objects.visible_to(actor).filter(pk=document.pk).exists()


def replace(cast, successor: str, on) -> object:
    """The head's appointment ends the day before, another person's begins."""
    cast.head.appointments.update(end_date=on - timedelta(days=1))
    user = make_person(cast.planning, Role.UNIT_HEAD, successor, "Kế Nhiệm", "Trưởng phòng")
    user.appointments.update(start_date=on)
    return user


def test_the_right_moves_with_the_post_at_midnight(cast, pdf, at):
    """Kon Tum Điều 20.2: the new head sees the unit's work, the old one does not any more."""
    document = play.distributed(cast, pdf)
    tomorrow = clock.today() + timedelta(days=1)
    new = replace(cast, "new_head", tomorrow)
    midnight = datetime.combine(tomorrow, datetime.min.time(), ZoneInfo("Asia/Ho_Chi_Minh"))
    at(midnight - timedelta(seconds=1))
    assert (sees(cast.head, document), sees(new, document)) == (True, False)
    at(midnight)
    assert (sees(cast.head, document), sees(new, document)) == (False, True)
    # The work goes on in the new hands.
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist)
    assert actions.assign(act_as(new), document, [line]).state == "in_process"


def test_whoever_acted_keeps_seeing_what_he_did(cast, pdf, at):
    """Kon Tum Điều 13.2: he answers for it, and can look it up, in whatever post."""
    document, untouched = play.assigned(cast, pdf), play.distributed(cast, pdf)
    tomorrow = clock.today() + timedelta(days=1)
    replace(cast, "new_head", tomorrow)
    Appointment.objects.create(
        user=cast.head,
        unit=cast.finance,
        role=Role.SPECIALIST,
        title="Chuyên viên",
        start_date=tomorrow,
    )
    at(clock.now() + timedelta(days=1))
    assert (sees(cast.head, document), sees(cast.head, untouched)) == (True, False)


def test_whoever_left_the_agency_sees_nothing(cast, pdf, at):
    """Kon Tum Điều 7: without a post there is no actor, whatever he did before."""
    document = play.assigned(cast, pdf)
    cast.specialist.appointments.update(end_date=clock.today())
    assert sees(cast.specialist, document)
    at(clock.now() + timedelta(days=1))
    assert actor_for(cast.specialist, cast.city) is None
    assert not sees(cast.specialist, document)


def test_two_posts_see_the_union_and_act_as_the_current_one(cast, pdf):
    """Kon Tum Điều 11.1: one account, several posts in one agency."""
    second = Appointment.objects.create(
        user=cast.head,
        unit=cast.finance,
        role=Role.UNIT_HEAD,
        title="Q. Trưởng phòng",
        start_date=clock.today(),
    )
    planning = play.distributed(cast, pdf)
    finance = actions.distribute(
        act_as(cast.chief),
        play.submitted(cast, pdf),
        [Line(AssignmentRole.LEAD, cast.finance), Line(AssignmentRole.COORDINATE, cast.planning)],
    )
    hidden = play.submitted(cast, pdf)
    first = act_as(cast.head)
    as_second = actor_for(cast.head, first.agency, current=second.pk)
    for actor in (first, as_second):
        keys = IncomingDocument.objects.visible_to(actor).values_list("pk", flat=True)
        assert set(keys) == {planning.pk, finance.pk}
        assert hidden.pk not in keys
    # He acts for the finance unit: what he ends is its part, under that title.
    actions.finish(as_second, planning, text="Đã cân đối")
    act = DocumentAct.objects.filter(target=planning.pk).last()
    assert (act.appointment, act.title) == (second, f"Q. Trưởng phòng, {cast.finance.name}")
    assert {one.unit: one.state for one in planning.assignments.all()} == {
        cast.planning: "waiting",
        cast.finance: "done",
    }


def test_a_role_that_covers_the_agency_needs_no_row(cast, pdf):
    """Kon Tum Điều 13.1–13.3: clerk, chief, leader, archivist."""
    document = actions.propose(
        act_as(cast.chief), play.submitted(cast, pdf), cast.chair, text="Trình"
    )
    assert not GroupGrant.objects.exists()
    assert list(UserGrant.objects.values_list("user__username", flat=True)) == ["chair"]
    for name in ("clerk", "chief", "chair", "vice", "archivist"):
        assert sees(getattr(cast, name), document)
    for name in ("adviser", "admin", "head", "deputy", "specialist", "finance_head"):
        assert not sees(getattr(cast, name), document)


def test_the_tray_is_hidden_from_whom_it_does_not_concern(cast, pdf):
    """Kon Tum Điều 4: what may turn out forbidden is granted to nobody."""
    document = play.received(cast.clerk, pdf)
    assert not sees(cast.specialist, document)
    assert UserGrant.objects.count() == GroupGrant.objects.count() == 0


def test_nothing_leaks_to_another_agency(cast, pdf):
    """Kon Tum Điều 1.2: the ward below the city and the office next door see their own only."""
    play.finished(cast, pdf)
    for name in ("ward_chair", "ward_clerk", "ward_officer", "stranger", "strange_boss"):
        actor = act_as(getattr(cast, name))
        assert not IncomingDocument.objects.visible_to(actor).exists(), name
        assert actor_for(getattr(cast, name), cast.city) is None


def test_a_grant_of_a_former_agency_opens_nothing(cast, pdf):
    """He moved to the ward and keeps his row in the city: it counts there only."""
    play.assigned(cast, pdf)
    cast.specialist.appointments.update(end_date=clock.today() - timedelta(days=1))
    Appointment.objects.create(
        user=cast.specialist,
        unit=cast.ward_unit,
        role=Role.LEADER,
        title="Chủ tịch",
        start_date=SINCE,
    )
    actor = actor_for(cast.specialist, cast.ward)
    assert actor.sees_whole_agency
    assert not IncomingDocument.objects.visible_to(actor).exists()


def test_each_row_repeats_the_sort_key_of_its_document(cast, pdf):
    document = play.finished(cast, pdf)
    key = ("incoming", document.day, document.number)
    for table in (UserGrant, GroupGrant):
        rows = table.objects.filter(content_object=document.pk)
        assert set(rows.values_list("kind", "day", "number")) == {key}
    document = play.assigned(cast, pdf)
    changed = play.entry(arrival_date=clock.today() - timedelta(days=1), due_date=document.due_date)
    actions.correct(act_as(cast.clerk), document, changed, reason="Nhầm ngày")
    for table in (UserGrant, GroupGrant):
        rows = table.objects.filter(content_object=document.pk)
        assert set(rows.values_list("day", flat=True)) == {changed.arrival_date}


def test_one_row_for_one_person_or_post(cast, pdf):
    play.assigned(cast, pdf)
    row = UserGrant.objects.first()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_guardians_generic_tables_stay_empty(cast, pdf):
    """One permission, in tables of our own; the generic ones fail on an inherited child."""
    document = play.finished(cast, pdf)
    actions.reopen(act_as(cast.chair), document, text="Còn việc")
    line = Line(AssignmentRole.INFORM, cast.office, cast.adviser)
    actions.share(act_as(cast.head), document, [line])
    assert UserGrant.objects.exists()
    assert not UserObjectPermission.objects.exists()
    assert not GroupObjectPermission.objects.exists()
