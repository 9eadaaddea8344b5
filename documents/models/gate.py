"""What was kept out and stands on a paper register: that it is there, and nothing of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Appointment, User
from documents.choices import Kind


class PaperEntry(models.Model):
    """ "On the paper register, no. …": a number and a day, no sender and no subject.

    Books of papers that may not enter are kept on paper, each kind its own (Kon Tum Điều 14.7).
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="paper_entries")
    direction = models.CharField(max_length=10, choices=Kind.choices)
    # Code of the regulation's gate; the words and the article are the regulation's.
    kind = models.CharField(_("loại"), max_length=30)
    number = models.PositiveIntegerField(_("số trong sổ giấy"))
    day = models.DateField(_("ngày vào sổ giấy"))
    year = models.PositiveSmallIntegerField()
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("số trong sổ giấy")
        ordering = ("-day", "-number", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "direction", "kind", "year", "number"), name="paper_number_once"
            ),
            models.CheckConstraint(
                condition=models.Q(direction__in=Kind.values), name="paper_direction_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}/{self.year}"
