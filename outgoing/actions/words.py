"""The words of what was numbered before the search kept them (``manage.py read_texts``)."""

from django.db import transaction
from django.db.models import F

from documents.actions import lock_rows
from documents.models import Document
from outgoing.models import DraftVersion, OutgoingDocument

BATCH = 100  # documents that are held together


def fill_words() -> int:
    """Let every numbered document be found by the words of its text; answers how many were not.

    In batches, each in a transaction of its own: what is done stays done. Run again it writes
    nothing. Words that stand there already are left as they are.
    """
    numbered = OutgoingDocument.objects.filter(numbered_at__isnull=False).order_by("pk")
    filled = last = 0
    while keys := list(numbered.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        filled += _fill(keys)
        last = keys[-1]
    return filled


@transaction.atomic
def _fill(keys: list[int]) -> int:
    lock_rows(*keys)
    versions = DraftVersion.objects.filter(
        document__in=keys, ordinal=F("document__version_count")
    ).select_related("document")
    filled = 0
    for version in versions:
        document = version.document
        words = document.searched(version.text)
        if words != document.search_text:
            # No history: nothing that is said of the document changes.
            filled += Document.objects.filter(pk=document.pk).update(search_text=words)
    return filled
