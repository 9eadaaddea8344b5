"""Links of a document as its page shows them, and what may be linked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from documents.addresses import address_of
from documents.choices import ISSUED, SEEN_FROM, Kind, LinkKind
from documents.models import Document, Link
from documents.querysets import page_of
from incoming.choices import State
from incoming.filters import DocumentFilter, Offered
from incoming.models import IncomingDocument

SIZE = 20


@dataclass(frozen=True)
class LinkLine:
    """One related document. ``pk`` is that of the link where it may be taken back here, else 0;
    ``number`` is 0 for what did not come in."""

    pk: int
    kind: str
    label: str
    url: str
    subject: str
    code: str
    number: int
    day: date
    replaces_this: bool


def links_of(actor: Actor, document: IncomingDocument) -> list[LinkLine]:
    """Both ends of its links, those that the reader may see; the others show as nothing."""
    seen = Document.objects.visible_to(actor)
    rows = (
        Link.objects.filter(
            Q(source=document, target__in=seen) | Q(target=document, source__in=seen)
        )
        .select_related("source", "target")
        .order_by("kind", "pk")
    )
    lines = []
    for row in rows:
        is_mine = row.source_id == document.pk
        other = row.target if is_mine else row.source
        kind = LinkKind(row.kind)
        lines.append(
            LinkLine(
                pk=row.pk if is_mine else 0,
                kind=kind.value,
                label=str(kind.label if is_mine else SEEN_FROM[kind]),
                url=address_of(actor.agency.slug, other),
                subject=other.subject,
                code=other.code if other.code_number else "",
                number=other.number if other.kind == Kind.INCOMING else 0,
                day=other.day,
                replaces_this=not is_mine
                and kind == LinkKind.REPLACES
                and other.state not in (State.REFUSED, State.VOID),
            )
        )
    return lines


def candidates(actor: Actor, document: IncomingDocument, typed: str) -> list[Document]:
    """What these words find, newest first: documents that came in, and those that have gone out.

    The document itself is none.
    """
    filters = DocumentFilter({"q": typed}, Offered())

    def came(rows: Any) -> Any:
        return filters.narrow(rows).exclude(pk=document.pk).exclude(state=State.VOID)

    def gone_out(rows: Any) -> Any:
        return filters.narrow(rows).filter(state=ISSUED)

    everything = Document.objects.all()
    found = [
        *page_of(everything, actor, Kind.INCOMING, narrow=came, size=SIZE).rows,
        *page_of(everything, actor, Kind.OUTGOING, narrow=gone_out, size=SIZE).rows,
    ]
    return sorted(found, key=lambda one: (one.day, one.number), reverse=True)[:SIZE]
