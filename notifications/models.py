"""Notification."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User


class Notification(models.Model):
    """Something happened that concerns a person; the words are read on the target's own page."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    # The verb that happened, as the trail names it; or why the clock reminds (choices.Reminder).
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    # What a reminder speaks of: the deadline, figures (never words), whose work, for whom one acts.
    due_date = models.DateField(null=True)
    figures = models.JSONField(default=dict)
    about = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    on_behalf_of = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    # Since when an e-mail is owed; empty when none is, or when it has gone.
    mail_since = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=("user", "agency"),
                condition=models.Q(read_at__isnull=True),
                name="notification_unread",
            ),
            models.Index(fields=("user", "agency", "-created_at"), name="notification_list"),
            models.Index(
                fields=("mail_since",),
                condition=models.Q(mail_since__isnull=False),
                name="notification_mail",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
