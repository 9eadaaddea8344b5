"""Proof that grants and waiting rows are what acts, states and assignments say."""

from collections.abc import Iterator
from contextlib import suppress

from django.db import transaction

from core.errors import Refusal
from documents.actions import route
from documents.choices import Outcome
from documents.proving import mend_grants, wrong_grants, wrong_waits
from incoming.actions import expected_waits
from incoming.models import Extension, IncomingDocument, PaperMove


def findings(*, repair: bool = False) -> Iterator[str]:
    """One sentence for each document whose rows are wrong; ``repair`` makes them right."""
    for pk in IncomingDocument.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            document = (
                IncomingDocument.objects.select_for_update(of=("self", "document_ptr"))
                .select_related("agency__parent")
                .get(pk=pk)
            )
            wrong = list(_wrong(document))
            if wrong and repair:
                _repair(document)
        yield from wrong
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


def _wrong(document: IncomingDocument) -> Iterator[str]:
    yield from wrong_grants(document)
    if _is_asked(document) != document.has_requests:
        yield f"document {document.pk}: has_requests is {document.has_requests}"
        document.has_requests = True
    try:
        yield from wrong_waits(document, expected_waits(document))
    except Refusal as refusal:  # nobody holds the post that it waits for
        yield f"document {document.pk}, waiting: {refusal}"


def _is_asked(document: IncomingDocument) -> bool:
    """True while a later day or an opinion is waited for."""
    asked = Extension.objects.filter(assignment__document=document, outcome=Outcome.ASKED)
    opinions = document.opinions.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
    return asked.exists() or opinions.exists()


def _repair(document: IncomingDocument) -> None:
    IncomingDocument.objects.filter(pk=document.pk).update(has_requests=_is_asked(document))
    mend_grants(document)
    with suppress(Refusal):  # nobody holds the post: an appointment mends that, not we
        route(document, expected_waits(document))
