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


class Lapse(models.TextChoices):
    """What the clock tells of a certificate that ends soon: one's own, the agency's, or that on
    which the proof of documents rests that went out."""

    OWN = "own_certificate", _("Chứng thư số sắp hết hạn")
    AGENCY = "agency_certificate", _("Chứng thư số của cơ quan sắp hết hạn")
    PROOF = "weak_proof", _("Chữ ký số của văn bản đi sắp khó kiểm chứng")


# Which switch of a person's settings (accounts.Preferences) stops the letter of a kind; a kind that
# is not named here is new work or an answer to it.
SWITCHES = {
    Reminder.DUE_SOON.value: "mail_due",
    Reminder.DUE_TODAY.value: "mail_due",
    Reminder.OVERDUE.value: "mail_overdue",
    Reminder.UNIT_OVERDUE.value: "mail_overdue",
    Reminder.AGENCY_OVERDUE.value: "mail_overdue",
    Reminder.MORNING.value: "mail_morning",
    "urge": "mail_urged",
}
OF_WORK = "mail_work"
