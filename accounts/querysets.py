"""Questions about people and posts."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import OuterRef, Q, QuerySet, Subquery

from core.text import fold

_MOST_WORDS = 12  # of what somebody looks for; more make no search better


class AppointmentQuerySet(QuerySet[Any]):
    """Appointments by day and place."""

    def in_force(self, today: date) -> "AppointmentQuerySet":
        """Those that have begun and have not ended on that day."""
        return self.filter(
            Q(start_date__lte=today),
            Q(end_date__isnull=True) | Q(end_date__gte=today),
            user__is_active=True,
            unit__agency__is_active=True,
        )

    def heads_of(self, agency: Any) -> "AppointmentQuerySet":
        """Those of leaders of the agency: of its head, where it is written down who that is."""
        leaders = self.filter(unit__agency=agency, role="leader")
        return leaders.filter(is_head=True) if agency.has_head else leaders

    def receiving(self, agency: Any, role: str) -> "AppointmentQuerySet":
        """Those of that role, whoever works for the whole agency first: its head, the office."""
        order = ("-is_head", "-unit__is_office", "unit__ordinal", "pk")
        return self.filter(unit__agency=agency, role=role).order_by(*order)

    def of_posts(self, posts: Iterable[Any]) -> "AppointmentQuerySet":
        """Those of these posts: the same unit, the same role."""
        pairs = {(post.unit_id, post.role) for post in posts}
        return self.filter(reduce(or_, (Q(unit=unit, role=role) for unit, role in sorted(pairs))))

    def with_post(self) -> "AppointmentQuerySet":
        """Adds ``post_group``: the group that rights of this post hang on, if it has one."""
        # By name: the models import this file.
        posts = apps.get_model("accounts", "Post")
        same = posts.objects.filter(unit=OuterRef("unit"), role=OuterRef("role"))
        return self.annotate(post_group=Subquery(same.values("group")[:1]))


class DirectoryQuerySet(QuerySet[Any]):
    """Recipients in the directory."""

    def active(self) -> "DirectoryQuerySet":
        """Those to whom something may be sent."""
        return self.filter(is_active=True)

    def matching(self, words: str) -> "DirectoryQuerySet":
        """Those whose name or identifier holds all these words, without regard to marks.

        What was typed in one piece is looked for in one piece: "000.00.09.H13", "UBND-P".
        """
        pieces = [folded for word in words.split()[:_MOST_WORDS] if (folded := fold(word))]
        if not pieces:
            return self.none()
        found = self
        for piece in pieces:
            found = found.filter(search_text__contains=piece)
        return found


class DelegationQuerySet(QuerySet[Any]):
    """Delegations by day."""

    def in_force(self, today: date) -> "DelegationQuerySet":
        """Those of that day, of appointments that are themselves in force; by the clock alone."""
        appointments = apps.get_model("accounts", "Appointment")
        return self.filter(
            start_date__lte=today,
            end_date__gte=today,
            revoked_at__isnull=True,
            appointment__in=appointments.objects.in_force(today),
        )

    def with_post(self) -> "DelegationQuerySet":
        """Adds ``post_group``: the group of the post that is delegated, if it has one."""
        posts = apps.get_model("accounts", "Post")
        same = posts.objects.filter(
            unit=OuterRef("appointment__unit"), role=OuterRef("appointment__role")
        )
        return self.annotate(post_group=Subquery(same.values("group")[:1]))

    def not_over(self, today: date) -> "DelegationQuerySet":
        """Those that run or will run."""
        return self.filter(end_date__gte=today, revoked_at__isnull=True)

    def between(self, first: date, last: date) -> "DelegationQuerySet":
        """Those that share a day with this time, both days included."""
        return self.filter(start_date__lte=last, end_date__gte=first, revoked_at__isnull=True)


class UserQuerySet(QuerySet[Any]):
    """People."""

    def by_name(self) -> "UserQuerySet":
        """In Vietnamese order: by given name first."""
        return self.order_by("name_key", "pk")


class SignedInQuerySet(QuerySet[Any]):
    """Browsers in which people are signed in."""

    def alive(self, now: datetime) -> "SignedInQuerySet":
        """Those whose session has not ended by itself."""
        return self.filter(session__expire_date__gt=now)
