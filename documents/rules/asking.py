"""urge, later days, opinions."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents import deciding
from documents.models import Matter
from documents.rules.bearing import my_assignment, stands_in


@rule
def may_urge(actor: Actor, document: Matter) -> Refusal | None:
    """The office, the leaders, a head over his people, whoever gave the work or follows it.

    Bắc Giang Điều 5.3c, 5.4b; Bình Định Điều 8.3, chương III Điều 10.1; NĐ 30/2020 Điều 24.1.
    """
    if refusal := stands_in(document, *document.work_states):
        over_all = actor.holds(Role.LEADER, Role.OFFICE_CHIEF)
        return refusal if over_all else NotYours(refusal.message)
    if not deciding.urgeable(actor, document):
        return NotYours(
            _("Chỉ người giao việc, người phụ trách hoặc người theo dõi được đôn đốc."),
            document.article("urge"),
        )
    return None


@rule
def may_request_extension(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever holds work with a day asks for a later one (Kon Tum Điều 11.6c)."""
    mine = my_assignment(actor, document)
    if mine is None or mine.due_date is None:
        return NotYours(
            _("Chỉ người đang giữ việc có thời hạn mới xin gia hạn."),
            document.article("extension_decider"),
        )
    if refusal := stands_in(document, *document.work_states):
        return refusal
    for row in deciding.undecided(document):
        if row.assignment_id == mine.pk:
            return Refusal(
                _("Đã xin gia hạn đến %(day)s, đang chờ quyết định.")
                % {"day": f"{row.wanted_day:%d/%m/%Y}"}
            )
    return None


@deciding_rule
def may_decide_extension(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever gave the work, by post; for a unit's work the role that the regulation names."""
    mine = [row for row in document.open_extensions if deciding.decides(actor, document, row)]
    if not mine:
        return NotYours(
            _("Không có yêu cầu gia hạn nào chờ người này quyết định."),
            document.article("extension_decider"),
        )
    return stands_in(document, *document.work_states)


@rule
def may_ask_opinion(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever holds the work asks others what they think of it (Kon Tum Điều 13.7b)."""
    if my_assignment(actor, document) is None:
        return NotYours(_("Chỉ người đang giữ việc mới xin ý kiến."), document.article("opinion"))
    return stands_in(document, *document.work_states)


@rule
def may_give_opinion(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever was asked answers, in time or late (Kon Tum Điều 13.7b)."""
    if not any(deciding.answers(actor, row) for row in document.open_opinions):
        return NotYours(
            _("Chỉ đơn vị, người được xin ý kiến mới góp ý."), document.article("opinion")
        )
    return stands_in(document, *document.open_states)


@rule
def may_withdraw_opinion(actor: Actor, document: Matter) -> Refusal | None:
    """Whoever asked, or holds his post now, no longer waits for the answer."""
    if not any(deciding.asked_it(actor, row) for row in document.open_opinions):
        return NotYours(_("Chỉ người đã xin ý kiến mới thôi xin ý kiến."))
    return stands_in(document, *document.open_states)
