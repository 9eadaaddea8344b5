"""Incoming documents as the lines of a list: the book's and the search's."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from documents.calendar import office_calendar
from documents.catalogue import field_number
from documents.choices import UrgeLevel
from documents.marks import holds, marked
from documents.models import Waiting
from documents.querysets import OPEN_STATES
from documents.workdays import WorkCalendar
from incoming import lateness
from incoming.choices import Task
from incoming.models import IncomingDocument

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
# The filters of the house, as tabs above the book.
TABS = (
    ("all", gettext_lazy("Tất cả")),
    ("submitted", gettext_lazy("Chờ phân phối")),
    ("in_process", gettext_lazy("Đang xử lý")),
    ("overdue", gettext_lazy("Quá hạn")),
    ("week", gettext_lazy("Hạn tuần này")),
    ("finished", gettext_lazy("Đã kết thúc")),
)
# Opened from the desk; it has no tab of its own.
MINE = ("mine", gettext_lazy("Chờ tôi xử lý"))
# Searched, but without a column: named under the subject where only they hold a word.
_UNSEEN = (
    ("signer_full_name", gettext_lazy("Người ký")),
    ("type_name", gettext_lazy("Loại văn bản")),
    ("description", gettext_lazy("Ghi chú")),
)


def columns(actor: Actor) -> list[dict[str, Any]]:
    """Heads of the list with the national numbers of what stands below."""
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


def loaded_for(actor: Actor) -> QuerySet:
    """Documents with what their lines show: who leads, and whether they wait unseen for him."""
    unread = Waiting.objects.waiting_for(actor).filter(
        document=OuterRef("pk"), seen_at__isnull=True
    )
    asked = Waiting.objects.waiting_for(actor).filter(document=OuterRef("pk"), verb=Task.OPINION)
    urged = Waiting.objects.filter(document=OuterRef("pk"), urged__gt=0).order_by("-urged")
    return IncomingDocument.objects.with_leads().annotate(
        is_unread=Exists(unread),
        is_asked=Exists(asked),
        urged=Subquery(urged.values("urged")[:1]),
    )


def lines(
    actor: Actor, documents: Sequence[Any], words: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """Lines of documents of ``loaded_for``, with these folded words marked.

    Each holds the document, and the plain values that parts/document_row.html draws.
    """
    calendar, today = office_calendar(), clock.today()
    found = []
    for document in documents:
        document.agency = actor.agency
        found.append({"document": document, "plain": _plain(document, calendar, today, words)})
    return found


def _plain(
    document: Any, calendar: WorkCalendar, today: date, words: Sequence[str]
) -> dict[str, Any]:
    """What parts/document_row.html draws: plain values alone, so that it is drawn once."""
    due, running = document.due_date, document.state in OPEN_STATES
    lead = document.leads[0] if document.leads else None
    entry = lateness.of_registering(document, calendar)
    return {
        "pk": document.pk,
        "url": document.get_absolute_url(),
        "day": document.day,
        "issued_date": document.issued_date,
        "priority": document.priority,
        "state": document.state,
        "state_name": document.get_state_display(),
        "lead_unit": lead.unit.name if lead else "",
        "lead_person": lead.person.full_name if lead and lead.person else "",
        "due_date": due,
        "distance": calendar.distance(today, due, short=True) if running else "",
        "late": running and calendar.is_late(today, due),
        "due_today": running and due is not None and calendar.closing_day(due) == today,
        "late_days": entry.days if entry else 0,
        "late_article": entry.article if entry else "",
        "registered": entry.registered if entry else None,
        "is_closed": not running,
        "is_unread": document.is_unread,
        "is_asked": document.is_asked,
        "urged": str(UrgeLevel(document.urged).label) if document.urged else "",
        "number": marked(str(document.number), words),
        "code": marked(document.code, words),
        "organ_name": marked(document.organ_name, words),
        "subject": marked(document.subject, words),
        "also": tuple((str(label), text) for label, text in _also(document, words)),
    }


def numbered(actor: Actor, number: int, *, found: bool) -> list[IncomingDocument]:
    """Documents of just this số đến, newest year first; the nearest one when nothing was found."""
    seen = IncomingDocument.objects.visible_to(actor).registered()
    if found:
        return list(seen.filter(number=number).order_by("-day")[:3])
    return list(seen.filter(number__lte=number).order_by("-number", "-day")[:1])


def _also(document: IncomingDocument, words: Sequence[str]) -> list[tuple[Any, SafeString]]:
    """(Label, text) of what has no column and holds a word that no column holds."""
    if not words:
        return []
    shown = f"{document.number} {document.code} {document.organ_name} {document.subject}"
    missing = set(words) - holds(shown, words)
    return [
        (label, marked(getattr(document, name), words))
        for name, label in _UNSEEN
        if missing and holds(getattr(document, name), missing)
    ]
