"""What an office keeps ready: in whose name it issues, templates, standard phrases."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Agency
from core import clock
from documents.choices import BESIDE, Book
from documents.models import Document
from signatures.models import SigningKey


class IssuingBody(models.Model):
    """A body in whose name documents are issued: its header, notation and signature block.

    One office may issue for several (Cần Thơ Điều 3.4a, Kon Tum Điều 14.1).
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="issuing_bodies")
    # What it is told by: a committee and its chair print one header and are two bodies.
    name = models.CharField(
        _("tên gọi"),
        max_length=200,
        help_text=_(
            "Như viết trong câu: Chủ tịch Ủy ban nhân dân thành phố Kon Tum. In ở dòng “Kèm theo” "
            "của phụ lục và ở giấy mời."
        ),
    )
    organ_name = models.CharField(
        _("tên cơ quan ban hành"),
        max_length=200,
        help_text=_("Như in ở đầu văn bản: ỦY BAN NHÂN DÂN THÀNH PHỐ KON TUM."),
    )
    parent_organ = models.CharField(_("cơ quan chủ quản trực tiếp"), max_length=200, blank=True)
    abbreviation = models.CharField(
        _("chữ viết tắt"), max_length=20, help_text=_("Đứng trong ký hiệu văn bản: UBND, SXD.")
    )
    place = models.CharField(_("địa danh"), max_length=60, blank=True)
    deciding_post = models.CharField(
        _("thẩm quyền ban hành"),
        max_length=200,
        blank=True,
        help_text=_(
            "Dòng trên căn cứ của quyết định: ỦY BAN NHÂN DÂN THÀNH PHỐ khi ký TM., CHỦ TỊCH ỦY "
            "BAN NHÂN DÂN THÀNH PHỐ khi người đứng đầu quyết định."
        ),
    )
    collective = models.CharField(
        _("tập thể ký thay mặt"),
        max_length=200,
        blank=True,
        help_text=_("Sau chữ TM.: ỦY BAN NHÂN DÂN. Cơ quan theo chế độ thủ trưởng để trống."),
    )
    contact = models.CharField(_("địa chỉ, điện thoại, thư điện tử"), max_length=300, blank=True)
    seals = models.ManyToManyField(
        SigningKey,
        verbose_name=_("khóa ký số của cơ quan ban hành"),
        blank=True,
        related_name="+",
        help_text=_("Để trống: dùng các khóa của cơ quan chưa gắn với cơ quan ban hành nào."),
    )
    numbers_first = models.BooleanField(
        _("cấp số trước khi ký số"),
        default=False,
        help_text=_("Chỉ khi quy chế của cơ quan không buộc ký trước khi cấp số."),
    )
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_active = models.BooleanField(_("đang dùng"), default=True)

    history = HistoricalRecords(m2m_fields=[seals])

    class Meta:
        verbose_name = _("cơ quan ban hành")
        verbose_name_plural = _("cơ quan ban hành")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(fields=("agency", "name"), name="issuing_body_once"),
        )

    def __str__(self) -> str:
        return self.name

    def seal_keys(self) -> models.QuerySet[SigningKey]:
        """The agency's keys that seal what it issues, wherever they are kept."""
        keys = SigningKey.objects.active().of(agency=self.agency)
        bound = IssuingBody.seals.through.objects.filter(issuingbody__agency=self.agency)
        own = bound.filter(issuingbody=self.pk) if self.pk else bound.none()
        if own.exists():
            return keys.filter(pk__in=own.values("signingkey"))
        return keys.exclude(pk__in=bound.values("signingkey"))

    def clean(self) -> None:
        """Raises ValidationError where the regulation wants the signature before the number, and
        for another abbreviation where this year's numbers were given under the old one."""
        self._refuse_other_numbers()
        rule = self.agency.regulation.sign_before_number if self.agency_id else None
        if self.numbers_first and rule is not None and rule.value:
            sentence = _("Quy chế của cơ quan buộc ký trước khi cấp số (%(article)s).")
            raise ValidationError(
                {"numbers_first": ValidationError(sentence, params={"article": rule.article})}
            )

    def _refuse_other_numbers(self) -> None:
        old = IssuingBody.objects.filter(pk=self.pk).first()
        if old is None or old.abbreviation == self.abbreviation:
            return
        if given_this_year(old.agency, old.abbreviation).exists():
            raise ValidationError({"abbreviation": _TAKEN})


