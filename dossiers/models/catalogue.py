"""The catalogue of dossiers (danh mục hồ sơ) of an agency and a year."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Agency, Appointment, Unit, User
from dossiers.choices import CatalogueState
from dossiers.querysets import CatalogueQuerySet, PlannedDossierQuerySet


class Catalogue(models.Model):
    """What dossiers an agency means to open in a year (NĐ 30/2020 Điều 28, Phụ lục V)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="catalogues")
    year = models.PositiveSmallIntegerField(_("năm"))
    state = models.CharField(
        max_length=10, choices=CatalogueState.choices, default=CatalogueState.DRAFT
    )
    decision_number = models.CharField(_("số quyết định ban hành"), max_length=60, blank=True)
    decided_date = models.DateField(_("ngày ban hành"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Why it was sent back; empty once it is submitted again.
    returned_reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)
    # Counts every change of it, its headings and lines: an import is confirmed against it.
    version = models.PositiveIntegerField(default=1)

    objects = CatalogueQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version"])

    class Meta:
        verbose_name = _("danh mục hồ sơ")
        verbose_name_plural = _("danh mục hồ sơ")
        ordering = ("-year",)
        constraints = (
            models.UniqueConstraint(fields=("agency", "year"), name="catalogue_once_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=CatalogueState.values), name="catalogue_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agency_id} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("dossiers:catalogue", args=[self.agency.slug, self.year])


class Heading(models.Model):
    """A heading of the catalogue: large ones in Roman numerals, small ones under them in Arabic."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="headings")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    ordinal = models.PositiveSmallIntegerField()
    title = models.CharField(_("đề mục"), max_length=300)
    # Group of the notation: TH in 01.TH.
    abbreviation = models.CharField(_("ký hiệu"), max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1)

    # Where it stands is layout: moving one line up would otherwise write history of its neighbours.
    history = HistoricalRecords(excluded_fields=["version", "ordinal"])

    class Meta:
        verbose_name = _("đề mục")
        verbose_name_plural = _("đề mục")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue", "parent", "ordinal"),
                nulls_distinct=False,
                deferrable=models.Deferrable.DEFERRED,
                name="heading_ordinal_once",
            ),
        )

    def __str__(self) -> str:
        return self.title


class PlannedDossier(models.Model):
    """A line of the catalogue: a dossier that somebody is to open in that year."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="lines")
    heading = models.ForeignKey(
        Heading, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    ordinal = models.PositiveSmallIntegerField()
    file_notation = models.CharField(_("số và ký hiệu hồ sơ"), max_length=20)
    title = models.CharField(_("tiêu đề hồ sơ"), max_length=500)
    maintenance = models.CharField(_("thời hạn bảo quản"), max_length=30)
    creator = models.CharField(_("người lập hồ sơ"), max_length=30)
    creator_user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    description = models.CharField(_("ghi chú"), max_length=500, blank=True)
    # A line proposed after the catalogue was issued waits for its own approval (Cần Thơ Điều 13.1).
    state = models.CharField(
        max_length=10, choices=CatalogueState.choices, default=CatalogueState.DRAFT
    )
    proposed_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Why a proposed line was sent back to whoever proposed it.
    returned_reason = models.CharField(_("lý do trả lại"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlannedDossierQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["version", "ordinal"])

    class Meta:
        verbose_name = _("hồ sơ dự kiến")
        verbose_name_plural = _("hồ sơ dự kiến")
        ordering = ("ordinal", "pk")
        constraints = (
            # 01.TH and 01.th are one to whoever looks for it.
            models.UniqueConstraint(
                "catalogue", Upper("file_notation"), name="notation_once_in_catalogue"
            ),
            models.UniqueConstraint(
                fields=("heading", "ordinal"),
                deferrable=models.Deferrable.DEFERRED,
                name="planned_dossier_ordinal_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CatalogueState.values), name="planned_dossier_state_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.file_notation} {self.title}"


class CatalogueImport(models.Model):
    """What a table said when it was shown, until the one who uploaded it confirms just that."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.CASCADE, related_name="imports")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token = models.UUIDField(default=uuid4, unique=True)
    # The catalogue as it was then.
    version = models.PositiveIntegerField()
    rows = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("catalogue", "user"), name="one_import_of_a_person_at_a_time"
            ),
        )

    def __str__(self) -> str:
        return f"{self.catalogue_id} {self.created_at}"
