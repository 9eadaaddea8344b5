"""What the tests of the reminders share."""

import io
import json
from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command

from core import clock
from documents.calendar import forget
from documents.choices import AssignmentRole
from incoming import actions
from incoming.actions import Line
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as

LEAD = AssignmentRole.LEAD
# Monday 2 to Friday 13 March 2026: two plain weeks.
MONDAY = date(2026, 3, 2)
OPENS = "07:30"


@pytest.fixture
def rows_anew():
    forget()
    yield
    forget()


@pytest.fixture
def mailing(settings, cast):
    settings.EMAIL_HOST = "mail.example.com"
    settings.SITE_URL = "https://office.example.com"
    for name in ("head", "deputy", "specialist", "colleague", "chief", "chair", "vice"):
        person = getattr(cast, name)
        person.email = f"{name}@example.com"
        person.save()


def moment(day: date, hour: str = OPENS) -> datetime:
    return datetime.fromisoformat(f"{day.isoformat()}T{hour}")


def work(cast, pdf, *, due: date, given: date = MONDAY, number: str = "1", person=None):
    """A document that the planning unit leads; its specialist does it until that day."""
    with clock.set_to(moment(given, "09:00")):
        document = play.submitted(cast, pdf, code_number=number)
        line = Line(LEAD, cast.planning, None, "Báo cáo.", due)
        document = actions.distribute(act_as(cast.chief), document, [line])
        line = Line(LEAD, cast.planning, person or cast.specialist, "", due)
        document = actions.assign(act_as(cast.head), document, [line])
    Notification.objects.all().delete()
    return document


def remind(day: date, hour: str = "07:40") -> dict[str, int]:
    out = io.StringIO()
    call_command("remind", "--json", "--at", f"{day.isoformat()}T{hour}", stdout=out)
    return json.loads(out.getvalue())


def told(*, morning: bool = False) -> list[tuple[str, str]]:
    """Who was told what, in the order of telling; without the mornings."""
    rows = Notification.objects.order_by("created_at", "user__username", "kind")
    rows = rows if morning else rows.exclude(kind="morning")
    return list(rows.values_list("user__username", "kind"))


def days(first: date, count: int):
    return [first + timedelta(days=number) for number in range(count)]
