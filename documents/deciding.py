"""Which post decides on a later day, and who may urge whom."""

from datetime import date

from accounts.actions import post_at
from accounts.actor import Actor
from accounts.choices import WHOLE_AGENCY, Role
from accounts.models import Appointment, Post, User
from core import clock
from documents.choices import AssignmentRole
from documents.following import follows_of
from documents.models import Assignment, Extension, Follow, Matter, Opinion
from documents.models.matter import Place

WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)


def answers(actor: Actor, row: Assignment | Opinion) -> bool:
    """True when the actor answers for it: in person, or as head of the unit."""
    if row.person_id is not None:
        return row.person_id == actor.principal.pk
    return actor.heads(row.unit_id)


def decider_of(document: Matter, one: Assignment) -> tuple[User | None, Post | None]:
    """Who decides whether this assignment gets a later day: a person or a post, never both.

    Whoever answers for the assignment above; for those of the first line the role that the
    regulation names (the leader who was asked, if he still leads: Kon Tum Điều 11.6c), else the
    post that gave it, whoever holds it today; beyond the day of the whole whoever named that.
    """
    user, place = _deciding(document, one)
    return user, post_at(*place) if place else None


def _deciding(document: Matter, one: Assignment) -> tuple[User | None, Place | None]:
    """The same with the unit and the role of the post, which nobody has to look up."""
    parent = next((row for row in document.all_assignments if row.pk == one.parent_id), None)
    if parent is not None:
        if parent.person is not None:
            return parent.person, None
        return None, (parent.unit_id, parent.unit.head_role)
    if (found := _above_giver(document, one)) is not None:
        return found
    giver = one.given_by
    if not document.is_held(giver.unit_id, giver.role):
        role = document.distributing_role
        if unit := document.receiving_unit(role):
            return None, (unit, role)
    return None, (giver.unit_id, giver.role)


def _above_giver(document: Matter, one: Assignment) -> tuple[User | None, Place | None] | None:
    """Who decides on a part of the first line in the place of who gave it; None: the giver does."""
    agency, role = document.agency, document.extension_role
    if role:
        asked = document.leader_asked
        held = Appointment.objects.in_force(clock.today()).filter(unit__agency=agency, role=role)
        if asked is not None and held.filter(user=asked).exists():
            return asked, None
        if unit := document.receiving_unit(role):
            return None, (unit, role)
    bound = document.bound_of(one)
    if bound is None or one.due_date is None or one.due_date < bound:
        return None
    user, place = document.day_namer()
    return (user, place) if user or place else None


def latest_day(document: Matter, one: Assignment) -> date | None:
    """The day beyond which nobody goes who decides on this part; None where there is none."""
    parent = next((row for row in document.all_assignments if row.pk == one.parent_id), None)
    if parent is not None:
        return parent.due_date
    bound = document.bound_of(one)
    return bound if bound and _above_giver(document, one) is None else None


def taker_of(document: Matter, one: Assignment) -> tuple[User | None, Place | None]:
    """Who takes this part from one who has left and gives it to another (Kon Tum Điều 20.2).

    Whoever answers for the part above; where nobody does any more, who takes that one; of the first
    line who gives such work out. Neither a person nor a post where nobody does: there it waits.
    """
    parent = next((row for row in document.all_assignments if row.pk == one.parent_id), None)
    if parent is None:
        return document.giver_of(one)
    head = (parent.unit_id, str(parent.unit.head_role))
    if parent.person is None and document.is_held(*head):
        return None, head
    if parent.person is not None and not document.has_left(parent):
        return parent.person, None
    return taker_of(document, parent)


def decides(actor: Actor, document: Matter, row: Extension) -> bool:
    """True when the actor, as he acts now, is the one who decides it."""
    one = next((each for each in document.all_assignments if each.pk == row.assignment_id), None)
    if one is None:
        return False
    user, place = _deciding(document, one)
    if user is not None:
        return user.pk == actor.principal.pk
    return place is not None and same_post(actor, *place)


def undecided(document: Matter) -> list[Extension]:
    """Requests for a later day that somebody still has to decide."""
    if not document.goes_on or not document.open_extensions:
        return []
    running = {one.pk for one in document.all_assignments if one.is_open}
    return [row for row in document.open_extensions if row.assignment_id in running]


def unanswered(document: Matter) -> list[Opinion]:
    """Opinions that are still waited for."""
    if document.state not in document.open_states:
        return []
    return document.open_opinions


def same_post(actor: Actor, unit_id: int, role: str) -> bool:
    """True when the actor holds that post now."""
    return actor.unit.pk == unit_id and actor.role == role


def asked_it(actor: Actor, row: Opinion) -> bool:
    """True for whoever asked for the opinion, and for whoever holds his post now."""
    asker = row.asked_by
    return asker.user_id == actor.principal.pk or same_post(actor, asker.unit_id, asker.role)


def urgeable(actor: Actor, document: Matter) -> list[Assignment]:
    """The open work that the actor may urge; never what he answers for himself.

    The office and the leaders: all of it (Bình Định Điều 8.3). Whoever answers for an assignment:
    what he gave on. Whoever gave it, by post. A head: his people (Bắc Giang Điều 5.3c). Whoever
    follows the field (Bắc Giang Điều 5.4b).
    """
    if not document.goes_on:
        return []
    rows = document.all_assignments
    mine = {one.pk for one in rows if answers(actor, one)}
    given = set(mine)
    for one in rows:  # oldest first: parents stand before children
        if one.parent_id in given:
            given.add(one.pk)
    over_all = actor.holds(Role.LEADER, Role.OFFICE_CHIEF)
    return [
        one
        for one in rows
        if one.is_open
        and one.role in WORK
        and one.pk not in mine
        and (
            over_all
            or one.pk in given
            or (
                # Of specialists there are many in one post; who gave on what he leads stands above.
                one.given_by.role != Role.SPECIALIST
                and same_post(actor, one.given_by.unit_id, one.given_by.role)
            )
            or actor.heads(one.unit_id)
            or any(covers(row, one, document) for row in own_follows(actor))
        )
    ]


def own_follows(actor: Actor) -> list[Follow]:
    """The fields of the post as which the actor acts."""
    return [
        row for row in follows_of(actor.agency.pk) if row.appointment_id == actor.appointment.pk
    ]


def covers(row: Follow, one: Assignment, document: Matter) -> bool:
    """True when this work lies in the field."""
    return (
        row.unit_id in (None, one.unit_id)
        and row.person_id in (None, one.person_id)
        and row.type_name in ("", document.type_name)
    )


def followers(document: Matter, known: "list[Follow] | None" = None) -> list[User]:
    """Those in whose field open work of the document lies; ``known``: who follows what, if read."""
    if not document.goes_on:
        return []
    rows = follows_of(document.agency_id) if known is None else known
    work = [one for one in document.all_assignments if one.is_open and one.role in WORK]
    return [
        row.appointment.user
        for row in rows
        if row.appointment.role not in WHOLE_AGENCY
        and any(covers(row, one, document) for one in work)
    ]
