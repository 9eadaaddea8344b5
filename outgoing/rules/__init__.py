"""Who may do what with a draft: None, or the Refusal that the page shows beside the button."""

from django.utils.translation import gettext as _

from accounts.actor import Actor, deciding_rule, rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from documents.deciding import answers as is_asked
from documents.rules import may_comment as comment_on_work
from documents.rules.bearing import article_of, stands_in
from outgoing.choices import OPEN, PASSING, STEPS, State
from outgoing.models import OutgoingDocument
from outgoing.rules.bearing import drafts, has_left, takes, takes_left, works_on
from outgoing.rules.copying import forms_of, may_copy
from outgoing.rules.issuing import (
    may_answer_outside,
    may_be_told_again,
    may_go_out,
    may_issue,
    may_mail,
    may_note_answer,
    may_note_sent,
    may_recall,
    may_recall_again,
    may_resend,
    may_send_again,
    may_send_to,
)
from outgoing.rules.renewing import may_renew
from outgoing.rules.signing import (
    mandate_over,
    may_attach_scan,
    may_number,
    may_replace,
    may_seal,
    may_sign,
    may_take_over,
    may_void,
    may_write_number,
    not_by_one_alone,
    not_in_his_name,
)

__all__ = [
    "OF_STEP",
    "drafts",
    "forms_of",
    "is_asked",
    "may_abandon",
    "may_answer_outside",
    "may_appraise",
    "may_approve",
    "may_approve_content",
    "may_ask_opinion",
    "may_attach_scan",
    "may_be_told_again",
    "may_check_again",
    "may_check_format",
    "may_comment",
    "may_copy",
    "may_draft",
    "may_edit",
    "may_go_out",
    "may_hand_over",
    "may_issue",
    "may_keep_ready",
    "may_look_into",
    "may_mail",
    "may_note_answer",
    "may_note_paper",
    "may_note_sent",
    "may_number",
    "may_recall",
    "may_recall_again",
    "may_release",
    "may_remark",
    "may_renew",
    "may_replace",
    "may_resend",
    "may_resume",
    "may_seal",
    "may_send_again",
    "may_send_back",
    "may_send_to",
    "may_settle",
    "may_share",
    "may_sign",
    "may_submit",
    "may_take_over",
    "may_void",
    "may_withdraw",
    "may_write_number",
    "not_by_one_alone",
    "takes",
    "works_on",
]


@rule
def may_draft(actor: Actor, _document: OutgoingDocument | None = None) -> Refusal | None:
    """Whoever works in the agency may be given a draft to write (Kon Tum Điều 14.1, 16.2a)."""
    if actor.holds(Role.AGENCY_ADMIN):
        return NotYours(_("Quản trị cơ quan không soạn thảo văn bản."))
    return None


@rule
def may_keep_ready(actor: Actor, _document: OutgoingDocument | None = None) -> Refusal | None:
    """Templates and phrases are the office's: its chief, the clerk; the leader where there is none.

    No regulation speaks of templates.
    """
    if actor.holds(Role.OFFICE_CHIEF, Role.CLERK, Role.LEADER):
        return None
    return NotYours(_("Chỉ Văn phòng và văn thư sửa mẫu văn bản."))


@rule
def may_watch_proofs(actor: Actor, _document: OutgoingDocument | None = None) -> Refusal | None:
    """Whoever keeps the originals and their signatures: the clerk, the chief, the administrator
    (NĐ 30/2020 Điều 6, 19)."""
    if actor.holds(Role.OFFICE_CHIEF, Role.CLERK, Role.AGENCY_ADMIN):
        return None
    return NotYours(_("Chỉ văn thư, Văn phòng và quản trị của cơ quan theo dõi hạn chữ ký số."))


