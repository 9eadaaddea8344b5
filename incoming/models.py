"""IncomingDocument and its assignments."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.choices import WHOLE_AGENCY
from accounts.models import Agency, Unit, User
from documents.choices import OPEN_ASSIGNMENT, AssignmentRole, AssignmentState
from documents.models import Assignment as BaseAssignment
from documents.models import Document, DocumentAct, Waiting
from incoming.choices import Channel, State, Verb
from incoming.querysets import IncomingQuerySet

# Acts by which the office gives work out: the chief's, and a leader's who may do it himself.
GIVING_OUT = (Verb.DISTRIBUTE, Verb.DIRECT)


@dataclass(frozen=True)
class Opening:
    """When somebody first opened what he was given, or acted on it."""

    at: datetime
    who: str


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

    @cached_property
    def last_given_out(self) -> DocumentAct | None:
        """The newest act by which somebody still has work that the office gave (not recalled)."""
        kept = {one.pk for one in self.all_assignments if one.state != AssignmentState.RECALLED}
        acts = DocumentAct.objects.filter(target_id=self.pk, verb__in=GIVING_OUT)
        return next(
            (
                act
                for act in acts.order_by("-ordinal")
                if kept & set(act.detail.get("assignments", []))
            ),
            None,
        )

    @cached_property
    def first_opening(self) -> "Opening | None":
        """Who of those whom the last distribution reached was the first to open it or to act."""
        act = self.last_given_out
        if act is None:
            return None
        given = {one.pk: one for one in self.all_assignments if one.pk in act.detail["assignments"]}
        seen = Waiting.objects.filter(
            document_id=self.pk, assignment__in=given, seen_at__isnull=False
        )
        found = [
            Opening(row.seen_at, str(given[row.assignment].person or given[row.assignment].unit))
            for row in seen
        ]
        found += [
            Opening(one.closed_at or one.given_at, str(one.person or one.unit))
            for one in given.values()
            if one.state != AssignmentState.WAITING
        ]
        # Whoever sees the whole agency may speak of it; those whom it reached have begun.
        later = DocumentAct.objects.filter(target_id=self.pk, ordinal__gt=act.ordinal)
        found += [
            Opening(one.at, one.actor.full_name)
            for one in later.exclude(appointment__role__in=WHOLE_AGENCY).select_related("actor")
        ]
        return min(found, key=lambda one: one.at, default=None)

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


class ProposedLine(models.Model):
    """One line of a distribution as it was proposed to a leader, or as he approved it.

    The act carries the same line in keys and days, under its hash; here are its words.
    """

    act = models.ForeignKey(DocumentAct, on_delete=models.PROTECT, related_name="lines")
    role = models.CharField(max_length=10, choices=AssignmentRole.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    directive = models.CharField(max_length=1000, blank=True)
    due_date = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.role} {self.act_id}"


class CannedDirective(models.Model):
    """A sentence that the agency's directives often say; offered, never put in by itself."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("cơ quan")
    )
    text = models.CharField(_("câu chỉ đạo"), max_length=300)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("câu chỉ đạo thường dùng")
        verbose_name_plural = _("câu chỉ đạo thường dùng")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency", "text"), name="directive_once_in_agency"),
        )

    def __str__(self) -> str:
        return self.text


class Preset(models.Model):
    """A way in which the agency often gives work out, under a name (a key of the grid)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("cơ quan")
    )
    name = models.CharField(_("tên mẫu"), max_length=40)
    lead = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chủ trì"),
    )
    coordinators = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("phối hợp")
    )
    informed = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("để biết"))
    directive = models.CharField(_("ý kiến chỉ đạo"), max_length=300, blank=True)
    working_days = models.PositiveSmallIntegerField(
        _("số ngày làm việc đến hạn"), null=True, blank=True
    )
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("mẫu phân phối")
        verbose_name_plural = _("mẫu phân phối")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency", "name"), name="preset_once_in_agency"),
        )

    def __str__(self) -> str:
        return self.name
