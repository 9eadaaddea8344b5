"""recall: what was just given out comes back while nobody has opened it."""

from datetime import date

from django.db import transaction

from accounts.actor import Actor, actor_for
from core import clock
from documents.actions.giving import places
from documents.choices import AssignmentRole, AssignmentState
from documents.deciding import followers
from documents.sight import withdraw
from incoming import rules
from incoming.actions import routing
from incoming.actions.proposals import stand_again
from incoming.choices import State, Verb
from incoming.models import IncomingDocument
from notifications.actions import notify

# Acts that reach whoever has the work, or follows it, while he has it; what he was told or asked
# apart from it (share, an opinion, a paper to sign for) stays his.
_SPOKEN = (Verb.COMMENT, Verb.URGE, Verb.FOLLOW)


@transaction.atomic
def recall(actor: Actor, document: IncomingDocument, *, text: str = "") -> IncomingDocument:
    """Take the last distribution back, as long as nobody whom it reached has opened it or acted.

    The document stands again where it stood before. Those who had it are told that it was taken
    back, and see it no more, unless something else lets them; the clerk whose forwarding it was
    is told. What a leader was asked to decide is taken from him by the same verb, and may be put
    before another. Raises Refusal with who has opened it, and when.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_recall, actor, document)
    if document.state == State.PROPOSED:
        return _from_the_leader(actor, document, text)
    act = document.last_given_out
    assert act is not None  # noqa: S101 -- may_recall has seen it
    taken = [one for one in document.all_assignments if one.pk in act.detail["assignments"]]
    reached = [routing.answering(one) for one in taken]
    following = followers(document)
    for one in taken:
        one.state, one.closed_at = AssignmentState.RECALLED, clock.now()
        one.save(update_fields=["state", "closed_at"])
    before = document.state
    if any(one.role == AssignmentRole.LEAD for one in taken):
        document.state = State(act.from_state)
    if document.state == State.PROPOSED:
        document.directed_at = None  # the leader decides anew
    lead = next((one for one in taken if one.role == AssignmentRole.LEAD), None)
    # A day that somebody has corrected meanwhile stays.
    if "due_before" in act.detail and lead is not None and document.due_date == lead.due_date:
        day = act.detail["due_before"]
        document.due_date = date.fromisoformat(day) if day else None
    document.to_places = places(document)
    document.save()
    sender = [act.actor] if act.verb == Verb.FORWARD else []
    document.forget_rows()
    still = {one.pk for one in followers(document)}
    users = [user for people, _posts in reached for user in people]
    users += [one for one in following if one.pk not in still]
    posts = [post for _people, heads in reached for post in heads]
    lost: dict[str, list[int]] = {
        # By these they came to see it: the act that gave it, and what was said since.
        "acts": [
            one.ordinal
            for one in document.acts_read
            if one.pk == act.pk or (one.ordinal > act.ordinal and one.verb in _SPOKEN)
        ],
        "users": sorted({user.pk for user in users}),
        "groups": sorted({post.group_id for post in posts}),
    }
    routing.conclude(
        document,
        actor,
        Verb.RECALL,
        before=before,
        text=text,
        users=sender,
        detail={"assignments": [one.pk for one in taken], "of": act.ordinal, "taken": lost},
    )
    withdraw(document, lost["users"], lost["groups"])
    # Not by the act: it would let them see it. What they read names no document that is not theirs.
    path = document.get_absolute_url()
    notify(document.agency, Verb.RECALL, path, users=users, posts=posts, but=actor.user)
    return document


def _from_the_leader(actor: Actor, document: IncomingDocument, text: str) -> IncomingDocument:
    """The proposal comes back to where it stood; the leader hears of it while he is in office.

    What another leader had decided before stands again.
    """
    act = next(one for one in reversed(document.acts_read) if one.verb == Verb.PROPOSE)
    leader, before = document.proposed_to, document.state
    document.state, document.proposed_to = State(act.from_state), None
    document.leader_left = False
    stand_again(document)
    document.save()
    here = leader is not None and actor_for(leader, document.agency) is not None
    routing.conclude(
        document,
        actor,
        Verb.RECALL,
        before=before,
        text=text,
        users=[leader] if leader is not None and here else [],
        detail={"assignments": [], "of": act.ordinal},
    )
    return document
