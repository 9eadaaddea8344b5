"""Errand."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, User
from core import clock
from documents.models import Document, StoredFile
from signatures.choices import OPERATIONS, Purpose, Way


class Errand(models.Model):
    """A file that goes out to be signed by a key that is not here, and comes back once.

    It belongs to one person, one document, one file of it and one purpose. The token, which lets
    the signing program fetch and return the file without a session, is kept as its hash only.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="errands")
    # Whose key is asked for.
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="errands")
    purpose = models.CharField(_("việc ký"), max_length=8, choices=Purpose.choices)
    field = models.CharField(_("ô ký"), max_length=255, blank=True)
    # What should never have been stored takes its errands along.
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(_("tên tệp"), max_length=255)
    # Where the person works on it; a POST there with the errand's key completes it.
    page = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001 -- none yet
    expires_at = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    fetched_at = models.DateTimeField(null=True, editable=False)

    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True)
    returned = models.ForeignKey(
        StoredFile, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    verdict = models.JSONField(null=True)
    way = models.CharField(max_length=9, choices=Way.choices, blank=True)
    returned_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("lượt ký bên ngoài")
        verbose_name_plural = _("lượt ký bên ngoài")
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(owner=None, agency__isnull=False) | Q(owner__isnull=False, agency=None),
                name="errand_for_a_person_or_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=Purpose.values), name="errand_purpose_known"
            ),
            models.CheckConstraint(
                condition=Q(returned=None, returned_at=None, used_at=None)
                | Q(returned__isnull=False, returned_at__isnull=False, way__in=Way.values),
                name="errand_used_when_returned",
            ),
            models.UniqueConstraint(
                fields=("user", "document", "purpose", "file", "field"),
                condition=Q(used_at=None, ended_at=None),
                name="one_open_errand",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.purpose}"

    @property
    def holder(self) -> str:
        """Whose key is asked for, in words."""
        return str(self.owner.full_name if self.owner else self.agency)

    @property
    def operation(self) -> str:
        """What the signing program is asked to do."""
        return OPERATIONS[Purpose(self.purpose)]

    @property
    def plugin_url(self) -> str:
        """Where the signing program listens on the person's machine; empty where there is none."""
        return str(settings.SIGNING_PLUGIN_URL)

    @property
    def is_open(self) -> bool:
        """True while the signed file is waited for."""
        return self.returned_at is None and self.ended_at is None

    @property
    def is_returned(self) -> bool:
        """True when the signed file is here and no verb has taken it."""
        return self.returned_at is not None and self.used_at is None and self.ended_at is None

    @property
    def is_out(self) -> bool:
        """True while a token may bring the file back."""
        return self.is_open and self.expires_at is not None and self.expires_at > clock.now()

    @property
    def mark(self) -> str:
        """Changes when a page has something new to show."""
        moments: tuple[datetime | None, ...] = (self.fetched_at, self.failed_at)
        shown = [f"{moment:%H%M%S%f}" if moment else "" for moment in moments]
        return "-".join([*shown, str(int(self.is_out)), str(int(self.is_open))])
