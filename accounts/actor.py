"""Who acts: the first argument of every verb."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import update_wrapper
from threading import local
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.choices import WHOLE_AGENCY, Role, Scope
from accounts.models import Agency, Appointment, Delegation, Unit, User
from accounts.querysets import DelegationQuerySet
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
    # What he holds today in any agency: the posts that he may switch to.
    everywhere: tuple[Appointment, ...] = ()

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

    @property
    def leads_agency(self) -> bool:
        """True when he is the head of the agency by the current appointment; any leader where
        nobody is written down as its head. Deputies are it by delegation only.
        """
        return self._is_head(self.appointment)

    @property
    def answers_for_head(self) -> bool:
        """True when he is the head by any of his posts, or stands in for him in all he does."""
        given = (one.appointment for one in self.delegations if one.scope == Scope.ALL)
        return any(self._is_head(one) for one in (*self.appointments, *given))

    def _is_head(self, held: Appointment) -> bool:
        return held.role == Role.LEADER and (held.is_head or not self.agency.has_head)

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
    everywhere = tuple(_held_by(user, on or clock.today()))
    return _acting(user, agency, everywhere, current=current, on=on)


def actor_at(user: User, slug: str, *, current: int | None = None) -> Actor | None:
    """The Actor that a user is today in the agency of that path, or None when he holds nothing
    there. The agency is known from what he holds: no query of its own.
    """
    everywhere = tuple(_held_by(user, clock.today()).select_related("unit__agency__parent"))
    agency = next((one.unit.agency for one in everywhere if one.unit.agency.slug == slug), None)
    if agency is None:
        return None
    return _acting(user, agency, everywhere, current=current)


def _held_by(user: User, today: date) -> Any:
    """What he holds that day in any agency, oldest first; whether somebody stands in there, too."""
    return _held_on(today).filter(user=user)


# Each thread its own: putting SQL together may write into what a question holds.
_kept = local()


def _held_on(today: date) -> Any:
    """The question without the person: to put it together takes longer than to ask it, and every
    page asks. It is only narrowed, never asked as it stands, so that it keeps no answers.
    """
    day, question = getattr(_kept, "held", (None, None))
    if day != today:
        question = _put_together(today)
        _kept.held = today, question
    return question


def _put_together(today: date) -> Any:
    given = (
        Delegation.objects.in_force(today)
        .filter(Q(delegate=OuterRef("user")) | Q(appointment__user=OuterRef("user")))
        .filter(appointment__unit__agency=OuterRef("unit__agency"))
    )
    head = Appointment.objects.in_force(today).filter(
        unit__agency=OuterRef("unit__agency"), is_head=True
    )
    return (
        Appointment.objects.in_force(today)
        .with_post()
        .annotate(is_delegated=Exists(given), has_head=Exists(head))
        .select_related("unit__agency")
        .order_by("start_date", "pk")
    )


def _delegations(user: User, today: date) -> DelegationQuerySet:
    """Those to him, and his own to others."""
    return Delegation.objects.in_force(today).filter(Q(delegate=user) | Q(appointment__user=user))


def _acting(
    user: User,
    agency: Agency,
    everywhere: tuple[Any, ...],
    *,
    current: int | None = None,
    on: date | None = None,
) -> Actor | None:
    held = tuple(one for one in everywhere if one.unit.agency_id == agency.pk)
    if not held:
        return None
    delegations: list[StandIn] = []
    away: dict[int, Delegation] = {}
    # A query of its own, for the few who have any: joined to the first it took a tenth of each
    # page to put together.
    given = (
        _delegations(user, on or clock.today())
        .filter(appointment__unit__agency=agency)
        .with_post()
        .select_related("delegate", "appointment__unit", "appointment__user")
        if held[0].is_delegated
        else ()
    )
    if on is None:
        agency.has_head = held[0].has_head
    for one in given:
        if one.delegate_id == user.pk:
            one.appointment.post_group = one.post_group
            one.appointment.unit.agency = agency
            delegations.append(
                StandIn(one.pk, one.appointment, one.scope, one.end_date, one.decision_number)
            )
        else:
            away[one.appointment_id] = one
    for appointment in held:
        appointment.unit.agency, appointment.user = agency, user
        # Whoever stands in for the holder; shown to him, so that he knows.
        absence = away.get(appointment.pk)
        appointment.stood_in_by = absence.delegate.full_name if absence else None
        appointment.stood_in_until = absence.end_date if absence else None
    delegations.sort(key=lambda one: (one.appointment.start_date, one.appointment.pk))
    chosen = next((one for one in held if one.pk == current), held[0])
    groups = frozenset(one.post_group for one in held if one.post_group)
    return Actor(
        user, agency, chosen, held, groups, chosen, tuple(delegations), everywhere=everywhere
    )


def once(appointment: Appointment) -> Actor:
    """Who he was when he did what is finished only later: the trail names him, he decides nothing.

    By then he may hold nothing any more.
    """
    agency = appointment.unit.agency
    return Actor(appointment.user, agency, appointment, (appointment,), frozenset(), appointment)
