"""OutgoingDocument: a draft on its way to the signature, and what its state asks of whom."""

from django.db import models
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import head_post, receiving_post
from accounts.choices import Role
from accounts.models import Appointment, Post
from accounts.regulation import Provision
from documents.choices import Kind
from documents.models import Document, Matter
from documents.waits import Wait
from outgoing.choices import OPEN, PASSING, State, Task, Verb
from outgoing.querysets import OutgoingQuerySet


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
    # An internal one has a register of its own (văn bản nội bộ).
    is_internal = models.BooleanField(_("văn bản nội bộ"), default=False)
    # Its number among the drafts of the year; an issued document takes one of another book.
    draft_number = models.PositiveIntegerField(default=0)
    reply_due_date = models.DateField(_("hạn trả lời văn bản"), null=True, blank=True)
    answers = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="drafted_answers"
    )
    # Ordinal of the newest version.
    version_count = models.PositiveIntegerField(default=0)
    # When it last came back to its drafter; null while he has not been asked to mend it.
    returned_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    # The paper was signed too (Bình Định Điều 9.2).
    paper_signed_on = models.DateField(null=True, blank=True)

    objects = OutgoingQuerySet.as_manager()  # type: ignore[misc]

    # Nobody is given work on it by assignments: it goes from step to step.
    work_states = ()
    open_states = OPEN
    over_states = (State.APPROVED, State.WITHDRAWN)
    read_once = (*Matter.read_once, "all_sign_offs", "newest")

    class Meta:
        verbose_name = _("văn bản đi")
        verbose_name_plural = _("văn bản đi")

    def get_absolute_url(self) -> str:
        return reverse("outgoing:detail", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        if self.state == State.DRAFTING and self.returned_at:
            return gettext("Trả lại để sửa")
        return str(State(self.state).label)

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        return gettext("dự thảo")

    def verb_label(self, verb: str) -> str:
        """What was done with it, in words."""
        return str(Verb(verb).label)

    @cached_property
    def way(self) -> dict[str, Provision[str]]:
        """Steps before the signature, in order: who takes each, and by which article.

        A draft of the office itself needs no second reading of its content by its own chief.
        """
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

    def own_waits(self) -> list[Wait]:
        """What its state asks: to be written, to be looked at, to be signed."""
        if self.state == State.DRAFTING:
            task = Task.REVISE if self.returned_at else Task.DRAFT
            return [Wait(task, user_id=self.drafter.user_id, due_date=self.due_date)]
        if self.state == State.SIGNING and self.signer is not None:
            return [Wait(Task.APPROVE, user_id=self.signer.user_id, due_date=self.due_date)]
        if self.state in self.way:
            task = Task(PASSING[State(self.state)].value)
            group = self.post_of(self.state).group_id
            return [Wait(task, group_id=group, due_date=self.due_date)]
        if self.needs_paper:
            clerk = receiving_post(self.agency, "clerk")
            return [Wait(Task.NOTE_PAPER, group_id=clerk.group_id, due_date=self.due_date)]
        return []

    @property
    def needs_paper(self) -> bool:
        """True for an approved one whose paper must be signed too, and is not known to be."""
        rule = self.agency.regulation.paper_approval
        return (
            self.state == State.APPROVED
            and self.paper_signed_on is None
            and rule is not None
            and rule.value
        )
