"""What rules of every topic ask: who writes a draft, whose turn it is, who works on it."""

from accounts.actor import Actor
from accounts.choices import Role
from core import clock
from outgoing.choices import STEPS, State
from outgoing.models import OutgoingDocument


def drafts(actor: Actor, document: OutgoingDocument) -> bool:
    """True for the drafter; when he has left, for whoever takes what he left."""
    drafter = document.drafter
    if actor.principal.pk == drafter.user_id:
        return True
    return has_left(document) and takes_left(actor, document)


def has_left(document: OutgoingDocument) -> bool:
    """True when the drafter no longer holds the post in which he drafted it."""
    end = document.drafter.end_date
    return end is not None and end < clock.today()


def takes_left(actor: Actor, document: OutgoingDocument) -> bool:
    """True for the head of the drafting unit; where nobody heads it, for the office's chief, and
    for a leader of an agency that has none."""
    if heads(actor, document):
        return True
    if not actor.holds(Role.OFFICE_CHIEF, Role.LEADER) or actor.agency.pk != document.agency_id:
        return False
    return actor.role == document.left_to


def heads(actor: Actor, document: OutgoingDocument) -> bool:
    """True for the head of the drafting unit."""
    return actor.heads(document.drafter.unit_id)


def takes(actor: Actor, document: OutgoingDocument, state: str = "") -> bool:
    """True for whoever takes that step, or the one at which the draft stands."""
    state = state or document.state
    if state == State.SIGNING:
        given = document.signs_for
        # Whoever was to sign takes back what another signs for him.
        signers = {one.user_id for one in (document.signer, given and given.appointment) if one}
        return actor.principal.pk in signers
    step = document.way.get(state)
    if step is None:
        return False
    if state == State.CONTENT:
        return heads(actor, document)
    return actor.role == step.value


def works_on(actor: Actor, document: OutgoingDocument) -> bool:
    """True for the drafter, his head, and everybody by whom it has to pass."""
    return (
        drafts(actor, document)
        or heads(actor, document)
        or any(takes(actor, document, state) for state in (*STEPS, State.SIGNING))
    )
