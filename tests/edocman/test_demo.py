"""`manage.py demo`: the offices, weeks of documents in all states, once and never beside others."""

import io
import itertools
import json
from collections import Counter
from datetime import date, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts import regulation
from accounts.choices import Role
from accounts.models import Agency, User
from core import clock
from documents import inspection
from documents.actions import act_hash, filing
from documents.calendar import office_calendar
from documents.choices import AssignmentState, Book
from documents.inspection import Inspection
from documents.models import (
    Assignment,
    Document,
    DocumentAct,
    Opinion,
    QuarantinedFile,
    Register,
    StoredFile,
    TrailSeal,
    Waiting,
)
from documents.workdays import WorkCalendar
from dossiers import verifying as verifying_dossiers
from dossiers.models import Dossier
from edocman.demo import authority, hours, letters, offices, papers, plans
from edocman.demo.load import load
from edocman.management.commands import demo as command
from incoming.choices import State
from incoming.models import IncomingDocument
from outgoing import verifying as verifying_drafts
from outgoing.models import OutgoingDocument
from tests.files import build

PLANS = plans.plans()


def run(*arguments):
    """What the command writes on stdout."""
    out = io.StringIO()
    call_command("demo", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


LOOKED_AT = Inspection(kind="pdf", readable=True, pages=1, pdf_version="1.4")


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker, tmp_path_factory):
    """One letter of every kind, really drawn; only the first one is really inspected."""
    looked = itertools.count()

    def look(*arguments, **values):
        return LOOKED_AT if next(looked) else inspection.inspect(*arguments, **values)

    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(filing, "inspect", look)
        # `make run` trusts the demo's authority in the same way.
        root = authority.root_in(tmp_path_factory.mktemp("authority"))
        patch.setattr(settings, "SIGNATURE_ANCHORS", [str(root)])
        load(each=1)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def paper_free(monkeypatch):
    """Neither drawing nor inspecting: the same small letter sixty times."""
    pdf = build()
    monkeypatch.setattr(papers, "letter", lambda _spec: pdf)
    monkeypatch.setattr(papers, "regulation_pdf", lambda _spec: pdf)
    monkeypatch.setattr(filing, "inspect", lambda *_arguments, **_values: LOOKED_AT)


def test_every_letter_has_a_plan_and_every_plan_a_letter():
    calendar = WorkCalendar({})
    day = date(2026, 11, 20)
    found = [
        *letters.arrivals(day, calendar),
        *letters.arrivals(day, calendar, source="more"),
        *letters.arrivals(day, calendar, source="provinces"),
        *letters.regulations(day),
    ]
    assert {arrival.code for arrival in found} == set(PLANS)
    assert len({arrival.file_name for arrival in found}) == len(found)
    assert {plan.until for plan in PLANS.values()} == set(plans.STEPS)
    city = {unit["code"] for unit in letters.offices()["agencies"][0]["units"]}
    places = {one["slug"]: one["units"] for one in letters.offices()["agencies"]}
    for arrival in found:
        units = {unit["code"] for unit in places[arrival.agency]}
        assert {arrival.lead, *arrival.coordinate, *arrival.inform} <= units, arrival.code
    for plan in PLANS.values():
        assert {*plan.share, *plan.later, *filter(None, [plan.again])} <= city
        assert bool(plan.correct) == bool(plan.typed)
    forbidden = regulation.load("kon-tum-2017").gate
    assert {plan.reason for plan in PLANS.values() if plan.until == "refused"} & set(forbidden)


def test_older_letters_move_back_and_those_of_this_week_stay():
    assert [letters._ago(days, 15) for days in (0, 1, 7, 15)] == [0, 1, 7, 15]
    assert [letters._ago(days, 27) for days in (0, 1, 7, 15)] == [0, 1, 10, 27]
    assert [letters._ago(days, 6) for days in (0, 1, 7, 15)] == [0, 0, 3, 6]


def test_working_hours():
    calendar = WorkCalendar({})
    friday = timezone.make_aware(datetime(2026, 11, 20, 16, 30))  # noqa: DTZ001
    monday = timezone.make_aware(datetime(2026, 11, 23, 14, 0))  # noqa: DTZ001
    assert hours.later(friday, 30 + 240 + 30, calendar) == monday
    assert hours.between(friday, monday, calendar) == 300
    assert hours.between(monday, friday, calendar) == 0
    assert hours.last_half_day(friday, calendar) == friday.date()
    early = monday.replace(hour=8)
    assert hours.last_half_day(early, calendar) == friday.date()


