"""E-mail after the commit."""

import logging
import smtplib

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Appointment
from core import clock
from core.text import clean
from notifications.choices import OF_WORK, SWITCHES
from notifications.models import Notification
from notifications.reasons import reason_of

logger = logging.getLogger(__name__)

_CLOSING = 421  # the server says good-bye (RFC 5321, 3.8): of the letter it has said nothing


@shared_task(autoretry_for=(OSError,), retry_backoff=True, retry_jitter=True, max_retries=5)
@transaction.atomic
def send_mail(notification_id: int) -> None:
    """Tell one person by e-mail that something waits; neither subject nor words leave the system.

    Not sent when it has been read meanwhile, when he works there no longer or has switched such
    letters off, nor twice: whoever sends holds the row, and what was sent is no longer owed. A mail
    server that is away leaves it owed (``manage.py send_mail``); one that refuses the letter for
    good, or an address that makes none, is noted in the log and ends it. Should the process die
    between the server's answer and the commit, the second letter bears the first one's Message-ID.
    """
    row = (
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("user__preferences", "agency", "about", "on_behalf_of")
        .filter(pk=notification_id, mail_since__isnull=False)
        .first()
    )
    if row is None:
        return
    if row.read_at is None and row.user.email and _is_wanted(row) and _works_here(row):
        try:
            _send(row)
        except OSError as error:
            code = refused_with(error)
            if not 500 <= code < 600:
                raise
            logger.warning("the letter of notification %d is refused for good: %d", row.pk, code)
        except ValueError:
            logger.exception("notification %d makes no letter", row.pk)
    row.mail_since = None
    row.save(update_fields=["mail_since"])


def refused_with(error: OSError) -> int:
    """The code by which the server refuses this one letter; 0 where it will take no other either.

    A wrong password or a sender that it does not like is no fault of the letter's.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, _answer = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
    else:
        return 0
    return 0 if code == _CLOSING else code


def _works_here(row: Notification) -> bool:
    """Asked when it is sent, too: he may have left since."""
    held = Appointment.objects.in_force(clock.today()).filter(unit__agency=row.agency_id)
    return held.filter(user=row.user_id).exists()


def _is_wanted(row: Notification) -> bool:
    """Asked when it is sent: a letter may have been owed for days."""
    return bool(getattr(row.user.chosen, SWITCHES.get(row.kind, OF_WORK)))


def _send(row: Notification) -> None:
    with translation.override(row.user.chosen.language or settings.LANGUAGE_CODE):
        reason = reason_of(row)
        link = _("Mở văn bản tại %(link)s (phải đăng nhập).") % {
            "link": f"{settings.SITE_URL}{row.path}"
        }
        off = _("Không nhận thư loại này nữa thì tắt tại %(link)s.") % {
            "link": f"{settings.SITE_URL}{reverse('accounts:account')}"
        }
        subject = (
            _("%(agency)s: nhắc việc trên văn phòng điện tử")
            if reason
            else _("%(agency)s: có việc mới trên văn phòng điện tử")
        )
        EmailMessage(
            # A name of two lines would make no mail at all.
            subject=subject % {"agency": clean(row.agency.name)},
            body="\n".join([*([reason] if reason else []), link, "", off]),
            to=[row.user.email],
            headers={"Message-ID": f"<notification-{row.pk}.{row.agency_id}@{_host()}>"},
        ).send()


def _host() -> str:
    """The office's own name, which makes a Message-ID its own."""
    return settings.SITE_URL.split("//")[-1].split("/")[0].split(":")[0]
