"""Who may do what, when; each answer quotes the article of the agency's regulation.

A rule answers None, or the Refusal that both the verb raises and the page shows beside the
button: NotYours when the verb belongs to another post, Stale when the document has moved on. It
is asked for the actor himself first, then for each who delegated to him (``Rule.answer``).
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal, Stale
from documents.choices import AssignmentRole, AssignmentState
from incoming.choices import State, Verb
from incoming.models import Assignment, IncomingDocument

_WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)
_RANK = {AssignmentRole.LEAD: 0, AssignmentRole.COORDINATE: 1, AssignmentRole.INFORM: 2}


def office_role(actor: Actor) -> Role:
    """The role that receives submissions in the actor's agency (Kon Tum Điều 13.1, 16.1a)."""
    return Role(actor.agency.regulation.receiver(member=actor.agency.is_member).value)


def distributing_role(actor: Actor) -> Role:
    """The role that sends documents on to units and people (Kon Tum Điều 13.2, 16.1b)."""
    return Role(actor.agency.regulation.distribution(member=actor.agency.is_member).value)


def holds(actor: Actor, assignment: Assignment) -> bool:
    """True when the actor answers for the assignment: in person, or as head of the unit."""
    if assignment.person_id is not None:
        return assignment.person_id == actor.principal.pk
    return actor.heads(assignment.unit_id)


def my_assignment(
    actor: Actor, document: IncomingDocument, roles: tuple[AssignmentRole, ...] = _WORK
) -> Assignment | None:
    """The open assignment that the actor answers for: leading before coordinating, newest first."""
    mine = [
        one
        for one in reversed(document.all_assignments)
        if one.is_open and one.role in roles and holds(actor, one)
    ]
    return min(mine, key=lambda one: _RANK[AssignmentRole(one.role)], default=None)


def has_open_lead(document: IncomingDocument) -> bool:
    """True while a unit or person of the first line leads the work."""
    return any(
        one.is_open and one.role == AssignmentRole.LEAD and one.parent_id is None
        for one in document.all_assignments
    )


@rule
def may_receive(actor: Actor) -> Refusal | None:
    """Clerks take in what arrives."""
    regulation = actor.agency.regulation
    if not actor.holds(Role.CLERK):
        return NotYours(
            _("Chỉ văn thư tiếp nhận và đăng ký văn bản đến."),
            regulation.article("register_fields"),
        )
    return None


