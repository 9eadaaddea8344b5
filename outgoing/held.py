"""Copies and replies that hold the content of what is taken out: what incoming is told of them."""

from accounts.actor import Actor
from documents.models import Document
from incoming.above import Held, Holder, register_holder
from outgoing.actions import stop_copies, tell_drafters
from outgoing.originals import copies_of


def register() -> None:
    """Called once, when the app is ready."""
    register_holder(Holder(_keys, _stop))


def _keys(document: Document) -> list[int]:
    return copies_of(document.pk)


def _stop(actor: Actor, document: Document) -> Held:
    stop_copies(actor, document)
    return Held(len(copies_of(document.pk)), tell_drafters(actor, document))