_TAKEN = _("Năm nay đã cấp số theo cách cũ; đổi trước khi cấp số đầu tiên của năm sau.")


def given_this_year(agency: Agency, abbreviation: str) -> models.QuerySet[Document]:
    """What was numbered this year in the registers of that abbreviation."""
    rows = Document.objects.filter(
        register__agency=agency,
        register__book__in=BESIDE[Book.OUTGOING],
        register__year=clock.today().year,
    )
    name = f"{abbreviation} · "
    return rows.filter(Q(register__name=abbreviation) | Q(register__name__startswith=name))


class Series(models.Model):
    """Types of a body that count by themselves (NĐ 30/2020 Điều 15.1, Phụ lục I, mục II.3).

    Bodies with one abbreviation share their series: number and notation are unique in a year.
    """

    body = models.ForeignKey(IssuingBody, on_delete=models.PROTECT, related_name="series")
    name = models.CharField(_("tên hệ thống số"), max_length=30)
    type_names = models.TextField(
        _("các loại văn bản"), help_text=_("Mỗi dòng một loại: Quyết định.")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("hệ thống số riêng")
        verbose_name_plural = _("hệ thống số riêng")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("body", "name"), name="series_once"),)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError where types would count anew in the middle of a year: a number
        would be given twice (Cần Thơ Điều 4.3)."""
        old = Series.objects.filter(pk=self.pk).first()
        if old is not None and (old.name, old.types) == (self.name, self.types):
            return
        changed = self.types | (old.types if old else set())
        if old is not None and old.name == self.name:
            changed = self.types ^ old.types
        if self.has_given(changed):
            raise ValidationError(_TAKEN)

    def has_given(self, types: set[str] | None = None) -> bool:
        """Whether a document of these types (its own without any) was numbered this year."""
        body = self.body
        given = given_this_year(body.agency, body.abbreviation).values_list("type_name", flat=True)
        kinds = {name.split(" (")[0].strip() for name in given.distinct()}
        return not kinds.isdisjoint(self.types if types is None else types)

    @property
    def types(self) -> set[str]:
        """The types that it counts."""
        return {line.strip() for line in self.type_names.splitlines() if line.strip()}


class SignedKind(models.Model):
    """A type that only goes out as a signed file, by a list that was issued (Cần Thơ Điều 3.3q)."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="signed_kinds")
    type_name = models.CharField(_("tên loại văn bản"), max_length=100)
    basis = models.CharField(
        _("theo văn bản"), max_length=200, help_text=_("Danh mục ban hành kèm theo Quyết định nào.")
    )
    start_date = models.DateField(_("từ ngày"))
    end_date = models.DateField(_("đến hết ngày"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("loại văn bản chỉ gửi bản có ký số")
        verbose_name_plural = _("loại văn bản chỉ gửi bản có ký số")
        ordering = ("type_name", "start_date")
        constraints = (
            models.CheckConstraint(
                condition=Q(end_date=None) | Q(end_date__gte=models.F("start_date")),
                name="signed_kind_ends_after_it_begins",
            ),
        )

    def __str__(self) -> str:
        return self.type_name


class Template(models.Model):
    """A text to begin with, of a type; ``content`` has the composer's fields."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="draft_templates")
    name = models.CharField(_("tên mẫu"), max_length=120)
    type_name = models.CharField(_("tên loại văn bản"), max_length=100)
    content = models.JSONField(default=dict)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mẫu văn bản")
        verbose_name_plural = _("mẫu văn bản")
        ordering = ("type_name", "name")
        constraints = (
            models.UniqueConstraint(fields=("agency", "name"), name="template_name_once"),
        )

    def __str__(self) -> str:
        return self.name


class Phrase(models.Model):
    """A sentence that the office uses again and again."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="draft_phrases")
    text = models.CharField(_("câu mẫu"), max_length=500)
    ordinal = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        verbose_name = _("câu mẫu")
        verbose_name_plural = _("câu mẫu")
        ordering = ("ordinal", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(text=""), name="phrase_is_not_empty"),
            models.UniqueConstraint(fields=("agency", "text"), name="phrase_once"),
        )

    def __str__(self) -> str:
        return self.text[:60]
