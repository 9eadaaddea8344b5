"""Opinions: asked, given in time or late, withdrawn; and who has read what was shared."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate
from core import clock
from core.errors import NotYours, Refusal
from documents.choices import AssignmentRole, Stance
from documents.models import DocumentAct, Opinion, Waiting
from incoming import actions, verifying
from incoming.actions import Line
from incoming.models import IncomingDocument
from notifications.models import Notification
from reports.desk import work_of
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]
ANY = AssignmentRole.COORDINATE


def asked(cast, pdf, days: int | None = 2):
    """The planning unit asks finance's head and the adviser, until a day when one is set."""
    document = play.distributed(cast, pdf)
    lines = [Line(ANY, cast.finance), Line(ANY, cast.office, cast.adviser)]
    day = None if days is None else clock.today() + timedelta(days=days)
    return actions.ask_opinion(
        act_as(cast.head), document, lines, text="Nguồn vốn lấy từ đâu?", day=day
    )


def last(document) -> DocumentAct:
    return DocumentAct.objects.filter(target_id=document.pk).last()


def test_those_who_are_asked_see_it_in_colour_with_one_button(cast, pdf, client):
    """Kon Tum Điều 13.7b: "văn bản góp ý (phần trích yếu văn bản màu xanh)"."""
    document = asked(cast, pdf)
    assert "điểm b khoản 7 Điều 13" in last(document).article
    item = work_of(act_as(cast.adviser)).first
    assert (item.verb_label, item.is_asked, item.quote) == ("Góp ý", True, "Nguồn vốn lấy từ đâu?")
    assert item.due_date == clock.today() + timedelta(days=2)
    client.force_login(cast.adviser)
    for path in ("/kontum/", "/kontum/incoming/", document.get_absolute_url()):
        shown = client.get(path).content.decode()
        assert "asked__subject" in shown
        assert "Văn bản xin ý kiến" in shown  # not by colour alone
    client.force_login(cast.chief)
    assert "asked__subject" not in client.get("/kontum/incoming/").content.decode()
    assert list(verifying.findings()) == []


def test_the_asker_sees_how_many_have_answered(cast, pdf, client):
    """Kon Tum Điều 13.7b."""
    document = asked(cast, pdf)
    actions.give_opinion(act_as(cast.adviser), document, stance=Stance.AGREE)
    assert work_of(act_as(cast.head)).first.awaits == "1 / 2 nơi đã góp ý"
    actions.give_opinion(
        act_as(cast.finance_head), document, stance=Stance.DISAGREE, text="Chưa có nguồn."
    )
    assert work_of(act_as(cast.head)).first.awaits == ""
    assert Notification.objects.filter(user=cast.head, kind="give_opinion").count() == 2
    assert not Waiting.objects.filter(verb="give_opinion").exists()
    client.force_login(cast.head)
    shown = client.get(document.get_absolute_url()).content.decode()
    for words in ("2 / 2 nơi đã trả lời", "Không thống nhất", "Chưa có nguồn."):
        assert words in shown
    assert list(verifying.findings()) == []


def test_late_answers_are_taken_and_shown_as_late(cast, pdf, client, at):
    """Kon Tum Điều 13.7b."""
    document = asked(cast, pdf)
    at(clock.now() + timedelta(days=12))
    client.force_login(cast.head)
    page = client.get(document.get_absolute_url())
    assert [one.is_late for one in page.context["questions"][0].lines] == [True, True]
    actions.give_opinion(act_as(cast.adviser), document, stance=Stance.OTHER, text="Hỏi Sở.")
    [finance, adviser] = client.get(document.get_absolute_url()).context["questions"][0].lines
    assert (adviser.note, adviser.is_late) == ("trả lời muộn", False)
    assert (finance.note, finance.is_late) == ("chưa trả lời", True)


def test_disagreement_needs_words(cast, pdf):
    """Kon Tum Điều 13.7b."""
    document = asked(cast, pdf)
    for stance in (Stance.DISAGREE, Stance.OTHER):
        with pytest.raises(Refusal) as refused:
            actions.give_opinion(act_as(cast.adviser), document, stance=stance)
        assert refused.value.field == "text"
    with pytest.raises(Refusal) as refused:
        actions.give_opinion(act_as(cast.adviser), document, stance="maybe", text="?")
    assert refused.value.field == "stance"


