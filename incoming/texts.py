"""Papers whose files say nearly the same: found by a few keys, measured by their sketches.

Reads only. A file of nothing but pictures has no words, and says nothing here.
"""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from documents import likeness
from documents.choices import Part
from documents.models import Attachment, QuarantinedFile
from incoming.models import IncomingDocument, TextKey

NEWEST = 40  # papers of one key that are looked at


def sketch_of(files: Sequence[QuarantinedFile | Attachment]) -> Mapping[str, str]:
    """What is known of the words of the main file; empty when that is nothing."""
    for one in files:
        if one.part == Part.MAIN:
            found = one.file.inspection if isinstance(one, Attachment) else one.inspection
            return (found or {}).get("sketch") or {}
    return {}


def alike(
    seen: QuerySet[IncomingDocument], sketch: Mapping[str, str], agency_pk: int
) -> dict[int, int]:
    """Of the documents that are seen those with nearly that text: how like, in per cent.

    The likest come first. At most NEWEST rows of each key are read, whatever there is.
    """
    newest = [
        TextKey.objects.filter(key=key).order_by("-document").values("document")[:NEWEST]
        for key in likeness.keys_of(sketch, agency_pk)
    ]
    if not newest:
        return {}
    candidates = newest[0].union(*newest[1:])
    theirs = Attachment.objects.filter(
        document__in=seen.filter(pk__in=candidates).order_by().values("pk"), part=Part.MAIN
    ).values_list("document_id", "file__inspection__sketch")
    found = [(likeness.share(sketch, other or {}), pk) for pk, other in theirs]
    return {pk: round(share * 100) for share, pk in sorted(found, reverse=True) if share}
