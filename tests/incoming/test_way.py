"""The main way of Kon Tum Điều 13, verb by verb."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct, GroupGrant, QuarantinedFile, UserGrant, Waiting
from incoming import actions
from incoming.actions import Line
from incoming.models import IncomingDocument
from tests import cast as play
from tests.cast import act_as

pytestmark = pytest.mark.django_db


def verbs(document) -> list[str]:
    return list(DocumentAct.objects.filter(target=document.pk).values_list("verb", flat=True))


def waits(document) -> set[tuple[str, str]]:
    return {
        (row.verb, row.user.username if row.user else row.group.post.role)
        for row in Waiting.objects.filter(document=document.pk).select_related(
            "user", "group__post"
        )
    }


def test_a_document_goes_from_the_scan_to_the_finished_work(cast, pdf):
    """Kon Tum Điều 13.1–13.3, 13.6, 13.7."""
    clerk, chief, chair = act_as(cast.clerk), act_as(cast.chief), act_as(cast.chair)
    document = play.received(cast.clerk, pdf)
    assert document.state == "received"
    assert waits(document) == {("register", "clerk")}
    document = actions.register(clerk, document, play.entry())
    assert (document.state, document.arrival_number, document.page_amount) == ("registered", 1, 1)
    assert not QuarantinedFile.objects.exists()
    document = actions.submit(clerk, document)
    assert waits(document) == {("distribute", "office_chief")}
    document = actions.propose(chief, document, cast.chair, text="Phòng QLĐT chủ trì.")
    assert waits(document) == {("direct", "chair")}
    document = actions.direct(chair, document, text="Đồng ý. Làm ngay.")
    assert waits(document) == {("distribute", "office_chief")}
    due = clock.today() + timedelta(days=3)
    document = actions.distribute(
        chief,
        document,
        [
            Line(AssignmentRole.LEAD, cast.planning, None, "Kiểm tra hiện trường", due),
            Line(AssignmentRole.COORDINATE, cast.finance, None, "Kinh phí", due),
            Line(AssignmentRole.INFORM, cast.office, cast.adviser),
        ],
    )
    assert (document.state, document.due_date) == ("in_process", due)
    assert document.to_places == "Phòng Quản lý đô thị; Phòng Tài chính - Kế hoạch; Đặng Thị Thu Hà"
    assert waits(document) == {("assign", "unit_head"), ("read", "adviser")}
    assert Waiting.objects.filter(verb="assign").count() == 2
    head = act_as(cast.head)
    document = actions.assign(
        head, document, [Line(AssignmentRole.LEAD, cast.planning, cast.specialist, "Khảo sát", due)]
    )
    assert ("process", "specialist") in waits(document)
    document = actions.progress(act_as(cast.specialist), document, percent=50, text="Đã khảo sát")
    document = actions.finish(act_as(cast.specialist), document, text="Đã lập phương án")
    assert ("conclude", "unit_head") in waits(document)
    document = actions.finish(act_as(cast.head), document, text="Đã báo cáo UBND tỉnh")
    assert (document.state, document.result) == ("finished", "Đã báo cáo UBND tỉnh")
    assert waits(document) == {("read", "adviser")}
    assert verbs(document) == [
        "receive",
        "register",
        "submit",
        "propose",
        "direct",
        "distribute",
        "assign",
        "progress",
        "finish",
        "finish",
    ]


def test_only_those_whom_a_verb_reached_see_it(cast, pdf):
    document = play.assigned(cast, pdf)
    seen = {
        name
        for name in (
            "clerk",
            "chief",
            "chair",
            "archivist",
            "head",
            "specialist",
            "finance_head",
            "colleague",
            "accountant",
            "deputy",
            "adviser",
            "admin",
        )
        if IncomingDocument.objects.visible_to(act_as(getattr(cast, name))).filter(pk=document.pk)
    }
    assert seen == {"clerk", "chief", "chair", "archivist", "head", "specialist", "finance_head"}
    assert UserGrant.objects.count() == 2  # the head who acted, and the specialist
    assert GroupGrant.objects.count() == 2  # heads of both units
    assert not IncomingDocument.objects.visible_to(act_as(cast.stranger)).exists()


def test_two_leads_are_refused(cast, pdf):
    document = play.submitted(cast, pdf)
    lines = [Line(AssignmentRole.LEAD, cast.planning), Line(AssignmentRole.LEAD, cast.finance)]
    with pytest.raises(Refusal, match="một nơi chủ trì"):
        actions.distribute(act_as(cast.chief), document, lines)
    document.refresh_from_db()
    assert document.state == "submitted"


def test_a_coordinator_takes_the_lead_after_a_send_back(cast, pdf):
    """Kon Tum Điều 13.7a: the office finds another to lead, be it one that coordinates."""
    document = play.distributed(cast, pdf)
    document = actions.send_back(act_as(cast.head), document, text="Không thuộc thẩm quyền.")
    actions.distribute(
        act_as(cast.chief), document, [Line(AssignmentRole.LEAD, cast.finance)], text="TCKH chủ trì"
    )
    document = IncomingDocument.objects.get(pk=document.pk)
    leads = [one.unit for one in document.all_assignments if one.is_open and one.role == "lead"]
    assert leads == [cast.finance]
    assert waits(document) == {("assign", "unit_head")}
    assert document.to_places == "Phòng Tài chính - Kế hoạch"


def test_the_day_that_the_paper_names_stays(cast, pdf):
    """Kon Tum Điều 11.6a: a lead without a day of his own gets the document's."""
    day = clock.today() + timedelta(days=20)
    document = play.submitted(cast, pdf, due_date=day)
    lines = [
        Line(AssignmentRole.LEAD, cast.planning),
        Line(AssignmentRole.COORDINATE, cast.finance, None, "", day - timedelta(days=5)),
    ]
    document = actions.distribute(act_as(cast.chief), document, lines)
    assert document.due_date == day
    assert [one.due_date for one in document.all_assignments] == [day, day - timedelta(days=5)]


