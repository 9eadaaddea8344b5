"""Questions about incoming documents."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db.models import Q, QuerySet

from accounts.actor import Actor
from accounts.choices import Role
from documents.choices import Kind
from documents.querysets import DocumentQuerySet


class IncomingQuerySet(DocumentQuerySet):
    """Incoming documents."""

    def in_tray(self) -> Self:
        """Those that have arrived and wait to be registered, oldest first."""
        # By kind as well, which every incoming document has: the index needs it.
        return self.filter(kind=Kind.INCOMING, state="received").order_by("created_at", "pk")


class PaperQuerySet(QuerySet[Any]):
    """Papers of incoming documents."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the documents that the actor may see."""
        documents = apps.get_model("incoming", "IncomingDocument")
        seen = documents.objects.visible_to(actor)
        return self.filter(agency=actor.agency, document__in=seen)

    def out(self) -> Self:
        """Those that are not with the clerks, the longest first."""
        return self.exclude(state__in=("kept", "returned")).order_by("since", "pk")

    def held_by(self, actor: Actor) -> Self:
        """Those that the person has: taken over, or given away and not signed for."""
        return self.filter(holder=actor.user, state__in=("held", "on_way")).order_by("since", "pk")

    def coming_to(self, actor: Actor) -> Self:
        """Those that the actor may sign for: handed to him, his unit, or whom he stands in for."""
        his = Q(pk__in=[])
        for one in (actor, *actor.stand_ins()):
            his |= Q(to_person=one.principal) | Q(to_person=None, to_unit=one.unit)
            if one.holds(Role.CLERK):
                his |= Q(to_person=None, to_unit=None)
        return self.filter(his, state="on_way").order_by("since", "pk")

    def with_people(self) -> Self:
        """With the document, everybody that a line about it names, and its moves: two queries."""
        named = self.select_related("document", "holder", "to_unit", "to_person")
        return named.prefetch_related("moves")
