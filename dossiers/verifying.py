"""Proof that grants, waiting rows, ordinals and totals of dossiers are what they should be."""

from collections.abc import Iterator
from contextlib import suppress

from django.db import transaction

from core.errors import Refusal
from documents.actions import route
from documents.proving import mend_grants, wrong_grants, wrong_waits
from dossiers.actions import count, expected_waits
from dossiers.models import Dossier, Item


def findings(*, repair: bool = False) -> Iterator[str]:
    """One sentence for each dossier whose rows are wrong; ``repair`` makes them right."""
    for pk in Dossier.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            dossier = (
                Dossier.objects.select_for_update(of=("self", "document_ptr"))
                .select_related("agency__parent", "keeper__user", "opened_by__user")
                .get(pk=pk)
            )
            wrong = list(_wrong(dossier))
            if wrong and repair:
                _repair(dossier)
        yield from wrong


def _wrong(dossier: Dossier) -> Iterator[str]:
    yield from wrong_grants(dossier)
    try:
        yield from wrong_waits(dossier, expected_waits(dossier))
    except Refusal as refusal:  # nobody holds the post that it waits for
        yield f"document {dossier.pk}, waiting: {refusal}"
    items = Item.objects.filter(dossier=dossier).order_by("ordinal")
    ordinals = list(items.values_list("ordinal", flat=True))
    if ordinals != list(range(1, len(ordinals) + 1)):
        yield f"dossier {dossier.pk}: ordinals {ordinals[:20]} are not 1 to {len(ordinals)}"
    kept = (dossier.doc_total, dossier.page_total)
    if kept != (real := Item.objects.filter(dossier=dossier).totals()):
        yield f"dossier {dossier.pk}: totals {kept}, but there lie {real}"


def _repair(dossier: Dossier) -> None:
    mend_grants(dossier)
    with suppress(Refusal):  # nobody holds the post: an appointment mends that, not we
        route(dossier, expected_waits(dossier))
    for place, pk in enumerate(
        Item.objects.filter(dossier=dossier).order_by("ordinal").values_list("pk", flat=True), 1
    ):
        Item.objects.filter(pk=pk).update(ordinal=place)
    count(dossier)
