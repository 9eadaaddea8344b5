"""Proof of incoming documents: their grants and waiting rows, and where their papers are."""

from collections.abc import Iterator

from documents import proving
from incoming.models import IncomingDocument, PaperMove


def findings(*, repair: bool = False) -> Iterator[str]:
    """One sentence for each document whose rows are wrong; ``repair`` makes them right."""
    yield from proving.findings(IncomingDocument, repair=repair)
    yield from broken_papers()


def broken_papers() -> Iterator[str]:
    """Papers that are not where their last move left them."""
    last = (
        PaperMove.objects.order_by("paper_id", "-pk")
        .distinct("paper_id")
        .values_list("paper_id", "state", "paper__state", "paper__document_id")
    )
    for pk, left, state, document in last:
        if left != state:
            yield f"document {document}, paper {pk}: {state!r}, but its last move left {left!r}"
