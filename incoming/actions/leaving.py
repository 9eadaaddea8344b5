"""watch_leavers: what lies with one who has left comes onto the desk of whoever put it there.

Kon Tum Điều 13.2, 13.3, 20.2: whoever proposes takes it back from a leader and puts it before
another; the head or the office takes back a part of the work. Nobody does a verb on the day when an
appointment ends, so the clock looks.
"""

from contextlib import suppress
from dataclasses import dataclass

from django.db import transaction

from accounts.actions import receiving_post
from accounts.models import Agency, Appointment
from core import clock
from core.errors import Refusal
from documents.actions import lock_rows, route
from documents.actions.leaving import lying, turn
from documents.choices import Kind
from incoming.actions import routing
from incoming.choices import Notice, State
from incoming.models import IncomingDocument
from notifications.actions import notify


@dataclass
class Watched:
    """How many lie with people who have left since, and with some who are back."""

    left: int = 0
    back: int = 0


def watch_leavers(agency: Agency) -> Watched:
    """Ask others for what lies with people who have left; one who is back is asked anew.

    Each in a transaction of its own. Run again it finds nothing more to do, and tells nobody twice.
    Where nobody may take it back today either, it waits until somebody may.
    """
    done = _watch_leaders(agency)
    for pk in sorted(lying(agency, Kind.INCOMING)):
        with suppress(Refusal):
            turned = _turn_work(pk)
            done.left += turned == "left"
            done.back += turned == "back"
    return done


@transaction.atomic
def _turn_work(pk: int) -> str:
    lock_rows(pk)
    return turn(IncomingDocument.objects.select_related("agency__parent").get(pk=pk))


def _watch_leaders(agency: Agency) -> Watched:
    """Ask whoever proposes for what lies with a leader who has left."""
    done = Watched()
    decider = agency.regulation.decider
    if decider is None or agency.regulation.proposer is None:
        return done
    here = Appointment.objects.in_force(clock.today()).filter(
        unit__agency=agency, role=decider.value, user__is_active=True
    )
    lying = IncomingDocument.objects.filter(agency=agency, state=State.PROPOSED)
    gone = lying.filter(leader_left=False).exclude(proposed_to__in=here.values("user"))
    back = lying.filter(leader_left=True, proposed_to__in=here.values("user"))
    for rows, left in ((gone, True), (back, False)):
        for pk in rows.order_by("pk").values_list("pk", flat=True):
            with suppress(Refusal):
                done.left += left and _turn(pk, left=True)
                done.back += not left and _turn(pk, left=False)
    return done


@transaction.atomic
def _turn(pk: int, *, left: bool) -> bool:
    """Ask the one instead of the other; False when somebody has acted meanwhile."""
    lock_rows(pk)
    document = IncomingDocument.objects.select_related("agency__parent").get(pk=pk)
    if document.state != State.PROPOSED or document.leader_left == left:
        return False
    proposer = document.agency.regulation.proposer
    assert proposer is not None  # noqa: S101 -- watch_leavers has seen it
    posts = [receiving_post(document.agency, proposer.value)] if left else []
    document.leader_left = left
    document.save(update_fields=["leader_left"])
    route(document, routing.expected_waits(document))
    if left:
        notify(document.agency, Notice.LEADER_LEFT, document.get_absolute_url(), posts=posts)
    return True
