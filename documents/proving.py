"""What grants and waiting rows should be by the trail, for documents of every kind."""

from collections.abc import Iterable, Iterator

from accounts.choices import WHOLE_AGENCY
from accounts.models import Post
from documents.actions import Wait
from documents.actions.routing import view_permission_id
from documents.models import Document, DocumentAct, GroupGrant, UserGrant, Waiting

Rows = tuple[set[int], set[int]]


def expected_grants(document: Document) -> Rows:
    """Users and groups who see the document because an act reached them or was theirs."""
    if document.register_id is None:
        return set(), set()
    users: set[int] = set()
    groups: set[int] = set()
    registered = False
    for act in DocumentAct.objects.filter(target_id=document.pk).select_related("appointment"):
        # Before it had a number the document was in the tray, which only clerks see.
        registered = registered or act.to_state != "received"
        if not registered:
            continue
        users.update(act.addressed["users"])
        groups.update(act.addressed["groups"])
        if act.appointment.role not in WHOLE_AGENCY:
            users.add(act.actor_id)
    covered = set(
        Post.objects.filter(group__in=groups, role__in=WHOLE_AGENCY).values_list("group", flat=True)
    )
    return users, groups - covered


def actual_grants(document: Document) -> Rows:
    """Users and groups that have a row."""
    return (
        set(UserGrant.objects.filter(content_object=document.pk).values_list("user", flat=True)),
        set(GroupGrant.objects.filter(content_object=document.pk).values_list("group", flat=True)),
    )


def wrong_grants(document: Document) -> Iterator[str]:
    """One sentence for each kind of grant that is not what the trail says."""
    if (expected := expected_grants(document)) != (actual := actual_grants(document)):
        for name, should, there in zip(("users", "groups"), expected, actual, strict=True):
            if should != there:
                yield (
                    f"document {document.pk}, {name}: missing {sorted(should - there)}, "
                    f"too many {sorted(there - should)}"
                )
    key = {"kind": document.kind, "day": document.day, "number": document.number}
    for grants in (UserGrant, GroupGrant):
        if grants.objects.filter(content_object=document.pk).exclude(**key).exists():
            yield f"document {document.pk}: a grant has another sort key"


def wrong_waits(document: Document, waits: Iterable[Wait]) -> Iterator[str]:
    """A sentence when the waiting rows are not these."""
    should_wait = {(*wait.key, wait.due_date, wait.urged) for wait in waits}
    waiting = {
        (row.verb, row.user_id, row.group_id, row.assignment, row.due_date, row.urged)
        for row in Waiting.objects.filter(document_id=document.pk)
    }
    if should_wait != waiting:
        yield (
            f"document {document.pk}, waiting: missing {sorted(map(str, should_wait - waiting))}, "
            f"too many {sorted(map(str, waiting - should_wait))}"
        )


def mend_grants(document: Document) -> None:
    """Make the grants what the trail says."""
    users, groups = expected_grants(document)
    key = {
        "permission_id": view_permission_id(),
        "content_object_id": document.pk,
        "kind": document.kind,
        "day": document.day,
        "number": document.number,
    }
    UserGrant.objects.filter(content_object=document.pk).delete()
    GroupGrant.objects.filter(content_object=document.pk).delete()
    UserGrant.objects.bulk_create(UserGrant(user_id=pk, **key) for pk in sorted(users))
    GroupGrant.objects.bulk_create(GroupGrant(group_id=pk, **key) for pk in sorted(groups))
