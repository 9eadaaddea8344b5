"""Whose turn it is with a draft, and to whom it may go back."""

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Post, User
from outgoing.choices import State
from outgoing.models import OutgoingDocument


def offered_to(actor: Actor, document: OutgoingDocument) -> list[str]:
    """The states to which he may give it back, nearest last; a leader's goes by the office where
    the regulation says so (Kon Tum Điều 14.2)."""
    named = actor.agency.regulation.drafts_return(member=actor.agency.is_member)
    if named is not None and actor.holds(Role.LEADER):
        by_office = [str(one) for one, step in document.way.items() if step.value == named.value]
        if found := [one for one in by_office if one in earlier(document)]:
            return found
    return earlier(document)


def earlier(document: OutgoingDocument) -> list[str]:
    """The states before the one in which it stands, nearest last."""
    if document.state == State.APPROVED:
        return [str(State.DRAFTING)]
    stops = [str(State.DRAFTING), *map(str, document.way), str(State.SIGNING)]
    return stops[: stops.index(document.state)] if document.state in stops else stops[:1]


def return_to(actor: Actor, document: OutgoingDocument) -> str:
    """Where it goes back to when he says nothing else."""
    named = actor.agency.regulation.drafts_return(member=actor.agency.is_member)
    if actor.holds(Role.LEADER) and named is not None:
        for state, step in document.way.items():
            if step.value == named.value and state in earlier(document):
                return str(state)
    return document.before(document.state)


def whose_turn(document: OutgoingDocument) -> tuple[list[User], list[Post]]:
    """Who is asked by the state in which the draft now is."""
    if document.state == State.DRAFTING:
        return [document.drafter.user], []
    if document.state == State.SIGNING and document.signer is not None:
        return [document.signer.user], []
    if document.state not in document.way:
        return [], []
    posts = [document.post_of(document.state)]
    users = []
    first = document.agency.regulation.appraised_first
    if document.state == State.APPRAISAL and first and document.signer is not None:
        # Whoever submits to the leaders sends it to the office at once (Kon Tum Điều 12.2).
        users = [document.signer.user]
    return users, posts
