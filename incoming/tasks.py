"""Work that the verbs queue."""

from celery import shared_task
from django.conf import settings

from documents.actions import inspect_quarantined
from documents.models import Attachment, QuarantinedFile
from documents.previews import warm
from signatures.revocation import ask


@shared_task(time_limit=600, autoretry_for=(OSError,), max_retries=3, retry_backoff=True)
def inspect_files(document_id: int) -> None:
    """Inspect what lies in the tray for a document; files inspected before are left alone.

    Whether certificates are revoked is asked here, and nowhere else: it may take time.
    """
    for row in QuarantinedFile.objects.filter(document_id=document_id).order_by("pk"):
        ask(inspect_quarantined(row))


@shared_task(time_limit=600, autoretry_for=(OSError,), max_retries=3, retry_backoff=True)
def draw_pages(document_id: int) -> None:
    """Draw the first page images of a registered document; those drawn before are left alone."""
    for attachment in Attachment.objects.filter(document_id=document_id).select_related("file"):
        warm(attachment.file, settings.PAGES_AHEAD)
