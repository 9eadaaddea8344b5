"""The work as pages show it: who was asked for what, what has come of it, what the trail says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, User
from core import clock
from documents.calendar import office_calendar
from documents.choices import (
    VOID_ASSIGNMENT,
    AssignmentRole,
    AssignmentState,
    Outcome,
    Stance,
    UrgeLevel,
    WorkVerb,
)
from documents.models import Assignment, DocumentAct, Extension, Matter, Opinion

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
    # Where the file lies that came with it.
    file_url: str = ""


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


@dataclass(frozen=True)
class AssignmentLine:
    """One line of the tree."""

    role: str
    role_label: str
    unit: str
    person: str
    directive: str
    due_date: date | None
    state: str
    state_label: str
    depth: int
    percent: int
    is_late: bool
    is_today: bool
    distance: str
    result: str
    urged: str = ""

    def get_role_display(self) -> str:
        return self.role_label

    def get_state_display(self) -> str:
        return self.state_label


def assignment_tree(document: Matter) -> list[AssignmentLine]:
    """Assignments as a tree: those of the office first by role, each with what hangs below it."""
    order: dict[str, int] = {
        AssignmentRole.LEAD: 0,
        AssignmentRole.COORDINATE: 1,
        AssignmentRole.INFORM: 2,
    }
    children: dict[int | None, list[Assignment]] = {}
    for one in document.all_assignments:
        children.setdefault(one.parent_id, []).append(one)
    lines: list[AssignmentLine] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in sorted(children.get(parent, []), key=lambda row: order[row.role]):
            lines.append(_assignment_line(one, depth))
            walk(one.pk, depth + 1)

    walk(None, 0)
    return lines


def _assignment_line(one: Assignment, depth: int) -> AssignmentLine:
    calendar, today = office_calendar(), clock.today()
    late = one.is_open and calendar.is_late(today, one.due_date)
    return AssignmentLine(
        role=one.role,
        role_label=one.get_role_display(),
        unit="" if one.person else one.unit.name,
        person=one.person.full_name if one.person else "",
        directive=one.directive,
        due_date=one.due_date,
        state=one.state,
        state_label=one.get_state_display(),
        depth=min(depth, 3),
        percent=one.percent,
        is_late=late,
        is_today=one.is_open and one.due_date == today,
        distance=calendar.distance(today, one.due_date, short=True) if one.is_open else "",
        result=one.result,
        urged=str(UrgeLevel(one.urge_level).label) if one.is_open and one.urge_level else "",
    )


def questions_of(document: Matter, files: Mapping[int, str] | None = None) -> list[Question]:
    """The questions, newest first, each with all who were asked.

    ``files``: addresses of what came with opinions, by their keys.
    """
    rows = document.opinions.select_related(
        "unit", "person", "asked_by__user", "answered_by__user"
    ).order_by("pk")
    return questions_in(document, rows, files)


def questions_in(
    document: Matter, rows: Iterable[Opinion], files: Mapping[int, str] | None = None
) -> list[Question]:
    """The same of opinions that have been read, oldest first."""
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
                lines=[_opinion_line(document, row, (files or {}).get(row.pk, "")) for row in each],
                answered=sum(row.answered_at is not None for row in each),
            )
        )
    return found[::-1]


def _opinion_line(document: Matter, row: Opinion, file_url: str) -> OpinionLine:
    calendar, today = office_calendar(), clock.today()
    waits = row.is_open and not document.is_over
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
        file_url=file_url,
    )


def extensions_of(document: Matter) -> list[ExtensionLine]:
    """Every request for a later day, newest first."""
    rows = (
        Extension.objects.filter(assignment__document=document)
        .select_related("assignment__unit", "assignment__person", "asked_by__user")
        .select_related("decided_by__user")
        .order_by("-pk")
    )
    return extension_lines(rows)


def extension_lines(rows: Iterable[Extension]) -> list[ExtensionLine]:
    """The same of requests that have been read."""
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


_OF_EXTENSION = (
    *("pk", "old_day", "wanted_day", "reason", "asked_at", "outcome", "granted_day", "answer"),
    "decided_at",
)


def with_extensions(document: Matter) -> list[Extension]:
    """Every request for a later day, newest first; and the assignments: one question for both.

    What is read: days, words, names of those who asked and decided, and who decides today.
    """
    role = document.extension_role or document.distributing_role
    in_force = Appointment.objects.in_force(clock.today())
    decider_at = in_force.receiving(document.agency, role).values("unit")[:1]
    giver = in_force.filter(unit=OuterRef("given_by__unit"), role=OuterRef("given_by__role"))
    columns = {f"later_{name}": F(f"extensions__{name}") for name in _OF_EXTENSION}
    asker, decider = (F(f"extensions__{who}_by__user__full_name") for who in ("asked", "decided"))
    rows: QuerySet[Any] = (
        document.assignments.select_related("unit", "person", "given_by__user")
        .annotate(**columns, later_asker=asker, later_decider=decider)
        .annotate(decider_at=Subquery(decider_at), is_giver_there=Exists(giver))
        .order_by("given_at", "pk")
    )
    assignments: dict[int, Assignment] = {}
    found = []
    for row in rows:
        one = assignments.setdefault(row.pk, row)
        document.posts_known[(role, 0)] = row.decider_at
        document.posts_known[(one.given_by.role, one.given_by.unit_id)] = row.is_giver_there
        if row.later_pk is not None:
            values = {name: getattr(row, f"later_{name}") for name in _OF_EXTENSION}
            request = Extension(assignment=one, **values)
            request.asked_by = Appointment(user=User(full_name=row.later_asker))
            if row.later_decider:
                request.decided_by = Appointment(user=User(full_name=row.later_decider))
            found.append(request)
    document.all_assignments = list(assignments.values())
    return sorted(found, key=lambda one: -one.pk)


def told(document: Matter) -> list[Assignment]:
    """Those who are only to know of it, as far as that was not taken back."""
    return [
        one
        for one in document.all_assignments
        if one.role == AssignmentRole.INFORM and one.state not in VOID_ASSIGNMENT
    ]


def receipts_of(rows: Iterable[Assignment], acts: Iterable[DocumentAct]) -> list[Receipt]:
    """Who of these has read it: those who have not stand first, the longest waiting on top."""
    readers = {
        pk: act.actor.full_name
        for act in acts
        if act.verb == WorkVerb.READ
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
        for one in rows
    ]
    return sorted(found, key=lambda one: (one.read_at is not None, one.read_at or one.since))


def told_by(actor: Actor, one: Assignment) -> bool:
    """True for whoever told him, and for who stands in for that person."""
    people = {actor.user.pk, *(other.principal.pk for other in actor.stand_ins())}
    return one.given_by.user_id in people


def act_words(act: DocumentAct) -> str:
    """What an act of the work says with its numbers, days and stances; "" of all others."""
    detail = act.detail
    match act.verb:
        case WorkVerb.PROGRESS:
            return _("báo cáo tiến độ %(percent)s %%") % {"percent": detail.get("percent", "")}
        case WorkVerb.URGE:
            return _("đôn đốc mức %(level)s:") % {"level": detail.get("level", "")}
        case WorkVerb.REQUEST_EXTENSION:
            return _("xin gia hạn đến %(day)s, trình") % {"day": detail.get("day", "")}
        case WorkVerb.DECIDE_EXTENSION if detail.get("agreed"):
            return _("đồng ý gia hạn đến %(day)s, báo") % {"day": detail.get("day", "")}
        case WorkVerb.DECIDE_EXTENSION:
            return _("không đồng ý gia hạn, báo")
        case WorkVerb.GIVE_OPINION:
            stance = str(Stance(detail["stance"]).label).lower()
            return _("góp ý (%(stance)s), gửi") % {"stance": stance}
    return ""


def act_reason(act: DocumentAct) -> str:
    """Who did it, how, and in which words: why somebody was told."""
    words = getattr(act, "words", None)
    said = f": {words.text}" if words else ""
    how = ""
    match act.verb:
        case WorkVerb.URGE:
            how = str(UrgeLevel(act.detail.get("level", 1)).label)
        case WorkVerb.REQUEST_EXTENSION:
            how = _("xin đến %(day)s") % {"day": act.detail.get("day", "")}
        case WorkVerb.DECIDE_EXTENSION if act.detail.get("agreed"):
            how = _("đồng ý đến %(day)s") % {"day": act.detail.get("day", "")}
        case WorkVerb.DECIDE_EXTENSION:
            how = _("không đồng ý")
        case WorkVerb.GIVE_OPINION:
            how = str(Stance(act.detail.get("stance", Stance.OTHER)).label)
    return ", ".join(part for part in (act.actor.full_name, how) if part) + said
