"""Matter: what people are given work on, whatever its kind."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import cached_property

from accounts.models import Appointment, User
from core import clock
from documents.choices import AssignmentRole, Outcome
from documents.models.document import Document
from documents.models.routing import Assignment, Extension, Opinion
from documents.waits import Wait

# A unit, by its key, and a role in it.
Place = tuple[int, str]


class Matter(Document):
    """A document that came, a dossier, a task: somebody leads the work on it, others help or know.

    Tables, rules and verbs of the work are the same for all kinds; where they differ the verbs ask
    the matter itself. A kind says its states, its words and what waits in its own states.
    """

    # Whether a later day or an opinion is waited for: known from the locked row itself, so that
    # the many verbs without such a request cost no query more.
    has_requests = models.BooleanField(default=False)

    # States in which people work on what they were given; those in which anybody may still speak.
    work_states: ClassVar[tuple[str, ...]] = ()
    open_states: ClassVar[tuple[str, ...]] = ()
    over_states: ClassVar[tuple[str, ...]] = ()
    # False: what waits, as if everybody were still here; so it stands until the clock has looked.
    sees_leavers = True
    # Cached answers that a verb makes old.
    read_once: ClassVar[tuple[str, ...]] = (
        "open_extensions",
        "open_opinions",
        "posts_known",
        "leavers",
    )

    class Meta:
        abstract = True

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        raise NotImplementedError

    def verb_label(self, verb: str) -> str:
        """What was done with it, in words."""
        raise NotImplementedError

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def get_state_display(self) -> str:
        """The state in words."""
        raise NotImplementedError

    def own_waits(self) -> list[Wait]:
        """What its state itself asks of somebody, beside what assignments and requests ask."""
        raise NotImplementedError

    @property
    def goes_on(self) -> bool:
        """True while people work on what they were given."""
        return self.state in self.work_states

    @property
    def is_over(self) -> bool:
        """True when nobody has to do anything any more, whatever assignments are open."""
        return self.state in self.over_states

    @property
    def keeps_words(self) -> bool:
        """False for one of which nothing is written any more."""
        return True

    @property
    def leader_asked(self) -> User | None:
        """The leader who decided on it in person, if one was asked."""
        return None

    @property
    def extension_role(self) -> str:
        """The role that decides on later days of a unit's work (Kon Tum Điều 11.6c); or ""."""
        named = None if self.agency.is_member else self.agency.regulation.extension_decider
        return str(named.value) if named else ""

    @property
    def distributing_role(self) -> str:
        """The role that gives such work out in the agency (Kon Tum Điều 13.2, 16.1b)."""
        return self.agency.regulation.distribution(member=self.agency.is_member).value

    def article(self, key: str) -> str:
        """The article by which the agency's regulation has that rule of work; "" without one."""
        found = getattr(self.agency.regulation, key)
        return found.article if found else ""

    @property
    def shared_work_terms(self) -> str:
        """The article that wants each one's day and words where several are given it; or ""."""
        return ""

    @property
    def is_led(self) -> bool:
        """True while a unit or person of the first line leads the work."""
        return any(
            one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
            for one in self.all_assignments
        )

    @cached_property
    def all_assignments(self) -> list[Assignment]:
        """Every assignment with its unit, person and giver, oldest first; read once."""
        return list(
            self.assignments.select_related("unit", "person", "given_by__user").order_by(
                "given_at", "pk"
            )
        )

    @cached_property
    def leavers(self) -> frozenset[int]:
        """Keys of those with open work of their own who work in the agency no longer; read once."""
        asked = {one.person_id for one in self.all_assignments if one.is_open} - {None}
        if not asked:
            return frozenset()
        held = Appointment.objects.in_force(clock.today()).filter(unit__agency=self.agency_id)
        here = held.filter(user__in=asked).values_list("user", flat=True)
        return frozenset(pk for pk in asked if pk) - frozenset(here)

    def has_left(self, one: Assignment) -> bool:
        """True for the part of one who can no longer go on with it, nor send it back."""
        return self.sees_leavers and one.person_id in self.leavers

    def giver_of(self, one: Assignment) -> tuple[User | None, Place | None]:
        """Who takes a part of the first line from one who has left, to give it to another.

        A person or a post; neither where nobody has that post today.
        """
        role = self.distributing_role
        unit = self.receiving_unit(role)
        return None, (unit, role) if unit is not None else None

    def bound_of(self, one: Assignment) -> date | None:
        """The day beyond which whoever gave this part of the first line may not go; or None."""
        return None

    def day_namer(self) -> tuple[User | None, Place | None]:
        """Who named the day of the whole, and may move it; neither where nobody does any more."""
        return None, None

    @cached_property
    def open_extensions(self) -> list[Extension]:
        """Requests for a later day that nobody has decided, oldest first."""
        if not self.has_requests:
            return []
        rows = Extension.objects.filter(assignment__document=self.pk, outcome=Outcome.ASKED)
        whole = ("assignment__unit", "assignment__person", "asked_by__user")
        return list(rows.select_related(*whole).order_by("pk"))

    @cached_property
    def open_opinions(self) -> list[Opinion]:
        """Opinions that were asked for and have been neither given nor withdrawn, oldest first."""
        if not self.has_requests:
            return []
        rows = self.opinions.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
        return list(rows.select_related("unit", "person", "asked_by__user", "asked_by__unit"))

    @cached_property
    def posts_known(self) -> dict[tuple[str, int], Any]:
        """Answers about posts, each asked once however many requests and rules ask it."""
        return {}

    def receiving_unit(self, role: str) -> int | None:
        """Whose post of that role works for the whole agency; None when nobody holds it today."""
        known, key = self.posts_known, (role, 0)
        if key not in known:
            held = Appointment.objects.in_force(clock.today()).receiving(self.agency, role)
            known[key] = held.values_list("unit", flat=True).first()
        found: int | None = known[key]
        return found

    def is_held(self, unit_id: int, role: str) -> bool:
        """True when somebody holds that post today."""
        known, key = self.posts_known, (role, unit_id)
        if key not in known:
            held = Appointment.objects.in_force(clock.today())
            known[key] = held.filter(unit=unit_id, role=role).exists()
        return bool(known[key])

    def forget_rows(self, *, but_assignments: bool = False) -> None:
        """Read assignments and requests anew the next time."""
        for name in self.read_once:
            self.__dict__.pop(name, None)
        if not but_assignments:
            self.__dict__.pop("all_assignments", None)
