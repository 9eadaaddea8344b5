"""Văn bản đến: the list of registered documents."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.models import Agency
from documents.choices import Kind, ListPage
from documents.models import Document, Waiting
from documents.models.saved import saved_filters
from documents.querysets import OPEN_STATES, Cursor, countable, page_of
from dossiers.models import Dossier
from incoming import listing, rules
from incoming.choices import State
from incoming.filters import DocumentFilter, Offered, arrival_number, lateness
from incoming.listing import MINE, TABS
from incoming.models import IncomingDocument

SIZE = 50
CAP = 301  # "300+": of more nobody reads, and each one counted costs a look
# Work that is open is counted to the last one; the archive is not.
_CAPPED = frozenset({"all", "finished"})


class _Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """The registered documents that the reader may see, newest first, 50 a page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dense = _density(request)
    presets = dict((*TABS, MINE))
    tab = request.GET.get("tab", "")
    tab = tab if tab in presets else "all"
    read = _read(actor)
    saved = read["saved"]
    default = next((one for one in saved if one["is_default"]), None)
    if default and not request.GET:
        return redirect(f"{request.path}?{default['query']}")
    issuers_url = reverse("reports:issuers", args=[actor.agency.slug])
    filters = DocumentFilter(
        request.GET,
        Offered.of(read),
        issuers_url=issuers_url,
        dossiers=Dossier.objects.visible_to(actor),
    )

    def narrow(rows: QuerySet) -> QuerySet:
        return filters.narrow(rows.filter(preset(tab, actor)))

    page = page_of(
        listing.loaded_for(actor),
        actor,
        Kind.INCOMING,
        narrow=narrow,
        cursor=Cursor.parse(request.GET.get("cursor", "")),
        size=SIZE,
    )
    link = _Links(request, actor, whole="tab=all" if default else "")
    wanted = arrival_number(request.GET.get("q", ""))
    chosen = filters.chosen()
    query = filters.query(tab="" if tab == "all" else tab)
    context = {
        "filters": filters.form,
        "gone": filters.gone,
        "chosen": [one | {"url": link.without(one["name"])} for one in chosen],
        "tab": tab,
        "preset": presets[tab],
        "tabs": link.tabs(read, tab, query),
        "page_name": ListPage.BOOK.value,
        "saved": [one | {"url": f"{link.path}?{one['query']}"} for one in saved],
        "query": query,
        "may_save": bool(query) and all(one["query"] != query for one in saved),
        "rows": listing.lines(actor, page.rows, filters.words),
        "columns": listing.columns(actor),
        "dense": dense,
        "density_url": link.to(density="two" if dense else "line"),
        "newer_url": link.to(cursor=str(page.newer)) if page.newer else "",
        "older_url": link.to(cursor=str(page.older)) if page.older else "",
        "range": _range(page.rows),
        "first_url": link.to(),
        "all_url": link.whole,
        "bare_url": link.path,
        "total": _capped(read["all"], "all"),
        "overdue": read["overdue"],
        "wanted": wanted,
        "exact": listing.numbered(actor, wanted, found=bool(page.rows)) if wanted else [],
        "waiting": read.get("tray", 0),
        "ticked": "tick" in request.GET,
        "tick_url": link.to(
            **_place(request), **({} if "tick" in request.GET else {"tick": "all"})
        ),
        "export_urls": {
            kind: f"{reverse('incoming:export', args=[actor.agency.slug])}?"
            + urlencode(link.kept | {"format": kind})
            for kind in ("xlsx", "csv")
        },
        "may_register": rules.may_receive(actor) is None,
    }
    status = 422 if filters.form.errors else 200
    return render(request, "incoming/book.html", context, status=status)


