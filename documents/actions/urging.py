"""urge: đôn đốc, in three levels; each reaches further up, and all stay on the trail."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import head_post, receiving_post
from accounts.actor import Actor
from accounts.models import Post, User
from core.errors import Refusal
from documents import deciding, rules
from documents.actions.concluding import M, allowed, answering, conclude, lock
from documents.choices import UrgeLevel, WorkVerb
from documents.models import Assignment, Matter


@transaction.atomic
def urge(
    actor: Actor,
    document: M,
    assignments: Sequence[Assignment],
    *,
    level: int,
    text: str,
) -> M:
    """Urge those who hold this open work, and whoever leads it below them.

    NĐ 30/2020 Điều 24.1, Bắc Giang Điều 5.3c, Bình Định chương III Điều 10.1. It stands first on
    their desks until they report, give the work on or end it. From the second level on the head of
    the unit hears of it, at the third the office too. Raises Refusal for work that is not the
    actor's to urge, for a level below the one reached, and without words.
    """
    document = lock(actor, document)
    actor = allowed(rules.may_urge, actor, document)
    may = {one.pk: one for one in deciding.urgeable(actor, document)}
    chosen = [may[one.pk] for one in assignments if one.pk in may]
    if not chosen or len(chosen) < len({one.pk for one in assignments}):
        raise Refusal(_("Chọn đầu việc đang làm để đôn đốc."), field="who")
    if level not in UrgeLevel.values:
        raise Refusal(_("Chọn mức đôn đốc."), field="level")
    if not text:
        raise Refusal(_("Ghi nội dung đôn đốc."), field="text")
    for one in chosen:
        if (reached := last_level(one)) > level:
            raise Refusal(
                _("%(who)s đã được đôn đốc ở mức “%(level)s”; lần này không thấp hơn.")
                % {"who": one.person or one.unit, "level": str(UrgeLevel(reached).label)},
                field="level",
            )
    urged = [*chosen, *_leading_below(document, chosen)]
    for one in urged:
        one.urge_level = level
        one.save(update_fields=["urge_level"])
    reached_rows = [answering(one) for one in urged]
    users: list[User] = [user for found, _posts in reached_rows for user in found]
    posts: list[Post] = [post for _users, found in reached_rows for post in found]
    if level >= UrgeLevel.URGE:
        posts += [head_post(one.unit) for one in urged if one.person is not None]
    if level >= UrgeLevel.EXPLAIN:
        posts.append(receiving_post(document.agency, document.distributing_role))
    act = conclude(
        document,
        actor,
        WorkVerb.URGE,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        article=document.article("urge"),
        detail={"assignments": [one.pk for one in urged], "level": level},
    )
    Assignment.objects.filter(pk__in=[one.pk for one in urged]).update(urge=act)
    document.forget_rows()
    return document


def last_level(one: Assignment) -> int:
    """The level of the newest urge of this work, answered or not; 0 for none."""
    return int(one.urge.detail.get("level", 0)) if one.urge else 0


def _leading_below(document: Matter, chosen: Sequence[Assignment]) -> list[Assignment]:
    """Whoever leads the chosen work further down: it is on his desk, not on his head's."""
    keys = {one.pk for one in chosen}
    found = []
    for one in document.all_assignments:  # oldest first: parents stand before children
        if one.parent_id in keys and one.is_open and one.role == "lead" and one.pk not in keys:
            keys.add(one.pk)
            found.append(one)
    return found
