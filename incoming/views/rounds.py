"""Đợt trình: what is to go before the next round, and how the rounds of a month went."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Prefetch, Q, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from core import clock
from core.errors import require
from dossiers.filing import typed_dossier
from incoming import actions, rules
from incoming.models import IncomingDocument, Round
from incoming.rounds import counts_to_submit, next_round, to_submit

SIZE = 100


@dataclass(frozen=True)
class Month:
    """The rounds of a month in figures."""

    first: date
    total: int
    kept: int
    waiting: int
    in_time: int

    @property
    def percent(self) -> int:
        """Rounds kept of a hundred; never rounded up to all."""
        return self.kept * 100 // self.total if self.total else 100

    @property
    def missed(self) -> int:
        return self.total - self.kept


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """The clerk submits all before the next round; he, chief and leaders see rounds kept, missed.

    Does not exist where the regulation knows no rounds, or for anybody else.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_watch_rounds(actor) is not None:
        raise Http404
    verdicts: list[Any] = []
    if request.method == "POST":
        require(rules.may_receive(actor))
        verdicts = actions.submit_all(actor, _chosen(request, actor))
    first, dossier = _month(request.GET.get("month", "")), typed_dossier(request)
    counts = counts_to_submit(actor, dossier)
    context = {
        "is_clerk": rules.may_receive(actor) is None,
        "round": next_round(actor.agency),
        "urgent_article": actor.agency.regulation.urgent_at_once.article,
        "dossier": dossier,
        "next_from": actor.agency.regulation.chosen.round_minutes,
        "rows": to_submit(actor, dossier)[:SIZE],
        "counts": counts,
        "more": max(0, counts["all"] - SIZE),
        "verdicts": verdicts,
        "submitted": sum(one.refusal is None for one in verdicts),
        "refused": [one for one in verdicts if one.refusal is not None],
        "month": _figures(actor, first),
        "past": _past(actor, first),
        **_neighbours(first),
    }
    return render(request, "incoming/rounds.html", context)


def _chosen(request: HttpRequest, actor: Actor) -> list[IncomingDocument]:
    """The rows that were ticked, as the clerk still sees them; urgent ones first."""
    typed = request.POST.getlist("document")
    keys = {int(one) for one in typed if one.isdecimal() and len(one) < 19}
    found = IncomingDocument.objects.visible_to(actor).registered().filter(pk__in=keys)
    return list(found.order_by("-priority", "registered_at", "pk")[:SIZE])


def _month(value: str) -> date:
    """The first day of the month that is asked for; of this one for anything else."""
    today = clock.today()
    try:
        first = date.fromisoformat(f"{value}-01")
    except ValueError:
        return today.replace(day=1)
    return min(first, today.replace(day=1)) if first.year >= 2000 else today.replace(day=1)


def _neighbours(first: date) -> dict[str, Any]:
    before, after = first - timedelta(days=1), first + timedelta(days=31)
    this = clock.today().replace(day=1)
    return {
        "earlier": before.replace(day=1) if before.year >= 2000 else None,
        "later": after.replace(day=1) if first < this else None,
    }


def _of_month(actor: Actor, first: date) -> Any:
    """Those at which something was to go, or lay in the tray; the others say nothing."""
    return Round.objects.filter(
        Q(waiting__gt=0) | Q(in_tray__gt=0),
        agency=actor.agency,
        day__year=first.year,
        day__month=first.month,
    )


def _figures(actor: Actor, first: date) -> Month:
    kept = Count("pk", filter=Q(in_time=F("waiting"), in_tray=0))
    found = _of_month(actor, first).aggregate(
        total=Count("pk"), kept=kept, waiting=Sum("waiting"), in_time=Sum("in_time")
    )
    return Month(first, *(found[name] or 0 for name in ("total", "kept", "waiting", "in_time")))


def _past(actor: Actor, first: date) -> list[Round]:
    late = IncomingDocument.objects.visible_to(actor).order_by("number", "pk")
    rows = _of_month(actor, first).prefetch_related(Prefetch("late", late, to_attr="seen_late"))
    return list(rows)
