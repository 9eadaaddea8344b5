"""Hồ sơ công việc: what waits for me, and all that I see."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.text import fold
from documents.choices import Kind, ListPage
from documents.models import SavedFilter, Waiting
from documents.querysets import Cursor, page_of
from dossiers import listing, rules
from dossiers.choices import Task
from dossiers.forms.narrowing import ListForm
from dossiers.models import Dossier

SIZE = 50
ALL = 1000  # of what waits for one person


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Mine by what they wait for; below all that I may see, newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = ListForm(request.GET)
    asked = form.asked()
    page = page_of(
        listing.loaded_for(actor),
        actor,
        Kind.DOSSIER,
        narrow=lambda rows: listing.narrowed(rows, asked),
        cursor=Cursor.parse(request.GET.get("cursor", "")),
        size=SIZE,
    )
    kept = {key: str(value) for key, value in request.GET.items() if value and key != "cursor"}
    words = fold(str(asked.get("q", ""))).split()
    query, saved = form.query(), _saved(request, actor)
    most = ALL if request.GET.get("mine") == "all" else SIZE
    groups, more = ([], 0) if asked or request.GET.get("cursor") else _waiting(actor, most)
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "page_name": ListPage.DOSSIERS.value,
        "query": query,
        "saved": saved,
        "may_save": bool(query) and all(one["query"] != query for one in saved),
        "chosen": [one | {"url": _without(request, kept, one["name"])} for one in form.chosen()],
        "rows": listing.lines(actor, page.rows, words),
        "newer_url": _address(request, kept, page.newer),
        "older_url": _address(request, kept, page.older),
        "waiting": groups,
        "more": more,
        "new_url": reverse("dossiers:new_dossier", args=[actor.agency.slug])
        if rules.may_open(actor) is None
        else "",
        "task_url": reverse("dossiers:new_task", args=[actor.agency.slug])
        if rules.may_open_task(actor) is None
        else "",
    }
    return render(request, "dossiers/list.html", context, status=422 if form.errors else 200)


def _address(request: HttpRequest, kept: dict[str, str], cursor: Cursor | None) -> str:
    return f"{request.path}?{urlencode(kept | {'cursor': str(cursor)})}" if cursor else ""


def _without(request: HttpRequest, kept: dict[str, str], name: str) -> str:
    query = urlencode({key: value for key, value in kept.items() if key != name})
    return f"{request.path}?{query}" if query else request.path


def _saved(request: HttpRequest, actor: Actor) -> list[dict[str, str]]:
    """The lists that the reader keeps, in his order."""
    rows = SavedFilter.objects.filter(user=actor.user, agency=actor.agency, page=ListPage.DOSSIERS)
    return [
        {"name": name, "query": query, "url": f"{request.path}?{query}"}
        for name, query in rows.values_list("name", "query")
    ]


def _waiting(actor: Actor, most: int) -> tuple[list[dict[str, Any]], int]:
    """Dossiers that wait for the actor, by what they wait for; the earliest day first.

    At most so many, and how many more there are.
    """
    rows = Waiting.objects.waiting_for(actor).due().filter(document__kind=Kind.DOSSIER)
    seen = listing.loaded_for(actor).visible_to(actor)  # type: ignore[attr-defined]
    keys: dict[int, str] = {}
    asked = list(rows.urgent_first().values_list("document", "verb")[: most + 1])
    for pk, verb in asked[:most]:
        keys.setdefault(pk, verb)
    found = seen.in_bulk(list(keys))
    rest = 0
    if asked:  # also where all are shown: a page asks the same whatever its rows
        visible = Dossier.objects.visible_to(actor).filter(pk__in=rows.values("document"))
        rest = max(visible.count() - len(found), 0)
    groups: dict[str, list[Any]] = {}
    for pk, verb in keys.items():
        if pk in found:
            groups.setdefault(verb, []).append(found[pk])
    shown = [
        {
            "label": str(Task(verb).label) if verb in Task.values else _("Việc khác"),
            "rows": listing.lines(actor, dossiers),
        }
        for verb, dossiers in groups.items()
    ]
    return shown, rest
