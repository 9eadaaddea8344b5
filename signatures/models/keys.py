"""SigningKey, KeyWarning."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Agency, User
from signatures import vault
from signatures.choices import OURS, BackEnd
from signatures.querysets import SigningKeyQuerySet


class SigningKey(models.Model):
    """A certificate of a person or of an agency, and the way to the key that belongs to it.

    A key file is kept closed twice: by the installation's secret, and by its holder's PIN, which is
    its own passphrase and stands nowhere.
    """

    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signing_keys",
        verbose_name=_("của người"),
    )
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signing_keys",
        verbose_name=_("của cơ quan"),
    )
    back_end = models.CharField(_("nơi giữ khóa"), max_length=10, choices=BackEnd.choices)
    label = models.CharField(_("tên gọi"), max_length=100)
    certificate = models.BinaryField()
    fingerprint = models.CharField(max_length=64, editable=False)
    subject_name = models.CharField(_("cấp cho"), max_length=255)
    issuer_name = models.CharField(_("nơi cấp"), max_length=255)
    serial = models.CharField(_("số hiệu"), max_length=64)
    valid_from = models.DateTimeField(_("có hiệu lực từ"))
    valid_to = models.DateTimeField(_("hết hiệu lực"))
    secret = models.BinaryField(default=b"")
    token_label = models.CharField(_("tên thiết bị"), max_length=64, blank=True)
    key_label = models.CharField(_("tên khóa trong thiết bị"), max_length=64, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    locked_at = models.DateTimeField(_("bị khóa lúc"), null=True, editable=False)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    picture = models.BinaryField(default=b"")
    picture_width_mm = models.DecimalField(
        _("bề rộng hình (mm)"), max_digits=4, decimal_places=1, default=0
    )
    added_at = models.DateTimeField(editable=False)

    objects = SigningKeyQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["secret", "picture", "certificate"])

    class Meta:
        verbose_name = _("khóa ký số")
        verbose_name_plural = _("khóa ký số")
        ordering = ("-is_active", "-valid_to", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(owner=None, agency__isnull=False) | Q(owner__isnull=False, agency=None),
                name="key_of_a_person_or_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(back_end__in=BackEnd.values), name="key_back_end_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="key_ends_after_it_begins"
            ),
            models.UniqueConstraint(
                fields=("owner",), condition=Q(is_active=True), name="one_key_of_a_person"
            ),
            # An agency has one for each seal: of the council, of the committee, of the office.
            models.UniqueConstraint(
                fields=("agency", "label"), condition=Q(is_active=True), name="one_key_of_a_seal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.label} ({self.subject_name})"

    @property
    def holder(self) -> str:
        """Whose it is, in words."""
        return str(self.owner or self.agency)

    @property
    def is_ours(self) -> bool:
        """True when the installation can sign with it."""
        return self.back_end in OURS

    def keep_secret(self, secret: bytes) -> None:
        """Put the key file in, closed."""
        self.secret = vault.close(secret, self._place())

    def open_secret(self) -> bytes:
        """The key file. Raises vault.Closed when no secret of the installation opens it."""
        return vault.open_(bytes(self.secret), self._place())

    def _place(self) -> bytes:
        # The secret of one row opens in no other.
        return self.fingerprint.encode()


class KeyWarning(models.Model):
    """Somebody was told that a certificate is about to lapse: once for each number of days."""

    key = models.ForeignKey(SigningKey, on_delete=models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "days"), name="key_warned_once"),)

    def __str__(self) -> str:
        return f"{self.key_id} {self.days}"