class _Links:
    """Addresses of the list that keep what narrows it; ``whole`` opens all of it."""

    def __init__(self, request: HttpRequest, actor: Actor, *, whole: str) -> None:
        self.path = reverse("incoming:book", args=[actor.agency.slug])
        # With a default filter, the bare address opens that one.
        self.whole = f"{self.path}?{whole}" if whole else self.path
        dropped = {"cursor", "density", "tick"}
        self.kept = {
            key: value for key, value in request.GET.items() if value and key not in dropped
        }

    def to(self, **more: str) -> str:
        query = urlencode(self.kept | more)
        return f"{self.path}?{query}" if query else self.whole

    def without(self, name: str) -> str:
        query = urlencode({key: value for key, value in self.kept.items() if key != name})
        return f"{self.path}?{query}" if query else self.whole

    def tabs(self, counts: dict[str, Any], current: str, query: str) -> list[dict[str, Any]]:
        """The filters of the house; each starts afresh. None is current where a saved one is."""
        shown = [*TABS, MINE] if current == MINE[0] else TABS
        taken = any(one["query"] == query for one in counts["saved"])
        return [
            {
                "label": label,
                "url": self.whole if name == "all" else f"{self.path}?tab={name}",
                "count": _capped(counts.get(name), name),
                "current": name == current and not taken,
            }
            for name, label in shown
        ]


def _place(request: HttpRequest) -> dict[str, str]:
    """The place in the list, for a link that stays there."""
    cursor = request.GET.get("cursor", "")
    return {"cursor": cursor} if cursor else {}


def _density(request: HttpRequest) -> bool:
    """True for one line a row; a choice lasts as long as the session, then the account's counts."""
    chosen = request.GET.get("density")
    if chosen in ("line", "two"):
        request.session["density"] = chosen
    own = "line" if request.actor.user.chosen.one_line else "two"  # type: ignore[attr-defined]
    return bool(request.session.get("density", own) == "line")


def preset(tab: str, actor: Actor) -> Q:
    match tab:
        case "submitted" | "in_process" | "finished":
            return Q(state=State(tab))
        case "overdue":
            return lateness("late")
        case "week":
            return lateness("week")
        case "mine":
            waits = Waiting.objects.waiting_for(actor).due()
            return Q(Exists(waits.filter(document=OuterRef("pk"))))
    return Q()


def _read(actor: Actor) -> dict[str, Any]:
    """What stands on each tab and in the clerk's tray, what the filters offer, and the reader's
    saved ones: one query.
    """
    seen = Document.objects.visible_to(actor).registered().filter(kind=Kind.INCOMING).order_by()
    # Open work is counted in one go over all that is open; the agency is always the same one.
    tabs = {name: preset(name, actor) for name in ("submitted", "in_process", "overdue", "week")}
    running = seen.filter(state__in=OPEN_STATES).values("agency")
    asked: dict[str, Any] = {
        "running": Subquery(
            running.annotate(
                counts=JSONObject(
                    **{name: Count("pk", filter=which) for name, which in tabs.items()}
                )
            ).values("counts")
        ),
        MINE[0]: _Counted(seen.filter(preset(MINE[0], actor)).values("pk")),
    }
    for name in _CAPPED:
        asked[name] = _Counted(_first_of(actor, preset(name, actor)))
    if rules.may_receive(actor) is None:
        tray = IncomingDocument.objects.visible_to(actor).in_tray()
        asked["tray"] = _Counted(tray.order_by().values("pk"))
    asked |= Offered.asked(actor) | {"saved": saved_filters(actor, ListPage.BOOK)}
    read: dict[str, Any] = dict(Agency.objects.filter(pk=actor.agency.pk).values(**asked).get())
    counts: dict[str, Any] = read.pop("running") or {}
    return read | dict.fromkeys(tabs, 0) | counts


def _first_of(actor: Actor, which: Q) -> QuerySet:
    return countable(actor, Kind.INCOMING, narrow=lambda rows: rows.filter(which), most=CAP)


def _capped(count: int | None, name: str) -> int | str | None:
    return f"{CAP - 1}+" if name in _CAPPED and count is not None and count >= CAP else count


def _range(rows: list[IncomingDocument]) -> str:
    if not rows:
        return ""
    if len(rows) == 1:
        return _("Số %(number)s") % {"number": rows[0].number}
    return _("Số %(first)s đến %(last)s") % {"first": rows[0].number, "last": rows[-1].number}
