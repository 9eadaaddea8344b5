"""One dossier: its page, and the verbs that have a form."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor, Rule
from core.errors import NotYours, Refusal
from core.text import clean, small_number
from documents.actions import mark_seen
from documents.choices import READ
from documents.models import Assignment, Waiting
from dossiers import actions, presenting, rules, taken
from dossiers.asked import work
from dossiers.choices import Verb
from dossiers.done import said
from dossiers.forms.verbs import FORMS, form_of
from dossiers.models import Dossier, Item
from dossiers.showing import still_unseen
from dossiers.told import told_to
from notifications.actions import mark_read
from notifications.models import Notification

_DO = {verb: getattr(actions, verb.value) for verb in FORMS}


def open_dossier(request: HttpRequest, pk: int) -> tuple[Actor, Dossier]:
    """The dossier as its reader may see it, with what is new to him and how much lies in it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unseen = Waiting.objects.waiting_for(actor).filter(
        document=OuterRef("pk"), seen_at__isnull=True
    )
    unread = Notification.objects.filter(
        user=actor.user,
        agency=actor.agency,
        read_at__isnull=True,
        path=f"/{actor.agency.slug}/dossiers/{pk}/",
    )
    to_read = Waiting.objects.waiting_for(actor).filter(document=OuterRef("pk"), verb=READ)
    inside = Item.objects.filter(dossier=OuterRef("pk")).order_by().values("dossier")
    seen = Dossier.objects.visible_to(actor).with_people().select_related("planned__catalogue")
    dossier: Dossier = get_object_or_404(
        seen.annotate(
            is_unseen=Exists(unseen),
            is_told=Exists(unread),
            is_to_read=Exists(to_read),
            has_work=Exists(Assignment.objects.filter(document=OuterRef("pk"))),
            n_items=Coalesce(Subquery(inside.annotate(n=Count("pk")).values("n")), 0),
        ),
        pk=pk,
    )
    dossier.agency = actor.agency
    if not dossier.has_work:  # type: ignore[attr-defined]
        dossier.all_assignments = []  # known from its own row: most dossiers need no query more
    return actor, dossier


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The story of a dossier, its data, its verbs; ``view=contents`` lists it by ordinal."""
    actor, dossier = open_dossier(request, pk)
    if request.method == "GET":
        if dossier.is_unseen:  # type: ignore[attr-defined]
            mark_seen(dossier, actor)
        if dossier.is_told:  # type: ignore[attr-defined]
            mark_read(actor, dossier.get_absolute_url())
        if dossier.is_to_read:  # type: ignore[attr-defined]
            actions.read(actor, dossier)
    return render(request, "dossiers/detail.html", _page(request, actor, dossier))


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The form of a verb; a POST does it, a refusal keeps what was typed."""
    actor, dossier = open_dossier(request, pk)
    if verb not in Verb.values or Verb(verb) not in FORMS:
        raise Http404
    wanted = Verb(verb)
    refusal, acting = _rule(wanted).answer(actor, dossier)
    if request.method != "POST":
        if refusal is not None:
            return redirect(_instead(actor, dossier, wanted))
        return _form_page(request, dossier, wanted, form_of(wanted, acting, dossier))
    form = form_of(wanted, acting, dossier, request.POST)
    if "more" in request.POST:
        return _form_page(request, dossier, wanted, form, status=422)
    if isinstance(refusal, NotYours):
        return _form_page(request, dossier, wanted, form, refusal, status=409)
    if not form.is_valid():
        # What is no longer open cannot be chosen: the rule says why.
        return _form_page(request, dossier, wanted, form, refusal, status=409 if refusal else 422)
    try:
        form.let_in()
        done = _DO[wanted](actor, dossier, **form.arguments())
    except Refusal as raised:
        dossier = open_dossier(request, pk)[1]
        return _form_page(request, dossier, wanted, form, raised, status=409)
    messages.success(request, said(wanted, done))
    given = form.lines() if wanted in (Verb.GIVE_OUT, Verb.ASSIGN) else ()
    for words in still_unseen(actor, done, given):
        messages.warning(request, words)
    return redirect(done)


def _rule(wanted: Verb) -> Rule:
    return dict(presenting.VERBS)[wanted]


def _instead(actor: Actor, dossier: Dossier, wanted: Verb) -> str:
    """Where one goes who may not: the page; who leads a part only ends that part."""
    if wanted == Verb.COMPLETE and _rule(Verb.FINISH)(actor, dossier) is None:
        return reverse(
            "dossiers:dossier_verb", args=[actor.agency.slug, dossier.pk, Verb.FINISH.value]
        )
    return dossier.get_absolute_url()


def _form_page(
    request: HttpRequest,
    dossier: Dossier,
    wanted: Verb,
    form: Any,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "dossier": dossier,
        "verb": wanted,
        "title": presenting.verb_label(wanted, dossier),
        "form": form,
        "refusal": refusal,
        "other": getattr(refusal, "other", None),
        "catalogue": getattr(refusal, "catalogue", None),
    }
    return render(request, "dossiers/verb.html", context, status=status)


