"""The distribution grid: many documents, one form, a verdict for every row."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import delegate, head_post
from accounts.choices import Role
from accounts.models import Unit
from core import clock
from documents import verifying as documents_verifying
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.models import DocumentAct, GroupGrant, UserGrant, Waiting
from dossiers import actions as dossiers
from dossiers.actions import Fields
from incoming import actions, verifying
from incoming.actions import Line, Row
from incoming.models import CannedDirective, IncomingDocument, Preset
from incoming.suggesting import suggestions
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

PATH = "/kontum/incoming/distribute/"


@pytest.fixture
def chief(client, cast):
    client.force_login(cast.chief)
    return client


def waiting(cast, pdf, count: int, **changes: Any) -> list[IncomingDocument]:
    """So many documents before the chief."""
    return [
        play.submitted(cast, pdf, **({"code_number": f"{number + 1}"} | changes))
        for number in range(count)
    ]


def seen(document: IncomingDocument) -> int:
    return DocumentAct.objects.filter(target=document.pk).count()


def typed(rows: dict[IncomingDocument, dict[str, str]], **more: Any) -> dict[str, Any]:
    """The form as a browser sends it: every row, those with values ticked."""
    data: dict[str, Any] = {"doc": [], "tick": [], "do": "send"}
    for document, values in rows.items():
        data["doc"].append(document.pk)
        data[f"d{document.pk}-seen"] = seen(document)
        if values and not values.get("untouched"):
            data["tick"].append(document.pk)
        for name in ("lead", "helpers", "informed", "due_date", "directive"):
            data[f"d{document.pk}-{name}"] = values.get(name, "")
    return data | more


def unit(one: Unit) -> str:
    return f"u{one.pk}"


def states(*documents: IncomingDocument) -> list[str]:
    found = IncomingDocument.objects.in_bulk([one.pk for one in documents])
    return [found[one.pk].state for one in documents]


# --- Giving out.


def test_what_waits_for_the_chief_stands_there_urgent_first(chief, cast, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    plain, urgent = waiting(cast, pdf, 1)[0], play.submitted(cast, pdf, priority=1)
    play.registered(cast.clerk, pdf, code_number="99")  # not submitted: not here
    page = chief.get(PATH)
    assert page.status_code == 200
    assert [row.document.pk for row in page.context["sheet"].rows] == [urgent.pk, plain.pk]
    assert "2 văn bản chờ phân phối" in page.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("chief", 200), ("clerk", 404), ("chair", 404), ("head", 404), ("stranger", 404)],
)
def test_only_who_distributes_has_the_grid(client, cast, who, status):
    """Kon Tum Điều 13.2."""
    client.force_login(getattr(cast, who))
    assert client.get(PATH).status_code == status


def test_a_wards_leader_has_it_himself(client, cast, pdf):
    """Kon Tum Điều 16.1b."""
    document = actions.submit(act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf))
    client.force_login(cast.ward_chair)
    path = reverse("incoming:grid", args=[cast.ward.slug])
    assert [row.document.pk for row in client.get(path).context["sheet"].rows] == [document.pk]
    lead = f"p{cast.ward_officer.pk}.{cast.ward_unit.pk}"
    client.post(path, typed({document: {"lead": lead}}))
    assert states(document) == ["in_process"]
    assert "Trình lãnh đạo" not in client.get(path).content.decode()


def test_one_form_sends_many_each_to_its_own(chief, cast, pdf):
    """Kon Tum Điều 13.2; NĐ 30/2020 Điều 23.2: lead, coordinators, informed, day and words."""
    first, second, third = waiting(cast, pdf, 3)
    day = clock.today() + timedelta(days=6)
    answer = chief.post(
        PATH,
        typed(
            {
                first: {
                    "lead": unit(cast.planning),
                    "helpers": "TCKH, " + cast.office.name,
                    "due_date": f"{day:%d/%m/%Y}",
                    "directive": "Kiểm tra, báo cáo.",
                },
                second: {
                    "lead": f"p{cast.adviser.pk}.{cast.office.pk}",
                    "informed": "QLĐT; tckh",
                    "due_date": "5",
                },
                third: {},
            }
        ),
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"{PATH}?sent={first.pk}.{second.pk}"
    assert states(first, second, third) == ["in_process", "in_process", "submitted"]
    rows = first.assignments.order_by("pk")
    assert [(one.role, one.unit, one.directive, one.due_date) for one in rows] == [
        ("lead", cast.planning, "Kiểm tra, báo cáo.", day),
        ("coordinate", cast.finance, "Kiểm tra, báo cáo.", day),
        ("coordinate", cast.office, "Kiểm tra, báo cáo.", day),
    ]
    lead, *informed = second.assignments.order_by("pk")
    assert (lead.person, lead.role) == (cast.adviser, "lead")
    assert lead.due_date == office_calendar().add_working_days(clock.today(), 5)
    assert [(one.role, one.unit) for one in informed] == [
        ("inform", cast.planning),
        ("inform", cast.finance),
    ]
    page = chief.get(answer["Location"]).content.decode()
    assert "Đã chuyển 2 văn bản." in page
    assert "Thu hồi 2 văn bản vừa chuyển" in page
    assert "1 văn bản chờ phân phối" in page


def test_the_good_rows_go_through_and_the_bad_keep_what_was_typed(chief, cast, pdf):
    """Kon Tum Điều 13.2: a verdict for every row."""
    good, no_lead, unknown, past = waiting(cast, pdf, 4)
    yesterday = clock.today() - timedelta(days=1)
    answer = chief.post(
        PATH,
        typed(
            {
                good: {"lead": unit(cast.planning)},
                no_lead: {"informed": "QLĐT", "directive": "Xem giúp tôi."},
                unknown: {"lead": unit(cast.finance), "helpers": "Phòng Mơ"},
                past: {"lead": unit(cast.finance), "due_date": f"{yesterday:%d/%m/%Y}"},
            }
        ),
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert states(good, no_lead, unknown, past) == ["in_process", *["submitted"] * 3]
    assert "Đã chuyển 1 văn bản, 3 chưa chuyển được." in page
    rows = {row.document.pk: row for row in answer.context["sheet"].rows}
    assert set(rows) == {no_lead.pk, unknown.pk, past.pk}
    assert "Chọn đơn vị hoặc người chủ trì." in rows[no_lead.pk].refusal.message
    assert "khoản 2 Điều 23 Nghị định 30/2020/NĐ-CP" in page
    assert rows[no_lead.pk].values["directive"] == "Xem giúp tôi."
    assert rows[unknown.pk].values["helpers"] == "Phòng Mơ"
    assert "Không có đơn vị hoặc người “Phòng Mơ”" in page
    assert "đã qua" in rows[past.pk].refusal.message
    assert all(row.ticked for row in rows.values())


def test_the_same_form_sent_twice_distributes_once(chief, cast, pdf):
    """Kon Tum Điều 13.2."""
    documents = waiting(cast, pdf, 3)
    form = typed({one: {"lead": unit(cast.planning)} for one in documents})
    assert chief.post(PATH, form).status_code == 302
    again = chief.post(PATH, form)
    assert DocumentAct.objects.filter(verb="distribute").count() == 3
    assert [one.assignments.count() for one in documents] == [1, 1, 1]
    assert again.status_code == 409
    page = again.content.decode()
    assert "Đã chuyển 0 văn bản, 3 chưa chuyển được." in page
    assert page.count("Bước gần nhất: Phạm Minh Tuấn, phân phối lúc") == 3
    assert page.count("Không còn chờ phân phối") == 3


def test_a_row_that_somebody_changed_meanwhile_says_who(chief, cast, pdf):
    """Kon Tum Điều 13.7b: a comment since is read before the document goes out."""
    document = waiting(cast, pdf, 1)[0]
    form = typed({document: {"lead": unit(cast.planning), "directive": "Giữ"}})
    actions.comment(act_as(cast.chair), document, text="Chờ tôi.")
    answer = chief.post(PATH, form)
    assert answer.status_code == 409
    [row] = answer.context["sheet"].rows
    assert "Bước gần nhất: Nguyễn Đức Thành, cho ý kiến lúc" in row.refusal.message
    assert (row.values["directive"], row.version) == ("Giữ", seen(document))
    # Having read it, he sends the same row again.
    form = typed({document: {"lead": unit(cast.planning), "directive": "Giữ"}})
    assert chief.post(PATH, form).status_code == 302


def test_a_row_that_another_gave_out_stays_for_its_verdict(chief, cast, pdf):
    """Kon Tum Điều 13.2: two chiefs; the second is told who did it."""
    document, other = waiting(cast, pdf, 2)
    second = make_person(cast.office, Role.OFFICE_CHIEF, "chief2", "Y Ngọc", "Phó Chánh VP")
    line = Line(AssignmentRole.LEAD, cast.finance)
    actions.distribute_many(act_as(second), [Row(document.pk, None, [line])])
    rows = [Row(one.pk, 3, [Line(AssignmentRole.LEAD, cast.planning)]) for one in (document, other)]
    said = actions.distribute_many(act_as(cast.chief), rows)
    assert "Y Ngọc, phân phối lúc" in said[0].refusal.message
    assert said[1].refusal is None
    assert document.assignments.get().unit == cast.finance


def test_a_grid_drawn_before_another_gave_out_tells_who_did(chief, cast, pdf):
    """Kon Tum Điều 13.2: the other rows go through, and what is typed elsewhere stays."""
    taken, mine, kept = waiting(cast, pdf, 3)
    form = typed(
        {
            taken: {"lead": unit(cast.planning)},
            mine: {"lead": unit(cast.planning)},
            kept: {"directive": "Đang gõ", "untouched": "1"},
        }
    )
    second = make_person(cast.office, Role.OFFICE_CHIEF, "chief2", "Y Ngọc", "Phó Chánh VP")
    actions.distribute(act_as(second), taken, [Line(AssignmentRole.LEAD, cast.finance)])
    answer = chief.post(PATH, form)
    assert answer.status_code == 409
    rows = {row.document.pk: row for row in answer.context["sheet"].rows}
    assert set(rows) == {taken.pk, kept.pk}
    assert (rows[taken.pk].is_gone, rows[kept.pk].is_gone) == (True, False)
    assert "Y Ngọc, phân phối lúc" in rows[taken.pk].refusal.message
    assert rows[kept.pk].values["directive"] == "Đang gõ"
    assert states(taken, mine) == ["in_process", "in_process"]


def test_ticks_of_foreign_documents_are_nothing(chief, cast, pdf):
    """Kon Tum Điều 9.3."""
    foreign = actions.submit(act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf))
    answer = chief.post(PATH, typed({foreign: {"lead": unit(cast.planning)}}))
    assert answer.status_code == 422
    assert states(foreign) == ["submitted"]


def test_a_delegate_gives_out_in_the_chiefs_name(client, cast, pdf):
    """Kon Tum Điều 13.1: Phó Chánh Văn phòng khi được ủy quyền."""
    deputy = make_person(cast.office, Role.DEPUTY_HEAD, "deputy_chief", "Y Ngọc", "Phó Chánh VP")
    delegate(act_as(cast.chief), deputy, start_date=clock.today(), end_date=clock.today())
    document = waiting(cast, pdf, 1)[0]
    client.force_login(deputy)
    page = client.get(PATH)
    assert "thay Phạm Minh Tuấn" in page.content.decode()
    client.post(PATH, typed({document: {"lead": unit(cast.planning)}}))
    act = DocumentAct.objects.get(verb="distribute")
    assert (act.actor, act.on_behalf_of.user) == (deputy, cast.chief)


def test_the_grid_leaves_what_the_document_page_leaves(cast, pdf):
    """Kon Tum Điều 13.3: rows, acts, grants, waiting rows and notifications are the same."""
    here, there = waiting(cast, pdf, 2)
    lines = [
        Line(AssignmentRole.LEAD, cast.planning, None, "Làm.", clock.today()),
        Line(AssignmentRole.COORDINATE, cast.office, cast.adviser, "Làm.", clock.today()),
        Line(AssignmentRole.INFORM, cast.finance),
    ]
    chief = act_as(cast.chief)
    [verdict] = actions.distribute_many(chief, [Row(here.pk, seen(here), lines)])
    assert verdict.refusal is None
    actions.distribute(chief, there, lines)

    def left(document: IncomingDocument) -> dict[str, Any]:
        act = document.acts.last()
        key = {"content_object": document.pk}
        fresh = IncomingDocument.objects.get(pk=document.pk)
        return {
            "document": (fresh.state, fresh.to_places, fresh.due_date),
            "act": (act.verb, act.ordinal, act.addressed, act.article, act.to_state),
            "detail": len(act.detail["assignments"]),
            "rows": sorted(
                document.assignments.values_list("role", "unit", "person", "directive", "due_date")
            ),
            "users": sorted(UserGrant.objects.filter(**key).values_list("user", flat=True)),
            "groups": sorted(GroupGrant.objects.filter(**key).values_list("group", flat=True)),
            "waiting": sorted(
                Waiting.objects.filter(document=document.pk).values_list(
                    "verb", "user", "group", "due_date"
                ),
                key=str,
            ),
            "told": sorted(
                Notification.objects.filter(
                    path=document.get_absolute_url(), kind="distribute"
                ).values_list("user__username", flat=True)
            ),
        }

    assert left(here) == left(there)
    assert left(here)["told"] == ["adviser", "clerk", "finance_head", "head"]
    assert list(verifying.findings()) == []
    assert list(documents_verifying.broken_chains()) == []


# --- Suggestions, presets, directives.


def led(cast, pdf, place: Unit, times: int, **changes: Any) -> None:
    for number in range(times):
        document = play.submitted(cast, pdf, code_number=f"9{number}", **changes)
        line = Line(AssignmentRole.LEAD, place)
        actions.distribute(act_as(cast.chief), document, [line])


def test_a_suggestion_says_on_what_it_rests_and_is_put_in_only_when_taken(chief, cast, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    led(cast, pdf, cast.planning, 3)
    led(cast, pdf, cast.finance, 1)
    led(cast, pdf, cast.finance, 2, type_name="Báo cáo")
    letter, report, new = (
        play.submitted(cast, pdf, code_number="1"),
        play.submitted(cast, pdf, code_number="2", type_name="Báo cáo"),
        play.submitted(cast, pdf, code_number="3", organ_name="Sở Y tế"),
    )
    page = chief.get(PATH)
    why = {row.document.pk: row.why for row in page.context["sheet"].rows}
    assert why == {
        letter.pk: "Cùng cơ quan gửi và loại văn bản: 3 trên 4 lần giao Phòng Quản lý đô thị",
        report.pk: "Cùng cơ quan gửi và loại văn bản: 2 trên 2 lần giao Phòng Tài chính - Kế hoạch",
        new.pk: "",
    }
    assert {row.values["lead"] for row in page.context["sheet"].rows} == {""}
    rows = {one: {"untouched": "1"} for one in (letter, report, new)}
    taken = chief.post(PATH, typed(rows, do="suggest", tick=[letter.pk, new.pk]))
    values = {row.document.pk: row.values["lead"] for row in taken.context["sheet"].rows}
    assert values == {letter.pk: unit(cast.planning), report.pk: "", new.pk: ""}
    assert "Đã điền gợi ý vào 1 dòng, 1 dòng giữ nguyên." in taken.content.decode()
    assert states(letter, report, new) == ["submitted"] * 3
    one = chief.post(PATH, typed(rows, do=f"suggest-{report.pk}", tick=[]))
    [row] = [row for row in one.context["sheet"].rows if row.document.pk == report.pk]
    assert (row.values["lead"], row.ticked) == (unit(cast.finance), True)


def test_what_was_sent_back_or_recalled_teaches_nothing(cast, pdf):
    led(cast, pdf, cast.planning, 2)
    wrong = [play.distributed(cast, pdf, code_number=f"5{number}") for number in range(3)]
    for one in wrong:
        actions.recall(act_as(cast.chief), one)
    led(cast, pdf, cast.finance, 1)
    found = suggestions(act_as(cast.chief), [play.submitted(cast, pdf)])
    [one] = found.values()
    assert (one.unit, one.times, one.of) == (cast.planning.pk, 2, 3)


def test_a_preset_fills_the_ticked_rows_and_leaves_the_rest(chief, cast, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    ticked, other = waiting(cast, pdf, 2)
    preset = Preset.objects.create(
        agency=cast.city, name="Xây dựng", lead=cast.planning, directive="Xử lý.", working_days=5
    )
    preset.coordinators.add(cast.finance)
    Preset.objects.create(agency=cast.elsewhere, name="Của nơi khác")
    CannedDirective.objects.create(agency=cast.city, text="Tham mưu văn bản trả lời.")
    page = chief.get(PATH).content.decode()
    assert "Xây dựng" in page
    assert "Của nơi khác" not in page
    assert '<option value="Tham mưu văn bản trả lời.">' in page
    rows = {ticked: {"informed": "VP"}, other: {"directive": "Đang gõ"}}
    answer = chief.post(PATH, typed(rows, do=f"preset-{preset.pk}", tick=[ticked.pk]))
    first, second = answer.context["sheet"].rows
    day = office_calendar().add_working_days(clock.today(), 5)
    assert first.values == {
        "lead": unit(cast.planning),
        "helpers": "TCKH",
        "informed": "VP",
        "due_date": f"{day:%d/%m/%Y}",
        "directive": "Xử lý.",
    }
    assert second.values["directive"] == "Đang gõ"
    assert states(ticked, other) == ["submitted"] * 2


def test_a_preset_yields_to_the_leader_and_to_the_documents_own_day(chief, cast, pdf):
    """Kon Tum Điều 11.6a, 13.3."""
    sooner = office_calendar().add_working_days(clock.today(), 2)
    dated = play.submitted(cast, pdf, code_number="1", due_date=sooner)
    decided = play.submitted(cast, pdf, code_number="2")
    actions.propose(act_as(cast.chief), decided, cast.chair, text="Trình")
    lines = [Line(AssignmentRole.LEAD, cast.finance, None, "Bố trí.")]
    actions.direct(act_as(cast.chair), decided, text="Giao TCKH.", lines=lines)
    preset = Preset.objects.create(
        agency=cast.city, name="Xây dựng", lead=cast.planning, working_days=9
    )
    form: dict[str, Any] = {"doc": [dated.pk, decided.pk], "tick": [dated.pk, decided.pk]}
    answer = chief.post(PATH, form | {"do": f"preset-{preset.pk}"})
    first, second = answer.context["sheet"].rows
    assert (first.values["lead"], first.values["due_date"]) == (
        unit(cast.planning),
        f"{sooner:%d/%m/%Y}",
    )
    assert second.values["lead"] == unit(cast.finance)
    assert "vào 1 dòng" in answer.content.decode()
    # A suggestion does not speak there either.
    led(cast, pdf, cast.planning, 3)
    assert {row.document.pk: row.why for row in chief.get(PATH).context["sheet"].drawn}[
        decided.pk
    ] == ""


def test_a_part_is_answered_to_htmx(chief, cast, pdf):
    document = waiting(cast, pdf, 1)[0]
    form = typed({document: {"untouched": "1"}}, do="suggest", tick=[document.pk])
    answer = chief.post(PATH, form, headers={"HX-Request": "true"})
    assert answer.content.decode().lstrip().startswith('<form class="grid" id="grid"')


# --- Proposing and ending many.


def test_many_go_to_one_leader_in_one_act_with_their_lines(chief, cast, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    first, second = waiting(cast, pdf, 2)
    rows = {first: {"lead": unit(cast.planning), "directive": "Tham mưu."}, second: {"helpers": ""}}
    form = typed(rows, do="propose", leader=cast.chair.pk, propose_text="Kính trình Chủ tịch.")
    assert chief.post(PATH, form | {"propose_text": ""}).status_code == 422
    assert chief.post(PATH, form).status_code == 302
    assert states(first, second) == ["proposed", "proposed"]
    acts = DocumentAct.objects.filter(verb="propose").select_related("words")
    assert {act.words.text for act in acts} == {"Kính trình Chủ tịch."}
    [line] = acts.get(target=first.pk).lines.all()
    assert (line.role, line.unit, line.directive) == ("lead", cast.planning, "Tham mưu.")
    assert "Đã trình 2 văn bản." in chief.get(PATH).content.decode()


def test_what_comes_back_stands_there_as_the_leader_agreed(chief, cast, pdf):
    """Kon Tum Điều 13.3: the chief gives out on the ground of the leader's words."""
    document = waiting(cast, pdf, 1)[0]
    day = clock.today() + timedelta(days=7)
    lines = [
        Line(AssignmentRole.LEAD, cast.finance, None, "Bố trí kinh phí.", day),
        Line(AssignmentRole.COORDINATE, cast.planning),
        Line(AssignmentRole.INFORM, cast.office, cast.adviser),
    ]
    actions.propose(act_as(cast.chief), document, cast.chair, text="Trình")
    assert chief.get(PATH).context["sheet"].rows == []
    actions.direct(act_as(cast.chair), document, text="Giao TCKH, làm gấp.", lines=lines)
    page = chief.get(PATH)
    [row] = page.context["sheet"].rows
    assert (row.said_by, row.said) == ("Nguyễn Đức Thành", "Giao TCKH, làm gấp.")
    assert row.values == {
        "lead": unit(cast.finance),
        "helpers": "QLĐT",
        "informed": "Đặng Thị Thu Hà",
        "due_date": f"{day:%d/%m/%Y}",
        "directive": "Bố trí kinh phí.",
    }


