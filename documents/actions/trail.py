"""Writing the trail."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.actor import Actor
from accounts.models import Agency, Post, User
from core import clock
from documents.actions.routing import grant
from documents.models import Act, ActText, Document, DocumentAct, TrailSeal

_HASHED = (
    "target_id",
    "ordinal",
    "verb",
    "actor_id",
    "appointment_id",
    "title",
    "on_behalf_of_id",
    "from_state",
    "to_state",
    "addressed",
    "detail",
    "article",
    "note_hash",
    "previous_hash",
)
# Documents that got an act shortly before the last seal are sealed again: a transaction that was
# open then may have committed since.
_OVERLAP = timedelta(minutes=15)


def _digest(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def act_hash(act: Act) -> str:
    """The hash over an act's facts and the hash of the act before it."""
    facts: dict[str, Any] = {name: getattr(act, name) for name in _HASHED}
    facts["at"] = act.at.timestamp()
    return _digest(facts)


def note_hash(text: str) -> str:
    """The hash of the words; "" for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


def record(
    document: Document,
    actor: Actor,
    verb: str,
    *,
    before: str,
    text: str = "",
    users: Iterable[User] = (),
    posts: Iterable[Post] = (),
    article: str = "",
    detail: Mapping[str, Any] | None = None,
    head: tuple[int, str] | None = None,
    permission_id: int | None = None,
) -> DocumentAct:
    """Write one act, and let those whom it reached see the document.

    The caller holds the document's row lock, which keeps the chain in order. ``before`` is the
    state before the verb; the state after it is read from the document. ``head`` is ordinal and
    hash of the newest act, when the caller has read them: an act written since makes this one
    fail on its ordinal.
    """
    reached, reached_posts = list(users), list(posts)
    ordinal, previous = head or _head(document)
    facts = dict(detail or {})
    if actor.acting_for is not None:
        facts["delegation"] = actor.acting_for.pk
    act = DocumentAct(
        target_id=document.pk,
        ordinal=ordinal + 1,
        verb=verb,
        actor=actor.user,
        appointment=actor.own,
        title=f"{actor.own.title}, {actor.own.unit.name}"[:300],
        on_behalf_of=actor.acting_for.appointment if actor.acting_for else None,
        from_state=before,
        to_state=document.state,
        addressed={
            "users": sorted({user.pk for user in reached}),
            "groups": sorted({post.group_id for post in reached_posts}),
        },
        detail=facts,
        at=clock.now(),
        article=article,
        note_hash=note_hash(text),
        previous_hash=previous,
    )
    act.hash = act_hash(act)
    act.save(force_insert=True)
    if text:
        ActText.objects.create(act=act, text=text)
    grant(document, actor, users=reached, posts=reached_posts, permission_id=permission_id)
    return act


def _head(document: Document) -> tuple[int, str]:
    """Ordinal and hash of the newest act."""
    acts = DocumentAct.objects.filter(target_id=document.pk).order_by("-ordinal")
    return acts.values_list("ordinal", "hash").first() or (0, "")


@transaction.atomic
def seal(agency: Agency) -> TrailSeal | None:
    """Hash the newest acts of the agency's documents; None when nothing is new."""
    Agency.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    last = TrailSeal.objects.filter(agency=agency).order_by("-ordinal").first()
    newest = DocumentAct.objects.filter(target=OuterRef("pk")).order_by("-ordinal")
    documents = Document.objects.filter(agency=agency)
    if last:
        documents = documents.filter(acts__at__gte=last.at - _OVERLAP).distinct()
    heads = [
        [pk, ordinal, digest]
        for pk, ordinal, digest in documents.annotate(
            head=Subquery(newest.values("ordinal")[:1]),
            head_hash=Subquery(newest.values("hash")[:1]),
        )
        .filter(head__isnull=False)
        .order_by("pk")
        .values_list("pk", "head", "head_hash")
    ]
    known = {(pk, ordinal) for pk, ordinal, _hash in last.heads} if last else set()
    if all((pk, ordinal) in known for pk, ordinal, _hash in heads):
        return None
    row = TrailSeal(
        agency=agency,
        ordinal=last.ordinal + 1 if last else 1,
        at=clock.now(),
        heads=heads,
        previous_hash=last.hash if last else "",
    )
    row.hash = seal_hash(row)
    row.save(force_insert=True)
    return row


def seal_hash(row: TrailSeal) -> str:
    """The hash over a seal's facts and the seal before it."""
    return _digest([row.agency_id, row.ordinal, row.at.timestamp(), row.heads, row.previous_hash])
