"""Days that have passed, days that go down with the work, and who is reminded of them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents.choices import AssignmentRole
from documents.models import Waiting
from incoming import actions
from incoming.actions import Line
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
