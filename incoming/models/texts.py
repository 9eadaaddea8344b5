"""By what a document is found again when nearly the same text comes once more."""

from django.db import models

from incoming.models.document import IncomingDocument


class TextKey(models.Model):
    """One of the few numbers that papers with nearly the same words share (documents.likeness).

    Another agency's keys are other numbers. Found by the index alone, some rows of each key, the
    newest first: however many papers are made after one form, no more are ever looked at.
    """

    pk = models.CompositePrimaryKey("key", "document")
    key = models.BigIntegerField()
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.CASCADE, related_name="text_keys"
    )

    def __str__(self) -> str:
        return f"{self.document_id} {self.key}"
