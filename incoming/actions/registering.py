"""register and correct: the national fields."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from core.tasks import after_commit
from core.text import clean
from documents.actions import draw_number, keep_files
from documents.actions.extending import carry_down
from documents.choices import AssignmentRole, Book, Priority
from documents.gate import (
    CLEARED,
    NOT_FORBIDDEN,
    marks_of_words,
    may_clear,
    signs,
    unanswered,
)
from documents.models import Assignment, Document, GroupGrant, UserGrant
from incoming import rules
from incoming.actions import papers, routing
from incoming.actions.drafting import drop_drafts
from incoming.actions.texts import remember_text
from incoming.choices import Channel, Notice, PaperPart, State, Verb
from incoming.models import IncomingDocument
from incoming.tasks import draw_pages

# A day of arrival further back than this is a year mistyped.
DAYS_BACK = 31
NO_NUMBER = "không số"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the clerk types from the paper (Kon Tum Điều 13.6; TT 01/2019 Phụ lục IV)."""

    arrival_date: date
    type_name: str
    code_number: str
    code_notation: str
    issued_date: date
    organ_name: str
    subject: str
    language: str = "Tiếng Việt"
    description: str = ""
    signer_position: str = ""
    signer_full_name: str = ""
    priority: int = Priority.NORMAL
    due_date: date | None = None
    channel: str = Channel.PAPER


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was looked at and decided before a document was entered; it stands on the trail.

    ``marks``: marks of forbidden kinds that were found in the files, and that somebody has
    answered for; ``clearance``: who let a paper about a complaint be published (Kon Tum Điều 4.3);
    ``annexes``: codes of those that the paper names and that were not found in the files.
    """

    marks: frozenset[str] = frozenset()
    clearance: str = ""
    twins: Sequence[Mapping[str, Any]] = ()
    unsigned: bool = False
    annexes: Sequence[str] = ()


@transaction.atomic
def register(
    actor: Actor,
    document: IncomingDocument,
    entry: Entry,
    checked: Checked | None = None,
    *,
    annex: papers.Annex | None = None,
) -> IncomingDocument:
    """Enter a received document in this year's book; the files move from quarantine to the store.

    Number and year are those of the day of registering (NĐ 30/2020 Điều 22.2). ``annex``: what
    was not scanned and stays on paper (Kon Tum Điều 13.4). Raises Refusal when a mark of a
    forbidden kind was found in a file and nobody has answered for it.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_register, actor, document)
    _check_files(document)
    decided = _decisions(actor, document, checked)
    if annex is not None:
        papers.check_annex(actor, annex)
    _fill(document, entry)
    drop_drafts(document)
    before = document.state
    document.state = State.REGISTERED
    document.registered_at = clock.now()
    document.page_amount = keep_files(document)
    document.register, document.number = draw_number(
        document.agency, Book.INCOMING, clock.today().year
    )
    document.search_text = document.folded()
    document.save()
    remember_text(document)
    act = routing.conclude(
        document,
        actor,
        Verb.REGISTER,
        before=before,
        text=checked.clearance if checked else "",
        article=actor.agency.regulation.article("register_fields"),
        detail={
            **decided,
            "number": document.number,
            "register": document.register_id,
            "files": list(document.attachments.values_list("file_id", flat=True)),
            **({"annex_pages": annex.pages} if annex else {}),
        },
    )
    if annex is not None:
        papers.begin(document, act, PaperPart.ANNEX, pages=annex.pages, name=annex.name)
    after_commit(draw_pages, document.pk)
    return document


