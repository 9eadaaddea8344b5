"""What rules of every topic ask: roles, who holds the work, states."""

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from core.errors import Refusal, Stale
from documents.choices import AssignmentRole
from incoming import deciding
from incoming.choices import State
from incoming.models import Assignment, IncomingDocument

WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)
REGISTERED = (
    State.REGISTERED,
    State.SUBMITTED,
    State.PROPOSED,
    State.IN_PROCESS,
    State.FINISHED,
)
RANK = {AssignmentRole.LEAD: 0, AssignmentRole.COORDINATE: 1, AssignmentRole.INFORM: 2}


def office_role(actor: Actor) -> Role:
    """The role that receives submissions in the actor's agency (Kon Tum Điều 13.1, 16.1a)."""
    return Role(actor.agency.regulation.receiver(member=actor.agency.is_member).value)


def distributing_role(actor: Actor) -> Role:
    """The role that sends documents on to units and people (Kon Tum Điều 13.2, 16.1b)."""
    return Role(actor.agency.regulation.distribution(member=actor.agency.is_member).value)


def holds(actor: Actor, assignment: Assignment) -> bool:
    """True when the actor answers for the assignment: in person, or as head of the unit."""
    return deciding.answers(actor, assignment)


def my_assignment(
    actor: Actor, document: IncomingDocument, roles: tuple[AssignmentRole, ...] = WORK
) -> Assignment | None:
    """The open assignment that the actor answers for: leading before coordinating, newest first."""
    mine = [
        one
        for one in reversed(document.all_assignments)
        if one.is_open and one.role in roles and holds(actor, one)
    ]
    return min(mine, key=lambda one: RANK[AssignmentRole(one.role)], default=None)


def has_open_lead(document: IncomingDocument) -> bool:
    """True while a unit or person of the first line leads the work."""
    return any(
        one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
        for one in document.all_assignments
    )


def article_of(actor: Actor, key: str) -> str:
    found = getattr(actor.agency.regulation, key)
    return found.article if found else ""


def stands_in(document: IncomingDocument, *states: State) -> Refusal | None:
    if document.state in states:
        return None
    return Stale(
        _("Văn bản đang ở bước “%(state)s” nên không làm việc này được.")
        % {"state": document.get_state_display()}
    )
