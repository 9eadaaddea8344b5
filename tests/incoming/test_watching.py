"""Directives and what has come of them; the backlog of those who watch."""

import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions import delegate
from core import clock
from core.errors import NotYours
from documents.actions import begin_following
from documents.choices import AssignmentRole
from documents.following import follows_of, forget
from documents.models import DocumentAct, Extension, Follow
from documents.verifying import broken_chains, broken_states
from dossiers import actions as dossiers
from dossiers.actions import Fields
from dossiers.verifying import findings as of_dossiers
from incoming import actions, rules, verifying
from incoming.actions import Line
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import SINCE, act_as
from tests.quick import glance  # noqa: F401 -- a fixture
from tests.sent import recalled_here, sent_here

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]
LEAD = AssignmentRole.LEAD


def later(days: int) -> date:
    return clock.today() + timedelta(days=days)


def directed(cast, pdf, *, leader=None, unit=None, due: int | None = 5, text="Làm ngay.", **more):
    """A leader has spoken, the chief has sent it to a unit."""
    leader, document = leader or cast.chair, play.submitted(cast, pdf, **more)
    actions.propose(act_as(cast.chief), document, leader, text="Đề xuất.")
    actions.direct(act_as(leader), document, text=text)
    day = None if due is None else later(due)
    line = Line(LEAD, unit or cast.planning, None, "Chủ trì.", day)
    return actions.distribute(act_as(cast.chief), document, [line])


def page(client, user, name, slug="kontum", **data):
    client.force_login(user)
    return client.get(reverse(f"incoming:{name}", args=[slug]), data)


def subjects(response) -> list[str]:
    rows = response.context.get("lines", response.context.get("items"))
    return [one.subject for one in rows]


# --- Directives.


def test_words_with_which_a_leader_opens_a_dossier_for_another_are_followed(client, cast):
    """Bắc Giang Điều 5.2; Kon Tum Điều 20.2: "Nội dung giao", and nothing given out beside it."""
    chair = act_as(cast.chair)
    fields = Fields(title="Bờ kè phía đông", file_notation="01.XD", maintenance="20 năm")
    for_another = dossiers.open(
        chair, fields, keeper=cast.specialist.appointments.get(), text="Rà soát, báo cáo tôi."
    )
    # His own, and one without a word, direct nobody.
    dossiers.open(chair, replace(fields, title="Của tôi", file_notation="02.XD"), text="Ghi nhớ.")
    dossiers.open(
        chair,
        replace(fields, title="Không lời", file_notation="03.XD"),
        keeper=cast.specialist.appointments.get(),
    )
    for narrowed in ({}, {"leader": cast.chair.pk}, {"unit": cast.planning.pk}):
        [line] = page(client, cast.chief, "directives", **narrowed).context["lines"]
        assert (line.subject, line.to) == ("Bờ kè phía đông", cast.specialist.full_name)
    [said] = line.directives
    assert (said.leader, said.text) == (cast.chair.full_name, "Rà soát, báo cáo tôi.")
    assert subjects(page(client, cast.chief, "directives", unit=cast.finance.pk)) == []
    # Handed to another keeper since, it stays what it was.
    for_another.keeper = cast.chair.appointments.get()
    for_another.save()
    assert subjects(page(client, cast.chief, "directives")) == ["Bờ kè phía đông"]


