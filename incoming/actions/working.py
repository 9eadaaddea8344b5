"""assign, progress, comment, send_back, finish, reopen, share, read: the work itself."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from documents.actions import lock_rows
from documents.choices import AssignmentRole, AssignmentState
from dossiers.actions import add_document
from dossiers.models import Dossier
from incoming import rules
from incoming.actions import routing
from incoming.actions.directing import give, places
from incoming.actions.proposals import Line
from incoming.choices import State, Verb
from incoming.models import Assignment, IncomingDocument


@transaction.atomic
def assign(
    actor: Actor, document: IncomingDocument, lines: Sequence[Line], *, text: str = ""
) -> IncomingDocument:
    """The head of a unit gives the unit's work to his people (Kon Tum Điều 20.2, 21.2).

    Raises Refusal for people of other units, two leads under one assignment, or a deadline beyond
    the unit's own.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_assign, actor, document)
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
    made = give(actor, document, lines, parent=mine)
    _take_up(mine)
    reached = [routing.answering(one) for one in made]
    routing.conclude(
        document,
        actor,
        Verb.ASSIGN,
        before=document.state,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=ruling.article if (ruling := actor.agency.regulation.assign) else "",
        detail={"assignments": [one.pk for one in made]},
    )
    return document


@transaction.atomic
def progress(
    actor: Actor, document: IncomingDocument, *, percent: int, text: str
) -> IncomingDocument:
    """Report how far the work is (Kon Tum Điều 21.1). Raises Refusal without words."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_progress, actor, document)
    mine = rules.my_assignment(actor, document)
    assert mine is not None  # noqa: S101 -- may_progress has seen it
    if not text:
        raise Refusal(_("Ghi nội dung báo cáo."), field="text")
    if not 0 <= percent <= 100:
        raise Refusal(_("Tiến độ từ 0 đến 100."), field="percent")
    mine.percent = percent
    _take_up(mine)
    users, posts = _giver(mine)
    routing.conclude(
        document,
        actor,
        Verb.PROGRESS,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        detail={"assignment": mine.pk, "percent": percent},
    )
    return document


@transaction.atomic
def comment(actor: Actor, document: IncomingDocument, *, text: str) -> IncomingDocument:
    """Add an opinion; those who lead the work are told (Kon Tum Điều 13.7b)."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_comment, actor, document)
    if not text:
        raise Refusal(_("Ghi ý kiến."), field="text")
    users: list[User] = []
    posts: list[Post] = []
    for one in document.all_assignments:
        if one.is_open and one.role == AssignmentRole.LEAD:
            people, heads = routing.answering(one)
            users += people
            posts += heads
    routing.conclude(
        document,
        actor,
        Verb.COMMENT,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
    )
    return document


