"""A recall reaches everybody: before it was entered, afterwards, in mailboxes, on its way."""

import pytest

from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import verifying
from documents.choices import AssignmentRole, AssignmentState
from documents.models import Attachment, DocumentAct, StoredFile, Waiting
from exchange.delivering import deliver
from incoming import actions as incoming
from incoming import rules
from incoming.actions import Line
from incoming.choices import RECALLED, RefusalReason, State
from incoming.models import IncomingDocument
from incoming.verifying import findings
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import DeliveryCode
from outgoing.choices import State as Out
from outgoing.issued import files_of
from outgoing.verifying import findings as outgoing_findings
from tests.cast import act_as, entry, received, upload
from tests.files import build
from tests.outgoing.issuing import issued, only, to_agency, to_post
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
WHY = "Sai số liệu tại khoản 2."


def at_the_ward(cast):
    document = issued(cast)
    deliver()
    return document, IncomingDocument.objects.get(agency=cast.ward)


def registered(cast):
    document, letter = at_the_ward(cast)
    letter = incoming.register(act_as(cast.ward_clerk), letter, entry(issued_date=clock.today()))
    deliver()
    return document, letter


def in_work(cast):
    document, letter = registered(cast)
    incoming.submit(act_as(cast.ward_clerk), letter)
    lines = [Line(AssignmentRole.LEAD, cast.ward_unit, cast.ward_officer, "Làm ngay.", None)]
    letter = incoming.distribute(act_as(cast.ward_chair), letter, lines)
    letter = incoming.progress(act_as(cast.ward_officer), letter, percent=50, text="Đang làm.")
    deliver()
    return document, letter


def recalled(cast, document):
    actions.recall(act_as(cast.clerk), document, text=WHY)
    deliver()


def test_without_a_reason_nothing_is_recalled(cast):
    """Cần Thơ Điều 10.1b; QCVN 102:2016 code 13 comes with a reason."""
    document, _letter = at_the_ward(cast)
    with pytest.raises(Refusal, match="Ghi lý do thu hồi"):
        actions.recall(act_as(cast.clerk), document, text="")
    for person in (cast.chief, cast.chair, cast.specialist):
        with pytest.raises(NotYours):
            actions.recall(act_as(person), document, text=WHY)


def test_in_the_tray_it_goes_at_once(cast):
    document, letter = at_the_ward(cast)
    recalled(cast, document)
    letter.refresh_from_db()
    assert (letter.state, letter.refusal_reason, letter.subject) == (State.REFUSED, RECALLED, "")
    assert not letter.quarantined.exists()
    act = DocumentAct.objects.get(target_id=letter.pk, verb="sender_recall")
    assert (act.actor, act.words.text) == (cast.clerk, WHY)
    deliver()
    delivery = only(document)
    assert delivery.status == DeliveryCode.RECALL_AGREED
    assert delivery.statuses.last().text == "Chưa vào sổ; đã hủy"
    document.refresh_from_db()
    assert document.state == Out.RECALLED
    assert Notification.objects.filter(user=cast.clerk, kind="delivery_15").count() == 1
    assert list(findings()) == list(outgoing_findings()) == []


def test_what_is_in_the_book_asks_the_clerk(cast):
    """Cần Thơ Điều 5.2."""
    document, letter = in_work(cast)
    recalled(cast, document)
    asked = Waiting.objects.get(document_id=letter.pk, verb="cancel")
    assert asked.group.post.unit == cast.ward_unit
    letter.refresh_from_db()
    assert (letter.state, letter.is_recalled) == (State.IN_PROCESS, True)
    assert only(document).status == DeliveryCode.RECALL_ASKED
    assert list(findings()) == []


def test_cancelled_its_number_stays_and_the_readers_go_back(cast):
    """Cần Thơ Điều 5.2, NĐ 30/2020 Điều 18.4b, Phụ lục VI.III.8."""
    document, letter = in_work(cast)
    number = letter.number
    recalled(cast, document)
    letter = incoming.cancel(act_as(cast.ward_clerk), letter)
    assert (letter.state, letter.number, letter.refusal_reason) == (State.VOID, number, RECALLED)
    # Words that say why somebody did what he did stay; the copy of the document does not.
    assert letter.subject
    [work] = letter.all_assignments
    assert (work.state, work.directive) == (AssignmentState.RECALLED, "Làm ngay.")
    assert not Attachment.objects.filter(document_id=letter.pk).exists()
    assert not Waiting.objects.filter(document_id=letter.pk).exists()
    act = DocumentAct.objects.get(target_id=letter.pk, verb="cancel")
    assert act.article.startswith("điểm b khoản 4 Điều 18 Nghị định 30/2020/NĐ-CP")
    assert act.addressed["users"] == [cast.ward_officer.pk]
    deliver()
    text = only(document).statuses.last().text
    assert text.startswith("Đã hủy ")
    assert text.endswith("Đã đọc: Ngô Thị Ngọc Ánh, Y Hạnh, A Klăh")
    assert str(number) in text
    assert list(verifying.broken_chains()) == list(verifying.broken_states()) == []
    assert list(verifying.broken_registers()) == []
    assert list(findings()) == []