# What is counted of each item among those that the reader sees.
PLACED = ("on", "ordinal", "place", "n_seen", "n_papers", "n_pages")


def visible_items(actor: Actor, dossier: Dossier) -> Any:
    """Its items with their place among those that the reader sees, and the totals of these."""
    rows = dossier.items.visible_to(actor).by_time()
    pages = Coalesce(F("document__page_amount"), F("attachment__file__page_count"), 0)
    papers = Q(document__isnull=False) | Q(attachment__isnull=False)
    return rows.annotate(
        place=Window(RowNumber(), order_by=F("ordinal").asc()),
        n_seen=Window(Count("pk")),
        n_papers=Window(Count("pk", filter=papers)),
        n_pages=Window(Sum(pages)),
    )


def _page(request: HttpRequest, actor: Actor, dossier: Dossier) -> dict[str, Any]:
    typed = clean(request.GET.get("q", ""))[:200]
    by_list = request.GET.get("view") == "contents"
    number = small_number(request.GET.get("page", ""))
    rows = visible_items(actor, dossier)
    if typed:
        rows = rows.matching(typed)
    if by_list:
        rows = rows.order_by("ordinal")
    size = presenting.SIZE if by_list else presenting.STORY_SIZE
    number, items = _slice(rows, max(number, 1), size)
    start = (number - 1) * size
    total = items[0].n_seen if items else 0
    steps_of = presenting.acts_of(dossier, [] if by_list else items)
    shown = {one.document_id for one in items if one.document_id}
    told = told_to(actor, dossier, steps_of, seen=shown)
    acts = presenting.trails(told, taken.said(actor, told))
    steps = acts.pop(dossier.pk, [])
    whole = actor.sees_whole_agency
    # Of what a search finds, nothing is said of what is not seen.
    hidden = 0 if typed else dossier.n_items - total  # type: ignore[attr-defined]
    knows_all = whole or presenting.tells_hidden(actor)
    if knows_all:
        papers, pages = dossier.doc_total, dossier.page_total
    elif items and not typed:
        papers, pages = items[0].n_papers, items[0].n_pages or 0
    else:
        papers, pages = dossier.items.visible_to(actor).totals()
    kept = {"q": typed, "view": "contents" if by_list else ""}
    may_file = rules.may_file(actor, dossier) is None
    listed = items if may_file and by_list else []
    return {
        **work(actor, dossier, [one for one in told if one.target_id == dossier.pk]),
        "dossier": dossier,
        "due": presenting.due(dossier),
        "status": presenting.status_kind(dossier.state),
        "buttons": presenting.verb_buttons(actor, dossier),
        "items": [
            presenting.item_line(actor, dossier, one, acts.get(one.document_id or 0, []))
            for one in items
        ],
        "total": total,
        "hidden": max(hidden, 0) if presenting.tells_hidden(actor) and not whole else 0,
        "typed": typed,
        "by_list": by_list,
        # A place among hits would be no place in the dossier.
        "may_move": may_file and by_list and not typed,
        "may_file": may_file,
        "removable": {
            one.pk for one in listed if rules.may_remove_item(actor, dossier, one) is None
        },
        "steps": steps[: presenting.STEPS],
        "reopenings": [one for one in steps if one.decision],
        "fields": presenting.data(dossier, papers, pages, partly=not knows_all)
        if not dossier.is_task
        else [],
        "previous_url": _place(kept, number - 1) if number > 1 else "",
        "next_url": _place(kept, number + 1) if start + len(items) < total else "",
        "range": _("%(first)d đến %(last)d trong %(total)d")
        % {"first": start + 1, "last": start + len(items), "total": total}
        if total > size
        else "",
    }


def _slice(rows: Any, number: int, size: int) -> tuple[int, list[Any]]:
    """That page of the items; beyond the last one the last."""
    start = (number - 1) * size
    found = list(rows.values("pk", *PLACED)[start : start + size])
    if not found and number > 1:
        return _slice(rows, max(1, -(-rows.count() // size)), size)
    return number, with_places(found)


def with_places(found: Sequence[dict[str, Any]]) -> list[Any]:
    """The items of these rows in their order, with what was counted.

    Asked for afterwards: the database sorts and counts 2,000 narrow rows, not wide ones.
    """
    whole = Item.objects.with_content().in_bulk([one["pk"] for one in found])
    # What was taken out between the two questions is not there any more.
    found = [one for one in found if one["pk"] in whole]
    for one in found:
        for name in PLACED:
            setattr(whole[one["pk"]], name, one[name])
    return [whole[one["pk"]] for one in found]


def _place(kept: dict[str, str], number: int) -> str:
    return "?" + urlencode({key: value for key, value in kept.items() if value} | {"page": number})