def test_many_end_without_work_each_with_its_verdict(chief, cast, pdf):
    """Kon Tum Điều 13.7c: what is only to be known is ended."""
    first, second, third = waiting(cast, pdf, 3)
    rows = {first: {"directive": "x"}, second: {"directive": "x"}, third: {}}
    form = typed(rows, do="finish", finish_text="Để biết, không cần xử lý.")
    assert chief.post(PATH, form | {"finish_text": " "}).status_code == 422
    actions.comment(act_as(cast.chair), second, text="Khoan.")
    answer = chief.post(PATH, form)
    assert answer.status_code == 409
    assert "Đã kết thúc 1 văn bản, 1 chưa kết thúc được." in answer.content.decode()
    assert states(first, second, third) == ["finished", "submitted", "submitted"]
    assert DocumentAct.objects.get(verb="finish").words.text == "Để biết, không cần xử lý."


def test_what_its_lead_has_sent_back_ends_without_work_too(chief, cast, pdf):
    """Kon Tum Điều 13.7c: also where the chief's own unit was asked to help."""
    returned, shared = waiting(cast, pdf, 2)
    for document, helpers in (
        (returned, []),
        (shared, [Line(AssignmentRole.COORDINATE, cast.office)]),
    ):
        lines = [Line(AssignmentRole.LEAD, cast.planning), *helpers]
        actions.distribute(act_as(cast.chief), document, lines)
        actions.send_back(act_as(cast.head), document, text="Không có việc phải làm.")
    url = reverse("incoming:detail", args=["kontum", returned.pk])
    assert "?do=finish#work" in chief.get(url).content.decode()
    rows = {returned: {"directive": "x"}, shared: {"directive": "x"}}
    answer = chief.post(PATH, typed(rows, do="finish", finish_text="Để biết."))
    assert answer.status_code == 302, answer.content.decode()
    assert states(returned, shared) == ["finished", "finished"]
    assert shared.assignments.get(unit=cast.office).state == "done"