@rule
def may_refuse(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks send away what is not registered yet."""
    return may_receive.ask(actor) or _in(document, State.RECEIVED)


@rule
def may_register(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks register what has been received."""
    return may_receive.ask(actor) or _in(document, State.RECEIVED)


@rule
def may_correct(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks mend typing mistakes of the register as long as the work is open."""
    return may_receive.ask(actor) or _in(
        document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS
    )


@rule
def may_submit(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks submit what is registered (Kon Tum Điều 13.1)."""
    if not actor.holds(Role.CLERK):
        return NotYours(
            _("Chỉ văn thư trình văn bản đến."),
            actor.agency.regulation.receiver(member=actor.agency.is_member).article,
        )
    return _in(document, State.REGISTERED)


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
    if document.state == State.IN_PROCESS and not has_open_lead(document):
        return None  # the lead has sent it back; the leaders may be asked anew
    return _in(document, State.SUBMITTED)


@deciding_rule
def may_direct(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The leader who was asked decides (Kon Tum Điều 13.3)."""
    decider = actor.agency.regulation.decider
    if decider is None or not actor.holds(Role(decider.value)):
        return NotYours(_("Chỉ lãnh đạo được trình mới cho ý kiến chỉ đạo."))
    if refusal := _in(document, State.PROPOSED):
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
            _article(actor, "direction_returns_to"),
        )
    return _in(document, State.SUBMITTED, State.IN_PROCESS)


@rule
def may_assign(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The head of a unit gives the unit's work to his people (Kon Tum Điều 20.2)."""
    by = [Role.UNIT_HEAD, Role.OFFICE_CHIEF, Role.LEADER]
    if actor.agency.regulation.deputy_assigns:
        by.append(Role.DEPUTY_HEAD)  # Bắc Giang Điều 5.4a
    if not actor.holds(*by):
        return NotYours(
            _("Chỉ %(role)s giao việc cho người của đơn vị mình.")
            % {"role": actor.agency.title_of(Role.UNIT_HEAD)},
            _article(actor, "assign"),
        )
    mine = my_assignment(actor, document)
    if mine is None:
        return _taken_back(actor, document) or NotYours(_("Đơn vị chưa được giao văn bản này."))
    return _in(document, State.IN_PROCESS)


@rule
def may_send_back(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Back to whoever sent it: with a reason (Kon Tum Điều 13.7a)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    if document.state == State.IN_PROCESS and my_assignment(actor, document):
        return None
    return NotYours(
        _("Chỉ người đang giữ việc mới chuyển trả được."),
        actor.agency.regulation.returning(member=actor.agency.is_member).article,
    )


@rule
def may_comment(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Everyone who sees a document may add an opinion while work goes on (Kon Tum Điều 13.7b)."""
    return _in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_progress(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever works on it reports how far he is (Kon Tum Điều 21.1)."""
    if my_assignment(actor, document) is None:
        return _taken_back(actor, document) or NotYours(
            _("Chỉ người được giao việc báo cáo tiến độ."), _article(actor, "progress")
        )
    return _in(document, State.IN_PROCESS)


@rule
def may_finish(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who holds the work ends it; the office ends what needs none (Kon Tum Điều 13.7c)."""
    if document.state == State.SUBMITTED and actor.holds(distributing_role(actor)):
        return None
    mine = my_assignment(actor, document)
    if mine is None:
        return _taken_back(actor, document) or NotYours(
            _("Chỉ người đang giữ việc mới kết thúc được.")
        )
    if refusal := _in(document, State.IN_PROCESS):
        return refusal
    busy = [
        one
        for one in document.all_assignments
        if one.parent_id == mine.pk and one.is_open and one.role == AssignmentRole.LEAD
    ]
    if busy:
        return Refusal(
            _("Chưa kết thúc được: %(who)s đang chủ trì, chưa báo kết quả.")
            % {"who": busy[0].person or busy[0].unit}
        )
    return None


@deciding_rule
def may_reopen(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office or a leader takes finished work up again, with a reason."""
    if not actor.holds(distributing_role(actor), Role.LEADER):
        return NotYours(_("Chỉ người phân phối hoặc lãnh đạo mở lại văn bản đã kết thúc."))
    return _in(document, State.FINISHED)


@rule
def may_share(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Who sees a registered document may let others see it ("Thông báo", Kon Tum Điều 13.7c)."""
    if document.state in (State.RECEIVED, State.REFUSED):
        return Stale(_("Văn bản chưa đăng ký thì chưa thông báo được."))
    return None


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
    """What was just given out comes back as long as nobody whom it reached has opened it."""
    not_yours = NotYours(_("Chỉ người phân phối thu hồi được việc vừa phân phối."))
    if not actor.holds(distributing_role(actor), Role.LEADER):
        return not_yours
    act = document.last_given_out if document.state == State.IN_PROCESS else None
    # What a leader gave out with his decision he takes back too (Bắc Giang Điều 6.1).
    own = act is not None and act.verb == Verb.DIRECT and act.actor_id == actor.principal.pk
    if not own and not actor.holds(distributing_role(actor)):
        return not_yours
    if refusal := _in(document, State.IN_PROCESS):
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


def _taken_back(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """What is said to him who had it, and has it no longer."""
    had = any(
        one.state == AssignmentState.RECALLED and holds(actor, one)
        for one in document.all_assignments
    )
    return Stale(_("Việc này đã được thu hồi.")) if had else None


def _article(actor: Actor, key: str) -> str:
    found = getattr(actor.agency.regulation, key)
    return found.article if found else ""


def _in(document: IncomingDocument, *states: State) -> Refusal | None:
    if document.state in states:
        return None
    return Stale(
        _("Văn bản đang ở bước “%(state)s” nên không làm việc này được.")
        % {"state": document.get_state_display()}
    )
