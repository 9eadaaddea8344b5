"""Document, its types and its registers."""

from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Agency
from core.text import fold
from documents.choices import Book, Kind, Priority
from documents.querysets import DocumentQuerySet


class DocumentType(models.Model):
    """One of the 29 types of NĐ 30/2020 Điều 7, or an agency's own (Cần Thơ Điều 19.6)."""

    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="own_types",
        verbose_name=_("cơ quan (trống: dùng chung)"),
    )
    type_name = models.CharField(_("tên loại"), max_length=100)
    abbreviation = models.CharField(_("viết tắt"), max_length=10, blank=True)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("loại văn bản")
        verbose_name_plural = _("loại văn bản")
        ordering = ("ordinal", "type_name")
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "type_name"),
                nulls_distinct=False,
                name="type_name_once_in_agency",
            ),
        )

    def __str__(self) -> str:
        return self.type_name


class Register(models.Model):
    """A book of an agency in a year, with its last number (NĐ 30/2020 Điều 22.2)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="registers")
    book = models.CharField(max_length=10, choices=Book.choices)
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60, blank=True)
    last_number = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("agency", "book", "year", "name"), name="register_once_a_year"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_book_display()} {self.year}"


class Document(models.Model):
    """What lists filter and sort by, and the national fields (TT 01/2019, NĐ 30/2020 Phụ lục VI).

    One table below both directions; a child adds what only its verbs need. ``day`` and ``number``
    are the date and number that the register knows it by.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=12)
    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, null=True, related_name="documents"
    )
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    type_name = models.CharField(_("tên loại văn bản"), max_length=100, blank=True)
    code_number = models.CharField(_("số của văn bản"), max_length=11, blank=True)
    code_notation = models.CharField(_("ký hiệu của văn bản"), max_length=30, blank=True)
    issued_date = models.DateField(_("ngày, tháng, năm văn bản"), null=True, blank=True)
    organ_name = models.CharField(_("tên cơ quan, tổ chức ban hành"), max_length=200, blank=True)
    subject = models.CharField(_("trích yếu nội dung"), max_length=500, blank=True)
    # 30 letters of a document, 50 of a dossier (TT 01/2019 Phụ lục IV to VI).
    language = models.CharField(_("ngôn ngữ"), max_length=50, blank=True)
    page_amount = models.PositiveIntegerField(_("số trang"), null=True, blank=True)
    description = models.CharField(_("ghi chú"), max_length=500, blank=True)
    signer_position = models.CharField(_("chức vụ của người ký"), max_length=100, blank=True)
    signer_full_name = models.CharField(_("họ và tên người ký"), max_length=50, blank=True)
    priority = models.PositiveSmallIntegerField(
        _("mức độ khẩn"), choices=Priority.choices, default=Priority.NORMAL
    )
    to_places = models.TextField(
        _("đơn vị hoặc người nhận"), blank=True, validators=[MaxLengthValidator(1000)]
    )
    due_date = models.DateField(_("thời hạn giải quyết"), null=True, blank=True)

    search_text = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()

    objects = DocumentQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        constraints = (
            models.UniqueConstraint(fields=("register", "number"), name="number_once_in_register"),
            models.CheckConstraint(
                condition=Q(register__isnull=True, number=0)
                | Q(register__isnull=False, number__gt=0),
                name="number_only_from_register",
            ),
            models.CheckConstraint(condition=Q(priority__lte=4), name="priority_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="document_kind_known"),
        )
        indexes = (
            models.Index(
                fields=("agency", "kind", "-day", "-number", "-id"),
                condition=Q(register__isnull=False),
                name="document_list",
            ),
            models.Index(fields=("agency", "kind", "state", "due_date"), name="document_state_due"),
            models.Index(fields=("agency", "code_number", "code_notation"), name="document_code"),
            # Near duplicates are looked for among the papers of one day.
            models.Index(fields=("agency", "issued_date"), name="document_issued"),
            models.Index(fields=("agency", "organ_name", "-day"), name="document_organ"),
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="document_search"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def code(self) -> str:
        """Số và ký hiệu, joined as printed: 4127/UBND-HTKT."""
        return "/".join(part for part in (self.code_number, self.code_notation) if part)

    def folded(self) -> str:
        """The text that searching looks in."""
        return fold(
            " ".join(
                (
                    str(self.number or ""),
                    self.code_number,
                    self.code_notation,
                    self.organ_name,
                    self.subject,
                    self.type_name,
                    self.signer_full_name,
                    self.description,
                )
            )
        )
