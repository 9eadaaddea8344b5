"""A dossier of work and what lies in it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import head_post, post_at, receiving_post
from accounts.choices import WHOLE_AGENCY, Role
from accounts.models import Appointment, Post, Unit, User
from core import clock
from core.text import fold
from documents.choices import VOID_ASSIGNMENT, AssignmentRole, Kind, Outcome
from documents.models import Assignment, Attachment, Document, GroupGrant, Matter, Opinion
from documents.models.matter import Place
from documents.waits import Wait
from dossiers.choices import WORKING, State, Task, Verb
from dossiers.models.catalogue import PlannedDossier
from dossiers.querysets import DossierQuerySet, ItemQuerySet

if TYPE_CHECKING:
    from dossiers.models.work import Proposal

# Keys whose article does not speak of documents alone.
_OF_ANY_WORK = (
    "progress",
    "leader_gives_out",
    "dossier_coordinators",
    "dossier_result",
    "dossier_return",
)
# And not of dossiers alone.
_OF_TASKS = ("progress",)


class Dossier(Matter):
    """Work from its first paper to the day it is closed (Bắc Giang Điều 6), or a task without one.

    It stands in the table of documents, so that acts, grants, waiting rows, lists and search are
    the same: ``subject`` is its title, ``code_notation`` its number and notation, ``day`` the day
    it was begun, ``number`` its place in the year's book of dossiers. TT 01/2019 Phụ lục VI.
    """

    KIND = Kind.DOSSIER

    # Work given without a paper (Kon Tum Điều 20.2); it has no code until it becomes a dossier.
    is_task = models.BooleanField(default=False)
    planned = models.ForeignKey(
        PlannedDossier, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    organ_id = models.CharField(_("mã định danh cơ quan"), max_length=35, blank=True)
    file_catalog = models.PositiveSmallIntegerField(_("năm hình thành hồ sơ"), null=True)
    # Of organ_id, year and notation; empty for a task.
    file_code = models.CharField(  # noqa: DJ001 -- unique, and a task has none
        _("mã hồ sơ"), max_length=70, null=True, default=None
    )
    maintenance = models.CharField(_("thời hạn bảo quản"), max_length=30, blank=True)
    rights = models.CharField(_("chế độ sử dụng"), max_length=30, blank=True)
    creator = models.CharField(_("người lập hồ sơ"), max_length=30, blank=True)
    # Who keeps it: he adds, moves, completes. And who opened it, or gave the task.
    keeper = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    opened_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    end_date = models.DateField(_("thời gian kết thúc"), null=True, blank=True)
    doc_total = models.PositiveIntegerField(_("tổng số văn bản trong hồ sơ"), default=0)
    page_total = models.PositiveIntegerField(_("tổng số trang của hồ sơ"), default=0)
    # What it ended with: the issued document, or the written proposal (Bắc Giang Điều 6.2).
    issued = models.ForeignKey("Item", on_delete=models.SET_NULL, null=True, related_name="+")
    result = models.TextField(_("ý kiến đề xuất"), blank=True)
    # Of the form by which it was begun: sent twice, it begins one.
    entry_token = models.UUIDField(unique=True, null=True, default=None, editable=False)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = DossierQuerySet.as_manager()  # type: ignore[misc]

    work_states = (State.IN_PROCESS,)
    open_states = WORKING
    over_states = (State.COMPLETED, State.CLOSED)
    read_once = (*Matter.read_once, "all_proposals")

    class Meta:
        verbose_name = _("hồ sơ công việc")
        verbose_name_plural = _("hồ sơ công việc")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_task=True) | Q(file_code__isnull=False), name="dossier_has_a_code"
            ),
            # 01.TH and 01.th are one code, as in the catalogue.
            models.UniqueConstraint(Upper("file_code"), name="file_code_once"),
        )

    def get_absolute_url(self) -> str:
        return reverse("dossiers:dossier", args=[self.agency.slug, self.pk])

    def get_state_display(self) -> str:
        """The state in words."""
        if self.is_task and self.state == State.COMPLETED:
            return gettext("Đã báo cáo, chờ kết thúc")
        if self.is_task and self.state in (State.OPENED, State.CLOSED):
            return gettext("Mới giao") if self.state == State.OPENED else gettext("Đã kết thúc")
        return str(State(self.state).label)

    @property
    def noun(self) -> str:
        """What it is called inside a sentence."""
        return gettext("công việc") if self.is_task else gettext("hồ sơ")

    def verb_label(self, verb: str) -> str:
        """What was done with it, in words."""
        return str(Verb(verb).label)

    def article(self, key: str) -> str:
        """Of the rules of work only those that do not speak of documents alone."""
        if key == "assign":
            return super().article("task_assign" if self.is_task else "dossier_assign")
        if self.is_task:
            return super().article(key) if key in _OF_TASKS else ""
        return super().article(key) if key in _OF_ANY_WORK else ""

    def own_waits(self) -> list[Wait]:
        """What its state asks: to be given out, to be closed; and of those who are to help."""
        match self.state:
            case State.OPENED:
                return [self._wait_of_keeper()]
            case State.IN_PROCESS:
                asked = [self._wait_for(row) for row in self.open_proposals]
                # The lead has sent it back: another is found.
                return asked if self.is_led else [self._wait_of_keeper(), *asked]
            case State.COMPLETED:
                return self._waits_for_closing()
        return []

    def _wait_of_keeper(self) -> Wait:
        """Whoever keeps it gives it out; one who cannot does it himself and completes it."""
        keeper = self.keeper
        gives = (
            keeper.role in (Role.LEADER, Role.OFFICE_CHIEF)
            or keeper.role == keeper.unit.head_role
            # A deputy who gave a task himself (Bắc Giang Điều 5.4a).
            or (self.is_task and self.opened_by_id == self.keeper_id)
        )
        if place := self.left_to(keeper):
            post = post_at(*place)
            return Wait(Task.GIVE_OUT, group_id=post.group_id, due_date=self.due_date)
        task = Task.GIVE_OUT if gives else Task.COMPLETE
        return Wait(task, user_id=keeper.user_id, due_date=self.due_date)

    def _wait_for(self, row: "Proposal") -> Wait:
        """Whoever is proposed is asked."""
        if row.person_id is not None:
            return Wait(Task.ANSWER, user_id=row.person_id, due_date=row.due_date)
        post = head_post(row.unit)
        return Wait(Task.ANSWER, group_id=post.group_id, due_date=row.due_date)

    @property
    def handler(self) -> Assignment | None:
        """The part of whoever leads the whole work, or led it; None if it was given to nobody."""
        leads = [
            one
            for one in self.all_assignments
            if one.role == AssignmentRole.LEAD
            and one.parent_id is None
            and one.state not in VOID_ASSIGNMENT
        ]
        return leads[-1] if leads else None

    @property
    def closer(self) -> str:
        """Who closes it: "giver" of a task, else by the regulation "leader" or "handler"."""
        if self.is_task:
            return "giver"
        found = self.agency.regulation.dossier_closer
        return found.value if found else "handler"

    def asked_to_close(self) -> tuple[list[User], list[Post]]:
        """The giver; the leaders' post, of whom the head of the agency does it; or the handler.

        He is the one to whom it was given to lead (Cần Thơ Điều 13.4), without one the keeper.
        """
        if place := self.closing_place:
            return [], [post_at(*place)]
        match self.closer:
            case "giver":
                return [self.opened_by.user], []
            case "leader":
                return [], [receiving_post(self.agency, Role.LEADER)]
        lead = self.handler
        if lead is None:
            return [self.keeper.user], []
        return ([lead.person], []) if lead.person else ([], [head_post(lead.unit)])

    @property
    def closing_place(self) -> Place | None:
        """The post that closes it where the person who would has left; None while he is here."""
        if not self.sees_leavers:
            return None
        match self.closer:
            case "giver":
                return self.left_to(self.opened_by)
            case "leader":
                return None
        lead = self.handler
        if lead is None:
            return self.left_to(self.keeper)
        if lead.person_id is None or self._works_here(lead.person_id):
            return None
        return self._place_after(lead.unit)

    def left_to(self, held: Appointment) -> Place | None:
        """The post that has the work of one who has left; None while he works in the agency."""
        today = clock.today()
        runs = held.start_date <= today and (held.end_date is None or held.end_date >= today)
        here = (runs and held.user.is_active) or not self.sees_leavers
        if here or self._works_here(held.user_id):
            return None
        return self._place_after(held.unit, held.role)

    def _works_here(self, user_id: int) -> bool:
        """True when he holds a post of the agency today."""
        known, key = self.posts_known, ("person", user_id)
        if key not in known:
            held = Appointment.objects.in_force(clock.today()).filter(unit__agency=self.agency_id)
            known[key] = held.filter(user=user_id).exists()
        return bool(known[key])

    def bound_of(self, one: Assignment) -> date | None:
        """The dossier's day, where whoever gave this part to its lead may not move it."""
        giver, named = one.given_by, self.opened_by
        if one.role != AssignmentRole.LEAD or named.user_id == self.keeper.user_id:
            return None  # own work: the day is of who gave it out
        heads = one.unit_id == named.unit_id and named.role == one.unit.head_role
        leads = one.person_id == named.user_id if one.person_id else heads
        if leads or giver.user_id == named.user_id:
            return None  # nobody decides on his own day
        in_post = (giver.unit_id, giver.role) == (named.unit_id, named.role)
        moves = giver.role == Role.LEADER or (in_post and giver.role != Role.SPECIALIST)
        return None if moves and one.person_id != giver.user_id else self.due_date

    def day_namer(self) -> tuple[User | None, Place | None]:
        """Whoever opened it, while he works here; else his post, or the leaders."""
        named = self.opened_by
        if not self.sees_leavers or self._works_here(named.user_id):
            return named.user, None
        if named.role != Role.SPECIALIST and self.is_held(named.unit_id, named.role):
            return None, (named.unit_id, named.role)
        unit = self.receiving_unit(Role.LEADER)
        return None, (unit, str(Role.LEADER)) if unit is not None else None

    def _still_gives_out(self, user_id: int) -> bool:
        """True when he is a leader or the chief today: of any other what he gave is not asked."""
        known, key = self.posts_known, ("gives out", user_id)
        if key not in known:
            held = Appointment.objects.in_force(clock.today()).filter(unit__agency=self.agency_id)
            office = held.filter(user=user_id, role__in=(Role.LEADER, Role.OFFICE_CHIEF))
            known[key] = office.exists()
        return bool(known[key])

    def _place_after(self, unit: Unit, role: str = "") -> Place:
        """Who has it after somebody of that unit: its head who sees it, else the office.

        Of a leader the leaders; their unit has no head.
        """
        known, key = self.posts_known, (f"after {role}", unit.pk)
        if key not in known:
            known[key] = self._find_after(unit, role)
        found: Place = known[key]
        return found

    def _find_after(self, unit: Unit, role: str) -> Place:
        head = (unit.pk, str(unit.head_role))
        if self.is_held(*head) and (head[1] in WHOLE_AGENCY or self._is_seen_by(head)):
            return head
        if role == Role.LEADER and self.is_held(unit.pk, role):
            return (unit.pk, role)
        for other in (Role.OFFICE_CHIEF, Role.LEADER):
            if (held := self.receiving_unit(other)) is not None:
                return (held, str(other))
        return head

    def _is_seen_by(self, place: Place) -> bool:
        grants = GroupGrant.objects.filter(content_object=self.pk)
        return grants.filter(group__post__unit=place[0], group__post__role=place[1]).exists()

    def giver_of(self, one: Assignment) -> tuple[User | None, Place | None]:
        """The head of the unit whose it is; who gave it out; the office (Bắc Giang Điều 6.1)."""
        head = (one.unit_id, str(one.unit.head_role))
        is_own = one.unit_id == self.keeper.unit_id and self.is_held(*head)
        if is_own and (head[1] in WHOLE_AGENCY or self._is_seen_by(head)):
            return None, head
        giver = one.given_by
        if giver.role in (Role.LEADER, Role.OFFICE_CHIEF) and self._still_gives_out(giver.user_id):
            return giver.user, None
        for role in (Role.OFFICE_CHIEF, Role.LEADER):
            if (unit := self.receiving_unit(role)) is not None:
                return None, (unit, str(role))
        return None, None

    def _waits_for_closing(self) -> list[Wait]:
        users, posts = self.asked_to_close()
        return [
            *(Wait(Task.CLOSE, user_id=user.pk, due_date=self.due_date) for user in users),
            *(Wait(Task.CLOSE, group_id=post.group_id, due_date=self.due_date) for post in posts),
        ]

    @cached_property
    def all_proposals(self) -> "list[Proposal]":
        """Every coordinator that was proposed, oldest first; read once."""
        if not self.all_assignments:
            return []  # nobody leads it who could propose one
        people = ("unit", "person", "lead", "proposed_by__user", "answered_by__user")
        return list(self.proposals.select_related(*people).order_by("pk"))

    @property
    def open_proposals(self) -> "list[Proposal]":
        """Those who have not answered, while that lead has the work."""
        return [
            row for row in self.all_proposals if row.outcome == Outcome.ASKED and row.lead.is_open
        ]

    @property
    def title(self) -> str:
        """Tiêu đề hồ sơ (field 2)."""
        return self.subject

    @property
    def file_notation(self) -> str:
        """Số và ký hiệu hồ sơ (field 1.3)."""
        return self.code_notation

    @property
    def start_date(self) -> date:
        """Thời gian bắt đầu (field 7)."""
        return self.day


