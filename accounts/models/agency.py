"""Agencies, their units, and all to whom documents are sent."""

from datetime import time

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import RESERVED_SLUGS, Role
from accounts.querysets import DirectoryQuerySet
from accounts.regulation import Regulation, load, names
from core import clock
from core.text import fold

# 13 characters in four groups (QCVN 102:2016), or the form of Quyết định 20/2020/QĐ-TTg up to 35.
ORGAN_ID = RegexValidator(
    r"^(\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}|[A-Z]\d{2}(\.[A-Z0-9]+)*)$",
    _("Mã định danh có dạng 000.00.09.H13 hoặc H13.09."),
)


def not_reserved(slug: str) -> None:
    """Raises ValidationError for a path that the installation itself uses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("Đường dẫn này dành cho hệ thống."))


def regulation_exists(name: str) -> None:
    """Raises ValidationError for a regulation without a file."""
    if name not in names():
        raise ValidationError(_("Không có quy chế mang tên này."))


class Agency(models.Model):
    """An office with its own path, registers and regulation."""

    name = models.CharField(_("tên cơ quan"), max_length=200)
    slug = models.SlugField(_("đường dẫn"), max_length=40, unique=True, validators=[not_reserved])
    organ_id = models.CharField(
        _("mã định danh"), max_length=35, unique=True, validators=[ORGAN_ID]
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("cơ quan cấp trên"),
    )
    regulation_name = models.CharField(
        _("quy chế áp dụng"), max_length=40, default="nd-30-2020", validators=[regulation_exists]
    )
    mailbox = models.EmailField(_("hộp thư công vụ"), blank=True)
    opens_at = models.TimeField(
        _("giờ bắt đầu làm việc"),
        default=time(7, 30),
        help_text=_("Từ giờ này hệ thống nhắc việc trong ngày."),
    )
    is_active = models.BooleanField(_("đang hoạt động"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("cơ quan")
        verbose_name_plural = _("cơ quan")
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(pk=F("parent")), name="agency_is_not_its_own_parent"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        # Whoever makes it or renames it: it stands in the directory as it is.
        with transaction.atomic():
            super().save(*args, **kwargs)  # type: ignore[arg-type]
            DirectoryEntry.of(self)

    def clean(self) -> None:
        """Raises ValidationError for a ring of parents, or a path that the regulation forbids."""
        if self.regulation_name in names():
            path = load(self.regulation_name).agency_path
            if path is not None and not self.slug.isalnum():
                sentence = _("Đường dẫn viết liền, không dấu, không gạch nối (%(article)s).")
                raise ValidationError(
                    {"slug": ValidationError(sentence, params={"article": path.article})}
                )
        above = self.parent
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": _("Cơ quan cấp trên nằm dưới chính cơ quan này.")})
            above = above.parent

    @cached_property
    def regulation(self) -> Regulation:
        """The regulation that this agency works under."""
        return load(self.regulation_name)

    def title_of(self, role: str) -> str:
        """What a role is called in this agency."""
        return self.regulation.title(role, member=self.is_member)

    @cached_property
    def has_head(self) -> bool:
        """True when it is written down today who heads the agency (người đứng đầu)."""
        appointments = apps.get_model("accounts", "Appointment")  # it stands on this file
        held = appointments.objects.in_force(clock.today())
        return held.filter(unit__agency=self.pk, is_head=True).exists()

    @property
    def is_member(self) -> bool:
        """True for an agency below the body that issued the regulation (Kon Tum Điều 1.2, 16)."""
        return self.parent is not None and self.parent.regulation_name == self.regulation_name


class DirectoryEntry(models.Model):
    """Somebody to whom documents are sent, by the national list of identifiers (QĐ 20/2020/QĐ-TTg).

    Nothing is deleted: what is no longer in the list is switched off.
    """

    organ_id = models.CharField(_("mã định danh"), max_length=35, unique=True)
    organ_name = models.CharField(_("tên cơ quan, tổ chức"), max_length=200)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("cơ quan cấp trên"),
    )
    email = models.EmailField(_("thư điện tử công vụ"), blank=True)
    # Set for the installation's own: what is sent to them lies in their tray.
    agency = models.OneToOneField(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="directory_entry",
    )
    is_active = models.BooleanField(_("đang dùng"), default=True)
    search_text = models.TextField(editable=False)

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi nhận")
        verbose_name_plural = _("danh bạ nơi nhận")
        ordering = ("organ_name", "organ_id")
        indexes = (
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="directory_search"),
        )

    def __str__(self) -> str:
        return f"{self.organ_name} ({self.organ_id})"

    def save(self, *args: object, **kwargs: object) -> None:
        # As it is searched: folded in Python, at write and at query alike.
        self.search_text = self.folded()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def clean(self) -> None:
        """Raises ValidationError for a ring of parents."""
        above, seen = self.parent, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("Cơ quan cấp trên nằm dưới chính cơ quan này.")})
            seen.add(above.pk)
            above = above.parent

    def folded(self) -> str:
        """The text that searching looks in."""
        return fold(f"{self.organ_name} {self.organ_id}")

    @classmethod
    def of(cls, agency: Agency) -> None:
        """Keep the row of an agency of this installation as the agency is.

        A row that came with a list under the same identifier becomes the agency's own.
        """
        row = cls.objects.filter(organ_id=agency.organ_id).first()
        old = cls.objects.filter(agency=agency).first()
        if old is not None and row is not None and old.pk != row.pk:
            # Two rows were it: the one with the new identifier stays.
            old.agency, old.is_active = None, False
            old.save(update_fields=["agency", "is_active", "search_text"])
            old = None
        row = row or old or cls(organ_id=agency.organ_id)
        above = cls.objects.filter(agency=agency.parent_id).first() if agency.parent_id else None
        wanted = {
            "organ_id": agency.organ_id,
            "organ_name": agency.name,
            "parent": above or (None if agency.parent_id else row.parent),
            "email": agency.mailbox,
            "agency": agency,
            "is_active": agency.is_active,
        }
        if row.pk is None or any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()


class Unit(models.Model):
    """A department of an agency; the office (Văn phòng) is one of them."""

    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="units", verbose_name=_("cơ quan")
    )
    name = models.CharField(_("tên đơn vị"), max_length=200)
    short_name = models.CharField(_("tên viết tắt"), max_length=30)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("đơn vị cấp trên"),
    )
    is_office = models.BooleanField(_("là Văn phòng"), default=False)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang hoạt động"), default=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        ordering = ("agency", "ordinal", "name")
        constraints = (
            models.UniqueConstraint(fields=("agency", "name"), name="unit_name_once_in_agency"),
            models.UniqueConstraint(
                fields=("agency",), condition=Q(is_office=True), name="one_office_in_agency"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError for a parent in another agency, or a ring."""
        above = self.parent
        while above is not None:
            if above.agency_id != self.agency_id:
                raise ValidationError({"parent": _("Đơn vị cấp trên thuộc cơ quan khác.")})
            if above.pk == self.pk:
                raise ValidationError({"parent": _("Đơn vị cấp trên nằm dưới chính đơn vị này.")})
            above = above.parent

    @property
    def head_role(self) -> Role:
        """The role whose holder answers for the unit."""
        return Role.OFFICE_CHIEF if self.is_office else Role.UNIT_HEAD
