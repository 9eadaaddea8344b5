"""Each verb: the row, its one act, what waits for whom, who is told."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Max

from accounts.actions import head_post
from accounts.choices import Role
from accounts.models import Appointment, Post, User
from core.errors import NotYours, Refusal
from documents.choices import AssignmentRole
from documents.models import Attachment, Document, DocumentAct, QuarantinedFile, Waiting
from incoming import actions, twins, verifying
from incoming.actions import Line
from incoming.choices import Channel, RefusalReason
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "monday")]

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))  # a Monday
TODAY = NOW.date()
DUE = date(2026, 3, 10)
SOON = date(2026, 3, 6)  # within what the unit has
LEAD, MORE, INFORM = AssignmentRole.LEAD, AssignmentRole.COORDINATE, AssignmentRole.INFORM


@pytest.fixture
def monday(at):
    at(NOW)


@pytest.fixture
def told():
    """`told()`: who got a line since it was asked last, as (kind, name)."""
    seen = 0

    def ask() -> list[tuple[str, str]]:
        nonlocal seen
        rows = Notification.objects.filter(pk__gt=seen).order_by("kind", "user__username")
        found = list(rows.values_list("kind", "user__username"))
        seen = Notification.objects.aggregate(last=Max("pk"))["last"] or 0
        return found

    return ask


def article(place: str) -> str:
    return f"{place} Quy chế ban hành kèm theo Quyết định 04/2017/QĐ-UBND"


def who(group: int) -> str:
    post = Post.objects.select_related("unit").get(group=group)
    return f"{post.role} {post.unit.short_name}"


def waits(document) -> set[tuple[str, str, date | None]]:
    return {
        (row.verb, row.user.username if row.user else who(row.group_id), row.due_date)
        for row in Waiting.objects.filter(document=document.pk).select_related("user")
    }


def act(document) -> dict[str, object]:
    """The last act, people and posts by name, with its words."""
    last = DocumentAct.objects.filter(target=document.pk).last()
    users = User.objects.filter(pk__in=last.addressed["users"])
    return {
        "verb": last.verb,
        "by": last.actor.username,
        "title": last.title,
        "states": (last.from_state, last.to_state),
        "people": sorted(users.values_list("username", flat=True)),
        "posts": sorted(who(pk) for pk in last.addressed["groups"]),
        "article": last.article,
        "words": last.words.text if hasattr(last, "words") else None,
        "at": last.at,
    }


def expected(verb: str, by: str, title: str, states: tuple[str, str], **more) -> dict[str, object]:
    plain = {"people": [], "posts": [], "article": "", "words": None, "at": NOW}
    return {"verb": verb, "by": by, "title": title, "states": states, **plain, **more}


CLERK = "Văn thư, Văn phòng HĐND-UBND"
CHIEF = "Chánh Văn phòng, Văn phòng HĐND-UBND"
HEAD = "Trưởng phòng, Phòng Quản lý đô thị"
OFFICER = "Chuyên viên, Phòng Quản lý đô thị"


def test_receive(cast, pdf, told):
    """Kon Tum Điều 13.1; NĐ 30/2020 Điều 4.2c: registered on the working day after."""
    token = uuid4()
    document = actions.receive(
        act_as(cast.clerk),
        [play.upload(pdf, "cong-van.pdf"), play.upload(build(pages=2), "phu-luc.pdf")],
        channel=Channel.EMAIL,
        entry_token=token,
    )
    assert (document.state, document.day, document.number, document.register_id) == (
        "received",
        TODAY,
        0,
        None,
    )
    assert (document.channel, document.entry_token) == ("email", token)
    files = QuarantinedFile.objects.filter(document=document)
    assert list(files.values_list("ordinal", "part", "file_name")) == [
        (1, "main", "cong-van.pdf"),
        (2, "annex", "phu-luc.pdf"),
    ]
    assert act(document) == expected("receive", "clerk", CLERK, ("", "received"))
    assert DocumentAct.objects.get().detail == {"files": 2, "channel": "email"}
    assert waits(document) == {("register", "clerk VP", date(2026, 3, 3))}
    assert told() == []
    with pytest.raises(Refusal, match="Chưa có tệp") as refused:
        actions.receive(act_as(cast.clerk), [])
    assert refused.value.field == "files"


def test_refuse(cast, pdf, told):
    """Kon Tum Điều 4: the reason stays, the files do not."""
    document = play.received(cast.clerk, pdf)
    document = actions.refuse(
        act_as(cast.clerk), document, reason=RefusalReason.INCOMPLETE, text="Thiếu phụ lục 2"
    )
    assert (document.state, document.refusal_reason) == ("refused", "incomplete")
    assert act(document) == expected(
        "refuse", "clerk", CLERK, ("received", "refused"), words="Thiếu phụ lục 2"
    )
    assert waits(document) == set()
    assert told() == []
    assert not QuarantinedFile.objects.exists()


def test_register(cast, pdf, told):
    """Kon Tum Điều 13.6; NĐ 30/2020 Điều 22.2; TT 01/2019 Phụ lục IV."""
    entry = play.entry(
        subject="  Khắc phục\u00a0sạt lở \u200bbờ kè ",
        organ_name="UBND ti\u0309nh Kon Tum",
        priority=2,
        description="Bản sao",
        due_date=DUE,
    )
    document = actions.register(act_as(cast.clerk), play.received(cast.clerk, pdf), entry)
    document = IncomingDocument.objects.get(pk=document.pk)
    assert (document.state, document.number, document.day, document.page_amount) == (
        "registered",
        1,
        TODAY,
        1,
    )
    assert (document.register.year, document.register.last_number) == (2026, 1)
    typed = {name: value for name, value in asdict(entry).items() if name != "arrival_date"}
    typed |= {"subject": "Khắc phục sạt lở bờ kè", "organ_name": "UBND tỉnh Kon Tum"}
    assert {name: getattr(document, name) for name in typed} == typed
    assert document.search_text.startswith("1 4127 ubnd htkt ubnd tinh kon tum khac phuc sat lo")
    file = Attachment.objects.get(document=document)
    assert (file.file_name, file.part, file.ordinal) == ("quet-001.pdf", "main", 1)
    assert act(document) == expected(
        "register", "clerk", CLERK, ("received", "registered"), article=article("khoản 6 Điều 13")
    )
    assert DocumentAct.objects.last().detail == {
        "number": 1,
        "register": document.register_id,
        "files": [file.file_id],
    }
    # Urgent: to be submitted the same day.
    assert waits(document) == {("submit", "clerk VP", TODAY)}
    assert told() == []


def test_what_cannot_be_registered(cast, pdf):
    """NĐ 30/2020 Điều 22: the dates are possible, and every file can be read."""
    document, clerk = play.received(cast.clerk, pdf), act_as(cast.clerk)
    for field, entry in {
        "arrival_date": play.entry(arrival_date=TODAY + timedelta(days=1)),
        "issued_date": play.entry(issued_date=TODAY + timedelta(days=1)),
    }.items():
        with pytest.raises(Refusal) as refused:
            actions.register(clerk, document, entry)
        assert refused.value.field == field
    file = document.quarantined.get()
    file.inspection = file.inspection | {"readable": False}
    file.save()
    with pytest.raises(Refusal, match=r"quet-001\.pdf chưa đọc được"):
        actions.register(clerk, document, play.entry())
    file.inspection = None
    file.save()
    with pytest.raises(Refusal, match="đang được kiểm tra"):
        actions.register(clerk, document, play.entry())
    file.delete()
    with pytest.raises(Refusal, match="Chưa có tệp"):
        actions.register(clerk, document, play.entry())
    assert IncomingDocument.objects.get().state == "received"


def test_correct(cast, pdf, told):
    """TT 01/2019 Phụ lục IV: before and after stay, the number never changes."""
    document = play.registered(cast.clerk, pdf)
    document = actions.correct(
        act_as(cast.clerk),
        document,
        play.entry(code_number="4128", arrival_date=TODAY - timedelta(days=1)),
        reason="Gõ nhầm số",
    )
    document = IncomingDocument.objects.get(pk=document.pk)
    assert (document.number, document.code_number, document.day) == (
        1,
        "4128",
        TODAY - timedelta(days=1),
    )
    assert "4128" in document.search_text
    assert "4127" not in document.search_text
    assert act(document) == expected(
        "correct", "clerk", CLERK, ("registered", "registered"), words="Gõ nhầm số"
    )
    assert DocumentAct.objects.last().detail == {"fields": ["code_number", "day"]}
    after, before = Document.history.filter(id=document.pk).order_by("-history_id")
    assert {one.field: (one.old, one.new) for one in after.diff_against(before).changes} == {
        "code_number": ("4127", "4128"),
        "day": (TODAY, TODAY - timedelta(days=1)),
    }
    assert after.history_change_reason == "Gõ nhầm số"
    assert told() == []
    with pytest.raises(Refusal, match="lý do sửa"):
        actions.correct(act_as(cast.clerk), document, play.entry(), reason="")


def test_submit(cast, pdf, told):
    """Kon Tum Điều 13.1."""
    document = actions.submit(
        act_as(cast.clerk), play.registered(cast.clerk, pdf, due_date=DUE), text="Hạn gấp"
    )
    assert document.state == "submitted"
    assert act(document) == expected(
        "submit",
        "clerk",
        CLERK,
        ("registered", "submitted"),
        posts=["office_chief VP"],
        words="Hạn gấp",
        article=article("khoản 1 Điều 13"),
    )
    assert waits(document) == {("distribute", "office_chief VP", DUE)}
    assert told() == [("submit", "chief")]


def test_submit_in_a_ward_goes_to_its_leader(cast, pdf, told):
    """Kon Tum Điều 16.1a."""
    document = actions.submit(act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf))
    assert waits(document) == {("distribute", "leader UB", None)}
    assert told() == [("submit", "ward_chair")]
    assert act(document)["article"] == article("điểm a khoản 1 Điều 16")


def test_submit_without_anybody_who_receives(cast, pdf):
    """Kon Tum Điều 13.1: nobody is chief today; the document stays where it is."""
    document = play.registered(cast.clerk, pdf)
    cast.chief.appointments.update(end_date=TODAY - timedelta(days=1))
    with pytest.raises(Refusal, match="chưa có ai giữ vai trò Chánh Văn phòng"):
        actions.submit(act_as(cast.clerk), document)
    assert IncomingDocument.objects.get(pk=document.pk).state == "registered"


def test_propose_and_direct(cast, pdf, told):
    """Kon Tum Điều 13.2, 13.3."""
    document = play.submitted(cast, pdf)
    told()
    document = actions.propose(act_as(cast.chief), document, cast.vice, text="QLĐT chủ trì")
    assert (document.state, document.proposed_to, document.directed_at) == (
        "proposed",
        cast.vice,
        None,
    )
    assert act(document) == expected(
        "propose",
        "chief",
        CHIEF,
        ("submitted", "proposed"),
        people=["vice"],
        words="QLĐT chủ trì",
        article=article("khoản 2 Điều 13"),
    )
    assert waits(document) == {("direct", "vice", None)}
    assert told() == [("propose", "vice")]
    document = actions.direct(act_as(cast.vice), document, text="Đồng ý")
    assert document.state == "submitted"
    assert document.directed_at == NOW
    assert act(document) == expected(
        "direct",
        "vice",
        "Phó Chủ tịch, Lãnh đạo UBND",
        ("proposed", "submitted"),
        posts=["clerk VP", "office_chief VP"],
        words="Đồng ý",
        article=article("khoản 3 Điều 13"),
    )
    assert waits(document) == {("distribute", "office_chief VP", None)}
    assert told() == [("direct", "chief"), ("direct", "clerk")]


def test_propose_asks_leaders_only(cast, pdf):
    """Kon Tum Điều 13.2."""
    document = play.submitted(cast, pdf)
    for person in (cast.head, cast.ward_chair):
        with pytest.raises(Refusal, match="phải là lãnh đạo cơ quan"):
            actions.propose(act_as(cast.chief), document, person, text="Đề xuất")


def test_distribute(cast, pdf, told):
    """Kon Tum Điều 13.2, 13.3; NĐ 30/2020 Điều 23.2."""
    document = play.submitted(cast, pdf)
    told()
    later = DUE + timedelta(days=3)
    lines = [
        Line(MORE, cast.finance, None, "Kinh phí", later),
        Line(LEAD, cast.planning, None, "Kiểm tra", DUE),
        Line(INFORM, cast.office, cast.adviser),
    ]
    document = actions.distribute(act_as(cast.chief), document, lines, text="Làm ngay")
    assert (document.state, document.due_date) == ("in_process", DUE)
    assert document.to_places == "Phòng Quản lý đô thị; Phòng Tài chính - Kế hoạch; Đặng Thị Thu Hà"
    rows = document.assignments.order_by("pk")
    assert [
        (one.role, one.unit, one.person, one.directive, one.due_date, one.state, one.given_by.user)
        for one in rows
    ] == [
        ("coordinate", cast.finance, None, "Kinh phí", later, "waiting", cast.chief),
        ("lead", cast.planning, None, "Kiểm tra", DUE, "waiting", cast.chief),
        ("inform", cast.office, cast.adviser, "", None, "waiting", cast.chief),
    ]
    assert act(document) == expected(
        "distribute",
        "chief",
        CHIEF,
        ("submitted", "in_process"),
        people=["adviser"],
        posts=["clerk VP", "unit_head QLĐT", "unit_head TCKH"],
        words="Làm ngay",
        article=article("khoản 2 Điều 13"),
    )
    assert DocumentAct.objects.last().detail == {
        "assignments": [one.pk for one in rows],
        "due_before": None,  # so that taking it back restores it
    }
    assert waits(document) == {
        ("assign", "unit_head QLĐT", DUE),
        ("assign", "unit_head TCKH", later),
        ("read", "adviser", None),
    }
    assert told() == [
        ("distribute", "adviser"),
        ("distribute", "clerk"),
        ("distribute", "finance_head"),
        ("distribute", "head"),
    ]


def test_distribute_adds_later(cast, pdf, told):
    """Kon Tum Điều 13.2: one more who coordinates; the lead and its deadline stay."""
    document = play.distributed(cast, pdf)
    told()
    due = document.due_date
    document = actions.distribute(
        act_as(cast.chief), document, [Line(MORE, cast.office, cast.adviser, "", DUE)]
    )
    assert (document.state, document.due_date) == ("in_process", due)
    assert told() == [("distribute", "adviser"), ("distribute", "clerk")]
    assert ("process", "adviser", DUE) in waits(document)
    with pytest.raises(Refusal, match="đã được giao"):
        actions.distribute(act_as(cast.chief), document, [Line(MORE, cast.finance)])


def test_assign(cast, pdf, told):
    """Kon Tum Điều 20.2, 21.2."""
    document = play.distributed(cast, pdf)
    told()
    top = document.assignments.get(role="lead")
    document = actions.assign(
        act_as(cast.head),
        document,
        [
            Line(LEAD, cast.planning, cast.specialist, "Khảo sát", SOON),
            Line(MORE, cast.planning, cast.colleague, "Giúp", None),
        ],
        text="Báo cáo trước thứ Sáu",
    )
    top.refresh_from_db()
    assert top.state == "in_process"
    below = document.assignments.filter(parent=top).order_by("pk")
    assert [(one.role, one.person, one.due_date, one.state) for one in below] == [
        ("lead", cast.specialist, SOON, "waiting"),
        ("coordinate", cast.colleague, top.due_date, "waiting"),  # none of his own
    ]
    assert act(document) == expected(
        "assign",
        "head",
        HEAD,
        ("in_process", "in_process"),
        people=["colleague", "specialist"],
        article=article("khoản 2 Điều 20"),
        words="Báo cáo trước thứ Sáu",
    )
    finance = document.assignments.get(role="coordinate", parent=None)
    assert waits(document) == {
        ("process", "specialist", SOON),
        ("process", "colleague", top.due_date),
        ("assign", "unit_head TCKH", finance.due_date),
    }
    assert told() == [("assign", "colleague"), ("assign", "specialist")]


def test_progress(cast, pdf, told):
    """Kon Tum Điều 21.1."""
    document = play.assigned(cast, pdf)
    told()
    before = waits(document)
    document = actions.progress(act_as(cast.specialist), document, percent=40, text="Đã khảo sát")
    mine = document.assignments.get(person=cast.specialist)
    assert (mine.percent, mine.state, mine.closed_at) == (40, "in_process", None)
    assert act(document) == expected(
        "progress",
        "specialist",
        OFFICER,
        ("in_process", "in_process"),
        posts=["unit_head QLĐT"],
        words="Đã khảo sát",
    )
    assert waits(document) == before
    assert told() == [("progress", "head")]
    for percent in (-1, 101):
        with pytest.raises(Refusal) as refused:
            actions.progress(act_as(cast.specialist), document, percent=percent, text="?")
        assert refused.value.field == "percent"


def test_comment(cast, pdf, told):
    """Kon Tum Điều 13.7b."""
    document = play.assigned(cast, pdf)
    told()
    before = waits(document)
    document = actions.comment(act_as(cast.finance_head), document, text="Nguồn dự phòng")
    assert act(document) == expected(
        "comment",
        "finance_head",
        "Trưởng phòng, Phòng Tài chính - Kế hoạch",
        ("in_process", "in_process"),
        people=["specialist"],
        posts=["unit_head QLĐT"],
        words="Nguồn dự phòng",
    )
    assert waits(document) == before
    assert told() == [("comment", "head"), ("comment", "specialist")]


def test_send_back_by_the_chief_and_by_the_leader(cast, pdf, told):
    """Kon Tum Điều 13.7a."""
    document = play.submitted(cast, pdf)
    told()
    document = actions.send_back(act_as(cast.chief), document, text="Sai trích yếu")
    assert document.state == "registered"
    assert act(document) == expected(
        "send_back",
        "chief",
        CHIEF,
        ("submitted", "registered"),
        posts=["clerk VP"],
        words="Sai trích yếu",
    )
    assert waits(document) == {("submit", "clerk VP", date(2026, 3, 3))}
    assert told() == [("send_back", "clerk")]
    document = actions.submit(act_as(cast.clerk), document)
    document = actions.propose(act_as(cast.chief), document, cast.chair, text="Trình")
    told()
    document = actions.send_back(act_as(cast.chair), document, text="Hỏi Phó Chủ tịch")
    assert document.state == "submitted"
    assert waits(document) == {("distribute", "office_chief VP", None)}
    assert told() == [("send_back", "chief")]


def test_send_back_by_a_unit_takes_back_what_hangs_below(cast, pdf, told):
    """Kon Tum Điều 13.7a: to the chief, with the reason; he finds another lead."""
    document = play.assigned(cast, pdf)
    told()
    document = actions.send_back(act_as(cast.head), document, text="Không thuộc lĩnh vực")
    assert document.state == "in_process"
    assert {
        (one.unit.short_name, one.person and one.person.username, one.state)
        for one in document.assignments.all()
    } == {
        ("QLĐT", None, "sent_back"),
        ("QLĐT", "specialist", "sent_back"),
        ("TCKH", None, "waiting"),
    }
    assert act(document) == expected(
        "send_back",
        "head",
        HEAD,
        ("in_process", "in_process"),
        people=["chief"],
        posts=["office_chief VP"],
        words="Không thuộc lĩnh vực",
        article=article("điểm a khoản 7 Điều 13"),
    )
    assert document.to_places == "Phòng Tài chính - Kế hoạch"
    finance = document.assignments.get(unit=cast.finance)
    assert waits(document) == {
        ("distribute", "office_chief VP", document.due_date),
        ("assign", "unit_head TCKH", finance.due_date),
    }
    assert told() == [("send_back", "chief")]
    document = actions.distribute(
        act_as(cast.chief), document, [Line(LEAD, cast.office, cast.adviser, "", DUE)]
    )
    assert ("process", "adviser", DUE) in waits(document)
    assert not [one for one in waits(document) if one[0] == "distribute"]


def test_send_back_by_a_person_returns_it_to_his_head(cast, pdf, told):
    """Kon Tum Điều 13.7a."""
    document = play.assigned(cast, pdf)
    told()
    document = actions.send_back(act_as(cast.specialist), document, text="Đang nghỉ phép")
    assert act(document) == expected(
        "send_back",
        "specialist",
        OFFICER,
        ("in_process", "in_process"),
        posts=["unit_head QLĐT"],
        words="Đang nghỉ phép",
    )
    assert ("assign", "unit_head QLĐT", document.due_date) in waits(document)
    assert told() == [("send_back", "head")]


def test_finish(cast, pdf, told):
    """The lead ends the document; who still coordinates is told."""
    document = play.assigned(cast, pdf)
    told()
    document = actions.finish(act_as(cast.specialist), document, text="Đã khảo sát")
    mine = document.assignments.get(person=cast.specialist)
    assert (mine.state, mine.percent, mine.result) == ("done", 100, "Đã khảo sát")
    assert mine.closed_at is not None
    assert (document.state, document.result) == ("in_process", "")
    assert ("conclude", "unit_head QLĐT", document.due_date) in waits(document)
    assert told() == [("finish", "head")]
    document = actions.finish(act_as(cast.head), document, text="Đã khắc phục")
    assert (document.state, document.result) == ("finished", "Đã khắc phục")
    assert document.finished_at == NOW
    assert act(document) == expected(
        "finish",
        "head",
        HEAD,
        ("in_process", "finished"),
        people=["chief"],
        posts=["unit_head TCKH"],
        words="Đã khắc phục",
    )
    assert waits(document) == set()
    assert told() == [("finish", "chief"), ("finish", "finance_head")]


def test_finish_by_the_office_what_needs_no_work(cast, pdf, told):
    """Kon Tum Điều 13.7c."""
    document = play.submitted(cast, pdf)
    told()
    document = actions.finish(act_as(cast.chief), document, text="Để biết")
    assert (document.state, document.result) == ("finished", "Để biết")
    assert waits(document) == set()
    assert told() == []
    document = actions.reopen(act_as(cast.chair), document, text="Phải trả lời")
    assert (document.state, document.finished_at) == ("submitted", None)
    assert waits(document) == {("distribute", "office_chief VP", None)}
    assert told() == [("reopen", "chief")]


def test_finish_by_the_office_what_its_lead_returned_as_needing_nothing(cast, pdf, told):
    """Kon Tum Điều 13.7c: no other lead has to be found first; who coordinates is told."""
    document = play.distributed(cast, pdf)
    document = actions.send_back(act_as(cast.head), document, text="Chỉ để biết, không phải làm.")
    told()
    document = actions.finish(act_as(cast.chief), document, text="Để biết")
    assert (document.state, document.result) == ("finished", "Để biết")
    assert document.finished_at is not None
    assert waits(document) == set()
    assert ("finish", "finance_head") in told()
    last = DocumentAct.objects.filter(target=document.pk).order_by("ordinal").last()
    assert "khoản 7 Điều 13" in last.article
    document = actions.reopen(act_as(cast.chair), document, text="Phải trả lời")
    assert document.state == "submitted"
    document = actions.distribute(act_as(cast.chief), document, [Line(LEAD, cast.planning)])
    assert document.state == "in_process"


def test_finish_by_the_office_is_refused_as_long_as_somebody_leads(cast, pdf):
    document = play.distributed(cast, pdf)
    with pytest.raises(NotYours, match="Chỉ người đang giữ việc"):
        actions.finish(act_as(cast.chief), document, text="Để biết")


def test_finish_by_the_office_ends_its_own_part_with_it(cast, pdf):
    """Kon Tum Điều 13.7c: once; but while somebody leads that part below, it is refused."""
    lines = [Line(LEAD, cast.planning), Line(AssignmentRole.COORDINATE, cast.office)]
    document = actions.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    line = Line(LEAD, cast.office, cast.adviser)
    document = actions.assign(act_as(cast.chief), document, [line])
    document = actions.send_back(act_as(cast.head), document, text="Không phải làm.")
    with pytest.raises(Refusal, match="Đặng Thị Thu Hà đang chủ trì"):
        actions.finish(act_as(cast.chief), document, text="Để biết")
    assert document.assignments.get(unit=cast.office, person=None).state == "in_process"
    actions.finish(act_as(cast.adviser), document, text="Đã xem.")
    document = actions.finish(act_as(cast.chief), document, text="Để biết")
    assert (document.state, document.result) == ("finished", "Để biết")
    assert document.assignments.get(unit=cast.office, person=None).state == "done"
    assert waits(document) == set()
    assert list(verifying.findings()) == []


def test_finish_by_who_coordinates_leaves_the_rest(cast, pdf, told):
    document = play.assigned(cast, pdf)
    told()
    document = actions.finish(act_as(cast.finance_head), document, text="Có nguồn")
    assert document.state == "in_process"
    lead = document.assignments.get(role="lead", parent=None)
    assert waits(document) == {("process", "specialist", lead.due_date)}
    assert told() == [("finish", "chief")]


def test_reopen(cast, pdf, told):
    """Whoever led it leads it again."""
    document = play.finished(cast, pdf)
    told()
    document = actions.reopen(act_as(cast.vice), document, text="Kè lại sạt")
    lead = document.assignments.get(role="lead", parent=None)
    assert (document.state, document.finished_at) == ("in_process", None)
    assert (lead.state, lead.closed_at) == ("in_process", None)
    assert act(document) == expected(
        "reopen",
        "vice",
        "Phó Chủ tịch, Lãnh đạo UBND",
        ("finished", "in_process"),
        posts=["unit_head QLĐT"],
        words="Kè lại sạt",
    )
    assert ("conclude", "unit_head QLĐT", document.due_date) in waits(document)
    assert told() == [("reopen", "head")]


def test_share_and_read(cast, pdf, told):
    """Kon Tum Điều 13.7c ("Thông báo")."""
    document = play.finished(cast, pdf)
    told()
    lines = [Line(INFORM, cast.office, cast.adviser), Line(INFORM, cast.finance)]
    document = actions.share(act_as(cast.head), document, lines, text="Để biết")
    assert document.state == "finished"
    assert act(document) == expected(
        "share",
        "head",
        HEAD,
        ("finished", "finished"),
        people=["adviser"],
        posts=["unit_head TCKH"],
        words="Để biết",
        article=article("điểm c khoản 7 Điều 13"),
    )
    assert waits(document) == {("read", "adviser", None), ("read", "unit_head TCKH", None)}
    assert told() == [("share", "adviser"), ("share", "finance_head")]
    with pytest.raises(Refusal, match="đều đã được thông báo"):
        actions.share(act_as(cast.head), document, lines)
    assert actions.read(act_as(cast.adviser), document) is True
    assert act(document)["verb"] == "read"
    assert waits(document) == {("read", "unit_head TCKH", None)}
    assert actions.read(act_as(cast.adviser), document) is False
    assert told() == []


def test_nobody_is_told_of_his_own_verb(cast, pdf, told):
    """Kon Tum Điều 11.6: a chief who gives himself the lead finds it on his desk, untold."""
    document = play.submitted(cast, pdf)
    told()
    document = actions.distribute(act_as(cast.chief), document, [Line(LEAD, cast.office)])
    assert waits(document) == {("assign", "office_chief VP", None)}
    assert told() == [("distribute", "clerk")]


def test_the_same_content_and_the_same_code_are_found_again(cast, pdf):
    """NĐ 30/2020 Phụ lục VI phần I: warned, never refused; other agencies are not searched."""
    clerk = act_as(cast.clerk)
    first = play.registered(cast.clerk, pdf)
    play.registered(cast.ward_clerk, pdf)
    other = build(pages=2)
    again = play.received(cast.clerk, pdf)
    entry = play.entry(code_number="1")
    found = [(one.document, one.level) for one in twins.find(clerk, again, entry)]
    assert found == [(first, "file")]
    different = play.received(cast.clerk, other)
    assert twins.find(clerk, different, play.entry(code_number="1", subject="Khác hẳn")) == []
    found = [(one.document, one.level) for one in twins.find(clerk, different, play.entry())]
    assert found == [(first, "same")]
    assert actions.register(clerk, again, play.entry()).number == 2


def test_two_hold_the_post_of_a_head(cast, pdf, told):
    """Kon Tum Điều 20.2: the post is told and asked, whoever holds it today."""
    Appointment.objects.create(
        user=cast.deputy,
        unit=cast.planning,
        role=Role.UNIT_HEAD,
        title="Q. Trưởng phòng",
        start_date=TODAY,
    )
    told()
    document = play.distributed(cast, pdf)
    assert [name for kind, name in told() if kind == "distribute"] == [
        "clerk",
        "deputy",
        "finance_head",
        "head",
    ]
    row = Waiting.objects.get(document=document, group=head_post(cast.planning).group)
    assert row.verb == "assign"