def test_the_clerk_is_told_of_direction_and_distribution(cast, pdf):
    """Kon Tum Điều 13.3: "thông báo để Văn thư biết", who takes the paper there."""
    document = play.submitted(cast, pdf)
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="QLĐT chủ trì.")
    document = actions.direct(act_as(cast.chair), document, text="Đồng ý.")
    actions.distribute(act_as(cast.chief), document, [Line(AssignmentRole.LEAD, cast.planning)])
    told = cast.clerk.notifications.order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["direct", "distribute"]


def test_nobody_is_informed_twice_or_of_his_own_work(cast, pdf):
    """Kon Tum Điều 13.7c."""
    document = play.submitted(cast, pdf)
    inform = Line(AssignmentRole.INFORM, cast.finance)
    lines = [Line(AssignmentRole.LEAD, cast.planning), inform, inform]
    lines.append(Line(AssignmentRole.INFORM, cast.planning))
    document = actions.distribute(act_as(cast.chief), document, lines)
    assert [(one.role, one.unit) for one in document.all_assignments] == [
        ("lead", cast.planning),
        ("inform", cast.finance),
    ]
    assert document.to_places == "Phòng Quản lý đô thị; Phòng Tài chính - Kế hoạch"


def test_reopened_work_has_no_result_yet(cast, pdf):
    document = actions.reopen(act_as(cast.chief), play.finished(cast, pdf), text="Thiếu số liệu.")
    lead = document.all_assignments[0]
    assert (document.state, document.result, document.finished_at) == ("in_process", "", None)
    assert (lead.state, lead.percent, lead.result) == ("in_process", 0, "")


def test_the_leaders_are_asked_anew_after_a_send_back(cast, pdf):
    """Kon Tum Điều 13.2, 13.7a."""
    document = play.distributed(cast, pdf)
    with pytest.raises(Refusal):
        actions.propose(act_as(cast.chief), document, cast.chair, text="Xin ý kiến.")
    document = actions.send_back(act_as(cast.head), document, text="Không thuộc thẩm quyền.")
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Giao TCKH?")
    assert (document.state, waits(document)) == ("proposed", {("direct", "chair")})
    document = actions.direct(act_as(cast.chair), document, text="Giao TCKH.")
    lines = [Line(AssignmentRole.LEAD, cast.finance)]
    document = actions.distribute(act_as(cast.chief), document, lines)
    assert document.state == "in_process"


def test_only_what_needs_no_work_is_ended_by_the_article(cast, pdf):
    """Kon Tum Điều 13.7c speaks of documents that are only to be known."""
    idle = actions.finish(act_as(cast.chief), play.submitted(cast, pdf), text="Lưu, để biết.")
    worked = play.finished(cast, pdf, code_number="2")
    ends = DocumentAct.objects.filter(verb="finish")
    assert "điểm c khoản 7 Điều 13" in ends.get(target=idle.pk).article
    assert {act.article for act in ends.filter(target=worked.pk)} == {""}
