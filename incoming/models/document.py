"""IncomingDocument, its assignments, later days and opinions."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import WHOLE_AGENCY
from accounts.models import Appointment, Unit, User
from documents.choices import OPEN_ASSIGNMENT, AssignmentState, Outcome
from documents.models import Assignment as BaseAssignment
from documents.models import Document, DocumentAct, Waiting
from documents.models import Extension as BaseExtension
from incoming.choices import MERGED, Channel, Stance, State, Verb
from incoming.querysets import IncomingQuerySet

# Acts by which the office gives work out: the chief's, a leader's who may do it himself, and the
# clerk's by a written direction.
GIVING_OUT = (Verb.DISTRIBUTE, Verb.DIRECT, Verb.FORWARD)


@dataclass(frozen=True)
class Opening:
    """When somebody first opened what he was given, or acted on it."""

    at: datetime
    who: str


class IncomingDocument(Document):
    """A document that came, from its arrival to the end of the work (Kon Tum Điều 13)."""

    channel = models.CharField(
        _("hình thức đến"), max_length=10, choices=Channel.choices, default=Channel.PAPER
    )
    # One entry of the registering form; the same form sent twice registers once.
    entry_token = models.UUIDField(unique=True)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    # The leader who was asked for a decision, and when he gave it.
    proposed_to = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    directed_at = models.DateTimeField(null=True)
    result = models.TextField(_("kết quả giải quyết"), blank=True)
    finished_at = models.DateTimeField(null=True)
    # Code of a forbidden kind (gate) or of RefusalReason; the words are not kept.
    refusal_reason = models.CharField(max_length=30, blank=True)
    # Whether a later day or an opinion is waited for: known from the locked row itself, so that
    # the many verbs without such a request cost no query more.
    has_requests = models.BooleanField(default=False)

    objects = IncomingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("văn bản đến")
        verbose_name_plural = _("văn bản đến")
        constraints = (
            models.CheckConstraint(
                condition=Q(channel__in=Channel.values), name="incoming_channel_known"
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("incoming:detail", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        if self.refusal_reason == MERGED:
            return gettext("Đã gộp vào văn bản khác")
        return str(State(self.state).label)

    @cached_property
    def all_assignments(self) -> "list[Assignment]":
        """Every assignment with its unit, person and giver, oldest first; read once."""
        return list(
            self.assignments.select_related("unit", "person", "given_by__user").order_by(
                "given_at", "pk"
            )
        )

    @cached_property
    def open_extensions(self) -> "list[Extension]":
        """Requests for a later day that nobody has decided, oldest first."""
        if not self.has_requests:
            return []
        rows = Extension.objects.filter(assignment__document=self, outcome=Outcome.ASKED)
        whole = ("assignment__unit", "assignment__person", "asked_by__user")
        return list(rows.select_related(*whole).order_by("pk"))

    @cached_property
    def open_opinions(self) -> "list[Opinion]":
        """Opinions that were asked for and have been neither given nor withdrawn, oldest first."""
        if not self.has_requests:
            return []
        rows = self.opinions.filter(answered_at__isnull=True, withdrawn_at__isnull=True)
        return list(rows.select_related("unit", "person", "asked_by__user", "asked_by__unit"))

    def forget_rows(self, *, but_assignments: bool = False) -> None:
        """Read assignments and requests anew the next time."""
        for name in (
            "open_extensions",
            "open_opinions",
            "acts_read",
            "last_given_out",
            "first_opening",
        ):
            self.__dict__.pop(name, None)
        if not but_assignments:
            self.__dict__.pop("all_assignments", None)

    @cached_property
    def acts_read(self) -> list[DocumentAct]:
        """All its acts, oldest first; read once, by a page that shows them too."""
        whole = DocumentAct.objects.filter(target_id=self.pk).order_by("ordinal")
        names = ("actor", "appointment", "words", "on_behalf_of__user")
        return list(whole.select_related(*names))

    @cached_property
    def last_given_out(self) -> DocumentAct | None:
        """The newest act by which somebody still has work that the office gave (not recalled)."""
        kept = {one.pk for one in self.all_assignments if one.state != AssignmentState.RECALLED}
        return next(
            (
                act
                for act in reversed(self.acts_read)
                if act.verb in GIVING_OUT and kept & set(act.detail.get("assignments", []))
            ),
            None,
        )

    @cached_property
    def first_opening(self) -> "Opening | None":
        """Who of those whom the last distribution reached was the first to open it or to act."""
        act = self.last_given_out
        if act is None:
            return None
        given = {one.pk: one for one in self.all_assignments if one.pk in act.detail["assignments"]}
        seen = Waiting.objects.filter(
            document_id=self.pk, assignment__in=given, seen_at__isnull=False
        )
        found = [
            Opening(row.seen_at, str(given[row.assignment].person or given[row.assignment].unit))
            for row in seen
        ]
        found += [
            Opening(one.closed_at or one.given_at, str(one.person or one.unit))
            for one in given.values()
            if one.state != AssignmentState.WAITING
        ]
        # Whoever sees the whole agency may speak of it; those whom it reached have begun.
        found += [
            Opening(one.at, one.actor.full_name)
            for one in self.acts_read
            if one.ordinal > act.ordinal and one.appointment.role not in WHOLE_AGENCY
        ]
        return min(found, key=lambda one: one.at, default=None)

    @property
    def arrival_date(self) -> date:
        """Ngày đến (TT 01/2019 field 13)."""
        return self.day

    @property
    def arrival_number(self) -> int | None:
        """Số đến (field 14); None before registering."""
        return self.number or None


class Assignment(BaseAssignment):
    """Somebody leads, coordinates or knows of an incoming document."""

    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="assignments"
    )
    # The newest urge of it, answered or not.
    urge = models.ForeignKey(
        DocumentAct, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(BaseAssignment.Meta):
        verbose_name = _("phân công")
        verbose_name_plural = _("phân công")
        ordering = ("given_at", "pk")
        constraints = (  # type: ignore[assignment]
            *BaseAssignment.Meta.constraints,
            models.UniqueConstraint(
                fields=("document", "parent"),
                condition=Q(role="lead", state__in=OPEN_ASSIGNMENT),
                nulls_distinct=False,
                name="one_open_lead_under_each",
            ),
        )
        indexes = (
            models.Index(
                fields=("unit", "due_date"),
                condition=Q(state__in=OPEN_ASSIGNMENT),
                name="assignment_open_unit",
            ),
            models.Index(
                fields=("person", "due_date"),
                condition=Q(state__in=OPEN_ASSIGNMENT),
                name="assignment_open_person",
            ),
        )


class Extension(BaseExtension):
    """A later day was asked for the work on an incoming document (Kon Tum Điều 11.6c)."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="extensions")

    class Meta(BaseExtension.Meta):
        verbose_name = _("gia hạn")
        verbose_name_plural = _("gia hạn")
        ordering = ("pk",)
        constraints = (  # type: ignore[assignment]
            *BaseExtension.Meta.constraints,
            models.UniqueConstraint(
                fields=("assignment",),
                condition=Q(outcome=Outcome.ASKED),
                name="one_open_extension",
            ),
        )


class Opinion(models.Model):
    """A unit or a person is asked for an opinion, and what they said (Kon Tum Điều 13.7b)."""

    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, related_name="opinions"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    question = models.TextField(_("nội dung xin ý kiến"))
    due_date = models.DateField(_("thời hạn góp ý"), null=True, blank=True)
    asked_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    stance = models.CharField(_("ý kiến"), max_length=10, choices=Stance.choices, blank=True)
    text = models.TextField(_("nội dung góp ý"), blank=True)
    answered_by = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("góp ý")
        verbose_name_plural = _("góp ý")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(stance="", answered_at__isnull=True, answered_by__isnull=True)
                | Q(
                    stance__in=Stance.values,
                    answered_at__isnull=False,
                    answered_by__isnull=False,
                ),
                name="opinion_given_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="opinion_given_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person or self.unit}"

    @property
    def is_open(self) -> bool:
        """True while it is waited for."""
        return self.answered_at is None and self.withdrawn_at is None
