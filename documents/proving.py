"""Proof that grants and waiting rows are what acts, states and assignments say."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from django.db import transaction

from core.errors import Refusal
from documents.actions import route
from documents.actions.concluding import expected_waits
from documents.actions.routing import view_permission_id
from documents.choices import Outcome
from documents.models import Extension, GroupGrant, Matter, UserGrant, Waiting
from documents.sight import Rows, expected_grants

_Rows = set[tuple[object, ...]]


def actual_grants(document: Matter) -> Rows:
    """Users and groups that have a row."""
    return (
        set(UserGrant.objects.filter(content_object=document.pk).values_list("user", flat=True)),
        set(GroupGrant.objects.filter(content_object=document.pk).values_list("group", flat=True)),
    )


def findings(kind: type[Matter], *, repair: bool = False) -> Iterator[str]:
    """One sentence for each matter whose rows are wrong; ``repair`` makes them right."""
    for pk in kind.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            document: Matter = (
                kind.objects.select_for_update(of=("document_ptr", "self"))
                .select_related("agency__parent")
                .get(pk=pk)
            )
            wrong = list(_wrong(document))
            if wrong and repair:
                _repair(document)
        yield from wrong


def _wrong(document: Matter) -> Iterator[str]:
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
    if _is_asked(document) != document.has_requests:
        yield f"document {document.pk}: has_requests is {document.has_requests}"
        document.has_requests = True
    try:
        should_wait = _waits(document)
    except Refusal as refusal:  # nobody holds the post that it waits for
        yield f"document {document.pk}, waiting: {refusal}"
        return
    waiting: _Rows = {
        (row.verb, row.user_id, row.group_id, row.assignment, row.due_date, row.urged)
        for row in Waiting.objects.filter(document_id=document.pk)
    }
    if should_wait != waiting and not _is_right_by_part(document, waiting, should_wait):
        yield (
            f"document {document.pk}, waiting: missing {sorted(map(str, should_wait - waiting))}, "
            f"too many {sorted(map(str, waiting - should_wait))}"
        )


def _waits(document: Matter) -> _Rows:
    return {(*wait.key, wait.due_date, wait.urged) for wait in expected_waits(document)}


def _is_right_by_part(document: Matter, waiting: _Rows, should_wait: _Rows) -> bool:
    """True when each part waits as it should, or as before somebody left.

    That is right until the clock has looked (watch_leavers), which it may have for another part.
    """
    document.sees_leavers = False
    try:
        before = _by_part(_waits(document))
    finally:
        document.sees_leavers = True
    now, there = _by_part(should_wait), _by_part(waiting)
    return all(there[part] in (now[part], before[part]) for part in {*now, *before, *there})


def _by_part(rows: _Rows) -> defaultdict[object, _Rows]:
    """The rows by the key of the assignment, which stands fourth in each; 0: of the whole."""
    found: defaultdict[object, _Rows] = defaultdict(set)
    for row in rows:
        found[row[3]].add(row)
    return found


def _is_asked(document: Matter) -> bool:
    """True while a later day or an opinion is waited for."""
    asked = Extension.objects.filter(assignment__document=document, outcome=Outcome.ASKED)
    opinions = document.opinions.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
    return asked.exists() or opinions.exists()


def _repair(document: Matter) -> None:
    type(document).objects.filter(pk=document.pk).update(has_requests=_is_asked(document))
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
    with suppress(Refusal):  # nobody holds the post: an appointment mends that, not we
        route(document, expected_waits(document))