def test_only_those_who_were_asked_answer_and_only_once(cast, pdf):
    document = asked(cast, pdf)
    with pytest.raises(NotYours) as refused:
        actions.give_opinion(act_as(cast.chief), document, stance=Stance.AGREE)
    assert "điểm b khoản 7 Điều 13" in refused.value.article
    with pytest.raises(IncomingDocument.DoesNotExist):
        actions.give_opinion(act_as(cast.accountant), document, stance=Stance.AGREE)
    actions.give_opinion(act_as(cast.adviser), document, stance=Stance.AGREE)
    with pytest.raises(NotYours):
        actions.give_opinion(act_as(cast.adviser), document, stance=Stance.AGREE)


def test_what_cannot_be_asked(cast, pdf):
    document, head = asked(cast, pdf), act_as(cast.head)
    yesterday = clock.today() - timedelta(days=1)
    wrong = [
        ("Chọn đơn vị", {"lines": []}),
        ("Ghi nội dung", {"text": ""}),
        ("đã qua", {"day": yesterday}),
        ("đang được xin ý kiến", {"lines": [Line(ANY, cast.finance)]}),
        ("không thuộc cơ quan", {"lines": [Line(ANY, cast.ward_unit)]}),
        ("không làm việc ở đơn vị", {"lines": [Line(ANY, cast.office, cast.accountant)]}),
    ]
    for sentence, values in wrong:
        asking = {"lines": [Line(ANY, cast.office)], "text": "Hỏi."} | values
        with pytest.raises(Refusal, match=sentence):
            actions.ask_opinion(head, document, **asking)
    assert Opinion.objects.count() == 2


def test_a_question_is_withdrawn_and_waits_for_nobody(cast, pdf):
    document, head = asked(cast, pdf), act_as(cast.head)
    actions.give_opinion(act_as(cast.adviser), document, stance=Stance.AGREE)
    given, open_one = Opinion.objects.get(person=cast.adviser), Opinion.objects.get(person=None)
    with pytest.raises(Refusal, match="đã trả lời thì giữ nguyên"):
        actions.withdraw_opinion(head, document, [given, open_one])
    with pytest.raises(NotYours):
        actions.withdraw_opinion(act_as(cast.finance_head), document, [open_one])
    actions.withdraw_opinion(head, document, [open_one], text="Đã rõ.")
    assert not Waiting.objects.filter(verb="give_opinion").exists()
    assert Notification.objects.filter(user=cast.finance_head, kind="withdraw_opinion").exists()
    with pytest.raises(NotYours):
        actions.give_opinion(act_as(cast.finance_head), document, stance=Stance.AGREE)
    assert list(verifying.findings()) == []


def test_two_questions_to_one_are_answered_one_after_the_other(cast, pdf):
    """A head who is asked for his unit and in person answers the older question first."""
    document = asked(cast, pdf)
    line = [Line(ANY, cast.finance, cast.finance_head)]
    actions.ask_opinion(act_as(cast.head), document, line, text="Riêng ý anh thế nào?")
    for text in ("Ý của phòng.", "Ý riêng."):
        actions.give_opinion(act_as(cast.finance_head), document, stance=Stance.OTHER, text=text)
    told = Opinion.objects.filter(unit=cast.finance).order_by("pk")
    assert list(told.values_list("text", flat=True)) == ["Ý của phòng.", "Ý riêng."]


def test_when_the_work_ends_nobody_is_asked_any_more_and_reopening_asks_again(cast, pdf):
    document = asked(cast, pdf)
    document = actions.finish(act_as(cast.head), document, text="Đã xong.")
    assert not Waiting.objects.filter(verb="give_opinion").exists()
    actions.reopen(act_as(cast.chair), document, text="Còn việc.")
    assert Waiting.objects.filter(verb="give_opinion").count() == 2
    assert list(verifying.findings()) == []


def test_a_leader_and_the_chief_ask_before_they_decide(cast, pdf):
    """Kon Tum Điều 13.2, 13.3."""
    document = play.submitted(cast, pdf)
    line = [Line(ANY, cast.planning)]
    actions.ask_opinion(act_as(cast.chief), document, line, text="Thuộc phòng nào?")
    actions.give_opinion(act_as(cast.head), document, stance=Stance.OTHER, text="Phòng tôi.")
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    actions.ask_opinion(act_as(cast.chair), document, line, text="Làm được không?")
    assert work_of(act_as(cast.head)).first.is_asked
    assert list(verifying.findings()) == []


