"""Văn bản đến: the list of registered documents."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.models import Agency, Unit
from core import clock
from documents.calendar import office_calendar
from documents.catalogue import field_number
from documents.choices import Kind
from documents.models import Document, DocumentType, Waiting
from documents.querysets import OPEN_STATES, Cursor, page_of
from incoming import rules
from incoming.choices import State
from incoming.filters import BookFilter
from incoming.models import IncomingDocument

SIZE = 50
CAP = 1000
_TABS = (
    ("all", gettext_lazy("Tất cả")),
    ("submitted", gettext_lazy("Chờ phân phối")),
    ("in_process", gettext_lazy("Đang xử lý")),
    ("overdue", gettext_lazy("Quá hạn")),
    ("week", gettext_lazy("Hạn tuần này")),
    ("finished", gettext_lazy("Đã kết thúc")),
)
# Opened from the desk; it has no tab of its own.
_MINE = ("mine", gettext_lazy("Chờ tôi xử lý"))
# Work that is open is counted to the last one; the archive is not.
_CAPPED = frozenset({"all", "finished"})
# Column, national fields that stand in it.
_COLUMNS = (
    (gettext_lazy("Số đến"), ("arrival_number", "arrival_date")),
    (gettext_lazy("Số, ký hiệu, ngày"), ("code_number", "code_notation", "issued_date")),
    (gettext_lazy("Cơ quan ban hành"), ("organ_name",)),
    (gettext_lazy("Trích yếu"), ("subject",)),
    (gettext_lazy("Đơn vị chủ trì"), ("to_places",)),
    (gettext_lazy("Trạng thái"), ()),
    (gettext_lazy("Hạn"), ("due_date",)),
)


class _Counted(Subquery):
    """How many rows a query has."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


