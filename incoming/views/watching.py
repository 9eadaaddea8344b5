"""What has come of each directive, and what piles up."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.text import clean, small_number
from incoming import backlog as backlogs
from incoming import directives as directing
from incoming import rules

LAST_PAGE = 200


@require_safe
def directives(request: HttpRequest) -> HttpResponse:
    """Directives of the leaders: open, late, with a later day, or with their result."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_follow_directives(actor) is not None:
        raise Http404
    chosen = directing.Chosen(
        tab=_tab(request, [code for code, _label in directing.TABS]),
        leader=_number(request, "leader"),
        unit=_number(request, "unit"),
        page=_page(request),
        dossier=_words(request, "dossier"),
    )
    found = directing.page_of_directives(actor, chosen)
    kept = {"leader": chosen.leader, "unit": chosen.unit, "dossier": chosen.dossier}
    binding = actor.agency.regulation.directive_binding
    context = {
        **found,
        **directing.offered(actor),
        "chosen": chosen,
        "binding": binding.article if binding and binding.value else "",
        "tabs": [
            {
                "label": label,
                "url": _link(request, tab=code, **kept),
                "current": code == chosen.tab,
                "count": found["counts"].get(code),
            }
            for code, label in directing.TABS
        ],
        **_neighbours(request, found["has_next"], chosen.page, tab=chosen.tab, **kept),
    }
    return render(request, "incoming/directives.html", context)


@require_safe
def backlog(request: HttpRequest) -> HttpResponse:
    """Open work of the units, people or field that the reader watches."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal, acting = rules.may_watch.answer(actor)
    if refusal is not None:
        raise Http404
    watch = backlogs.watch_of(acting)
    chosen = backlogs.Chosen(
        tab=_tab(request, [code for code, _label, _name in backlogs.TABS]),
        unit=_number(request, "unit"),
        person=-1 if request.GET.get("person") == "-1" else _number(request, "person"),
        page=_page(request),
        dossier=_words(request, "dossier"),
    )
    found = backlogs.page_of_backlog(actor, watch, chosen)
    kept = {"unit": chosen.unit, "person": chosen.person, "dossier": chosen.dossier}
    context = {
        **found,
        "watch": watch,
        "chosen": chosen,
        "all_url": request.path,
        "tabs": [
            {
                "label": label,
                "url": _link(request, tab=code, **kept),
                "current": code == chosen.tab,
                "count": found["totals"][name],
            }
            for code, label, name in backlogs.TABS
        ],
        **_neighbours(request, found["has_next"], chosen.page, tab=chosen.tab, **kept),
    }
    return render(request, "incoming/backlog.html", context)


def _tab(request: HttpRequest, known: list[str]) -> str:
    wanted = request.GET.get("tab", "")
    return wanted if wanted in known else known[0]


def _number(request: HttpRequest, name: str) -> int:
    value = request.GET.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 18 else 0


def _words(request: HttpRequest, name: str) -> str:
    return clean(request.GET.get(name, ""))[:200]


def _page(request: HttpRequest) -> int:
    return min(max(small_number(request.GET.get("page", ""), 1), 1), LAST_PAGE)


def _link(request: HttpRequest, **values: Any) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{request.path}?{query}" if query else request.path


def _neighbours(request: HttpRequest, has_next: bool, page: int, **kept: Any) -> dict[str, str]:
    return {
        "previous_url": _link(request, **kept, page=page - 1) if page > 1 else "",
        "next_url": _link(request, **kept, page=page + 1) if has_next else "",
    }
