"""One verb on many documents: a transaction for each, and a verdict; the good ones go through."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from core.errors import Refusal, Stale
from documents.actions import lock_rows
from documents.actions.giving import Line
from dossiers.models import Dossier
from incoming.actions import routing
from incoming.actions.at_hand import AtHand
from incoming.actions.directing import distribute, propose
from incoming.actions.recalling import recall
from incoming.actions.working import finish
from incoming.models import IncomingDocument


@dataclass(frozen=True)
class Row:
    """One document of a grid: its key, how many acts its trail had then, whom it is for."""

    key: int
    seen: int | None = None
    lines: Sequence[Line] = ()


@dataclass(frozen=True)
class Verdict:
    """What became of one row."""

    key: int
    document: IncomingDocument | None = None
    refusal: Refusal | None = None


def distribute_many(actor: Actor, rows: Iterable[Row]) -> list[Verdict]:
    """Send each document to those of its row (Kon Tum Điều 13.2, 16.1b)."""
    at_hand = AtHand(actor.agency)

    def send(row: Row) -> IncomingDocument:
        return distribute(actor, _named(row), row.lines, seen=row.seen, at_hand=at_hand)

    return [_verdict(row.key, partial(send, row)) for row in rows]


def propose_many(actor: Actor, rows: Iterable[Row], leader: User, *, text: str) -> list[Verdict]:
    """Put each document before one leader, with the lines of its row (Kon Tum Điều 13.2)."""
    return [
        _verdict(row.key, _since(actor, row, propose, leader, text=text, lines=row.lines))
        for row in rows
    ]


def finish_many(
    actor: Actor, rows: Iterable[Row], *, text: str, dossier: Dossier | None = None
) -> list[Verdict]:
    """End at once what needs no work (Kon Tum Điều 13.7c).

    ``dossier``: into which all of it goes in the same step; what it refuses is not ended.
    """
    work = partial(_since, dossier=dossier)
    return [_verdict(row.key, work(actor, row, finish, text=text)) for row in rows]


def recall_many(actor: Actor, keys: Iterable[int]) -> list[Verdict]:
    """Take back what was just given out, as far as nobody has opened it."""
    return [_verdict(key, partial(recall, actor, _named(Row(key)))) for key in keys]


def _named(row: Row) -> IncomingDocument:
    """The document by its key alone; the verb reads it anew under its lock."""
    return IncomingDocument(pk=row.key)


def _since(
    actor: Actor,
    row: Row,
    verb: Callable[..., IncomingDocument],
    *what: object,
    dossier: Dossier | None = None,
    **how: object,
) -> Callable[[], IncomingDocument]:
    """The verb, unless somebody has acted since the row was drawn."""

    @transaction.atomic
    def work() -> IncomingDocument:
        if dossier is not None:
            lock_rows(row.key, dossier.pk)  # both by ascending key, before either alone
            how["dossier"] = dossier
        document = routing.lock(actor, _named(row))
        routing.unchanged(document, row.seen)
        return verb(actor, document, *what, **how)

    return work


def _verdict(key: int, work: Callable[[], IncomingDocument]) -> Verdict:
    try:
        return Verdict(key, work())
    except Refusal as refusal:
        return Verdict(key, refusal=refusal)
    except Dossier.DoesNotExist:
        return Verdict(key, refusal=Stale(_("Hồ sơ không còn trong phạm vi được xem.")))
    except IncomingDocument.DoesNotExist:
        return Verdict(key, refusal=Stale(_("Không còn được xem văn bản này.")))
    except IntegrityError:
        # Somebody has written an act between our reading and our lock: he was quicker.
        return Verdict(key, refusal=_overtaken(key))


def _overtaken(key: int) -> Refusal:
    try:
        routing.require(
            Stale(_("Văn bản đã có bước mới từ lúc mở trang này.")), IncomingDocument(pk=key)
        )
    except Refusal as refusal:
        return refusal
    raise AssertionError  # a refusal was given, so one is raised
