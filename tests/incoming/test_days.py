"""Days that have passed, days that go down with the work, and who is reminded of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Extension, Waiting
from incoming import actions, verifying
from incoming.actions import Line
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.incoming.reminding import MONDAY, moment, remind, rows_anew, told
from tests.quick import glance

__all__ = ["glance", "rows_anew"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew")]
LEAD, HELP = AssignmentRole.LEAD, AssignmentRole.COORDINATE
TUESDAY = date(2026, 3, 3)
FRIDAY = date(2026, 3, 6)


def of_the_unit(cast, pdf, due=TUESDAY):
    """The planning unit leads it since Monday."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.submitted(cast, pdf)
        line = Line(LEAD, cast.planning, None, "Báo cáo.", due)
        return actions.distribute(act_as(cast.chief), document, [line])


@pytest.mark.parametrize("typed", [None, TUESDAY])
def test_a_head_assigns_after_the_units_day_has_passed(cast, pdf, typed):
    """Kon Tum Điều 20.2, 19.4: the person is late as his unit is, and is reminded of it."""
    document = of_the_unit(cast, pdf)
    with clock.set_to(moment(FRIDAY, "09:00")):
        lines = [
            Line(LEAD, cast.planning, cast.specialist, "", typed),
            Line(HELP, cast.planning, cast.colleague),
        ]
        actions.assign(act_as(cast.head), document, lines)
    days = dict(document.assignments.exclude(person=None).values_list("person", "due_date"))
    assert days == {cast.specialist.pk: TUESDAY, cast.colleague.pk: TUESDAY}
    remind(date(2026, 3, 9))
    assert {("specialist", "overdue"), ("colleague", "overdue")} <= set(told())


def test_another_day_that_has_passed_is_refused(cast, pdf):
    """Kon Tum Điều 20.2: only the unit's own goes down; a later one is beyond the unit's."""
    document = of_the_unit(cast, pdf)
    with clock.set_to(moment(FRIDAY, "09:00")):
        for day, said in ((MONDAY, "đã qua"), (FRIDAY, "vượt quá thời hạn của đơn vị")):
            line = Line(LEAD, cast.planning, cast.specialist, "", day)
            with pytest.raises(Refusal, match=said):
                actions.assign(act_as(cast.head), document, [line])


def test_the_form_that_offers_the_units_day_goes_through(cast, pdf, client):
    """Kon Tum Điều 20.2 → /incoming/<id>/: what stands in the form at first is taken."""
    document = of_the_unit(cast, pdf)
    with clock.set_to(moment(FRIDAY, "09:00")):
        client.force_login(cast.head)
        page = document.get_absolute_url()
        assert "03/03/2026" in client.get(f"{page}?do=assign").content.decode()
        form = {"who-0": f"p{cast.specialist.pk}.{cast.planning.pk}", "due_date-0": "03/03/2026"}
        assert client.post(f"{page}assign/", form).status_code == 302
    assert document.assignments.get(person=cast.specialist).due_date == TUESDAY


def test_a_document_whose_day_has_passed_is_given_out_with_it(cast, pdf):
    """Kon Tum Điều 11.6a: "văn bản đã quy định ngày xử lý thì áp dụng"; nobody is let off."""
    today = clock.today()
    gone = today - timedelta(days=3)
    lead = Line(LEAD, cast.planning, None, "Báo cáo.")
    late = play.submitted(
        cast, pdf, due_date=gone, issued_date=gone, arrival_date=gone, code_number="1"
    )
    late = actions.distribute(act_as(cast.chief), late, [lead])
    assert (late.assignments.get().due_date, late.due_date) == (gone, gone)
    assert Waiting.objects.get(document=late.pk).due_date == gone
    other = play.submitted(cast, pdf, code_number="2")
    with pytest.raises(Refusal, match="đã qua"):
        actions.distribute(
            act_as(cast.chief), other, [Line(LEAD, cast.planning, None, "Báo cáo.", gone)]
        )


# --- A day that was typed wrongly.