def test_what_ends_without_work_goes_into_a_dossier_if_one_likes(chief, cast, pdf):
    """Kon Tum Điều 13.7c: "và lưu văn bản vào Hồ sơ", in the same step; never forced."""
    first, second, third = waiting(cast, pdf, 3)
    assert "Đưa vào hồ sơ" not in chief.get(PATH).content.decode()  # he has none to put it in
    named = Fields(title="Văn bản để biết", file_notation="01.VP", maintenance="5 năm")
    mine = dossiers.open(act_as(cast.chief), named)
    theirs = dossiers.open(act_as(cast.head), replace(named, file_notation="02.ĐT"))
    page = chief.get(PATH)
    offered = page.context["ended"]["finish_dossier"]
    assert offered.value() in (None, "")  # offered, and not chosen for him
    assert [key for key, _label in offered.field.choices] == ["", str(mine.pk)]
    rows = {first: {"directive": "x"}, second: {"directive": "x"}, third: {}}
    form = typed(rows, do="finish", finish_text="Để biết.")
    wrong = chief.post(PATH, form | {"finish_dossier": theirs.pk})
    assert wrong.status_code == 422
    dossiers.add_document(act_as(cast.chief), mine, second)
    form = typed(rows, do="finish", finish_text="Để biết.")
    answer = chief.post(PATH, form | {"finish_dossier": mine.pk})
    # What the dossier refuses is not ended either.
    assert states(first, second, third) == ["finished", "submitted", "submitted"]
    assert "Văn bản đã có trong hồ sơ." in answer.content.decode()
    assert [one.document_id for one in mine.items.order_by("ordinal")] == [second.pk, first.pk]


