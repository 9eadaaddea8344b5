"""Lines, and the assignments that are made of them: who leads, coordinates, is to know."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, Unit, User
from core import clock
from core.errors import Refusal, Stale
from documents.actions.at_hand import AtHand
from documents.actions.concluding import require
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, AssignmentState
from documents.gate import marks_of_words
from documents.models import Assignment, Matter


@dataclass(frozen=True)
class Line:
    """One line of a distribution: who is asked for what, until when, in which words."""

    role: str
    unit: Unit
    person: User | None = None
    directive: str = ""
    due_date: date | None = None


def hand_out(
    actor: Actor,
    document: Matter,
    lines: Sequence[Line],
    at_hand: AtHand | None = None,
) -> tuple[list[Assignment], dict[str, Any]]:
    """Make the assignments of a distribution, set places and day; the caller saves and records.

    Answers them and what the act keeps, by which it can be taken back. Raises Refusal.
    """
    leading = [
        one
        for one in document.all_assignments
        if one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
    ]
    leads = sum(line.role == AssignmentRole.LEAD for line in lines)
    required = document.article("lead_required")
    if not lines:
        raise Refusal(_("Chọn ít nhất một đơn vị hoặc người nhận."), field="lead")
    if not leading and leads == 0:
        raise Refusal(_("Chọn đơn vị hoặc người chủ trì."), required, field="lead")
    if leading and leads:
        # Somebody else was quicker: say who.
        require(Stale(only_one_lead(document), required), document)
    one_lead(document, lines)
    _refuse_vague(document, lines)
    day = document.due_date
    raised, lines = _raise_coordinator(document, _own_day(document, lines))
    made = [*raised, *give(actor, document, lines, parent=None, at_hand=at_hand, kept=day)]
    given: dict[str, Any] = {"assignments": [one.pk for one in made]}
    if raised:
        given["raised"] = [one.pk for one in raised]
    document.to_places = places(document)
    lead_day = next((one.due_date for one in made if one.role == AssignmentRole.LEAD), None)
    if lead_day and lead_day != document.due_date:
        given["due_before"] = document.due_date and document.due_date.isoformat()
        document.due_date = lead_day
    return made, given


def one_lead(document: Matter, lines: Sequence[Line]) -> None:
    """Raises Refusal for two leads among these lines."""
    if sum(line.role == AssignmentRole.LEAD for line in lines) > 1:
        raise Refusal(only_one_lead(document), document.article("lead_required"), field="lead")


def only_one_lead(document: Matter) -> str:
    """Said of a second lead."""
    said = _("%(matter)s chỉ có một nơi chủ trì. Các nơi khác là phối hợp.")
    return capfirst(said % {"matter": document.noun})


def _own_day(document: Matter, lines: Sequence[Line]) -> list[Line]:
    """A lead without a day of his own gets the document's, passed or not (Kon Tum Điều 11.6a)."""
    return [
        replace(line, due_date=document.due_date)
        if line.role == AssignmentRole.LEAD and line.due_date is None
        else line
        for line in lines
    ]


def _refuse_vague(document: Matter, lines: Sequence[Line]) -> None:
    """Work for several names each one's day and what is to be done (Cần Thơ Điều 7.2)."""
    terms = document.shared_work_terms
    work = [line for line in lines if line.role != AssignmentRole.INFORM]
    others = any(
        one.is_open and one.role != AssignmentRole.INFORM for one in document.all_assignments
    )
    if not terms or len(work) + others < 2:
        return
    for line in work:
        if line.due_date is None or not line.directive:
            raise Refusal(
                _("Giao cho nhiều nơi thì ghi rõ thời hạn và ý kiến chỉ đạo của từng nơi: %(who)s.")
                % {"who": line.person or line.unit},
                terms,
            )


