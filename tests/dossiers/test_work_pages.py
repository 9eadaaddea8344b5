"""The work of dossiers and tasks through their pages: forms, refusals, what each reader finds."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from core import clock
from core.errors import Refusal, Stale
from documents import proving
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.models import Assignment, DocumentAct, Waiting
from dossiers import actions
from dossiers.actions import Line
from dossiers.choices import State
from dossiers.forms.verbs import FORMS
from dossiers.models import Dossier
from dossiers.rules import OF_WORK
from incoming.actions import remind
from notifications.models import Notification
from tests.cast import act_as
from tests.dossiers.test_work import given, later, led, opened, proposed
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

LEAD, COORDINATE, INFORM = AssignmentRole


def day(days: int) -> str:
    return f"{later(days):%d/%m/%Y}"


def unit_key(unit: Any) -> str:
    return f"u{unit.pk}"


def person_key(user: Any) -> str:
    return f"p{user.pk}.{user.appointments.get().unit_id}"


def page_of(who: Any, dossier: Dossier, verb: str = "", **query: str) -> HttpResponse:
    """What somebody gets at the page of a dossier, or at the form of a verb."""
    client = Client()
    client.force_login(who)
    path = f"/{dossier.agency.slug}/dossiers/{dossier.pk}/{f'{verb}/' if verb else ''}"
    return client.get(path, query)


def send(who: Any, dossier: Dossier, verb: str, data: dict[str, Any]) -> HttpResponse:
    """Send a verb's form."""
    client = Client()
    client.force_login(who)
    return client.post(f"/{dossier.agency.slug}/dossiers/{dossier.pk}/{verb}/", data)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def offered(who: Any, dossier: Dossier) -> set[str]:
    """Verbs whose buttons may be pressed."""
    page = text(page_of(who, dossier))
    links = re.findall(r'<a class="button[^"]*" href="[^"]*/(\w+)/"', page)
    return set(links)


def primary(who: Any, dossier: Dossier) -> str:
    """The page's one primary button."""
    found = re.findall(
        r'class="button button--primary" href="[^"]*/(\w+)/"', text(page_of(who, dossier))
    )
    assert len(found) <= 1
    return found[0] if found else ""


def typed_dossier(**changes: Any) -> dict[str, Any]:
    """The form of Lập hồ sơ as it is filled in."""
    return {
        "title": "Khắc phục sạt lở bờ kè sông Đăk Bla",
        "file_notation": "01.QLĐT",
        "maintenance": "20 năm",
        "start_date": day(0),
        "due_date": day(20),
        "creator": "Thành",
        "language": "Tiếng Việt",
        "rows": "4",
        **changes,
    }


