"""Who keeps, approves and adds to the catalogue of dossiers.

Whoever keeps the agency's papers keeps its catalogue: the archivist, the clerk and the chief of
the office; no article names one of them alone, and most members have no archivist. The head of
the agency approves it (NĐ 30/2020 Điều 28). Afterwards whoever works adds what is missing, line by
line, each approved (Cần Thơ Điều 13.1).
"""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from accounts.models import Appointment, User
from core import clock
from core.errors import NotYours, Refusal, Stale
from dossiers.choices import CatalogueState
from dossiers.models import Catalogue, PlannedDossier

KEEPERS = (Role.ARCHIVIST, Role.CLERK, Role.OFFICE_CHIEF)


@rule
def may_keep(actor: Actor) -> Refusal | None:
    """Archivist, clerk and chief draw it up."""
    if actor.holds(*KEEPERS):
        return None
    return NotYours(_("Lưu trữ, văn thư hoặc Chánh Văn phòng lập danh mục hồ sơ."))


@rule
def may_edit(actor: Actor, catalogue: Catalogue) -> Refusal | None:
    """A keeper, as long as it is a draft."""
    if not actor.holds(*KEEPERS):
        return NotYours(_("Lưu trữ, văn thư hoặc Chánh Văn phòng lập danh mục hồ sơ."))
    if catalogue.state == CatalogueState.SUBMITTED:
        return Stale(_("Danh mục đang chờ duyệt nên chưa sửa được. Người duyệt trả lại rồi sửa."))
    if catalogue.state == CatalogueState.APPROVED:
        return Stale(
            _("Danh mục đã ban hành nên không sửa được. Hồ sơ mới thì đề nghị bổ sung, chờ duyệt."),
            _approval_article(actor),
        )
    return None


@rule
def may_submit(actor: Actor, catalogue: Catalogue) -> Refusal | None:
    """A keeper, when something stands in it."""
    refusal = may_edit.ask(actor, catalogue)
    if refusal is None and not catalogue.lines.exists():
        refusal = Refusal(_("Danh mục chưa có hồ sơ nào. Thêm hồ sơ rồi trình."))
    return refusal


@deciding_rule
def may_decide(actor: Actor, catalogue: Catalogue) -> Refusal | None:
    """The head of the agency approves what was submitted, or sends it back."""
    if not approves(actor):
        return NotYours(
            _("%(who)s duyệt danh mục hồ sơ.") % {"who": _title(actor)}, _approval_article(actor)
        )
    if catalogue.state == CatalogueState.DRAFT:
        return Stale(_("Danh mục chưa được trình nên chưa duyệt được."))
    if catalogue.state == CatalogueState.APPROVED:
        return Stale(_("Danh mục đã được ban hành."))
    return None


@rule
def may_propose_line(actor: Actor, catalogue: Catalogue) -> Refusal | None:
    """Whoever works here adds to an issued one (Cần Thơ Điều 13.1)."""
    if actor.holds(Role.AGENCY_ADMIN):
        return NotYours(_("Người giải quyết công việc đề nghị bổ sung hồ sơ."))
    if catalogue.state != CatalogueState.APPROVED:
        return Stale(
            _("Danh mục chưa ban hành: người lập danh mục thêm hồ sơ thẳng vào bản đang lập.")
        )
    return None


@rule
def may_change_line(actor: Actor, line: PlannedDossier) -> Refusal | None:
    """A keeper in a draft; in an issued one whoever proposed the line, once it was sent back."""
    if line.catalogue.state != CatalogueState.APPROVED:
        return may_edit.ask(actor, line.catalogue)
    if line.state == CatalogueState.APPROVED:
        return _fixed(actor)
    if not _is_proposer(actor, line):
        return NotYours(_("Người đề nghị bổ sung mới sửa được hồ sơ này."))
    if line.state == CatalogueState.SUBMITTED:
        return Stale(_("Hồ sơ đang chờ duyệt nên chưa sửa được. Rút lại rồi đề nghị lại."))
    return None


@rule
def may_remove_line(actor: Actor, line: PlannedDossier) -> Refusal | None:
    """A keeper in a draft; whoever proposed a line takes it back until it is approved.

    One that was sent back holds its number: when its proposer has gone a keeper removes it.
    """
    if line.catalogue.state != CatalogueState.APPROVED:
        return may_edit.ask(actor, line.catalogue)
    if line.state == CatalogueState.APPROVED:
        return _fixed(actor)
    if _is_proposer(actor, line):
        return None
    if line.state == CatalogueState.DRAFT and actor.holds(*KEEPERS):
        return None
    return NotYours(_("Người đề nghị bổ sung mới rút lại được hồ sơ này."))


@deciding_rule
def may_decide_line(actor: Actor, line: PlannedDossier) -> Refusal | None:
    """Whoever approves the catalogue approves what is added to it."""
    if not approves(actor):
        return NotYours(
            _("%(who)s duyệt hồ sơ bổ sung vào danh mục.") % {"who": _title(actor)},
            addition_article(actor),
        )
    if line.catalogue.state == CatalogueState.APPROVED and line.state == CatalogueState.SUBMITTED:
        return None
    return Stale(_("Hồ sơ này không chờ duyệt."))


def addition_article(actor: Actor) -> str:
    """What says that a dossier enters an issued catalogue only after approval, if anything."""
    found = actor.agency.regulation.catalogue_addition
    return found.article if found else ""


def approves(actor: Actor) -> bool:
    """True for who approves the agency's catalogue: its head, where a leader does."""
    role = _approver(actor)
    return actor.leads_agency if role == Role.LEADER else actor.holds(role)


def approvers(actor: Actor) -> list[User]:
    """Who is asked to approve it today."""
    role, held = _approver(actor), Appointment.objects.in_force(clock.today())
    if role == Role.LEADER:
        asked = held.heads_of(actor.agency)
    else:
        asked = held.filter(unit__agency=actor.agency, role=role)
    return list(User.objects.filter(pk__in=asked.values("user")))


def _approver(actor: Actor) -> Role:
    found = actor.agency.regulation.catalogue_approver
    return Role(found.value) if found else Role.LEADER


def _approval_article(actor: Actor) -> str:
    found = actor.agency.regulation.catalogue_approver
    return found.article if found else ""


def _title(actor: Actor) -> str:
    role = _approver(actor)
    if role == Role.LEADER:
        return _("Người đứng đầu cơ quan")
    words = actor.agency.title_of(role)
    return words[:1].upper() + words[1:]


def _fixed(actor: Actor) -> Refusal:
    return Stale(
        _("Hồ sơ đã có trong danh mục ban hành nên không sửa được."), _approval_article(actor)
    )


def _is_proposer(actor: Actor, line: PlannedDossier) -> bool:
    return line.proposed_by is not None and line.proposed_by.user_id == actor.principal.pk