def mended(cast, document, day, **changes):
    typed = play.entry(due_date=day, **changes)
    return actions.correct(act_as(cast.clerk), document, typed, reason="Gõ nhầm hạn.")


def days_of(document) -> dict[str, date | None]:
    """The day of each who works on it, by the names of people and units."""
    found = document.assignments.select_related("unit", "person")
    return {str(one.person or one.unit): one.due_date for one in found}


def on_desks(document) -> set[date | None]:
    return set(Waiting.objects.filter(document=document.pk).values_list("due_date", flat=True))


def test_a_day_mended_from_the_paper_goes_with_the_work(cast, pdf):
    """Kon Tum Điều 11.6a: one day in the book, at the unit and on every desk; all are told."""
    today = clock.today()
    wrong, right, own = (today + timedelta(days=number) for number in (20, 5, 3))
    document = play.submitted(cast, pdf, due_date=wrong)
    lines = [Line(LEAD, cast.planning), Line(HELP, cast.finance, None, "", own)]
    document = actions.distribute(act_as(cast.chief), document, lines)
    lines = [
        Line(LEAD, cast.planning, cast.specialist),
        Line(HELP, cast.planning, cast.colleague, "", own),
    ]
    document = actions.assign(act_as(cast.head), document, lines)
    Notification.objects.all().delete()
    document = mended(cast, document, right)
    assert IncomingDocument.objects.get(pk=document.pk).due_date == right
    assert days_of(document) == {
        str(cast.planning): right,
        str(cast.specialist): right,
        str(cast.finance): own,
        str(cast.colleague): own,
    }
    assert on_desks(document) == {right, own}
    assert told() == [("head", "day_mended"), ("specialist", "day_mended")]
    act = DocumentAct.objects.filter(target=document.pk).order_by("ordinal").last()
    moved = document.assignments.filter(due_date=right).order_by("pk")
    assert act.detail == {"fields": ["due_date"], "carried": [one.pk for one in moved]}
    assert list(verifying.findings()) == []
    # A later day is asked for from there.
    actions.request_extension(act_as(cast.head), document, day=wrong, text="Chờ số liệu.")
    row = Extension.objects.get()
    assert row.old_day == right
    document = actions.decide_extension(act_as(cast.chair), document, row, agree=True)
    assert (document.due_date, days_of(document)[str(cast.specialist)]) == (wrong, wrong)


def test_a_day_that_was_forgotten_is_added_for_those_who_work_on_it(cast, pdf):
    """Kon Tum Điều 11.6a."""
    document = play.submitted(cast, pdf)
    document = actions.distribute(act_as(cast.chief), document, [Line(LEAD, cast.planning)])
    lines = [Line(LEAD, cast.planning, cast.specialist)]
    document = actions.assign(act_as(cast.head), document, lines)
    day = clock.today() + timedelta(days=4)
    document = mended(cast, document, day)
    assert set(days_of(document).values()) == on_desks(document) == {day}


def test_a_day_that_the_office_has_set_is_not_the_clerks_to_mend(cast, pdf):
    """Kon Tum Điều 11.6c: another is asked for, and decided; all else is mended as before."""
    day = clock.today() + timedelta(days=5)
    document = play.assigned(cast, pdf)
    assert document.due_date == day
    for wrong in (None, day + timedelta(days=9), day - timedelta(days=1)):
        with pytest.raises(Refusal, match="không còn là thời hạn ghi trên văn bản") as refused:
            mended(cast, document, wrong)
        assert refused.value.field == "due_date"
        assert "khoản 6 Điều 11" in refused.value.article
    document = mended(cast, document, day, subject="Trích yếu khác")
    assert (document.due_date, on_desks(document)) == (day, {day})
    assert Notification.objects.filter(kind__in=("correct", "day_mended")).count() == 0


