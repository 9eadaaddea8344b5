"""What has arrived, as the tray and the registering form show it. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import Actor
from core import clock
from core.text import clean
from documents.calendar import office_calendar
from documents.catalogue import field_label
from documents.choices import Kind, Part
from documents.inspection import REASONS
from documents.models import Attachment, DocumentAct, QuarantinedFile
from incoming import drafts, lateness, twins
from incoming.choices import RefusalReason, State, Verb
from incoming.models import EntryDraft, IncomingDocument
from signatures.verdicts import Verdict, describe

ROWS = 100  # of the tray on one page
CHIPS = 7  # of the queue beside the form
ISSUERS = 100  # offered while the clerk types
TICKED = timedelta(days=14)
LOOKED_AT = 500  # newest documents that the issuers are taken from

ACTIVE: dict[str, str | Promise] = {
    "javascript": gettext_lazy("mã JavaScript"),
    "launch": gettext_lazy("lệnh chạy chương trình"),
    "submit": gettext_lazy("lệnh gửi dữ liệu ra ngoài"),
    "embedded_files": gettext_lazy("tệp đính kèm bên trong"),
    "open_action": gettext_lazy("lệnh tự chạy khi mở"),
    "xfa": gettext_lazy("biểu mẫu động XFA"),
    "portfolio": gettext_lazy("bộ sưu tập tệp"),
}


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file: ``signature`` is None until it has been looked at."""

    ordinal: int
    name: str
    size: int
    pages: int
    is_main: bool
    is_inspected: bool
    is_readable: bool
    reason: str
    active: str
    signature: Verdict | None
    made_from: str = ""


def facts_of(file: QuarantinedFile | Attachment) -> FileFacts:
    """The facts of a file in the quarantine or in the store."""
    source = file.file if isinstance(file, Attachment) else file
    found = source.inspection
    readable = bool(found and found["readable"])
    return FileFacts(
        ordinal=file.ordinal,
        name=file.file_name,
        size=source.size,
        pages=source.page_count or 0,
        is_main=file.part == Part.MAIN,
        is_inspected=found is not None,
        is_readable=readable,
        reason=_reason(found) if found and not readable else "",
        active=", ".join(str(ACTIVE.get(code, code)) for code in (found or {}).get("active", ())),
        signature=describe(source.signatures) if readable else None,
        made_from=_origin(found) if found and readable else "",
    )


def _origin(found: dict[str, Any]) -> str:
    """What a PDF was made from here; empty for one that came as it is."""
    if "made_from" not in found:
        return ""
    words = ngettext(
        "Ảnh %(kind)s đã chuyển thành PDF, %(pages)d trang",
        "Ảnh %(kind)s đã chuyển thành PDF, %(pages)d trang",
        found["pages"],
    )
    return words % {"kind": found["made_from"]["kind"].upper(), "pages": found["pages"]}


def _reason(found: dict[str, Any]) -> str:
    program = found["reason"] == "not_pdf" and found["kind"] == "executable"
    return str(REASONS["executable"] if program else REASONS.get(found["reason"], ""))


@dataclass(frozen=True)
class TrayRow:
    """One document that waits to be registered."""

    document: IncomingDocument
    files: list[FileFacts]
    received_by: str
    draft: drafts.DraftLine | None = None
    late: lateness.Lateness | None = None
    copies: Sequence[twins.Copy] = ()

    @property
    def is_readable(self) -> bool:
        """True when no file stands against registering."""
        return all(one.is_readable or not one.is_inspected for one in self.files)


def tray(actor: Actor) -> tuple[list[TrayRow], int]:
    """The oldest documents of the tray, and how many there are in all."""
    waiting = IncomingDocument.objects.visible_to(actor).in_tray()
    rows = _rows(actor, waiting[:ROWS])
    return rows, len(rows) if len(rows) < ROWS else waiting.count()


def entries(actor: Actor, keys: Sequence[int]) -> list[TrayRow]:
    """Those of the tray that have these keys."""
    return _rows(actor, IncomingDocument.objects.visible_to(actor).in_tray().filter(pk__in=keys))


