"""A list of documents as a table for a spreadsheet."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from accounts.actor import Actor
from core import clock
from documents.calendar import office_calendar
from documents.catalogue import field_label
from documents.querysets import OPEN_STATES
from documents.spreadsheets import Cell
from incoming.models import IncomingDocument

# National names in the order of the register, then what the office knows beside them.
_FIELDS = (
    "arrival_number",
    "arrival_date",
    "code_number",
    "code_notation",
    "issued_date",
    "organ_name",
    "type_name",
    "subject",
    "signer_position",
    "signer_full_name",
    "priority",
    "page_amount",
    "language",
    "to_places",
    "due_date",
    "description",
)
_MORE = (
    gettext_lazy("Đơn vị chủ trì"),
    gettext_lazy("Người chủ trì"),
    gettext_lazy("Trạng thái"),
    gettext_lazy("Tình trạng thời hạn"),
    gettext_lazy("Kết quả giải quyết"),
)
_WIDTHS = {"subject": 60, "organ_name": 32, "to_places": 32, "description": 24, "type_name": 14}
_CHUNK = 500


def head() -> list[str]:
    """The names of the columns."""
    return [str(field_label(name)) for name in _FIELDS] + [str(label) for label in _MORE]


def table(documents: Iterable[Any]) -> Iterator[list[Cell]]:
    """One row a document, of those that were loaded ``with_leads``."""
    calendar, today = office_calendar(), clock.today()
    for document in documents:
        values: dict[str, Any] = {
            "priority": document.get_priority_display(),
            "type_name": gettext(document.type_name) if document.type_name else "",
            "language": gettext(document.language) if document.language else "",
        }
        row: list[Cell] = [values.get(name, getattr(document, name)) for name in _FIELDS]
        lead = document.leads[0] if document.leads else None
        running = document.state in OPEN_STATES
        yield [
            *row,
            lead.unit.name if lead else "",
            lead.person.full_name if lead and lead.person else "",
            document.get_state_display(),
            calendar.distance(today, document.due_date) if running else "",
            document.result,
        ]


def widths() -> list[int]:
    """How wide the first columns are, in letters."""
    return [_WIDTHS.get(name, 12) for name in _FIELDS]


def in_chunks(keys: Sequence[int], actor: Actor) -> Iterator[IncomingDocument]:
    """The documents of these keys in their order, some hundreds at a time."""
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        # Seen is asked again: a long file outlives the moment in which the keys were read.
        found = {
            row.pk: row
            for row in IncomingDocument.objects.visible_to(actor).filter(pk__in=part).with_leads()
        }
        yield from (found[key] for key in part if key in found)