def _raise_coordinator(
    document: Matter, lines: Sequence[Line]
) -> tuple[list[Assignment], list[Line]]:
    """A unit that coordinates and is now to lead goes on with the assignment that it has.

    It happens when the first lead has sent the document back. Answers those raised, and the lines
    that are left to be given.
    """
    raised, rest = [], []
    for line in lines:
        key = (line.unit.pk, line.person.pk if line.person else None)
        there = next(
            (
                one
                for one in document.all_assignments
                if one.is_open
                and one.role == AssignmentRole.COORDINATE
                and one.parent_id is None
                and (one.unit_id, one.person_id) == key
            ),
            None,
        )
        if there is None or line.role != AssignmentRole.LEAD:
            rest.append(line)
            continue
        refuse_past(line, document.due_date)
        there.role = AssignmentRole.LEAD
        there.directive = line.directive or there.directive
        there.due_date = line.due_date or there.due_date
        there.save(update_fields=["role", "directive", "due_date"])
        raised.append(there)
    return raised, rest


def give(
    actor: Actor,
    document: Matter,
    lines: Sequence[Line],
    *,
    parent: Assignment | None,
    at_hand: AtHand | None = None,
    by: Appointment | None = None,
    kept: date | None = None,
) -> list[Assignment]:
    """Make the assignments of these lines; the caller holds the lock and records the act.

    Who has it already is not informed once more. ``by``: who gave it, where it is not the actor.
    ``kept``: the day of what is above it, which goes with the work even when it has passed.
    Raises Refusal for somebody of another agency, any other day in the past, work for one who has
    it already, or the mark of a secret in what is to be done (Kon Tum Điều 4.1).
    """
    marks_of_words(actor.agency.regulation, [line.directive for line in lines])
    busy, told = set(), set()
    for one in document.all_assignments:
        if one.state == AssignmentState.RECALLED:
            continue  # taken back unread: it may be given anew
        if one.role == AssignmentRole.INFORM:
            told.add((one.unit_id, one.person_id))
        elif one.is_open and not document.is_over:
            busy.add((one.unit_id, one.person_id))
    made = []
    for line in lines:
        refuse_stranger(document, line, at_hand)
        refuse_past(line, kept)
        key = (line.unit.pk, line.person.pk if line.person else None)
        if line.role == AssignmentRole.INFORM:
            if key in busy | told:
                continue  # who works on it, or was told before, knows of it
            told.add(key)
        elif key in busy:
            raise Refusal(
                _("%(who)s đã được giao %(matter)s này.")
                % {"who": line.person or line.unit, "matter": document.noun}
            )
        else:
            busy.add(key)
        made.append(
            Assignment(
                document=document,
                parent=parent,
                role=line.role,
                unit=line.unit,
                person=line.person,
                directive=line.directive,
                due_date=line.due_date,
                given_by=by or actor.appointment,
                given_at=clock.now(),
            )
        )
    made = Assignment.objects.bulk_create(made)
    document.all_assignments.extend(made)
    return made


def refuse_stranger(document: Matter, line: Line, at_hand: AtHand | None = None) -> None:
    """Raises Refusal for a unit of another agency, or a person who does not work in the unit."""
    who = line.person or line.unit
    if line.unit.agency_id != document.agency_id:
        raise Refusal(_("%(who)s không thuộc cơ quan này.") % {"who": who})
    if line.person is not None and not _works_in(line.person, line.unit, at_hand):
        raise Refusal(_("%(who)s không làm việc ở đơn vị đã chọn.") % {"who": who})


def _works_in(person: User, unit: Unit, at_hand: AtHand | None) -> bool:
    if at_hand:
        return at_hand.works_in(person, unit)
    return person.appointments.in_force(clock.today()).filter(unit=unit).exists()


def refuse_past(line: Line, kept: date | None = None) -> None:
    """Raises Refusal for a day that has passed, unless it is the ``kept`` one."""
    if line.due_date and line.due_date < clock.today() and line.due_date != kept:
        raise Refusal(
            _("Thời hạn của %(who)s đã qua. Chọn ngày từ hôm nay trở đi.")
            % {"who": line.person or line.unit},
            field="due_date",
        )


def places(document: Matter) -> str:
    """Field 17, đơn vị hoặc người nhận: those asked by the office, the lead first."""
    asked = [
        one
        for one in document.all_assignments
        if one.parent_id is None and one.state not in VOID_ASSIGNMENT
    ]
    asked.sort(key=lambda one: one.role != AssignmentRole.LEAD)
    return "; ".join(dict.fromkeys(str(one.person or one.unit) for one in asked))[:1000]