# --- The small demo.


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    """What stands in the database afterwards."""

    pytestmark = pytest.mark.django_db

    def test_all_states_occur(self):
        states = set(IncomingDocument.objects.values_list("state", flat=True))
        assert states == set(State)
        assert set(Assignment.objects.values_list("state", flat=True)) == set(AssignmentState)

    def test_every_verb_was_played(self):
        verbs = set(DocumentAct.objects.values_list("verb", flat=True))
        assert verbs >= {
            "receive", "refuse", "register", "submit", "propose", "direct", "distribute",
            "assign", "send_back", "progress", "finish", "reopen", "share", "read",
            "recall",
            "purge",
        }  # fmt: skip

    def test_numbers_follow_the_arrival_without_a_gap(self):
        # A draft leaves its book with the number of another.
        for register in Register.objects.exclude(book=Book.DRAFTS):
            numbers = register.documents.order_by("number").values_list("number", flat=True)
            assert list(numbers) == list(range(1, register.last_number + 1))
            rows = IncomingDocument.objects.filter(register=register).order_by("number")
            moments = [row.registered_at for row in rows]
            assert moments == sorted(moments)

    def test_dossiers_stand_at_different_states(self):
        """Bắc Giang Điều 6, Kon Tum Điều 20.2: closed, in work, and a task that was given."""
        found = Dossier.objects.filter(agency__slug="kontum")
        assert {"closed", "in_process"} <= set(found.values_list("state", flat=True))
        assert found.filter(is_task=True).exists()
        assert list(verifying_dossiers.findings()) == []

    def test_drafts_stand_at_different_states(self):
        """Kon Tum Điều 12, 14, 16.2, Bình Định Điều 9.2: being written, returned, at each step."""
        found = OutgoingDocument.objects.all()
        states = set(found.values_list("state", flat=True))
        assert states == {
            "drafting",
            "content",
            "format",
            "clerk",
            "signing",
            "approved",
            "sealed",
            "issued",
        }
        gone = found.get(state="issued")
        assert gone.issued_files.last().file.signatures["verdict"] == "valid"
        assert gone.deliveries.filter(received__isnull=False).exists()
        assert found.filter(state="drafting", returned_at__isnull=False).exists()
        assert any(one.needs_paper for one in found.filter(agency__slug="sxd-binhdinh"))
        for one in found.exclude(state="drafting"):
            assert one.versions.filter(pdf__isnull=False).exists()
        assert Opinion.objects.filter(document__kind="outgoing").exists()
        assert list(verifying_drafts.findings()) == []

    def test_nothing_lies_in_the_future_or_outside_working_days(self):
        calendar = office_calendar()
        moments = list(DocumentAct.objects.values_list("at", flat=True))
        assert max(moments) < clock.now()
        assert all(calendar.is_working_day(timezone.localtime(each).date()) for each in moments)
        for document in IncomingDocument.objects.all():
            own = [act.at for act in document.acts.all()]
            assert own == sorted(own)

    def test_the_trail_is_whole_and_sealed(self):
        assert all(act.hash == act_hash(act) for act in DocumentAct.objects.all())
        sealed = {row.agency.slug for row in TrailSeal.objects.select_related("agency")}
        # The small demo has no document of any kind for some of the agencies.
        assert sealed == set(Document.objects.values_list("agency__slug", flat=True).distinct())
        assert sealed <= {agency["slug"] for agency in offices.agencies()}
        assert {"kontum", "bacgiang", "sonla"} <= sealed

    def test_of_what_was_refused_nothing_stays(self):
        refused = IncomingDocument.objects.get(refusal_reason="state_secrets")
        assert (refused.state, refused.subject, refused.organ_name) == ("refused", "", "")
        assert not refused.quarantined.exists()
        assert not refused.attachments.exists()

    def test_the_regulation_is_number_one(self):
        document = IncomingDocument.objects.get(agency__slug="kontum", number=1)
        assert document.code == "04/2017/QĐ-UBND"
        assert document.page_amount > 5

    def test_what_lies_in_the_tray_has_been_inspected(self):
        rows = QuarantinedFile.objects.all()
        assert rows
        assert all(row.inspection["readable"] for row in rows)
        assert StoredFile.objects.count() > 10

    def test_a_second_run_loads_nothing_and_answers_the_same(self):
        before = DocumentAct.objects.count()
        first = run("--json")
        assert run("--json") == first
        assert run("--if-empty") == ""
        assert DocumentAct.objects.count() == before

    def test_json_has_agencies_and_accounts(self):
        answer = json.loads(run("--json"))
        assert set(answer) == {"agencies", "accounts"}
        slugs = [agency["slug"] for agency in answer["agencies"]]
        assert (slugs[0], len(slugs)) == ("kontum", 15)
        assert {"bacgiang", "gtvt", "maison", "tpsonla", "noivu", "sxd-binhdinh"} <= set(slugs)
        assert {
            "bac-giang-2014",
            "binh-dinh-2016",
            "can-tho-2019",
            "gtvt-son-la",
            "kon-tum-2017",
            "son-la-2014",
        } == {agency["regulation"] for agency in answer["agencies"]}
        for account in answer["accounts"]:
            assert {"agency", "username", "password", "roles", "full_name"} <= set(account)
        roles = {
            r for each in answer["accounts"] if each["agency"] == "kontum" for r in each["roles"]
        }
        assert roles == set(Role.values)

    def test_accounts_sign_in_without_a_change_but_for_one(self, client):
        """Kon Tum Điều 21.3 is shown by one account."""
        accounts = json.loads(run("--json"))["accounts"]
        assert sum(account["must_change_password"] for account in accounts) == 1
        chosen = {account["must_change_password"]: account for account in accounts}
        for first, account in chosen.items():
            values = {"username": account["username"], "password": account["password"]}
            client.post(reverse("accounts:login"), values)
            user = User.objects.get(pk=client.session["_auth_user_id"])
            assert (user.username, user.must_change_password) == (account["username"], first)
            client.logout()

    def test_a_password_that_was_changed_is_not_told(self):
        user = User.objects.get(username="vtubnd.tp@kontum.gov.vn")
        user.set_password("một mật khẩu khác")
        user.save()
        accounts = {each["username"]: each for each in json.loads(run("--json"))["accounts"]}
        assert accounts[user.username]["password"] is None
        assert accounts["admin"]["password"] == offices.PASSWORD

    def test_the_table_names_roles_and_people(self):
        table = run("--accounts")
        for words in ("Bùi Thị Hồng Nhung", "Văn thư", offices.PASSWORD, "phải đổi mật khẩu"):
            assert words in table

    def test_beside_a_foreign_agency_it_refuses_again(self):
        Agency.objects.create(name="Sở Xây dựng", slug="so-xay-dung", organ_id="000.00.20.H08")
        with pytest.raises(CommandError) as refused:
            run("--reset")
        assert refused.value.returncode == 2