def test_what_ends_without_work_goes_into_any_dossier_by_its_code(chief, cast, pdf):
    """Kon Tum Điều 13.7c: the office keeps few dossiers itself, and may put things into all."""
    first, second = waiting(cast, pdf, 2)
    named = Fields(title="Công tác đê kè", file_notation="09.QLĐT", maintenance="20 năm")
    theirs = dossiers.open(act_as(cast.specialist), named)
    assert 'name="finish_code"' in chief.get(PATH).content.decode()
    rows = {first: {"directive": "x"}, second: {}}
    form = typed(rows, do="finish", finish_text="Để biết.")
    wrong = chief.post(PATH, form | {"finish_code": "99.QLĐT"})
    assert wrong.status_code == 422
    assert "Không có hồ sơ nào đang giải quyết mang mã này" in wrong.content.decode()
    chief.post(PATH, form | {"finish_code": "09.QLĐT"})
    assert states(first, second) == ["finished", "submitted"]
    assert theirs.items.get().document_id == first.pk


# --- Taking back.


def test_what_was_just_sent_comes_back_as_far_as_nobody_has_opened_it(chief, client, cast, pdf):
    """Kon Tum Điều 13.2 → /incoming/distribute/"""
    documents = waiting(cast, pdf, 3)
    sent = chief.post(PATH, typed({one: {"lead": unit(cast.planning)} for one in documents}))
    page = chief.get(sent["Location"])
    assert [one.document.pk for one in page.context["sent"]] == [one.pk for one in documents]
    client.force_login(cast.head)
    client.get(documents[0].get_absolute_url())
    client.force_login(cast.chief)
    keys = [one.pk for one in documents]
    answer = client.post(PATH, {"do": "recall", "sent": keys})
    assert answer.status_code == 409
    said = answer.content.decode()
    assert "Đã thu hồi 2 văn bản, 1 không thu hồi được." in said
    assert "Phòng Quản lý đô thị đã mở hoặc xử lý lúc" in said
    assert states(*documents) == ["in_process", "submitted", "submitted"]
    rows = [row.document.pk for row in answer.context["sheet"].rows]
    assert rows == [documents[1].pk, documents[2].pk]
    assert list(verifying.findings()) == []


