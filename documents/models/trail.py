"""The trail: acts that are only ever inserted, and the seals over them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Appointment, User
from documents.models.document import Document
from documents.models.files import StoredFile


class Act(models.Model):
    """One verb that was done: who, as what, for whom, when, from which state to which.

    Rows are chained by hash inside one document or dossier. The words stand in the text table, so
    that an ordered purge can remove them and leave the provable fact.
    """

    ordinal = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    # The post as it was called then: titles change, the trail does not.
    title = models.CharField(max_length=300)
    on_behalf_of = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, related_name="+"
    )
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12, blank=True)
    # Keys of the people and posts that the verb reached: {"users": [...], "groups": [...]}.
    addressed = models.JSONField(default=dict)
    # Facts without words: number, role, deadline, file hash.
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()
    article = models.CharField(max_length=200, blank=True)
    note_hash = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%d/%m/%Y %H:%M}"


class DocumentAct(Act):
    """An act on a document."""

    target = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="acts")

    class Meta:
        verbose_name = _("bước xử lý")
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=("target", "ordinal"), name="act_ordinal_once"),
        )
        indexes = (
            models.Index(fields=("at",), name="act_at"),
            # A dossier of 2,000 items has 2,000 acts that its page does not show.
            models.Index(
                fields=("target", "at"),
                condition=~Q(verb__in=("add_item", "move_item")),
                name="act_of_story",
            ),
        )


class ActText(models.Model):
    """The words of a directive, an opinion, a reason."""

    act = models.OneToOneField(
        DocumentAct, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]


class ActFile(models.Model):
    """A file that belongs to an act, as its proof: it is never among the document's own files.

    The act names its content ("scan" in the detail), so that the chain tells of another one.
    """

    act = models.OneToOneField(
        DocumentAct, on_delete=models.PROTECT, primary_key=True, related_name="proof"
    )
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="proofs")
    file_name = models.CharField(_("tên tệp"), max_length=255)

    def __str__(self) -> str:
        return f"{self.act_id}"


class TrailSeal(models.Model):
    """A hash over the newest acts of an agency's documents, so that a removed document is found."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="seals")
    ordinal = models.PositiveIntegerField()
    at = models.DateTimeField()
    # [[document, ordinal of its newest act, hash of that act], ...] for those with new acts.
    heads = models.JSONField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "ordinal"), name="seal_ordinal_once"),
        )

    def __str__(self) -> str:
        return f"{self.agency_id}/{self.ordinal}"
