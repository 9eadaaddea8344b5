"""The clock looks which documents that went out will soon be hard to prove."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from accounts.actor import actor_for
from accounts.models import Appointment, User
from core import clock
from notifications.actions import post_lines
from notifications.choices import Lapse
from notifications.models import Notification
from outgoing import lasting, rules

# The clock comes every day; a line is told again after a week, as long as something is near.
PAUSE = timedelta(days=6, hours=12)


@transaction.atomic
def warn_of_weakening(appointment: Appointment) -> bool:
    """Tell whoever watches over them how many there are; what is over stays in the list alone."""
    user, agency = appointment.user, appointment.unit.agency
    # Two clocks at once tell him once.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    actor = actor_for(user, agency, current=appointment.pk)
    if actor is None or rules.may_watch_proofs(actor) is not None:
        return False
    told = Notification.objects.filter(user=user, agency=agency, kind=Lapse.PROOF)
    if told.filter(created_at__gt=clock.now() - PAUSE).exists():
        return False
    near = lasting.files(actor).filter(proof_until__gt=clock.now())
    first, count = near.order_by("proof_until").first(), near.count()
    if first is None or first.proof_until is None:
        return False
    line = Notification(
        agency=agency,
        user=user,
        kind=Lapse.PROOF,
        path=reverse("outgoing:weakening", args=[agency.slug]),
        due_date=clock.day_of(first.proof_until),
        figures={"count": count},
    )
    post_lines([line])
    return True
