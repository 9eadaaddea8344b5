"""Grants and waiting rows."""

from collections.abc import Iterable

from django.contrib.auth.models import Permission
from django.db import connection

from accounts.actor import Actor
from accounts.choices import WHOLE_AGENCY, Scope
from accounts.models import Post, User
from core import clock
from documents.choices import DECISIONS, READ
from documents.models import Document, GroupGrant, UserGrant, Waiting
from documents.waits import Wait


def view_permission_id() -> int:
    """The key of the one permission that grants give."""
    return Permission.objects.get_by_natural_key("view_document", "documents", "document").pk


def grant(
    document: Document,
    actor: Actor,
    *,
    users: Iterable[User],
    posts: Iterable[Post],
    permission_id: int | None = None,
) -> None:
    """Let people and posts see a registered document; those who see the whole agency need no row.

    The actor himself keeps seeing what he has acted on. Whoever has many documents in hand has
    looked up the permission's key before.
    """
    if document.register_id is None:
        return
    key = {
        "permission_id": permission_id or view_permission_id(),
        "content_object_id": document.pk,
        "kind": document.kind,
        "day": document.day,
        "number": document.number,
    }
    people = {user.pk for user in users}
    # What came through the exchange was brought by somebody of another agency: he sees his own.
    if actor.own.role not in WHOLE_AGENCY and actor.agency.pk == document.agency_id:
        people.add(actor.user.pk)
    groups = {post.group_id for post in posts if post.role not in WHOLE_AGENCY}
    UserGrant.objects.bulk_create(
        [UserGrant(user_id=pk, **key) for pk in sorted(people)], ignore_conflicts=True
    )
    GroupGrant.objects.bulk_create(
        [GroupGrant(group_id=pk, **key) for pk in sorted(groups)], ignore_conflicts=True
    )


def lock_rows(*keys: int | None) -> None:
    """Wait for these documents together, in ascending order, before a verb touches several.

    The order of all who lock more than one (design, section 6): nobody waits for one that waits
    for him.
    """
    rows = Document.objects.filter(pk__in=[key for key in keys if key]).order_by("pk")
    list(rows.select_for_update().values_list("pk"))


def route(document: Document, waits: Iterable[Wait]) -> None:
    """Make the waiting rows of a document exactly these; rows that stay keep their age."""
    wanted = {wait.key: wait for wait in waits}
    for row in Waiting.objects.filter(document_id=document.pk):
        wait = wanted.pop((row.verb, row.user_id, row.group_id, row.assignment), None)
        if wait is None:
            row.delete()
        elif (row.due_date, row.priority, row.urged) != (
            wait.due_date,
            document.priority,
            wait.urged,
        ):
            row.due_date, row.priority, row.urged = wait.due_date, document.priority, wait.urged
            row.save(update_fields=["due_date", "priority", "urged"])
    _wait(document, wanted.values())


# One statement for both: of eighty documents in one request each costs a query less.
_ANEW = """
    WITH gone AS (DELETE FROM documents_waiting WHERE document_id = %(document)s)
    INSERT INTO documents_waiting (
        agency_id, document_id, priority, since,
        verb, user_id, group_id, assignment, due_date, urged
    )
    SELECT %(agency)s, %(document)s, %(priority)s, %(since)s, wait.*
    FROM unnest(
        %(verbs)s::text[], %(users)s::bigint[], %(groups)s::bigint[],
        %(assignments)s::bigint[], %(days)s::date[], %(urged)s::int[]
    ) AS wait
"""


def route_anew(document: Document, waits: Iterable[Wait]) -> None:
    """The same without reading what is there: for a document that only waits to be given out.

    None of these rows may be there already.
    """
    rows = list(waits)
    with connection.cursor() as cursor:
        cursor.execute(
            _ANEW,
            {
                "document": document.pk,
                "agency": document.agency_id,
                "priority": document.priority,
                "since": clock.now(),
                "verbs": [str(row.verb) for row in rows],
                "users": [row.user_id for row in rows],
                "groups": [row.group_id for row in rows],
                "assignments": [row.assignment_id for row in rows],
                "days": [row.due_date for row in rows],
                "urged": [row.urged for row in rows],
            },
        )


def _wait(document: Document, waits: Iterable[Wait]) -> None:
    Waiting.objects.bulk_create(
        Waiting(
            agency_id=document.agency_id,
            document_id=document.pk,
            verb=wait.verb,
            user_id=wait.user_id,
            group_id=wait.group_id,
            assignment=wait.assignment_id,
            due_date=wait.due_date,
            priority=document.priority,
            urged=wait.urged,
            since=clock.now(),
        )
        for wait in waits
    )


def mark_seen(document: Document, actor: Actor) -> None:
    """Note that the actor has opened what waits for him (first time only)."""
    rows = Waiting.objects.filter(document_id=document.pk, seen_at__isnull=True)
    rows.filter(user=actor.user).update(seen_at=clock.now())
    if groups := actor.post_groups | actor.delegated_groups:
        rows.filter(group__in=groups).update(seen_at=clock.now())
    for one in actor.delegations:
        # What waits for a person himself, as far as it is done for him too (``waiting_for``).
        kept = [READ] if one.scope == Scope.ALL else [READ, *DECISIONS]
        rows.filter(user=one.person).exclude(verb__in=kept).update(seen_at=clock.now())
