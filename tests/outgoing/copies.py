"""Copies of documents, as the cast makes them."""

from uuid import uuid4

from accounts.models import User
from incoming.models import IncomingDocument
from outgoing import actions
from outgoing.actions.copying import copying
from outgoing.models import OutgoingDocument
from signatures.choices import Copy
from tests.cast import act_as


def copied(
    by: User,
    original: IncomingDocument | OutgoingDocument,
    kind: str = Copy.WHOLE,
    pages: str = "",
    text: str = "",
    **more: str,
) -> OutgoingDocument:
    """A copy of it, as that person has it made."""
    actor, original = act_as(by), type(original).objects.get(pk=original.pk)
    with copying(actor, original, kind=kind, pages=pages, **more) as made:
        return actions.copy(actor, original, made, token=uuid4(), text=text)
