"""Who acts: the first argument of every verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import update_wrapper

from django.db.models import OuterRef, Q, Subquery

from accounts.choices import WHOLE_AGENCY, Role, Scope
from accounts.models import Agency, Appointment, Delegation, Unit, User
from core import clock
from core.errors import NotYours, Refusal


@dataclass(frozen=True)
class StandIn:
    """A delegation in force, as its delegate uses it."""

    pk: int
    appointment: Appointment
    scope: str
    end_date: date
    decision_number: str

    @property
    def person(self) -> User:
        """Who delegated."""
        return self.appointment.user


@dataclass(frozen=True)
class Actor:
    """A person in an agency today: what he holds, and as what he acts now.

    He sees what all his posts in the agency let him see, and what waits for those who delegated to
    him; he acts as the current post. ``acting_for`` is set while a verb is done for somebody else:
    ``appointment`` is then the other's, ``own`` stays his.
    """

    user: User
    agency: Agency
    appointment: Appointment
    appointments: tuple[Appointment, ...]
    post_groups: frozenset[int]
    own: Appointment
    delegations: tuple[StandIn, ...] = ()
    acting_for: StandIn | None = None

    @property
    def role(self) -> str:
        """The role of the current appointment."""
        return self.appointment.role

    @property
    def unit(self) -> Unit:
        """The unit of the current appointment."""
        return self.appointment.unit

    @property
    def principal(self) -> User:
        """The person whose work it is: himself, or the one for whom he acts."""
        return self.acting_for.person if self.acting_for else self.user

    @property
    def sees_whole_agency(self) -> bool:
        """True when one of his roles, or of those delegated to him, covers the agency."""
        held = (*self.appointments, *(one.appointment for one in self.delegations))
        return any(one.role in WHOLE_AGENCY for one in held)

    @property
    def delegated_groups(self) -> frozenset[int]:
        """Groups of the posts that he fills for others."""
        found = (getattr(one.appointment, "post_group", None) for one in self.delegations)
        return frozenset(group for group in found if group)

    def heads(self, unit_id: int) -> bool:
        """True when he answers for that unit by the current appointment."""
        return self.unit.pk == unit_id and self.role == self.unit.head_role

    def holds(self, *roles: Role) -> bool:
        """True when the current appointment has one of these roles."""
        return self.role in roles

    def stand_ins(self, *, decides: bool = False) -> Iterator[Actor]:
        """The same person acting for each who delegated to him; none when he already does.

        ``decides`` leaves out those who kept their decisions to themselves.
        """
        if self.acting_for is not None:
            return
        for one in self.delegations:
            if not decides or one.scope == Scope.ALL:
                yield replace(self, appointment=one.appointment, acting_for=one)


Ask = Callable[..., Refusal | None]


class Rule:
    """A rule that a delegate may meet too: first as himself, else for whom he stands in.

    Calling it answers None or the Refusal; ``answer`` says as whom the verb is then done.
    """

    def __init__(self, ask: Ask, *, decides: bool = False) -> None:
        self.ask = ask
        self.decides = decides
        update_wrapper(self, ask)

    def __call__(self, actor: Actor, *what: object) -> Refusal | None:
        return self.answer(actor, *what)[0]

    def answer(self, actor: Actor, *what: object) -> tuple[Refusal | None, Actor]:
        """The refusal, and the actor as whom it was asked last."""
        refusal, asked = self.ask(actor, *what), actor
        for other in actor.stand_ins(decides=self.decides) if refusal else ():
            said = self.ask(other, *what)
            if said is None:
                return None, other
            if isinstance(refusal, NotYours) and not isinstance(said, NotYours):
                # His by delegation, only not now: this is what the page explains.
                refusal, asked = said, other
        return refusal, asked


def rule(ask: Ask) -> Rule:
    """Marks a rule of daily work."""
    return Rule(ask)


def deciding_rule(ask: Ask) -> Rule:
    """Marks a rule of a decision, which a delegation of routine work leaves out."""
    return Rule(ask, decides=True)


def actor_for(
    user: User, agency: Agency, *, current: int | None = None, on: date | None = None
) -> Actor | None:
    """The Actor that a user is in an agency on a day, or None when he holds nothing there.

    ``current`` is the key of the appointment to act as; the oldest one in force otherwise.
    """
    today = on or clock.today()
    mine = Delegation.objects.in_force(today).filter(delegate=user)
    given = mine.filter(appointment=OuterRef("pk"))
    away = Delegation.objects.in_force(today).filter(appointment=OuterRef("pk"))
    found = list(
        Appointment.objects.in_force(today)
        .with_post()
        .annotate(
            delegation=Subquery(given.values("pk")[:1]),
            delegated_scope=Subquery(given.values("scope")[:1]),
            delegated_until=Subquery(given.values("end_date")[:1]),
            delegated_by=Subquery(given.values("decision_number")[:1]),
            # Whoever stands in for the holder; shown to him, so that he knows.
            stood_in_by=Subquery(away.values("delegate__full_name")[:1]),
            stood_in_until=Subquery(away.values("end_date")[:1]),
        )
        .filter(Q(user=user) | Q(pk__in=mine.values("appointment")), unit__agency=agency)
        .select_related("unit", "user")
        .order_by("start_date", "pk")
    )
    held = tuple(one for one in found if one.user_id == user.pk)
    if not held:
        return None
    for appointment in found:
        appointment.unit.agency = agency
        if appointment.user_id == user.pk:
            appointment.user = user
    chosen = next((one for one in held if one.pk == current), held[0])
    delegations = tuple(
        StandIn(one.delegation, one, one.delegated_scope, one.delegated_until, one.delegated_by)
        for one in found
        if one.user_id != user.pk
    )
    groups = frozenset(one.post_group for one in held if one.post_group)
    return Actor(user, agency, chosen, held, groups, chosen, delegations)