def test_each_directive_ends_in_a_result_a_later_day_or_is_open(client, cast, pdf, at):
    """Kon Tum Điều 20.2; Bắc Giang Điều 5.2; Bình Định chương III Điều 10.2."""
    finished = directed(cast, pdf, subject="Xong", text="Báo cáo tôi kết quả.", code_number="1")
    actions.finish(act_as(cast.head), finished, text="Đã sửa kè.")
    extended = directed(cast, pdf, subject="Gia hạn", code_number="2")
    actions.request_extension(act_as(cast.head), extended, day=later(30), text="Mưa lũ.")
    row = Extension.objects.get()
    actions.decide_extension(act_as(cast.chair), extended, row, agree=True)
    directed(cast, pdf, subject="Muộn", due=1, code_number="3")
    directed(cast, pdf, subject="Còn hạn", due=25, code_number="4")
    play.distributed(cast, pdf, subject="Không có chỉ đạo", code_number="5")
    at(clock.now() + timedelta(days=10))
    found = page(client, cast.chief, "directives")
    assert subjects(found) == ["Muộn", "Còn hạn", "Gia hạn"]
    assert found.context["counts"] == {"open": 3, "late": 1, "extended": 1}
    late, _open, more = found.context["lines"]
    assert late.is_late
    assert [one.text for one in late.directives] == ["Làm ngay."]
    assert late.directives[0].leader == "Nguyễn Đức Thành"
    assert late.to == "Phòng Quản lý đô thị"
    assert more.extended.startswith("gia hạn 1 lần, đến ")
    assert subjects(page(client, cast.chief, "directives", tab="late")) == ["Muộn"]
    assert subjects(page(client, cast.chief, "directives", tab="extended")) == ["Gia hạn"]
    done = page(client, cast.chair, "directives", tab="done")
    assert [(one.subject, one.result) for one in done.context["lines"]] == [("Xong", "Đã sửa kè.")]
    text = done.content.decode()
    assert "Báo cáo tôi kết quả." in text
    assert "khoản 2 Điều 20" in text


def test_a_directive_on_what_was_taken_out_or_cancelled_stays_in_sight(client, cast, pdf):
    """Kon Tum Điều 20.2; Bắc Giang Điều 8.2; NĐ 30/2020 Điều 18.4b: done with, and said why."""
    play.purged(cast.chair, directed(cast, pdf, code_number="1"))
    sent = actions.register(act_as(cast.clerk), sent_here(cast, pdf), play.entry(code_number="2"))
    sent = actions.submit(act_as(cast.clerk), sent)
    sent = actions.propose(act_as(cast.chief), sent, cast.chair, text="Đề xuất.")
    sent = actions.direct(act_as(cast.chair), sent, text="Làm ngay.")
    recalled_here(cast, sent)
    actions.cancel(act_as(cast.clerk), IncomingDocument.objects.get(pk=sent.pk))
    assert subjects(page(client, cast.chief, "directives")) == []
    done = page(client, cast.chief, "directives", tab="done")
    labels = {one.label for one in done.context["lines"]}
    assert labels == {"Đã gỡ", "Đã hủy, bên gửi thu hồi"}
    for label in labels:
        assert label in done.content.decode()


def test_they_are_found_by_leader_and_by_unit(client, cast, pdf):
    """Kon Tum Điều 13.3, 20.2."""
    directed(cast, pdf, subject="Của Chủ tịch", code_number="1")
    directed(cast, pdf, leader=cast.vice, unit=cast.finance, subject="Của Phó", code_number="2")
    found = page(client, cast.chair, "directives", leader=cast.vice.pk)
    assert subjects(found) == ["Của Phó"]
    assert subjects(page(client, cast.chair, "directives", unit=cast.planning.pk)) == [
        "Của Chủ tịch"
    ]
    # What nobody can have chosen narrows nothing.
    wild = page(client, cast.chair, "directives", unit="9" * 30, tab="x", page="0")
    assert set(subjects(wild)) == {"Của Phó", "Của Chủ tịch"}


def test_a_director_who_gives_out_the_work_himself_directs_with_it(client, cast, pdf):
    """Bình Định chương III Điều 7.1: the words beside each place are his directive."""
    cast.city.regulation_name = "binh-dinh-2016"
    cast.city.save()
    document = play.submitted(cast, pdf, subject="Giám đốc phân công")
    line = Line(LEAD, cast.planning, None, "Kiểm tra, báo cáo tôi.", later(3))
    actions.distribute(act_as(cast.chair), document, [line])
    [one] = page(client, cast.chair, "directives").context["lines"]
    assert (one.subject, one.directives[0].text) == (
        "Giám đốc phân công",
        "Kiểm tra, báo cáo tôi.",
    )


