"""Days that the holiday calendar does not know."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.choices import DayKind


class CalendarDay(models.Model):
    """A day off or a working day by decision, on top of the public holidays."""

    date = models.DateField(_("ngày"), unique=True)
    kind = models.CharField(_("loại"), max_length=10, choices=DayKind.choices)
    name = models.CharField(_("tên"), max_length=120)
    source = models.CharField(_("căn cứ"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")
        ordering = ("date",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind__in=DayKind.values), name="calendar_day_kind_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.date:%d/%m/%Y} {self.name}"
