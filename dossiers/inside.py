"""One page of what lies in a dossier, as its reader may see it, whatever else lies there."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, JSONObject

from accounts.actor import Actor
from dossiers.models import Item
from dossiers.querysets import DossierQuerySet


@dataclass(frozen=True)
class Inside:
    """Items with their places among those that the reader sees, and what is counted of all."""

    items: list[Any]
    page: int
    total: int
    # Documents and pages of those that he sees, found or not (TT 01/2019 Phụ lục VI, 9 and 10).
    papers: int
    pages: int
    hidden: int


def counted(rows: DossierQuerySet, actor: Actor) -> DossierQuerySet:
    """Dossiers with what ``inside`` needs to count: the last place, and what the reader misses.

    Ordinals have no gaps, so the last one is how many there are; and of a dossier only what is
    hidden is gone through, by those from whom something is.
    """
    own = Item.objects.filter(dossier=OuterRef("pk"))
    last = own.order_by("-ordinal").values("ordinal")[:1]
    missed = (
        own.hidden_from(actor)
        .order_by("ordinal")
        .annotate(
            found=JSONObject(
                ordinal="ordinal",
                document="document",
                pages=Coalesce(F("document__page_amount"), 0),
            )
        )
    )
    rows = rows.annotate(n_items=Coalesce(Subquery(last), 0))
    if actor.sees_whole_agency:
        return rows
    return rows.annotate(missed=ArraySubquery(missed.values("found")))


def inside(
    actor: Actor, dossier: Any, *, page: int, size: int, by_list: bool, words: str = ""
) -> Inside:
    """That page, or the last one there is; ``dossier`` is one of ``counted``.

    The story by time, or by ordinal (``by_list``); ``words``: only what holds all of them.
    """
    missed = [] if actor.sees_whole_agency else dossier.missed
    places = [one["ordinal"] for one in missed]
    seen, total = dossier.items.visible_to(actor), dossier.n_items - len(missed)
    if words:
        seen = seen.matching(words)
    else:
        page = min(page, _last(total, size))
    found = _page(seen, page, size, by_list=by_list, is_search=bool(words))
    if words and not found and page > 1:
        page = _last(seen.count(), size)
        found = _page(seen, page, size, by_list=by_list, is_search=True)
    if words:
        total = found[0].n_found if found else 0
    for one in found:
        one.place = one.ordinal - bisect_left(places, one.ordinal)
    return Inside(
        items=found,
        page=page,
        total=total,
        papers=dossier.doc_total - sum(one["document"] is not None for one in missed),
        pages=dossier.page_total - sum(one["pages"] for one in missed),
        hidden=len(missed),
    )


def _last(total: int, size: int) -> int:
    return max(1, -(-total // size))


def _page(seen: Any, page: int, size: int, *, by_list: bool, is_search: bool) -> list[Any]:
    """One question: narrow rows are put in order, and of those of the page the rest is fetched."""
    order = ("ordinal",) if by_list else ("on", "ordinal")
    start = (page - 1) * size
    keys = seen.order_by(*order).values("pk")[start : start + size]
    rows = Item.objects.filter(pk__in=keys).with_things().order_by(*order)
    if is_search:
        hits = seen.order_by().values("dossier").annotate(n=Count("pk"))
        rows = rows.annotate(n_found=Subquery(hits.values("n")))
    return list(rows)