def test_what_a_delegate_directed_is_the_leaders_directive(client, cast, pdf):
    """Kon Tum Điều 13.1: done by the vice chair, for the chair."""
    document = play.submitted(cast, pdf)
    actions.propose(act_as(cast.chief), document, cast.chair, text="Đề xuất.")
    delegate(act_as(cast.chair), cast.vice, start_date=clock.today(), end_date=later(1))
    actions.direct(act_as(cast.vice), document, text="Đồng ý.")
    [one] = page(client, cast.chief, "directives", leader=cast.chair.pk).context["lines"]
    assert (one.directives[0].leader, one.directives[0].by) == ("Nguyễn Đức Thành", "Lê Văn Hùng")
    assert page(client, cast.chief, "directives", leader=cast.vice.pk).context["lines"] == []


def test_only_leaders_and_the_office_follow_directives(client, cast, pdf):
    """Kon Tum Điều 20.1, 20.2."""
    directed(cast, pdf)
    for who in ("clerk", "head", "specialist", "archivist", "adviser"):
        assert page(client, getattr(cast, who), "directives").status_code == 404
        refusal = rules.may_follow_directives(act_as(getattr(cast, who)))
        assert isinstance(refusal, NotYours)
        assert "khoản 2 Điều 20" in refusal.article
    assert page(client, cast.vice, "directives").status_code == 200


# --- Backlog.


def pile(cast, pdf) -> None:
    """Late, undated and fresh work of two units."""
    with clock.set_to(clock.now() - timedelta(days=20)):
        old = directed(cast, pdf, subject="Cũ", due=3, code_number="11")
        line = Line(LEAD, cast.planning, cast.specialist, "", later(3))
        actions.assign(act_as(cast.head), old, [line])
    directed(cast, pdf, subject="Không hạn", due=None, code_number="12")
    directed(cast, pdf, subject="Của tài chính", unit=cast.finance, code_number="13")


def test_a_head_sees_what_his_people_hold(client, cast, pdf):
    """Bắc Giang Điều 5.3c, 11.1b; Bình Định chương III Điều 10.1."""
    pile(cast, pdf)
    found = page(client, cast.head, "backlog")
    assert subjects(found) == ["Cũ", "Không hạn"]
    assert found.context["totals"] == {
        "n_open": 2,
        "n_late": 1,
        "n_unopened": 2,
        "n_undated": 1,
    }
    people = {one.name: (one.n_open, one.n_late) for one in found.context["people"]}
    assert people == {"Hoàng Thị Mỹ Linh": (1, 1), "Trưởng đơn vị": (1, 0)}
    assert "Của tài chính" not in found.content.decode()
    # Not opened since when: until whoever holds it has looked at it.
    late = found.context["items"][0]
    assert late.unopened_since.date() < clock.now().date()
    client.force_login(cast.specialist)
    client.get(late.url)
    assert subjects(page(client, cast.head, "backlog", tab="unopened")) == ["Không hạn"]
    assert subjects(page(client, cast.head, "backlog", tab="late")) == ["Cũ"]
    assert subjects(page(client, cast.head, "backlog", tab="undated")) == ["Không hạn"]
    mine = page(client, cast.head, "backlog", person=cast.specialist.pk)
    assert subjects(mine) == ["Cũ"]
    assert subjects(page(client, cast.head, "backlog", person="-1")) == ["Không hạn"]


def test_the_office_lets_nothing_pile_up(client, cast, pdf):
    """Bình Định Điều 8.3; Bắc Giang Điều 11.2b."""
    cast.city.regulation_name = "binh-dinh-2016"
    cast.city.save()
    with clock.set_to(clock.now() - timedelta(days=20)):
        for number, unit in enumerate((cast.planning, cast.planning, cast.finance)):
            document = play.submitted(cast, pdf, code_number=f"2{number}")
            line = Line(LEAD, unit, None, "Làm ngay.", later(3))
            actions.distribute(act_as(cast.chair), document, [line])
    found = page(client, cast.chief, "backlog")
    units = {one.name: (one.n_open, one.n_late, one.n_unopened) for one in found.context["units"]}
    assert units == {
        "Phòng Quản lý đô thị": (2, 2, 2),
        "Phòng Tài chính - Kế hoạch": (1, 1, 1),
    }
    assert "khoản 3 Điều 8" in found.content.decode()
    one = page(client, cast.chief, "backlog", unit=cast.finance.pk)
    assert len(one.context["items"]) == 1
    assert one.context["totals"]["n_open"] == 1


