"""A hundred signed at once in a worker of its own, while people go on working with the site."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from accounts.actor import actor_for
from accounts.models import User
from documents.models import Waiting
from edocman.benchmark import signing
from edocman.benchmark.filling import Office
from edocman.benchmark.measuring import BASE, percentiles
from edocman.demo import authority
from outgoing import actions
from outgoing.actions import batching
from outgoing.actions.drafting import Plan
from outgoing.actions.making import making
from outgoing.choices import State, Verb
from outgoing.content import Content
from outgoing.models import BatchRow, IssuingBody
from signatures.models import SigningKey

MANY = 100
PIN = signing.PIN


@dataclass(frozen=True)
class AtOnce:
    """How many were signed, seconds in all, and a page asked for before and meanwhile (ms)."""

    signed: int
    refused: int
    seconds: float
    quiet_p50: float
    quiet_p95: float
    busy_p50: float
    busy_p95: float
    ratio: float


def at_once(folder: Path, office: Office, database: str, ask: Callable[[], Any]) -> AtOnce:
    """Set a batch going as its page does; a worker does it while ``ask`` is asked again and again.

    The worker is a process of its own against that database, as in an office.
    """
    root = authority.root_in(folder)
    trusted, settings.SIGNATURE_ANCHORS = settings.SIGNATURE_ANCHORS, [str(root)]
    chair = office.readers["chair"]
    key = signing.new_key(folder, owner=chair)
    key.save()
    seen: dict[int, int] = {}
    try:
        actor = _actor(office, chair)
        seen.update((_to_sign(office).pk, 1) for _number in range(MANY))
        quiet = [_timed(ask) for _number in range(40)]
        batch = batching.start(actor, Verb.SIGN, seen, entry_token=uuid4(), key=key, pin=PIN)
        started = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "manage.py", "sign_batches"],
            cwd=BASE,
            env=os.environ | {"DATABASE_URL": database, "SIGNATURE_ANCHORS": str(root)},
            stdout=subprocess.DEVNULL,
        )
        busy = []
        while child.poll() is None:
            busy.append(_timed(ask))
            time.sleep(0.2)  # somebody reads before he goes on
        seconds = time.perf_counter() - started
        outcomes = list(batch.rows.values_list("outcome", flat=True))
    finally:
        SigningKey.objects.filter(pk=key.pk).update(is_active=False)
        # A database that is kept would have them on the clerk's desk the next time.
        Waiting.objects.filter(document_id__in=seen).delete()
        settings.SIGNATURE_ANCHORS = trusted
    (quiet_p50, quiet_p95), (busy_p50, busy_p95) = percentiles(quiet), percentiles(busy)
    return AtOnce(
        outcomes.count(BatchRow.Outcome.DONE),
        outcomes.count(BatchRow.Outcome.REFUSED),
        round(seconds, 1),
        quiet_p50,
        quiet_p95,
        busy_p50,
        busy_p95,
        round(busy_p50 / max(quiet_p50, 0.1), 2),
    )


def _timed(ask: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    ask()
    return (time.perf_counter() - begin) * 1000


def _actor(office: Office, user: User) -> Any:
    actor = actor_for(user, office.agency)
    assert actor is not None  # noqa: S101 -- made with its appointment
    return actor


def _to_sign(office: Office) -> Any:
    """A letter of the chair himself that the office has appraised."""
    chair, chief = (_actor(office, office.readers[name]) for name in ("chair", "chief"))
    body, _new = IssuingBody.objects.get_or_create(
        agency=office.agency,
        name=office.agency.name,
        organ_name=office.agency.name.upper(),
        abbreviation="UBND",
    )
    content = Content(
        type_name="Công văn",
        subject=f"về việc đo tốc độ ký số {uuid4().hex[:8]}",
        body="Đề nghị các đơn vị thực hiện./.",
        body_key=body.pk,
        code_notation="UBND-VP",
        addressees="Các phòng, ban",
        recipients="Như trên\nLưu: VT",
        signer_position="CHỦ TỊCH",
        signer_full_name=chair.user.full_name,
    )
    plan = Plan(signer=chair.own)
    document = actions.draft(chair, content, plan, token=uuid4(), gate_kind="none")
    with making(chair, document) as made:
        document = actions.submit(chair, document, made)
    while document.state != State.SIGNING:
        document = actions.appraise(chief, document, seen=1)
    return document
