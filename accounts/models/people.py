"""Accounts, posts, appointments, who stands in for whom, and what each has chosen."""

from django.contrib.auth.models import AbstractUser, Group
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.choices import Role, Scope
from accounts.models.agency import Unit
from accounts.querysets import (
    AppointmentQuerySet,
    DelegationQuerySet,
    SignedInQuerySet,
    UserQuerySet,
)
from core.text import clean, name_key


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager with our questions."""


class User(AbstractUser):
    """One account a person (Kon Tum Điều 11.1), or a function account (Điều 7.2a)."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField(_("họ và tên"), max_length=100)
    name_key = models.CharField(max_length=400, editable=False, db_index=True)
    phone = models.CharField(_("điện thoại"), max_length=20, blank=True)
    must_change_password = models.BooleanField(
        _("phải đổi mật khẩu khi đăng nhập"),
        default=True,
        help_text=_("Người dùng đổi mật khẩu mặc định trước khi làm việc."),
    )
    is_function_account = models.BooleanField(_("tài khoản chức năng"), default=False)
    # Every session remembers the round in which it began; the next round ends them all.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()  # type: ignore[misc]
    history = HistoricalRecords(excluded_fields=["password", "last_login", "session_round"])

    REQUIRED_FIELDS = ["full_name"]  # noqa: RUF012 -- Django asks for a list

    class Meta(AbstractUser.Meta):
        verbose_name = _("người dùng")  # type: ignore[assignment]
        verbose_name_plural = _("người dùng")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: object, **kwargs: object) -> None:
        # The order of Vietnamese names cannot be computed by the database, so it is stored.
        self.full_name = clean(self.full_name)
        self.name_key = name_key(self.full_name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must hold to be this person's: password and round (Django asks)."""
        by_password: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.session_round:
            return by_password
        return salted_hmac(
            "accounts.session_round",
            f"{by_password}{self.session_round}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name.split()[-1] if self.full_name else self.username

    @property
    def chosen(self) -> "Preferences":
        """What the person has set for himself; the defaults for whoever has set nothing."""
        try:
            return self.preferences
        except Preferences.DoesNotExist:
            return Preferences(user=self)


class Post(models.Model):
    """A role in a unit, whoever holds it; the group is what rights of the post hang on."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role.choices)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="post")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("unit", "role"), name="post_once_in_unit"),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="post_role_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.unit}"


class Appointment(models.Model):
    """A user holds a role and a title in a unit from a day to a day, by a decision."""

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("người dùng")
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("đơn vị")
    )
    role = models.CharField(_("vai trò"), max_length=20, choices=Role.choices)
    title = models.CharField(_("chức vụ"), max_length=100)
    start_date = models.DateField(_("từ ngày"))
    end_date = models.DateField(_("đến hết ngày"), null=True, blank=True)
    decision_number = models.CharField(_("quyết định số"), max_length=60, blank=True)
    # Chair, director: what a regulation leaves to him his deputies do by delegation only.
    is_head = models.BooleanField(
        _("người đứng đầu cơ quan"),
        default=False,
        help_text=_("Việc quy chế giao riêng người đứng đầu thì cấp phó làm khi được ủy quyền."),
    )

    objects = AppointmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("bổ nhiệm")
        verbose_name_plural = _("bổ nhiệm")
        ordering = ("start_date", "pk")
        indexes = (models.Index(fields=("unit", "role")),)
        constraints = (
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")),
                name="appointment_ends_after_start",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="appointment_role_known"
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(role=Role.LEADER),
                name="head_of_agency_is_a_leader",
                violation_error_message=_("Người đứng đầu cơ quan giữ vai trò lãnh đạo."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title}, {self.unit}"

    def clean(self) -> None:
        """Raises ValidationError for a second head of the agency on the same days."""
        if not self.is_head or self.start_date is None or self.unit_id is None:
            return
        others = Appointment.objects.filter(is_head=True, unit__agency=self.unit.agency_id)
        others = others.filter(Q(end_date__isnull=True) | Q(end_date__gte=self.start_date))
        if self.end_date is not None:
            others = others.filter(start_date__lte=self.end_date)
        other = others.exclude(pk=self.pk).select_related("user").first()
        if other is not None:
            raise ValidationError(
                {
                    "is_head": ValidationError(
                        _("%(who)s đang là người đứng đầu cơ quan trong thời gian này."),
                        params={"who": other.user.full_name},
                    )
                }
            )


class Delegation(models.Model):
    """The holder of an appointment lets a colleague act for him, from a day to a day.

    Bắc Giang Điều 5.3d, Kon Tum Điều 13.1. The delegate keeps his own rights and work; both days
    are included, and the clock alone begins and ends it.
    """

    appointment = models.ForeignKey(
        Appointment,
        on_delete=models.PROTECT,
        related_name="delegations",
        verbose_name=_("chức vụ ủy quyền"),
    )
    delegate = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("người được ủy quyền")
    )
    scope = models.CharField(_("phạm vi"), max_length=10, choices=Scope.choices, default=Scope.ALL)
    start_date = models.DateField(_("từ ngày"))
    end_date = models.DateField(_("đến hết ngày"))
    decision_number = models.CharField(_("văn bản ủy quyền số"), max_length=60, blank=True)
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(_("thôi ủy quyền lúc"), null=True, editable=False)

    objects = DelegationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        ordering = ("-start_date", "-pk")
        indexes = (models.Index(fields=("delegate", "end_date"), name="delegation_delegate"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(end_date__gte=F("start_date")),
                name="delegation_ends_after_start",
                violation_error_message=_("Ngày kết thúc phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(
                condition=Q(scope__in=Scope.values), name="delegation_scope_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.appointment} → {self.delegate}"


class Preferences(models.Model):
    """What a person has set for himself on the account page; no row: nothing yet.

    Letters only: what is due, late or urged stands on the desk whatever is switched off here.
    """

    user = models.OneToOneField(
        User, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    mail_morning = models.BooleanField(_("Việc đầu ngày"), default=True)
    mail_due = models.BooleanField(_("Sắp đến hạn, đến hạn trong ngày"), default=True)
    mail_overdue = models.BooleanField(_("Quá hạn"), default=True)
    mail_urged = models.BooleanField(_("Được đôn đốc"), default=True)
    mail_work = models.BooleanField(_("Việc mới, ý kiến, kết quả"), default=True)
    letter_keys = models.BooleanField(_("Dùng phím tắt một chữ"), default=True)
    one_line = models.BooleanField(default=False)
    # Empty: never chosen, and then the browser's own choice stands.
    language = models.CharField(max_length=5, blank=True)

    class Meta:
        verbose_name = _("thiết lập")
        verbose_name_plural = _("thiết lập")

    def __str__(self) -> str:
        return str(self.user_id)


class SignedIn(models.Model):
    """A browser in which somebody is signed in; the row goes with its session."""

    session = models.OneToOneField(
        Session, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="signed_in")
    signed_in_at = models.DateTimeField()
    browser = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)

    objects = SignedInQuerySet.as_manager()

    class Meta:
        verbose_name = _("nơi đăng nhập")
        verbose_name_plural = _("nơi đăng nhập")
        ordering = ("-signed_in_at",)

    def __str__(self) -> str:
        return f"{self.user_id} {self.browser}"