def begin(moment=None) -> dict[str, int]:
    out = io.StringIO()
    at = ["--at", moment.isoformat()] if moment else []
    call_command("begin_following", "--json", *at, stdout=out)
    return json.loads(out.getvalue())


def test_a_deputy_follows_what_lies_in_his_field_already(client, cast, pdf):
    """Bắc Giang Điều 5.4b: the open work too, though nobody does anything with it."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    before = play.assigned(cast, pdf, code_number="1", subject="Trước đó")
    play.distributed(cast, pdf, code_number="2", subject="Của đơn vị")
    done = play.assigned(cast, pdf, code_number="3", subject="Đã xong")
    actions.finish(act_as(cast.specialist), done, text="Xong.")
    fields = Fields(title="Bờ kè", file_notation="01.XD", maintenance="20 năm")
    dossier = dossiers.open(act_as(cast.chair), fields)
    line = Line(LEAD, cast.planning, cast.specialist, "Rà soát.", later(5))
    dossiers.give_out(act_as(cast.chair), dossier, [line])
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(), person=cast.specialist, start_date=SINCE
    )
    forget(cast.city.pk)
    assert begin() == {"shown": 2, "failed": 0}
    assert set(subjects(page(client, cast.deputy, "backlog"))) == {"Trước đó", "Bờ kè"}
    text = client.get(before.get_absolute_url()).content.decode()
    assert "được phân công theo dõi" in text
    act = DocumentAct.objects.get(target=before.pk, verb="follow")
    assert (act.actor, act.addressed["users"]) == (cast.deputy, [cast.deputy.pk])
    assert "điểm b khoản 4 Điều 5" in act.article
    assert act.detail == {"follow": Follow.objects.get().pk}
    assert client.get(dossier.get_absolute_url()).status_code == 200
    # Neither on the desks nor to the work does anything happen; a second time nothing at all.
    assert not Notification.objects.filter(user=cast.deputy, kind="follow").exists()
    assert begin() == {"shown": 0, "failed": 0}
    assert [*verifying.findings(), *of_dossiers(), *broken_chains(), *broken_states()] == []


def test_it_is_shown_in_batches_and_the_next_one_goes_on(cast, pdf):
    """Bắc Giang Điều 11.1b."""
    documents = [play.distributed(cast, pdf, code_number=f"{one}") for one in range(3)]
    Follow.objects.create(
        appointment=cast.colleague.appointments.get(), unit=cast.planning, start_date=SINCE
    )
    counts = [begin_following(cast.city, 2) for _time in range(3)]
    assert counts == [2, 1, 0]
    assert set(IncomingDocument.objects.visible_to(act_as(cast.colleague))) == set(documents)


def test_a_field_that_begins_later_is_shown_by_the_clock(cast, pdf):
    """Bắc Giang Điều 5.4b: on its first day, and not before; only of its type."""
    play.distributed(cast, pdf, code_number="1")
    paper = play.distributed(cast, pdf, code_number="2", type_name="Tờ trình")
    Follow.objects.create(
        appointment=cast.colleague.appointments.get(), type_name="Tờ trình", start_date=later(3)
    )
    assert begin()["shown"] == 0
    assert begin(clock.now() + timedelta(days=3))["shown"] == 1
    assert [*IncomingDocument.objects.visible_to(act_as(cast.colleague))] == [paper]


def test_what_is_taken_back_unread_is_taken_from_him_too(cast, pdf):
    """Kon Tum Điều 13.2: he saw it for the sake of the work alone."""
    document = play.distributed(cast, pdf)
    Follow.objects.create(
        appointment=cast.colleague.appointments.get(), unit=cast.planning, start_date=SINCE
    )
    forget(cast.city.pk)
    assert begin()["shown"] == 1
    actions.recall(act_as(cast.chief), document)
    assert not IncomingDocument.objects.visible_to(act_as(cast.colleague)).exists()
    assert [*verifying.findings()] == []


def test_whoever_sees_all_or_has_left_is_shown_nothing(cast, pdf):
    play.distributed(cast, pdf)
    for who in (cast.chief, cast.head, cast.colleague):
        Follow.objects.create(
            appointment=who.appointments.get(), unit=cast.planning, start_date=SINCE
        )
    cast.colleague.is_active = False
    cast.colleague.save()
    assert begin()["shown"] == 0


def test_the_clock_asks_for_each_document_alone_and_nothing_of_who_sees_all(cast, pdf):
    """With 300,000 documents a list of all that he sees takes the clock minutes."""
    play.distributed(cast, pdf)
    for who in (cast.chief, cast.colleague):
        Follow.objects.create(
            appointment=who.appointments.get(), unit=cast.planning, start_date=SINCE
        )
    with CaptureQueriesContext(connection) as asked:
        assert begin_following(cast.city) == 1
    looked = [one["sql"] for one in asked if '"documents_assignment"' in one["sql"]]
    assert len([sql for sql in looked if "FOR UPDATE" not in sql]) == 2  # which; then that one
    assert not [sql for sql in looked if "NOT (" in sql and " IN (SELECT" in sql]


def test_a_deputy_follows_his_field_from_then_on(client, cast, pdf):
    """Bắc Giang Điều 5.4b."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    before = play.assigned(cast, pdf, code_number="1", subject="Trước đó")
    assert page(client, cast.deputy, "backlog").status_code == 404
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(), person=cast.specialist, start_date=SINCE
    )
    forget(cast.city.pk)
    document = play.assigned(cast, pdf, code_number="2", subject="Trong lĩnh vực")
    play.distributed(cast, pdf, code_number="3", subject="Ngoài lĩnh vực")
    found = page(client, cast.deputy, "backlog")
    assert subjects(found) == ["Trong lĩnh vực"]
    text = found.content.decode()
    assert "điểm b khoản 4 Điều 5" in text
    assert "Hoàng Thị Mỹ Linh" in text
    assert "Việc theo dõi" in text
    assert Notification.objects.filter(user=cast.deputy, kind="assign").count() == 1
    # What was given before comes to him with its next step, if the clock has not looked yet.
    actions.progress(act_as(cast.specialist), before, percent=10, text="Đang làm.")
    assert set(subjects(page(client, cast.deputy, "backlog"))) == {"Trước đó", "Trong lĩnh vực"}
    seen = IncomingDocument.objects.visible_to(act_as(cast.deputy))
    assert set(seen) == {before, document}
    assert list(verifying.findings()) == []


