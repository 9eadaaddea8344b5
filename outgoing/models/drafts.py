"""Versions of a draft, what was signed off, and remarks on places in the text."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Appointment, User
from documents.models import StoredFile
from outgoing.choices import LONGEST_QUOTE, STEPS, FileStep
from outgoing.models.document import OutgoingDocument
from outgoing.querysets import VersionQuerySet


class DraftVersion(models.Model):
    """One saved state of a draft: composed here, or a file that was made elsewhere.

    ``content`` has the composer's fields (``outgoing.content``). It is never changed afterwards;
    only places on the page are chosen, and ``pdf`` is added, once, when the version is
    submitted: that file goes on to the signature.
    """

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="versions"
    )
    ordinal = models.PositiveIntegerField()
    content = models.JSONField()
    # The file as it came; null where the text was composed here.
    source = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(max_length=255, blank=True)
    pdf = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Where the signature goes, chosen on the page: page, then left, low, right, high in points.
    signer_place = models.JSONField(null=True, blank=True)
    # Likewise number, day and month of an uploaded file, by the names of their fields.
    text_places = models.JSONField(default=dict, blank=True)
    # The words of it, for comparing and searching.
    text = models.TextField(blank=True)
    note = models.CharField(_("ghi chú bản sửa"), max_length=500, blank=True)
    author = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(fields=("document", "ordinal"), name="version_ordinal_once"),
        )

    def __str__(self) -> str:
        return f"{self.document_id}/{self.ordinal}"

    @property
    def is_uploaded(self) -> bool:
        """True for a file that was made elsewhere."""
        return self.source_id is not None


class AnnexFile(models.Model):
    """An annex in a file of its own, as one version has it (NĐ 30/2020 Phụ lục I, mục III).

    The next version takes it over; what was approved with the text goes out with it.
    """

    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="annex_files")
    # From 1; 0 is the document itself.
    part = models.PositiveSmallIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("tên tệp"), max_length=255)

    class Meta:
        ordering = ("part",)
        constraints = (
            models.UniqueConstraint(fields=("version", "part"), name="annex_part_once"),
            models.CheckConstraint(condition=Q(part__gt=0), name="annex_part_after_document"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}/{self.part} {self.file_name}"


class IssuedFile(models.Model):
    """A file that a verb has made on the way out: signed, numbered, scanned, sealed.

    The newest of the newest version is the one that goes on; the last one is the original that is
    kept (bản lưu, NĐ 30/2020 Điều 19.2).
    """

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="issued_files"
    )
    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="issued_files")
    # 0 is the document itself; separate files of annexes follow.
    part = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=8, choices=FileStep.choices)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # Until when its signatures can be proved; null without one, and where it is not known.
    proof_until = models.DateTimeField(null=True, blank=True, db_index=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=FileStep.values), name="issued_file_step_known"
            ),
            models.UniqueConstraint(
                fields=("version", "part", "step", "file"), name="issued_file_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.step}"


class Conversion(models.Model):
    """A text that was sent as .docx or .odt and waits to become a version as PDF."""

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="conversions"
    )
    # The version that it follows, and where the file lies in the quarantine until it is done.
    base = models.PositiveIntegerField()
    token = models.CharField(max_length=64, unique=True)
    file_name = models.CharField(max_length=255)
    note = models.CharField(max_length=500, blank=True)
    # It becomes an annex in a file of its own, not the draft itself.
    for_annex = models.BooleanField(default=False)
    # It was said that the text is of no forbidden kind.
    is_answered = models.BooleanField(default=False)
    # What is asked about it while it waits for an answer, and what was answered to that.
    look = models.CharField(max_length=64, blank=True)
    article = models.CharField(max_length=300, blank=True)
    answer = models.CharField(max_length=64, blank=True)
    asked_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    # When a worker took it up; one that died is taken up again.
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    # Why no version came of it, or what is asked, in the words of the one who sent it.
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.document_id} {self.file_name}"

    @property
    def is_asked(self) -> bool:
        """True while somebody has to answer for it."""
        return bool(self.look) and self.done_at is None


class Picture(models.Model):
    """A picture that the text calls by its name; redrawn on arrival, so it holds nothing else."""

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="pictures"
    )
    name = models.CharField(_("tên hình"), max_length=120)
    content = models.BinaryField()
    added_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("document", "name"), name="picture_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class TypedDraft(models.Model):
    """What somebody types in the composer and has not saved: one row a person and draft.

    It is no version: only he sees it, nothing is found by it, and it goes once he saves. It is
    bound to the draft by the token of its entry, which a new form has already.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # None: a draft that was never saved.
    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, null=True, related_name="typed_drafts"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entry_token = models.UUIDField()
    # As typed, by the names of the form; the version that it was typed over.
    values = models.JSONField()
    base = models.PositiveIntegerField(default=0)
    # Which open page wrote it last, and how often it was written: another page of the same person
    # overwrites nothing that he has not seen there.
    window = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("-saved_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("author", "entry_token"), name="one_typed_draft_of_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"{self.author_id}/{self.entry_token}"


class SignOff(models.Model):
    """Somebody answers for the content or the form of one version (NĐ 30/2020 Điều 12)."""

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="sign_offs"
    )
    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="sign_offs")
    step = models.CharField(max_length=12)
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    # For whom, when by delegation.
    on_behalf_of = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    # Findings of the form check that he let stand, each with his reason.
    overruled = models.JSONField(default=dict)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(step__in=[*STEPS, "signing", "paper"]), name="sign_off_step_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.step}"


class Remark(models.Model):
    """A word about one place of a version; the drafter settles it."""

    version = models.ForeignKey(DraftVersion, on_delete=models.PROTECT, related_name="remarks")
    # Line of the text, from 1, as presenting numbers it; 0: about all of it.
    line = models.PositiveIntegerField(default=0)
    quote = models.CharField(max_length=LONGEST_QUOTE, blank=True)
    text = models.TextField(_("góp ý"))
    author = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.version_id}:{self.line}"
