"""What is typed of an entry that is not registered yet."""

from django.db import models

from accounts.models import Agency, User
from incoming.models.document import IncomingDocument


class EntryDraft(models.Model):
    """What a clerk has typed of an entry and not registered: one row a clerk and entry.

    It is bound to the document by the entry's token, which a form without a scan has already.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # None: typed before the scan came.
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, null=True, related_name="drafts"
    )
    clerk = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entry_token = models.UUIDField(db_index=True)
    # As typed, by the national names.
    values = models.JSONField()
    # Counts the savings, so that a second window of the same clerk overwrites nothing unseen.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("-saved_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("clerk", "entry_token"), name="one_draft_of_a_clerk"),
        )

    def __str__(self) -> str:
        return f"{self.clerk_id}/{self.entry_token}"
