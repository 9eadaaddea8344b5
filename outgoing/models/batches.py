"""Batch, BatchRow: many documents signed, numbered or sealed at once, in a worker."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment
from outgoing.choices import BATCH_VERBS, Verb
from outgoing.models.document import OutgoingDocument
from signatures import vault
from signatures.models import SigningKey


class Batch(models.Model):
    """What somebody has set going for many documents.

    The PIN is kept closed while it runs, and not a moment longer.
    """

    verb = models.CharField(max_length=12)
    started_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, null=True, related_name="+")
    closed_pin = models.BinaryField(default=b"")
    # One form sent twice sets it going once.
    entry_token = models.UUIDField(unique=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.CheckConstraint(condition=Q(verb__in=BATCH_VERBS), name="batch_verb_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(closed_pin=b""), name="no_pin_after_the_end"
            ),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"

    @property
    def verb_label(self) -> str:
        """What is done, in words."""
        return str(Verb(self.verb).label)

    @property
    def is_by_device(self) -> bool:
        """True for one that its person signs row by row with a device of his own: no worker does
        it, and no PIN of it is ever here."""
        return self.key_id is None and self.verb in (Verb.SIGN, Verb.SEAL)

    def keep_pin(self, pin: str) -> None:
        """Put the PIN in, closed."""
        self.closed_pin = vault.close(pin.encode(), self.entry_token.bytes)

    def open_pin(self) -> str:
        """The PIN. Raises vault.Closed."""
        return vault.open_(bytes(self.closed_pin), self.entry_token.bytes).decode()


class BatchRow(models.Model):
    """One document of a batch, and what became of it."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        DONE = "done", _("Đã xong")
        REFUSED = "refused", _("Không làm được")

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    document = models.ForeignKey(OutgoingDocument, on_delete=models.PROTECT, related_name="+")
    # The version that was read when the batch was set going.
    seen = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.WAITING.value)
    # Why not, in the words of the one who set it going.
    reason = models.TextField(blank=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("batch", "document"), name="once_in_a_batch"),
        )

    def __str__(self) -> str:
        return f"{self.batch_id} {self.document_id}"
