"""recall: what was just given out comes back while nobody has opened it."""

from datetime import date

from django.db import transaction

from accounts.actor import Actor
from core import clock
from documents.actions.giving import places
from documents.choices import AssignmentRole, AssignmentState
from incoming import rules
from incoming.actions import routing
from incoming.choices import State, Verb
from incoming.models import IncomingDocument


@transaction.atomic
def recall(actor: Actor, document: IncomingDocument, *, text: str = "") -> IncomingDocument:
    """Take the last distribution back, as long as nobody whom it reached has opened it or acted.

    The document stands again where it stood before; those who were told are told, and the clerk
    whose forwarding it was. Raises Refusal with who has opened it, and when.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_recall, actor, document)
    act = document.last_given_out
    assert act is not None  # noqa: S101 -- may_recall has seen it
    taken = [one for one in document.all_assignments if one.pk in act.detail["assignments"]]
    reached = [routing.answering(one) for one in taken]
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
    routing.conclude(
        document,
        actor,
        Verb.RECALL,
        before=before,
        text=text,
        users=[*sender, *(user for users, _posts in reached for user in users)],
        posts=[post for _users, posts in reached for post in posts],
        detail={"assignments": [one.pk for one in taken], "of": act.ordinal},
    )
    return document