def _rows(actor: Actor, documents: QuerySet[IncomingDocument]) -> list[TrayRow]:
    arrived = DocumentAct.objects.filter(verb=Verb.RECEIVE).select_related("actor")
    typed = EntryDraft.objects.select_related("clerk")
    calendar, rows = office_calendar(), []
    found = list(
        documents.select_related("sent_from").prefetch_related(
            "quarantined",
            Prefetch("acts", queryset=arrived, to_attr="arrivals"),
            Prefetch("drafts", queryset=typed),
        )
    )
    copies = twins.in_tray(actor, [file for one in found for file in one.quarantined.all()])
    for document in found:
        document.agency = actor.agency
        taken = document.arrivals
        rows.append(
            TrayRow(
                document,
                [facts_of(file) for file in document.quarantined.all()],
                taken[0].actor.full_name if taken else "",
                drafts.newest(actor, document.drafts.all()),
                lateness.of_registering(document, calendar),
                copies.get(document.pk, ()),
            )
        )
    return rows


@dataclass(frozen=True)
class QueueChip:
    """One document of today's queue beside the form."""

    pk: int
    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class Queue:
    """Where the clerk is in the tray."""

    chips: list[QueueChip]
    place: int
    waiting: int
    following: int | None

    @property
    def others(self) -> int:
        """How many wait besides the current one."""
        return self.waiting - (1 if self.place else 0)


def queue(actor: Actor, current: IncomingDocument | None) -> Queue:
    """The tray in its order, around the current document; what was registered today is ticked.

    Of what was registered only that with an arrival date of the last days: else every page of the
    form would look through all that the agency has ever registered (250,000: 0.7 s).
    """
    today = clock.today()
    midnight = timezone.make_aware(datetime.combine(today, time.min))
    ticked = Q(register__isnull=False, day__gte=today - TICKED, registered_at__gte=midnight)
    rows = list(
        IncomingDocument.objects.visible_to(actor)
        .filter(Q(state=State.RECEIVED) | ticked, kind=Kind.INCOMING)
        .order_by("created_at", "pk")
        .values_list("pk", "state", "number")[: 2 * LOOKED_AT]
    )
    waiting = [pk for pk, state, _number in rows if state == State.RECEIVED]
    here = current.pk if current else None
    places = {pk: place for place, pk in enumerate(waiting, start=1)}
    chips = [
        QueueChip(
            pk,
            str(places[pk]) if pk in places else _("Số %(number)d") % {"number": number},
            pk not in places,
            pk == here,
        )
        for pk, _state, number in rows
    ]
    middle = next((n for n, chip in enumerate(chips) if chip.pk == here), len(rows) - len(waiting))
    first = max(0, min(middle - 2, len(chips) - CHIPS))
    return Queue(
        chips[first : first + CHIPS],
        places.get(here or 0, 0),
        len(waiting),
        following(waiting, here),
    )


def following(waiting: Sequence[int], here: int | None) -> int | None:
    """The one after ``here`` in the tray, from the start again behind the last; None when alone."""
    others = [pk for pk in waiting if pk != here]
    if here not in waiting:
        return others[0] if others else None
    later = waiting[waiting.index(here) + 1 :]
    return later[0] if later else (others[0] if others else None)


def next_in_tray(actor: Actor, after: IncomingDocument) -> int | None:
    """The key of the document to go on with when ``after`` has left the tray."""
    waiting = IncomingDocument.objects.visible_to(actor).in_tray()
    later = waiting.filter(
        Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, pk__gt=after.pk)
    )
    return (
        later.values_list("pk", flat=True).first() or waiting.values_list("pk", flat=True).first()
    )


def issuers(actor: Actor) -> list[str]:
    """Issuers of the newest documents, the latest first."""
    newest = (
        IncomingDocument.objects.visible_to(actor)
        .registered()
        .filter(kind=Kind.INCOMING)  # the index needs it
        .order_by("-day", "-number", "-pk")
        .values_list("organ_name", flat=True)[:LOOKED_AT]
    )
    return list(dict.fromkeys(name for name in newest if name))[:ISSUERS]


def registered_by(document: IncomingDocument) -> str:
    """Who has registered it, when, under which number."""
    act = DocumentAct.objects.select_related("actor").filter(
        target_id=document.pk, verb=Verb.REGISTER
    )[0]
    return _("Văn bản này đã đăng ký, số đến %(number)d (%(who)s, %(time)s).") % {
        "number": document.number,
        "who": act.actor.full_name,
        "time": timezone.localtime(act.at).strftime("%H:%M %d/%m/%Y"),
    }


