"""receive and refuse: the tray."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, require
from core.tasks import after_commit
from documents.actions import discard_quarantined, inspect_quarantined, quarantine
from documents.choices import Kind
from documents.models import QuarantinedFile, Waiting
from documents.uploads import QuarantinedUpload
from incoming import rules
from incoming.actions import routing
from incoming.actions.drafting import drop_drafts, take_drafts
from incoming.actions.exchanging import forget_told
from incoming.choices import Channel, RefusalReason, State, Verb
from incoming.models import IncomingDocument, Reminder
from incoming.tasks import inspect_files


@transaction.atomic
def receive(
    actor: Actor,
    files: Sequence[QuarantinedUpload],
    *,
    channel: str = Channel.PAPER,
    entry_token: UUID | None = None,
) -> IncomingDocument:
    """Take in what has arrived: files go to the quarantine, nothing is read from them yet.

    The same entry (``entry_token``) sent twice is taken in once. Raises Refusal without a file.
    """
    refusal, actor = rules.may_receive.answer(actor)
    require(refusal)
    now = clock.now()
    document = IncomingDocument(
        agency=actor.agency,
        kind=Kind.INCOMING,
        state=State.RECEIVED,
        day=clock.today(),
        created_at=now,
        received_at=now,
        channel=channel,
        entry_token=entry_token or uuid4(),
    )
    return _take_in(actor, document, files, drafts_of=entry_token)


@transaction.atomic
def replace_files(
    actor: Actor, document: IncomingDocument, files: Sequence[QuarantinedUpload]
) -> IncomingDocument:
    """Better files for a document of the tray: a new entry in its place, the old one sent away.

    The paper came when it came: a better scan makes it neither younger nor punctual.
    """
    # Before its drafts: one that is being saved holds the document first, too.
    document = routing.lock(actor, document)
    refusal, acting = rules.may_receive.answer(actor)
    require(refusal)
    better = IncomingDocument(
        agency=document.agency,
        kind=Kind.INCOMING,
        state=State.RECEIVED,
        day=document.day,
        created_at=document.created_at,
        received_at=document.received_at,
        channel=document.channel,
        entry_token=uuid4(),
    )
    better = _take_in(acting, better, files, drafts_of=document.entry_token, instead_of=document.pk)
    # The clerk has been asked for it since then, and told of it.
    Waiting.objects.filter(document_id=better.pk).update(since=document.received_at)
    Reminder.objects.filter(document_id=document.pk).update(document_id=better.pk)
    readable = all((file.inspection or {}).get("readable") for file in document.quarantined.all())
    reason = RefusalReason.INCOMPLETE if readable else RefusalReason.UNREADABLE
    refuse(actor, document, reason=reason)
    return better


def _take_in(
    actor: Actor,
    document: IncomingDocument,
    files: Sequence[QuarantinedUpload],
    *,
    drafts_of: UUID | None,
    **detail: int,
) -> IncomingDocument:
    """The closing lines of receiving; ``detail``: what the act says besides files and channel."""
    if not files:
        raise Refusal(_("Chưa có tệp nào. Quét văn bản rồi đính kèm tệp PDF."), field="files")
    document.save(force_insert=True)
    rows = quarantine(document, files)
    take_drafts(document, drafts_of)
    routing.conclude(
        document,
        actor,
        Verb.RECEIVE,
        before="",
        detail={"files": len(rows), "channel": document.channel, **detail},
    )
    after_commit(inspect_files, document.pk)
    return document


def inspect_tray(document: IncomingDocument) -> list[QuarantinedFile]:
    """The files of a document in the tray, each inspected; outside a transaction, it takes time."""
    return [inspect_quarantined(row) for row in document.quarantined.all()]


@transaction.atomic
def refuse(
    actor: Actor, document: IncomingDocument, *, reason: str, text: str = ""
) -> IncomingDocument:
    """Send away what may not or need not enter; nothing of its files stays (Kon Tum Điều 4).

    ``reason`` is a code of the regulation's gate, or of RefusalReason. Words are kept only for the
    latter: of a forbidden document not even a description may remain.
    """
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_refuse, actor, document)
    regulation = actor.agency.regulation
    gate, check, notice = regulation.gate, regulation.reception_check, regulation.return_notice
    forbidden = gate.get(reason)
    if forbidden is None and reason not in RefusalReason.values:
        raise Refusal(_("Chọn lý do từ chối."), field="reason")
    if reason == RefusalReason.OTHER and not text:
        raise Refusal(_("Ghi rõ lý do."), field="text")
    # To check what arrives is one thing (Bắc Giang Điều 5.1), to return it another.
    returns = check is not None and notice is not None and check.article == notice.article
    discard_quarantined(document)
    drop_drafts(document)
    forget_told(document)
    before = document.state
    document.state = State.REFUSED
    document.refusal_reason = reason
    document.save()
    routing.conclude(
        document,
        actor,
        Verb.REFUSE,
        before=before,
        text="" if forbidden else text,
        article=forbidden.article if forbidden else check.article if check and returns else "",
        detail={"reason": reason},
    )
    return document
