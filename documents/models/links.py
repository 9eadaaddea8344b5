"""What documents are to each other."""

from django.db import models
from django.db.models import F, Q

from documents.choices import LinkKind
from documents.models.document import Document


class Link(models.Model):
    """The source answers, replaces, amends ... the target; whoever sees both sees the link."""

    source = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="links")
    target = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "target", "kind"), name="linked_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="linked_to_another"),
            models.CheckConstraint(condition=Q(kind__in=LinkKind.values), name="link_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
