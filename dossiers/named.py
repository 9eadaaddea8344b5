"""Whom and what the acts of a dossier name by key, as far as its reader may know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField, Value

from accounts.actor import Actor
from accounts.models import Appointment, Post, User
from documents.models import Document, DocumentAct
from dossiers.choices import Verb
from dossiers.models import Item


@dataclass(frozen=True)
class Named:
    """Names by key. What the reader may not open is not among documents and items."""

    users: Mapping[int, str]
    # Unit and role by the group of the post.
    posts: Mapping[int, tuple[str, str]]
    # By appointment.
    holders: Mapping[int, str]
    # Subject, number and notation.
    documents: Mapping[int, tuple[str, str, str]]
    items: frozenset[int]


def named(actor: Actor, document: Document, acts: Sequence[DocumentAct]) -> Named:
    """One question for all that the acts of a document, and of those in it, name; or none."""
    own = [act for act in acts if act.target_id == document.pk]
    users = {pk for act in acts for pk in act.addressed.get("users", [])}
    groups = {pk for act in acts for pk in act.addressed.get("groups", [])}
    holders = {act.detail.get("added_by") for act in own if act.verb == Verb.REMOVE_ITEM} - {None}
    documents = {act.detail.get("document") for act in own} - {None}
    items = {pk for act in own for one in overruled(act) for pk in one["items"]}
    parts = []
    if users:
        parts.append(_part("user", User.objects.filter(pk__in=users), "pk", "full_name"))
    if groups:
        posts = Post.objects.filter(group__in=groups)
        parts.append(_part("post", posts, "group_id", "unit__name", "role"))
    if holders:
        held = Appointment.objects.filter(pk__in=holders)
        parts.append(_part("holder", held, "pk", "user__full_name"))
    if documents:
        seen = Document.objects.visible_to(actor).filter(pk__in=documents)
        parts.append(_part("document", seen, "pk", "subject", "code_number", "code_notation"))
    if items:
        inside = Item.objects.filter(dossier=document.pk, pk__in=items).visible_to(actor)
        parts.append(_part("item", inside, "pk"))
    found: dict[str, dict[int, tuple[str, str, str]]] = {}
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0] if parts else ()
    for key, first, second, third, kind in rows:
        found.setdefault(kind, {})[key] = (first, second, third)
    return Named(
        {key: row[0] for key, row in found.get("user", {}).items()},
        {key: row[:2] for key, row in found.get("post", {}).items()},
        {key: row[0] for key, row in found.get("holder", {}).items()},
        found.get("document", {}),
        frozenset(found.get("item", {})),
    )


def _part(kind: str, rows: QuerySet[Any], key: str, *columns: str) -> Any:
    """A key, three texts, and what it is."""
    empty = (Value("", output_field=TextField()) for _rest in range(3 - len(columns)))
    return rows.order_by().values_list(key, *columns, *empty, Value(kind, output_field=TextField()))


def overruled(act: DocumentAct) -> list[dict[str, list[int]]]:
    """What was overruled when a dossier was closed, with the items that each speaks of."""
    found: list[dict[str, list[int]]] = (
        act.detail.get("overruled", []) if act.verb == Verb.CLOSE else []
    )
    return found
