"""What a receiver's document says of a delivery: the statuses of QCVN 102:2016. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import Post, User
from core import clock
from documents.choices import AssignmentState
from documents.models import DocumentAct
from incoming.choices import (
    MERGED,
    RECALLED,
    RecallAnswer,
    RefusalReason,
    State,
    Verb,
)
from incoming.models import IncomingDocument
from outgoing.choices import DeliveryCode
from outgoing.models import Delivery

Step = tuple[str, str, datetime]
_WAY = (
    DeliveryCode.ARRIVED,
    DeliveryCode.ACCEPTED,
    DeliveryCode.ASSIGNED,
    DeliveryCode.PROCESSING,
    DeliveryCode.FINISHED,
)
_BEGUN = (AssignmentState.IN_PROCESS, AssignmentState.DONE)


def newest_act(pk: int) -> int:
    """Ordinal of the newest act of a document."""
    found = DocumentAct.objects.filter(target_id=pk).aggregate(n=Max("ordinal"))
    return found["n"] or 0


def merged_into(document: IncomingDocument | None) -> IncomingDocument | None:
    """The document in which the files of an entry lie now: itself, or what it was merged into."""
    while document is not None and document.refusal_reason == MERGED:
        acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.MERGE)
        detail = acts.order_by("-ordinal").values_list("detail", flat=True)[0]
        document = IncomingDocument.objects.get(pk=detail["into"])
    return document


def steps(delivery: Delivery, document: IncomingDocument) -> Iterator[Step]:
    """The statuses that have come since the one that the delivery has, oldest first."""
    if delivery.status == DeliveryCode.RECALL_ASKED:
        if answer := _answer(document):
            yield answer
        return
    if document.state == State.REFUSED:
        yield DeliveryCode.REFUSED, _reason(document), _at(document, Verb.REFUSE)
        return
    if document.state == State.VOID:
        return  # taken out by a decision: what became of it is nobody's business
    code = _code(document)
    known = set(delivery.statuses.values_list("code", flat=True))
    if code != DeliveryCode.ARRIVED and DeliveryCode.ACCEPTED not in known:
        # The number of its arrival goes back, whatever has been done since.
        yield _accepted(document)
    if code not in known and _WAY.index(code) > _WAY.index(DeliveryCode.ACCEPTED):
        yield code, "", clock.now()


def _code(document: IncomingDocument) -> DeliveryCode:
    match document.state:
        case State.RECEIVED:
            return DeliveryCode.ARRIVED
        case State.FINISHED:
            return DeliveryCode.FINISHED
        case State.IN_PROCESS:
            begun = any(one.state in _BEGUN for one in document.all_assignments)
            return DeliveryCode.PROCESSING if begun else DeliveryCode.ASSIGNED
    return DeliveryCode.ACCEPTED


def _accepted(document: IncomingDocument) -> Step:
    text = f"Số đến {document.number} ngày {document.day:%d/%m/%Y}"
    return DeliveryCode.ACCEPTED, text, document.registered_at or clock.now()


def _answer(document: IncomingDocument) -> Step | None:
    """What was answered to a recall; who had read it goes back with it."""
    if document.state == State.REFUSED and document.refusal_reason != RECALLED:
        return DeliveryCode.REFUSED, _reason(document), _at(document, Verb.REFUSE)
    if document.state == State.REFUSED:
        text = "Chưa vào sổ, chưa ai đọc; đã hủy"
        return DeliveryCode.RECALL_AGREED, text, _at(document, Verb.SENDER_RECALL)
    if document.recall_answer == RecallAnswer.AGREED:
        act = _act(document, Verb.CANCEL)
        text = f"Đã hủy {timezone.localtime(act.at):%H:%M %d/%m/%Y}, số đến {document.number}"
        if names := readers_of(act):
            text = f"{text}. Đã đọc: {', '.join(names)}"
        return DeliveryCode.RECALL_AGREED, text, act.at
    if document.recall_answer == RecallAnswer.REFUSED:
        act = _act(document, Verb.KEEP)
        return DeliveryCode.RECALL_REFUSED, act.words.text, act.at
    if document.state == State.VOID:
        text = "Đã gỡ khỏi hệ thống của bên nhận"
        return DeliveryCode.RECALL_AGREED, text, _at(document, Verb.PURGE)
    return None


def readers_of(act: DocumentAct) -> list[str]:
    """Names of those who had read what an act cancels; of a post its name."""
    keys = act.detail.get("readers", {})
    people = User.objects.filter(pk__in=keys.get("users", ())).order_by("name_key")
    posts = Post.objects.filter(group__in=keys.get("groups", ())).select_related("unit")
    return [*(one.full_name for one in people), *(str(one) for one in posts.order_by("pk"))]


def _reason(document: IncomingDocument) -> str:
    """Why it was sent away, in words; of a forbidden kind only which one it is."""
    reason = document.refusal_reason
    if reason in RefusalReason.values:
        label = str(RefusalReason(reason).label)
        words = getattr(_act(document, Verb.REFUSE), "words", None)
        return f"{label}: {words.text}" if words is not None else label
    kind = document.agency.regulation.gate.get(reason)
    return f"{kind.value} ({kind.article})" if kind else ""


def _act(document: IncomingDocument, verb: Verb) -> DocumentAct:
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=verb)
    return acts.select_related("words").order_by("-ordinal")[0]


def _at(document: IncomingDocument, verb: Verb) -> datetime:
    return _act(document, verb).at
