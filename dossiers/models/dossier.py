"""A dossier of work and what lies in it."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment
from documents.choices import Kind
from documents.models import Attachment, Document
from dossiers.choices import State
from dossiers.models.catalogue import PlannedDossier
from dossiers.querysets import DossierQuerySet, ItemQuerySet


class Dossier(Document):
    """Work from its first paper to the day it is closed (Bắc Giang Điều 6), or a task without one.

    It stands in the table of documents, so that acts, grants, waiting rows, lists and search are
    the same: ``subject`` is its title, ``code_notation`` its number and notation, ``day`` the day
    it was begun, ``number`` its place in the year's book of dossiers. TT 01/2019 Phụ lục VI.
    """

    KIND = Kind.DOSSIER

    # Work given without a paper (Kon Tum Điều 20.2); it has no code until it becomes a dossier.
    is_task = models.BooleanField(default=False)
    planned = models.ForeignKey(
        PlannedDossier, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    organ_id = models.CharField(_("mã định danh cơ quan"), max_length=35, blank=True)
    file_catalog = models.PositiveSmallIntegerField(_("năm hình thành hồ sơ"), null=True)
    # Of organ_id, year and notation; empty for a task.
    file_code = models.CharField(  # noqa: DJ001 -- unique, and a task has none
        _("mã hồ sơ"), max_length=70, unique=True, null=True, default=None
    )
    maintenance = models.CharField(_("thời hạn bảo quản"), max_length=30, blank=True)
    rights = models.CharField(_("chế độ sử dụng"), max_length=30, blank=True)
    creator = models.CharField(_("người lập hồ sơ"), max_length=30, blank=True)
    # Who keeps it: he adds, moves, completes. And who opened it, or gave the task.
    keeper = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    end_date = models.DateField(_("thời gian kết thúc"), null=True, blank=True)
    doc_total = models.PositiveIntegerField(_("tổng số văn bản trong hồ sơ"), default=0)
    page_total = models.PositiveIntegerField(_("tổng số trang của hồ sơ"), default=0)
    # What it ended with: the issued document, or the written proposal (Bắc Giang Điều 6.2).
    issued = models.ForeignKey("Item", on_delete=models.SET_NULL, null=True, related_name="+")
    result = models.TextField(_("ý kiến đề xuất"), blank=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = DossierQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("hồ sơ công việc")
        verbose_name_plural = _("hồ sơ công việc")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_task=True) | Q(file_code__isnull=False), name="dossier_has_a_code"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("dossiers:dossier", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        if self.is_task and self.state == State.COMPLETED:
            return gettext("Đã báo cáo, chờ kết thúc")
        if self.is_task and self.state in (State.OPENED, State.CLOSED):
            return gettext("Mới giao") if self.state == State.OPENED else gettext("Đã kết thúc")
        return str(State(self.state).label)

    @property
    def title(self) -> str:
        """Tiêu đề hồ sơ (field 2)."""
        return self.subject

    @property
    def file_notation(self) -> str:
        """Số và ký hiệu hồ sơ (field 1.3)."""
        return self.code_notation

    @property
    def start_date(self) -> date:
        """Thời gian bắt đầu (field 7)."""
        return self.day


class Item(models.Model):
    """Something that lies in a dossier: a document, a file of the dossier itself, or a note."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    # DocOrdinal (TT 01/2019): from 1, without gaps.
    ordinal = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="in_dossiers"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("nội dung"), blank=True)
    added_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành phần hồ sơ")
        verbose_name_plural = _("thành phần hồ sơ")
        ordering = ("ordinal",)
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "ordinal"),
                name="item_ordinal_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=("dossier", "document"),
                condition=Q(document__isnull=False),
                name="document_once_in_dossier",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False, attachment__isnull=True, text="")
                | Q(document__isnull=True, attachment__isnull=False)
                | (Q(document__isnull=True, attachment__isnull=True) & ~Q(text="")),
                name="item_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.ordinal}"
