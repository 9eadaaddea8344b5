"""Notification."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User


class Notification(models.Model):
    """Something happened that concerns a person; the words are read on the target's own page."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    # The verb that happened, as the trail names it.
    kind = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

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
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"