def test_one_row_is_taken_back_alone_and_typing_stays(chief, cast, pdf):
    first, second, third = waiting(cast, pdf, 3)
    chief.post(
        PATH, typed({first: {"lead": unit(cast.planning)}, second: {"lead": unit(cast.planning)}})
    )
    form = typed({third: {"directive": "Đang gõ", "untouched": "1"}}, tick=[])
    form |= {"do": f"recall-{second.pk}", "sent": [first.pk, second.pk]}
    answer = chief.post(PATH, form)
    assert states(first, second) == ["in_process", "submitted"]
    rows = {row.document.pk: row.values["directive"] for row in answer.context["sheet"].rows}
    assert rows == {third.pk: "Đang gõ", second.pk: ""}


def test_sent_names_only_what_the_reader_sees(chief, cast, pdf):
    ward = actions.submit(act_as(cast.ward_clerk), play.registered(cast.ward_clerk, pdf))
    line = Line(AssignmentRole.LEAD, cast.ward_unit, cast.ward_officer)
    actions.distribute(act_as(cast.ward_chair), ward, [line])
    page = chief.get(f"{PATH}?sent={ward.pk}.x.{'9' * 40}")
    assert page.context["sent"] == []


# --- Bounds.


def counted(work) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        work()
    return [one["sql"] for one in found if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]


