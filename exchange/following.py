"""What a receiver's document says of a delivery: the statuses of QCVN 102:2016. Reads only."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from accounts.models import Agency, Post, User
from core import clock
from documents.choices import AssignmentState
from documents.models import DocumentAct
from incoming.choices import (
    RECALLED,
    RecallAnswer,
    RefusalReason,
    State,
    Verb,
)
from incoming.models import IncomingDocument
from outgoing.choices import DeliveryCode
from outgoing.models import Delivery, OutgoingDocument

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


def content_of(delivery: Delivery) -> set[str]:
    """What a delivery has brought, as SHA-256."""
    acts = DocumentAct.objects.filter(
        target__incomingdocument__entry_token=delivery.token, verb=Verb.RECEIVE
    )
    first = acts.order_by("ordinal").first()
    return set(first.detail.get("sha256", ())) if first else set()


def lies_in(delivery: Delivery) -> IncomingDocument:
    """The document in which the files of a delivery lie now.

    It is the entry as which they came, or what the clerk has put them into or taken them out to.
    """
    document = IncomingDocument.objects.get(entry_token=delivery.token)
    content, last = content_of(delivery), 0
    while (act := _move(document, content, last)) is not None:
        last = act.pk
        document = IncomingDocument.objects.get(pk=act.detail["into"])
    return document


def entry_of(document: OutgoingDocument, receiver: Agency) -> IncomingDocument | None:
    """As which a document lies with a receiver inside; None where he has sent it away, or never
    had it."""
    rows = Delivery.objects.filter(document=document.pk, agency=receiver, received__isnull=False)
    delivery = rows.order_by("-pk").first()
    entry = lies_in(delivery) if delivery is not None else None
    return None if entry is None or entry.state in (State.REFUSED, State.VOID) else entry


def _move(document: IncomingDocument, content: set[str], last: int) -> DocumentAct | None:
    """The act after that one by which these files have left a document for another."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb__in=(Verb.MERGE, Verb.SPLIT))
    for act in acts.filter(pk__gt=last, detail__has_key="into").order_by("pk"):
        if act.verb == Verb.MERGE or (content and content <= {*act.detail.get("sha256", ())}):
            return act
    return None


def steps(delivery: Delivery, document: IncomingDocument) -> Iterator[Step]:
    """The statuses that have come since the one that the delivery has, oldest first."""
    if delivery.status == DeliveryCode.RECALL_ASKED:
        if answer := _answer(delivery, document):
            yield answer
        return
    if document.refusal_reason == RECALLED:
        # Nobody has asked for this one: it lay together with another's that was wanted back.
        text = "Bị hủy cùng văn bản khác mà bên gửi của nó thu hồi; gửi lại nếu cần"
        yield DeliveryCode.REFUSED, text, _at(document, Verb.SENDER_RECALL)
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


def _answer(delivery: Delivery, document: IncomingDocument) -> Step | None:
    """What was answered to a recall; who had read it goes back with it."""
    if (act := _taken_back(delivery, document)) is not None:
        return DeliveryCode.RECALL_AGREED, _with_readers("Chưa vào sổ; đã hủy", act), act.at
    if document.state == State.REFUSED and document.refusal_reason != RECALLED:
        return DeliveryCode.REFUSED, _reason(document), _at(document, Verb.REFUSE)
    if document.state == State.REFUSED:
        act = _act(document, Verb.SENDER_RECALL)
        text = _with_readers("Chưa vào sổ; đã hủy", act)
        return DeliveryCode.RECALL_AGREED, text, _time_of(act)
    if document.recall_answer == RecallAnswer.AGREED:
        act = _act(document, Verb.CANCEL)
        at = _time_of(act)
        text = f"Đã hủy {timezone.localtime(at):%H:%M %d/%m/%Y}, số đến {document.number}"
        return DeliveryCode.RECALL_AGREED, _with_readers(text, act), at
    if document.recall_answer == RecallAnswer.REFUSED:
        act = _act(document, Verb.KEEP)
        return DeliveryCode.RECALL_REFUSED, _words_of(act), _time_of(act)
    if document.state == State.VOID:
        text = "Đã gỡ khỏi hệ thống của bên nhận"
        return DeliveryCode.RECALL_AGREED, text, _at(document, Verb.PURGE)
    return None


def _taken_back(delivery: Delivery, document: IncomingDocument) -> DocumentAct | None:
    """The act by which its files were taken out of the tray; what lay with them may stay."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.SENDER_RECALL)
    content = sorted(content_of(delivery))
    return acts.filter(detail__taken_back=True, detail__sha256=content).order_by("-ordinal").first()


def _with_readers(text: str, act: DocumentAct | None) -> str:
    names = readers_of(act) if act is not None else []
    return f"{text}. Đã đọc: {', '.join(names)}" if names else text


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
        words = _words_of(_act(document, Verb.REFUSE))
        return f"{label}: {words}" if words else label
    kind = document.agency.regulation.gate.get(reason)
    return f"{kind.value} ({kind.article})" if kind else ""


def _act(document: IncomingDocument, verb: Verb) -> DocumentAct | None:
    """The newest act of that kind; None where it came to this by another way."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=verb)
    return acts.select_related("words").order_by("-ordinal").first()


def _words_of(act: DocumentAct | None) -> str:
    words = getattr(act, "words", None)
    return str(words.text) if words is not None else ""


def _time_of(act: DocumentAct | None) -> datetime:
    return act.at if act is not None else clock.now()


def _at(document: IncomingDocument, verb: Verb) -> datetime:
    return _time_of(_act(document, verb))
