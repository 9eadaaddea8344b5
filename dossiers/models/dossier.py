"""A dossier of work and what lies in it."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import head_post, receiving_post
from accounts.choices import Role
from accounts.models import Appointment
from documents.addresses import address_of
from documents.choices import OPEN_ASSIGNMENT, Outcome
from documents.models import Attachment, Document, Matter
from documents.waits import Wait
from dossiers.choices import State, Task, Verb
from dossiers.models.catalogue import PlannedDossier

if TYPE_CHECKING:
    from dossiers.models.work import Proposal

# Keys whose article does not speak of documents alone.
_OF_ANY_WORK = ("progress", "leader_gives_out", "dossier_coordinators")


class Dossier(Matter):
    """Work from its first paper to the day it is closed (Bắc Giang Điều 6), or a task without one.

    It stands in the table of documents, so that acts, grants, waiting rows, lists and search are
    the same: ``subject`` is its title, ``code_notation`` its number and notation, ``day`` the day
    it was begun, ``number`` its place in the year's book of dossiers. TT 01/2019 Phụ lục VI.
    """

    # Work given without a paper (Kon Tum Điều 20.2); it has no code until it becomes a dossier.
    is_task = models.BooleanField(default=False)
    planned = models.ForeignKey(
        PlannedDossier, on_delete=models.PROTECT, null=True, blank=True, related_name="dossiers"
    )
    organ_id = models.CharField(_("mã định danh cơ quan"), max_length=35, blank=True)
    file_catalog = models.PositiveSmallIntegerField(_("năm hình thành hồ sơ"), null=True)
    # Of organ_id, year and notation; empty for a task.
    file_code = models.CharField(  # noqa: DJ001 -- unique, and none for every task
        _("mã hồ sơ"), max_length=70, unique=True, null=True, default=None
    )
    maintenance = models.CharField(_("thời hạn bảo quản"), max_length=30, blank=True)
    rights = models.CharField(_("chế độ sử dụng"), max_length=30, blank=True)
    creator = models.CharField(_("người lập hồ sơ"), max_length=30, blank=True)
    # Who keeps it: he adds, moves, completes.
    keeper = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    end_date = models.DateField(_("thời gian kết thúc"), null=True, blank=True)
    doc_total = models.PositiveIntegerField(_("tổng số văn bản trong hồ sơ"), default=0)
    page_total = models.PositiveIntegerField(_("tổng số trang của hồ sơ"), default=0)
    result = models.TextField(_("ý kiến đề xuất"), blank=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    work_states = (State.IN_PROCESS,)
    open_states = (State.OPENED, State.IN_PROCESS)
    over_states = (State.COMPLETED, State.CLOSED)
    read_once = (*Matter.read_once, "open_proposals")

    class Meta:
        verbose_name = _("hồ sơ công việc")
        verbose_name_plural = _("hồ sơ công việc")
        constraints = (
            models.CheckConstraint(
                condition=Q(is_task=True) | Q(file_code__isnull=False), name="dossier_has_a_code"
            ),
        )

    def get_state_display(self) -> str:
        """The state in words."""
        return str(State(self.state).label)

    def get_absolute_url(self) -> str:
        return address_of(self.agency.slug, self)

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
            return super().article("dossier_assign")
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
                return [self._wait_for_closing()]
        return []

    def _wait_of_keeper(self) -> Wait:
        """Whoever keeps it gives it out; one who cannot does it himself and completes it."""
        keeper = self.keeper
        gives = keeper.role in (Role.LEADER, Role.OFFICE_CHIEF) or (
            keeper.role == keeper.unit.head_role
        )
        task = Task.GIVE_OUT if gives else Task.COMPLETE
        return Wait(task, user_id=keeper.user_id, due_date=self.due_date)

    def _wait_for(self, row: "Proposal") -> Wait:
        """Whoever is proposed is asked."""
        if row.person_id is not None:
            return Wait(Task.ANSWER, user_id=row.person_id, due_date=row.due_date)
        post = head_post(row.unit)
        return Wait(Task.ANSWER, group_id=post.group_id, due_date=row.due_date)

    def _wait_for_closing(self) -> Wait:
        """By whom the regulation says (Bắc Giang Điều 6.3), else by who keeps it."""
        closer = self.agency.regulation.dossier_closer
        if closer is not None and closer.value == Role.LEADER and not self.is_task:
            post = receiving_post(self.agency, Role.LEADER)
            return Wait(Task.CLOSE, group_id=post.group_id)
        return Wait(Task.CLOSE, user_id=self.keeper.user_id)

    @cached_property
    def open_proposals(self) -> "list[Proposal]":
        """Coordinators that are proposed and have not answered, while that lead has the work."""
        rows = self.proposals.filter(outcome=Outcome.ASKED, lead__state__in=OPEN_ASSIGNMENT)
        return list(rows.select_related("unit", "person", "lead", "proposed_by__user"))

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
    """Something that lies in a dossier: a document, a file of the dossier itself, or a note."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="items")
    # DocOrdinal (TT 01/2019): from 1, without gaps.
    ordinal = models.PositiveIntegerField()
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="in_dossiers"
    )
    attachment = models.ForeignKey(
        Attachment, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("nội dung"), blank=True)
    added_by = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = _("thành phần hồ sơ")
        verbose_name_plural = _("thành phần hồ sơ")
        ordering = ("ordinal",)
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
            models.CheckConstraint(
                condition=Q(document__isnull=False, attachment__isnull=True, text="")
                | Q(document__isnull=True, attachment__isnull=False)
                | (Q(document__isnull=True, attachment__isnull=True) & ~Q(text="")),
                name="item_is_one_thing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.dossier_id}/{self.ordinal}"