@transaction.atomic
def send_back(actor: Actor, document: IncomingDocument, *, text: str) -> IncomingDocument:
    """Return it to whoever sent it, with the reason (Kon Tum Điều 13.7a).

    A leader returns it to the chief, the chief to the clerk, a unit to the chief, a person to the
    head who assigned it. What was given on below goes back with it.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_send_back, actor, document)
    rule = actor.agency.regulation.returning(member=actor.agency.is_member)
    if not text:
        asked = actor.agency.regulation.return_reason
        raise Refusal(
            _("Ghi rõ lý do chuyển trả."), asked.article if asked else rule.article, field="text"
        )
    before = document.state
    users: list[User] = []
    posts: list[Post] = []
    detail: dict[str, int] = {}
    article = ""
    if before == State.PROPOSED:
        document.state = State.SUBMITTED
        posts = [receiving_post(document.agency, rules.distributing_role(actor))]
    elif before == State.SUBMITTED:
        document.state = State.REGISTERED
        posts = [receiving_post(document.agency, Role.CLERK)]
    else:
        mine = rules.my_assignment(actor, document)
        assert mine is not None  # noqa: S101 -- may_send_back has seen it
        for one in (mine, *_below(document, mine)):
            if one.is_open:
                _close(one, AssignmentState.SENT_BACK)
        users, posts = _giver(mine)
        detail = {"assignment": mine.pk}
        if mine.parent_id is None:
            posts.append(receiving_post(document.agency, rule.value))
            article = rule.article
            document.to_places = places(document)
            if mine.role == AssignmentRole.LEAD and rule.value == Role.CLERK:
                # Whoever entered it puts it before the right one (Bắc Giang Điều 5.3b).
                document.state = State.REGISTERED
    document.save()
    routing.conclude(
        document,
        actor,
        Verb.SEND_BACK,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=article,
        detail=detail,
    )
    return document


@transaction.atomic
def finish(
    actor: Actor, document: IncomingDocument, *, text: str, dossier: Dossier | None = None
) -> IncomingDocument:
    """End one's own work with a written result ("Kết thúc", Kon Tum Điều 13.7c).

    When the lead ends his, the document is finished; those who still coordinate are told. The
    office ends at once what needs no work. ``dossier``: into which it goes in the same step
    ("và lưu văn bản vào Hồ sơ"); refused there, nothing is ended.
    """
    himself = actor
    if dossier is not None:
        lock_rows(document.pk, dossier.pk)
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_finish, actor, document)
    if not text:
        raise Refusal(_("Ghi kết quả giải quyết trước khi kết thúc."), field="text")
    before = document.state
    mine = rules.my_assignment(actor, document) if before == State.IN_PROCESS else None
    users: list[User] = []
    posts: list[Post] = []
    if mine is not None:
        mine.percent = 100
        mine.result = text
        _close(mine, AssignmentState.DONE)
        users, posts = _giver(mine)
    if mine is None or (mine.role == AssignmentRole.LEAD and mine.parent_id is None):
        document.state = State.FINISHED
        document.result = text
        document.finished_at = clock.now()
        for one in document.all_assignments:
            if one.is_open and one.role != AssignmentRole.INFORM and one is not mine:
                people, heads = routing.answering(one)
                users += people
                posts += heads
    document.save()
    # The article speaks of what needs no work; a result of work is not ended by it.
    ending = actor.agency.regulation.finish if mine is None else None
    routing.conclude(
        document,
        actor,
        Verb.FINISH,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=ending.article if ending else "",
        detail={"assignment": mine.pk} if mine else {},
    )
    if dossier is not None:
        add_document(himself, dossier, document)
    return document


@transaction.atomic
def reopen(actor: Actor, document: IncomingDocument, *, text: str) -> IncomingDocument:
    """Take finished work up again, with a reason; whoever led it leads it again."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_reopen, actor, document)
    if not text:
        raise Refusal(_("Ghi lý do mở lại."), field="text")
    before = document.state
    leads = [
        one
        for one in document.all_assignments
        if one.role == AssignmentRole.LEAD
        and one.parent_id is None
        and one.state == AssignmentState.DONE
    ]
    users: list[User] = []
    posts: list[Post] = []
    if leads:
        lead = leads[-1]
        # The old result stands in the trail; here the work is open again.
        lead.state, lead.closed_at, lead.percent, lead.result = (
            AssignmentState.IN_PROCESS,
            None,
            0,
            "",
        )
        lead.save(update_fields=["state", "closed_at", "percent", "result"])
        users, posts = routing.answering(lead)
        document.state = State.IN_PROCESS
    else:
        document.state = State.SUBMITTED
        posts = [receiving_post(document.agency, rules.distributing_role(actor))]
    document.finished_at, document.result = None, ""
    document.save()
    routing.conclude(
        document, actor, Verb.REOPEN, before=before, text=text, users=users, posts=posts
    )
    return document


@transaction.atomic
def share(
    actor: Actor, document: IncomingDocument, lines: Sequence[Line], *, text: str = ""
) -> IncomingDocument:
    """Let units and people see it ("Thông báo", Kon Tum Điều 13.7c)."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_share, actor, document)
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
    reached = [routing.answering(one) for one in made]
    sharing = actor.agency.regulation.share
    routing.conclude(
        document,
        actor,
        Verb.SHARE,
        before=document.state,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=sharing.article if sharing else "",
        detail={"assignments": [one.pk for one in made]},
    )
    return document


@transaction.atomic
def read(actor: Actor, document: IncomingDocument) -> bool:
    """Note that somebody who was informed has opened it; True the first time."""
    document = routing.lock(actor, document)
    unread = [
        one
        for one in document.all_assignments
        if one.is_open and one.role == AssignmentRole.INFORM and rules.holds(actor, one)
    ]
    for one in unread:
        _close(one, AssignmentState.DONE)
    if unread:
        routing.conclude(
            document,
            actor,
            Verb.READ,
            before=document.state,
            detail={"assignments": [one.pk for one in unread]},
        )
    return bool(unread)


def _take_up(assignment: Assignment) -> None:
    """Work has begun; a report is the answer to an urge."""
    assignment.state, assignment.urge_level = AssignmentState.IN_PROCESS, 0
    assignment.save(update_fields=["state", "percent", "urge_level"])


def _close(assignment: Assignment, state: AssignmentState) -> None:
    assignment.state, assignment.closed_at, assignment.urge_level = state, clock.now(), 0
    assignment.save(update_fields=["state", "closed_at", "percent", "result", "urge_level"])


def _giver(assignment: Assignment) -> tuple[list[User], list[Post]]:
    """Who hears of it: whoever answers for the assignment above, else the person who gave it."""
    if assignment.parent_id is not None:
        above = Assignment.objects.select_related("unit", "person").get(pk=assignment.parent_id)
        return routing.answering(above)
    return [assignment.given_by.user], []


def _below(document: IncomingDocument, top: Assignment) -> list[Assignment]:
    """All assignments under one, at any depth."""
    found: list[Assignment] = []
    keys = {top.pk}
    for one in document.all_assignments:  # oldest first: parents stand before children
        if one.parent_id in keys:
            keys.add(one.pk)
            found.append(one)
    return found