class Item(models.Model):
    """Something that lies in a dossier: a document, a file of its own, an opinion, or a note."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    # DocOrdinal (TT 01/2019): from 1, without gaps.
    ordinal = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="in_dossiers"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # What somebody said when asked, about the dossier or about a document in it.
    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, null=True, blank=True, related_name="in_dossiers"
    )
    text = models.TextField(_("nội dung"), blank=True)
    # The note, the opinion, the name of the file, folded as the search inside asks for them.
    search_text = models.TextField(blank=True, default="")
    added_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # Its day in the story: of the document, of the opinion, or of the adding. The database fills it
    # and follows the document when its day changes (migration 0008), so that the story of 2,000
    # items is read from an index.
    on = models.DateField(null=True, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thành phần hồ sơ")
        verbose_name_plural = _("thành phần hồ sơ")
        ordering = ("ordinal",)
        indexes = (models.Index(fields=("dossier", "on", "ordinal"), name="item_by_time"),)
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "ordinal"),
                name="item_ordinal_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=("dossier", "document"),
                condition=Q(document__isnull=False),
                name="document_once_in_dossier",
            ),
            models.UniqueConstraint(
                fields=("dossier", "opinion"),
                condition=Q(opinion__isnull=False),
                name="opinion_once_in_dossier",
            ),
            models.CheckConstraint(
                condition=Q(
                    document__isnull=False, attachment__isnull=True, opinion__isnull=True, text=""
                )
                | Q(document__isnull=True, attachment__isnull=False, opinion__isnull=True)
                | Q(document__isnull=True, attachment__isnull=True, opinion__isnull=False, text="")
                | (
                    Q(document__isnull=True, attachment__isnull=True, opinion__isnull=True)
                    & ~Q(text="")
                ),
                name="item_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.ordinal}"

    @property
    def about(self) -> Document | None:
        """The document that it is, or that it speaks of; None for what is the dossier's own."""
        return self.opinion.document if self.opinion else self.document

    def folded(self) -> str:
        """Its own words as the search inside compares them."""
        name = self.attachment.file_name if self.attachment else ""
        said = self.opinion
        by = said.answered_by if said else None
        opinion = f"{by.user.full_name} {said.text}" if said and by else ""
        return fold(f"{self.text} {name} {opinion}".strip())
