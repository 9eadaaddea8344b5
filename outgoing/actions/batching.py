"""Many documents signed, numbered or sealed at once: a worker does them one by one.

Each row is a verb of its own: a refusal stays with its row, the others go through. A worker that
dies leaves rows that wait; the next one goes on with them.
"""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from core import clock
from core.errors import Refusal
from core.tasks import after_commit, run_command
from outgoing.actions.drafting import one_at_a_time
from outgoing.actions.producing import seal_all, signed
from outgoing.actions.renewing import renew_all
from outgoing.actions.signing import number, sign, write_number
from outgoing.choices import BATCH_VERBS, FileStep, Verb
from outgoing.models import Batch, BatchRow, IssuedFile, OutgoingDocument
from signatures import vault
from signatures.models import SigningKey

MOST = 100
# So long a PIN is kept at most; what was not done by then has to be asked for again.
LIFE = timedelta(minutes=30)
# A row takes seconds; a worker that has it for longer is dead.
GIVEN_UP = timedelta(minutes=3)
# A wrong PIN counts once for the batch, not once for each row; neither does a key that signs
# nothing. A device or a time stamp service that is away for a moment has no field; nor has a seal
# of another body, which is the right one for the next row.
_HOPELESS = frozenset({"pin", "key", "key_label"})

logger = logging.getLogger(__name__)


@transaction.atomic
def start(
    actor: Actor,
    verb: str,
    seen: Mapping[int, int],
    *,
    entry_token: UUID,
    key: SigningKey | None = None,
    pin: str = "",
) -> Batch:
    """Set it going for these documents (key: the version that was read); a worker takes it up.

    The same form sent twice sets it going once. Raises Refusal for none or too many.
    """
    batch = line_up(actor, verb, seen, entry_token=entry_token, key=key, pin=pin)
    after_commit(run_command, "sign_batches")
    return batch


@transaction.atomic
def line_up(
    actor: Actor,
    verb: str,
    seen: Mapping[int, int],
    *,
    entry_token: UUID,
    key: SigningKey | None = None,
    pin: str = "",
) -> Batch:
    """The batch with its rows; whoever asked for it takes it up. As ``start``."""
    if verb not in BATCH_VERBS:
        raise ValueError(verb)
    one_at_a_time(entry_token)
    if found := Batch.objects.filter(entry_token=entry_token, started_by=actor.own).first():
        return found
    forget_old()
    if not seen:
        raise Refusal(_("Chọn văn bản cần làm."))
    if len(seen) > MOST:
        said = _("Một lần làm nhiều nhất %(count)d văn bản. Bỏ bớt rồi làm lại.")
        raise Refusal(said % {"count": MOST})
    batch = Batch(
        verb=verb, started_by=actor.own, key=key, entry_token=entry_token, started_at=clock.now()
    )
    if key is not None:
        batch.keep_pin(pin)
    batch.save()
    rows = OutgoingDocument.objects.visible_to(actor).filter(pk__in=seen).order_by("pk")
    BatchRow.objects.bulk_create(
        BatchRow(batch=batch, document=one, seen=seen[one.pk]) for one in rows
    )
    return batch


def forget_old() -> int:
    """Forget PINs that no worker has come to use in time; those rows are refused when one comes."""
    late = Batch.objects.filter(ended_at__isnull=True, started_at__lt=clock.now() - LIFE)
    return late.exclude(closed_pin=b"").update(closed_pin=b"")


def run(batch: Batch) -> int:
    """Do what still waits in a batch; answers how many rows were ended. Safe to run twice."""
    ended = 0
    with translation.override(batch.started_by.user.chosen.language or "vi"):
        while (row := _do_next(batch)) is not None:
            ended += 1
            if row.outcome == BatchRow.Outcome.REFUSED and row.reason and row.is_hopeless:
                ended += _refuse_rest(batch, row.reason)
    _end(batch)
    return ended