def test_the_whole_way_over_the_pages(cast: SimpleNamespace, client: Client) -> None:
    """Bắc Giang Điều 6.1 đến 6.3: opened and given out, helped, completed, closed by the chair."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    client.force_login(cast.chair)
    new = reverse("dossiers:new_dossier", args=["kontum"])
    assert "Giao ngay khi lập" in text(client.get(new))
    typed = typed_dossier(
        keeper=cast.chair.appointments.get().pk,
        **{
            "who-0": unit_key(cast.planning),
            "directive-0": "Tham mưu phương án.",
            "due_date-0": day(10),
            "inform": [person_key(cast.adviser)],
        },
    )
    assert client.post(new, typed).status_code == 302
    dossier = Dossier.objects.get()
    assert list(
        DocumentAct.objects.filter(target=dossier)
        .order_by("ordinal")
        .values_list("verb", flat=True)
    ) == ["open", "give_out"]
    assert (dossier.state, dossier.due_date) == (State.IN_PROCESS, later(10))

    # The head gives it to his specialist.
    assert primary(cast.head, dossier) == "assign"
    line = {"rows": "4", "who-0": person_key(cast.specialist), "due_date-0": day(8)}
    assert send(cast.head, dossier, "assign", line).status_code == 302

    # Who leads it proposes two; both answer.
    assert "propose_coordinators" in offered(cast.specialist, dossier)
    asked = {
        "people": [unit_key(cast.finance), person_key(cast.clerk)],
        "directive": "Thẩm định kinh phí.",
        "day": day(5),
        "text": "Cần dự toán.",
    }
    assert send(cast.specialist, dossier, "propose_coordinators", asked).status_code == 302
    assert "Chờ trả lời" in text(page_of(cast.specialist, dossier))
    assert primary(cast.finance_head, dossier) == "answer_proposal"
    of_unit = dossier.proposals.get(person=None)
    of_person = dossier.proposals.get(person=cast.clerk)
    agree = {"proposal": of_unit.pk, "answer": "yes"}
    assert send(cast.finance_head, dossier, "answer_proposal", agree).status_code == 302
    refuse = {"proposal": of_person.pk, "answer": "no", "text": "Đang nghỉ phép."}
    assert send(cast.clerk, dossier, "answer_proposal", refuse).status_code == 302
    seen = text(page_of(cast.specialist, dossier))
    for words in ("Nhận phối hợp", "Không nhận", "Đang nghỉ phép.", "Thẩm định kinh phí."):
        assert words in seen

    # Opinions: one differs.
    question = {"people": [unit_key(cast.office)], "day": day(3), "text": "Có ý kiến gì không?"}
    assert send(cast.specialist, dossier, "ask_opinion", question).status_code == 302
    assert "Hồ sơ xin ý kiến:" in text(page_of(cast.chief, dossier))
    opinion = {"stance": "disagree", "text": "Chưa đủ căn cứ."}
    assert send(cast.chief, dossier, "give_opinion", opinion).status_code == 302
    seen = text(page_of(cast.specialist, dossier))
    assert "1 / 1 nơi đã trả lời" in seen
    assert "Không thống nhất" in seen

    # A later day: asked, decided, on the tree.
    wanted = {"day": day(9), "text": "Chờ số liệu."}
    assert send(cast.specialist, dossier, "request_extension", wanted).status_code == 302
    assert primary(cast.head, dossier) == "decide_extension"
    [row] = Dossier.objects.get().open_extensions
    decided = {"extension": row.pk, "answer": "yes"}
    assert send(cast.head, dossier, "decide_extension", decided).status_code == 302
    assert f"gia hạn đến {day(9)}" in text(page_of(cast.head, dossier))

    # Urged, reported, ended below; the lead of all completes it.
    mine = Assignment.objects.get(person=cast.specialist)
    urged = {"who": [mine.pk], "level": "1", "text": "Báo cáo trước thứ Sáu."}
    assert send(cast.chair, dossier, "urge", urged).status_code == 302
    assert "Nhắc việc" in text(page_of(cast.specialist, dossier))
    report = {"percent": "75", "text": "Được ba phần tư."}
    assert send(cast.specialist, dossier, "progress", report).status_code == 302
    assert "75 %" in text(page_of(cast.chair, dossier))
    assert "finish" in offered(cast.specialist, dossier)
    assert "complete" not in offered(cast.specialist, dossier)
    assert send(cast.specialist, dossier, "finish", {"text": "Đề xuất 2."}).status_code == 302
    assert primary(cast.head, dossier) == "complete"
    assert "finish" not in offered(cast.head, dossier)
    form = text(page_of(cast.head, dossier, "complete"))
    assert "Đề xuất 2." in form  # what the one below has reported stands there already
    note = {"what": "note", "text": "Tờ trình đã gửi."}
    assert send(cast.head, dossier, "add_item", note).status_code == 302
    done = {"text": "Nhất trí phương án 2."}
    assert send(cast.head, dossier, "complete", done).status_code == 302
    dossier.refresh_from_db()
    assert (dossier.state, dossier.result) == (State.COMPLETED, "Nhất trí phương án 2.")

    # Closed by the chair, what the check finds overruled with words.
    assert primary(cast.chair, dossier) == "close"
    page = text(page_of(cast.chair, dossier, "close"))
    names = set(re.findall(r'name="(why-[\w.-]+)"', page))
    shown = dict(re.findall(r'name="(shown-[\w.-]+)" value="([^"]+)"', page))
    end = {"end_date": day(0), "description": "Xong."}
    assert send(cast.chair, dossier, "close", end).status_code == (409 if names else 302)
    if names:
        end |= dict.fromkeys(names, "Không cần.") | shown
        assert send(cast.chair, dossier, "close", end).status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == State.CLOSED
    assert list(proving.findings(Dossier)) == []
    for command in ("verify_trail", "verify_grants", "verify_registers"):
        call_command(command)


def test_opening_and_giving_out_is_one_step_or_none(cast: SimpleNamespace, client: Client) -> None:
    """A refusal of the second act takes the first back: no dossier, no number, words kept."""
    client.force_login(cast.chair)
    new = reverse("dossiers:new_dossier", args=["kontum"])
    typed = typed_dossier(
        keeper=cast.chair.appointments.get().pk,
        **{"who-0": unit_key(cast.planning), "directive-0": "Làm ngay.", "due_date-0": day(-1)},
    )
    answer = client.post(new, typed)
    assert answer.status_code == 409
    page = text(answer)
    assert "đã qua" in page
    assert "Làm ngay." in page
    assert "01.QLĐT" in page
    assert not Dossier.objects.exists()
    # Who only helps needs somebody who leads.
    typed |= {"who-0": "", "due_date-0": "", "directive-0": "", "who-1": unit_key(cast.finance)}
    answer = client.post(new, typed)
    assert answer.status_code == 422
    assert "chủ trì" in text(answer)
    assert not Dossier.objects.exists()
    more = client.post(new, typed | {"more": "1"})
    assert more.status_code == 422
    assert 'name="who-4"' in text(more)
    assert 'name="who-5"' not in text(more)
    assert client.post(new, typed | {"who-1": ""}).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.number, dossier.state) == (1, State.OPENED)
    # Whoever gives nothing out is not asked.
    client.force_login(cast.specialist)
    assert "Giao ngay khi lập" not in text(client.get(new))


def test_a_task_is_given_to_who_leads_it(cast: SimpleNamespace, client: Client) -> None:
    """Kon Tum Điều 20.2, 21.1: by a leader or a head, with words, a day and people."""
    client.force_login(cast.head)
    path = reverse("dossiers:new_task", args=["kontum"])
    page = text(client.get(path))
    assert "Lý Thanh Tâm" not in page  # a head gives to his own people
    typed = {
        "title": "Báo cáo tuần",
        "start_date": day(0),
        "due_date": day(6),
        "text": "Tổng hợp số liệu tuần.",
        "rows": "4",
        "who-1": person_key(cast.colleague),
    }
    answer = client.post(path, typed)
    assert answer.status_code == 422
    assert "Tổng hợp số liệu tuần." in text(answer)
    assert client.post(path, typed | {"who-0": person_key(cast.specialist)}).status_code == 302
    task = Dossier.objects.get()
    assert (task.is_task, task.state, task.keeper.user) == (True, "in_process", cast.specialist)
    lead, help_ = task.assignments.order_by("pk")
    assert (lead.person, lead.directive, lead.due_date) == (
        cast.specialist, "Tổng hợp số liệu tuần.", later(6),
    )  # fmt: skip
    assert help_.role == COORDINATE
    assert primary(cast.specialist, task) == "complete"
    assert "finish" not in offered(cast.specialist, task)
    assert offered(cast.colleague, task) >= {"finish", "progress"}
    assert "Báo cáo kết quả" in text(page_of(cast.specialist, task))
    done = {"text": "Đã gửi."}
    assert send(cast.specialist, task, "complete", done).status_code == 302
    assert send(cast.head, task, "close", {"end_date": day(0)}).status_code in (302, 409)

    client.force_login(cast.chair)
    to_unit = typed | {"who-0": unit_key(cast.finance), "who-1": ""}
    assert client.post(path, to_unit).status_code == 302
    task = Dossier.objects.latest("pk")
    assert task.keeper.user == cast.finance_head
    assert Waiting.objects.get(document=task).verb == "assign"
    assert list(proving.findings(Dossier)) == []


def test_a_refusal_keeps_what_was_typed(cast: SimpleNamespace) -> None:
    dossier = given(cast)
    late = {"rows": "4", "who-0": person_key(cast.specialist), "due_date-0": day(15),
            "directive-0": "Khảo sát hiện trường.", "text": "Khẩn trương."}  # fmt: skip
    answer = send(cast.head, dossier, "assign", late)
    assert answer.status_code == 409
    for words in ("vượt quá thời hạn của đơn vị", "Khảo sát hiện trường.", "Khẩn trương."):
        assert words in text(answer)
    assert Dossier.objects.get().assignments.count() == 1
    empty = send(cast.head, dossier, "progress", {"percent": "50", "text": ""})
    assert empty.status_code == 422
    assert "Ghi nội dung báo cáo." in text(empty)
    more = send(cast.head, dossier, "assign", late | {"more": "1"})
    assert more.status_code == 422
    assert 'name="who-6"' in text(more)
    assert "Khẩn trương." in text(more)


def test_whose_it_is_not_is_told_so_and_finds_no_button(cast: SimpleNamespace) -> None:
    """Kon Tum Điều 13.7, 20.2: sees it, may not; and a stranger finds nothing at all."""
    dossier = proposed(cast)
    assert offered(cast.adviser, dossier) == {"answer_proposal", "comment"}
    assert page_of(cast.adviser, dossier, "progress").status_code == 302
    answer = send(cast.adviser, dossier, "progress", {"percent": "50", "text": "Tôi làm."})
    assert answer.status_code == 409
    assert "Chỉ người được giao việc báo cáo tiến độ" in text(answer)
    assert "Tôi làm." in text(answer)
    for verb in (verb for verb in FORMS if verb in OF_WORK):
        assert page_of(cast.colleague, dossier, verb).status_code == 404
        assert send(cast.stranger, dossier, verb, {"text": "x"}).status_code == 404


def test_a_lead_who_has_work_below_is_told_who_has_not_ended_it(cast: SimpleNamespace) -> None:
    dossier = led(cast)
    page = text(page_of(cast.head, dossier))
    assert "đang chủ trì, chưa báo kết quả" in page
    assert 'aria-describedby="why-complete"' in page
    assert primary(cast.head, dossier) == ""
    # A part of it is ended, not the whole.
    assert page_of(cast.specialist, dossier, "complete")["Location"].endswith("/finish/")


def test_once_it_is_led_only_helpers_are_added(cast: SimpleNamespace) -> None:
    dossier = given(cast)
    page = text(page_of(cast.chief, dossier, "give_out"))
    assert 'name="who-0"' not in page
    assert 'name="who-1"' in page
    more = {"rows": "4", "who-1": unit_key(cast.finance), "due_date-1": day(4)}
    assert send(cast.chief, dossier, "give_out", more).status_code == 302
    assert dossier.assignments.get(unit=cast.finance).role == COORDINATE
    assert primary(cast.chief, dossier) == ""


def test_opening_the_page_is_seeing_it_and_reading_it(cast: SimpleNamespace) -> None:
    """Kon Tum Điều 13.3, 13.7c: who was told opens it, and whoever told him sees that."""
    dossier = given(cast)
    line = Line(INFORM, cast.office, cast.adviser)
    actions.share(act_as(cast.chair), dossier, [line], confirmed=True)
    assert "0 / 1 đã xem" in text(page_of(cast.chair, dossier))
    page_of(cast.adviser, dossier)
    assert not Waiting.objects.filter(document=dossier, verb="read").exists()
    seen = text(page_of(cast.chair, dossier))
    assert "1 / 1 đã xem" in seen
    assert Waiting.objects.get(document=dossier, verb="assign").seen_at is None
    page_of(cast.head, dossier)
    assert Waiting.objects.get(document=dossier, verb="assign").seen_at is not None
    # Who has read it is nothing for those who only see it.
    assert "Đã thông báo" not in text(page_of(cast.adviser, dossier))
    assert list(proving.findings(Dossier)) == []


def test_the_page_of_busy_work_needs_no_query_more_for_more_of_it(cast, client):
    from tests.test_queries import asked  # noqa: PLC0415 -- its marks are its own

    dossier = proposed(cast)
    path, lead = dossier.get_absolute_url(), act_as(cast.specialist)
    assert len(asked(client, cast.specialist, path)) < 12
    counts = []
    for place, told in enumerate((cast.accountant, cast.clerk, cast.colleague)):
        unit = told.appointments.get().unit
        actions.ask_opinion(lead, dossier, [Line(COORDINATE, unit)], text=f"Hỏi {place}?")
        actions.share(lead, dossier, [Line(INFORM, unit, told)], confirmed=True)
        counts.append(len(asked(client, cast.specialist, path)))
    for row in dossier.open_proposals:
        who = cast.finance_head if row.person_id is None else cast.adviser
        dossier = actions.answer_proposal(act_as(who), dossier, row, agree=True)
    counts.append(len(asked(client, cast.specialist, path)))
    assert len(set(counts)) == 1
    assert counts[0] < 12


def test_two_who_answer_at_once_do_not_undo_each_other(cast: SimpleNamespace) -> None:
    """The second head is told that the first has answered; another's answer is not touched."""
    dossier = proposed(cast)
    unit, person = dossier.open_proposals
    yes = {"proposal": unit.pk, "answer": "yes"}
    assert send(cast.finance_head, dossier, "answer_proposal", yes).status_code == 302
    late = send(cast.finance_head, dossier, "answer_proposal", yes)
    assert late.status_code == 409
    assert send(cast.adviser, dossier, "answer_proposal",
                {"proposal": person.pk, "answer": "yes"}).status_code == 302  # fmt: skip
    assert dossier.assignments.filter(role=COORDINATE).count() == 2
    with pytest.raises((Stale, Refusal)):
        actions.answer_proposal(act_as(cast.finance_head), dossier, unit, agree=True)
    assert list(proving.findings(Dossier)) == []


