"""submit, propose, direct, distribute, recall: from the clerk to those who do the work."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from accounts.models import Agency, Appointment, Delegation, User
from core import clock
from core.errors import NotYours, Refusal
from documents.models import DocumentAct, Waiting
from documents.rules import article_of, refuse_take_back, stands_in
from incoming.choices import State, Task, Verb
from incoming.models import IncomingDocument
from incoming.rules.bearing import distributing_role


@rule
def may_submit(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks submit what is registered (Kon Tum Điều 13.1)."""
    if not actor.holds(Role.CLERK):
        return NotYours(
            _("Chỉ văn thư trình văn bản đến."),
            actor.agency.regulation.receiver(member=actor.agency.is_member).article,
        )
    return stands_in(document, State.REGISTERED)


@deciding_rule
def may_propose(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The chief proposes and asks a leader to decide (Kon Tum Điều 13.2)."""
    proposer = actor.agency.regulation.proposer
    if proposer is None or actor.agency.is_member:
        return NotYours(_("Quy chế của cơ quan không có bước trình lãnh đạo."))
    if not actor.holds(Role(proposer.value)):
        return NotYours(
            _("Chỉ %(role)s đề xuất và trình lãnh đạo.")
            % {"role": actor.agency.title_of(proposer.value)},
            proposer.article,
        )
    if document.state == State.IN_PROCESS and not document.is_led:
        return None  # the lead has sent it back; the leaders may be asked anew
    return stands_in(document, State.SUBMITTED)


@deciding_rule
def may_direct(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The leader who was asked decides (Kon Tum Điều 13.3)."""
    decider = actor.agency.regulation.decider
    if decider is None or not actor.holds(Role(decider.value)):
        return NotYours(_("Chỉ lãnh đạo được trình mới cho ý kiến chỉ đạo."))
    if refusal := stands_in(document, State.PROPOSED):
        return refusal
    if document.proposed_to_id != actor.principal.pk:
        return Refusal(_("Văn bản được trình lãnh đạo khác."), decider.article)
    return None


@rule
def may_distribute(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office sends it to units and people, and adds to them later (Điều 13.2, 13.3)."""
    by = actor.agency.regulation.distribution(member=actor.agency.is_member)
    if not actor.holds(Role(by.value)):
        return NotYours(
            _("Chỉ %(role)s phân phối văn bản.") % {"role": actor.agency.title_of(by.value)},
            by.article,
        )
    if document.state == State.PROPOSED:
        return Refusal(
            _("Văn bản đang trình lãnh đạo; phân phối sau khi có ý kiến chỉ đạo."),
            article_of(actor, "direction_returns_to"),
        )
    return stands_in(document, State.SUBMITTED, State.IN_PROCESS)


@rule
def may_take_back(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """A head from his people, as all work; the office what it gave out (Kon Tum Điều 13.2)."""
    return refuse_take_back(actor, document, may_distribute)


@rule
def may_give_out(actor: Actor) -> Refusal | None:
    """Who distributes has the grid of what waits for it (Kon Tum Điều 13.2, 16.1b)."""
    by = actor.agency.regulation.distribution(member=actor.agency.is_member)
    if actor.holds(Role(by.value)):
        return None
    return NotYours(
        _("Chỉ %(role)s phân phối văn bản.") % {"role": actor.agency.title_of(by.value)},
        by.article,
    )


def proposes(actor: Actor) -> bool:
    """True when the actor puts documents before leaders (Kon Tum Điều 13.2)."""
    proposer = actor.agency.regulation.proposer
    member = actor.agency.is_member
    return proposer is not None and not member and actor.holds(Role(proposer.value))


@rule
def may_recall(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """What was just given out comes back as long as nobody whom it reached has opened it.

    So does what was put before a leader, by whoever proposes, as long as he has not decided.
    """
    if document.state == State.PROPOSED and proposes(actor):
        return _undecided(actor, document)
    not_yours = NotYours(_("Chỉ người phân phối thu hồi được việc vừa phân phối."))
    if not actor.holds(distributing_role(actor), Role.LEADER):
        return not_yours
    act = document.last_given_out if document.state == State.IN_PROCESS else None
    # What a leader gave out with his decision he takes back too (Bắc Giang Điều 6.1).
    own = act is not None and act.verb == Verb.DIRECT and _whose(act) == actor.principal.pk
    if not own and not actor.holds(distributing_role(actor)):
        return not_yours
    if refusal := stands_in(document, State.IN_PROCESS):
        return refusal
    if act is None:
        return Refusal(_("Không còn việc nào để thu hồi."))
    if act.detail.get("raised"):
        return Refusal(
            _("Không thu hồi được: nơi phối hợp đã nhận việc từ trước, nay được giao chủ trì.")
        )
    if opened := document.first_opening:
        return Refusal(
            _("Không thu hồi được: %(who)s đã mở hoặc xử lý lúc %(time)s.")
            % {
                "who": opened.who,
                "time": timezone.localtime(opened.at).strftime("%H:%M %d/%m/%Y"),
            }
        )
    return None


def _undecided(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """None where the leader has not opened it, has left, or is away; he may never decide it."""
    leader = document.proposed_to
    opened = Waiting.objects.filter(
        document_id=document.pk, verb=Task.DIRECT, user=leader, seen_at__isnull=False
    ).first()
    if leader is None or opened is None or not is_at_hand(leader, actor.agency):
        return None
    return Refusal(
        _("Không rút lại được: %(who)s đã mở lúc %(time)s và đang xem xét.")
        % {
            "who": leader.full_name,
            "time": timezone.localtime(opened.seen_at).strftime("%H:%M %d/%m/%Y"),
        }
    )


def is_at_hand(leader: User, agency: Agency) -> bool:
    """True for a leader of the agency who has not left and is not stood in for today."""
    today = clock.today()
    held = Appointment.objects.in_force(today).filter(
        user=leader, unit__agency=agency, role=Role.LEADER, user__is_active=True
    )
    away = Delegation.objects.in_force(today).values("appointment")
    return held.exclude(pk__in=away).exists()


def _whose(act: DocumentAct) -> int:
    """The key of the person whose act it was: whoever was stood in for, else who did it."""
    return act.on_behalf_of.user_id if act.on_behalf_of else act.actor_id
