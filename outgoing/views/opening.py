"""A draft as its reader may see it."""

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from outgoing.models import OutgoingDocument, TypedDraft


def open_draft(request: HttpRequest, pk: int) -> tuple[Actor, OutgoingDocument]:
    """The actor and the draft, with its people at hand; 404 for one that he does not see.

    ``typed_at``: when he himself typed something of it that he has not saved.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = OutgoingDocument.objects.visible_to(actor).with_people().select_related("answers")
    typed = TypedDraft.objects.filter(document=OuterRef("pk"), author=actor.user)
    rows = rows.annotate(typed_at=Subquery(typed.values("saved_at")[:1]))
    document: OutgoingDocument = get_object_or_404(rows, pk=pk)
    document.agency = actor.agency
    document.drafter.unit.agency = actor.agency
    return actor, document
