"""IncomingDocument: its states, and what they ask of whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import head_post, receiving_post
from accounts.choices import WHOLE_AGENCY, Role
from accounts.models import Agency, User
from documents.calendar import office_calendar
from documents.choices import AssignmentState
from documents.models import Assignment, DocumentAct, Matter, Waiting
from documents.waits import Wait
from incoming.choices import (
    MERGED,
    RECALLED,
    Channel,
    PaperState,
    RecallAnswer,
    State,
    Task,
    Verb,
)
from incoming.querysets import IncomingQuerySet

# Acts by which the office gives work out: the chief's, a leader's who may do it himself, and the
# clerk's by a written direction.
GIVING_OUT = (Verb.DISTRIBUTE, Verb.DIRECT, Verb.FORWARD)


@dataclass(frozen=True)
class Opening:
    """When somebody first opened what he was given, or acted on it."""

    at: datetime
    who: str


def _acted_for(act: DocumentAct, one: Assignment) -> bool:
    """True when it was done by whoever answers for that assignment, or in his place."""
    held = act.on_behalf_of or act.appointment
    if one.person_id is not None:
        return one.person_id in (held.user_id, act.actor_id)
    return held.unit_id == one.unit_id and held.role == one.unit.head_role


class IncomingDocument(Matter):
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
    # The leader who is asked has left: whoever proposes is asked to put it before another.
    leader_left = models.BooleanField(default=False)
    result = models.TextField(_("kết quả giải quyết"), blank=True)
    finished_at = models.DateTimeField(null=True)
    # Code of a forbidden kind (gate) or of RefusalReason; the words are not kept.
    refusal_reason = models.CharField(max_length=30, blank=True)
    # Who sent it through the system; null for what was scanned or uploaded here.
    sent_from = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, related_name="+")
    # What it takes the place of, as its sender says: type, number and notation, day.
    replaces_text = models.CharField(max_length=200, blank=True)
    # Since when its sender wants it back, and what was answered.
    recalled_at = models.DateTimeField(null=True)
    recall_answer = models.CharField(max_length=2, choices=RecallAnswer.choices, blank=True)

    work_states = (State.IN_PROCESS,)
    open_states = (State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)
    over_states = (State.FINISHED,)
    read_once = (*Matter.read_once, "acts_read", "last_given_out", "first_opening")

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
        if self.refusal_reason == RECALLED:
            return gettext("Đã hủy, bên gửi thu hồi")
        return str(State(self.state).label)

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        return gettext("văn bản")

    def verb_label(self, verb: str) -> str:
        """What was done with it, in words."""
        return str(Verb(verb).label)

    @property
    def keeps_words(self) -> bool:
        """False once it was taken out: of that nothing is written any more."""
        return self.state != State.VOID or self.refusal_reason == RECALLED

    @property
    def is_recalled(self) -> bool:
        """True while its sender wants it back and nobody has answered."""
        asked = self.recalled_at is not None and not self.recall_answer
        return asked and self.state in (*self.open_states, State.FINISHED)

    @property
    def recalled_by(self) -> str:
        """Name of the agency that wants it back; also where it lay with a file of our own."""
        if self.sent_from is not None:
            return self.sent_from.name
        acts = self.acts.filter(verb=Verb.SENDER_RECALL).order_by("-ordinal")
        act = acts.select_related("appointment__unit__agency").first()
        return act.appointment.unit.agency.name if act is not None else ""

    @property
    def shared_work_terms(self) -> str:
        """Each one's day and what is to be done, where several are given it (Cần Thơ Điều 7.2)."""
        return self.article("shared_work_terms")

    @property
    def leader_asked(self) -> User | None:
        """The leader to whom it was proposed and who has decided (Kon Tum Điều 13.3)."""
        return self.proposed_to if self.directed_at else None

    def own_waits(self) -> list[Wait]:
        """What its state asks of the clerk, the office or a leader; and papers on their way."""
        waits = self._state_waits()
        if self.is_recalled:
            waits.append(
                self._asked(Task.CANCEL, Role.CLERK, timezone.localtime(self.recalled_at).date())
            )
        # Whoever has many documents in hand has seen with the lock whether a paper is about.
        if getattr(self, "has_paper_out", True):
            waits.extend(self._paper_waits())
        return waits

    def _state_waits(self) -> list[Wait]:
        regulation, member = self.agency.regulation, self.agency.is_member
        match self.state:
            case State.RECEIVED:
                day = self._office_day(self.received_at, regulation.register_days.value)
                return [self._asked(Task.REGISTER, Role.CLERK, day)]
            case State.REGISTERED:
                since = self._last_return() or self.registered_at or self.received_at
                day = self._office_day(since, regulation.submit_days.value)
                return [self._asked(Task.SUBMIT, Role.CLERK, day)]
            case State.SUBMITTED:
                return [self._asked(Task.DISTRIBUTE, self.distributing_role, self.due_date)]
            case State.PROPOSED if self.leader_left and regulation.proposer is not None:
                return [self._asked(Task.PUT_ANEW, regulation.proposer.value, self.due_date)]
            case State.PROPOSED:
                return [Wait(Task.DIRECT, user_id=self.proposed_to_id, due_date=self.due_date)]
            case State.IN_PROCESS if not self.is_led:
                # The lead has sent it back: the office finds another. What it took back itself
                # does not go to the clerk, who distributes nothing.
                role = regulation.returning(member=member).value
                role = self.distributing_role if role == Role.CLERK else role
                return [self._asked(Task.DISTRIBUTE, role, self.due_date)]
        return []

    def _asked(self, task: Task, role: str, day: date | None) -> Wait:
        """A post of the agency is asked."""
        post = receiving_post(self.agency, role)
        return Wait(task, group_id=post.group_id, due_date=day)

    def _paper_waits(self) -> Iterable[Wait]:
        """Whoever was handed a paper signs for it: once, however many papers of the document."""
        posts: set[int] = set()
        people: set[int] = set()
        on_way = self.papers.filter(state=PaperState.ON_WAY)
        for paper in on_way.select_related("to_unit__agency"):
            if paper.to_person_id is not None:
                people.add(paper.to_person_id)
            elif paper.to_unit is not None:
                posts.add(head_post(paper.to_unit).group_id)
            else:
                posts.add(receiving_post(self.agency, Role.CLERK).group_id)
        yield from (Wait(Task.TAKE_OVER, user_id=pk) for pk in sorted(people))
        yield from (Wait(Task.TAKE_OVER, group_id=pk) for pk in sorted(posts))

    def _last_return(self) -> datetime | None:
        """When it last came back to the clerk; the clerk's days count from then."""
        returning = (Verb.SEND_BACK, Verb.RECALL)
        back = DocumentAct.objects.filter(target_id=self.pk, verb__in=returning)
        return back.order_by("ordinal").values_list("at", flat=True).last()

    def _office_day(self, since: datetime, days: int) -> date:
        """The clerk's own limit: so many working days, urgent ones at once (NĐ 30 Điều 4.2c)."""
        day = timezone.localtime(since).date()
        if self.priority and self.agency.regulation.urgent_at_once.value:
            return day
        return office_calendar().add_working_days(day, days)

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
        ).exclude(verb=Task.GIVE_ANEW)  # who takes it from one who has left is not whom it reached
        found = [
            Opening(row.seen_at, str(given[row.assignment].person or given[row.assignment].unit))
            for row in seen
        ]
        found += [
            Opening(one.closed_at or one.given_at, str(one.person or one.unit))
            for one in given.values()
            if one.state != AssignmentState.WAITING
        ]
        # Whoever sees the whole agency may speak of it, and so may those who had their part before.
        reached = self._with_all_below(given)
        found += [
            Opening(one.at, one.actor.full_name)
            for one in self.acts_read
            if one.ordinal > act.ordinal
            and one.appointment.role not in WHOLE_AGENCY
            and any(_acted_for(one, each) for each in reached)
        ]
        return min(found, key=lambda one: one.at, default=None)

    def _with_all_below(self, given: dict[int, Assignment]) -> list[Assignment]:
        """These assignments, and what was given out of them at any depth."""
        keys = set(given)
        for one in self.all_assignments:  # oldest first: parents stand before children
            if one.parent_id in keys:
                keys.add(one.pk)
        return [one for one in self.all_assignments if one.pk in keys]

    @property
    def arrival_date(self) -> date:
        """Ngày đến (TT 01/2019 field 13)."""
        return self.day

    @property
    def arrival_number(self) -> int | None:
        """Số đến (field 14); None before registering."""
        return self.number or None
