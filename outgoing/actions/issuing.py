"""issue, resend, note_sent, recall, its answers: what goes to whom. ``exchange`` carries it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import head_post
from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale
from core.tasks import after_commit, run_command
from documents.gate import marks_of_words
from documents.models import DocumentAct
from documents.rules import article_of
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.replacing import lock_with_replaced, stop_replaced
from outgoing.actions.stopping import stop_copies
from outgoing.choices import DeliveryCode, Medium, State, Verb, Way
from outgoing.issued import files_of
from outgoing.models import Delivery, DeliveryStatus, OutgoingDocument
from outgoing.recipients import MOST, Recipient


@transaction.atomic
def issue(
    actor: Actor, document: OutgoingDocument, recipients: Sequence[Recipient], *, text: str = ""
) -> OutgoingDocument:
    """Let it go out: one delivery for each receiver and way, all or none.

    What it takes the place of is not sent any more where it has not left yet.
    Raises Refusal for a receiver who may not be sent it so, with the article that says it.
    """
    replaced = lock_with_replaced(document)
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_issue, actor, document)
    files = files_of(document)
    routing.require(rules.may_go_out(document, files), document)
    _check(document, recipients)
    if any(one.way == Way.EMAIL for one in recipients):
        routing.require(rules.may_mail(files), document)
    typed = [words for one in recipients for words in (one.organ_name, one.address, one.note)]
    marks = marks_of_words(actor.agency.regulation, [*typed, text])
    now = clock.now()
    before, document.state = document.state, State.ISSUED
    document.issued_at = now
    document.save()
    rows = Delivery.objects.bulk_create(
        Delivery(
            document=document,
            agency=one.agency,
            organ_id=one.organ_id,
            organ_name=one.organ_name[:200],
            address=one.address,
            way=one.way,
            copies=one.copies,
            note=one.note,
            issued_by=actor.own,
            created_at=now,
            next_try_at=None if one.way == Way.PAPER else now,
        )
        for one in recipients
    )
    counts = {way: sum(one.way == way for one in rows) for way in Way.values}
    stopped = stop_replaced(replaced, document)
    routing.conclude(
        document,
        actor,
        Verb.ISSUE,
        before=before,
        text=text,
        users=[document.drafter.user, *([document.signer.user] if document.signer else [])],
        posts=[head_post(document.drafter.unit)],
        detail={
            "deliveries": [one.pk for one in rows],
            "ways": {way: count for way, count in counts.items() if count},
            "copies": sum(one.copies for one in rows if one.way == Way.PAPER),
            "sha256": [one.file.sha256 for one in files],
            **({"called_off": stopped} if stopped else {}),
            **marks,
        },
    )
    after_commit(run_command, "deliver")
    return document


@transaction.atomic
def resend(
    actor: Actor, document: OutgoingDocument, deliveries: Collection[int], *, text: str = ""
) -> OutgoingDocument:
    """Send these deliveries anew: they are sent away, came back, or may be lost."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_resend, actor, document)
    rows = _chosen(document, deliveries)
    for one in rows:
        routing.require(rules.may_send_again(one), document)
        routing.require(rules.may_send_to(document, _recipient(one)), document)
    if any(one.way == Way.EMAIL for one in rows):
        routing.require(rules.may_mail(files_of(document)), document)
    now = clock.now()
    for one in rows:
        one.status, one.error, one.tries = DeliveryCode.WAITS, "", 0
        one.sent_at = one.received = None
        one.token, one.compared, one.issued_by = uuid4(), 0, actor.own
        one.next_try_at = None if one.way == Way.PAPER else now
        one.save()
        _note(one, DeliveryCode.WAITS, text)
    routing.conclude(
        document,
        actor,
        Verb.RESEND,
        before=document.state,
        text=text,
        detail={"deliveries": [one.pk for one in rows]},
    )
    after_commit(run_command, "deliver")
    return document


