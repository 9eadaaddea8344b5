"""What many documents in one request need alike: the same of incoming ones, with their papers."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from documents.actions import at_hand
from incoming.choices import PaperState, State
from incoming.models import Paper


class AtHand(at_hand.AtHand):
    """The people of an agency as they are today, for documents that wait to be distributed."""

    def lock(self, rows: QuerySet[Any], pk: int) -> Any:
        """The document under its lock; whether a paper is about is read with it."""
        on_way = Paper.objects.filter(document=OuterRef("pk"), state=PaperState.ON_WAY)
        return super().lock(rows.annotate(has_paper_out=Exists(on_way)), pk)

    def is_fresh(self, document: Any) -> bool:
        """True for one that only waits to be distributed, and never was."""
        waits = document.state == State.SUBMITTED and not document.has_paper_out
        return waits and super().is_fresh(document)
