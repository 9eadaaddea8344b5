"""The register of outgoing documents, entry by entry (NĐ 30/2020 Phụ lục IV, I). Reads only.

Where a document went, in how many copies and when, is what its deliveries say; until it is issued
the sheet's own list of receivers stands there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from core import clock
from documents.spreadsheets import Cell
from outgoing.choices import TO_ISSUE, DeliveryCode, State, Way
from outgoing.models import Delivery, OutgoingDocument

CHUNK = 500
# It was never sent, or did not leave.
_NOT_GONE = (DeliveryCode.CALLED_OFF, DeliveryCode.FAILED, DeliveryCode.REPLACED)
HEAD = (
    gettext_lazy("Số"),
    gettext_lazy("Ký hiệu"),
    gettext_lazy("Ngày tháng văn bản"),
    gettext_lazy("Tên loại"),
    gettext_lazy("Trích yếu nội dung"),
    gettext_lazy("Người ký"),
    gettext_lazy("Nơi nhận văn bản"),
    gettext_lazy("Đơn vị, người nhận bản lưu"),
    gettext_lazy("Số bản giấy"),
    gettext_lazy("Nơi nhận bản điện tử"),
    gettext_lazy("Ngày chuyển"),
    gettext_lazy("Ghi chú"),
)
WIDTHS = (8, 16, 12, 14, 60, 24, 60, 28, 10, 12, 24, 32)


@dataclass(frozen=True)
class Gone:
    """What became of the deliveries of a document."""

    places: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    papers: int = 0
    electronic: int = 0
    waiting: int = 0
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the register."""

    document: OutgoingDocument
    gone: Gone = field(default_factory=Gone)

    @property
    def places(self) -> tuple[str, ...]:
        """Where it went; what its sheet says while it has not gone, or stays in the house."""
        return self.gone.places or self._printed

    @property
    def is_planned(self) -> bool:
        """True while only the sheet says where it goes."""
        return not self.gone.places and self.document.state in TO_ISSUE

    @property
    def keeper(self) -> str:
        """Who keeps the record copy: as the sheet says ("Lưu: VT, QLĐT"), and whose file it is in
        (NĐ 30/2020 Điều 19)."""
        drafter = self.document.drafter
        said = next((one for one in self._lines if one.startswith("Lưu")), "")
        places = said.removeprefix("Lưu").strip(" :.;") or "VT"
        if self.document.is_copy:
            return places
        return f"{places} ({drafter.user.full_name})"

    @property
    def amount(self) -> str:
        """Copies on paper, and whether electronic ones went."""
        parts = [str(self.gone.papers)] if self.gone.papers else []
        if self.gone.electronic:
            parts.append(_("điện tử"))
        return "; ".join(parts)

    @property
    def sent(self) -> str:
        """The day on which it was sent, or the first and the last one."""
        days = sorted({clock.day_of(one) for one in (self.gone.first, self.gone.last) if one})
        return " – ".join(f"{day:%d/%m/%Y}" for day in days)

    @property
    def note(self) -> str:
        """What else the register says: its state, and what has not come to its receiver."""
        parts = [_("văn bản nội bộ")] if self.document.is_internal else []
        if self.document.state != State.ISSUED:
            parts.append(self.document.get_state_display())
        if self.gone.waiting:
            parts.append(_("chờ gửi %(n)d nơi") % {"n": self.gone.waiting})
        if self.gone.failed:
            parts.append(_("không gửi được: %(names)s") % {"names": ", ".join(self.gone.failed)})
        return "; ".join(parts)

    @property
    def is_void(self) -> bool:
        """True where the number stands for nothing any more."""
        return self.document.state in (State.VOID, State.RECALLED)

    @property
    def _lines(self) -> tuple[str, ...]:
        return tuple(one.strip() for one in self.document.to_places.split(";") if one.strip())

    @property
    def _printed(self) -> tuple[str, ...]:
        return tuple(one for one in self._lines if not one.startswith("Lưu"))


def entries_of(actor: Actor, rows: Iterable[Any]) -> list[Entry]:
    """The entries of these documents, in their order; one question whatever their number."""
    documents = list(rows)
    found: Any = (
        Delivery.objects.filter(document__in=[one.pk for one in documents])
        .order_by()
        .values("document")
        .annotate(
            gone=ArrayAgg("organ_name", filter=~Q(status__in=_NOT_GONE), order_by="pk"),
            failed=ArrayAgg("organ_name", filter=Q(status=DeliveryCode.FAILED), order_by="pk"),
            papers=Sum("copies", filter=Q(way=Way.PAPER) & ~Q(status__in=_NOT_GONE)),
            electronic=Count("pk", filter=~Q(way=Way.PAPER) & ~Q(status__in=_NOT_GONE)),
            waiting=Count("pk", filter=Q(status=DeliveryCode.WAITS)),
            first=Min("sent_at"),
            last=Max("sent_at"),
        )
    )
    gone = {row["document"]: _gone(row) for row in found}
    for one in documents:
        one.agency = actor.agency
    return [Entry(one, gone.get(one.pk, Gone())) for one in documents]


def _gone(row: dict[str, Any]) -> Gone:
    # Whoever was sent it by two ways stands there once.
    places, failed = (tuple(dict.fromkeys(row[name] or ())) for name in ("gone", "failed"))
    return Gone(
        places,
        failed,
        row["papers"] or 0,
        row["electronic"],
        row["waiting"],
        row["first"],
        row["last"],
    )


def of_keys(actor: Actor, keys: Sequence[int]) -> Iterator[Entry]:
    """The entries of these documents in their order, some hundreds at a time."""
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        # Seen is asked again: a long file outlives the moment in which the keys were read.
        rows = OutgoingDocument.objects.visible_to(actor).filter(pk__in=part).with_people()
        found = {row.pk: row for row in rows}
        yield from entries_of(actor, (found[key] for key in part if key in found))


def table(entries: Iterable[Entry]) -> Iterator[list[Cell]]:
    """One row an entry, for a spreadsheet; its columns are those of HEAD."""
    for one in entries:
        document = one.document
        yield [
            document.code_number,
            document.code_notation,
            document.issued_date,
            document.type_name,
            document.subject,
            document.signer_full_name,
            "; ".join(one.places),
            one.keeper,
            one.gone.papers or None,
            one.gone.electronic or None,
            one.sent,
            one.note,
        ]


@dataclass(frozen=True)
class Span:
    """Which part of a register is meant: from a day to a day, both counted."""

    since: date | None = None
    until: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """As an address says it."""
        days = {"since": self.since, "until": self.until}
        return {name: f"{day:%d/%m/%Y}" for name, day in days.items() if day}

    def narrow(self, rows: Any) -> Any:
        """Those of the rows that bear a day of the span."""
        if self.since:
            rows = rows.filter(issued_date__gte=self.since)
        if self.until:
            rows = rows.filter(issued_date__lte=self.until)
        return rows
