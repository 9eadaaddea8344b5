"""send_back, take_back, finish, reopen, share, ask_opinion: what a document adds to the work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Post, User
from core import clock
from core.errors import Refusal
from documents.actions import asking, lock_rows, working
from documents.actions.giving import Line, places
from documents.actions.working import end_work, hand_back, reopen_work, still_at_work
from documents.choices import AssignmentRole
from documents.models import Assignment
from dossiers.actions import add_document
from dossiers.models import Dossier
from incoming import rules
from incoming.actions import routing
from incoming.actions.proposals import stand_again
from incoming.choices import State, Verb
from incoming.models import IncomingDocument


@transaction.atomic
def send_back(actor: Actor, document: IncomingDocument, *, text: str) -> IncomingDocument:
    """Return it to whoever sent it, with the reason (Kon Tum Điều 13.7a).

    A leader returns it to the chief, the chief to the clerk, a unit to the chief, a person to the
    head who assigned it. What was given on below goes back with it; what another leader had decided
    before this one was asked stands again.
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
        stand_again(document)
        posts = [receiving_post(document.agency, rules.distributing_role(actor))]
    elif before == State.SUBMITTED:
        document.state = State.REGISTERED
        posts = [receiving_post(document.agency, Role.CLERK)]
    else:
        mine = rules.my_assignment(actor, document)
        assert mine is not None  # noqa: S101 -- may_send_back has seen it
        users, posts = hand_back(document, mine)
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


def take_back(
    actor: Actor, document: IncomingDocument, part: Assignment, *, text: str
) -> IncomingDocument:
    """Take a part back, as all work; of the first line the office does it (Kon Tum Điều 13.2).

    Taken from its lead the document waits to be distributed to another.
    """
    by = actor.agency.regulation.distribution(member=actor.agency.is_member)
    return working.take_back(
        actor,
        document,
        part,
        text=text,
        rule=rules.may_take_back,
        gives_out=rules.may_distribute,
        ended=_without,
        article=by.article,
    )


def _without(_by: Appointment, document: IncomingDocument, _part: Assignment) -> dict[str, Any]:
    """Where it is now, without the part that was taken back."""
    document.to_places = places(document)
    return {}


@transaction.atomic
def finish(
    actor: Actor, document: IncomingDocument, *, text: str, dossier: Dossier | None = None
) -> IncomingDocument:
    """End one's own work with a written result ("Kết thúc", Kon Tum Điều 13.7c).

    When the lead ends his, the document is finished; those who still coordinate are told. The
    office ends at once what needs no work: its own part first, then the document. ``dossier``: into
    which it goes in the same step ("và lưu văn bản vào Hồ sơ"); refused there, nothing is ended.
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
        users, posts = end_work(mine, text)
    if mine is None or (mine.role == AssignmentRole.LEAD and mine.parent_id is None):
        document.state = State.FINISHED
        document.result = text
        document.finished_at = clock.now()
        others, heads = still_at_work(document, mine)
        users, posts = [*users, *others], [*posts, *heads]
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
    if document.goes_on and any(
        rules.ends_unled(one, document) for one in (himself, *himself.stand_ins())
    ):
        return finish(himself, document, text=text, dossier=dossier)
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
    reached = reopen_work(document)
    if reached is not None:
        document.state = State.IN_PROCESS
    else:
        document.state = State.SUBMITTED
        reached = [], [receiving_post(document.agency, rules.distributing_role(actor))]
    users, posts = reached
    document.finished_at, document.result = None, ""
    document.save()
    routing.conclude(
        document, actor, Verb.REOPEN, before=before, text=text, users=users, posts=posts
    )
    return document


def share(
    actor: Actor, document: IncomingDocument, lines: Sequence[Line], *, text: str = ""
) -> IncomingDocument:
    """Let units and people see it ("Thông báo", Kon Tum Điều 13.7c)."""
    return working.share(actor, document, lines, rule=rules.may_share, text=text)


def ask_opinion(
    actor: Actor,
    document: IncomingDocument,
    lines: Sequence[Line],
    *,
    text: str,
    day: date | None = None,
) -> IncomingDocument:
    """Ask units and people for their opinion (Kon Tum Điều 13.7b); the chief and a leader may too.

    Raises Refusal as the work itself does.
    """
    return asking.ask_opinion(
        actor, document, lines, text=text, day=day, rule=rules.may_ask_opinion
    )
