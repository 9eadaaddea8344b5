"""Whom the lead of a dossier proposes to help him."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment, Unit, User
from documents.choices import Outcome
from documents.models import Assignment
from dossiers.models.dossier import Dossier


class Proposal(models.Model):
    """A unit or a person is proposed to coordinate, and what they answered (Bắc Giang Điều 6.2)."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="proposals")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Whose work it would help; when that ends, nobody answers any more.
    lead = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="+")
    directive = models.CharField(_("nội dung phối hợp"), max_length=1000, blank=True)
    due_date = models.DateField(_("thời hạn"), null=True, blank=True)
    proposed_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.ASKED)
    answer = models.TextField(_("ý kiến trả lời"), blank=True)
    answered_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    # What became of it when they agreed.
    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("đề xuất phối hợp")
        verbose_name_plural = _("đề xuất phối hợp")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="proposal_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.ASKED, answered_at__isnull=True)
                | (~Q(outcome=Outcome.ASKED) & Q(answered_at__isnull=False)),
                name="proposal_answered_once",
            ),
            models.UniqueConstraint(
                fields=("dossier", "unit", "person"),
                condition=Q(outcome=Outcome.ASKED),
                nulls_distinct=False,
                name="proposed_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.unit}"