def test_work_of_dossiers_stands_in_the_backlog_and_among_directives(
    cast: SimpleNamespace, client: Client
) -> None:
    """Bình Định Điều 8.3, Kon Tum Điều 20.2: nothing piles up unseen, whatever its kind."""
    dossier = given(cast)
    task = opened(cast.head, is_task=True)
    line = Line(LEAD, cast.planning, cast.specialist, "Làm báo cáo.", later(3))
    actions.give_out(act_as(cast.head), task, [line])
    client.force_login(cast.chief)
    page = text(client.get("/kontum/incoming/backlog/"))
    for one in (dossier, task):
        assert f'href="/kontum/dossiers/{one.pk}/urge/"' in page
    assert f"Hồ sơ {dossier.code_notation}".strip() in page
    assert "Việc được giao" in page
    page = text(client.get("/kontum/incoming/directives/"))
    assert f'href="/kontum/dossiers/{dossier.pk}/"' in page
    assert "Tham mưu phương án." in page
    assert f'href="/kontum/dossiers/{task.pk}/"' not in page  # a head's word is no directive
    assert page_of(cast.chief, dossier, "urge").status_code == 200


def test_a_late_dossier_is_reminded_of_with_its_own_page(cast: SimpleNamespace) -> None:
    """Bắc Giang Điều 5.3c: the clock tells whoever holds the work, and leads to the dossier."""
    dossier = led(cast)
    moment = clock.now() + timedelta(days=16)
    while not office_calendar().is_working_day(moment.date()):
        moment += timedelta(days=1)
    with clock.set_to(moment.replace(hour=3)):  # in Hồ Chí Minh it is ten
        remind(cast.city)
    paths = set(
        Notification.objects.filter(user=cast.specialist, kind="overdue").values_list(
            "path", flat=True
        )
    )
    assert paths == {dossier.get_absolute_url()}


