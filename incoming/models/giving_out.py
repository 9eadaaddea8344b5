"""What helps to give work out: proposed lines, canned words, presets, who follows what."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Unit, User
from documents.choices import AssignmentRole
from documents.models import DocumentAct


class ProposedLine(models.Model):
    """One line of a distribution as it was proposed to a leader, or as he approved it.

    The act carries the same line in keys and days, under its hash; here are its words.
    """

    act = models.ForeignKey(DocumentAct, on_delete=models.PROTECT, related_name="lines")
    role = models.CharField(max_length=10, choices=AssignmentRole.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    directive = models.CharField(max_length=1000, blank=True)
    due_date = models.DateField(null=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.role} {self.act_id}"


class CannedDirective(models.Model):
    """A sentence that the agency's directives often say; offered, never put in by itself."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("cơ quan")
    )
    text = models.CharField(_("câu chỉ đạo"), max_length=300)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("câu chỉ đạo thường dùng")
        verbose_name_plural = _("câu chỉ đạo thường dùng")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency", "text"), name="directive_once_in_agency"),
        )

    def __str__(self) -> str:
        return self.text


class Preset(models.Model):
    """A way in which the agency often gives work out, under a name (a key of the grid)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="+", verbose_name=_("cơ quan")
    )
    name = models.CharField(_("tên mẫu"), max_length=40)
    lead = models.ForeignKey(
        Unit,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("chủ trì"),
    )
    coordinators = models.ManyToManyField(
        Unit, blank=True, related_name="+", verbose_name=_("phối hợp")
    )
    informed = models.ManyToManyField(Unit, blank=True, related_name="+", verbose_name=_("để biết"))
    directive = models.CharField(_("ý kiến chỉ đạo"), max_length=300, blank=True)
    working_days = models.PositiveSmallIntegerField(
        _("số ngày làm việc đến hạn"), null=True, blank=True
    )
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    class Meta:
        verbose_name = _("mẫu phân phối")
        verbose_name_plural = _("mẫu phân phối")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency", "name"), name="preset_once_in_agency"),
        )

    def __str__(self) -> str:
        return self.name
