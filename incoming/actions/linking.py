"""link and unlink: what a document is to another one."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import lock_rows
from documents.choices import ISSUED, TYPED_LINKS, Kind
from documents.models import Document, Link
from incoming import rules
from incoming.actions import routing
from incoming.choices import State, Verb
from incoming.models import IncomingDocument


@transaction.atomic
def link(
    actor: Actor, document: IncomingDocument, other: Document, *, kind: str
) -> IncomingDocument:
    """Note that the document answers, replaces, amends ... another one that the actor sees.

    A link lets nobody see more than before. Raises Refusal for itself, and for what is linked so.
    """
    # Both, by ascending key: whoever takes one of them out waits, or has gone before.
    lock_rows(document.pk, other.pk)
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_link, actor, document)
    # What lies in a dossier is told by the dossier: it is no end of a link.
    linkable = Document.objects.visible_to(actor).registered().exclude(kind=Kind.DOSSIER)
    other = linkable.get(pk=other.pk)
    if other.state == State.VOID:
        raise Refusal(_("Văn bản kia đã gỡ, không còn gì để liên kết."), field="document")
    if other.kind == Kind.OUTGOING and other.state != ISSUED:
        raise Refusal(_("Chỉ liên kết với văn bản đi đã phát hành."), field="document")
    if kind not in dict(TYPED_LINKS):
        raise Refusal(_("Chọn quan hệ giữa hai văn bản."), field="kind")
    if other.pk == document.pk:
        raise Refusal(_("Một văn bản không liên kết với chính nó."), field="document")
    _link, made = Link.objects.get_or_create(source=document, target=other, kind=kind)
    if not made:
        raise Refusal(_("Hai văn bản đã được liên kết như vậy."), field="document")
    _note(document, actor, Verb.LINK, kind, other.pk)
    return document


@transaction.atomic
def unlink(actor: Actor, document: IncomingDocument, link: Link) -> IncomingDocument:
    """Take back a link that was made from this document; the trail keeps that it was there."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_link, actor, document)
    gone, _rows = Link.objects.filter(pk=link.pk, source=document).delete()
    if not gone:
        raise Refusal(_("Liên kết này đã được gỡ."))
    _note(document, actor, Verb.UNLINK, link.kind, link.target_id)
    return document


def _note(
    document: IncomingDocument, actor: Actor, verb: Verb, kind: str, other: int | None
) -> None:
    # The key of the other one: its words are for those alone who may see it.
    detail = {"kind": str(kind), "document": other}
    routing.conclude(document, actor, verb, before=document.state, detail=detail)
