"""Tìm văn bản: over everything that the reader may see in this agency."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.text import clean
from documents.choices import ListPage
from documents.querysets import Cursor
from dossiers.models import Dossier
from incoming import listing
from incoming.filters import DocumentFilter, arrival_number
from reports import search as finding

_WORDS = 8  # of a long query, so many can be dropped one by one


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Hits of the words and filters in the address; without any, how to search."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    offered, saved = finding.offered_to(actor)
    issuers_url = reverse("reports:issuers", args=[actor.agency.slug])
    filters = DocumentFilter(
        request.GET,
        offered,
        issuers_url=issuers_url,
        words_label=finding.WORDS,
        dossiers=Dossier.objects.visible_to(actor),
    )
    typed, words = filters.typed, filters.words
    chosen = [one | {"url": _address(request, without=one["name"])} for one in filters.chosen()]
    # The words stand in their own field above; they are dropped there.
    beside = [one for one in chosen if one["name"] != "q"]
    # Signs alone (“%”, an emoji) ask for nothing: that is said, instead of listing everything.
    asks = bool(words or beside)
    cursor = Cursor.parse(request.GET.get("cursor", ""))
    found = finding.find(actor, filters, cursor) if asks else None
    query = filters.query() if asks else ""
    wanted = arrival_number(typed)
    context = {
        "filters": filters.form,
        "typed": typed,
        "gone": filters.gone,
        "chosen": chosen,
        "beside": beside,
        "asks": asks,
        "saved": [one | {"url": f"{request.path}?{one['query']}"} for one in saved],
        "page_name": ListPage.SEARCH.value,
        "query": query,
        "may_save": bool(query) and all(one["query"] != query for one in saved),
        "columns": listing.columns(actor),
        "exact": listing.numbered(actor, wanted, found=bool(found.rows))
        if wanted and found
        else [],
        **_hits(request, found),
        **_beside(actor, typed, clean(request.GET.get("dossier", ""))[:200], cursor),
        "fewer": _fewer(request, typed) if found and not found.rows else [],
    }
    return render(
        request, "reports/search.html", context, status=422 if filters.form.errors else 200
    )


def _beside(actor: Actor, typed: str, dossier: str, cursor: Cursor | None) -> dict[str, Any]:
    """Dossiers and what goes out that the words find: a few of each above the first page."""
    if cursor is not None or not (typed or dossier):
        return {}
    url = reverse("dossiers:dossiers", args=[actor.agency.slug])
    drafts = reverse("outgoing:outgoing", args=[actor.agency.slug])
    return {
        "dossiers": finding.dossiers(actor, typed),
        "dossiers_url": f"{url}?{urlencode({'q': typed})}",
        "outgoing": finding.outgoing(actor, typed, dossier),
        "outgoing_url": f"{drafts}?{urlencode({'tab': 'all', 'q': typed, 'dossier': dossier})}",
    }


def _hits(request: HttpRequest, found: finding.Found | None) -> dict[str, Any]:
    if found is None:
        return {"rows": []}
    over = found.count >= finding.CAP
    return {
        "rows": found.rows,
        "count": f"{finding.CAP - 1}+" if over else found.count,
        "newer_url": _address(request, cursor=str(found.newer)) if found.newer else "",
        "older_url": _address(request, cursor=str(found.older)) if found.older else "",
        "first_url": _address(request),
    }


def _address(request: HttpRequest, *, without: str = "", **more: str) -> str:
    """This search again, with something else in it; from its first page on."""
    kept = {
        name: value
        for name, value in request.GET.items()
        if value and name not in {without, "cursor", *more}
    }
    query = urlencode(kept | {name: value for name, value in more.items() if value})
    return f"{request.path}?{query}" if query else request.path


def _fewer(request: HttpRequest, typed: str) -> list[dict[str, str]]:
    """For each word, the same search without it."""
    words = typed.split()
    if not 1 < len(words) <= _WORDS:
        return []
    return [
        {"word": word, "url": _address(request, q=" ".join(words[:place] + words[place + 1 :]))}
        for place, word in enumerate(words)
    ]


@require_safe
def issuers(request: HttpRequest) -> HttpResponse:
    """Options for the field of the issuer: names in documents that the reader may see."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    names = finding.issuers(actor, request.GET.get("organ_name", ""))
    # Without the request: a part needs no frame, and this is asked while somebody types.
    return HttpResponse(render_to_string("parts/issuers.html", {"names": names}))
