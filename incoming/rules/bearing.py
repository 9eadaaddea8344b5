"""What rules of every topic ask: the roles of the way, and the states of a registered document."""

from accounts.actor import Actor
from accounts.choices import Role
from incoming.choices import State

REGISTERED = (
    State.REGISTERED,
    State.SUBMITTED,
    State.PROPOSED,
    State.IN_PROCESS,
    State.FINISHED,
)


def office_role(actor: Actor) -> Role:
    """The role that receives submissions in the actor's agency (Kon Tum Điều 13.1, 16.1a)."""
    return Role(actor.agency.regulation.receiver(member=actor.agency.is_member).value)


def distributing_role(actor: Actor) -> Role:
    """The role that sends documents on to units and people (Kon Tum Điều 13.2, 16.1b)."""
    return Role(actor.agency.regulation.distribution(member=actor.agency.is_member).value)
