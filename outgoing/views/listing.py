"""Văn bản đi: the drafter's desk, what waits for me, all that I see; many submitted at once."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from accounts.choices import Role
from core.errors import Refusal
from core.text import clean, fold, small_number
from documents.choices import Kind
from documents.gate import Asked
from documents.querysets import Cursor, page_of
from dossiers.filing import of_dossiers, typed_dossier
from outgoing import actions, listing, rules
from outgoing.actions import routing
from outgoing.actions.making import making
from outgoing.choices import State, Verb
from outgoing.models import OutgoingDocument

SIZE = 50
MOST_AT_ONCE = 20
TABS = (
    ("waiting", gettext_lazy("Chờ tôi")),
    ("mine", gettext_lazy("Tôi đang soạn")),
    ("returned", gettext_lazy("Trả lại tôi")),
    ("elsewhere", gettext_lazy("Đang chờ nơi khác")),
    ("to_issue", gettext_lazy("Chờ phát hành")),
    ("issued", gettext_lazy("Đã phát hành")),
    ("all", gettext_lazy("Tất cả")),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Drafts by what they wait for, and for whom."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    counts = _counts(actor)
    tab = request.GET.get("tab", "")
    if tab not in dict(TABS):
        tab = next((one for one in ("waiting", "returned", "mine") if counts[one]), "all")
    typed = clean(request.GET.get("q", ""))[:200]
    words = fold(typed).split()
    dossier = typed_dossier(request)
    rows, newer, older = _rows(request, actor, tab, words, dossier)
    kept = {"tab": tab, "q": typed, "dossier": dossier}
    kept = {name: value for name, value in kept.items() if value}
    newer_url = f"?{urlencode(kept | {'cursor': str(newer)})}" if newer else ""
    older_url = f"?{urlencode(kept | {'cursor': str(older)})}" if older else ""
    if tab != "all":
        page = _page(request)
        newer_url = f"?{urlencode(kept | {'page': page - 1})}" if page > 1 else ""
        older_url = f"?{urlencode(kept | {'page': page + 1})}" if len(rows) == SIZE else ""
    context: dict[str, Any] = {
        "tabs": [
            {
                "label": label,
                "url": f"?{urlencode(kept | {'tab': code})}",
                "count": counts.get(code, 0),
                "current": code == tab,
            }
            for code, label in TABS
        ],
        "tab": tab,
        "typed": typed,
        "dossier": dossier,
        "rows": [listing.line(actor, one, words) for one in rows],
        "newer_url": newer_url,
        "older_url": older_url,
        "new_url": reverse("outgoing:new", args=[actor.agency.slug])
        if rules.may_draft(actor) is None
        else "",
        "templates_url": reverse("outgoing:templates", args=[actor.agency.slug])
        if rules.may_keep_ready(actor) is None
        else "",
        "weakening_url": reverse("outgoing:weakening", args=[actor.agency.slug])
        if rules.may_watch_proofs(actor) is None
        else "",
        "left_count": OutgoingDocument.objects.left_behind(actor).count(),
        "picks": _picks(actor, tab) if rows else [],
    }
    return render(request, "outgoing/list.html", context)


def _picks(actor: Actor, tab: str) -> list[dict[str, str]]:
    """What may be done with several rows of a tab at once."""
    slug = actor.agency.slug
    if tab in ("mine", "returned"):
        url = reverse("outgoing:submit_many", args=[slug])
        return [{"url": url, "label": _("Trình các dự thảo đã chọn")}]
    verbs: list[Verb] = []
    if tab == "waiting" and actor.holds(Role.LEADER, Role.OFFICE_CHIEF, Role.UNIT_HEAD):
        verbs = [Verb.SIGN]
    elif tab == "to_issue" and actor.holds(Role.CLERK):
        verbs = [Verb.NUMBER, Verb.SEAL]
    said = {
        Verb.SIGN: _("Ký số các văn bản đã chọn"),
        Verb.NUMBER: _("Cấp số các văn bản đã chọn"),
        Verb.SEAL: _("Ký số cơ quan các văn bản đã chọn"),
    }
    return [
        {"url": reverse("outgoing:many", args=[slug, verb.value]), "label": said[verb]}
        for verb in verbs
    ]


def _page(request: HttpRequest) -> int:
    return max(small_number(request.GET.get("page", ""), 1), 1)


def _tabs(actor: Actor) -> dict[str, QuerySet]:
    seen = OutgoingDocument.objects.visible_to(actor)
    mine = seen.drafted_by(actor)
    return {
        "waiting": seen.waiting_for(actor).exclude(state=State.DRAFTING),
        "mine": mine.filter(state=State.DRAFTING, returned_at__isnull=True),
        "returned": mine.returned(),
        "elsewhere": mine.under_way(),
        "to_issue": seen.to_issue(),
        "issued": seen.gone_out(),
    }


def _counts(actor: Actor) -> dict[str, int]:
    found = {code: rows.count() for code, rows in _tabs(actor).items() if code != "issued"}
    return {**found, "issued": 0}


def _rows(
    request: HttpRequest, actor: Actor, tab: str, words: list[str], dossier: str
) -> tuple[list[Any], Cursor | None, Cursor | None]:
    def narrow(rows: QuerySet) -> QuerySet:
        found: QuerySet = rows.holding(words)  # type: ignore[attr-defined]
        return found.filter(of_dossiers(actor, dossier)) if dossier else found

    if tab == "all":
        page = page_of(
            listing.loaded(),
            actor,
            Kind.OUTGOING,
            narrow=narrow,
            cursor=Cursor.parse(request.GET.get("cursor", "")),
            size=SIZE,
            by_words=bool(words),
        )
        return page.rows, page.newer, page.older
    start = (_page(request) - 1) * SIZE
    order = ("-priority", F("due_date").asc(nulls_last=True), "-pk")
    keys = narrow(_tabs(actor)[tab]).order_by(*order).values_list("pk", flat=True)
    rows = listing.loaded().filter(pk__in=list(keys[start : start + SIZE]))
    return list(rows.order_by(*order)), None, None


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Drafts of the unit whose drafters have left; each is opened by a button."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows, dossier = OutgoingDocument.objects.left_behind(actor), typed_dossier(request)
    if dossier:
        rows = rows.filter(of_dossiers(actor, dossier))
    context = {"rows": rows.with_people().order_by("pk")[:SIZE], "dossier": dossier}
    return render(request, "outgoing/left.html", context)


@require_POST
def look_into(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one of them."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = get_object_or_404(OutgoingDocument.objects.left_behind(actor), pk=pk)
    try:
        document = actions.look_into(actor, found)
    except Refusal as raised:
        messages.error(request, raised.message)
        return redirect("outgoing:left", actor.agency.slug)
    return redirect(document)


@require_POST
def submit_many(request: HttpRequest) -> HttpResponse:
    """Submit several drafts: each for itself, a verdict for each, the good ones go through."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    keys = [int(one) for one in request.POST.getlist("pk") if one.isdecimal() and len(one) < 18]
    rows = OutgoingDocument.objects.visible_to(actor).with_people().filter(pk__in=keys)
    done, left = 0, []
    for document in rows.order_by("pk")[:MOST_AT_ONCE]:
        document.agency = actor.agency
        try:
            routing.allowed(rules.may_submit, actor, document)  # making the file takes time
            with making(actor, document) as made:
                actions.submit(actor, document, made)
        except Asked as asked:
            said = _("Mở dự thảo, xem rồi trình ở đó.")
            left.append(f"{document.subject[:80]}: {asked.found} {said}")
        except Refusal as raised:
            left.append(f"{document.subject[:80]}: {raised.message}")
        else:
            done += 1
    if done:
        messages.success(request, _("Đã trình %(count)d dự thảo.") % {"count": done})
    for said in left:
        messages.error(request, said)
    if len(keys) > MOST_AT_ONCE:
        said = _("Một lần trình nhiều nhất %(count)d dự thảo; các dự thảo còn lại chưa trình.")
        messages.error(request, said % {"count": MOST_AT_ONCE})
    if not keys:
        messages.error(request, _("Chọn dự thảo cần trình."))
    return redirect("outgoing:outgoing", actor.agency.slug)
