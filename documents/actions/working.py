"""assign, progress, comment, share, read; and how work is sent back or ended."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule
from accounts.models import Appointment, Post, User
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import rules
from documents.actions.concluding import M, allowed, answering, conclude, lock
from documents.actions.giving import Line, give
from documents.choices import AssignmentRole, AssignmentState, WorkVerb
from documents.models import Assignment, Matter


@transaction.atomic
def assign(actor: Actor, document: M, lines: Sequence[Line], *, text: str = "") -> M:
    """The head of a unit gives the unit's work to his people (Kon Tum Điều 20.2, 21.2).

    Whoever gets no day of his own has the unit's, even when it has passed: he is late with it, and
    is reminded. Raises Refusal for people of other units, two leads under one assignment, or a
    deadline beyond the unit's own.
    """
    document = lock(actor, document)
    actor = allowed(rules.may_assign, actor, document)
    mine = rules.my_assignment(actor, document)
    assert mine is not None  # noqa: S101 -- may_assign has seen it
    if not lines:
        raise Refusal(_("Chọn người được giao việc."), field="lead")
    for line in lines:
        if line.unit.pk != actor.unit.pk and line.unit.parent_id != actor.unit.pk:
            raise Refusal(_("Chỉ giao việc cho người của đơn vị mình."), field="lead")
        if line.due_date and mine.due_date and line.due_date > mine.due_date:
            raise Refusal(
                _("Thời hạn của %(name)s vượt quá thời hạn của đơn vị (%(day)s).")
                % {"name": line.person or line.unit, "day": f"{mine.due_date:%d/%m/%Y}"},
                field="due_date",
            )
    leads = sum(line.role == AssignmentRole.LEAD for line in lines) + sum(
        one.is_open and one.role == AssignmentRole.LEAD and one.parent_id == mine.pk
        for one in document.all_assignments
    )
    if leads > 1:
        raise Refusal(_("Mỗi việc chỉ có một người chủ trì."), field="lead")
    lines = [
        replace(line, due_date=line.due_date or mine.due_date) if line.role in rules.WORK else line
        for line in lines
    ]
    made = give(actor, document, lines, parent=mine, kept=mine.due_date)
    _take_up(mine)
    reached = [answering(one) for one in made]
    conclude(
        document,
        actor,
        WorkVerb.ASSIGN,
        before=document.state,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=document.article("assign"),
        detail={"assignments": [one.pk for one in made]},
    )
    return document


@transaction.atomic
def take_back(
    actor: Actor,
    document: M,
    part: Assignment,
    *,
    text: str,
    rule: Rule,
    gives_out: Rule,
    ended: Callable[[Appointment, M, Assignment], dict[str, Any]],
    article: str,
) -> M:
    """The head takes a part back from one of his people; it may be given to another.

    So does who ``gives_out`` with one of the first line: ``ended`` says what of the matter ends
    with it, ``article`` is quoted; ``rule`` is the kind's own. What was given below it ends with
    it, and so does a later day that is asked for. What has been reported stays on the trail.
    Raises Refusal for a part that is not his to take back.
    """
    document = lock(actor, document)
    actor = allowed(rule, actor, document)
    given = rules.parts_given(actor, document, gives_out)
    one = next((each for each in given if each.pk == part.pk), None)
    if one is None:
        if any(each.pk == part.pk and each.is_open for each in document.all_assignments):
            raise NotYours(_("Chỉ người đã giao phần việc này mới thu hồi được."))
        raise Stale(_("Phần việc này đã kết thúc."))
    if not text:
        raise Refusal(_("Ghi lý do thu hồi phần việc."), field="text")
    taken = [one, *(each for each in below(document, one) if each.is_open)]
    for each in taken:
        _close(each, AssignmentState.RECALLED)
    detail: dict[str, Any] = {"assignments": [each.pk for each in taken]}
    if one.parent_id is None:
        detail |= ended(actor.appointment, document, one)
        document.save()
    reached = [answering(each) for each in taken]
    conclude(
        document,
        actor,
        WorkVerb.TAKE_BACK,
        before=document.state,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=document.article("assign") if one.parent_id else article,
        detail=detail,
    )
    return document


@transaction.atomic
def progress(actor: Actor, document: M, *, percent: int, text: str) -> M:
    """Report how far the work is (Kon Tum Điều 21.1). Raises Refusal without words."""
    document = lock(actor, document)
    actor = allowed(rules.may_progress, actor, document)
    mine = rules.my_assignment(actor, document)
    assert mine is not None  # noqa: S101 -- may_progress has seen it
    if not text:
        raise Refusal(_("Ghi nội dung báo cáo."), field="text")
    if not 0 <= percent <= 100:
        raise Refusal(_("Tiến độ từ 0 đến 100."), field="percent")
    mine.percent = percent
    _take_up(mine)
    users, posts = giver(mine)
    conclude(
        document,
        actor,
        WorkVerb.PROGRESS,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        detail={"assignment": mine.pk, "percent": percent},
    )
    return document


@transaction.atomic
def comment(actor: Actor, document: M, *, text: str) -> M:
    """Add an opinion; those who lead the work are told (Kon Tum Điều 13.7b)."""
    document = lock(actor, document)
    actor = allowed(rules.may_comment, actor, document)
    if not text:
        raise Refusal(_("Ghi ý kiến."), field="text")
    users: list[User] = []
    posts: list[Post] = []
    for one in document.all_assignments:
        if one.is_open and one.role == AssignmentRole.LEAD:
            people, heads = answering(one)
            users += people
            posts += heads
    conclude(
        document,
        actor,
        WorkVerb.COMMENT,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
    )
    return document


@transaction.atomic
def share(actor: Actor, document: M, lines: Sequence[Line], *, rule: Rule, text: str = "") -> M:
    """Let units and people see it ("Thông báo", Kon Tum Điều 13.7c).

    ``rule`` is the kind's own: from when on it may be shown.
    """
    document = lock(actor, document)
    actor = allowed(rule, actor, document)
    if not lines:
        raise Refusal(_("Chọn đơn vị hoặc người được thông báo."), field="people")
    made = give(
        actor,
        document,
        [Line(AssignmentRole.INFORM, line.unit, line.person) for line in lines],
        parent=None,
    )
    if not made:
        raise Refusal(_("Những người đã chọn đều đã được thông báo."), field="people")
    reached = [answering(one) for one in made]
    conclude(
        document,
        actor,
        WorkVerb.SHARE,
        before=document.state,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=document.article("share"),
        detail={"assignments": [one.pk for one in made]},
    )
    return document


@transaction.atomic
def read(actor: Actor, document: M) -> bool:
    """Note that somebody who was informed has opened it; True the first time."""
    document = lock(actor, document)
    unread = [
        one
        for one in document.all_assignments
        if one.is_open and one.role == AssignmentRole.INFORM and rules.holds(actor, one)
    ]
    for one in unread:
        _close(one, AssignmentState.DONE)
    if unread:
        conclude(
            document,
            actor,
            WorkVerb.READ,
            before=document.state,
            detail={"assignments": [one.pk for one in unread]},
        )
    return bool(unread)


def hand_back(document: Matter, mine: Assignment) -> tuple[list[User], list[Post]]:
    """Close work that is sent back, and what was given on below; answers who hears of it."""
    for one in (mine, *below(document, mine)):
        if one.is_open:
            _close(one, AssignmentState.SENT_BACK)
    return giver(mine)


def end_work(mine: Assignment, text: str) -> tuple[list[User], list[Post]]:
    """Close work with its result; answers who hears of it."""
    mine.percent, mine.result = 100, text
    _close(mine, AssignmentState.DONE)
    return giver(mine)


def reopen_work(document: Matter) -> tuple[list[User], list[Post]] | None:
    """Open the work of whoever led it last once more; answers who that is, None without a lead.

    The old result stands in the trail.
    """
    leads = [
        one
        for one in document.all_assignments
        if one.role == AssignmentRole.LEAD
        and one.parent_id is None
        and one.state == AssignmentState.DONE
    ]
    if not leads:
        return None
    lead = leads[-1]
    lead.state, lead.closed_at = AssignmentState.IN_PROCESS, None
    lead.percent, lead.result = 0, ""
    lead.save(update_fields=["state", "closed_at", "percent", "result"])
    return answering(lead)


def still_at_work(document: Matter, but: Assignment | None) -> tuple[list[User], list[Post]]:
    """Those who still work on it though it has ended: they are told."""
    users: list[User] = []
    posts: list[Post] = []
    for one in document.all_assignments:
        if one.is_open and one.role != AssignmentRole.INFORM and one is not but:
            people, heads = answering(one)
            users += people
            posts += heads
    return users, posts


def _take_up(assignment: Assignment) -> None:
    """Work has begun; a report is the answer to an urge."""
    assignment.state, assignment.urge_level = AssignmentState.IN_PROCESS, 0
    assignment.save(update_fields=["state", "percent", "urge_level"])


def _close(assignment: Assignment, state: AssignmentState) -> None:
    assignment.state, assignment.closed_at, assignment.urge_level = state, clock.now(), 0
    assignment.save(update_fields=["state", "closed_at", "percent", "result", "urge_level"])


def giver(assignment: Assignment) -> tuple[list[User], list[Post]]:
    """Who hears of it: whoever answers for the assignment above, else the person who gave it."""
    if assignment.parent_id is not None:
        above = Assignment.objects.select_related("unit", "person").get(pk=assignment.parent_id)
        return answering(above)
    return [assignment.given_by.user], []


def below(document: Matter, top: Assignment) -> list[Assignment]:
    """All assignments under one, at any depth."""
    found: list[Assignment] = []
    keys = {top.pk}
    for one in document.all_assignments:  # oldest first: parents stand before children
        if one.parent_id in keys:
            keys.add(one.pk)
            found.append(one)
    return found
