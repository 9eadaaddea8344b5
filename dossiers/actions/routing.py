"""How every verb of a dossier begins and ends: as all work does."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule
from accounts.models import Post, User
from core.errors import Refusal
from documents.actions.concluding import conclude, expected_waits, require, unchanged
from documents.choices import Kind
from documents.models import Document
from dossiers.models import Dossier

__all__ = ["allowed", "conclude", "expected_waits", "lock", "seen_document", "to", "unchanged"]


def lock(actor: Actor, dossier: Dossier) -> Dossier:
    """The dossier read anew under its row lock; verbs decide on this one only.

    Raises Dossier.DoesNotExist for one that the actor does not see.
    """
    # The row of Document first, as lock_rows does: in two orders they would wait for each other.
    rows = Dossier.objects.visible_to(actor).select_for_update(of=("document_ptr", "self"))
    whole = ("agency__parent", "keeper__user", "keeper__unit__agency", "opened_by__user")
    return rows.select_related(*whole).get(pk=dossier.pk)


def allowed(rule: Rule, actor: Actor, *what: Any) -> Actor:
    """The actor as whom the verb is done: himself, or standing in for one who delegated to him.

    Raises the rule's Refusal; when a dossier has moved on, it says who moved it.
    """
    refusal, acting = rule.answer(actor, *what)
    if what and isinstance(what[0], Dossier) and what[0].pk is not None:
        require(refusal, what[0])
    elif refusal is not None:
        raise refusal
    return acting


def seen_document(actor: Actor, document: Document) -> Document:
    """A registered document that the actor may open; raises Document.DoesNotExist for any other."""
    seen = Document.objects.visible_to(actor).registered().exclude(kind=Dossier.KIND)
    found: Document = seen.get(pk=document.pk)
    if found.state in ("void", "withdrawn"):
        said = (
            _("Văn bản đã gỡ nội dung, không đưa vào hồ sơ được.")
            if found.kind == Kind.INCOMING
            else _("Dự thảo đã bỏ, văn bản đã hủy thì không đưa vào hồ sơ.")
        )
        raise Refusal(said, field="document")
    return found


def to(users: Iterable[User], posts: Iterable[Post]) -> dict[str, Any]:
    """For the detail of an act: to whom it is addressed, where others are only told of it."""
    return {"to": {"users": [one.pk for one in users], "groups": [one.group_id for one in posts]}}