def test_a_field_by_type_of_document_ends_with_its_day(client, cast, pdf, at):
    """Bắc Giang Điều 5.4b."""
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(),
        type_name="Tờ trình",
        unit=cast.planning,
        start_date=SINCE,
        end_date=later(1),
    )
    forget(cast.city.pk)
    play.distributed(cast, pdf, code_number="1", subject="Công văn")
    play.distributed(cast, pdf, code_number="2", subject="Tờ trình", type_name="Tờ trình")
    assert subjects(page(client, cast.deputy, "backlog")) == ["Tờ trình"]
    at(clock.now() + timedelta(days=2))
    assert follows_of(cast.city.pk) == []
    assert page(client, cast.deputy, "backlog").status_code == 404


def test_somebody_is_named_to_watch_a_unit(client, cast, pdf):
    """NĐ 30/2020 Điều 24.1; Bắc Giang Điều 11.1b: a unit names who follows its work."""
    piled_up = play.distributed(cast, pdf, code_number="1", subject="Đã dồn lại")
    Follow.objects.create(
        appointment=cast.colleague.appointments.get(), unit=cast.planning, start_date=SINCE
    )
    forget(cast.city.pk)
    document = play.distributed(cast, pdf)
    found = page(client, cast.colleague, "backlog")
    assert subjects(found) == [document.subject]
    assert "khoản 1 Điều 24" in found.content.decode()
    assert begin()["shown"] == 1
    found = page(client, cast.colleague, "backlog")
    assert set(subjects(found)) == {document.subject, piled_up.subject}
    assert found.context["totals"]["n_open"] == 2


