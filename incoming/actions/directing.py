"""submit, propose, direct, distribute: from the clerk to those who will do the work."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor, actor_for
from accounts.choices import Role
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from documents.actions.giving import Line, hand_out, one_lead
from documents.choices import AssignmentRole
from documents.models import Assignment
from incoming import rules
from incoming.actions import routing
from incoming.actions.at_hand import AtHand
from incoming.actions.proposals import decided_before, keep_lines, line_facts
from incoming.choices import State, Verb
from incoming.models import IncomingDocument


@transaction.atomic
def submit(actor: Actor, document: IncomingDocument, *, text: str = "") -> IncomingDocument:
    """Put a registered document before whom the regulation names (Kon Tum Điều 13.1, 16.1a)."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_submit, actor, document)
    receiver = actor.agency.regulation.receiver(member=actor.agency.is_member)
    before, document.state = document.state, State.SUBMITTED
    document.save()
    routing.conclude(
        document,
        actor,
        Verb.SUBMIT,
        before=before,
        text=text,
        posts=[receiving_post(document.agency, receiver.value)],
        article=receiver.article,
    )
    return document


@transaction.atomic
def propose(
    actor: Actor,
    document: IncomingDocument,
    leader: User,
    *,
    text: str,
    lines: Sequence[Line] = (),
) -> IncomingDocument:
    """The chief proposes how to handle it and asks one leader to decide (Kon Tum Điều 13.2).

    ``lines`` say beside his words who would lead, who would help, until when.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_propose, actor, document)
    if not text:
        raise Refusal(_("Ghi ý kiến đề xuất trước khi trình."), field="text")
    proposer = actor.agency.regulation.proposer
    asked = actor_for(leader, actor.agency)
    if asked is None or not any(held.role == Role.LEADER for held in asked.appointments):
        raise Refusal(_("Người được trình phải là lãnh đạo cơ quan."), field="leader")
    one_lead(document, lines)
    before, document.state = document.state, State.PROPOSED
    decided = decided_before(document)
    document.proposed_to = leader
    document.directed_at, document.leader_left = None, False
    document.save()
    act = routing.conclude(
        document,
        actor,
        Verb.PROPOSE,
        before=before,
        text=text,
        users=[leader],
        article=proposer.article if proposer else "",
        detail=line_facts(lines) | decided,
    )
    keep_lines(act, lines)
    return document


@transaction.atomic
def direct(
    actor: Actor, document: IncomingDocument, *, text: str, lines: Sequence[Line] = ()
) -> IncomingDocument:
    """The leader gives his opinion; the document goes back to the chief (Kon Tum Điều 13.3).

    The lines to which he agrees come back with it, and the chief gives out by them. Where the
    regulation lets a leader give out himself, lines with a lead do so at once (Bắc Giang Điều 6.1).
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_direct, actor, document)
    if not text:
        raise Refusal(_("Ghi ý kiến chỉ đạo."), field="text")
    regulation = actor.agency.regulation
    returns, before = regulation.direction_returns_to, document.state
    back_to = returns.value if returns else rules.distributing_role(actor)
    article = returns.article if returns else ""
    given: dict[str, Any] = {}
    made: list[Assignment] = []
    one_lead(document, lines)
    if gives_out(actor, lines):
        if regulation.leader_gives_out:
            article = regulation.leader_gives_out.article
        made, given = hand_out(actor, document, lines)
        document.state = State.IN_PROCESS
    else:
        document.state = State.SUBMITTED
    document.directed_at = clock.now()
    document.save()
    reached = [routing.answering(one) for one in made]
    act = routing.conclude(
        document,
        actor,
        Verb.DIRECT,
        before=before,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[
            *(post for _users, posts in reached for post in posts),
            receiving_post(document.agency, back_to),
            *_clerks(actor),
        ],
        article=article,
        detail=line_facts(lines) | given,
    )
    keep_lines(act, lines)
    return document


def gives_out(actor: Actor, lines: Sequence[Line]) -> bool:
    """True when the leader's consent to these lines gives the work out (Bắc Giang Điều 6.1)."""
    rule = actor.agency.regulation.leader_gives_out
    leads = any(line.role == AssignmentRole.LEAD for line in lines)
    return rule is not None and rule.value and leads


@transaction.atomic
def distribute(
    actor: Actor,
    document: IncomingDocument,
    lines: Sequence[Line],
    *,
    text: str = "",
    seen: int | None = None,
    at_hand: AtHand | None = None,
) -> IncomingDocument:
    """Send the document to those who lead, coordinate and should know (Kon Tum Điều 13.2–13.3).

    The first time one line leads; later lines are added to those that are there. Raises Refusal
    when there would be no lead, or two; Stale when somebody has acted since the ``seen``-th act.
    """
    document = routing.lock(actor, document, at_hand)
    routing.unchanged(document, seen)
    actor = routing.allowed(rules.may_distribute, actor, document)
    rule = actor.agency.regulation.distribution(member=actor.agency.is_member)
    made, given = hand_out(actor, document, lines, at_hand)
    before, document.state = document.state, State.IN_PROCESS
    document.save(update_fields=["state", "to_places", "due_date"])
    reached = [routing.answering(one, at_hand) for one in made]
    routing.conclude(
        document,
        actor,
        Verb.DISTRIBUTE,
        before=before,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts] + _clerks(actor, at_hand),
        article=rule.article,
        detail=given,
        at_hand=at_hand,
    )
    return document


def _clerks(actor: Actor, at_hand: AtHand | None = None) -> list[Post]:
    """The clerk is told, and takes the paper to the right place (Kon Tum Điều 13.3)."""
    if actor.agency.regulation.direction_returns_to is None or actor.agency.is_member:
        return []
    if at_hand:
        return at_hand.clerks
    try:
        return [receiving_post(actor.agency, Role.CLERK)]
    except Refusal:
        return []  # a city without a clerk today still gives out its work
