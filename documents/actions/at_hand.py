"""What many documents in one request need alike, read once: posts, their holders, who works where.

The chief's grid gives out eighty documents at once, each in a transaction of its own. A verb that
is handed this asks the database only for what differs from document to document.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery

from accounts.actions import post_for
from accounts.choices import Role
from accounts.models import Agency, Appointment, Post, Unit, User
from core import clock
from documents.actions.routing import view_permission_id
from documents.following import follows_of
from documents.models import Assignment, DocumentAct, Matter


class AtHand:
    """The people of an agency as they are today."""

    def __init__(self, agency: Agency) -> None:
        self._held = list(
            Appointment.objects.in_force(clock.today())
            .filter(unit__agency=agency)
            .select_related("user", "unit")
        )
        posts = Post.objects.filter(unit__agency=agency).select_related("unit")
        self._posts = {(one.unit_id, one.role): one for one in posts}
        self._holders: dict[int, list[User]] = {}
        for post in self._posts.values():
            self._hold(post)
        self.people = {one.user_id for one in self._held}
        self._working = {(one.user_id, one.unit_id) for one in self._held}
        self._permission_id = view_permission_id()
        self.follows = follows_of(agency.pk)
        # As receiving_post orders them: the office's own clerk first.
        clerks = sorted(
            (one for one in self._held if one.role == Role.CLERK),
            key=lambda one: (not one.unit.is_office, one.unit.ordinal, one.pk),
        )
        self.clerks = [self._post(clerks[0].unit, Role.CLERK)] if clerks else []

    def head(self, unit: Unit) -> Post:
        """The post that answers for a unit."""
        return self._post(unit, unit.head_role)

    def _post(self, unit: Unit, role: str) -> Post:
        if (post := self._posts.get((unit.pk, role))) is None:
            # Not kept: the row in whose transaction it is made may be undone.
            post = post_for(unit, role)
            self._hold(post)
        return post

    def _hold(self, post: Post) -> None:
        self._holders[post.group_id] = [
            one.user for one in self._held if (one.unit_id, one.role) == (post.unit_id, post.role)
        ]

    def holders(self, posts: Iterable[Post]) -> list[User]:
        """Who holds one of these posts today."""
        return [user for post in posts for user in self._holders.get(post.group_id, [])]

    def works_in(self, person: User, unit: Unit) -> bool:
        """True when the person holds something in that unit today."""
        return (person.pk, unit.pk) in self._working

    def lock(self, rows: QuerySet[Any], pk: int) -> Any:
        """The document under its lock, with the newest act and the number of its assignments.

        Both were read before the lock was waited for. A document that still waits to be given out
        has had no verb since that changed its state; any other verb has written an act, whose
        ordinal ours then meets.
        """
        newest = DocumentAct.objects.filter(target_id=OuterRef("pk")).order_by("-ordinal")
        counted = (
            Assignment.objects.filter(document_id=OuterRef("pk"))
            .order_by()
            .values("document_id")
            .annotate(n=Count("pk"))
            .values("n")
        )
        document = rows.annotate(
            head_ordinal=Subquery(newest.values("ordinal")[:1]),
            head_hash=Subquery(newest.values("hash")[:1]),
            assigned=Subquery(counted),
        ).get(pk=pk)
        document.is_fresh = self.is_fresh(document)
        if document.is_fresh:
            document.__dict__["all_assignments"] = []
        return document

    def is_fresh(self, document: Any) -> bool:
        """True for one that only waits to be given out, and never was."""
        return not (document.assigned or document.has_requests)

    def known_of(self, document: Matter) -> dict[str, Any]:
        """What the trail need not ask again; empty where something was given out before."""
        if not getattr(document, "is_fresh", False):
            return {}
        head = document.head_ordinal, document.head_hash  # type: ignore[attr-defined]
        return {"head": head, "permission_id": self._permission_id}


def newest_ordinal(document: Matter) -> int:
    """How many acts the trail has: so a form can be told from what came since it was drawn."""
    if getattr(document, "is_fresh", False):
        return int(document.head_ordinal)  # type: ignore[attr-defined]
    found = DocumentAct.objects.filter(target_id=document.pk).order_by("-ordinal")
    return found.values_list("ordinal", flat=True).first() or 0
