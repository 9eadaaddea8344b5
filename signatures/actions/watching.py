"""The clock looks whose certificate is about to lapse."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Agency, Appointment, User
from core import clock
from notifications.actions import post_lines
from notifications.choices import Lapse
from notifications.models import Notification
from signatures.models import KeyWarning, SigningKey

DAYS = (30, 7, 1)


@transaction.atomic
def warn_of_lapse(key: SigningKey) -> int:
    """Tell its holder that a certificate lapses in 30, 7, 1 days, once each; answers how many were
    told. A renewed key is not active any more, and nobody hears of it."""
    key = SigningKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    left = key.valid_to - clock.now()
    due = [days for days in DAYS if left <= timedelta(days=days)]
    if not key.is_active or not due:
        return 0
    # After a pause only the nearest is told; the earlier ones are over.
    told = set(key.warnings.values_list("days", flat=True))
    KeyWarning.objects.bulk_create(
        [KeyWarning(key=key, days=days, told_at=clock.now()) for days in due if days not in told]
    )
    if min(due) in told:
        return 0
    rows = [_line(key, user, agency, max(left.days, 0)) for user, agency in _people(key)]
    post_lines(rows)
    return len(rows)


def _people(key: SigningKey) -> list[tuple[User, Agency]]:
    held = Appointment.objects.in_force(clock.today()).select_related("user", "unit__agency")
    if key.owner_id is not None:
        first = held.filter(user=key.owner_id).order_by("start_date", "pk").first()
        return [(first.user, first.unit.agency)] if first else []
    rows = held.filter(unit__agency=key.agency_id, role=Role.AGENCY_ADMIN)
    return [(one.user, one.unit.agency) for one in rows.order_by("user", "pk").distinct("user")]


def _line(key: SigningKey, user: User, agency: Agency, days: int) -> Notification:
    is_own = key.owner_id is not None
    return Notification(
        agency=agency,
        user=user,
        kind=Lapse.OWN if is_own else Lapse.AGENCY,
        path=reverse("keys:keys" if is_own else "admin:signatures_signingkey_changelist"),
        due_date=clock.day_of(key.valid_to),
        figures={"days": days},
    )
