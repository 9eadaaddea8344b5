"""give_out, take_back, propose_coordinators, answer_proposal, finish, share.

The rest of the work (assign, progress, urge, later days, opinions ...) is the documents' own.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import head_post
from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale
from documents import rules as work
from documents.actions import lock_rows, working
from documents.actions.concluding import allowed, answering, conclude, lock, require
from documents.actions.giving import Line, give, hand_out, refuse_past, refuse_stranger
from documents.actions.working import end_work, still_at_work
from documents.choices import AssignmentRole, Outcome
from documents.models import Assignment, Document
from dossiers.actions import routing
from dossiers.actions.handing import back_to, to_new_lead
from dossiers.actions.items import may_have_issued
from dossiers.actions.showing import show
from dossiers.choices import State, Verb
from dossiers.models import Dossier, Item, Proposal
from dossiers.rules import work as rules
from dossiers.rules.keeping import may_move_day


@transaction.atomic
def give_out(
    actor: Actor,
    dossier: Dossier,
    lines: Sequence[Line],
    *,
    text: str = "",
    documents: Sequence[Document] = (),
) -> Dossier:
    """Give a dossier or task to those who lead, coordinate and should know (Bắc Giang Điều 6.1).

    The first time one line leads; later lines are added to those that are there. A head gives to
    his own unit only, and until the day that was given to him; that one stays the dossier's.
    ``documents`` in it those may read who lead or help. Raises Refusal when there would be no lead,
    or two.
    """
    lock_rows(*(one.pk for one in documents), dossier.pk)
    dossier = lock(actor, dossier)
    allowed(rules.may_give_out, actor, dossier)
    # As himself where he may; beyond his unit as the first for whom he stands in and who may.
    units = [line.unit for line in lines]
    able = [one for one in rules.givers_of(actor, dossier) if rules.gives_to(one, units)]
    if not able:
        raise Refusal(_("Chỉ giao việc cho người của đơn vị mình."), field="lead")
    actor = able[0]
    may_move = may_move_day(actor, dossier) is None
    if not may_move:
        _refuse_later(dossier, lines)
    before, day = dossier.state, dossier.due_date
    to_new_lead(dossier, lines)
    made, given = hand_out(actor, dossier, lines)
    if not may_move:
        dossier.due_date = day  # a nearer one is the part's alone
        given.pop("due_before", None)
    dossier.state = State.IN_PROCESS
    dossier.save()
    reached = [answering(one) for one in made]
    conclude(
        dossier,
        actor,
        Verb.GIVE_OUT,
        before=before,
        text=text,
        users=[user for users, _posts in reached for user in users],
        posts=[post for _users, posts in reached for post in posts],
        article=dossier.article("leader_gives_out"),
        detail=given,
    )
    show(actor, dossier, lines, documents)
    return dossier


def _refuse_later(dossier: Dossier, lines: Sequence[Line]) -> None:
    """The day was named by somebody above: whoever gives on gives none beyond it."""
    day = dossier.due_date
    for line in lines:
        if day and line.role in work.WORK and line.due_date and line.due_date > day:
            raise Refusal(
                _("Thời hạn của %(name)s vượt quá thời hạn của đơn vị (%(day)s).")
                % {"name": line.person or line.unit, "day": f"{day:%d/%m/%Y}"},
                field="due_date",
            )


def take_back(actor: Actor, dossier: Dossier, part: Assignment, *, text: str) -> Dossier:
    """Take a part back, as all work; of the first line whoever gives it out does it.

    Taken from its lead it waits to be given to another. Raises Refusal for a part of somebody
    else's giving.
    """
    return working.take_back(
        actor,
        dossier,
        part,
        text=text,
        rule=rules.may_take_back,
        gives_out=rules.may_give_out,
        ended=back_to,
        article=dossier.article("leader_gives_out"),
    )


@transaction.atomic
def propose_coordinators(
    actor: Actor, dossier: Dossier, lines: Sequence[Line], *, text: str
) -> Dossier:
    """The lead proposes units and people who should help; they are asked, and answer.

    Bắc Giang Điều 6.2: "có thể đề xuất các phòng, ngành, đơn vị hoặc cán bộ, công chức ... phối hợp
    xử lý". Whoever gave him the work is told. Raises Refusal without a reason, for somebody who has
    a part already or is proposed already, and for a day in the past.
    """
    dossier = lock(actor, dossier)
    actor = allowed(rules.may_propose_coordinators, actor, dossier)
    mine = work.my_assignment(actor, dossier, (AssignmentRole.LEAD,))
    assert mine is not None  # noqa: S101 -- may_propose_coordinators has seen it
    if not lines:
        raise Refusal(_("Chọn đơn vị hoặc người phối hợp."), field="people")
    if not text:
        raise Refusal(_("Ghi lý do đề xuất phối hợp."), field="text")
    _refuse_busy(dossier, lines)
    made = [
        Proposal.objects.create(
            dossier=dossier,
            lead=mine,
            unit=line.unit,
            person=line.person,
            directive=line.directive,
            due_date=line.due_date,
            proposed_by=actor.appointment,
            proposed_at=clock.now(),
        )
        for line in lines
    ]
    users, posts = working.giver(mine)
    asked = [row.person for row in made if row.person]
    heads = [head_post(row.unit) for row in made if row.person is None]
    conclude(
        dossier,
        actor,
        Verb.PROPOSE_COORDINATORS,
        before=dossier.state,
        text=text,
        users=[*users, *asked],
        posts=[*posts, *heads],
        article=dossier.article("dossier_coordinators"),
        detail={"proposals": [row.pk for row in made], "assignment": mine.pk}
        | routing.to(asked, heads),
    )
    return dossier


def _refuse_busy(dossier: Dossier, lines: Sequence[Line]) -> None:
    busy = {
        (one.unit_id, one.person_id)
        for one in dossier.all_assignments
        if one.is_open and one.role != AssignmentRole.INFORM
    }
    asked = {(row.unit_id, row.person_id) for row in dossier.open_proposals}
    for line in lines:
        refuse_stranger(dossier, line)
        refuse_past(line)
        who = {"who": line.person or line.unit, "matter": dossier.noun}
        key = (line.unit.pk, line.person.pk if line.person else None)
        if key in busy:
            raise Refusal(_("%(who)s đã được giao %(matter)s này.") % who, field="people")
        if key in asked:
            raise Refusal(_("%(who)s đang được đề xuất phối hợp.") % who, field="people")
        asked.add(key)


@transaction.atomic
def answer_proposal(
    actor: Actor, dossier: Dossier, proposal: Proposal, *, agree: bool, text: str = ""
) -> Dossier:
    """Say whether one helps: who agrees coordinates from now on; who does not says why.

    Raises Refusal for a proposal that somebody else has answered meanwhile, or to be answered by
    another. Who has got a part in the work meanwhile agrees to nothing new: it stays at that part.
    """
    dossier = lock(actor, dossier)
    _refuse_answered(dossier, proposal)
    actor = allowed(rules.may_answer_proposal, actor, dossier)
    row = next(
        (
            one
            for one in dossier.open_proposals
            if one.pk == proposal.pk and rules.answers(actor, one)
        ),
        None,
    )
    if row is None:
        raise Refusal(_("Chọn đề xuất phối hợp để trả lời."), field="proposal")
    if not agree and not text:
        raise Refusal(_("Ghi lý do không phối hợp."), field="text")
    row.outcome = Outcome.AGREED if agree else Outcome.REFUSED
    row.answer, row.answered_by, row.answered_at = text, actor.appointment, clock.now()
    if agree and not _is_busy(dossier, row):
        line = Line(
            AssignmentRole.COORDINATE, row.unit, row.person, row.directive, _still(row.due_date)
        )
        [row.assignment] = give(actor, dossier, [line], parent=row.lead, by=row.proposed_by)
    row.save()
    conclude(
        dossier,
        actor,
        Verb.ANSWER_PROPOSAL,
        before=dossier.state,
        text=text,
        users=[row.proposed_by.user],
        detail={"proposal": row.pk, "agreed": agree}
        | ({"assignments": [row.assignment.pk]} if row.assignment else {}),
    )
    return dossier


def _is_busy(dossier: Dossier, row: Proposal) -> bool:
    return any(
        one.is_open
        and one.role != AssignmentRole.INFORM
        and (one.unit_id, one.person_id) == (row.unit_id, row.person_id)
        for one in dossier.all_assignments
    )


def _still(day: date | None) -> date | None:
    """A day that has passed while nobody answered binds nobody any more."""
    return day if day and day >= clock.today() else None


def _refuse_answered(dossier: Dossier, proposal: Proposal) -> None:
    """The other head of the unit, or his delegate, was quicker: say what he answered."""
    now = Proposal.objects.filter(pk=proposal.pk, dossier=dossier).exclude(outcome=Outcome.ASKED)
    if (row := now.first()) is None:
        return
    said = (
        _("Đề xuất phối hợp đã được nhận lời.")
        if row.outcome == Outcome.AGREED
        else _("Đề xuất phối hợp đã được trả lời không đồng ý.")
    )
    require(Stale(said), dossier)


@transaction.atomic
def finish(
    actor: Actor, dossier: Dossier, *, issued: Item | None = None, text: str = ""
) -> Dossier:
    """End one's own part with its result; when the lead of all ends his, it is completed.

    Bắc Giang Điều 6.2: "hoàn thành xử lý hồ sơ được giao"; who leads, at whatever level, "gắn văn
    bản phát hành hoặc ý kiến đề xuất". Who gave the work and who keeps the dossier are told, and
    those who still coordinate.
    """
    dossier = lock(actor, dossier)
    actor = allowed(work.may_finish, actor, dossier)
    mine = work.my_assignment(actor, dossier)
    assert mine is not None  # noqa: S101 -- may_finish has seen it
    if mine.role != AssignmentRole.LEAD:
        issued = None
    if issued is not None:
        issued = may_have_issued(actor, dossier, issued)
    if issued is None and not text:
        raise Refusal(_("Ghi kết quả giải quyết trước khi kết thúc."), field="text")
    before = dossier.state
    users, posts = end_work(mine, text)
    if mine.role == AssignmentRole.LEAD and mine.parent_id is None:
        dossier.state, dossier.result = State.COMPLETED, text
        dossier.completed_at, dossier.issued = clock.now(), issued
        others, heads = still_at_work(dossier, mine)
        users, posts = [*users, *others, dossier.keeper.user], [*posts, *heads]
    elif mine.role == AssignmentRole.LEAD and issued is not None:
        dossier.issued = issued  # the lead above him completes it with this, or with another
    dossier.save()
    leads = mine.role == AssignmentRole.LEAD
    conclude(
        dossier,
        actor,
        Verb.FINISH,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=dossier.article("dossier_result") if leads else "",
        detail={"assignment": mine.pk} | ({"item": issued.pk} if issued else {}),
    )
    return dossier


@transaction.atomic
def share(
    actor: Actor,
    dossier: Dossier,
    lines: Sequence[Line],
    *,
    text: str = "",
    confirmed: bool = False,
) -> Dossier:
    """Let units and people see the dossier; not the documents in it, which have their own rights.

    This changes who sees it, so it warns first (NĐ 30/2020 Phụ lục VI): without ``confirmed`` it
    raises Refusal with the names.
    """
    dossier = lock(actor, dossier)
    allowed(rules.may_share, actor, dossier)
    if lines and not confirmed:
        who = ", ".join(str(line.person or line.unit) for line in lines)
        raise Refusal(
            _(
                "%(who)s sẽ xem được %(matter)s này: dữ liệu, diễn biến, tệp và ghi chép; từng văn "
                "bản vẫn theo quyền xem của văn bản. Xác nhận rồi gửi."
            )
            % {"who": who, "matter": dossier.noun},
            field="confirmed",
        )
    return working.share(actor, dossier, lines, rule=rules.may_share, text=text)
