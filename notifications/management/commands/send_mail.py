"""Sends what is still owed by e-mail; run by the clock."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from core import clock
from core.commands import FactsCommand
from notifications.models import Notification
from notifications.tasks import refused_with, send_mail

_LOST = timedelta(minutes=15)  # the task itself tries for some minutes
_OLD = timedelta(days=3)  # after that a letter helps nobody
_AT_ONCE = 500


class Command(FactsCommand):
    help = "Sends the e-mails that a mail server or broker that was away has left."

    def work(self, **options: Any) -> dict[str, Any]:
        now, sent, away = clock.now(), 0, False
        old = Notification.objects.filter(mail_since__lt=now - _OLD)
        dropped = old.update(mail_since=None)
        owed = Notification.objects.filter(mail_since__lt=now - _LOST).order_by("mail_since", "pk")
        keys = list(owed.values_list("pk", flat=True)[:_AT_ONCE]) if settings.EMAIL_HOST else []
        for key in keys:
            try:
                send_mail.run(key)
            except OSError as error:  # nothing is lost, the next run tries again
                if refused_with(error):
                    continue  # this one letter is not taken now; those behind it may be
                away = True
                break
            sent += 1
        return {"sent": sent, "left": len(keys) - sent, "dropped": dropped, "server_away": away}
