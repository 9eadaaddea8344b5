"""E-mail after the commit."""

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from core.text import clean
from notifications.models import Notification


@shared_task(autoretry_for=(OSError,), retry_backoff=True, retry_jitter=True, max_retries=5)
def send_mail(notification_id: int) -> None:
    """Tell one person by e-mail that something waits; neither subject nor words leave the system.

    Not sent when it has been read meanwhile. Sent twice at worst when a worker dies in between.
    """
    row = Notification.objects.select_related("user", "agency").filter(pk=notification_id).first()
    if row is None or row.read_at or not row.user.email:
        return
    # A name of two lines would make no mail at all.
    agency = clean(row.agency.name)
    with translation.override("vi"):
        EmailMessage(
            subject=_("%(agency)s: có việc mới trên văn phòng điện tử") % {"agency": agency},
            body=_("Mở văn bản tại %(link)s (phải đăng nhập).")
            % {"link": f"{settings.SITE_URL}{row.path}"},
            to=[row.user.email],
        ).send()
