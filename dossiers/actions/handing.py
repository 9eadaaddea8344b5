"""Whose a dossier is: of whoever leads it; given back or taken back, of who gives it out."""

from collections.abc import Sequence
from typing import Any

from accounts.models import Appointment
from core import clock
from documents.actions.giving import Line, places
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import Assignment, DocumentAct
from dossiers.choices import Verb
from dossiers.models import Dossier


def keeper_of(line: Line) -> Appointment | None:
    """Whose it is when this line leads: the person in his unit, or the head of the unit."""
    held = Appointment.objects.in_force(clock.today()).filter(unit=line.unit)
    if line.person is not None:
        return held.filter(user=line.person).select_related("user", "unit").first()
    role = line.unit.head_role
    return held.filter(role=role).select_related("user", "unit").order_by("pk").first()


def back_to(giver: Appointment, dossier: Dossier, part: Assignment) -> dict[str, Any]:
    """A part of the first line has ended without a result; answers what the act keeps of it.

    When its lead kept the dossier it goes back to who gives it out: he is asked for another, and
    may not find it closed by the one who did not do it. The caller saves.
    """
    dossier.to_places = places(dossier)
    if part.role != AssignmentRole.LEAD:
        return {}
    dossier.issued = None
    keeper = dossier.keeper
    of_lead = keeper.user_id == part.person_id if part.person_id else keeper.unit_id == part.unit_id
    if not of_lead or giver.user_id == keeper.user_id:
        return {}
    dossier.keeper = giver
    return {"kept_by": keeper.pk}


def to_new_lead(dossier: Dossier, lines: Sequence[Line]) -> None:
    """Whoever leads it next keeps it, as the one did who gave it back. The caller saves."""
    lead = next((line for line in lines if line.role == AssignmentRole.LEAD), None)
    if lead is None or not any(
        one.role == AssignmentRole.LEAD and one.parent_id is None and one.state in VOID_ASSIGNMENT
        for one in dossier.all_assignments
    ):
        return
    kept = DocumentAct.objects.filter(
        target=dossier.pk, verb__in=(Verb.SEND_BACK, Verb.TAKE_BACK), detail__has_key="kept_by"
    )
    if kept.exists():
        dossier.keeper = keeper_of(lead) or dossier.keeper
