"""How every verb of the work begins and ends: lock, rule; act, next ones asked, people told."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.actions import head_post, post_at
from accounts.actor import Actor, Rule
from accounts.models import Post, User
from core import clock
from core.errors import Refusal, Stale
from documents import deciding
from documents.actions.at_hand import AtHand, newest_ordinal
from documents.actions.routing import route, route_anew
from documents.actions.trail import record
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, Outcome, WorkTask
from documents.gate import marks_of_words
from documents.models import Assignment, DocumentAct, Extension, Matter, Opinion, UserGrant
from documents.waits import Wait
from notifications.actions import notify

# What goes into the record is Vietnamese.
ENDED = "Việc đã kết thúc hoặc chuyển trả trước khi có quyết định."

M = TypeVar("M", bound=Matter)


def lock(actor: Actor, document: M, at_hand: AtHand | None = None) -> M:
    """The document read anew under its row lock; verbs decide on this one only.

    Raises DoesNotExist for one that the actor does not see.
    """
    # The row of Document first, as lock_rows does: in two orders they would wait for each other.
    rows = (
        type(document)
        .objects.visible_to(actor)
        .select_for_update(of=("document_ptr", "self"))
        .select_related("agency__parent")
    )
    found: M = at_hand.lock(rows, document.pk) if at_hand else rows.get(pk=document.pk)
    return found


def allowed(rule: Rule, actor: Actor, document: Matter) -> Actor:
    """The actor as whom the verb is done: himself, or standing in for one who delegated to him.

    Raises the rule's Refusal.
    """
    refusal, acting = rule.answer(actor, document)
    require(refusal, document)
    return acting


def require(refusal: Refusal | None, document: Matter) -> None:
    """Raise a rule's refusal; when the document has moved on, say who moved it."""
    if isinstance(refusal, Stale):
        last = DocumentAct.objects.select_related("actor").filter(target_id=document.pk).last()
        if last:
            raise Stale(
                _("%(reason)s Bước gần nhất: %(who)s, %(verb)s lúc %(time)s.")
                % {
                    "reason": refusal.message,
                    "who": last.actor.full_name,
                    "verb": document.verb_label(last.verb).lower(),
                    "time": timezone.localtime(last.at).strftime("%H:%M %d/%m/%Y"),
                },
                refusal.article,
            )
    if refusal is not None:
        raise refusal


def unchanged(document: Matter, seen: int | None) -> None:
    """Raise Stale when somebody has acted since the form was drawn at ``seen`` acts."""
    if seen is not None and newest_ordinal(document) != seen:
        said = _("%(matter)s đã có bước mới từ lúc mở trang này.") % {"matter": document.noun}
        require(Stale(capfirst(said)), document)


def answering(
    assignment: Assignment | Opinion, at_hand: AtHand | None = None
) -> tuple[list[User], list[Post]]:
    """Who answers for it: the person, or the post that heads the unit."""
    if assignment.person is not None:
        return [assignment.person], []
    return [], [at_hand.head(assignment.unit) if at_hand else head_post(assignment.unit)]


def expected_waits(document: Matter, at_hand: AtHand | None = None) -> list[Wait]:
    """The waiting rows that follow from the document's state, its assignments and requests."""
    return [
        *document.own_waits(),
        *_assignment_waits(document, at_hand),
        *_request_waits(document),
    ]


def _assignment_waits(document: Matter, at_hand: AtHand | None) -> Iterable[Wait]:
    everything = document.all_assignments
    for one in everything:
        if not one.is_open:
            continue
        if one.role == AssignmentRole.INFORM:
            task = WorkTask.READ
        elif not document.goes_on:
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
            task = (
                WorkTask.CONCLUDE
                if children
                else WorkTask.PROCESS
                if one.person_id
                else WorkTask.ASSIGN
            )
        users, posts = answering(one, at_hand)
        # Whoever has it at hand has just chosen among those who are here.
        if task != WorkTask.READ and at_hand is None and document.has_left(one):
            user, place = deciding.taker_of(document, one)
            if user or place:
                task = WorkTask.GIVE_ANEW
                users, posts = [user] if user else [], [post_at(*place)] if place else []
        yield Wait(
            task,
            user_id=users[0].pk if users else None,
            group_id=posts[0].group_id if posts else None,
            assignment_id=one.pk,
            due_date=one.due_date,
            urged=0 if one.role == AssignmentRole.INFORM else one.urge_level,
        )


