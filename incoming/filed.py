"""Incoming documents in dossiers: what dossiers are told of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actor import Actor
from documents.actions.giving import Line
from documents.choices import VOID_ASSIGNMENT, Kind
from documents.models import Attachment, Document
from documents.rules.bearing import WORK, holds
from dossiers.above import Above, Finding, register_check, register_kind
from dossiers.filing import lying_in
from dossiers.models import Dossier, Item
from dossiers.rules import may_open_from
from incoming import actions, presenting, rules
from incoming.choices import WITH_CLERK, Verb
from incoming.models import IncomingDocument, Paper

# Directives, answers and results: what makes the story of a dossier.
TELLING = frozenset(
    str(verb.value)
    for verb in (
        Verb.PROPOSE,
        Verb.DIRECT,
        Verb.DISTRIBUTE,
        Verb.FORWARD,
        Verb.ASSIGN,
        Verb.COMMENT,
        Verb.PROGRESS,
        Verb.GIVE_OPINION,
        Verb.SEND_BACK,
        Verb.FINISH,
        Verb.REOPEN,
    )
)


def _shareable(actor: Actor, documents: Sequence[Document]) -> set[int]:
    """Asked of the state alone, which stands in the table of all documents."""
    return {one.pk for one in documents if rules.may_share(actor, one) is None}


def _share(actor: Actor, document: Document, lines: Sequence[Line]) -> None:
    actions.share(actor, IncomingDocument.objects.get(pk=document.pk), lines)


def register() -> None:
    """Called once, when the app is ready."""
    above = Above(_url, presenting.verb_words, TELLING, works_on, _shareable, _share, _files)
    register_kind(Kind.INCOMING, above)
    register_check(_papers)


def _files(documents: Iterable[int]) -> Iterable[tuple[int, str]]:
    rows = Attachment.objects.filter(document__in=documents, document__kind=Kind.INCOMING)
    return rows.values_list("document", "file")


def _url(slug: str, pk: int) -> str:
    return reverse("incoming:detail", args=[slug, pk])


def works_on(actor: Actor, document: Document) -> bool:
    """True for whoever leads or coordinates the work on it, also when it is done."""
    if isinstance(document, IncomingDocument):
        return _has_part(actor, document)
    incoming = IncomingDocument.objects.filter(pk=document.pk).first()
    return incoming is not None and _has_part(actor, incoming)


def _has_part(actor: Actor, document: IncomingDocument) -> bool:
    return any(
        one.role in WORK and one.state not in VOID_ASSIGNMENT and holds(actor, one)
        for one in document.all_assignments
    )


def _papers(actor: Actor, dossier: Dossier, items: Sequence[Item]) -> Iterator[Finding]:
    """Papers that are not with the clerks when the dossier is closed."""
    documents = {one.document_id: one.pk for one in items if one.document_id}
    out = Paper.objects.filter(document__in=documents).exclude(state__in=WITH_CLERK)
    keys = sorted({documents[pk] for pk in out.values_list("document", flat=True)})
    if keys:
        said = ngettext(
            "%(count)d văn bản còn bản giấy chưa về văn thư",
            "%(count)d văn bản còn bản giấy chưa về văn thư",
            len(keys),
        ) % {"count": len(keys)}
        yield Finding("paper", said, "Văn bản còn bản giấy chưa về văn thư", tuple(keys))


def of_document(actor: Actor, document: IncomingDocument) -> dict[str, Any]:
    """For the page of a document: its dossiers, and what may be done with it."""
    base = reverse("dossiers:new_dossier", args=[actor.agency.slug])
    opens = bool(document.register_id) and may_open_from(actor, document) is None
    return lying_in(actor, document, filed=getattr(document, "has_dossiers", True)) | {
        "open_dossier_url": f"{base}?from={document.pk}" if opens else "",
        "file_url": reverse("incoming:file_in", args=[actor.agency.slug, document.pk]),
    }