@rule
def may_edit(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter while he drafts; his head and leaders who have it to look at, marked as theirs.

    Kon Tum Điều 14.5 of leaders. Whoever answers for the form alone gives it back: nobody would
    have read what he writes (Cần Thơ Điều 9.5).
    """
    return None if _is_asked_to_edit(actor, document) else _may_change(actor, document)


@rule
def may_settle(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever changes the text says that a remark is taken into account."""
    return _may_change(actor, document)


def _is_asked_to_edit(actor: Actor, document: OutgoingDocument) -> bool:
    """Kon Tum Điều 14.5: the office, which signs by order, asks a leader; he edits it himself and
    gives it back to the office. In person: who stands in for him decides nothing of his."""
    edits = actor.agency.regulation.edited_by_leaders(member=actor.agency.is_member)
    signer = document.signer
    if not (edits and edits.value) or document.state not in (State.APPRAISAL, State.SIGNING):
        return False
    if signer is None or signer.role != Role.OFFICE_CHIEF or actor.acting_for is not None:
        return False
    return actor.holds(Role.LEADER) and any(
        row.asked_by.role == Role.OFFICE_CHIEF and is_asked(actor, row)
        for row in document.open_opinions
    )


def _may_change(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    if document.state == State.DRAFTING:
        if not drafts(actor, document):
            return NotYours(_("Chỉ người soạn thảo sửa dự thảo."))
        return None
    reads_it_all = document.state == State.CONTENT or (
        document.state in (State.APPROVAL, State.SIGNING) and actor.holds(Role.LEADER)
    )
    if reads_it_all and takes(actor, document):
        return None
    if works_on(actor, document):
        return stands_in(document, State.DRAFTING)
    return NotYours(_("Chỉ người soạn thảo và người đang xem xét sửa dự thảo."))


@rule
def may_submit(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter sends it on its way (Kon Tum Điều 14.1, Cần Thơ Điều 9.2a)."""
    if not drafts(actor, document):
        return NotYours(_("Chỉ người soạn thảo trình dự thảo."))
    return stands_in(document, State.DRAFTING)


def _may_take(actor: Actor, document: OutgoingDocument, state: State) -> Refusal | None:
    step = document.way.get(state)
    if step is None:
        return NotYours(_("Dự thảo này không qua bước ấy."))
    if not takes(actor, document, state):
        said = _("Bước “%(step)s” là của %(who)s.") % {
            "step": PASSING[state].label,
            "who": actor.agency.title_of(step.value),
        }
        return NotYours(said, step.article)
    return stands_in(document, state)


@deciding_rule
def may_approve_content(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The head of the drafting unit answers for the content (Cần Thơ Điều 9.3, Kon Tum 12.1)."""
    return _may_take(actor, document, State.CONTENT)


@rule
def may_check_format(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever was given the check answers for the form (Cần Thơ Điều 9.4)."""
    return _may_take(actor, document, State.FORMAT)


@rule
def may_appraise(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The office appraises before the leaders see it (Kon Tum Điều 12.2, 14.1)."""
    return _may_take(actor, document, State.APPRAISAL)


@deciding_rule
def may_release(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The leader of a small agency agrees before it is printed and signed (Kon Tum Điều 16.2)."""
    return _may_take(actor, document, State.APPROVAL)


@rule
def may_check_again(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk's last check (Cần Thơ Điều 9.5, Kon Tum Điều 17.1, Bắc Giang Điều 7.2)."""
    return _may_take(actor, document, State.CLERK)


@deciding_rule
def may_approve(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The person who is to sign it, and nobody else (NĐ 30/2020 Điều 13)."""
    if document.signer is None or actor.principal.pk != document.signer.user_id:
        return NotYours(_("Chỉ người ký văn bản ký duyệt."), article_of(actor, "paper_approval"))
    if refusal := stands_in(document, State.SIGNING):
        return refusal
    return not_in_his_name(actor, document) or mandate_over(document)


@rule
def may_note_paper(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The clerk notes that the paper bears the signature as well (Bình Định Điều 9.2)."""
    if not actor.holds(Role.CLERK):
        return NotYours(_("Chỉ văn thư ghi nhận bản giấy."), article_of(actor, "paper_approval"))
    if refusal := stands_in(document, State.APPROVED, State.NUMBERED):
        return refusal
    if not document.needs_paper:
        return NotYours(_("Bản giấy đã được ghi nhận, hoặc không cần bản giấy."))
    return None


@rule
def may_send_back(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever has it to look at gives it back with his words (Kon Tum Điều 14.1, 14.2)."""
    if document.is_copy:
        return NotYours(_("Bản sao không có người soạn để trả lại; hủy rồi sao lại."))
    if document.state == State.APPROVED:
        # What the clerk finds wrong before it has a number he reports and gives back (Cần Thơ 9.5).
        if actor.holds(Role.CLERK):
            return None
        return NotYours(_("Chỉ văn thư chuyển trả văn bản đã ký mà chưa cấp số."))
    if document.state not in (*STEPS, State.SIGNING):
        return NotYours(_("Dự thảo không ở bước nào để chuyển trả."))
    if not takes(actor, document):
        return NotYours(_("Chỉ người đang xem xét dự thảo chuyển trả."))
    return None


@rule
def may_withdraw(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter takes it back as long as nobody has signed."""
    if not drafts(actor, document):
        return NotYours(_("Chỉ người soạn thảo rút dự thảo."))
    return stands_in(document, *STEPS, State.SIGNING)


@rule
def may_abandon(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter gives it up; everything that was written stays."""
    if not drafts(actor, document):
        return NotYours(_("Chỉ người soạn thảo bỏ dự thảo."))
    return stands_in(document, State.DRAFTING)


@rule
def may_resume(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter takes up again what he gave up."""
    if not drafts(actor, document):
        return NotYours(_("Chỉ người soạn thảo soạn lại dự thảo."))
    return stands_in(document, State.WITHDRAWN)


@rule
def may_look_into(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The head of the unit sees what somebody left who has gone before he submitted it.

    Where nobody heads the unit, the office's chief does (``rules.bearing.takes_left``).
    """
    return _is_left_behind(actor, document)


@rule
def may_hand_over(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """He gives it to somebody of his unit, or goes on himself; no regulation speaks of it."""
    return _is_left_behind(actor, document)


def _is_left_behind(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    if not takes_left(actor, document):
        return NotYours(_("Chỉ người phụ trách đơn vị giao lại dự thảo."))
    if document.is_copy or not has_left(document):
        return NotYours(_("Người soạn thảo còn giữ chức vụ."))
    return stands_in(document, State.DRAFTING)


@rule
def may_ask_opinion(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """The drafter, his head and whoever has it to look at ask others (Cần Thơ Điều 9.2a)."""
    if not works_on(actor, document):
        return NotYours(_("Chỉ người soạn thảo và người đang xem xét xin ý kiến."))
    return stands_in(document, *OPEN)


@rule
def may_remark(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Whoever works on it or is asked for an opinion may speak of a place in the text."""
    asked = any(is_asked(actor, row) for row in document.open_opinions)
    if not asked and not works_on(actor, document) and not actor.holds(Role.LEADER):
        return NotYours(_("Chỉ người làm việc với dự thảo góp ý vào từng chỗ."))
    return stands_in(document, *OPEN)


@rule
def may_share(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Those by whom it passes let others see it, whatever has become of it."""
    if not works_on(actor, document):
        return NotYours(_("Chỉ người soạn thảo và người xem xét thông báo dự thảo cho người khác."))
    return None


@rule
def may_comment(actor: Actor, document: OutgoingDocument) -> Refusal | None:
    """Everyone who sees it may say a word while it is worked on."""
    return comment_on_work.ask(actor, document)


# The rule of each step's verb.
OF_STEP = {
    State.CONTENT: may_approve_content,
    State.FORMAT: may_check_format,
    State.APPRAISAL: may_appraise,
    State.APPROVAL: may_release,
    State.CLERK: may_check_again,
    State.SIGNING: may_approve,
}
