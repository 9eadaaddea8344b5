"""What each state and assignment asks of whom; and the closing lines of every verb."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import head_post, receiving_post
from accounts.actor import Actor, Rule
from accounts.choices import Role
from accounts.models import Post, User
from core.errors import Refusal, Stale
from documents.actions import Wait, record, route, route_anew
from documents.calendar import office_calendar
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import DocumentAct
from incoming.actions.at_hand import AtHand, newest_ordinal
from incoming.choices import State, Task, Verb
from incoming.models import Assignment, IncomingDocument
from notifications.actions import notify


def lock(
    actor: Actor, document: IncomingDocument, at_hand: AtHand | None = None
) -> IncomingDocument:
    """The document read anew under its row lock; verbs decide on this one only.

    Raises IncomingDocument.DoesNotExist for one that the actor does not see.
    """
    rows = (
        IncomingDocument.objects.visible_to(actor)
        .select_for_update(of=("self", "document_ptr"))
        .select_related("agency__parent")
    )
    return at_hand.lock(rows, document.pk) if at_hand else rows.get(pk=document.pk)


def allowed(rule: Rule, actor: Actor, document: IncomingDocument) -> Actor:
    """The actor as whom the verb is done: himself, or standing in for one who delegated to him.

    Raises the rule's Refusal.
    """
    refusal, acting = rule.answer(actor, document)
    require(refusal, document)
    return acting


def require(refusal: Refusal | None, document: IncomingDocument) -> None:
    """Raise a rule's refusal; when the document has moved on, say who moved it."""
    if isinstance(refusal, Stale):
        last = DocumentAct.objects.select_related("actor").filter(target_id=document.pk).last()
        if last:
            raise Stale(
                _("%(reason)s Bước gần nhất: %(who)s, %(verb)s lúc %(time)s.")
                % {
                    "reason": refusal.message,
                    "who": last.actor.full_name,
                    "verb": str(Verb(last.verb).label).lower(),
                    "time": timezone.localtime(last.at).strftime("%H:%M %d/%m/%Y"),
                },
                refusal.article,
            )
    if refusal is not None:
        raise refusal


def unchanged(document: IncomingDocument, seen: int | None) -> None:
    """Raise Stale when somebody has acted since the form was drawn at ``seen`` acts."""
    if seen is not None and newest_ordinal(document) != seen:
        require(Stale(_("Văn bản đã có bước mới từ lúc mở trang này.")), document)


def answering(
    assignment: Assignment, at_hand: AtHand | None = None
) -> tuple[list[User], list[Post]]:
    """Who answers for an assignment: the person, or the post that heads the unit."""
    if assignment.person is not None:
        return [assignment.person], []
    return [], [at_hand.head(assignment.unit) if at_hand else head_post(assignment.unit)]


def expected_waits(document: IncomingDocument, at_hand: AtHand | None = None) -> list[Wait]:
    """The waiting rows that follow from the document's state and its assignments."""
    agency = document.agency
    regulation = agency.regulation
    waits: list[Wait] = []
    match document.state:
        case State.RECEIVED:
            clerk = receiving_post(agency, Role.CLERK)
            day = _office_day(document, document.received_at, regulation.register_days.value)
            waits.append(Wait(Task.REGISTER, group_id=clerk.group_id, due_date=day))
        case State.REGISTERED:
            clerk = receiving_post(agency, Role.CLERK)
            since = _last_return(document) or document.registered_at or document.received_at
            day = _office_day(document, since, regulation.submit_days.value)
            waits.append(Wait(Task.SUBMIT, group_id=clerk.group_id, due_date=day))
        case State.SUBMITTED:
            role = regulation.distribution(member=agency.is_member).value
            chief = receiving_post(agency, role)
            waits.append(Wait(Task.DISTRIBUTE, group_id=chief.group_id, due_date=document.due_date))
        case State.PROPOSED:
            waits.append(
                Wait(Task.DIRECT, user_id=document.proposed_to_id, due_date=document.due_date)
            )
        case State.IN_PROCESS:
            if not any(
                one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
                for one in document.all_assignments
            ):
                # The lead has sent it back: the office finds another.
                role = regulation.returning(member=agency.is_member).value
                chief = receiving_post(agency, role)
                waits.append(
                    Wait(Task.DISTRIBUTE, group_id=chief.group_id, due_date=document.due_date)
                )
    waits.extend(_assignment_waits(document, at_hand))
    return waits


def _last_return(document: IncomingDocument) -> datetime | None:
    """When it last came back to the clerk; the clerk's days count from then."""
    back = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SEND_BACK)
    return back.order_by("ordinal").values_list("at", flat=True).last()


def _office_day(document: IncomingDocument, since: datetime, days: int) -> date:
    """The clerk's own limit: so many working days, urgent ones the same day (NĐ 30 Điều 4.2c)."""
    day = timezone.localtime(since).date()
    if document.priority and document.agency.regulation.urgent_at_once.value:
        return day
    return office_calendar().add_working_days(day, days)


def _assignment_waits(document: IncomingDocument, at_hand: AtHand | None) -> Iterable[Wait]:
    everything = document.all_assignments
    for one in everything:
        if not one.is_open:
            continue
        if one.role == AssignmentRole.INFORM:
            task = Task.READ
        elif document.state != State.IN_PROCESS:
            continue
        else:
            children = [
                child
                for child in everything
                if child.parent_id == one.pk
                and child.role == AssignmentRole.LEAD
                and child.state not in VOID_ASSIGNMENT
            ]
            if any(child.is_open for child in children):
                continue  # somebody below works on it
            task = Task.CONCLUDE if children else Task.PROCESS if one.person_id else Task.ASSIGN
        users, posts = answering(one, at_hand)
        yield Wait(
            task,
            user_id=users[0].pk if users else None,
            group_id=posts[0].group_id if posts else None,
            assignment_id=one.pk,
            due_date=one.due_date,
        )


def conclude(
    document: IncomingDocument,
    actor: Actor,
    verb: Verb,
    *,
    before: str,
    text: str = "",
    users: Iterable[User] = (),
    posts: Iterable[Post] = (),
    article: str = "",
    detail: Mapping[str, Any] | None = None,
    at_hand: AtHand | None = None,
) -> DocumentAct:
    """The closing lines of a verb: one act on the trail, the next ones asked, people told."""
    users, posts = list(users), list(posts)
    known = at_hand.known_of(document) if at_hand else {}
    act = record(
        document,
        actor,
        verb,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=article,
        detail=detail,
        **known,
    )
    if known:
        # Nothing was there before: what was made now is all there is.
        route_anew(document, expected_waits(document, at_hand))
    else:
        document.__dict__.pop("all_assignments", None)
        route(document, expected_waits(document))
    if at_hand:
        users, posts = [*users, *at_hand.holders(posts)], []
    # Whoever is stood in for hears what was done in his name.
    notify(
        document.agency,
        verb,
        document.get_absolute_url(),
        users=[*users, actor.principal],
        posts=posts,
        but=actor.user,
    )
    return act
