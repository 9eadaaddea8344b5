"""What each state of a dossier asks of whom; and the first and closing lines of every verb."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import receiving_post
from accounts.actor import Actor, Rule
from accounts.choices import Role
from accounts.models import Post, User
from core.errors import Refusal, Stale
from documents.actions import Wait, record, route
from documents.models import Document, DocumentAct
from dossiers import rules
from dossiers.choices import WORKING, State, Task, Verb
from dossiers.models import Dossier
from notifications.actions import notify


def lock(actor: Actor, dossier: Dossier) -> Dossier:
    """The dossier read anew under its row lock; verbs decide on this one only.

    Raises Dossier.DoesNotExist for one that the actor does not see.
    """
    rows = Dossier.objects.visible_to(actor).select_for_update(of=("self", "document_ptr"))
    whole = ("agency__parent", "keeper__user", "keeper__unit__agency", "opened_by__user")
    return rows.select_related(*whole).get(pk=dossier.pk)


def allowed(rule: Rule, actor: Actor, *what: Any) -> Actor:
    """The actor as whom the verb is done: himself, or standing in for one who delegated to him.

    Raises the rule's Refusal; when a dossier has moved on, it says who moved it.
    """
    refusal, acting = rule.answer(actor, *what)
    if isinstance(refusal, Stale) and what and isinstance(what[0], Dossier):
        raise _moved(what[0], refusal)
    if refusal is not None:
        raise refusal
    return acting


def unchanged(dossier: Dossier, seen: int | None) -> None:
    """Raise Stale when somebody has acted since the form was drawn at ``seen`` acts."""
    if seen is None:
        return
    last = DocumentAct.objects.filter(target_id=dossier.pk).order_by("-ordinal").first()
    if last is not None and last.ordinal != seen:
        raise _moved(dossier, Stale(_("Hồ sơ đã có bước mới từ lúc mở trang này.")))


def _moved(dossier: Dossier, refusal: Stale) -> Stale:
    last = DocumentAct.objects.select_related("actor").filter(target_id=dossier.pk).last()
    if last is None:
        return refusal
    return Stale(
        _("%(reason)s Bước gần nhất: %(who)s, %(verb)s lúc %(time)s.")
        % {
            "reason": refusal.message,
            "who": last.actor.full_name,
            "verb": str(Verb(last.verb).label).lower() if last.verb in Verb.values else last.verb,
            "time": timezone.localtime(last.at).strftime("%H:%M %d/%m/%Y"),
        },
        refusal.article,
    )


def closing(dossier: Dossier) -> tuple[list[User], list[Post]]:
    """Who is asked to close it: the giver, the leader who opened it or the leaders, the keeper."""
    match rules.closer(dossier):
        case "giver":
            return [dossier.opened_by.user], []
        case "leader" if dossier.opened_by.role == Role.LEADER:
            return [dossier.opened_by.user], []
        case "leader":
            return [], [receiving_post(dossier.agency, Role.LEADER)]
    return [dossier.keeper.user], []


def expected_waits(dossier: Dossier) -> list[Wait]:
    """The waiting rows that follow from the dossier's state."""
    due = dossier.due_date
    if dossier.state in WORKING:
        # Where its work is assigned, those rows take the place of this one.
        return [Wait(Task.COMPLETE, user_id=dossier.keeper.user_id, due_date=due)]
    if dossier.state == State.COMPLETED:
        users, posts = closing(dossier)
        return [
            *(Wait(Task.CLOSE, user_id=user.pk, due_date=due) for user in users),
            *(Wait(Task.CLOSE, group_id=post.group_id, due_date=due) for post in posts),
        ]
    return []


def conclude(
    dossier: Dossier,
    actor: Actor,
    verb: Verb,
    *,
    before: str,
    text: str = "",
    users: Iterable[User] = (),
    posts: Iterable[Post] = (),
    article: str = "",
    detail: Mapping[str, Any] | None = None,
    quiet: bool = False,
) -> DocumentAct:
    """The closing lines of a verb: one act on the trail, the next ones asked, people told.

    ``quiet``: nobody is told of it; a line a file would be noise.
    """
    users, posts = list(users), list(posts)
    act = record(
        dossier,
        actor,
        verb,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=article,
        detail=detail,
    )
    route(dossier, expected_waits(dossier))
    if not quiet:
        notify(
            dossier.agency,
            verb,
            dossier.get_absolute_url(),
            users=[*users, actor.principal],
            posts=posts,
            but=actor.user,
        )
    return act


def seen_document(actor: Actor, document: Document) -> Document:
    """A registered document that the actor may open; raises Document.DoesNotExist for any other."""
    seen = Document.objects.visible_to(actor).registered().exclude(kind=Dossier.KIND)
    found: Document = seen.get(pk=document.pk)
    if found.state == "void":
        raise Refusal(_("Văn bản đã gỡ nội dung, không đưa vào hồ sơ được."), field="document")
    return found
