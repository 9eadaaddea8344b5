"""What rules of every topic ask: who holds the work, in which state it is."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal, Stale
from documents import deciding
from documents.choices import AssignmentRole, AssignmentState
from documents.models import Assignment, Matter

WORK = deciding.WORK
RANK = {AssignmentRole.LEAD: 0, AssignmentRole.COORDINATE: 1, AssignmentRole.INFORM: 2}


def holds(actor: Actor, assignment: Assignment) -> bool:
    """True when the actor answers for the assignment: in person, or as head of the unit."""
    return deciding.answers(actor, assignment)


def my_assignment(
    actor: Actor, document: Matter, roles: tuple[AssignmentRole, ...] = WORK
) -> Assignment | None:
    """The open assignment that the actor answers for: leading before coordinating, newest first."""
    mine = [
        one
        for one in reversed(document.all_assignments)
        if one.is_open and one.role in roles and holds(actor, one)
    ]
    return min(mine, key=lambda one: RANK[AssignmentRole(one.role)], default=None)


def article_of(actor: Actor, key: str) -> str:
    """The article by which the agency's regulation has that key; "" where it has none."""
    found = getattr(actor.agency.regulation, key)
    return found.article if found else ""


def stands_in(document: Matter, *states: str) -> Refusal | None:
    """None in one of these states; else the refusal that names the state it is in."""
    if document.state in states:
        return None
    said = _("%(matter)s đang ở bước “%(state)s” nên không làm việc này được.")
    return Stale(
        capfirst(said % {"matter": document.noun, "state": document.get_state_display()}),
    )


def taken_back(actor: Actor, document: Matter) -> Refusal | None:
    """What is said to him who had it, and has it no longer."""
    had = any(
        one.state == AssignmentState.RECALLED and holds(actor, one)
        for one in document.all_assignments
    )
    return Stale(_("Việc này đã được thu hồi.")) if had else None
