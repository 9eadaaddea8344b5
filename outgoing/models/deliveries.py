"""To whom a document goes, by which way, and what became of it."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Agency, Appointment
from incoming.models import IncomingDocument
from outgoing.choices import ARRIVED, CLOSED, MISSING, DeliveryCode, Way
from outgoing.models.document import OutgoingDocument
from outgoing.querysets import DeliveryQuerySet


class Delivery(models.Model):
    """One document to one receiver by one way; ``exchange`` picks up what waits.

    ``status`` is the newest code of QCVN 102:2016 (``DeliveryCode``); every one that it ever had is
    a row of DeliveryStatus. Sent anew it takes another token, so that it arrives once more.
    """

    document = models.ForeignKey(
        OutgoingDocument, on_delete=models.PROTECT, related_name="deliveries"
    )
    # Set where the receiver works in this installation.
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    organ_id = models.CharField(_("mã định danh"), max_length=35, blank=True)
    organ_name = models.CharField(_("nơi nhận"), max_length=200)
    # Of the mailbox, or of the post.
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    way = models.CharField(_("cách gửi"), max_length=6, choices=Way.choices)
    copies = models.PositiveSmallIntegerField(_("số bản"), default=1)
    note = models.CharField(_("ghi chú"), max_length=200, blank=True)
    status = models.CharField(max_length=4, blank=True)
    token = models.UUIDField(default=uuid4, unique=True)
    # Who has sent it last: the acts that it causes elsewhere are his.
    issued_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Null when nothing is to be done with it.
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    received = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # Ordinal of the newest act of ``received`` that has been looked at.
    compared = models.PositiveIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(next_try_at__isnull=False),
                name="delivery_due",
            ),
            # Those whose receivers go on working on it: the rest grows, these do not.
            models.Index(
                fields=("received",),
                condition=Q(received__isnull=False) & ~Q(status__in=sorted(CLOSED)),
                name="delivery_followed",
            ),
            # Chưa đến nơi: few of many, and soon others.
            models.Index(
                fields=("document",),
                condition=Q(status__in=sorted(MISSING)),
                name="delivery_missing",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(way__in=Way.values), name="delivery_way_known"),
            models.CheckConstraint(condition=Q(copies__gt=0), name="delivery_has_copies"),
            models.CheckConstraint(
                condition=~Q(way=Way.INSIDE) | Q(agency__isnull=False),
                name="delivery_inside_has_agency",
            ),
            models.UniqueConstraint(
                fields=("document", "way", "agency"),
                condition=Q(agency__isnull=False),
                name="delivery_once_by_a_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.document_id} {self.way} {self.organ_name}"

    @property
    def is_unnoted_paper(self) -> bool:
        """True for a paper of which nobody has noted that it was sent; it may be on its way."""
        return self.way == Way.PAPER and self.status in (
            DeliveryCode.WAITS,
            DeliveryCode.CALLED_OFF,
            DeliveryCode.REPLACED,
        )

    @property
    def may_lie_there(self) -> bool:
        """True where a sending may have come to its receiver, whatever was tried after it.

        What he sent away he has not, nor what a mail server gave back; a letter or a paper that
        was sent once more has not come back by that.
        """
        sent = lies = False
        for code in self.statuses.order_by("pk").values_list("code", flat=True):
            if code == DeliveryCode.WAITS:
                lies, sent = lies or sent, False
            elif code in ARRIVED:
                sent = True
            elif code == DeliveryCode.FAILED:
                sent = False
            elif code == DeliveryCode.REFUSED:
                lies = sent = False
        return lies or sent

    @property
    def status_label(self) -> str:
        """The status in words; a code that nobody knows stands there as it came."""
        try:
            return str(DeliveryCode(self.status).label)
        except ValueError:
            return self.status


class DeliveryStatus(models.Model):
    """A status that a delivery has had; only ever inserted (a trigger sees to it)."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="statuses")
    code = models.CharField(max_length=4)
    at = models.DateTimeField()
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.code}"

    @property
    def label(self) -> str:
        """The code in words."""
        try:
            return str(DeliveryCode(self.code).label)
        except ValueError:
            return self.code
