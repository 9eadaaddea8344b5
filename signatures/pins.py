"""A PIN is tried: three wrong ones in a row lock the key, whatever becomes of the transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context

from django.db import connection, transaction

from core import clock
from core.errors import Refusal
from signatures import vault
from signatures.backends import Hand, WrongPin, hand_of
from signatures.choices import WRONG_PINS
from signatures.models import SigningKey
from signatures.sentences import say


def opened(stack: ExitStack, key: SigningKey, pin: str) -> Hand:
    """The hand that signs with this key, open until ``stack`` ends.

    Raises Refusal: wrong PIN, locked, retired, a secret that nothing opens any more.
    """
    hands: list[Hand] = []

    def attempt() -> Refusal | None:
        return _attempt(key, lambda row: hands.append(stack.enter_context(hand_of(row, pin))))

    refusal = attempt() if not connection.in_atomic_block else _beside(attempt)
    if refusal is not None:
        raise refusal
    return hands[0]


def _attempt(key: SigningKey, try_: Callable[[SigningKey], None]) -> Refusal | None:
    """Try it with the row held, so that many at once are no more attempts than one by one."""
    with transaction.atomic():
        # Not against those that refer to the row: the verb around may have done so.
        row = SigningKey.objects.select_for_update(no_key=True).get(pk=key.pk)
        if not row.is_active:  # retired or replaced since the page was shown
            return Refusal(say("retired"), field="key")
        if row.locked_at is not None:
            return Refusal(say("locked", count=WRONG_PINS), field="pin")
        try:
            try_(row)
        except vault.Closed:
            return Refusal(say("sealed_away"), field="key")
        except WrongPin:
            return _count(row)
        except Refusal as refusal:
            return refusal
        if row.failures:
            SigningKey.objects.filter(pk=row.pk).update(failures=0)
    return None


def _count(row: SigningKey) -> Refusal:
    row.failures += 1
    if row.failures >= WRONG_PINS:
        row.locked_at = clock.now()
    SigningKey.objects.filter(pk=row.pk).update(failures=row.failures, locked_at=row.locked_at)
    if row.locked_at is not None:
        return Refusal(say("locked", count=WRONG_PINS), field="pin")
    return Refusal(say("wrong_pin", left=WRONG_PINS - row.failures), field="pin")


def _beside(attempt: Callable[[], Refusal | None]) -> Refusal | None:
    """In a transaction of its own, on another connection: a rollback around does not undo it."""

    def work() -> Refusal | None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                # Who has changed the row in the transaction around must not wait for himself.
                cursor.execute("SET LOCAL lock_timeout = '10s'")
                return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        try:
            return pool.submit(copy_context().run, work).result()
        except SigningKey.DoesNotExist:
            pass
    # Made in the transaction around, where nobody else sees it yet.
    return attempt()
