"""Drafts on the desk and among the notices: whose turn it is, in the words of drafts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from dossiers import actions as dossiers
from dossiers.actions import Fields
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import Notice, State
from reports import desk, side
from tests.cast import act_as
from tests.outgoing import drafts
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
SUBJECT = "khắc phục sạt lở bờ kè sông Đăk Bla"


def items(user):
    """What waits for somebody: button, where it leads, what stands under the subject."""
    work = desk.work_of(act_as(user))
    return [(one.verb_label, one.verb_url) for group in work.groups for one in group.items]


def labels(client, user):
    """What the notices of somebody say happened, newest first."""
    client.force_login(user)
    page = client.get(reverse("reports:notifications", args=["kontum"]))
    return [(one["label"], one["subject"]) for one in page.context["lines"]]


def test_each_in_turn_is_asked_in_the_words_of_his_step(client, cast):
    """Kon Tum Điều 12.1, 12.2, 14.2: the head, the office, the one who signs."""
    document = drafts.drafted(cast)
    page = f"/kontum/outgoing/{document.pk}/"
    assert items(cast.specialist) == [("Soạn thảo", f"{page}compose/")]
    document = drafts.submitted(cast.specialist, document, text="Xin trình.")
    assert items(cast.specialist) == []
    assert items(cast.head) == [("Duyệt nội dung", page)]
    item = desk.work_of(act_as(cast.head)).first
    assert item.subject == SUBJECT
    assert item.meta == "Dự thảo · Công văn · Chuyên viên Hoàng Thị Mỹ Linh"
    assert item.quote == "Xin trình."
    document = drafts.passed(cast.head, document)
    assert items(cast.head) == []
    assert items(cast.chief) == [("Thẩm định", page)]
    drafts.passed(cast.chief, document)
    assert items(cast.chair) == [("Ký duyệt", page)]
    client.force_login(cast.chair)
    assert SUBJECT in client.get("/kontum/").content.decode()


def test_what_came_back_with_words_asks_to_be_changed(cast):
    """Kon Tum Điều 14.1: given back, with what is to be changed, to him who drafts."""
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    actions.send_back(act_as(cast.head), document, text="Nêu rõ nguồn kinh phí.")
    assert items(cast.specialist) == [("Sửa, trình lại", f"{document.get_absolute_url()}compose/")]
    item = desk.work_of(act_as(cast.specialist)).first
    assert item.quote == "Nêu rõ nguồn kinh phí."
    assert "Trưởng phòng Nguyễn Quốc Bảo" in item.meta
    assert items(cast.head) == []


def test_whoever_is_asked_for_an_opinion_reads_the_question(cast):
    """Cần Thơ Điều 9.2a: the drafter asks others for what they think."""
    document = drafts.drafted(cast)
    line = Line(AssignmentRole.COORDINATE, cast.finance)
    actions.ask_opinion(act_as(cast.specialist), document, [line], text="Có đủ kinh phí không?")
    page = f"/kontum/outgoing/{document.pk}/give_opinion/"
    assert items(cast.finance_head) == [("Góp ý", page)]
    item = desk.work_of(act_as(cast.finance_head)).first
    assert (item.quote, item.is_asked) == ("Có đủ kinh phí không?", True)


def test_the_drafter_sees_where_his_draft_waits(cast):
    """What is on its way stands under those who are waited for, the oldest first, with its step."""
    today = clock.today()
    first = drafts.drafted(cast, due_date=today, subject="việc thứ nhất")
    drafts.submitted(cast.specialist, first)
    second = drafts.submitted(cast.specialist, drafts.drafted(cast, subject="việc thứ hai"))
    drafts.passed(cast.head, second)
    third = drafts.submitted(cast.specialist, drafts.drafted(cast, subject="đã rút"))
    actions.withdraw(act_as(cast.specialist), third)

    def waited(user):
        found = side.waited_for(act_as(user))
        return [(one.subject, one.words, one.is_late) for one in found.lines], found.total

    day = f"{today:%d/%m/%Y}"
    assert waited(cast.specialist) == (
        [
            ("việc thứ nhất", f"chờ duyệt nội dung, từ {day}", False),
            ("việc thứ hai", f"chờ thẩm định, từ {day}", False),
        ],
        2,
    )
    assert waited(cast.head) == ([], 0)
    assert waited(cast.colleague) == ([], 0)
    with clock.set_to(clock.now() + timedelta(days=14)):
        assert [late for _subject, _words, late in waited(cast.specialist)[0]] == [True, False]


def test_work_that_was_given_and_drafts_stand_by_their_age(cast):
    """The oldest first, whichever they are; what the list has no room for is counted."""
    head, moment = act_as(cast.head), clock.now()
    line = Line(AssignmentRole.LEAD, cast.planning, cast.specialist)
    for number in range(6):
        with clock.set_to(moment + timedelta(minutes=2 * number)):
            title = Fields(title=f"việc {number}")
            dossiers.begin_task(head, title, lines=[line], text="Làm.")
        if number < 2:
            with clock.set_to(moment + timedelta(minutes=2 * number + 1)):
                document = drafts.drafted(cast, cast.head, subject=f"dự thảo {number}")
                drafts.submitted(cast.head, document)
    with clock.set_to(moment + timedelta(hours=1)):
        found = side.waited_for(head)
    assert [one.subject for one in found.lines] == [
        "việc 0", "dự thảo 0", "việc 1", "dự thảo 1", "việc 2",
    ]  # fmt: skip
    assert found.total == 8


def test_ones_own_signature_is_not_waited_for_from_others(cast):
    """The chair's own draft, when it is his to sign, waits for nobody else."""
    document = drafts.submitted(cast.chair, drafts.drafted(cast, cast.chair))
    while document.state != State.SIGNING:
        assert side.waited_for(act_as(cast.chair)).total == 1
        document = drafts.passed(cast.chief, document)
    assert side.waited_for(act_as(cast.chair)).total == 0
    assert items(cast.chair) == [("Ký duyệt", document.get_absolute_url())]


