"""IncomingDocument and its assignments."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.choices import WHOLE_AGENCY
from accounts.models import Agency, Appointment, Unit, User
from documents.choices import OPEN_ASSIGNMENT, AssignmentRole, AssignmentState, Outcome
from documents.models import Assignment as BaseAssignment
from documents.models import Document, DocumentAct, Waiting
from documents.models import Extension as BaseExtension
from incoming.choices import MERGED, WITH_CLERK, Channel, PaperPart, PaperState, Stance, State, Verb
from incoming.querysets import IncomingQuerySet, PaperQuerySet
from notifications.choices import Reminder as Kind

# Acts by which the office gives work out: the chief's, and a leader's who may do it himself.
GIVING_OUT = (Verb.DISTRIBUTE, Verb.DIRECT)


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
        for name in ("open_extensions", "open_opinions"):
            self.__dict__.pop(name, None)
        if not but_assignments:
            self.__dict__.pop("all_assignments", None)

    @cached_property
    def last_given_out(self) -> DocumentAct | None:
        """The newest act by which somebody still has work that the office gave (not recalled)."""
        kept = {one.pk for one in self.all_assignments if one.state != AssignmentState.RECALLED}
        acts = DocumentAct.objects.filter(target_id=self.pk, verb__in=GIVING_OUT)
        return next(
            (
                act
                for act in acts.order_by("-ordinal")
                if kept & set(act.detail.get("assignments", []))
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
        later = DocumentAct.objects.filter(target_id=self.pk, ordinal__gt=act.ordinal)
        found += [
            Opening(one.at, one.actor.full_name)
            for one in later.exclude(appointment__role__in=WHOLE_AGENCY).select_related("actor")
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


class EntryDraft(models.Model):
    """What a clerk has typed of an entry and not registered: one row a clerk and entry.

    It is bound to the document by the entry's token, which a form without a scan has already.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # None: typed before the scan came.
    document = models.ForeignKey(
        IncomingDocument, on_delete=models.PROTECT, null=True, related_name="drafts"
    )
    clerk = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entry_token = models.UUIDField(db_index=True)
    # As typed, by the national names.
    values = models.JSONField()
    # Counts the savings, so that a second window of the same clerk overwrites nothing unseen.
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ("-saved_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("clerk", "entry_token"), name="one_draft_of_a_clerk"),
        )

    def __str__(self) -> str:
        return f"{self.clerk_id}/{self.entry_token}"


class Paper(models.Model):
    """A paper of a registered document that people carry about: who has it now.

    What happened to it stands in its moves; state, holder and destination are those of the last
    one. Without a holder it is the clerks'.
    """

    document = models.ForeignKey(IncomingDocument, on_delete=models.PROTECT, related_name="papers")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # What the QR holds: nobody guesses it, and it says nothing.
    token = models.CharField(max_length=32, unique=True)
    part = models.CharField(max_length=10, choices=PaperPart.choices)
    name = models.CharField(_("tên tài liệu"), max_length=200, blank=True)
    # Pages that were not scanned; None for the original.
    pages = models.PositiveSmallIntegerField(_("số trang"), null=True)
    # None as long as nobody has counted them.
    sheets = models.PositiveSmallIntegerField(_("số tờ"), null=True)
    state = models.CharField(max_length=10, choices=PaperState.choices, default=PaperState.KEPT)
    holder = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    # On its way to whom; neither: back to the clerks.
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("bản giấy")
        verbose_name_plural = _("bản giấy")
        ordering = ("-part", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=PaperState.values), name="paper_state_known"
            ),
            models.CheckConstraint(condition=Q(part__in=PaperPart.values), name="paper_part_known"),
            models.CheckConstraint(
                condition=~Q(state__in=WITH_CLERK, holder__isnull=False)
                & ~Q(state="held", holder__isnull=True),
                name="paper_held_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="on_way") | Q(to_unit__isnull=True, to_person__isnull=True),
                name="paper_goes_somewhere_only_on_its_way",
            ),
            models.UniqueConstraint(
                fields=("document",), condition=Q(part="original"), name="paper_one_original"
            ),
        )
        indexes = (
            models.Index(
                fields=("agency", "since"),
                condition=~Q(state__in=WITH_CLERK),
                name="paper_out",
            ),
            models.Index(fields=("holder",), name="paper_holder"),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.pk}"

    @property
    def is_with_clerk(self) -> bool:
        """True while it lies in the clerks' cupboard."""
        return self.state in WITH_CLERK


class PaperMove(models.Model):
    """One step of a paper's custody: only ever inserted. Who, when and in what words: its act."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="moves")
    act = models.ForeignKey(DocumentAct, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PaperState.choices)
    # Nobody: the clerks.
    giver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    to_person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    sheets = models.PositiveSmallIntegerField(null=True)
    # The receiver signed on the printed slip; the clerk says so.
    signed_on_paper = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.state} {self.paper_id}"


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


class Reminder(models.Model):
    """Somebody was reminded of something by the clock: the cause, so that it is told once.

    A moved deadline is a new cause. Without a document it is an agency's morning of that day.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    document = models.ForeignKey(Document, on_delete=models.CASCADE, null=True, related_name="+")
    # What waits, as the waiting row names it: verb, who or which post, assignment, deadline.
    verb = models.CharField(max_length=20, blank=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    assignment = models.BigIntegerField(default=0)
    due_date = models.DateField()
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=(
                    "agency",
                    "due_date",
                    "document",
                    "kind",
                    "verb",
                    "user",
                    "group",
                    "assignment",
                ),
                nulls_distinct=False,
                name="reminded_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="reminder_kind_known"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.document_id} {self.due_date}"


class Round(models.Model):
    """A round of submitting that is over: kept when nothing was left (Bình Định Điều 9.1).

    ``waiting`` is what lay registered and not submitted at any time since the round before;
    ``late`` is what was still there at its hour. Written once, by the clock, from the trail.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    hour = models.TimeField()
    waiting = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    # Received before the round and not in the book yet.
    in_tray = models.PositiveIntegerField()
    late = models.ManyToManyField(IncomingDocument, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-day", "-hour")
        constraints = (
            models.UniqueConstraint(fields=("agency", "day", "hour"), name="round_once"),
            models.CheckConstraint(
                condition=Q(in_time__lte=F("waiting")), name="round_in_time_of_waiting"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.hour:%H:%M}"

    @property
    def left(self) -> int:
        """How many did not go in time."""
        return self.waiting - self.in_time

    @property
    def is_kept(self) -> bool:
        return self.left == 0


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
