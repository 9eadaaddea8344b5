"""What was asked on one document, as its page shows it: opinions, later days, who has read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from documents import deciding
from documents.calendar import office_calendar
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, AssignmentState, Outcome
from documents.models import Assignment, DocumentAct, Extension, Opinion
from incoming import rules
from incoming.choices import State, Verb
from incoming.models import IncomingDocument

_STATUS = {
    Outcome.ASKED: "review",
    Outcome.AGREED: "done",
    Outcome.REFUSED: "back",
    Outcome.CLOSED: "back",
}


@dataclass(frozen=True)
class OpinionLine:
    """One place that was asked, and what it said."""

    who: str
    stance: str
    kind: str
    text: str
    by: str
    at: datetime | None
    due_date: date | None
    distance: str
    is_late: bool
    is_today: bool
    note: str


@dataclass(frozen=True)
class Question:
    """What one person asked of some, and how many have answered."""

    text: str
    who: str
    at: datetime
    lines: list[OpinionLine]
    answered: int


@dataclass(frozen=True)
class ExtensionLine:
    """One link of the chain."""

    who: str
    asker: str
    asked_at: datetime
    old_day: date
    wanted_day: date
    granted_day: date | None
    reason: str
    label: str
    kind: str
    decider: str
    decided_at: datetime | None
    answer: str


@dataclass(frozen=True)
class Receipt:
    """One who was told, and whether he has read it."""

    who: str
    giver: str
    since: datetime
    read_at: datetime | None
    reader: str


def asked(actor: Actor, document: IncomingDocument, acts: Iterable[DocumentAct]) -> dict[str, Any]:
    """The panels of the document's page; each is empty where there is nothing to tell."""
    if document.state in (State.RECEIVED, State.REFUSED):
        return {"questions": [], "extensions": [], "receipts": [], "receipts_read": 0}
    receipts = receipts_of(actor, document, acts)
    acting = rules.may_give_opinion.answer(actor, document)[1]
    return {
        "questions": questions_of(document),
        "my_question": next(
            (row for row in deciding.unanswered(document) if deciding.answers(acting, row)), None
        ),
        "extensions": extensions_of(document),
        "receipts": receipts,
        "receipts_read": sum(one.read_at is not None for one in receipts),
    }


def questions_of(document: IncomingDocument) -> list[Question]:
    """The questions, newest first, each with all who were asked."""
    rows = document.opinions.select_related(
        "unit", "person", "asked_by__user", "answered_by__user"
    ).order_by("pk")
    together: dict[tuple[int, str], list[Opinion]] = {}
    for row in rows:
        together.setdefault((row.asked_by_id, row.question), []).append(row)
    found = []
    for each in together.values():
        first = each[0]
        found.append(
            Question(
                text=first.question,
                who=f"{first.asked_by.title} {first.asked_by.user.full_name}",
                at=first.asked_at,
                lines=[_opinion_line(document, row) for row in each],
                answered=sum(row.answered_at is not None for row in each),
            )
        )
    return found[::-1]


def _opinion_line(document: IncomingDocument, row: Opinion) -> OpinionLine:
    calendar, today = office_calendar(), clock.today()
    waits = row.is_open and document.state not in (State.FINISHED, State.REFUSED)
    answered = timezone.localtime(row.answered_at).date() if row.answered_at else None
    note = ""
    if answered and calendar.is_late(answered, row.due_date):
        note = _("trả lời muộn")
    elif row.withdrawn_at:
        note = _("thôi xin ý kiến %(day)s") % {
            "day": f"{timezone.localtime(row.withdrawn_at):%d/%m/%Y}"
        }
    elif row.is_open:
        note = _("chưa trả lời") if waits else _("không trả lời")
    return OpinionLine(
        who=str(row.person or row.unit),
        stance=row.get_stance_display() if row.stance else "",
        kind="done" if answered else "back" if row.withdrawn_at or not waits else "new",
        text=row.text,
        by=str(row.answered_by.user) if row.answered_by else "",
        at=row.answered_at,
        due_date=row.due_date,
        distance=calendar.distance(today, row.due_date, short=True) if waits else "",
        is_late=waits and calendar.is_late(today, row.due_date),
        is_today=waits and row.due_date == today,
        note=note,
    )


def extensions_of(document: IncomingDocument) -> list[ExtensionLine]:
    """Every request for a later day, newest first."""
    rows = (
        Extension.objects.filter(assignment__document=document)
        .select_related("assignment__unit", "assignment__person", "asked_by__user")
        .select_related("decided_by__user")
        .order_by("-pk")
    )
    return [
        ExtensionLine(
            who=str(row.assignment.person or row.assignment.unit),
            asker=str(row.asked_by.user),
            asked_at=row.asked_at,
            old_day=row.old_day,
            wanted_day=row.wanted_day,
            granted_day=row.granted_day,
            reason=row.reason,
            label=row.get_outcome_display(),
            kind=_STATUS[Outcome(row.outcome)],
            decider=str(row.decided_by.user) if row.decided_by else "",
            decided_at=row.decided_at,
            answer=row.answer,
        )
        for row in rows
    ]


def receipts_of(
    actor: Actor, document: IncomingDocument, acts: Iterable[DocumentAct]
) -> list[Receipt]:
    """Who was told and has read it: all for clerk and office, his own for whoever shared it.

    Kon Tum Điều 13.3, 13.7c. Those who have not read it stand first, the longest waiting on top.
    """
    if rules.may_see_receipts(actor, document):
        return []
    told = [
        one
        for one in document.all_assignments
        if one.role == AssignmentRole.INFORM and one.state not in VOID_ASSIGNMENT
    ]
    if rules.may_see_all_receipts(actor, document):
        told = [one for one in told if _told_by(actor, one)]
    readers = {
        pk: act.actor.full_name
        for act in acts
        if act.verb == Verb.READ
        for pk in act.detail.get("assignments", [])
    }
    found = [
        Receipt(
            who=str(one.person or one.unit),
            giver=str(one.given_by.user),
            since=one.given_at,
            read_at=one.closed_at if one.state == AssignmentState.DONE else None,
            reader="" if one.person else readers.get(one.pk, ""),
        )
        for one in told
    ]
    return sorted(found, key=lambda one: (one.read_at is not None, one.read_at or one.since))


def _told_by(actor: Actor, one: Assignment) -> bool:
    people = {actor.user.pk, *(other.principal.pk for other in actor.stand_ins())}
    return one.given_by.user_id in people