# --- Other people's data, and days of every kind.


def test_it_refuses_a_database_of_others(cast):
    with pytest.raises(CommandError, match="not the demo's") as refused:
        run("--json")
    assert refused.value.returncode == 2
    assert run("--if-empty") == ""
    assert run("--accounts") == ""
    assert Agency.objects.count() == 3


@pytest.mark.django_db
def test_people_without_an_agency_are_other_data_too():
    User.objects.create(username="quan-tri", full_name="Quản trị")
    with pytest.raises(CommandError):
        run()


@pytest.mark.django_db
def test_half_a_demo_is_loaded_anew_only_when_told_so(paper_free, monkeypatch):
    offices.make()
    connection.check_constraints()  # as a commit would; a table with open checks is not emptied
    with pytest.raises(CommandError, match="--reset") as refused:
        run()
    assert refused.value.returncode == 2
    assert run("--if-empty") == ""
    monkeypatch.setattr(command, "load", lambda **values: load(each=1, say=values["say"]))
    old = set(Agency.objects.values_list("pk", flat=True))
    assert json.loads(run("--reset", "--json"))["accounts"]
    assert offices.found() is offices.Found.WHOLE
    assert not old & set(Agency.objects.values_list("pk", flat=True))
    assert DocumentAct.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("weeks", ["0", "41"])
def test_weeks_have_bounds(weeks):
    with pytest.raises(CommandError) as refused:
        run("--weeks", weeks)
    assert refused.value.returncode == 2
    assert not Agency.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "each"),
    [
        (datetime(2026, 11, 25, 15, 0), None),  # noqa: DTZ001 -- a Wednesday
        (datetime(2026, 2, 23, 8, 0), 2),  # noqa: DTZ001 -- the first morning after Tết
        (datetime(2027, 1, 4, 9, 0), 2),  # noqa: DTZ001 -- the first week of a year
    ],
)
def test_on_whatever_day_some_work_is_late_and_some_due(paper_free, at, moment, each):
    at(moment)
    load(each=each)
    states = Counter(IncomingDocument.objects.values_list("state", flat=True))
    assert set(states) == set(State)
    calendar, today = office_calendar(), clock.today()
    waiting = [row.due_date for row in Waiting.objects.exclude(due_date=None)]
    assert any(calendar.is_late(today, due) for due in waiting)
    assert any(calendar.closing_day(today) == due for due in waiting)
    assert any(0 < calendar.working_days_between(today, due) <= 5 for due in waiting)
    assert max(DocumentAct.objects.values_list("at", flat=True)) < clock.now()
    if each is None:
        assert sum(states.values()) == 100
