"""Why the clock reminds somebody."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reminder(models.TextChoices):
    """What a notice of the clock is called; that of a verb bears the verb's name."""

    DUE_SOON = "due_soon", _("Sắp đến hạn")
    DUE_TODAY = "due_today", _("Đến hạn")
    OVERDUE = "overdue", _("Quá hạn")
    UNIT_OVERDUE = "unit_overdue", _("Quá hạn trong đơn vị")
    AGENCY_OVERDUE = "agency_overdue", _("Quá hạn trong cơ quan")
    MORNING = "morning", _("Việc đầu ngày")
