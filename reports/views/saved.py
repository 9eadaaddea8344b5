"""Bộ lọc của tôi: lists that a person keeps, their names and their order."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import saving
from documents.choices import ListPage
from documents.models import SavedFilter
from dossiers.forms.narrowing import ListForm
from dossiers.models import Dossier
from incoming.filters import DocumentFilter, Offered
from incoming.listing import MINE, TABS
from reports import search as finding
from reports.forms import NameForm, SaveForm

_OPENS = {
    ListPage.BOOK: "incoming:book",
    ListPage.SEARCH: "reports:search",
    ListPage.DOSSIERS: "dossiers:dossiers",
}


@require_http_methods(["GET", "HEAD", "POST"])
def saved(request: HttpRequest) -> HttpResponse:
    """His filters in this agency; a POST keeps the one that was open, and leads back to it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, actor)
    form = SaveForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, save=form, status=422)
    page = ListPage(form.cleaned_data["page"])
    offered, _mine = finding.offered_to(actor)
    query = _valid(page, form.cleaned_data["query"], offered)
    try:
        row = saving.save_filter(actor, page=page, name=form.cleaned_data["name"], query=query)
    except Refusal as refusal:
        return _refused(request, actor, refusal, form, save=form)
    messages.success(request, _("Đã lưu bộ lọc “%(name)s”.") % {"name": row.name})
    return redirect(f"{reverse(_OPENS[page], args=[actor.agency.slug])}?{row.query}")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """One verb on one of his filters: rename, earlier, open, close, delete."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    # A filter of somebody else is no filter, whatever was typed.
    if not SavedFilter.objects.filter(pk=pk, user=actor.user, agency=actor.agency).exists():
        raise Http404
    form = NameForm(request.POST)
    do = request.POST.get("do", "")
    if do == "rename" and not form.is_valid():
        return _page(request, actor, renamed=(pk, form), status=422)
    try:
        said = _done(actor, pk, do, form)
    except SavedFilter.DoesNotExist as gone:
        raise Http404 from gone
    except Refusal as refusal:
        return _refused(request, actor, refusal, form, renamed=(pk, form))
    if said:
        messages.success(request, said)
    return redirect("reports:saved", actor.agency.slug)


def _done(actor: Actor, pk: int, do: str, form: NameForm) -> str:
    """Does it; what is said of it."""
    match do:
        case "rename":
            row = saving.rename_filter(actor, pk, form.cleaned_data["name"])
            return _("Bộ lọc nay tên “%(name)s”.") % {"name": row.name}
        case "earlier":
            saving.move_filter(actor, pk)
            return ""
        case "open":
            row = saving.open_with_filter(actor, pk, opens=True)
            return _("Văn bản đến nay mở sẵn “%(name)s”.") % {"name": row.name}
        case "close":
            saving.open_with_filter(actor, pk, opens=False)
            return _("Văn bản đến nay mở tất cả.")
        case "delete":
            name = saving.delete_filter(actor, pk)
            return _("Đã xóa bộ lọc “%(name)s”.") % {"name": name}
    raise Http404


def _refused(
    request: HttpRequest, actor: Actor, refusal: Refusal, form: NameForm, **where: Any
) -> HttpResponse:
    """The page again with what was typed, and the reason at its field or above."""
    if refusal.field:
        form.add_error(refusal.field, str(refusal))
        return _page(request, actor, **where, status=409)
    return _page(request, actor, refusal=refusal, **where, status=409)


def _valid(page: ListPage, query: str, offered: Offered) -> str:
    """What the filters know of a query, in their own order; the rest is dropped."""
    data = QueryDict(query)
    if page == ListPage.DOSSIERS:
        return ListForm(data).query()
    tab = data.get("tab", "") if page == ListPage.BOOK else ""
    known = {name for name, _label in (*TABS, MINE)} - {"all"}
    return DocumentFilter(data, offered, dossiers=Dossier.objects.none()).query(
        tab=tab if tab in known else ""
    )


def _page(
    request: HttpRequest,
    actor: Actor,
    *,
    save: SaveForm | None = None,
    renamed: tuple[int, NameForm] | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    offered, _mine = finding.offered_to(actor)
    pages = []
    for page in ListPage:
        opens = reverse(_OPENS[page], args=[actor.agency.slug])
        rows = SavedFilter.objects.filter(user=actor.user, agency=actor.agency, page=page)
        lines = [
            {
                "row": row,
                "url": f"{opens}?{row.query}",
                "words": _words(page, row.query, offered),
                "form": renamed[1]
                if renamed and renamed[0] == row.pk
                else NameForm(initial={"name": row.name}, auto_id=f"{row.pk}-%s"),
            }
            for row in rows
        ]
        if lines:
            pages.append({"label": page.label, "lines": lines})
    context = {
        "pages": pages,
        "save": save,
        "save_words": _save_words(save, offered),
        "refusal": refusal,
        "most": saving.MOST,
        "book_url": reverse("incoming:book", args=[actor.agency.slug]),
    }
    return render(request, "reports/saved.html", context, status=status)


def _save_words(save: SaveForm | None, offered: Offered) -> list[str]:
    """What is about to be kept, in words."""
    page = str(save.data.get("page", "")) if save else ""
    if save is None or page not in ListPage.values:
        return []
    return _words(ListPage(page), save.data.get("query", ""), offered)


def _words(page: ListPage, query: str, offered: Offered) -> list[str]:
    """What a saved query narrows by, in words."""
    data = QueryDict(query)
    if page == ListPage.DOSSIERS:
        return [f"{one['label']}: {one['value']}" for one in ListForm(data).chosen()]
    filters = DocumentFilter(
        data,
        offered,
        words_label=finding.WORDS if page == ListPage.SEARCH else None,
        dossiers=Dossier.objects.none(),  # in words only: no list is read here
    )
    tabs = {name: str(label) for name, label in (*TABS, MINE)} if page == ListPage.BOOK else {}
    tab = tabs.get(data.get("tab", ""), "")
    chosen = [f"{one['label']}: {one['value']}" for one in filters.chosen()]
    gone = [_("%(label)s: không còn") % {"label": label} for label in filters.gone]
    return [*([tab] if tab else []), *chosen, *gone]
