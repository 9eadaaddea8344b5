"""OutgoingDocument: a draft on its way to the signature, and what its state asks of whom."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import head_post, receiving_post
from accounts.choices import Role
from accounts.models import Appointment, Delegation, Post
from accounts.regulation import Provision
from core import clock
from core.text import fold
from documents.calendar import office_calendar
from documents.choices import Kind
from documents.models import Document, Matter
from documents.waits import Wait
from outgoing.choices import GONE_OUT, OPEN, PASSING, TO_ISSUE, FileStep, Medium, State, Task, Verb
from outgoing.querysets import OutgoingQuerySet
from outgoing.sending import last_moment
from signatures.choices import Copy

# Of a long text this much is searched; three hundred pages have less.
_SEARCHED = 1_000_000


class OutgoingDocument(Matter):
    """A document that the agency makes, from its first draft (Kon Tum Điều 14, Cần Thơ Điều 9).

    ``due_date`` is the day by which the draft should be done; the day by which its receivers should
    answer (field 17 of TT 01/2019 Phụ lục V) is ``reply_due_date``.
    """

    KIND = Kind.OUTGOING

    # One entry of the form; the same form sent twice makes one draft.
    entry_token = models.UUIDField(unique=True)
    drafter = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    signer = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The delegation by which its signer signs for somebody who is away; null when it is his own.
    signs_for = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # An internal one stays in the house; it is numbered with the others (văn bản nội bộ).
    is_internal = models.BooleanField(_("văn bản nội bộ"), default=False)
    # Its number among the drafts of the year; an issued document takes one of another book.
    draft_number = models.PositiveIntegerField(default=0)
    reply_due_date = models.DateField(_("hạn trả lời văn bản"), null=True, blank=True)
    answers = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_answers"
    )
    # A copy that goes out by itself: of what, in which form (NĐ 30/2020 Điều 25), of which pages.
    copy_of = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    copy_kind = models.CharField(
        _("hình thức sao"), max_length=10, choices=Copy.choices, blank=True
    )
    copied_pages = models.CharField(_("các trang được trích sao"), max_length=200, blank=True)
    # Of an excerpt that gives the part in words: which part ("khoản 2 Điều 5").
    copied_part = models.CharField(_("phần được trích sao"), max_length=200, blank=True)
    # Ordinal of the newest version.
    version_count = models.PositiveIntegerField(default=0)
    # When it last came back to its drafter; null while he has not been asked to mend it.
    returned_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # The paper was signed too (Bình Định Điều 9.2).
    paper_signed_on = models.DateField(null=True, blank=True)
    # On what it is signed, known with the signature or the approval; the order of signature and
    # number is that of the body that issues it.
    medium = models.CharField(max_length=10, choices=Medium.choices, blank=True)
    numbers_first = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True, blank=True)
    numbered_at = models.DateTimeField(null=True, blank=True)
    # The signed paper was scanned.
    scanned_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()  # type: ignore[misc]

    # Nobody is given work on it by assignments: it goes from step to step.
    work_states = ()
    open_states = OPEN
    over_states = (*TO_ISSUE, *GONE_OUT, State.VOID, State.WITHDRAWN)
    read_once = (*Matter.read_once, "all_sign_offs", "newest", "signed_only")

    class Meta:
        verbose_name = _("văn bản đi")
        verbose_name_plural = _("văn bản đi")
        constraints = (
            models.CheckConstraint(
                condition=Q(copy_of__isnull=True, copy_kind="", copied_pages="", copied_part="")
                | Q(
                    copy_of__isnull=False,
                    copy_kind__in=[Copy.WHOLE, Copy.AGAIN],
                    copied_pages="",
                    copied_part="",
                )
                | Q(copy_of__isnull=False, copy_kind=Copy.PART)
                & ~Q(copied_pages="", copied_part=""),
                name="copy_whole",
            ),
        )

    def get_absolute_url(self) -> str:
        return reverse("outgoing:detail", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        if self.is_copy and self.state == State.APPROVED:
            return gettext("Chờ vào sổ bản sao")
        if self.state == State.DRAFTING and self.returned_at:
            return gettext("Trả lại để sửa")
        return str(State(self.state).label)

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        return gettext("bản sao") if self.is_copy else gettext("dự thảo")

    def verb_label(self, verb: str) -> str:
        """What was done with it, in words."""
        return str(Verb(verb).label)

    def searched(self, words: str) -> str:
        """What it is found by: its fields and the words of its text, by those who may see it."""
        return f"{self.folded()} {fold(words[:_SEARCHED])}".strip()

    @property
    def is_copy(self) -> bool:
        """True for a copy of a document that is there: nobody drafts, reviews or signs it."""
        return self.copy_of_id is not None

    @cached_property
    def way(self) -> dict[str, Provision[str]]:
        """Steps before the signature, in order: who takes each, and by which article.

        A draft of the office itself needs no second reading of its content by its own chief.
        """
        if self.is_copy:
            return {}
        steps = self.agency.regulation.reviewing(member=self.agency.is_member)
        content = steps.get(State.CONTENT)
        if self.drafter.unit.is_office and State.APPRAISAL in steps:
            steps.pop(State.CONTENT, None)
        elif content and self.drafter.role in (self.drafter.unit.head_role, Role.LEADER):
            # The head's own draft: by submitting it he answers for the content. Above a leader
            # there is no head.
            steps.pop(State.CONTENT)
        return steps

    def after(self, state: str) -> str:
        """The state that follows one on its way."""
        stops = [State.DRAFTING, *self.way, State.SIGNING, State.APPROVED]
        # A step that the regulation no longer has leads on to the signature.
        return str(stops[stops.index(state) + 1] if state in stops else State.SIGNING)

    def before(self, state: str) -> str:
        """The state to which one gives it back, where he says nothing else."""
        stops = [State.DRAFTING, *self.way, State.SIGNING]
        return str(stops[stops.index(state) - 1] if state in stops[1:] else State.DRAFTING)

    def post_of(self, state: str) -> Post:
        """The post that takes a step."""
        role = self.way[state].value
        if state == State.CONTENT:
            return head_post(self.drafter.unit)
        return receiving_post(self.agency, role)

    @cached_property
    def left_to(self) -> str:
        """The role that takes what somebody left, where nobody heads the drafting unit; else ""."""
        held, unit = Appointment.objects.in_force(clock.today()), self.drafter.unit
        if held.filter(unit=unit, role=unit.head_role).exists():
            return ""
        chief = held.filter(unit__agency=self.agency_id, role=Role.OFFICE_CHIEF)
        return Role.OFFICE_CHIEF if chief.exists() else Role.LEADER

    def own_waits(self) -> list[Wait]:
        """What its state asks: to be written, to be looked at, to be signed."""
        if self.state == State.DRAFTING:
            task = Task.REVISE if self.returned_at else Task.DRAFT
            return [Wait(task, user_id=self.drafter.user_id, due_date=self.due_date)]
        if self.state == State.SIGNING and self.signer is not None:
            return [Wait(Task.APPROVE, user_id=self.signer.user_id, due_date=self.due_date)]
        if self.state in TO_ISSUE:
            return [
                self._wait_to_issue(),
                *([self._wait_to_collect()] if self.collected_by else []),
            ]
        if self.state in self.way:
            task = Task(PASSING[State(self.state)].value)
            group = self.post_of(self.state).group_id
            return [Wait(task, group_id=group, due_date=self.due_date)]
        if self.state == State.ISSUED and self.deliveries.papers_to_send().exists():
            clerk = receiving_post(self.agency, Role.CLERK)
            return [Wait(Task.NOTE_SENT, group_id=clerk.group_id, due_date=self.issue_by)]
        return []

    def _wait_to_issue(self) -> Wait:
        """What is asked after the approval: mostly of the clerk, who follows what waits to be
        issued (Kon Tum Điều 14.6)."""
        day = self.issue_by
        if self.waits_for_signature and self.signer is not None:
            return Wait(Task.SIGN, user_id=self.signer.user_id, due_date=day)
        clerk = receiving_post(self.agency, Role.CLERK)
        return Wait(self.next_task, group_id=clerk.group_id, due_date=day)

    def _wait_to_collect(self) -> Wait:
        """The drafter comes for the paper; when he has left, it is his head's work."""
        drafter, day = self.drafter, self.issue_by
        if drafter.end_date is not None and drafter.end_date < clock.today():
            return Wait(Task.COLLECT, group_id=head_post(drafter.unit).group_id, due_date=day)
        return Wait(Task.COLLECT, user_id=drafter.user_id, due_date=day)

    @property
    def collected_by(self) -> str:
        """The article by which the drafting unit comes for the signed paper and brings it to the
        clerk (Kon Tum Điều 14.2); "" where there is none to be collected.

        What the office has drafted lies there already.
        """
        if self.state != State.APPROVED or self.medium != Medium.PAPER or self.is_copy:
            return ""
        rule = self.agency.regulation.collecting(member=self.agency.is_member)
        if rule is None or not rule.value or self.drafter.unit.is_office:
            return ""
        return rule.article

    @property
    def next_task(self) -> Task:
        """What the clerk does next with an approved one."""
        if self.needs_paper:
            return Task.NOTE_PAPER
        if self.state == State.APPROVED:
            return Task.NUMBER
        if self.state == State.SEALED:
            return Task.SEAL if self.unsealed_annexes().exists() else Task.ISSUE
        if self.medium == Medium.PAPER and self.scanned_at is None:
            return Task.ATTACH_SCAN
        return Task.ISSUE if self.may_go_unsealed else Task.SEAL

    def unsealed_annexes(self) -> models.QuerySet[Any]:
        """Annexes in files of their own that the agency has not signed (NĐ 30 Phụ lục I, III)."""
        version = self.versions.get(ordinal=self.version_count)
        sealed = version.issued_files.filter(step=FileStep.SEALED, part__gt=0)
        return version.annex_files.exclude(part__in=sealed.values("part"))

    @property
    def may_go_unsealed(self) -> bool:
        """True for a scan of the signed and stamped paper, where the regulation sends it as it is
        (Kon Tum Điều 17.2)."""
        agency = self.agency
        return (
            self.state == State.NUMBERED
            and self.scanned_at is not None
            and agency.regulation.sending_scans(member=agency.is_member) is not None
        )

    @property
    def waits_for_signature(self) -> bool:
        """True for a numbered one that its signer has still to sign, where the number is first."""
        return (
            self.state == State.NUMBERED
            and self.medium == Medium.ELECTRONIC
            and self.signed_at is None
        )

    @cached_property
    def signed_only(self) -> str:
        """By what it only goes out as a signed file: an article, or a list of the office with its
        dates (Cần Thơ Điều 3.3); "" where nothing says so."""
        found = self.agency.regulation.signed_only(self.type_name, member=self.agency.is_member)
        if found:
            return found
        day = self.issued_date or clock.today()
        rows = self.agency.signed_kinds.filter(type_name=self.type_name, start_date__lte=day)
        row = rows.filter(Q(end_date=None) | Q(end_date__gte=day)).first()
        return row.basis if row else ""

    @property
    def issue_until(self) -> datetime | None:
        """Until when it is issued in time: on the day of the signature, at the latest as the
        regulation says of the next working day (NĐ 30/2020 Điều 18.1, Cần Thơ Điều 4.5)."""
        since = self.signed_at or self.approved_at
        if since is None:
            return None
        rule, is_urgent = self.agency.regulation.send_by, bool(self.priority)
        return last_moment(since, rule, office_calendar(), urgent=is_urgent)

    @property
    def issue_by(self) -> date | None:
        """The day of ``issue_until``."""
        until = self.issue_until
        return timezone.localtime(until).date() if until else None

    @property
    def needs_paper(self) -> bool:
        """True for an approved one whose paper must be signed too, and is not known to be."""
        rule = self.agency.regulation.paper_approval
        return (
            self.state in (State.APPROVED, State.NUMBERED)
            and not self.is_copy
            and self.paper_signed_on is None
            and rule is not None
            and rule.value
        )
