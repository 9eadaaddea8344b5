"""Who follows work that is not his own."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Appointment, Unit, User


class FollowQuerySet(models.QuerySet["Follow"]):
    """Fields by day."""

    def in_force(self, today: date) -> "FollowQuerySet":
        """Those of that day, of appointments that are themselves in force."""
        held = Appointment.objects.in_force(today)
        return self.filter(
            Q(start_date__lte=today),
            Q(end_date__isnull=True) | Q(end_date__gte=today),
            appointment__in=held,
        )


class Follow(models.Model):
    """The field (lĩnh vực) that a deputy follows, or the unit whose backlog somebody watches.

    Bắc Giang Điều 5.4b, 11.1b; NĐ 30/2020 Điều 24.1. What is left empty does not narrow the field.
    Whoever follows is told when work of his field is given, and sees that document from then on;
    of the open work that lies there already he sees all when he begins (``begin_following``).
    """

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="follows",
        verbose_name=_("người theo dõi"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("đơn vị"),
    )
    person = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người được giao việc"),
    )
    type_name = models.CharField(_("tên loại văn bản"), max_length=100, blank=True)
    start_date = models.DateField(_("từ ngày"))
    end_date = models.DateField(_("đến hết ngày"), null=True, blank=True)
    decision_number = models.CharField(_("văn bản phân công số"), max_length=60, blank=True)

    objects = FollowQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("phân công theo dõi")
        verbose_name_plural = _("phân công theo dõi")
        ordering = ("-start_date", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="follow_ends_after_start",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(person__isnull=False) | ~Q(type_name=""),
                name="follow_has_a_field",
                violation_error_message=_("Chọn đơn vị, người hoặc loại văn bản để theo dõi."),
            ),
        )

    def __str__(self) -> str:
        parts = (self.unit and self.unit.name, self.person and str(self.person), self.type_name)
        return ", ".join(str(part) for part in parts if part)

    def clean(self) -> None:
        """Raises ValidationError for a unit or a person of another agency."""
        if self.appointment_id is None:
            return
        agency = self.appointment.unit.agency_id
        if self.unit is not None and self.unit.agency_id != agency:
            raise ValidationError({"unit": _("Đơn vị thuộc cơ quan khác.")})
        if (
            self.person is not None
            and not self.person.appointments.filter(unit__agency=agency).exists()
        ):
            raise ValidationError({"person": _("Người này không thuộc cơ quan.")})
