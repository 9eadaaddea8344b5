"""Files: in quarantine until registered, then stored once under their SHA-256."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.choices import Part
from documents.models.document import Document


class StoredFile(models.Model):
    """Content that was received and is never changed by a byte."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.PositiveBigIntegerField()
    page_count = models.PositiveIntegerField()
    inspection = models.JSONField()
    signatures = models.JSONField()
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]

    @property
    def path(self) -> str:
        """Where the content lies in the store."""
        return f"{self.sha256[:2]}/{self.sha256[2:4]}/{self.sha256}"


class Attachment(models.Model):
    """A stored file in a document, under the name it came with."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="attachments")
    file_name = models.CharField(_("tên tệp"), max_length=255)
    part = models.CharField(max_length=6, choices=Part.choices)
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=("document", "ordinal"), name="attachment_ordinal_once"),
            models.UniqueConstraint(
                fields=("document",), condition=models.Q(part="main"), name="one_main_file"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.ordinal}"


class QuarantinedFile(models.Model):
    """A file that has arrived and is not registered; refused, it goes without a trace."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="quarantined")
    token = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    file_name = models.CharField(max_length=255)
    part = models.CharField(max_length=6, choices=Part.choices)
    ordinal = models.PositiveSmallIntegerField()
    # Null until the bounded process has looked at it.
    inspection = models.JSONField(null=True)
    signatures = models.JSONField(null=True)
    arrived_at = models.DateTimeField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(
                fields=("document", "ordinal"), name="quarantined_ordinal_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.ordinal}"

    @property
    def page_count(self) -> int:
        """Pages, 0 when not known."""
        return (self.inspection or {}).get("pages") or 0
