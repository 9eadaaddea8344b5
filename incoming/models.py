"""IncomingDocument and its assignments."""

from datetime import date

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from documents.choices import OPEN_ASSIGNMENT
from documents.models import Assignment as BaseAssignment
from documents.models import Document
from incoming.choices import Channel, State
from incoming.querysets import IncomingQuerySet
from notifications.choices import Reminder as Kind


class IncomingDocument(Document):
    """A document that came, from its arrival to the end of the work (Kon Tum Điều 13)."""

    channel = models.CharField(
        _("hình thức đến"), max_length=10, choices=Channel.choices, default=Channel.PAPER
    )
    # One entry of the registering form; the same form sent twice registers once.
    entry_token = models.UUIDField(unique=True)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    # The leader who was asked for a decision, and when he gave it.
    proposed_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    directed_at = models.DateTimeField(null=True)
    result = models.TextField(_("kết quả giải quyết"), blank=True)
    finished_at = models.DateTimeField(null=True)
    # Code of a forbidden kind (gate) or of RefusalReason; the words are not kept.
    refusal_reason = models.CharField(max_length=30, blank=True)

    objects = IncomingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("văn bản đến")
        verbose_name_plural = _("văn bản đến")
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="incoming_channel_known"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("incoming:detail", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        return str(State(self.state).label)

    @cached_property
    def all_assignments(self) -> "list[Assignment]":
        """Every assignment with its unit, person and giver, oldest first; read once."""
        return list(
            self.assignments.select_related("unit", "person", "given_by__user").order_by(
                "given_at", "pk"
            )
        )

    @property
    def arrival_date(self) -> date:
        """Ngày đến (TT 01/2019 field 13)."""
        return self.day

    @property
    def arrival_number(self) -> int | None:
        """Số đến (field 14); None before registering."""
        return self.number or None


class Assignment(BaseAssignment):
    """Somebody leads, coordinates or knows of an incoming document."""

    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="assignments"
    )

    class Meta(BaseAssignment.Meta):
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        ordering = ("given_at", "pk")
        constraints = (  # type: ignore[assignment]
            *BaseAssignment.Meta.constraints,
            models.UniqueConstraint(
                fields=("document", "parent"),
                condition=Q(role="lead", state__in=OPEN_ASSIGNMENT),
                nulls_distinct=False,
                name="one_open_lead_under_each",
            ),
        )
        indexes = (
            models.Index(
                fields=("unit", "due_date"),
                condition=Q(state__in=OPEN_ASSIGNMENT),
                name="assignment_open_unit",
            ),
            models.Index(
                fields=("person", "due_date"),
                condition=Q(state__in=OPEN_ASSIGNMENT),
                name="assignment_open_person",
            ),
        )


class Reminder(models.Model):
    """Somebody was reminded of something by the clock: the cause, so that it is told once.

    A moved deadline is a new cause. Without a document it is an agency's morning of that day.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, related_name="+")
    # What waits, as the waiting row names it: verb, who or which post, assignment, deadline.
    verb = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    assignment = models.BigIntegerField(default=0)
    due_date = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "agency",
                    "due_date",
                    "document",
                    "kind",
                    "verb",
                    "user",
                    "group",
                    "assignment",
                ),
                nulls_distinct=False,
                name="reminded_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="reminder_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id} {self.due_date}"


class Round(models.Model):
    """A round of submitting that is over: kept when nothing was left (Bình Định Điều 9.1).

    ``waiting`` is what lay registered and not submitted at any time since the round before;
    ``late`` is what was still there at its hour. Written once, by the clock, from the trail.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    hour = models.TimeField()
    waiting = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    # Received before the round and not in the book yet.
    in_tray = models.PositiveIntegerField()
    late = models.ManyToManyField(IncomingDocument, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-hour")
        constraints = (
            models.UniqueConstraint(fields=("agency", "day", "hour"), name="round_once"),
            models.CheckConstraint(
                condition=Q(in_time__lte=F("waiting")), name="round_in_time_of_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.hour:%H:%M}"

    @property
    def left(self) -> int:
        """How many did not go in time."""
        return self.waiting - self.in_time

    @property
    def is_kept(self) -> bool:
        return self.left == 0
