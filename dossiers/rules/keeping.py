"""Opening a dossier or a task, what goes into it, completing, closing, reopening."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents import rules as work
from documents.choices import AssignmentRole
from documents.deciding import same_post
from documents.models import Document
from documents.rules.bearing import article_of, my_assignment, stands_in
from dossiers.above import KINDS
from dossiers.choices import RUNNING, WORKING, CatalogueState, State
from dossiers.models import Dossier, PlannedDossier
from dossiers.rules.bearing import closes, heads, is_office, keeps, works_on


@rule
def may_open(actor: Actor) -> Refusal | None:
    """Whoever works in the agency opens a dossier of his own work (NĐ 30/2020 Điều 29.2)."""
    if actor.holds(Role.AGENCY_ADMIN):
        return NotYours(_("Quản trị không lập hồ sơ công việc."))
    return None


@rule
def may_open_from(actor: Actor, document: Document) -> Refusal | None:
    """From a document: the chair or the chief (Bắc Giang Điều 6.1), or whoever works on it.

    Cần Thơ Điều 13.1; NĐ 30/2020 Điều 29.2.
    """
    opener = actor.agency.regulation.dossier_opener
    if opener and opener.value == "office":
        if actor.leads_agency or actor.holds(Role.OFFICE_CHIEF):
            return None
        return NotYours(
            _("Hồ sơ từ văn bản đến do %(leader)s hoặc %(chief)s lập.")
            % {
                "leader": actor.agency.title_of(Role.LEADER),
                "chief": actor.agency.title_of(Role.OFFICE_CHIEF),
            },
            opener.article,
        )
    if is_office(actor):
        return None
    if document.kind in KINDS and KINDS[document.kind].works_on(actor, document):
        return None
    return NotYours(
        _("Chỉ người được giao giải quyết văn bản lập hồ sơ từ văn bản này."),
        opener.article if opener else "",
    )


@rule
def may_open_planned(actor: Actor, line: PlannedDossier) -> Refusal | None:
    """A line of the approved catalogue: its creator, his head, or the office."""
    if line.state != CatalogueState.APPROVED:
        return Refusal(_("Hồ sơ này chưa có trong danh mục đã ban hành."))
    mine = line.creator_user_id == actor.principal.pk or (
        line.unit_id is not None
        and (actor.heads(line.unit_id) or (not line.creator_user_id and _in_unit(actor, line)))
    )
    if not mine and not is_office(actor):
        return NotYours(_("Danh mục giao hồ sơ này cho người khác lập."))
    return None


def _in_unit(actor: Actor, line: PlannedDossier) -> bool:
    return actor.unit.pk == line.unit_id


@rule
def may_open_task(actor: Actor) -> Refusal | None:
    """A leader, the chief or a head gives work without a document (Kon Tum Điều 20.2)."""
    by = [Role.LEADER, Role.OFFICE_CHIEF, Role.UNIT_HEAD]
    if actor.agency.regulation.deputy_assigns:
        by.append(Role.DEPUTY_HEAD)
    if actor.holds(*by):
        return None
    return NotYours(
        _("Chỉ lãnh đạo và người phụ trách đơn vị giao việc."), article_of(actor, "task_assign")
    )


@rule
def may_grow(actor: Actor, dossier: Dossier) -> Refusal | None:
    """A task becomes a dossier by whoever does it or gave it."""
    if not dossier.is_task:
        return NotYours(_("Đây đã là hồ sơ công việc."))
    if not works_on(actor, dossier) and not closes(actor, dossier):
        return NotYours(_("Chỉ người làm việc này lập thành hồ sơ."))
    return stands_in(dossier, *WORKING)


@rule
def may_file(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Who works on a dossier puts things into it, until it is closed (Cần Thơ Điều 13.1)."""
    # The office first: it needs no look at who has a part in it.
    if not is_office(actor) and not works_on(actor, dossier):
        return NotYours(_("Chỉ người giải quyết hồ sơ sắp xếp văn bản trong hồ sơ."))
    return stands_in(dossier, *RUNNING)


