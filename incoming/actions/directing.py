"""submit, propose, direct, distribute: from the clerk to those who will do the work."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor, actor_for
from accounts.choices import Role
from accounts.models import Post, Unit, User
from core import clock
from core.errors import Refusal, Stale
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, AssignmentState
from incoming import rules
from incoming.actions import routing
from incoming.actions.at_hand import AtHand
from incoming.actions.proposals import Line, keep_lines, line_facts
from incoming.choices import State, Verb
from incoming.models import Assignment, IncomingDocument


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
    _one_lead(actor, lines)
    before, document.state = document.state, State.PROPOSED
    document.proposed_to = leader
    document.directed_at = None
    document.save()
    act = routing.conclude(
        document,
        actor,
        Verb.PROPOSE,
        before=before,
        text=text,
        users=[leader],
        article=proposer.article if proposer else "",
        detail=line_facts(lines),
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
    _one_lead(actor, lines)
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


def _one_lead(actor: Actor, lines: Sequence[Line]) -> None:
    if sum(line.role == AssignmentRole.LEAD for line in lines) > 1:
        raise Refusal(
            _("Văn bản chỉ có một nơi chủ trì. Các nơi khác là phối hợp."),
            actor.agency.regulation.lead_required.article,
            field="lead",
        )


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


def hand_out(
    actor: Actor,
    document: IncomingDocument,
    lines: Sequence[Line],
    at_hand: AtHand | None = None,
) -> tuple[list[Assignment], dict[str, Any]]:
    """Make the assignments of a distribution, set places and day; the caller saves and records.

    Answers them and what the act keeps, by which it can be taken back. Raises Refusal.
    """
    leading = [
        one
        for one in document.all_assignments
        if one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
    ]
    leads = sum(line.role == AssignmentRole.LEAD for line in lines)
    required = actor.agency.regulation.lead_required
    if not lines:
        raise Refusal(_("Chọn ít nhất một đơn vị hoặc người nhận."), field="lead")
    if not leading and leads == 0:
        raise Refusal(_("Chọn đơn vị hoặc người chủ trì."), required.article, field="lead")
    if leading and leads:
        # Somebody else was quicker: say who.
        routing.require(
            Stale(_("Văn bản chỉ có một nơi chủ trì. Các nơi khác là phối hợp."), required.article),
            document,
        )
    _one_lead(actor, lines)
    _refuse_vague(actor, document, lines)
    raised, lines = _raise_coordinator(document, _own_day(document, lines))
    made = [*raised, *give(actor, document, lines, parent=None, at_hand=at_hand)]
    given: dict[str, Any] = {"assignments": [one.pk for one in made]}
    if raised:
        given["raised"] = [one.pk for one in raised]
    document.to_places = places(document)
    lead_day = next((one.due_date for one in made if one.role == AssignmentRole.LEAD), None)
    if lead_day and lead_day != document.due_date:
        given["due_before"] = document.due_date and document.due_date.isoformat()
        document.due_date = lead_day
    return made, given


def _own_day(document: IncomingDocument, lines: Sequence[Line]) -> list[Line]:
    """A lead without a day of his own gets the document's (Kon Tum Điều 11.6a)."""
    day = document.due_date
    if day is None or day < clock.today():
        return list(lines)
    return [
        replace(line, due_date=day)
        if line.role == AssignmentRole.LEAD and line.due_date is None
        else line
        for line in lines
    ]


def _refuse_vague(actor: Actor, document: IncomingDocument, lines: Sequence[Line]) -> None:
    """Work for several names each one's day and what is to be done (Cần Thơ Điều 7.2)."""
    terms = actor.agency.regulation.shared_work_terms
    work = [line for line in lines if line.role != AssignmentRole.INFORM]
    others = any(
        one.is_open and one.role != AssignmentRole.INFORM for one in document.all_assignments
    )
    if terms is None or len(work) + others < 2:
        return
    for line in work:
        if line.due_date is None or not line.directive:
            raise Refusal(
                _("Giao cho nhiều nơi thì ghi rõ thời hạn và ý kiến chỉ đạo của từng nơi: %(who)s.")
                % {"who": line.person or line.unit},
                terms.article,
            )


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


