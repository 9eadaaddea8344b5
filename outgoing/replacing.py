"""What takes the place of a document that went out wrong (NĐ 30/2020 Điều 18.3). Reads only.

It does so once it has gone out, and as long as it is not recalled itself.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.choices import LinkKind
from documents.models import Link
from outgoing.choices import GONE_OUT, State
from outgoing.models import OutgoingDocument

_LOOKED_UP = "newer_looked_up"  # what a document of a list holds of the one in its place


def replaced_by(document: OutgoingDocument) -> OutgoingDocument | None:
    """What this one takes the place of, where that had gone out: others may have it."""
    links = Link.objects.filter(source=document.pk, kind=LinkKind.REPLACES)
    rows = OutgoingDocument.objects.filter(pk__in=links.values("target"), state__in=GONE_OUT)
    return rows.first()


def named(document: OutgoingDocument) -> str:
    """Type, number and notation, day: as its receivers know it. Vietnamese, as it is sent."""
    day = f" ngày {document.issued_date:%d/%m/%Y}" if document.issued_date else ""
    return f"{document.type_name} số {document.code}{day}"


def newer_than(document: OutgoingDocument) -> OutgoingDocument | None:
    """What stands in its place now."""
    if _LOOKED_UP in document.__dict__:
        found: OutgoingDocument | None = document.__dict__[_LOOKED_UP]
        return found
    return newer_of([document]).get(document.pk)


def look_up(documents: Iterable[OutgoingDocument]) -> None:
    """Ask of many at once, for a list: ``newer_than`` then answers without a question."""
    rows = list(documents)
    found = newer_of(rows)
    for one in rows:
        one.__dict__[_LOOKED_UP] = found.get(one.pk)


def refusal_of(document: OutgoingDocument) -> Refusal | None:
    """Why it is neither sent nor copied any more."""
    newer = newer_than(document)
    if newer is None:
        return None
    said = _("%(name)s đã thay thế văn bản này. Gửi, sao văn bản thay thế.")
    return Refusal(said % {"name": named(newer)})


def newer_of(documents: Iterable[OutgoingDocument]) -> dict[int, OutgoingDocument]:
    """What stands in the place of each of these, by their keys; one question."""
    links = Link.objects.filter(
        target__in=[one.pk for one in documents],
        kind=LinkKind.REPLACES,
        source__outgoingdocument__state=State.ISSUED,
    )
    found = links.select_related("source__outgoingdocument").order_by("pk")
    return {one.target_id: one.source.outgoingdocument for one in found}
