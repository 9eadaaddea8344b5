"""Papers; each is asked about with its document as the verb has locked it."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from accounts.regulation import Provision
from core.errors import NotYours, Refusal, Stale
from incoming.choices import PaperState, State
from incoming.models import IncomingDocument, Paper, PaperMove


def scan_rule(actor: Actor) -> Provision[int] | None:
    """From how many pages an annex stays on paper, where a regulation says so (Điều 13.4)."""
    return actor.agency.regulation.scanning(member=actor.agency.is_member)


def receipt_rule(actor: Actor) -> Provision[bool] | None:
    """Who is handed a paper signs for it, where a regulation says so (Kon Tum Điều 13.3)."""
    return actor.agency.regulation.signing_for_paper(member=actor.agency.is_member)


@rule
def may_keep_paper(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks say that a registered document has a paper to be watched (Kon Tum Điều 13.3)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư theo dõi bản giấy."))
    if document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không theo dõi bản giấy được."))
    if document.state in (State.RECEIVED, State.REFUSED):
        return Stale(_("Văn bản chưa đăng ký thì chưa theo dõi bản giấy được."))
    return None


@rule
def may_hand_over(actor: Actor, paper: Paper) -> Refusal | None:
    """Who has a paper gives it on; nobody hands over what he does not hold (Kon Tum Điều 13.3)."""
    if is_giver(actor, paper) and paper.state != PaperState.LOST:
        return None
    return _not_with_you(actor, paper, _("Bản giấy không ở chỗ người giao."))


@rule
def may_take_over(actor: Actor, paper: Paper) -> Refusal | None:
    """Who was handed a paper signs for it; who gave it may keep it as long as nobody has signed.

    Clerks take back what is brought to them, and what was lost and is found.
    """
    if paper.state == PaperState.ON_WAY and (is_receiver(actor, paper) or is_giver(actor, paper)):
        return None
    if actor.holds(Role.CLERK) and paper.state in (PaperState.HELD, PaperState.LOST):
        return None
    return _not_with_you(actor, paper, _("Bản giấy không chờ người này ký nhận."))


@rule
def may_sign_for(actor: Actor, paper: Paper) -> Refusal | None:
    """Clerks record who has signed for it on the printed slip."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư ghi việc ký nhận trên phiếu giấy."))
    on_way_out = paper.to_unit_id is not None or paper.to_person_id is not None
    if paper.state == PaperState.ON_WAY and on_way_out:
        return None
    return Stale(_("Bản giấy không ở trên đường giao, không có gì để ký nhận."))


@rule
def may_return_paper(actor: Actor, paper: Paper) -> Refusal | None:
    """Who holds a paper brings it back to the clerks."""
    if paper.state == PaperState.HELD and is_giver(actor, paper):
        return None
    return _not_with_you(actor, paper, _("Chỉ người đang giữ bản giấy mới trả lại được."))


@rule
def may_report_lost(actor: Actor, paper: Paper) -> Refusal | None:
    """Who has it, or had to watch it, says that it is gone."""
    if paper.state == PaperState.LOST:
        return Stale(_("Bản giấy đã được báo thất lạc."))
    if actor.holds(Role.CLERK) or is_giver(actor, paper):
        return None
    return _not_with_you(actor, paper, _("Chỉ người đang giữ hoặc văn thư báo mất được."))


@rule
def may_attach_slip(actor: Actor, paper: Paper) -> Refusal | None:
    """Clerks attach the scan of a slip that was signed on paper (Kon Tum Điều 13.3)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư đính kèm phiếu giao nhận đã ký."))
    if paper.document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không đính kèm phiếu giao nhận được."))
    if not any(is_handed(move) for move in paper.moves.all()):
        return Stale(_("Bản giấy chưa giao cho ai nên chưa có phiếu giao nhận."))
    return None


def is_handed(move: PaperMove) -> bool:
    """True for a step of the custody of which there is a slip to be signed."""
    hands = (move.giver_id, move.to_unit_id, move.to_person_id)
    return move.state != PaperState.LOST and any(hands)


def is_giver(actor: Actor, paper: Paper) -> bool:
    """True for whoever answers for it now: its holder, without one any clerk."""
    if paper.holder_id is not None:
        return paper.holder_id == actor.principal.pk
    return actor.holds(Role.CLERK)


def is_receiver(actor: Actor, paper: Paper) -> bool:
    """True for whoever may sign for what is on its way."""
    if paper.to_person_id is not None:
        return paper.to_person_id == actor.principal.pk
    if paper.to_unit_id is not None:
        # Whoever of the unit sees the document may sign for the unit.
        return actor.unit.pk == paper.to_unit_id
    return actor.holds(Role.CLERK)


def _not_with_you(actor: Actor, paper: Paper, reason: str) -> Refusal:
    """Stale for whoever had it or might have it; of no concern to all others."""
    concerned = actor.holds(Role.CLERK) or is_giver(actor, paper) or _had(actor, paper)
    return Stale(reason) if concerned else NotYours(reason)


def _had(actor: Actor, paper: Paper) -> bool:
    # In Python: lists have read the moves of all their papers at once.
    person, unit = actor.principal.pk, actor.unit.pk
    return any(
        person in (move.giver_id, move.to_person_id) or move.to_unit_id == unit
        for move in paper.moves.all()
    )