@require_safe
def book(request: HttpRequest) -> HttpResponse:
    """The registered documents that the reader may see, newest first, 50 a page."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dense = _density(request)
    presets = dict((*_TABS, _MINE))
    tab = request.GET.get("tab", "")
    tab = tab if tab in presets else "all"
    counts = _counts(actor)
    filters = BookFilter(request.GET, units=_units(actor), own_types=counts["more_types"])

    def narrow(rows: QuerySet) -> QuerySet:
        return filters.narrow(_preset(rows, tab, actor))

    unread = Waiting.objects.waiting_for(actor).filter(
        document=OuterRef("pk"), seen_at__isnull=True
    )
    page = page_of(
        IncomingDocument.objects.with_leads().annotate(is_unread=Exists(unread)),
        actor,
        Kind.INCOMING,
        narrow=narrow,
        cursor=Cursor.parse(request.GET.get("cursor", "")),
        size=SIZE,
    )
    link = _Links(request, actor, tab)
    wanted = _number(request)
    context = {
        "filters": filters.form,
        "chosen": [one | {"url": link.without(one["name"])} for one in filters.chosen()],
        "tab": tab,
        "preset": presets[tab],
        "tabs": link.tabs(counts, tab),
        "rows": _rows(actor, page.rows),
        "columns": _columns(actor),
        "dense": dense,
        "density_url": link.to(density="two" if dense else "line"),
        "newer_url": link.to(cursor=str(page.newer)) if page.newer else "",
        "older_url": link.to(cursor=str(page.older)) if page.older else "",
        "range": _range(page.rows),
        "first_url": link.to(),
        "all_url": link.path,
        "total": _capped(counts["all"], "all"),
        "overdue": counts["overdue"],
        "wanted": wanted,
        "exact": _numbered(actor, wanted, bool(page.rows)) if wanted else [],
        "waiting": counts.get("tray", 0),
        "may_register": rules.may_receive(actor) is None,
    }
    status = 422 if filters.form.errors else 200
    return render(request, "incoming/book.html", context, status=status)


class _Links:
    """Addresses of the list that keep what narrows it."""

    def __init__(self, request: HttpRequest, actor: Actor, tab: str) -> None:
        self.path = reverse("incoming:book", args=[actor.agency.slug])
        dropped = {"cursor", "density"}
        self.kept = {
            key: value for key, value in request.GET.items() if value and key not in dropped
        }

    def to(self, **more: str) -> str:
        query = urlencode(self.kept | more)
        return f"{self.path}?{query}" if query else self.path

    def without(self, name: str) -> str:
        query = urlencode({key: value for key, value in self.kept.items() if key != name})
        return f"{self.path}?{query}" if query else self.path

    def tabs(self, counts: dict[str, Any], current: str) -> list[dict[str, Any]]:
        """The saved filters; each starts afresh."""
        shown = [*_TABS, _MINE] if current == _MINE[0] else _TABS
        return [
            {
                "label": label,
                "url": self.path if name == "all" else f"{self.path}?tab={name}",
                "count": _capped(counts.get(name), name),
                "current": name == current,
            }
            for name, label in shown
        ]


def _density(request: HttpRequest) -> bool:
    """True for one line a row; a choice lasts as long as the session."""
    chosen = request.GET.get("density")
    if chosen in ("line", "two"):
        request.session["density"] = chosen
    return bool(request.session.get("density") == "line")


def _preset(rows: QuerySet, tab: str, actor: Actor) -> QuerySet:
    today, calendar = clock.today(), office_calendar()
    match tab:
        case "submitted" | "in_process" | "finished":
            return rows.filter(state=State(tab))
        case "overdue":
            return rows.filter(state__in=OPEN_STATES, due_date__lte=calendar.late_until(today))
        case "week":
            return rows.filter(
                state__in=OPEN_STATES,
                due_date__gt=calendar.late_until(today),
                due_date__lte=calendar.week_until(today),
            )
        case "mine":
            waits = Waiting.objects.waiting_for(actor).due()
            return rows.filter(Exists(waits.filter(document=OuterRef("pk"))))
    return rows


def _counts(actor: Actor) -> dict[str, Any]:
    """What stands on each tab and in the clerk's tray, and the agency's own types: one query."""
    seen = Document.objects.visible_to(actor).registered().filter(kind=Kind.INCOMING)
    counted: dict[str, Subquery] = {
        name: _Counted(
            _preset(seen, name, actor).order_by().values("pk")[: CAP if name in _CAPPED else None]
        )
        for name, _label in (*_TABS, _MINE)
    }
    own = DocumentType.objects.filter(agency=actor.agency, is_active=True)
    if rules.may_receive(actor) is None:
        tray = IncomingDocument.objects.visible_to(actor).in_tray()
        counted["tray"] = _Counted(tray.order_by().values("pk"))
    asked = counted | {"more_types": ArraySubquery(own.values("type_name"))}
    return dict(Agency.objects.filter(pk=actor.agency.pk).values(**asked).get())


def _capped(count: int | None, name: str) -> int | str | None:
    return f"{CAP - 1}+" if name in _CAPPED and count is not None and count >= CAP else count


def _units(actor: Actor) -> list[tuple[int, str]] | None:
    if not actor.sees_whole_agency:
        return None
    return list(Unit.objects.filter(agency=actor.agency).values_list("pk", "name"))


def _number(request: HttpRequest) -> int | None:
    """The number that was typed, if nothing else was."""
    typed = request.GET.get("q", "").strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else None


def _numbered(actor: Actor, number: int, found: bool) -> list[IncomingDocument]:
    """Documents of just this số đến, newest year first; the nearest one when nothing was found."""
    seen = IncomingDocument.objects.visible_to(actor).registered()
    if found:
        return list(seen.filter(number=number).order_by("-day")[:3])
    return list(seen.filter(number__lte=number).order_by("-number", "-day")[:1])


def _columns(actor: Actor) -> list[dict[str, Any]]:
    numbering = actor.agency.regulation.field_numbering.value
    return [
        {
            "label": label,
            "numbers": ", ".join(
                number for name in names if (number := field_number(name, numbering))
            ),
        }
        for label, names in _COLUMNS
    ]


def _rows(actor: Actor, documents: list[Any]) -> list[dict[str, Any]]:
    calendar, today = office_calendar(), clock.today()
    rows = []
    for document in documents:
        document.agency = actor.agency
        due, running = document.due_date, document.state in OPEN_STATES
        rows.append(
            {
                "document": document,
                "url": document.get_absolute_url(),
                "lead": document.leads[0] if document.leads else None,
                "due": {
                    "date": due,
                    "distance": calendar.distance(today, due, short=True) if running else "",
                    "late": running and calendar.is_late(today, due),
                    "today": running and due is not None and calendar.closing_day(due) == today,
                },
                "is_closed": not running,
                "is_unread": document.is_unread,
            }
        )
    return rows


def _range(rows: list[IncomingDocument]) -> str:
    if not rows:
        return ""
    if len(rows) == 1:
        return _("Số %(number)s") % {"number": rows[0].number}
    return _("Số %(first)s đến %(last)s") % {"first": rows[0].number, "last": rows[-1].number}
