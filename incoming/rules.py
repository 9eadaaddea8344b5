"""Who may do what, when; each answer quotes the article of the agency's regulation.

A rule answers None, or the Refusal that both the verb raises and the page shows beside the
button: NotYours when the verb belongs to another post, Stale when the document has moved on. It
is asked for the actor himself first, then for each who delegated to him (``Rule.answer``).
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from accounts.regulation import Provision
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents.choices import AssignmentRole, AssignmentState
from incoming import deciding
from incoming.choices import PaperState, State, Verb
from incoming.models import Assignment, EntryDraft, IncomingDocument, Paper

_WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)
_REGISTERED = (
    State.REGISTERED,
    State.SUBMITTED,
    State.PROPOSED,
    State.IN_PROCESS,
    State.FINISHED,
)
_RANK = {AssignmentRole.LEAD: 0, AssignmentRole.COORDINATE: 1, AssignmentRole.INFORM: 2}


def office_role(actor: Actor) -> Role:
    """The role that receives submissions in the actor's agency (Kon Tum Điều 13.1, 16.1a)."""
    return Role(actor.agency.regulation.receiver(member=actor.agency.is_member).value)


def distributing_role(actor: Actor) -> Role:
    """The role that sends documents on to units and people (Kon Tum Điều 13.2, 16.1b)."""
    return Role(actor.agency.regulation.distribution(member=actor.agency.is_member).value)


def holds(actor: Actor, assignment: Assignment) -> bool:
    """True when the actor answers for the assignment: in person, or as head of the unit."""
    return deciding.answers(actor, assignment)


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
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return Stale(_("Văn bản chưa đăng ký thì chưa thông báo được."))
    if document.state == State.VOID:
        return Stale(_("Văn bản đã gỡ, không còn gì để thông báo."))
    return None