def _do_next(batch: Batch) -> Any:
    """Do one row; None when none is left that nobody works on."""
    row = _take(batch)
    if row is None:
        return None
    row.is_hopeless = False
    if batch.started_at < clock.now() - LIFE:
        return _close(row, _("Quá lâu chưa làm tới. Chọn và làm lại."))
    try:
        _do(batch, row)
    except Refusal as refusal:
        if _is_done(batch, row):
            return _close(row, "")  # by the worker that died before it could say so
        row.is_hopeless = refusal.field in _HOPELESS
        return _close(row, refusal.message)
    except Exception:
        logger.exception("batch %s, document %s", batch.pk, row.document_id)
        return _close(row, _("Có lỗi khi làm văn bản này. Mở văn bản và làm lại."))
    return _close(row, "")


@transaction.atomic
def _take(batch: Batch) -> Any:
    """The next row, marked as taken up; one whose worker has died is taken up again."""
    free = Q(taken_at__isnull=True) | Q(taken_at__lt=clock.now() - GIVEN_UP)
    rows = batch.rows.select_for_update(of=("self",), skip_locked=True)
    row: Any = rows.filter(free, outcome=BatchRow.Outcome.WAITING).order_by("pk").first()
    if row is not None:
        row.taken_again = row.taken_at is not None
        row.taken_at = clock.now()
        row.save(update_fields=["taken_at"])
    return row


def _is_done(batch: Batch, row: Any) -> bool:
    """Whether the document has what the batch was to give it."""
    if batch.verb == Verb.RENEW:
        newest = IssuedFile.objects.filter(document=row.document_id).last()
        return bool(row.taken_again and newest and newest.step == FileStep.RENEWED)
    name = {Verb.SIGN: "signed_at", Verb.NUMBER: "numbered_at", Verb.SEAL: "sealed_at"}
    found = OutgoingDocument.objects.get(pk=row.document_id)
    return bool(row.taken_again and getattr(found, name[Verb(batch.verb)]) is not None)


def _do(batch: Batch, row: BatchRow) -> None:
    actor = actor_for(
        batch.started_by.user, batch.started_by.unit.agency, current=batch.started_by_id
    )
    if actor is None:
        raise Refusal(_("Không còn làm việc ở cơ quan."))
    rows = OutgoingDocument.objects.visible_to(actor).with_people()
    document = rows.filter(pk=row.document_id).first()
    if document is None:
        raise Refusal(_("Không còn xem được văn bản này."))
    document.agency = actor.agency
    if batch.verb == Verb.NUMBER:
        write_number(actor, number(actor, document))
        return
    if batch.verb == Verb.RENEW:
        renew_all(actor, document)
        return
    if batch.key is None:
        raise Refusal(_("Chưa chọn chứng thư số."), field="key")
    try:
        pin = batch.open_pin()
    except vault.Closed as error:
        raise Refusal(_("Mã PIN không còn giữ nữa. Làm lại."), field="pin") from error
    if batch.verb == Verb.SIGN:
        with signed(actor, document, key=batch.key, pin=pin) as result:
            sign(actor, document, result, seen=row.seen)
    else:
        seal_all(actor, document, key=batch.key, pin=pin)


def _close(row: Any, reason: str) -> Any:
    row.outcome = BatchRow.Outcome.REFUSED if reason else BatchRow.Outcome.DONE
    row.reason, row.ended_at = reason, clock.now()
    row.save(update_fields=["outcome", "reason", "ended_at"])
    return row


def _refuse_rest(batch: Batch, reason: str) -> int:
    waiting = batch.rows.filter(outcome=BatchRow.Outcome.WAITING)
    return waiting.update(outcome=BatchRow.Outcome.REFUSED, reason=reason, ended_at=clock.now())


def _end(batch: Batch) -> None:
    """Forget the PIN when nothing waits any more."""
    if batch.rows.filter(outcome=BatchRow.Outcome.WAITING).exists():
        return
    Batch.objects.filter(pk=batch.pk, ended_at__isnull=True).update(
        ended_at=clock.now(), closed_pin=b""
    )


def going() -> list[Batch]:
    """Those of the workers that are not at their end, oldest first."""
    whole = ("started_by__user", "started_by__unit__agency__parent", "key__owner", "key__agency")
    open_ones = Batch.objects.filter(ended_at__isnull=True).exclude(
        key__isnull=True, verb__in=(Verb.SIGN, Verb.SEAL)
    )
    return list(open_ones.select_related(*whole).order_by("pk"))