def test_forty_rows_ask_as_often_as_one(chief, cast, pdf):
    """At most eighteen queries for the page and its frame, suggestions and presets included."""
    led(cast, pdf, cast.planning, 3)
    preset = Preset.objects.create(agency=cast.city, name="Xây dựng", lead=cast.planning)
    preset.coordinators.add(cast.finance)
    counts = []
    for more in (1, 2, 37):
        for place, one in enumerate(waiting(cast, pdf, more, organ_name=f"Sở {more}")):
            if place % 2 == 0:  # half of them come back from a leader
                actions.propose(act_as(cast.chief), one, cast.chair, text="Trình")
                lines = [Line(AssignmentRole.LEAD, cast.finance)]
                actions.direct(act_as(cast.chair), one, text="Đồng ý", lines=lines)
        chief.get(PATH)
        counts.append(len(counted(lambda: chief.get(PATH))))
    page = chief.get(PATH)
    assert len(page.context["sheet"].rows) == 40
    assert len(page.content) < 150_000
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 18, counts


def test_eighty_documents_in_one_request(chief, cast, pdf):
    """At most 580 queries, seven a row; half with a coordinator; one transaction a row."""
    for place in (cast.office, cast.planning, cast.finance):
        head_post(place)  # the admin makes a post with its first appointment
    documents = waiting(cast, pdf, 80)
    values = [
        {"lead": unit(cast.planning), "directive": "Tham mưu.", "due_date": "5"}
        | ({"helpers": "TCKH", "informed": "VP"} if place % 2 else {})
        for place in range(80)
    ]
    form = typed(dict(zip(documents, values, strict=True)))
    answers: list[Any] = []
    queries = counted(lambda: answers.append(chief.post(PATH, form)))
    assert answers[0].status_code == 302
    assert set(states(*documents)) == {"in_process"}
    assert DocumentAct.objects.filter(verb="distribute").count() == 80
    assert len(queries) <= 580, len(queries)
    assert list(verifying.findings()) == []
    assert list(documents_verifying.broken_chains()) == []


def test_a_second_page_shows_the_rest(chief, cast: SimpleNamespace, pdf):
    waiting(cast, pdf, 41)
    assert len(chief.get(PATH).context["sheet"].rows) == 40
    second = chief.get(f"{PATH}?page=2")
    assert len(second.context["sheet"].rows) == 1
    assert "trang 2 / 2" in second.content.decode()
    assert chief.get(f"{PATH}?page=3").status_code == 302