def test_a_day_that_was_extended_is_not_the_clerks_to_mend(cast, pdf):
    """Kon Tum Điều 11.6c."""
    day, later = (clock.today() + timedelta(days=number) for number in (5, 9))
    document = play.submitted(cast, pdf, due_date=day)
    document = actions.distribute(act_as(cast.chief), document, [Line(LEAD, cast.planning)])
    actions.request_extension(act_as(cast.head), document, day=later, text="Chờ số liệu.")
    document = mended(cast, document, day - timedelta(days=1))  # nobody has decided yet
    row = Extension.objects.get()
    document = actions.decide_extension(act_as(cast.chair), document, row, agree=True)
    with pytest.raises(Refusal, match="đã gia hạn"):
        mended(cast, document, day)
    assert IncomingDocument.objects.get(pk=document.pk).due_date == later


def test_what_the_office_took_back_has_the_day_of_the_paper_again(cast, pdf):
    """Kon Tum Điều 11.6a, 13.2."""
    day, own, right = (clock.today() + timedelta(days=number) for number in (9, 5, 7))
    document = play.submitted(cast, pdf, due_date=day)
    chief = act_as(cast.chief)
    document = actions.distribute(chief, document, [Line(LEAD, cast.planning, None, "", own)])
    document = actions.recall(chief, document)
    document = actions.distribute(chief, document, [Line(LEAD, cast.finance)])
    document = mended(cast, document, right)
    assert on_desks(document) == {right}


def test_the_form_says_why_the_day_stays(cast, pdf, client):
    """→ /incoming/<id>/correct/"""
    document = play.assigned(cast, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=["kontum", document.pk])
    form = client.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {
        "due_date": f"{clock.today() + timedelta(days=40):%d/%m/%Y}",
        "reason": "Gõ nhầm.",
        "seen": form.version,
    }
    for name in ("arrival_date", "issued_date"):
        typed[name] = f"{typed[name]:%d/%m/%Y}"
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "nơi chủ trì xin gia hạn" in answer.content.decode()


# --- Reminded once for each cause.


def test_work_that_is_reopened_is_reminded_of_anew(cast, pdf):
    """Kon Tum Điều 19.4: late once, ended, opened again with the same day: late again."""
    document = of_the_unit(cast, pdf)
    for day in (date(2026, 3, 4), date(2026, 3, 5)):
        remind(day)
    assert told().count(("head", "overdue")) == 1
    with clock.set_to(moment(date(2026, 3, 5), "10:00")):
        actions.finish(act_as(cast.head), document, text="Đã báo cáo.")
    with clock.set_to(moment(FRIDAY, "10:00")):
        actions.reopen(act_as(cast.chief), document, text="Còn thiếu.")
    for day in (date(2026, 3, 9), date(2026, 3, 10)):
        remind(day)
    assert told().count(("head", "overdue")) == 2


def test_what_comes_back_to_the_office_is_reminded_of_anew(cast, pdf):
    """Kon Tum Điều 13.7a, 19.4: the chief had it, gave it out, and has it again."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = play.submitted(cast, pdf, due_date=TUESDAY)
    remind(date(2026, 3, 4))
    with clock.set_to(moment(date(2026, 3, 4), "10:00")):
        line = Line(LEAD, cast.planning, None, "Báo cáo.")
        actions.distribute(act_as(cast.chief), document, [line])
    with clock.set_to(moment(date(2026, 3, 5), "10:00")):
        actions.send_back(act_as(cast.head), document, text="Không thuộc phòng.")
    remind(FRIDAY)
    remind(date(2026, 3, 9))
    assert told().count(("chief", "overdue")) == 2


def test_a_day_that_is_off_closes_today_on_the_page_as_on_the_lists(cast, pdf, client):
    """A Saturday's work may be done until Monday: the page says today, as desk and lists do."""
    saturday, monday = date(2026, 3, 7), date(2026, 3, 9)
    document = of_the_unit(cast, pdf, due=saturday)
    client.force_login(cast.head)
    with clock.set_to(moment(monday, "09:00")):
        due = client.get(document.get_absolute_url()).context["due"]
        [listed] = client.get(reverse("incoming:book", args=["kontum"])).context["rows"]
    assert (due["date"], due["late"], due["today"]) == (saturday, False, True)
    assert listed["plain"]["due_today"]