def _raise_coordinator(
    document: IncomingDocument, lines: Sequence[Line]
) -> tuple[list[Assignment], list[Line]]:
    """A unit that coordinates and is now to lead goes on with the assignment that it has.

    It happens when the first lead has sent the document back. Answers those raised, and the lines
    that are left to be given.
    """
    raised, rest = [], []
    for line in lines:
        key = (line.unit.pk, line.person.pk if line.person else None)
        there = next(
            (
                one
                for one in document.all_assignments
                if one.is_open
                and one.role == AssignmentRole.COORDINATE
                and one.parent_id is None
                and (one.unit_id, one.person_id) == key
            ),
            None,
        )
        if there is None or line.role != AssignmentRole.LEAD:
            rest.append(line)
            continue
        _refuse_past(line)
        there.role = AssignmentRole.LEAD
        there.directive = line.directive or there.directive
        there.due_date = line.due_date or there.due_date
        there.save(update_fields=["role", "directive", "due_date"])
        raised.append(there)
    return raised, rest


def give(
    actor: Actor,
    document: IncomingDocument,
    lines: Sequence[Line],
    *,
    parent: Assignment | None,
    at_hand: AtHand | None = None,
    past_day: bool = False,
) -> list[Assignment]:
    """Make the assignments of these lines; the caller holds the lock and records the act.

    Who has it already is not informed once more. Raises Refusal for somebody of another agency, a
    day in the past (``past_day``: it is the document's own), or work for one who has it already.
    """
    busy, told = set(), set()
    for one in document.all_assignments:
        if one.state == AssignmentState.RECALLED:
            continue  # taken back unread: it may be given anew
        if one.role == AssignmentRole.INFORM:
            told.add((one.unit_id, one.person_id))
        elif one.is_open and document.state != State.FINISHED:
            busy.add((one.unit_id, one.person_id))
    made = []
    for line in lines:
        refuse_stranger(document, line, at_hand)
        if not past_day:
            _refuse_past(line)
        key = (line.unit.pk, line.person.pk if line.person else None)
        if line.role == AssignmentRole.INFORM:
            if key in busy | told:
                continue  # who works on it, or was told before, knows of it
            told.add(key)
        elif key in busy:
            raise Refusal(
                _("%(who)s đã được giao văn bản này.") % {"who": line.person or line.unit}
            )
        else:
            busy.add(key)
        made.append(
            Assignment(
                document=document,
                parent=parent,
                role=line.role,
                unit=line.unit,
                person=line.person,
                directive=line.directive,
                due_date=line.due_date,
                given_by=actor.appointment,
                given_at=clock.now(),
            )
        )
    made = Assignment.objects.bulk_create(made)
    document.all_assignments.extend(made)
    return made


def refuse_stranger(document: IncomingDocument, line: Line, at_hand: AtHand | None = None) -> None:
    """Raises Refusal for a unit of another agency, or a person who does not work in the unit."""
    who = line.person or line.unit
    if line.unit.agency_id != document.agency_id:
        raise Refusal(_("%(who)s không thuộc cơ quan này.") % {"who": who})
    if line.person is not None and not _works_in(line.person, line.unit, at_hand):
        raise Refusal(_("%(who)s không làm việc ở đơn vị đã chọn.") % {"who": who})


def _works_in(person: User, unit: Unit, at_hand: AtHand | None) -> bool:
    if at_hand:
        return at_hand.works_in(person, unit)
    return person.appointments.in_force(clock.today()).filter(unit=unit).exists()


def _refuse_past(line: Line) -> None:
    if line.due_date and line.due_date < clock.today():
        raise Refusal(
            _("Thời hạn của %(who)s đã qua. Chọn ngày từ hôm nay trở đi.")
            % {"who": line.person or line.unit},
            field="due_date",
        )


def places(document: IncomingDocument) -> str:
    """Field 17, đơn vị hoặc người nhận: those asked by the office, the lead first."""
    asked = [
        one
        for one in document.all_assignments
        if one.parent_id is None and one.state not in VOID_ASSIGNMENT
    ]
    asked.sort(key=lambda one: one.role != AssignmentRole.LEAD)
    return "; ".join(dict.fromkeys(str(one.person or one.unit) for one in asked))[:1000]