@transaction.atomic
def note_sent(
    actor: Actor, document: OutgoingDocument, deliveries: Collection[int], *, day: date
) -> OutgoingDocument:
    """Note the day on which these papers were sent (Kon Tum Điều 15.2).

    One that had left before the recall, and was not noted then, is wanted back like the others.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_note_sent, actor, document)
    if day > clock.today():
        raise Refusal(_("Ngày gửi không thể sau hôm nay."), field="day")
    if document.issued_at and day < timezone.localtime(document.issued_at).date():
        raise Refusal(_("Ngày gửi không thể trước ngày phát hành."), field="day")
    recall = _recall_of(document)
    if recall is not None and day > timezone.localtime(recall.at).date():
        raise Refusal(_("Ngày gửi không thể sau ngày thu hồi."), field="day")
    rows = _chosen(document, deliveries)
    for one in rows:
        if not one.is_unnoted_paper:
            said = _("%(name)s: không có bản giấy chờ gửi.")
            raise Stale(said % {"name": one.organ_name})
        one.status = DeliveryCode.SENT
        one.sent_at = timezone.make_aware(datetime.combine(day, time(12)))
        _note(one, DeliveryCode.SENT, f"Đã gửi giấy ngày {day:%d/%m/%Y}")
        if recall is not None:
            one.status = DeliveryCode.RECALL_ASKED
            _note(one, DeliveryCode.RECALL_ASKED, recall.words.text)
        one.save(update_fields=["status", "sent_at"])
    routing.conclude(
        document,
        actor,
        Verb.NOTE_SENT,
        before=document.state,
        detail={"deliveries": [one.pk for one in rows], "day": day.isoformat()},
    )
    return document


@transaction.atomic
def recall(actor: Actor, document: OutgoingDocument, *, text: str) -> OutgoingDocument:
    """Recall it with a reason: here it is frozen, and every receiver is told.

    What has not gone out yet does not go; to those in this installation and to mailboxes
    ``exchange`` carries the recall; whoever has the paper is told by the clerk. Raises Refusal
    without a reason.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_recall, actor, document)
    if not text:
        raise Refusal(_("Ghi lý do thu hồi: nơi nhận được báo lý do này."), field="text")
    now = clock.now()
    # One that is on its way at this moment arrives first: its row is held by whoever carries it.
    counts: dict[str, int] = {}
    for one in document.deliveries.select_for_update().order_by("pk"):
        code = _recalled(one)
        counts[code] = counts.get(code, 0) + 1
        if code == one.status:
            continue
        carried = code == DeliveryCode.RECALL_ASKED and one.way != Way.PAPER
        one.status, one.error, one.tries = code, "", 0
        one.next_try_at = now if carried else None
        one.issued_by = actor.own
        one.save()
        _note(one, code, text)
    before, document.state = document.state, State.RECALLED
    document.save()
    routing.conclude(
        document,
        actor,
        Verb.RECALL,
        before=before,
        text=text,
        users=[document.drafter.user, *([document.signer.user] if document.signer else [])],
        posts=[head_post(document.drafter.unit)],
        article=article_of(actor, "recall_notice"),
        detail={"deliveries": counts},
    )
    stop_copies(actor, document, text=text)
    after_commit(run_command, "deliver")
    return document


