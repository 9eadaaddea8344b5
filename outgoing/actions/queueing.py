"""Many documents signed or sealed one after another with a device of one's own (VGCA plug-in).

The signing program takes one file at a time: the page goes from row to row, each with its verdict.
A row that is refused or left out does not stop the others; whoever breaks off goes on later.
"""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from outgoing.actions import batching
from outgoing.actions.producing import brought, errand_of, open_errand_of
from outgoing.actions.signing import seal, sign
from outgoing.choices import Verb
from outgoing.models import Batch, BatchRow, OutgoingDocument
from signatures.models import Errand

VERBS = (Verb.SIGN, Verb.SEAL)


def start(actor: Actor, verb: str, seen: Mapping[int, int], *, entry_token: UUID) -> Batch:
    """Line up these documents (key: the version that was read) and send the first file out.

    Raises Refusal for none or too many.
    """
    if verb not in VERBS:
        raise ValueError(verb)
    batch = batching.line_up(actor, verb, seen, entry_token=entry_token)
    advance(actor, batch)
    return batch


def current(batch: Batch) -> BatchRow | None:
    """The row whose turn it is."""
    rows = batch.rows.filter(outcome=BatchRow.Outcome.WAITING)
    return rows.select_related("document").order_by("pk").first()


def errand_now(actor: Actor, batch: Batch) -> Errand | None:
    """The file that is out for the row whose turn it is; None where it has to be sent anew."""
    row = current(batch)
    document = _document(actor, row) if row else None
    if document is None:
        return None
    try:
        return open_errand_of(actor, document, batch.verb)
    except Refusal:
        return None  # nothing is left to be signed in it: ``advance`` says so


def advance(actor: Actor, batch: Batch) -> None:
    """Send out the file of the next row that may be signed; those that may not say why."""
    page = page_of(actor, batch)
    while (row := current(batch)) is not None:
        document = _document(actor, row)
        try:
            if document is None:
                raise Refusal(_("Không còn xem được văn bản này."))
            if _is_done(batch, document):
                _close(row)
                continue
            if batch.verb == Verb.SIGN and row.seen != document.version_count:
                said = _("Dự thảo đã có bản %(number)d. Xem bản mới rồi ký.")
                raise Refusal(said % {"number": document.version_count})
            errand_of(actor, document, batch.verb, page=page)
        except Refusal as refusal:
            _close(row, refusal.message)
            continue
        return
    _end(batch)


def finish(actor: Actor, batch: Batch, errand: int) -> BatchRow | None:
    """Sign or seal with the file that came back, and go on to the next row; answers the row.

    A document with annexes in files of their own has its turn until all of them are sealed. Sent
    twice it does nothing the second time: the next row waits for a file of its own.
    """
    row = current(batch)
    if row is None:
        return None
    sent = Errand.objects.filter(pk=errand, user=actor.user).first()
    if sent is None or sent.document_id != row.document_id or sent.used_at or sent.is_open:
        advance(actor, batch)
        return row if sent is not None and sent.used_at else None
    document = _document(actor, row)
    try:
        if document is None:
            raise Refusal(_("Không còn xem được văn bản này."))
        with brought(actor, document, errand) as result:
            if batch.verb == Verb.SIGN:
                sign(actor, document, result, seen=row.seen)
            else:
                done = seal(actor, document, result)
                if done.unsealed_annexes().exists():
                    advance(actor, batch)
                    return row
    except Refusal as refusal:
        sent.refresh_from_db()
        if sent.used_at is None:  # else the same press, sent twice, has done it meanwhile
            row = _close(row, refusal.message)
    else:
        row = _close(row)
    advance(actor, batch)
    return row


def skip(actor: Actor, batch: Batch, key: int) -> None:
    """Leave the row of that key out, if it is its turn, and go on: pressed twice, one is left."""
    row = current(batch)
    if row is not None and row.pk == key:
        _close(row, _("Bỏ qua, chưa ký."))
    advance(actor, batch)


def page_of(actor: Actor, batch: Batch) -> str:
    """Where the row is signed whose turn it is."""
    return reverse("outgoing:device", args=[actor.agency.slug, batch.pk])


def _document(actor: Actor, row: BatchRow) -> OutgoingDocument | None:
    rows = OutgoingDocument.objects.visible_to(actor).with_people()
    found: OutgoingDocument | None = rows.filter(pk=row.document_id).first()
    if found is not None:
        found.agency = actor.agency
    return found


def _is_done(batch: Batch, document: OutgoingDocument) -> bool:
    """Done on the document's own page meanwhile."""
    if batch.verb == Verb.SIGN:
        return document.signed_at is not None
    return document.sealed_at is not None and not document.unsealed_annexes().exists()


@transaction.atomic
def _close(row: BatchRow, reason: str = "") -> BatchRow:
    """The row as it stands closed; the first one to close it says how."""
    row = BatchRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if row.outcome == BatchRow.Outcome.WAITING:
        row.outcome = BatchRow.Outcome.REFUSED if reason else BatchRow.Outcome.DONE
        row.reason, row.ended_at = reason, clock.now()
        row.save(update_fields=["outcome", "reason", "ended_at"])
    return row


def _end(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk, ended_at__isnull=True).update(ended_at=clock.now())
