"""What rules of every topic ask: who keeps a dossier, who works on it, who closes it."""

from accounts.actor import Actor
from accounts.choices import Role
from documents.choices import VOID_ASSIGNMENT
from documents.deciding import same_post
from documents.rules.bearing import WORK, holds
from dossiers.models import Dossier


def keeps(actor: Actor, dossier: Dossier) -> bool:
    """True for the keeper himself."""
    return actor.principal.pk == dossier.keeper.user_id


def heads(actor: Actor, dossier: Dossier) -> bool:
    """True for the head of the keeper's unit."""
    return actor.heads(dossier.keeper.unit_id)


def works_on(actor: Actor, dossier: Dossier) -> bool:
    """True for whoever puts things into it: keeper, his head, and those who have a part in it."""
    return (
        keeps(actor, dossier)
        or heads(actor, dossier)
        or any(
            one.role in WORK and one.state not in VOID_ASSIGNMENT and holds(actor, one)
            for one in dossier.all_assignments
        )
    )


def is_office(actor: Actor) -> bool:
    """True for leaders and the office chief."""
    return actor.holds(Role.LEADER, Role.OFFICE_CHIEF)


def closes(actor: Actor, dossier: Dossier) -> bool:
    """True when the actor is the one who closes this dossier."""
    match dossier.closer:
        case "leader":
            return actor.leads_agency
        case "giver":
            return actor.principal.pk == dossier.opened_by.user_id or _after_him(actor, dossier)
    lead = dossier.handler
    if lead is None:
        return keeps(actor, dossier) or heads(actor, dossier) or _after_him(actor, dossier)
    # The head of his unit does it, too, when he has left.
    return holds(actor, lead) or actor.heads(lead.unit_id) or _after_him(actor, dossier)


def _after_him(actor: Actor, dossier: Dossier) -> bool:
    """True for the post that has the work of whoever would close it and has left."""
    may_follow = actor.holds(Role.LEADER, Role.OFFICE_CHIEF, Role.UNIT_HEAD)
    if not may_follow or dossier.state not in dossier.over_states:
        return False  # nobody is asked to close it yet
    place = dossier.closing_place
    return place is not None and same_post(actor, *place)
