"""Proof that grants, waiting rows, ordinals and totals of dossiers are what they should be."""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce, TruncDate

from documents import proving
from dossiers.actions import count
from dossiers.models import Dossier, Item


def findings(*, repair: bool = False) -> Iterator[str]:
    """One sentence for each dossier whose rows are wrong; ``repair`` makes them right."""
    yield from proving.findings(Dossier, repair=repair)
    for pk in Dossier.objects.order_by("pk").values_list("pk", flat=True).iterator():
        with transaction.atomic():
            dossier = Dossier.objects.select_for_update(of=("document_ptr", "self")).get(pk=pk)
            wrong = list(_wrong(dossier))
            if wrong and repair:
                _repair(dossier)
        yield from wrong


def _wrong(dossier: Dossier) -> Iterator[str]:
    items = Item.objects.filter(dossier=dossier).order_by("ordinal")
    ordinals = list(items.values_list("ordinal", flat=True))
    if ordinals != list(range(1, len(ordinals) + 1)):
        yield f"dossier {dossier.pk}: ordinals {ordinals[:20]} are not 1 to {len(ordinals)}"
    kept = (dossier.doc_total, dossier.page_total)
    if kept != (real := Item.objects.filter(dossier=dossier).totals()):
        yield f"dossier {dossier.pk}: totals {kept}, but there lie {real}"
    if keys := list(_misdated(dossier).values_list("pk", flat=True)[:20]):
        yield f"dossier {dossier.pk}: items {keys} stand at another day than what they are"


def _misdated(dossier: Dossier) -> QuerySet[Item]:
    given = TruncDate("opinion__answered_at")
    day = Coalesce("document__day", given, TruncDate("added_at"))
    return Item.objects.filter(dossier=dossier).exclude(on__isnull=False, on=day).order_by("pk")


def _repair(dossier: Dossier) -> None:
    for place, pk in enumerate(
        Item.objects.filter(dossier=dossier).order_by("ordinal").values_list("pk", flat=True), 1
    ):
        # The database finds the day anew when it is asked to write one.
        Item.objects.filter(pk=pk).update(ordinal=place, on=None)
    count(dossier)