@transaction.atomic
def recall_again(
    actor: Actor, document: OutgoingDocument, deliveries: Collection[int], *, text: str = ""
) -> OutgoingDocument:
    """Send the recall anew to those whom it could not reach; its reason stays what it was."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_recall_again, actor, document)
    rows = _chosen(document, deliveries)
    for one in rows:
        routing.require(rules.may_be_told_again(one), document)
        one.status, one.error, one.tries = DeliveryCode.RECALL_ASKED, "", 0
        one.next_try_at, one.issued_by = clock.now(), actor.own
        one.save()
        _note(one, DeliveryCode.RECALL_ASKED, text)
    routing.conclude(
        document,
        actor,
        Verb.RECALL_AGAIN,
        before=document.state,
        text=text,
        article=article_of(actor, "recall_notice"),
        detail={"deliveries": [one.pk for one in rows]},
    )
    after_commit(run_command, "deliver")
    return document


@transaction.atomic
def note_answer(
    actor: Actor,
    document: OutgoingDocument,
    deliveries: Collection[int],
    *,
    agreed: bool,
    text: str,
) -> OutgoingDocument:
    """Note what receivers outside the system have answered to a recall, and how.

    Raises Refusal without words.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_note_answer, actor, document)
    if not text:
        said = _("Ghi nơi nhận trả lời thế nào: số, ngày của công văn, hoặc ai trả lời.")
        raise Refusal(said, field="text")
    code = DeliveryCode.RECALL_AGREED if agreed else DeliveryCode.RECALL_REFUSED
    rows = _chosen(document, deliveries)
    for one in rows:
        routing.require(rules.may_answer_outside(one), document)
        one.status, one.error, one.next_try_at = code, "", None
        one.save()
        _note(one, code, text)
    routing.conclude(
        document,
        actor,
        Verb.NOTE_ANSWER,
        before=document.state,
        text=text,
        article=article_of(actor, "recall_notice"),
        detail={"deliveries": [one.pk for one in rows], "answer": code.value},
    )
    return document


def _recalled(one: Delivery) -> str:
    """What a recall makes of a delivery: an earlier sending is wanted back, whatever became of a
    later one."""
    if one.status in (DeliveryCode.WAITS, DeliveryCode.FAILED) and not one.may_lie_there:
        return DeliveryCode.CALLED_OFF
    if one.status in (DeliveryCode.REFUSED, DeliveryCode.REPLACED):
        return one.status  # it came back long ago, or never left
    return DeliveryCode.RECALL_ASKED


def _recall_of(document: OutgoingDocument) -> DocumentAct | None:
    """The act by which it was recalled, with its reason; None where it was not."""
    if document.state != State.RECALLED:
        return None
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.RECALL)
    return acts.select_related("words").latest("ordinal")


def _check(document: OutgoingDocument, recipients: Sequence[Recipient]) -> None:
    if not recipients and not document.is_internal:
        raise Refusal(_("Chọn ít nhất một nơi nhận."), field="recipients")
    if len(recipients) > MOST:
        said = _("Một văn bản gửi nhiều nhất %(most)d nơi.")
        raise Refusal(said % {"most": MOST}, field="recipients")
    seen: set[tuple[str, str]] = set()
    inside = {one.agency.pk for one in recipients if one.agency and one.way == Way.INSIDE}
    beside = document.agency.regulation.electronic_beside_paper
    for one in recipients:
        if one.key in seen:
            said = _("%(name)s có hai lần cùng một cách gửi; giữ một.")
            raise Refusal(said % {"name": one.organ_name}, field="recipients")
        seen.add(one.key)
        if refusal := rules.may_send_to(document, one):
            refusal.field = "recipients"
            raise refusal
        if (
            beside is not None
            and document.medium == Medium.PAPER
            and one.way == Way.PAPER
            and one.agency is not None
            and one.agency.pk not in inside
        ):
            # What is signed on paper goes out together with the electronic one (Sơn La Điều 8.1).
            said = _("%(name)s: gửi bản giấy thì gửi kèm bản điện tử qua hệ thống.")
            raise Refusal(said % {"name": one.organ_name}, beside.article, field="recipients")


def _chosen(document: OutgoingDocument, deliveries: Collection[int]) -> list[Delivery]:
    """These deliveries of the document, held."""
    rows: Any = document.deliveries.select_for_update(of=("self",)).select_related("agency__parent")
    found = list(rows.filter(pk__in=deliveries).order_by("pk"))
    if not found:
        raise Refusal(_("Chọn ít nhất một nơi nhận."), field="deliveries")
    return found


def _recipient(one: Delivery) -> Recipient:
    return Recipient(
        organ_name=one.organ_name,
        organ_id=one.organ_id,
        agency=one.agency,
        way=one.way,
        address=one.address,
        copies=one.copies,
    )


def _note(one: Delivery, code: str, text: str = "") -> None:
    DeliveryStatus.objects.create(delivery=one, code=code, at=clock.now(), text=text[:1000])
