"""Who is asked for what, and what waits for whom."""

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Appointment, Unit, User
from documents.choices import (
    OPEN_ASSIGNMENT,
    AssignmentRole,
    AssignmentState,
    Outcome,
    Priority,
    Stance,
    UrgeLevel,
)
from documents.models.document import Document
from documents.models.trail import DocumentAct
from documents.querysets import WaitingQuerySet


class Assignment(models.Model):
    """A unit or person is asked to lead, to coordinate, or to know.

    One table for documents and dossiers. Without a person it is the unit's head who answers.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="assignments")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    role = models.CharField(_("vai trò"), max_length=10, choices=AssignmentRole.choices)
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.WAITING
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    directive = models.CharField(_("ý kiến chỉ đạo"), max_length=1000, blank=True)
    due_date = models.DateField(_("thời hạn"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    # How hard it is urged now; 0 when it never was, or when the urge has been answered.
    urge_level = models.PositiveSmallIntegerField(default=0)
    result = models.TextField(_("kết quả"), blank=True)
    given_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    # The newest urge of it, answered or not.
    urge = models.ForeignKey(
        DocumentAct, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        ordering = ("given_at", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(percent__lte=100), name="assignment_percent"),
            models.CheckConstraint(
                condition=Q(urge_level__lte=max(UrgeLevel.values)),
                name="assignment_urge_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AssignmentState.values),
                name="assignment_state_known",
            ),
            models.CheckConstraint(
                condition=Q(role__in=AssignmentRole.values),
                name="assignment_role_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_ASSIGNMENT, closed_at__isnull=True)
                | Q(state__in=("done", "sent_back", "recalled"), closed_at__isnull=False),
                name="assignment_closed_when_done",
            ),
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

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def is_open(self) -> bool:
        """True while somebody still works on it."""
        return self.state in OPEN_ASSIGNMENT


class Extension(models.Model):
    """Whoever holds an assignment asks for a later day, and what was decided (xin gia hạn).

    The rows of an assignment are its chain (Kon Tum Điều 11.6c).
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")
    old_day = models.DateField(_("thời hạn cũ"))
    wanted_day = models.DateField(_("xin gia hạn đến"))
    reason = models.TextField(_("lý do xin gia hạn"))
    asked_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ASKED)
    granted_day = models.DateField(_("gia hạn đến"), null=True, blank=True)
    answer = models.TextField(_("ý kiến"), blank=True)
    decided_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("gia hạn")
        verbose_name_plural = _("gia hạn")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="extension_outcome"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.AGREED, granted_day__isnull=False)
                | (~Q(outcome=Outcome.AGREED) & Q(granted_day__isnull=True)),
                name="extension_day_when_agreed",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ASKED, decided_at__isnull=True)
                | (~Q(outcome=Outcome.ASKED) & Q(decided_at__isnull=False)),
                name="extension_decided",
            ),
            models.UniqueConstraint(
                fields=("assignment",),
                condition=Q(outcome=Outcome.ASKED),
                name="one_open_extension",
            ),
        )

    def __str__(self) -> str:
        return f"{self.wanted_day:%d/%m/%Y} {self.outcome}"

    @property
    def is_open(self) -> bool:
        """True while nobody has decided it."""
        return self.outcome == Outcome.ASKED


class Opinion(models.Model):
    """A unit or a person is asked for an opinion, and what they said (Kon Tum Điều 13.7b)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.TextField(_("nội dung xin ý kiến"))
    due_date = models.DateField(_("thời hạn góp ý"), null=True, blank=True)
    asked_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    stance = models.CharField(_("ý kiến"), max_length=10, choices=Stance.choices, blank=True)
    text = models.TextField(_("nội dung góp ý"), blank=True)
    answered_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("góp ý")
        verbose_name_plural = _("góp ý")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(stance="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    stance__in=Stance.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="opinion_given_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="opinion_given_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.unit}"

    @property
    def is_open(self) -> bool:
        """True while it is waited for."""
        return self.answered_at is None and self.withdrawn_at is None


class Waiting(models.Model):
    """A document waits for a person or a post to do a verb: one small row for the desk.

    Written by the verbs, read by the desk, the counts and the reminders; ``verify_grants`` proves
    it equal to what states and assignments say.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="waiting")
    verb = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    # Key of the assignment in the document's own table; 0 where the document itself waits.
    assignment = models.BigIntegerField(default=0)
    due_date = models.DateField(null=True)
    priority = models.PositiveSmallIntegerField(choices=Priority.choices)
    # The level of the urge that is not answered yet; 0 for none.
    urged = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    objects = WaitingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(user__isnull=True) ^ Q(group__isnull=True), name="waiting_for_one"
            ),
            models.UniqueConstraint(
                fields=("document", "verb", "user", "group", "assignment"),
                nulls_distinct=False,
                name="waiting_once",
            ),
        )
        indexes = (
            models.Index(fields=("user", "agency", "due_date"), name="waiting_user"),
            models.Index(fields=("group", "agency", "due_date"), name="waiting_group"),
            models.Index(fields=("agency", "due_date"), name="waiting_agency_due"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.document_id}"
