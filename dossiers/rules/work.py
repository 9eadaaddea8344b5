"""give_out, proposals of coordinators, share: what a dossier or task adds to the rules of work."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.actor import Actor, rule
from accounts.choices import Role
from accounts.models import Unit
from core.errors import NotYours, Refusal
from documents import rules as work
from documents.choices import AssignmentRole
from documents.rules import my_assignment, stands_in, taken_back
from dossiers.choices import State, Verb
from dossiers.models import Dossier, Proposal
from dossiers.rules.keeping import may_send_back


@rule
def may_give_out(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Leaders and the chief give it to units and people; a head what he keeps, to his own.

    Bắc Giang Điều 6.1; Kon Tum Điều 20.2; Bình Định chương III Điều 10.1.
    """
    if not actor.holds(Role.LEADER, Role.OFFICE_CHIEF) and not gives_own(actor, dossier):
        return NotYours(
            _("Chỉ lãnh đạo, %(chief)s hoặc trưởng đơn vị đang giữ %(matter)s mới giao được.")
            % {"chief": actor.agency.title_of(Role.OFFICE_CHIEF), "matter": dossier.noun},
            dossier.article("leader_gives_out"),
        )
    return stands_in(dossier, State.OPENED, State.IN_PROCESS)


def givers_of(actor: Actor, dossier: Dossier) -> list[Actor]:
    """As whom he may give it out: himself, and each for whom he stands in (Kon Tum Điều 13.1)."""
    every = (actor, *actor.stand_ins())
    return [one for one in every if may_give_out.ask(one, dossier) is None]


def gives_to(actor: Actor, units: Iterable[Unit]) -> bool:
    """True when he may give work to all of these units: a head to his own and those below it."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        return True
    return all(actor.unit.pk in (one.pk, one.parent_id) for one in units)


def gives_own(actor: Actor, dossier: Dossier) -> bool:
    """True for the head of the unit whose dossier or task it is, or of the one above it.

    And for a deputy who gave that task himself (Bắc Giang Điều 5.4a).
    """
    keeper = dossier.keeper.unit
    if actor.unit.pk not in (keeper.pk, keeper.parent_id):
        return False
    gave = dossier.is_task and dossier.opened_by_id == actor.appointment.pk
    return gave or actor.heads(actor.unit.pk)


@rule
def may_take_back(actor: Actor, dossier: Dossier) -> Refusal | None:
    """A head from his people, as all work; who gives it out, what he gave (Bắc Giang Điều 6.1)."""
    return work.refuse_take_back(actor, dossier, may_give_out)


@rule
def may_propose_coordinators(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Whoever leads the work proposes who should help (Bắc Giang Điều 6.2)."""
    if my_assignment(actor, dossier, (AssignmentRole.LEAD,)) is None:
        return taken_back(actor, dossier) or NotYours(
            _("Chỉ người chủ trì đề xuất nơi phối hợp."), dossier.article("dossier_coordinators")
        )
    return stands_in(dossier, *dossier.work_states)


@rule
def may_answer_proposal(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Whoever is proposed says whether he helps: the person, or the head of the unit."""
    if not any(answers(actor, row) for row in dossier.open_proposals):
        return NotYours(
            _("Chỉ đơn vị, người được đề xuất phối hợp mới trả lời."),
        )
    return stands_in(dossier, *dossier.work_states)


def answers(actor: Actor, row: Proposal) -> bool:
    """True when the actor answers for whom this row proposes."""
    if row.person_id is not None:
        return row.person_id == actor.principal.pk
    return actor.heads(row.unit_id)


@rule
def may_share(actor: Actor, dossier: Dossier) -> Refusal | None:
    """Who keeps, gives out or works on a dossier may let others see it; who only knows, may not."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF) or dossier.keeper_id == actor.appointment.pk:
        return None
    if gives_own(actor, dossier) or my_assignment(actor, dossier) is not None:
        return None
    return NotYours(
        _("Chỉ người giữ, người giao và người xử lý %(matter)s mới thông báo được.")
        % {"matter": dossier.noun}
    )


@rule
def may_see_all_receipts(actor: Actor, dossier: Dossier) -> Refusal | None:
    """The office, the keeper and those who lead it see who has read it, whoever told them."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF) or dossier.keeper_id == actor.appointment.pk:
        return None
    if my_assignment(actor, dossier, (AssignmentRole.LEAD,)) is not None:
        return None
    return NotYours(_("Chỉ người giữ, người chủ trì và lãnh đạo xem mọi người đã đọc."))


# Every verb of the work with the rule that it asks; buttons and tests go through them.
OF_WORK = {
    Verb.GIVE_OUT: may_give_out,
    Verb.ASSIGN: work.may_assign,
    Verb.TAKE_BACK: may_take_back,
    Verb.PROPOSE_COORDINATORS: may_propose_coordinators,
    Verb.ANSWER_PROPOSAL: may_answer_proposal,
    Verb.PROGRESS: work.may_progress,
    Verb.FINISH: work.may_finish,
    Verb.SEND_BACK: may_send_back,
    Verb.URGE: work.may_urge,
    Verb.REQUEST_EXTENSION: work.may_request_extension,
    Verb.DECIDE_EXTENSION: work.may_decide_extension,
    Verb.ASK_OPINION: work.may_ask_opinion,
    Verb.GIVE_OPINION: work.may_give_opinion,
    Verb.WITHDRAW_OPINION: work.may_withdraw_opinion,
    Verb.COMMENT: work.may_comment,
    Verb.SHARE: may_share,
}
