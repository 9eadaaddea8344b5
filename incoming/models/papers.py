"""A paper of a document, and where it has been."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Unit, User
from documents.models import DocumentAct
from incoming.choices import WITH_CLERK, PaperPart, PaperState
from incoming.models.document import IncomingDocument
from incoming.querysets import PaperQuerySet


class Paper(models.Model):
    """A paper of a registered document that people carry about: who has it now.

    What happened to it stands in its moves; state, holder and destination are those of the last
    one. Without a holder it is the clerks'.
    """

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="papers")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # What the QR holds: nobody guesses it, and it says nothing.
    token = models.CharField(max_length=32, unique=True)
    part = models.CharField(max_length=10, choices=PaperPart.choices)
    name = models.CharField(_("tên tài liệu"), max_length=200, blank=True)
    # Pages that were not scanned; None for the original.
    pages = models.PositiveSmallIntegerField(_("số trang"), null=True)
    # None as long as nobody has counted them.
    sheets = models.PositiveSmallIntegerField(_("số tờ"), null=True)
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.KEPT)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # On its way to whom; neither: back to the clerks.
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản giấy")
        verbose_name_plural = _("bản giấy")
        ordering = ("-part", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=PaperState.values), name="paper_state_known"
            ),
            models.CheckConstraint(condition=Q(part__in=PaperPart.values), name="paper_part_known"),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_CLERK, holder__isnull=False)
                & ~Q(state="held", holder__isnull=True),
                name="paper_held_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="on_way") | Q(to_unit__isnull=True, to_person__isnull=True),
                name="paper_goes_somewhere_only_on_its_way",
            ),
            models.UniqueConstraint(
                fields=("document",), condition=Q(part="original"), name="paper_one_original"
            ),
        )
        indexes = (
            models.Index(
                fields=("agency", "since"),
                condition=~Q(state__in=WITH_CLERK),
                name="paper_out",
            ),
            models.Index(fields=("holder",), name="paper_holder"),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.pk}"

    @property
    def is_with_clerk(self) -> bool:
        """True while it lies in the clerks' cupboard."""
        return self.state in WITH_CLERK


class PaperMove(models.Model):
    """One step of a paper's custody: only ever inserted. Who, when and in what words: its act."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="moves")
    act = models.ForeignKey(DocumentAct, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PaperState.choices)
    # Nobody: the clerks.
    giver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sheets = models.PositiveSmallIntegerField(null=True)
    # The receiver signed on the printed slip; the clerk says so.
    signed_on_paper = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.state} {self.paper_id}"
