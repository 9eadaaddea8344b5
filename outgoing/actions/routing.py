"""How every verb of a draft begins and ends: as all work does."""

from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from documents.actions.concluding import allowed, conclude, require, unchanged
from outgoing.models import OutgoingDocument

# Somebody has changed the text since it was read.
NEWER = gettext_lazy("Dự thảo đã có bản %(number)d. Xem bản mới rồi ký.")

__all__ = ["NEWER", "allowed", "conclude", "lock", "require", "unchanged"]


def lock(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """The draft read anew under its row lock; verbs decide on this one only.

    Raises OutgoingDocument.DoesNotExist for one that the actor does not see.
    """
    rows = OutgoingDocument.objects.visible_to(actor).select_for_update(of=("document_ptr", "self"))
    whole = ("agency__parent", "drafter__user", "drafter__unit__agency", "signer__user")
    return rows.select_related(*whole).get(pk=document.pk)