def test_whoever_watches_nothing_is_told_so(client, cast, pdf):
    for who in ("clerk", "specialist", "adviser", "archivist"):
        refusal = rules.may_watch(act_as(getattr(cast, who)))
        assert isinstance(refusal, NotYours)
        assert "khoản 1 Điều 24" in refusal.article
        assert page(client, getattr(cast, who), "backlog").status_code == 404
        assert reverse("incoming:backlog", args=["kontum"]) not in page_of_desk(
            client, getattr(cast, who)
        )
    assert reverse("incoming:backlog", args=["kontum"]) in page_of_desk(client, cast.head)


def page_of_desk(client, user) -> str:
    client.force_login(user)
    return client.get("/kontum/").content.decode()


def test_a_delegate_watches_for_the_head(client, cast, pdf):
    """Bắc Giang Điều 5.3d."""
    play.distributed(cast, pdf)
    assert page(client, cast.deputy, "backlog").status_code == 404
    delegate(act_as(cast.head), cast.deputy, start_date=clock.today(), end_date=later(1))
    assert len(page(client, cast.deputy, "backlog").context["items"]) == 1


def test_the_administrator_names_who_follows_what(
    client, cast, pdf, django_capture_on_commit_callbacks
):
    """Bắc Giang Điều 5.4b, 11.1b → /admin/."""
    document = play.distributed(cast, pdf)
    client.force_login(cast.admin)
    held = cast.deputy.appointments.get()
    data = {"appointment": held.pk, "unit": cast.planning.pk, "start_date": "01/01/2024"}
    path = reverse("admin:documents_follow_add")
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(path, data)
    assert answer.status_code == 302, answer.context["errors"]
    assert [*IncomingDocument.objects.visible_to(act_as(cast.deputy))] == [document]
    assert [row.unit for row in follows_of(cast.city.pk)] == [cast.planning]
    for wrong in ({"unit": ""}, {"unit": cast.ward_unit.pk}, {"end_date": "01/01/2020"}):
        assert client.post(path, data | wrong).status_code == 200
    theirs = cast.ward_officer.appointments.get()
    assert client.post(path, data | {"appointment": theirs.pk}).status_code == 200
    assert Follow.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("directives", "chief"),
        ("directives", "chair"),
        ("backlog", "chief"),
        ("backlog", "head"),
    ],
)
def test_many_rows_cost_no_more_queries_than_one(client, cast, pdf, name, who):
    """The frame asks six times, these pages eight times more at most, whatever their rows."""

    def more(number: int) -> None:
        document = directed(cast, pdf, code_number=f"1{number}", due=9)
        line = Line(LEAD, cast.planning, cast.specialist, "", later(8))
        actions.assign(act_as(cast.head), document, [line])
        actions.request_extension(act_as(cast.head), document, day=later(30), text="Xin.")
        done = directed(cast, pdf, code_number=f"2{number}", unit=cast.finance)
        actions.finish(act_as(cast.finance_head), done, text="Xong.")

    def cost(**data) -> int:
        page(client, getattr(cast, who), name, **data)
        path = reverse(f"incoming:{name}", args=["kontum"])
        with CaptureQueriesContext(connection) as found:
            assert client.get(path, data).status_code == 200
        return len([one for one in found if "SAVEPOINT" not in one["sql"]])

    tabs = ("open", "done") if name == "directives" else ("all", "unopened")
    more(0)
    one = [cost(tab=tab) for tab in tabs]
    for number in range(1, 5):
        more(number)
    assert [cost(tab=tab) for tab in tabs] == one
    assert max(one) <= 14
