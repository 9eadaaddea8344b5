"""Who acts: the first argument of every verb."""

from dataclasses import dataclass
from datetime import date

from accounts.choices import WHOLE_AGENCY, Role
from accounts.models import Agency, Appointment, Unit, User
from core import clock


@dataclass(frozen=True)
class Actor:
    """A person in an agency today: what he holds, and as what he acts now.

    He sees what all his posts in the agency let him see, and acts as the current one.
    """

    user: User
    agency: Agency
    appointment: Appointment
    appointments: tuple[Appointment, ...]
    post_groups: frozenset[int]

    @property
    def role(self) -> str:
        """The role of the current appointment."""
        return self.appointment.role

    @property
    def unit(self) -> Unit:
        """The unit of the current appointment."""
        return self.appointment.unit

    @property
    def sees_whole_agency(self) -> bool:
        """True when one of his roles covers every document of the agency."""
        return any(held.role in WHOLE_AGENCY for held in self.appointments)

    def heads(self, unit_id: int) -> bool:
        """True when he answers for that unit by the current appointment."""
        return self.unit.pk == unit_id and self.role == self.unit.head_role

    def holds(self, *roles: Role) -> bool:
        """True when the current appointment has one of these roles."""
        return self.role in roles


def actor_for(
    user: User, agency: Agency, *, current: int | None = None, on: date | None = None
) -> Actor | None:
    """The Actor that a user is in an agency on a day, or None when he holds nothing there.

    ``current`` is the key of the appointment to act as; the oldest one in force otherwise.
    """
    held = tuple(
        Appointment.objects.in_force(on or clock.today())
        .with_post()
        .filter(user=user, unit__agency=agency)
        .select_related("unit")
        .order_by("start_date", "pk")
    )
    if not held:
        return None
    for appointment in held:
        appointment.unit.agency = agency
        appointment.user = user
    chosen = next((one for one in held if one.pk == current), held[0])
    groups = frozenset(one.post_group for one in held if one.post_group)
    return Actor(user, agency, chosen, held, groups)