def test_delegates_ask_and_answer_for_those_who_are_away(cast, pdf):
    """Bắc Giang Điều 5.3d; Kon Tum Điều 13.1: who acted, for whom, on what ground."""
    document, today = play.distributed(cast, pdf), clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today)
    delegate(act_as(cast.finance_head), cast.accountant, start_date=today, end_date=today)
    actions.ask_opinion(act_as(cast.deputy), document, [Line(ANY, cast.finance)], text="Nguồn vốn?")
    asking = last(document)
    assert (asking.actor, asking.on_behalf_of.user) == (cast.deputy, cast.head)
    actions.give_opinion(act_as(cast.accountant), document, stance=Stance.AGREE)
    giving = last(document)
    assert (giving.actor, giving.on_behalf_of.user) == (cast.accountant, cast.finance_head)
    assert asking.detail["delegation"] != giving.detail["delegation"]
    line = [Line(ANY, cast.office)]
    document = actions.ask_opinion(act_as(cast.head), document, line, text="Văn phòng?")
    open_one = Opinion.objects.get(unit=cast.office)
    actions.withdraw_opinion(act_as(cast.deputy), document, [open_one])
    assert last(document).on_behalf_of.user == cast.head
    assert list(verifying.findings()) == []


def test_the_page_asks_answers_and_withdraws(cast, pdf, client):
    """Kon Tum Điều 13.7b → /incoming/<id>/."""
    document = play.distributed(cast, pdf)

    def post(user, verb, **data):
        client.force_login(user)
        return client.post(reverse("incoming:verb", args=["kontum", document.pk, verb]), data)

    people = [f"u{cast.finance.pk}", f"p{cast.adviser.pk}.{cast.office.pk}"]
    assert post(cast.head, "ask_opinion", people=people, text="").status_code == 422
    assert post(cast.head, "ask_opinion", people=people, text="Vốn?").status_code == 302
    shown = client.get(f"{document.get_absolute_url()}?do=withdraw_opinion").content.decode()
    assert "Không chờ ý kiến của" in shown
    assert post(cast.adviser, "give_opinion", stance="disagree").status_code == 422
    assert post(cast.adviser, "give_opinion", stance="agree").status_code == 302
    left = Opinion.objects.get(answered_at__isnull=True)
    assert post(cast.head, "withdraw_opinion", who=left.pk).status_code == 302
    assert post(cast.finance_head, "give_opinion", stance="agree").status_code == 409


# --- Who has read what was shared.


def test_whoever_shared_it_sees_who_has_read_it_and_when(cast, pdf, client):
    """Kon Tum Điều 13.7c: "Nếu muốn người khác cũng được xem ... nhấn vào nút Thông báo"."""
    document = play.distributed(cast, pdf)
    inform = AssignmentRole.INFORM
    actions.share(act_as(cast.head), document, [Line(inform, cast.office, cast.adviser)])
    actions.share(
        act_as(cast.finance_head), document, [Line(inform, cast.planning, cast.colleague)]
    )
    actions.read(act_as(cast.adviser), document)

    def seen(user) -> dict[str, bool]:
        client.force_login(user)
        page = client.get(document.get_absolute_url())
        return {one.who: one.read_at is not None for one in page.context["receipts"]}

    both = {"A Thiu": False, "Đặng Thị Thu Hà": True}
    assert seen(cast.clerk) == both
    assert seen(cast.chief) == both
    assert seen(cast.head) == {"Đặng Thị Thu Hà": True}
    assert seen(cast.finance_head) == {"A Thiu": False}
    assert seen(cast.adviser) == {}
    client.force_login(cast.clerk)
    assert "1 / 2 đã xem" in client.get(document.get_absolute_url()).content.decode()


def test_a_receipt_of_a_unit_says_who_opened_it(cast, pdf, client):
    """Kon Tum Điều 13.7c."""
    document = play.submitted(cast, pdf)
    actions.share(act_as(cast.chief), document, [Line(AssignmentRole.INFORM, cast.planning)])
    client.force_login(cast.head)
    client.get(document.get_absolute_url())
    client.force_login(cast.chief)
    [one] = client.get(document.get_absolute_url()).context["receipts"]
    assert (one.who, one.reader) == ("Phòng Quản lý đô thị", "Nguyễn Quốc Bảo")
    assert one.read_at is not None
