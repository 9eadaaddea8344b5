"""Questions about drafts."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.actor import Actor
from accounts.choices import Role
from core import clock
from documents.choices import LinkKind
from documents.querysets import DocumentQuerySet
from outgoing.choices import (
    CLOSED,
    GONE_OUT,
    MISSING,
    ON_THE_WAY,
    TO_ISSUE,
    DeliveryCode,
    State,
    Way,
)


class OutgoingQuerySet(DocumentQuerySet):
    """Outgoing documents and drafts of them."""

    def with_people(self) -> Self:
        """With drafter and signer, whom rules and pages name."""
        return self.select_related(
            "drafter__user", "drafter__unit__agency", "signer__user", "signer__unit"
        )

    def drafted_by(self, actor: Actor) -> Self:
        """His own, and those of the people for whom he stands in."""
        people = {actor.user.pk, *(one.person.pk for one in actor.delegations)}
        return self.filter(drafter__user__in=people)

    def left_behind(self, actor: Actor) -> Self:
        """Those whose drafter has left before he submitted them, and which are the actor's to open.

        Of his unit, for its head; of units that nobody heads, for the office's chief, and for a
        leader where there is none. He need not see them yet: he opens each by a verb.
        """
        held = apps.get_model("accounts", "Appointment").objects.in_force(clock.today())
        mine = Q(pk=None)
        if actor.heads(actor.unit.pk):
            mine |= Q(drafter__unit=actor.unit)
        if actor.holds(Role.OFFICE_CHIEF, Role.LEADER):
            head = Q(role=Role.OFFICE_CHIEF, unit__is_office=True)
            head |= Q(role=Role.UNIT_HEAD, unit__is_office=False)
            orphaned = ~Q(Exists(held.filter(head, unit=OuterRef("drafter__unit"))))
            if not actor.holds(Role.OFFICE_CHIEF):
                chief = held.filter(unit__agency=OuterRef("agency"), role=Role.OFFICE_CHIEF)
                orphaned &= ~Q(Exists(chief))
            mine |= orphaned
        rows = self.filter(mine, agency=actor.agency, state=State.DRAFTING)
        return rows.filter(drafter__end_date__lt=clock.today(), copy_of=None)

    def waiting_for(self, actor: Actor) -> Self:
        """Those that ask the actor to do something."""
        waiting = apps.get_model("documents", "Waiting")  # by name: the models import this file
        mine = waiting.objects.waiting_for(actor).due().filter(document=OuterRef("pk"))
        return self.filter(Exists(mine))

    def under_way(self) -> Self:
        """Submitted, and not yet approved."""
        return self.filter(state__in=ON_THE_WAY)

    def to_issue(self) -> Self:
        """Approved, and not yet with its receivers: the clerk's queue (Kon Tum Điều 14.6)."""
        return self.filter(state__in=TO_ISSUE)

    def gone_out(self) -> Self:
        """Issued, also when it was recalled afterwards."""
        return self.filter(state__in=GONE_OUT)

    def returned(self) -> Self:
        """Sent back to their drafter, who has not submitted them again."""
        return self.filter(state=State.DRAFTING, returned_at__isnull=False)


class VersionQuerySet(QuerySet[Any]):
    """Versions of a draft."""

    def newest_first(self) -> Self:
        """With who saved each."""
        return self.select_related("author__user", "author__unit").order_by("-ordinal")

    def as_read(self, ordinal: int | None) -> Any:
        """Of one draft: the version that somebody has read; the newest where it is not known."""
        return self.filter(ordinal=ordinal or 0).first() or self.latest("ordinal")


class DeliveryQuerySet(QuerySet[Any]):
    """What goes to whom."""

    def visible_to(self, actor: Actor) -> Self:
        """Those of the documents that the actor may see."""
        documents = apps.get_model("outgoing", "OutgoingDocument")  # by name: it imports this file
        return self.filter(document__in=documents.objects.visible_to(actor))

    def due(self, now: datetime) -> Self:
        """Those that wait to be sent, or to be told of a recall, the longest first."""
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def inside_first(self) -> Self:
        """Those inside the installation before those that wait for a mail server."""
        outside = Case(When(way=Way.INSIDE, then=Value(0)), default=Value(1))
        return self.order_by(outside, "next_try_at", "pk")

    def papers_to_send(self) -> Self:
        """Papers that nobody has sent yet."""
        return self.filter(way=Way.PAPER, status=DeliveryCode.WAITS)

    def not_arrived(self) -> Self:
        """Those that are not where they should be, the newest first.

        A recalled one is no loss, unless its receiver could not be told; nor is one in whose place
        another has been issued, which is sent instead (NĐ 30/2020 Điều 18.3).
        """
        untold = Q(status=DeliveryCode.RECALL_FAILED, document__state=State.RECALLED)
        links = apps.get_model("documents", "Link")  # by name: the models import this file
        newer = links.objects.filter(
            target=OuterRef("document"),
            kind=LinkKind.REPLACES,
            source__outgoingdocument__state=State.ISSUED,
        )
        missed = Q(document__state=State.ISSUED) & ~Q(Exists(newer))
        return self.filter(status__in=MISSING).filter(missed | untold).order_by("-pk")

    def changed(self) -> Self:
        """Those whose receivers have acted since it was looked at last."""
        acts = apps.get_model("documents", "DocumentAct")
        newer = acts.objects.filter(target=OuterRef("received"), ordinal__gt=OuterRef("compared"))
        return self.exclude(status__in=CLOSED).filter(Exists(newer), received__isnull=False)