def differing(document: IncomingDocument, typed: Mapping[str, str]) -> str:
    """What somebody typed of a document that a colleague has entered otherwise; "" for nothing."""
    found = [
        f"{field_label(name)} “{words}”"
        for name, words, _there in _compared(document, typed)
        if words
    ]
    if not found:
        return ""
    return _("Vừa gõ khác với sổ, chưa lưu: %(fields)s. Sổ sai thì bấm Sửa dữ liệu.") % {
        "fields": "; ".join(found)
    }


def stands(document: IncomingDocument, typed: Mapping[str, str], seen: int) -> str:
    """What others have mended since the form was drawn at ``seen`` acts; "" for nothing.

    The day to finish by, too: it moves with an extension as well.
    """
    since = DocumentAct.objects.filter(target_id=document.pk, ordinal__gt=seen)
    mended = {
        name
        for detail in since.filter(verb=Verb.CORRECT).values_list("detail", flat=True)
        for name in detail["fields"]
    }
    found = [
        f"{field_label(name)} “{there}”" if there else f"{field_label(name)} {_('chưa ghi')}"
        for name, _words, there in _compared(document, typed)
        if name in mended or name == "due_date"
    ]
    if not found:
        return ""
    return _(
        "Trong sổ hiện là: %(fields)s. Lưu lại thì ghi theo biểu mẫu này; muốn giữ thì gõ như sổ."
    ) % {"fields": "; ".join(found)}


def _compared(
    document: IncomingDocument, typed: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Fields in which what was typed and what stands in the book are not the same, with both."""
    for name in _COMPARED:
        words, there = clean(typed.get(name, ""))[:200], getattr(document, name)
        there = f"{there:%d/%m/%Y}" if isinstance(there, date) else there or ""
        if words != there[:200]:
            yield name, words, there


_COMPARED = (
    "type_name",
    "organ_name",
    "code_number",
    "code_notation",
    "issued_date",
    "subject",
    "signer_position",
    "signer_full_name",
    "due_date",
    "description",
)


def paper_advice(code: str) -> str:
    """Where the paper of a forbidden document goes (Kon Tum Điều 4, 13.5, 14.7; NĐ 30 21.1b)."""
    advice = {
        "state_secrets": _(
            "Giữ nguyên bản giấy và đăng ký vào sổ văn bản mật lập riêng trên giấy. Không quét, "
            "không chụp, không gửi qua máy tính có nối mạng."
        ),
        "petitions": _(
            "Chuyển bản giấy cho người tiếp nhận, giải quyết đơn thư và theo dõi theo quy trình "
            "riêng, ngoài hệ thống này."
        ),
        "petition_papers": _(
            "Theo dõi bằng bản giấy theo quy trình riêng. Khi người có thẩm quyền cho công bố công "
            "khai thì đăng ký vào hệ thống."
        ),
        "by_name": _(
            "Giao nguyên phong bì cho người nhận có tên. Nếu là việc chung của cơ quan, người nhận "
            "chuyển lại văn thư để đăng ký."
        ),
        "one_stop": _(
            "Tiếp nhận và trả kết quả trên hệ thống một cửa điện tử, không vào sổ văn bản đến này."
        ),
        "harmful": _(
            "Không sao chụp, không chuyển tiếp. Báo lãnh đạo cơ quan và giao bản giấy cho cơ quan "
            "chức năng."
        ),
        "security_defence": _(
            "Giữ bản giấy, vào sổ riêng và chuyển trực tiếp cho người có trách nhiệm; không gửi "
            "qua hệ thống."
        ),
    }
    return advice.get(code, _("Giữ bản giấy và theo dõi ngoài hệ thống này."))


def return_advice(code: str) -> str:
    """What the sender of a returned document should do."""
    advice = {
        RefusalReason.INCOMPLETE: _("Gửi lại đủ trang, đủ phụ lục."),
        RefusalReason.UNREADABLE: _("Gửi lại tệp đọc được, PDF phiên bản 1.4 trở lên."),
        RefusalReason.NOT_OURS: _("Gửi đúng nơi nhận."),
        RefusalReason.DUPLICATE: _("Văn bản này đã nhận; không phải gửi lại."),
        RefusalReason.INVALID_SIGNATURE: _("Ký số lại bằng chứng thư số còn hiệu lực rồi gửi lại."),
        RefusalReason.UNSIGNED: _("Gửi lại bản điện tử đã ký số."),
        RefusalReason.WRONG_FORM: _("Sửa đúng thể thức, đủ chữ ký và dấu rồi gửi lại."),
    }
    return advice.get(RefusalReason(code), _("Xem lý do trên, sửa rồi gửi lại."))