def _request_waits(document: Matter) -> Iterable[Wait]:
    """A later day to be decided, an opinion to be given: one row for each who is asked."""
    for row in deciding.undecided(document):
        one = next(each for each in document.all_assignments if each.pk == row.assignment_id)
        user, post = deciding.decider_of(document, one)
        yield Wait(
            WorkTask.DECIDE,
            user_id=user.pk if user else None,
            group_id=post.group_id if post else None,
            assignment_id=one.pk,
            due_date=one.due_date,
        )
    asked: dict[tuple[int | None, int | None], date | None] = {}
    for opinion in deciding.unanswered(document):
        users, posts = answering(opinion)
        key = (users[0].pk if users else None, posts[0].group_id if posts else None)
        days = [day for day in (asked.get(key), opinion.due_date) if day]
        asked[key] = min(days, default=None)
    for (user_id, group_id), day in asked.items():
        yield Wait(WorkTask.OPINION, user_id=user_id, group_id=group_id, due_date=day)


def _end_requests(document: Matter) -> list[Extension]:
    """Close requests for a later day of work that has ended; answers those that were closed.

    Whatever ended it (finish, send_back, a recall): nobody decides on a day that nobody needs.
    """
    if not document.open_extensions:
        return []
    open_work = {one.pk for one in document.all_assignments if one.is_open}
    over = document.is_over
    ended = [row for row in document.open_extensions if over or row.assignment_id not in open_work]
    for row in ended:
        row.outcome, row.decided_at = Outcome.CLOSED, clock.now()
        row.answer = ENDED
        row.save(update_fields=["outcome", "decided_at", "answer"])
    return ended


def note_requests(document: Matter, *, asked: bool = False) -> None:
    """Keep on the row whether something is waited for; ``asked``: the verb has just asked."""
    waited = asked or bool(document.open_extensions or document.open_opinions)
    if waited != document.has_requests:
        document.has_requests = waited
        type(document).objects.filter(pk=document.pk).update(has_requests=waited)
        document.forget_rows()


def _new_followers(document: Matter, at_hand: AtHand | None = None) -> list[User]:
    """Those in whose field the work lies and who do not see it yet."""
    follows = at_hand.follows if at_hand else None
    found = {user.pk: user for user in deciding.followers(document, follows)}
    if not found or document.register_id is None:
        return []
    seeing = UserGrant.objects.filter(content_object=document.pk, user__in=found)
    for pk in seeing.values_list("user", flat=True):
        found.pop(pk)
    return list(found.values())


def conclude(
    document: Matter,
    actor: Actor,
    verb: str,
    *,
    before: str,
    text: str = "",
    users: Iterable[User] = (),
    posts: Iterable[Post] = (),
    article: str = "",
    detail: Mapping[str, Any] | None = None,
    at_hand: AtHand | None = None,
    quiet: bool = False,
    notice: str = "",
    is_outside: bool = False,
) -> DocumentAct:
    """The closing lines of a verb: one act on the trail, the next ones asked, people told.

    ``quiet``: nobody is told of it; a line for each file of a dossier would be noise. ``notice``:
    what the line is called where the name of the verb would not say enough. ``is_outside``: the
    words came from another office, which answers for them; of all others the gate asks, and raises
    its Forbidden for the mark of a secret (Kon Tum Điều 4.1).
    """
    if not document.keeps_words:
        text = ""  # of what was taken out nothing is written any more
    document.forget_rows(but_assignments=at_hand is not None)
    users, posts = [*users, *_new_followers(document, at_hand)], list(posts)
    known = at_hand.known_of(document) if at_hand else {}
    facts = dict(detail or {})
    if text and not is_outside:
        facts = marks_of_words(actor.agency.regulation, [text]) | facts
    if ended := _end_requests(document):
        facts["closed_extensions"] = [row.pk for row in ended]
        for row in ended:
            one = next(each for each in document.all_assignments if each.pk == row.assignment_id)
            user, post = deciding.decider_of(document, one)
            users += [user] if user else []
            posts += [post] if post else []
    act = record(
        document,
        actor,
        verb,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=article,
        detail=facts,
        **known,
    )
    if known:
        # Nothing was given out before: what was made now is all there is.
        note_requests(document)
        route_anew(document, expected_waits(document, at_hand))
    else:
        document.forget_rows()
        note_requests(document)
        route(document, expected_waits(document))
    if at_hand:
        users, posts = [*users, *at_hand.holders(posts)], []
    if quiet:
        return act
    # Whoever is stood in for hears what was done in his name.
    notify(
        document.agency,
        notice or verb,
        document.get_absolute_url(),
        users=[*users, actor.principal],
        posts=posts,
        but=actor.user,
        here=at_hand.people if at_hand else None,
    )
    return act
