"""submit_all, and the record of each round that is over (Bình Định Điều 9.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Agency
from core import clock
from core.errors import Refusal
from documents.models import DocumentAct
from incoming import rounds
from incoming.actions.directing import submit
from incoming.models import IncomingDocument, Round

_GRACE = timedelta(minutes=1)  # an act of the last second is still on its way to the database
_DAYS = 31  # further back nobody makes up for a clock that stood still


@dataclass(frozen=True)
class Outcome:
    """What became of one row of a batch: the document, and why not, if not."""

    document: IncomingDocument
    refusal: Refusal | None = None


def submit_all(actor: Actor, documents: Iterable[IncomingDocument]) -> list[Outcome]:
    """Submit each in a transaction of its own: a bad row stops none of the others."""
    found = []
    for document in documents:
        try:
            found.append(Outcome(submit(actor, document)))
        except Refusal as refusal:
            found.append(Outcome(document, refusal))
    return found


def record_rounds(agency: Agency) -> int:
    """Write down the rounds that are over and stand nowhere yet; answers how many.

    Read from the trail, so a round is recorded rightly however late the clock comes to it. Two at
    once write each round once.
    """
    now = clock.now()
    first = timezone.localtime(now).date() - timedelta(days=_DAYS)
    began = DocumentAct.objects.filter(target__agency=agency).order_by("at").values("at").first()
    if began is None or agency.regulation.rounds is None:
        return 0
    first = max(first, timezone.localtime(began["at"]).date())
    known = set(Round.objects.filter(agency=agency, day__gte=first).values_list("day", "hour"))
    written = 0
    for at in rounds.rounds_between(agency, first, now - _GRACE):
        local = timezone.localtime(at)
        if (local.date(), local.time()) not in known and at > began["at"]:
            written += _record(agency, at)
    return written


def _record(agency: Agency, at: datetime) -> bool:
    local = timezone.localtime(at)
    outcome = rounds.outcome_of(agency, rounds.round_before(agency, at), at)
    try:
        with transaction.atomic():
            row = Round.objects.create(
                agency=agency,
                day=local.date(),
                hour=local.time(),
                waiting=outcome.waiting,
                in_time=outcome.in_time,
                in_tray=outcome.in_tray,
                recorded_at=clock.now(),
            )
            row.late.set(outcome.late)
    except IntegrityError:
        return False  # another clock was quicker
    return True