def test_its_copy_goes_and_the_senders_original_and_signed_slips_stay(cast):
    document, letter = registered(cast)
    clerk = act_as(cast.ward_clerk)
    paper = incoming.keep_paper(clerk, letter, sheets=2)
    paper = incoming.hand_over(clerk, paper, cast.ward_unit, cast.ward_officer, sheets=2)
    slip = upload(build(version="1.5"), "phieu.pdf")
    incoming.attach_slip(clerk, paper, move=paper.moves.last(), slip=slip)
    recalled(cast, document)
    incoming.cancel(clerk, letter)
    assert StoredFile.objects.filter(pk=files_of(document)[0].file.pk).exists()
    assert list(verifying.broken_proofs()) == list(verifying.broken_files()) == []


def test_the_next_one_takes_the_next_number(cast, pdf):
    document, letter = registered(cast)
    recalled(cast, document)
    incoming.cancel(act_as(cast.ward_clerk), letter)
    clerk = act_as(cast.ward_clerk)
    following = incoming.register(clerk, received(cast.ward_clerk, pdf), entry())
    assert following.number == letter.number + 1


def test_the_clerk_may_keep_it_and_says_why(cast):
    document, letter = in_work(cast)
    recalled(cast, document)
    clerk = act_as(cast.ward_clerk)
    with pytest.raises(Refusal, match="Ghi lý do không hủy"):
        incoming.keep(clerk, letter, text="")
    letter = incoming.keep(clerk, letter, text="Đã thi hành xong.")
    assert (letter.state, letter.is_recalled) == (State.IN_PROCESS, False)
    assert not Waiting.objects.filter(document_id=letter.pk, verb="cancel").exists()
    deliver()
    delivery = only(document)
    assert (delivery.status, delivery.statuses.last().text) == ("16", "Đã thi hành xong.")
    assert Notification.objects.filter(user=cast.clerk, kind="delivery_16").exists()
    with pytest.raises(Stale):
        incoming.cancel(clerk, letter)
    # The receiver goes on; the sender has his answer.
    incoming.finish(act_as(cast.ward_officer), letter, text="Xong.")
    assert deliver()["changed"] == 0
    assert list(findings()) == []


def test_only_the_clerk_answers_and_only_what_was_recalled(cast, pdf):
    document, letter = in_work(cast)
    clerk, chair = act_as(cast.ward_clerk), act_as(cast.ward_chair)
    assert type(rules.may_cancel(clerk, letter)) is NotYours
    recalled(cast, document)
    letter.refresh_from_db()
    assert rules.may_cancel(clerk, letter) is None
    assert type(rules.may_cancel(chair, letter)) is NotYours
    with pytest.raises(IncomingDocument.DoesNotExist):
        incoming.cancel(act_as(cast.clerk), letter)  # the sender himself


def test_a_finished_one_is_cancelled_too(cast):
    document, letter = in_work(cast)
    incoming.finish(act_as(cast.ward_officer), letter, text="Xong.")
    deliver()
    assert only(document).status == "06"
    recalled(cast, document)
    letter.refresh_from_db()
    assert letter.is_recalled
    assert incoming.cancel(act_as(cast.ward_clerk), letter).state == State.VOID
    deliver()
    assert only(document).status == "15"


def test_before_it_is_sent_it_never_goes(cast):
    document = issued(cast, to_agency(cast.ward), to_post("Hội Người cao tuổi"))
    recalled(cast, document)
    assert set(document.deliveries.values_list("status", flat=True)) == {DeliveryCode.CALLED_OFF}
    assert not IncomingDocument.objects.exists()


def test_what_was_sent_away_is_asked_no_more(cast):
    document, letter = at_the_ward(cast)
    incoming.refuse(act_as(cast.ward_clerk), letter, reason=RefusalReason.NOT_OURS)
    deliver()
    recalled(cast, document)
    assert only(document).status == DeliveryCode.REFUSED
    # Sent away in the minute before the recall: the refusal comes back, not an agreement.
    document, letter = issued(cast), None
    deliver()
    letter = only(document).received
    incoming.refuse(act_as(cast.ward_clerk), letter, reason=RefusalReason.NOT_OURS)
    recalled(cast, document)
    deliver()
    assert only(document).status == DeliveryCode.REFUSED


def test_purged_meanwhile_it_is_gone(cast):
    document, letter = registered(cast)
    actions.recall(act_as(cast.clerk), document, text=WHY)
    incoming.purge(
        act_as(cast.ward_chair),
        letter,
        reason="state_secrets",
        decision_number="12/QĐ",
        decision_date=clock.today(),
    )
    deliver()
    deliver()
    assert only(document).statuses.last().text == "Đã gỡ khỏi hệ thống của bên nhận"


def test_our_own_is_frozen(cast):
    """QĐ 28/2018 Điều 8.2: what was recalled is neither sent anew nor recalled again."""
    document, _letter = at_the_ward(cast)
    recalled(cast, document)
    clerk = act_as(cast.clerk)
    for verb in (
        lambda: actions.resend(clerk, document, [only(document).pk]),
        lambda: actions.recall(clerk, document, text=WHY),
        lambda: actions.issue(clerk, document, [to_agency(cast.elsewhere)]),
    ):
        with pytest.raises(Stale):
            verb()