def test_notices_of_drafts_bear_the_words_of_drafts(client, cast):
    """Every verb that tells somebody has its words in the list, not its code."""
    document = drafts.submitted(cast.specialist, drafts.drafted(cast))
    place = actions.Place(1, "", "Viết gọn.")
    document = actions.send_back(act_as(cast.head), document, text="Sửa lại.", places=[place])
    remark = document.versions.get().remarks.get()
    actions.settle(act_as(cast.specialist), document, remark)
    document = drafts.submitted(cast.specialist, document)
    document = actions.withdraw(act_as(cast.specialist), document)
    document = drafts.submitted(cast.specialist, document)
    line = Line(AssignmentRole.COORDINATE, cast.finance)
    actions.ask_opinion(act_as(cast.specialist), document, [line], text="Đủ tiền không?")
    actions.give_opinion(act_as(cast.finance_head), document, stance="agree", text="Đủ.")
    actions.remark(act_as(cast.head), document, version=1, line=1, quote="", text="Gọn hơn.")
    actions.comment(act_as(cast.clerk), document, text="Nhớ số bản.")
    for who in (cast.head, cast.chief, cast.chair):
        document = drafts.passed(who, document)
    told = {
        name: [label for label, subject in labels(client, getattr(cast, name))]
        for name in ("head", "chief", "chair", "specialist", "finance_head")
    }
    assert {"Trình", "Rút về", "Đã tiếp thu"} <= set(told["head"])
    assert {"Duyệt nội dung"} <= set(told["chief"])
    assert {"Duyệt nội dung", "Thẩm định, trình"} <= set(told["chair"])
    signed = str(Notice.COLLECT.label)  # on paper: it is said in words of its own
    assert {"Chuyển trả", "Góp ý", "Góp ý tại chỗ", "Cho ý kiến", signed} <= set(told["specialist"])
    assert "Xin ý kiến" in told["finance_head"]
    kinds = set(Notification.objects.values_list("kind", flat=True))
    assert not kinds & {label for found in told.values() for label in found}
    assert all(subject == SUBJECT for _label, subject in labels(client, cast.specialist))
