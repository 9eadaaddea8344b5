"""A draft as its reader may see it."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.actor import Actor
from outgoing.models import OutgoingDocument


def open_draft(request: HttpRequest, pk: int) -> tuple[Actor, OutgoingDocument]:
    """The actor and the draft, with its people at hand; 404 for one that he does not see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = OutgoingDocument.objects.visible_to(actor).with_people().select_related("answers")
    document: OutgoingDocument = get_object_or_404(rows, pk=pk)
    document.agency = actor.agency
    document.drafter.unit.agency = actor.agency
    return actor, document
