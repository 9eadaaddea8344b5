"""ask_opinion, give_opinion, withdraw_opinion: what others think of it (Kon Tum Điều 13.7b)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule
from accounts.models import Post, User
from core import clock
from core.errors import Refusal
from documents import deciding, rules
from documents.actions.concluding import M, allowed, answering, conclude, lock, note_requests
from documents.actions.giving import Line, refuse_stranger
from documents.choices import AssignmentRole, Stance, WorkVerb
from documents.models import Opinion


@transaction.atomic
def ask_opinion(
    actor: Actor,
    document: M,
    lines: Sequence[Line],
    *,
    text: str,
    day: date | None = None,
    rule: Rule = rules.may_ask_opinion,
) -> M:
    """Ask units and people for their opinion, until a day when one is set.

    It changes nothing in the work itself. Raises Refusal without a question, for a day that has
    passed, for somebody of another agency, and for one who is asked already. ``rule`` is the kind's
    own where it lets more people ask.
    """
    document = lock(actor, document)
    actor = allowed(rule, actor, document)
    if not lines:
        raise Refusal(_("Chọn đơn vị hoặc người được xin ý kiến."), field="people")
    if not text:
        raise Refusal(_("Ghi nội dung xin ý kiến."), field="text")
    if day is not None and day < clock.today():
        raise Refusal(_("Thời hạn góp ý đã qua. Chọn ngày từ hôm nay trở đi."), field="day")
    asked = {(row.unit_id, row.person_id) for row in document.open_opinions}
    made = []
    for line in lines:
        refuse_stranger(document, line)
        if (line.unit.pk, line.person.pk if line.person else None) in asked:
            raise Refusal(
                _("%(who)s đang được xin ý kiến về %(matter)s này.")
                % {"who": line.person or line.unit, "matter": document.noun},
                field="people",
            )
        made.append(
            Opinion.objects.create(
                document=document,
                unit=line.unit,
                person=line.person,
                question=text,
                due_date=day,
                asked_by=actor.appointment,
                asked_at=clock.now(),
            )
        )
    note_requests(document, asked=True)
    users, posts = _reached(made)
    conclude(
        document,
        actor,
        WorkVerb.ASK_OPINION,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        article=document.article("opinion"),
        detail={
            "opinions": [row.pk for row in made],
            "day": f"{day:%d/%m/%Y}" if day else "",
        },
    )
    return document


@transaction.atomic
def give_opinion(
    actor: Actor,
    document: M,
    *,
    stance: str,
    text: str = "",
    facts: Mapping[str, Any] | None = None,
) -> M:
    """Answer the oldest question put to the actor: agree, disagree or otherwise; late is late.

    Whoever asked is told, and those who lead the work. ``facts`` go into the act beside it. Raises
    Refusal for disagreement without a word.
    """
    document = lock(actor, document)
    actor = allowed(rules.may_give_opinion, actor, document)
    row = next(one for one in document.open_opinions if deciding.answers(actor, one))
    if stance not in Stance.values:
        raise Refusal(_("Chọn ý kiến."), field="stance")
    if stance != Stance.AGREE and not text:
        raise Refusal(_("Ghi nội dung góp ý."), field="text")
    row.stance, row.text = stance, text
    row.answered_by, row.answered_at = actor.appointment, clock.now()
    row.save()
    users, posts = [row.asked_by.user], list[Post]()
    for one in document.all_assignments:
        if one.is_open and one.role == AssignmentRole.LEAD:
            people, heads = answering(one)
            users += people
            posts += heads
    conclude(
        document,
        actor,
        WorkVerb.GIVE_OPINION,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        article=document.article("opinion"),
        detail={"opinion": row.pk, "stance": stance, **(facts or {})},
    )
    return document


@transaction.atomic
def withdraw_opinion(
    actor: Actor, document: M, opinions: Sequence[Opinion], *, text: str = ""
) -> M:
    """No longer wait for these answers; those who were asked are told.

    Raises Refusal for a question of somebody else's, or one that has been answered meanwhile.
    """
    document = lock(actor, document)
    actor = allowed(rules.may_withdraw_opinion, actor, document)
    wanted = {row.pk for row in opinions}
    rows = [
        row for row in document.open_opinions if row.pk in wanted and deciding.asked_it(actor, row)
    ]
    if not rows or len(rows) < len(wanted):
        raise Refusal(_("Chọn nơi đang chờ ý kiến; nơi đã trả lời thì giữ nguyên."), field="who")
    for row in rows:
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
    users, posts = _reached(rows)
    conclude(
        document,
        actor,
        WorkVerb.WITHDRAW_OPINION,
        before=document.state,
        text=text,
        users=users,
        posts=posts,
        detail={"opinions": [row.pk for row in rows]},
    )
    return document


def _reached(rows: Sequence[Opinion]) -> tuple[list[User], list[Post]]:
    reached = [answering(row) for row in rows]
    return (
        [user for users, _posts in reached for user in users],
        [post for _users, posts in reached for post in posts],
    )
