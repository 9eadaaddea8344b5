"""Whoever is asked for an opinion on a draft, or has it to look at, is reminded as of all work."""

from datetime import date

import pytest

from core import clock
from documents.actions.giving import Line
from documents.choices import AssignmentRole
from notifications.models import Notification
from outgoing import actions
from outgoing.choices import State
from tests.cast import act_as
from tests.incoming.reminding import MONDAY, moment, remind, rows_anew, told
from tests.outgoing.drafts import at_state, drafted
from tests.quick import glance

__all__ = ["glance", "rows_anew"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "rows_anew", "empty_cache")]


def test_who_is_asked_for_an_opinion_is_reminded(cast):
    """Cần Thơ Điều 9.2a: by the day that was set, and when it has passed."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = drafted(cast)
        line = Line(AssignmentRole.COORDINATE, cast.finance)
        day = date(2026, 3, 10)
        actions.ask_opinion(
            act_as(cast.specialist), document, [line], text="Có kinh phí không?", day=day
        )
    Notification.objects.all().delete()
    remind(date(2026, 3, 10))
    assert ("finance_head", "due_today") in told()
    row = Notification.objects.get(user=cast.finance_head, kind="due_today")
    assert row.path == document.get_absolute_url()
    remind(date(2026, 3, 11))
    assert ("finance_head", "overdue") in told()


def test_whose_turn_it_is_with_a_late_draft_is_reminded(cast):
    """Kon Tum Điều 12: what a draft waits for, and whom it waits for."""
    with clock.set_to(moment(MONDAY, "09:00")):
        document = at_state(cast, State.CONTENT, due_date=date(2026, 3, 4))
    Notification.objects.all().delete()
    remind(date(2026, 3, 5))
    assert ("head", "overdue") in told()
    assert Notification.objects.filter(path=document.get_absolute_url()).exists()