@transaction.atomic
def correct(
    actor: Actor,
    document: IncomingDocument,
    entry: Entry,
    *,
    reason: str,
    seen: int | None = None,
) -> IncomingDocument:
    """Mend the national fields; before and after stay in the history, the number never changes.

    The day to finish by goes with the work that was given out: one day in the book and on desks.
    Raises Stale when somebody has acted since the form was drawn at ``seen`` acts: all fields are
    written, so what another has mended meanwhile would be undone.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_correct, actor, document)
    routing.unchanged(document, seen)
    if not reason:
        raise Refusal(_("Ghi lý do sửa."), field="reason")
    # The parent row is saved by itself: history hangs on Document and sees nothing of a child.
    parent = Document.objects.get(pk=document.pk)
    if not parent.history.exists():
        Document.history.bulk_history_create([parent], default_date=document.registered_at)
    channel, due = document.channel, document.due_date
    _fill(document, entry)
    moved = _carry_day(document, due)
    document.search_text = document.folded()
    changed = [
        name
        for name in (*asdict(entry), "day")
        if name not in ("arrival_date", "channel")
        and getattr(parent, name) != getattr(document, name)
    ]
    if not changed and document.channel == channel:
        raise Refusal(_("Chưa có trường nào được sửa."))
    written = [value for name in changed if isinstance(value := getattr(document, name), str)]
    marks = marks_of_words(actor.agency.regulation, [*written, reason])
    for name in changed:
        setattr(parent, name, getattr(document, name))
    parent.search_text = document.search_text
    parent._change_reason = reason[:100]  # type: ignore[attr-defined]
    parent._history_date = clock.now()  # type: ignore[attr-defined]
    parent.save()
    document.save()
    if "day" in changed:
        for grants in (UserGrant, GroupGrant):
            grants.objects.filter(content_object_id=document.pk).update(day=document.day)
    told = [routing.answering(one) for one in moved]
    routing.conclude(
        document,
        actor,
        Verb.CORRECT,
        before=document.state,
        text=reason,
        users=[user for users, _posts in told for user in users],
        posts=[post for _users, posts in told for post in posts],
        detail={
            "fields": changed,
            **({"carried": [one.pk for one in moved]} if moved else {}),
            **marks,
        },
        notice=Notice.DAY_MENDED if moved else "",
    )
    return document


def _carry_day(document: IncomingDocument, before: date | None) -> list[Assignment]:
    """The mended day goes to whoever leads, and down to those who had the same; answers that work.

    Only what the paper says is the clerk's to mend (Kon Tum Điều 11.6a). Raises Refusal for a day
    that the office has set, or that was extended: those who do the work ask for another (11.6c).
    """
    lead = next(
        (
            one
            for one in document.all_assignments
            if one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
        ),
        None,
    )
    if lead is None or document.due_date in (before, lead.due_date):
        return []
    if lead.due_date != before or not _is_of_the_paper(document):
        raise Refusal(
            _(
                "Thời hạn này do người giao việc định hoặc đã gia hạn, không còn là thời hạn ghi "
                "trên văn bản. Muốn đổi thì nơi chủ trì xin gia hạn."
            ),
            document.article("extension_decider"),
            field="due_date",
        )
    lead.due_date = document.due_date
    lead.save(update_fields=["due_date"])
    return [lead, *carry_down(document, lead, before)]


def _is_of_the_paper(document: IncomingDocument) -> bool:
    """True while the document's day is the one typed from it: nobody has set another since."""
    leads = {
        one.pk
        for one in document.all_assignments
        if one.role == AssignmentRole.LEAD and one.parent_id is None
    }
    is_so, stood = True, dict[int, bool]()
    for act in document.acts_read:
        if "due_before" in act.detail:
            stood[act.ordinal], is_so = is_so, False
        elif act.verb == Verb.RECALL:
            is_so = stood.get(act.detail["of"], is_so)
        elif act.verb == Verb.DECIDE_EXTENSION:
            is_so = is_so and not (act.detail["agreed"] and act.detail["assignment"] in leads)
        elif act.verb == Verb.CORRECT and "due_date" in act.detail["fields"]:
            is_so = True
    return is_so


def too_far_back(document: IncomingDocument | None, day: date) -> bool:
    """True for a day of arrival long before the document was received (None: is received now)."""
    received = timezone.localdate(document.received_at) if document else clock.today()
    return day < received - timedelta(days=DAYS_BACK)


def _decisions(actor: Actor, document: IncomingDocument, checked: Checked | None) -> dict[str, Any]:
    """What the trail keeps of the checks: codes and keys, no words."""
    regulation = actor.agency.regulation
    found = signs(regulation, (file.inspection for file in document.quarantined.all()))
    if refusal := unanswered(found, checked.marks if checked else ()):
        raise refusal
    if checked is None:
        return {}
    if checked.clearance and not may_clear(regulation):
        raise Refusal(_("Quy chế của cơ quan không có loại văn bản này."), field="gate")
    decided: dict[str, Any] = {"gate": CLEARED if checked.clearance else NOT_FORBIDDEN}
    if found:
        decided["marks"] = [sign.mark for sign in found]
    if checked.twins:
        decided["twins"] = [dict(twin) for twin in checked.twins]
    if checked.annexes:
        decided["annexes"] = list(checked.annexes)
    if checked.unsigned:
        decided["unsigned"] = True
    return decided


def _check_files(document: IncomingDocument) -> None:
    files = list(document.quarantined.all())
    if not files:
        raise Refusal(_("Chưa có tệp nào. Quét văn bản rồi đính kèm tệp PDF."), field="files")
    for file in files:
        if file.inspection is None:
            raise Refusal(_("Tệp đang được kiểm tra. Đợi giây lát rồi lưu lại."), field="files")
        if not file.inspection["readable"]:
            raise Refusal(
                _("Tệp %(name)s chưa đọc được, không đăng ký được. Thay tệp khác.")
                % {"name": file.file_name},
                field="files",
            )


def _fill(document: IncomingDocument, entry: Entry) -> None:
    if entry.arrival_date > clock.today():
        raise Refusal(_("Ngày đến không thể sau hôm nay."), field="arrival_date")
    if too_far_back(document, entry.arrival_date):
        raise Refusal(
            _("Ngày đến cách ngày tiếp nhận quá xa; kiểm tra lại năm."), field="arrival_date"
        )
    if entry.issued_date > entry.arrival_date:
        raise Refusal(_("Ngày văn bản không thể sau ngày đến."), field="issued_date")
    if entry.due_date and entry.due_date < entry.arrival_date:
        raise Refusal(
            _("Thời hạn không thể trước ngày đến %(day)s.")
            % {"day": f"{entry.arrival_date:%d/%m/%Y}"},
            field="due_date",
        )
    values = asdict(entry)
    if document.channel == Channel.EXCHANGE:
        values["channel"] = document.channel  # that, the system knows
    for name, value in values.items():
        if name != "arrival_date":
            setattr(document, name, clean(value) if isinstance(value, str) else value)
    document.day = entry.arrival_date
