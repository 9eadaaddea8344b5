"""Who answers today for what waits in an agency: holders of posts, and who stands in for them."""

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from accounts.choices import WHOLE_AGENCY, Role, Scope
from accounts.models import Agency, Appointment, Delegation, Unit, User
from documents.choices import DECISIONS, OF_HEAD
from documents.models import GroupGrant, UserGrant, Waiting


@dataclass(frozen=True)
class Answering:
    """A person who is told: for himself, or for whom he stands in; ``is_away``: stood in for."""

    user: User
    on_behalf_of: User | None = None
    is_away: bool = False


class Duty:
    """The people of an agency on a day, read once: four queries, whatever waits."""

    def __init__(self, agency: Agency, today: date) -> None:
        self._agency = agency
        self._held = list(
            Appointment.objects.in_force(today)
            .filter(unit__agency=agency)
            .with_post()
            .select_related("user", "unit__parent")
            .order_by("start_date", "pk")
        )
        for one in self._held:
            one.unit.agency = agency
        self._here = {one.user_id for one in self._held}
        self._standing: dict[int, list[Delegation]] = {}
        given = Delegation.objects.in_force(today).filter(appointment__unit__agency=agency)
        for one in given.select_related("delegate", "appointment__user").order_by("pk"):
            # A delegate who has left the agency opens nothing there.
            if one.delegate_id in self._here:
                self._standing.setdefault(one.appointment_id, []).append(one)

    def of(self, row: Waiting) -> list[Answering]:
        """Who is asked by a waiting row: the person, or the holders of the post."""
        if row.user_id is not None:
            # What waits for a person waits for whoever stands in for him in any of his posts.
            held = [one for one in self._held if one.user_id == row.user_id]
            return self._told(held, row.verb)
        held = [one for one in self._held if one.post_group == row.group_id]
        if row.verb in OF_HEAD and any(one.is_head for one in self._held):
            held = [one for one in held if one.is_head]
        return self._told(held, row.verb)

    def unit_of(self, row: Waiting) -> Unit | None:
        """Where the work lies that has no assignment: the unit of the post or of the person."""
        for one in self._held:
            if (row.user_id and one.user_id == row.user_id) or (
                row.group_id and one.post_group == row.group_id
            ):
                return one.unit
        return None

    def heads_above(
        self, unit: Unit | None, below: Iterable[User], verb: str, seeing: Container[int]
    ) -> list[Answering]:
        """Who answers for that unit, or for one above it where nobody but ``below`` does.

        A head who does not see the work could do nothing about it: the next one above is told, at
        last the chief. ``seeing``: who sees it (``seen_by_heads``).
        """
        ones, is_unseen = {user.pk for user in below}, False
        while unit is not None:
            held = [
                one
                for one in self._held
                if one.unit_id == unit.pk and one.role == unit.head_role and one.user_id not in ones
            ]
            if known := [one for one in held if one.user_id in seeing]:
                return self._told(known, verb)
            is_unseen = is_unseen or bool(held)
            unit = unit.parent
        return self.chiefs(verb) if is_unseen else []

    def seen_by_heads(self, documents: Collection[int]) -> dict[int, set[int]]:
        """Which heads (by key) see each of these documents of the agency: two queries."""
        heads = {one.user_id for one in self._held if one.role == one.unit.head_role}
        posts = [one for one in self._held if one.user_id in heads]
        whole = {one.user_id for one in posts if one.role in WHOLE_AGENCY}
        found = {pk: set(whole) for pk in documents}
        own = UserGrant.objects.filter(content_object__in=documents, user__in=heads - whole)
        for pk, user in own.values_list("content_object", "user"):
            found[pk].add(user)
        holders: dict[int, set[int]] = {}
        for one in posts:
            if one.post_group is not None:
                holders.setdefault(one.post_group, set()).add(one.user_id)
        given = GroupGrant.objects.filter(content_object__in=documents, group__in=holders)
        for pk, group in given.values_list("content_object", "group"):
            found[pk] |= holders[group]
        return found

    def chiefs(self, verb: str) -> list[Answering]:
        """The chief of the office; in an agency without one, whoever gives out the work."""
        role = self._agency.regulation.distribution(member=self._agency.is_member).value
        for wanted in (Role.OFFICE_CHIEF, role):
            if held := [one for one in self._held if one.role == wanted]:
                return self._told(held, verb)
        return []

    def _told(self, held: list[Appointment], verb: str) -> list[Answering]:
        found: dict[tuple[int, int | None], Answering] = {}
        standing: dict[int, list[Delegation]] = {}
        for one in held:
            standing.setdefault(one.user_id, []).extend(self._covering(one, verb))
        for one in held:
            given = standing[one.user_id]
            found.setdefault((one.user_id, None), Answering(one.user, is_away=bool(given)))
            for each in given:
                found.setdefault(
                    (each.delegate_id, one.user_id), Answering(each.delegate, one.user)
                )
        return list(found.values())

    def _covering(self, appointment: Appointment, verb: str) -> Iterator[Delegation]:
        """Delegations of the post that reach to that verb; a routine one leaves decisions out."""
        for one in self._standing.get(appointment.pk, []):
            if one.scope == Scope.ALL or verb not in DECISIONS:
                yield one
