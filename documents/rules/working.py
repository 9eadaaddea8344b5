"""The work itself: assign, progress, finish, send_back, comment."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents.choices import AssignmentRole
from documents.models import Assignment, Matter
from documents.rules.bearing import WORK, holds, my_assignment, stands_in, taken_back


@rule
def may_assign(actor: Actor, document: Matter) -> Refusal | None:
    """The head of a unit gives the unit's work to his people (Kon Tum Điều 20.2)."""
    by = [Role.UNIT_HEAD, Role.OFFICE_CHIEF, Role.LEADER]
    if actor.agency.regulation.deputy_assigns:
        by.append(Role.DEPUTY_HEAD)  # Bắc Giang Điều 5.4a
    if not actor.holds(*by):
        return NotYours(
            _("Chỉ %(role)s giao việc cho người của đơn vị mình.")
            % {"role": actor.agency.title_of(Role.UNIT_HEAD)},
            document.article("assign"),
        )
    mine = my_assignment(actor, document)
    if mine is None:
        return taken_back(actor, document) or NotYours(
            _("Đơn vị chưa được giao %(matter)s này.") % {"matter": document.noun}
        )
    return stands_in(document, *document.work_states)


def refuse_take_back(actor: Actor, document: Matter, gives_out: Rule) -> Refusal | None:
    """The head takes a part from one of his people and gives it to another (Kon Tum Điều 20.2).

    So does who ``gives_out`` with a part of the first line: whoever has left cannot send it back
    himself. A kind's own rule asks this.
    """
    refusal = may_assign.ask(actor, document)
    if refusal is None and parts_given(actor, document):
        return None
    if first_line(actor, document, gives_out):
        return stands_in(document, *document.work_states)
    return refusal or NotYours(_("Chưa có phần việc nào giao cho người của đơn vị."))


def parts_given(actor: Actor, document: Matter, gives_out: Rule | None = None) -> list[Assignment]:
    """The open parts given out of what the actor holds; who gives out has the first line, too."""
    mine = {
        one.pk
        for one in document.all_assignments
        if one.is_open and one.role in WORK and holds(actor, one)
    }
    given = [
        one
        for one in document.all_assignments
        if one.is_open and one.role in WORK and one.parent_id in mine
    ]
    return [*(first_line(actor, document, gives_out) if gives_out else ()), *given]


def first_line(actor: Actor, document: Matter, gives_out: Rule) -> list[Assignment]:
    """The open parts of the first line that this actor takes back: what he holds he sends back."""
    found = [
        one
        for one in document.all_assignments
        if one.is_open and one.role in WORK and one.parent_id is None and not holds(actor, one)
    ]
    return found if found and gives_out.ask(actor, document) is None else []


@rule
def may_send_back(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever holds the work returns it to whoever gave it (Kon Tum Điều 13.7a)."""
    if document.goes_on and my_assignment(actor, document):
        return None
    return NotYours(
        _("Chỉ người đang giữ việc mới chuyển trả được."),
        actor.agency.regulation.returning(member=actor.agency.is_member).article,
    )


@rule
def may_comment(actor: Actor, document: Matter) -> Refusal | None:
    """Everyone who sees it may add an opinion while work goes on (Kon Tum Điều 13.7b)."""
    return stands_in(document, *document.open_states)


@rule
def may_progress(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever works on it reports how far he is (Kon Tum Điều 21.1)."""
    if my_assignment(actor, document) is None:
        return taken_back(actor, document) or NotYours(
            _("Chỉ người được giao việc báo cáo tiến độ."), document.article("progress")
        )
    return stands_in(document, *document.work_states)


@rule
def may_finish(actor: Actor, document: Matter) -> Refusal | None:
    """Who holds the work ends it, once those who lead it below him have (Kon Tum Điều 13.7c)."""
    mine = my_assignment(actor, document)
    if mine is None:
        return taken_back(actor, document) or NotYours(
            _("Chỉ người đang giữ việc mới kết thúc được.")
        )
    if refusal := stands_in(document, *document.work_states):
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