@rule
def may_correct(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Fields and rights, until it is closed: the keeper, his head, the office."""
    if not keeps(actor, dossier) and not heads(actor, dossier) and not is_office(actor):
        return NotYours(_("Chỉ người lập hồ sơ sửa dữ liệu của hồ sơ."))
    return stands_in(dossier, *RUNNING)


@rule
def may_move_day(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Whoever named the day, by person or post, and leaders; never who does the work.

    He asks for a later one (Kon Tum Điều 11.6c). Own work has the day that its opener gave it.
    """
    if _named_day(actor, dossier):
        return None
    return NotYours(
        _("Thời hạn do người giao việc quyết định. Người thực hiện xin gia hạn."),
        dossier.article("extension_decider"),
    )


def _named_day(actor: Actor, dossier: Dossier) -> bool:
    me, lead, named = actor.principal.pk, dossier.handler, dossier.opened_by
    is_own = named.user_id == dossier.keeper.user_id
    if is_own and lead is not None:
        named = lead.given_by  # opened by whoever keeps it; given out, the day is the giver's
    does = keeps(actor, dossier) if lead is None else work.holds(actor, lead)
    if named.user_id == me:
        return not does or lead is None or lead.given_by.user_id == me
    if does:
        return False
    if is_own and lead is None:
        return True  # whoever mends its other fields
    holds_post = named.role != Role.SPECIALIST and same_post(actor, named.unit_id, named.role)
    return holds_post or actor.role in (Role.LEADER, dossier.extension_role)


@rule
def may_complete(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Whoever leads the work says that it is done (Bắc Giang Điều 6.2); without one its keeper."""
    if dossier.is_led:
        mine = my_assignment(actor, dossier, (AssignmentRole.LEAD,))
        if mine is None or mine.parent_id is not None:
            return NotYours(
                _("Chỉ người chủ trì giải quyết hoàn thành hồ sơ."),
                dossier.article("dossier_result"),
            )
        return work.may_finish.ask(actor, dossier)
    if not keeps(actor, dossier) and not heads(actor, dossier):
        return NotYours(
            _("Chỉ người chủ trì giải quyết hoàn thành hồ sơ."), dossier.article("dossier_result")
        )
    return stands_in(dossier, *WORKING)


@rule
def may_send_back(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Who would close it, or keeps the dossier, finds that it is not done; a holder returns it.

    A task was given by an order (Kon Tum Điều 20.2): its giver judges what was reported to him.
    """
    if work.may_send_back.ask(actor, dossier) is None:
        return None
    if not closes(actor, dossier) and (dossier.is_task or not keeps(actor, dossier)):
        return NotYours(_("Chỉ người đang giữ việc hoặc người đóng hồ sơ chuyển trả được."))
    return stands_in(dossier, State.COMPLETED)


@deciding_rule
def may_close(actor: Actor, dossier: Dossier) -> Refusal | None:
    """By whom the regulation says: Bắc Giang Điều 6.3, Cần Thơ Điều 13.4; a task by its giver."""
    if not closes(actor, dossier):
        who = {
            "leader": _("Chỉ %(title)s đóng hồ sơ.")
            % {"title": actor.agency.title_of(Role.LEADER)},
            "giver": _("Chỉ người giao việc kết thúc việc."),
            "handler": _("Chỉ người giải quyết công việc đóng hồ sơ."),
        }[dossier.closer]
        article = "" if dossier.is_task else article_of(actor, "dossier_closer")
        return NotYours(who, article)
    return stands_in(dossier, State.COMPLETED)


@deciding_rule
def may_reopen(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Who closes dossiers, leaders and the chief take a closed one up again, by a decision."""
    if not closes(actor, dossier) and not is_office(actor):
        return NotYours(_("Chỉ người đóng hồ sơ hoặc lãnh đạo mở lại hồ sơ đã đóng."))
    return stands_in(dossier, State.CLOSED)