# --- The same form sent twice.


def test_a_form_sent_twice_gives_one_task(cast, client):
    """Two clicks without JavaScript: one task, one act, and the same page afterwards."""
    path = reverse("dossiers:new_task", args=["kontum"])
    client.force_login(cast.head)
    token = str(client.get(path).context["form"]["entry_token"].value())
    data = {
        "entry_token": token,
        "title": "Khảo sát vỉa hè",
        "start_date": day(0),
        "text": "Đi xem, báo cáo lại.",
        "rows": "4",
        "who-0": person_key(cast.specialist),
    }
    refused = client.post(path, data | {"title": ""})
    assert refused.status_code == 422
    # What was refused has begun nothing, and keeps its token.
    assert str(refused.context["form"]["entry_token"].value()) == token
    first, second = client.post(path, data), client.post(path, data)
    task = Dossier.objects.get()
    assert first.url == second.url == task.get_absolute_url()
    assert DocumentAct.objects.filter(target=task.pk, verb="open_task").count() == 1
    # The next form is another one; what is no token makes a form like any other.
    assert client.post(path, data | {"entry_token": "x' OR 1"}).status_code == 302
    assert client.post(path, data | {"entry_token": ""}).status_code == 302
    assert Dossier.objects.count() == 3


def test_a_form_sent_twice_opens_one_dossier(cast, client):
    path = reverse("dossiers:new_dossier", args=["kontum"])
    client.force_login(cast.head)
    form = client.get(path).context["form"]
    data = {name: form[name].value() for name in ("entry_token", "keeper", "creator", "language")}
    data |= {"title": "Kè", "file_notation": "1TH", "maintenance": "20", "start_date": day(0)}
    data |= {"rows": "4", "who-0": person_key(cast.specialist)}
    first, second = client.post(path, data), client.post(path, data)
    dossier = Dossier.objects.get()
    assert first.url == second.url == dossier.get_absolute_url()
    assert dossier.assignments.count() == 1
    assert dossier.register.last_number == 1
    # Somebody else's token is none of this form: he learns nothing of the dossier.
    client.force_login(cast.finance_head)
    answer = client.post(path, data | {"keeper": cast.finance_head.appointments.get().pk,
                                       "who-0": person_key(cast.accountant),
                                       "file_notation": "2TH"})  # fmt: skip
    assert answer.status_code == 302
    assert answer.url != dossier.get_absolute_url()