@rule
def may_link(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk, the office, leaders and who was asked to work on it say what belongs together."""
    asked = any(
        one.role in _WORK and (holds(actor, one) or one.given_by_id == actor.appointment.pk)
        for one in document.all_assignments
    )
    if not asked and not actor.holds(Role.CLERK, Role.LEADER, distributing_role(actor)):
        return NotYours(
            _("Chỉ văn thư, người phân phối, lãnh đạo và người xử lý liên kết văn bản.")
        )
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return Stale(_("Văn bản chưa đăng ký thì chưa liên kết được."))
    return _in(document, *_REGISTERED)


@deciding_rule
def may_purge(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """What should never have been stored goes by the leader's decision (Bắc Giang Điều 8.2)."""
    purger = actor.agency.regulation.purger
    role = Role(purger.value) if purger else Role.LEADER
    if not actor.holds(role):
        return NotYours(
            _("Chỉ %(role)s gỡ văn bản khỏi hệ thống, theo quyết định có số và ngày.")
            % {"role": actor.agency.title_of(role)},
            purger.article if purger else "",
        )
    if document.state == State.RECEIVED:
        return Stale(_("Văn bản chưa vào sổ; văn thư từ chối thì tệp được xóa ngay."))
    return _in(document, *_REGISTERED)


# --- Papers. A paper is asked about with its document as the verb has locked it.


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
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
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


@rule
def may_urge(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The office, the leaders, a head over his people, whoever gave the work or follows it.

    Bắc Giang Điều 5.3c, 5.4b; Bình Định Điều 8.3, chương III Điều 10.1; NĐ 30/2020 Điều 24.1.
    """
    if refusal := _in(document, State.IN_PROCESS):
        over_all = actor.holds(Role.LEADER, Role.OFFICE_CHIEF)
        return refusal if over_all else NotYours(refusal.message)
    if not deciding.urgeable(actor, document):
        return NotYours(
            _("Chỉ người giao việc, người phụ trách hoặc người theo dõi được đôn đốc."),
            _article(actor, "urge"),
        )
    return None


@rule
def may_request_extension(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever holds work with a day asks for a later one (Kon Tum Điều 11.6c)."""
    mine = my_assignment(actor, document)
    if mine is None or mine.due_date is None:
        return NotYours(
            _("Chỉ người đang giữ việc có thời hạn mới xin gia hạn."),
            _article(actor, "extension_decider"),
        )
    if refusal := _in(document, State.IN_PROCESS):
        return refusal
    for row in deciding.undecided(document):
        if row.assignment_id == mine.pk:
            return Refusal(
                _("Đã xin gia hạn đến %(day)s, đang chờ quyết định.")
                % {"day": f"{row.wanted_day:%d/%m/%Y}"}
            )
    return None


@deciding_rule
def may_decide_extension(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever gave the work, by post; for a unit's work the role that the regulation names."""
    mine = [row for row in document.open_extensions if deciding.decides(actor, document, row)]
    if not mine:
        return NotYours(
            _("Không có yêu cầu gia hạn nào chờ người này quyết định."),
            _article(actor, "extension_decider"),
        )
    return _in(document, State.IN_PROCESS)


@rule
def may_ask_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever holds the document asks others what they think of it (Kon Tum Điều 13.7b)."""
    if may_direct.ask(actor, document) is None:
        return None
    if document.state == State.SUBMITTED and actor.holds(office_role(actor)):
        return None
    if my_assignment(actor, document) is None:
        return NotYours(_("Chỉ người đang giữ việc mới xin ý kiến."), _article(actor, "opinion"))
    return _in(document, State.IN_PROCESS)


@rule
def may_give_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever was asked answers, in time or late (Kon Tum Điều 13.7b)."""
    if not any(deciding.answers(actor, row) for row in document.open_opinions):
        return NotYours(
            _("Chỉ đơn vị, người được xin ý kiến mới góp ý."), _article(actor, "opinion")
        )
    return _in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_withdraw_opinion(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Whoever asked, or holds his post now, no longer waits for the answer."""
    if not any(deciding.asked_it(actor, row) for row in document.open_opinions):
        return NotYours(_("Chỉ người đã xin ý kiến mới thôi xin ý kiến."))
    return _in(document, State.REGISTERED, State.SUBMITTED, State.PROPOSED, State.IN_PROCESS)


@rule
def may_see_all_receipts(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk and the office see every receipt, whoever shared it (Kon Tum Điều 13.3)."""
    if actor.holds(Role.CLERK, Role.OFFICE_CHIEF, distributing_role(actor)):
        return None
    return NotYours(_("Chỉ văn thư và văn phòng xem mọi người đã đọc."))


@rule
def may_see_receipts(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerk, office and whoever shared it see who has read it (Kon Tum Điều 13.3, 13.7c)."""
    if may_see_all_receipts.ask(actor, document) is None:
        return None
    told = (one for one in document.all_assignments if one.role == AssignmentRole.INFORM)
    if any(one.given_by.user_id == actor.principal.pk for one in told):
        return None
    return NotYours(_("Chỉ người thông báo, văn thư và văn phòng xem ai đã đọc."))


@rule
def may_follow_directives(actor: Actor) -> Refusal | None:
    """Leaders and the office see what has come of each directive (Kon Tum Điều 20.2)."""
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF):
        return None
    return NotYours(
        _("Chỉ lãnh đạo và Chánh Văn phòng theo dõi ý kiến chỉ đạo."),
        _article(actor, "directive_binding"),
    )


@rule
def may_watch(actor: Actor) -> Refusal | None:
    """Who sees a backlog: leaders and the office, a head, and whoever was told to watch.

    The office of the agency so that nothing piles up (Bình Định Điều 8.3, Bắc Giang Điều 11.2b);
    whoever a unit names for it (Bắc Giang Điều 11.1b, NĐ 30/2020 Điều 24.1); a deputy in his field
    (Bắc Giang Điều 5.4b).
    """
    if actor.holds(Role.LEADER, Role.OFFICE_CHIEF) or actor.heads(actor.unit.pk):
        return None
    if deciding.own_follows(actor):
        return None
    return NotYours(
        _("Chỉ lãnh đạo, văn phòng, trưởng đơn vị và người được phân công theo dõi xem tồn đọng."),
        _article(actor, "watcher"),
    )


@rule
def may_watch_rounds(actor: Actor) -> Refusal | None:
    """Who submits, who is submitted to, and who watches over both (Bình Định Điều 9.1, 11)."""
    rounds = actor.agency.regulation.rounds
    if rounds is None:
        return NotYours(_("Quy chế của cơ quan không định giờ trình."))
    if not actor.holds(Role.CLERK, Role.LEADER, Role.OFFICE_CHIEF):
        return NotYours(
            _("Chỉ văn thư, Chánh Văn phòng và lãnh đạo theo dõi đợt trình."), rounds.article
        )
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


# --- The tray: what lies there is sorted, and typed with drafts.


@rule
def may_sort(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """Clerks put together and take apart what is not registered yet."""
    return may_receive.ask(actor) or _in(document, State.RECEIVED)


@rule
def may_discard_draft(actor: Actor, draft: EntryDraft) -> Refusal | None:
    """Everybody his own draft; a colleague's only when it has lain for long."""
    if refusal := may_receive.ask(actor):
        return refusal
    if draft.clerk_id != actor.user.pk and not is_old(draft):
        return Refusal(
            _("Bản nháp của %(who)s, lưu chưa quá %(days)d ngày; chỉ người gõ mới bỏ được.")
            % {"who": draft.clerk, "days": settings.DRAFT_DAYS}
        )
    return None


def is_old(draft: EntryDraft) -> bool:
    """True for a draft that has lain for longer than the installation says (DRAFT_DAYS)."""
    return clock.now() - draft.saved_at > timedelta(days=settings.DRAFT_DAYS)


@rule
def may_forward(actor: Actor, document: IncomingDocument) -> Refusal | None:
    """The clerk sends on what bears a written direction (Kon Tum Điều 13.6, the city only)."""
    provision = actor.agency.regulation.clerk_forwards
    if provision is None or not provision.value or actor.agency.is_member:
        return NotYours(
            _("Quy chế của cơ quan không để văn thư chuyển thẳng; lưu rồi trình."),
            actor.agency.regulation.receiver(member=actor.agency.is_member).article,
        )
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư chuyển văn bản đã có ý kiến chỉ đạo."), provision.article)
    return _in(document, State.REGISTERED)
