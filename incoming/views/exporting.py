"""Xuất danh sách: what the list shows now, as CSV or XLSX."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents import spreadsheets
from documents.choices import Kind
from documents.models import Document
from dossiers.models import Dossier
from incoming import exporting
from incoming.filters import DocumentFilter, Offered
from incoming.views.book import preset
from incoming.views.bulk import chosen_keys

LIMIT = 20_000


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The rows of the list that is open (or those ticked in it), LIMIT at most."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = request.GET.get("format", "xlsx")
    if kind not in spreadsheets.TYPES:
        return HttpResponse(status=404)
    keys = _keys(request, actor)
    if len(keys) > LIMIT:
        raise Refusal(
            _(
                "Danh sách có hơn %(limit)s văn bản. Lọc bớt, ví dụ theo ngày đến, "
                "rồi xuất từng phần."
            )
            % {"limit": f"{LIMIT:,}".replace(",", ".")}
        )
    if not keys:
        return render(request, "incoming/nothing_to_export.html", status=404)
    head, rows = exporting.head(), exporting.table(exporting.in_chunks(keys, actor))
    if kind == "csv":
        file = spreadsheets.as_csv(head, rows)
    else:
        file = spreadsheets.as_xlsx(head, rows, _("Văn bản đến"), exporting.widths())
    return spreadsheets.downloaded(file, f"van-ban-den-{clock.today():%Y%m%d}", kind)


def _keys(request: HttpRequest, actor: Actor) -> list[int]:
    rows: QuerySet
    seen = Document.objects.visible_to(actor).registered().filter(kind=Kind.INCOMING)
    if chosen := chosen_keys(request.GET):
        rows = seen.filter(pk__in=chosen)
    else:
        offered = Offered.read(actor)
        filters = DocumentFilter(request.GET, offered, dossiers=Dossier.objects.visible_to(actor))
        rows = filters.narrow(seen.filter(preset(request.GET.get("tab", ""), actor)))
    ordered = rows.order_by("-day", "-number", "-pk").values_list("pk", flat=True)
    return list(ordered[: LIMIT + 1])
