"""Who may give a dossier to whom: nobody puts work on the desk of his superior."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.choices import Role
from accounts.models import Appointment, Delegation, Unit
from core import clock
from core.errors import Refusal
from documents.models import Waiting
from dossiers import actions, rules
from dossiers.actions import Fields
from dossiers.models import Dossier
from incoming import actions as incoming
from tests import cast as play
from tests.cast import act_as, make_person
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

FIELDS = Fields(title="Kè sông Đăk Bla", file_notation="01.XD", maintenance="20 năm")
EVERYBODY = {
    "chair", "vice", "chief", "clerk", "archivist", "adviser", "head", "deputy", "specialist",
    "colleague", "finance_head", "accountant",
}  # fmt: skip
OWN = {"head", "deputy", "specialist", "colleague"}
NAMED = {
    "chair": EVERYBODY,
    "vice": EVERYBODY,
    "chief": EVERYBODY,
    "head": OWN,
    "finance_head": {"finance_head", "accountant"},
    "deputy": {"deputy"},
    "specialist": {"specialist"},
    "clerk": {"clerk"},
    "archivist": {"archivist"},
}


def stand_in(absent, delegate) -> None:
    """Today somebody has all of an absent person's rights, in due form."""
    Delegation.objects.create(
        appointment=absent.appointments.get(),
        delegate=delegate,
        start_date=clock.today(),
        end_date=clock.today(),
        scope="all",
        decision_number="5/QĐ-UBND",
        created_at=clock.now(),
    )


@pytest.mark.parametrize("who", sorted(NAMED))
def test_work_is_given_downwards_only(cast, who):
    """Kon Tum Điều 20.2: leaders to all, a head to his unit, everybody else to himself."""
    actor = act_as(getattr(cast, who))
    for name in sorted(EVERYBODY):
        keeper = getattr(cast, name).appointments.get()
        refused = rules.refuse_keeper(actor, keeper)
        assert (refused is None) is (name in NAMED[who]), name
        if refused is not None:
            assert refused.field == "keeper"
            with pytest.raises(Refusal):
                actions.open(actor, FIELDS, keeper=keeper)
    assert not Dossier.objects.exists()
    assert {one.user.username for one in rules.keepers_of(actor)} == NAMED[who]


def test_a_specialist_cannot_put_work_on_the_chairs_desk(cast, pdf, client):
    """Bắc Giang Điều 6.1: the chair gives it out; nobody gives it to him."""
    document = play.assigned(cast, pdf)
    chair = cast.chair.appointments.get()
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    page = client.get(path, {"from": document.pk}).content.decode()
    assert cast.specialist.full_name in page
    assert "Nguyễn Đức Thành" not in page
    typed = {
        "title": "Kè",
        "file_notation": "01.XD",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "due_date": f"{clock.today() + timedelta(days=1):%d/%m/%Y}",
        "creator": "Linh",
        "language": "Tiếng Việt",
        "from": document.pk,
    }
    assert client.post(path, typed | {"keeper": chair.pk}).status_code == 422
    assert not Waiting.objects.filter(user=cast.chair, document__kind="dossier").exists()
    with pytest.raises(Refusal, match="mới giao hồ sơ cho người khác"):
        actions.open(act_as(cast.specialist), FIELDS, keeper=chair, source=document)
    mine = cast.specialist.appointments.get()
    assert client.post(path, typed | {"keeper": mine.pk}).status_code == 302


def test_where_a_deputy_gives_work_he_gives_it_to_those_below_him(cast):
    """Bắc Giang Điều 5.4a: "hoặc chuyển cho chuyên viên xử lý"; not to his head."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    deputy = act_as(cast.deputy)
    named = {one.user.username for one in rules.keepers_of(deputy)}
    assert named == {"deputy", "specialist", "colleague"}
    head = cast.head.appointments.get()
    with pytest.raises(Refusal, match="Chỉ giao việc cho người của đơn vị mình"):
        actions.open_task(deputy, Fields(title="Việc"), keeper=head, text="Làm giúp.")


def test_a_head_gives_to_units_below_his_own(cast):
    below = Unit.objects.create(
        agency=cast.city, name="Tổ Cây xanh", short_name="CX", parent=cast.planning, ordinal=9
    )
    worker = make_person(below, Role.SPECIALIST, "gardener", "Y Nhung", "Chuyên viên")
    dossier = actions.open(act_as(cast.head), FIELDS, keeper=worker.appointments.get())
    assert Waiting.objects.get(document=dossier).user == worker


def standing_in(cast, person) -> None:
    """The specialist stands in for that person today."""
    stand_in(person, cast.specialist)


def test_who_stands_in_for_the_chair_names_whom_the_chair_may(cast, pdf, client):
    """Bắc Giang Điều 6.1, by delegation: the form offers the people, the verb takes them."""
    document = play.assigned(cast, pdf)
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    standing_in(cast, cast.chair)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    page = client.get(path, {"from": document.pk}).content.decode()
    assert "Lý Thanh Tâm" in page
    keeper = Appointment.objects.get(user=cast.accountant)
    dossier = actions.open(act_as(cast.specialist), FIELDS, keeper=keeper, source=document)
    assert dossier.keeper == keeper
    assert dossier.opened_by.user == cast.chair
    opening = client.get(path, {"from": document.pk}).context["giving"]
    assert cast.finance in [one.unit for one in opening.found.values() if one.person is None]
    typed = {
        "from": document.pk,
        "title": "Bờ kè phía đông",
        "file_notation": "02.XD",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "keeper": keeper.pk,
        "rows": "2",
        "who-0": f"u{cast.finance.pk}",
    }
    assert client.post(path, typed).status_code == 302
    given = Dossier.objects.get(code_notation="02.XD")
    assert (given.state, given.to_places) == ("in_process", cast.finance.name)


def given_to(person) -> dict[str, str]:
    day = f"{clock.today():%d/%m/%Y}"
    return {
        "title": "Quyết toán chợ",
        "text": "Làm.",
        "start_date": day,
        "rows": "2",
        "who-0": f"p{person.pk}.{person.appointments.get().unit_id}",
        "due_date-0": day,
    }


def test_who_stands_in_for_a_head_gives_work_to_the_heads_people(cast, client):
    """Kon Tum Điều 13.1, 20.2, by delegation: to whom the head may, and not to his own unit.

    → /dossiers/tasks/new/
    """
    standing_in(cast, cast.finance_head)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_task", args=["kontum"])
    page = client.get(path).content.decode()
    assert cast.accountant.full_name in page
    assert cast.colleague.full_name not in page
    assert client.post(path, given_to(cast.colleague)).status_code == 422
    assert client.post(path, given_to(cast.accountant)).status_code == 302
    task = Dossier.objects.get()
    assert (task.keeper.user, task.opened_by.user) == (cast.accountant, cast.finance_head)
    assert Waiting.objects.get(document=task).user == cast.accountant


def test_and_opens_a_dossier_and_gives_it_out_in_one_step(cast, client):
    """Bắc Giang Điều 6.1, by delegation. → /dossiers/new/"""
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    assert "Giao ngay khi lập" not in client.get(path).content.decode()
    standing_in(cast, cast.finance_head)
    page = client.get(path).content.decode()
    assert "Giao ngay khi lập" in page
    typed = given_to(cast.accountant) | {
        "file_notation": "01.TC",
        "maintenance": "20 năm",
        "creator": "Linh",
        "language": "Tiếng Việt",
        "keeper": cast.specialist.appointments.get().pk,
    }
    assert client.post(path, typed).status_code == 302
    dossier = Dossier.objects.get()
    assert (dossier.keeper.user, dossier.opened_by.user) == (cast.accountant, cast.finance_head)
    # What he keeps himself he opens as himself.
    own = typed | {"who-0": "", "due_date-0": "", "file_notation": "02.TC"}
    assert client.post(path, own).status_code == 302
    assert Dossier.objects.get(file_code__endswith="02.TC").opened_by.user == cast.specialist


def test_who_stands_in_for_the_chief_gives_a_task_to_whom_the_chief_may(cast, client):
    """Kon Tum Điều 20.2, by delegation: to any unit or person, not to those of his own."""
    standing_in(cast, cast.chief)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_task", args=["kontum"])
    offered = client.get(path).context["giving"].found.values()
    assert cast.finance in [one.unit for one in offered if one.person is None]
    typed = {
        "title": "Báo cáo thu chi",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "text": "Tổng hợp số liệu tuần.",
        "rows": "2",
        "who-0": f"u{cast.finance.pk}",
    }
    assert client.post(path, typed).status_code == 302
    task = Dossier.objects.get()
    assert (task.opened_by.user, task.keeper.user) == (cast.chief, cast.finance_head)
    assert task.assignments.get().unit == cast.finance


def test_who_works_on_a_document_and_stands_in_for_a_leader_gives_out_as_he(cast, pdf, client):
    """Bắc Giang Điều 6.1, Cần Thơ Điều 13.1, by delegation: from a document he opens as himself
    what he keeps, and as the leader what he gives to others at once. → /dossiers/new/"""
    document = play.assigned(cast, pdf)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    assert "Giao ngay khi lập" not in client.get(path, {"from": document.pk}).content.decode()
    standing_in(cast, cast.chair)
    answer = client.get(path, {"from": document.pk})
    assert "Giao ngay khi lập" in answer.content.decode()
    offered = answer.context["giving"].found.values()
    assert cast.finance in [one.unit for one in offered if one.person is None]
    typed = {
        "from": document.pk,
        "title": "Bờ kè",
        "file_notation": "01.XD",
        "maintenance": "20 năm",
        "start_date": f"{clock.today():%d/%m/%Y}",
        "keeper": cast.specialist.appointments.get().pk,
        "rows": "2",
    }
    assert client.post(path, typed | {"who-0": f"u{cast.finance.pk}"}).status_code == 302
    given = Dossier.objects.get(code_notation="01.XD")
    assert (given.opened_by.user, given.keeper.user) == (cast.chair, cast.finance_head)
    assert given.to_places == cast.finance.name
    assert client.post(path, typed | {"file_notation": "02.XD"}).status_code == 302
    assert Dossier.objects.get(code_notation="02.XD").opened_by.user == cast.specialist


def test_who_stands_in_for_one_who_could_not_open_it_gives_nothing_out(cast, pdf, client):
    """NĐ 30/2020 Điều 29.2: the finance unit has nothing to do with that document."""
    lines = [actions.Line("lead", cast.planning, cast.specialist)]
    document = incoming.distribute(act_as(cast.chief), play.submitted(cast, pdf), lines)
    standing_in(cast, cast.finance_head)
    client.force_login(cast.specialist)
    path = reverse("dossiers:new_dossier", args=["kontum"])
    assert "Giao ngay khi lập" in client.get(path).content.decode()
    assert "Giao ngay khi lập" not in client.get(path, {"from": document.pk}).content.decode()


@pytest.mark.parametrize("is_task", [False, True])
def test_a_head_who_stands_in_for_a_leader_gives_to_whom_either_may(cast, client, is_task):
    """Bắc Giang Điều 6.1; Kon Tum Điều 20.2, by delegation: to his own as himself, beyond his unit
    as the leader."""
    stand_in(cast.chair, cast.head)
    client.force_login(cast.head)
    name = "new_task" if is_task else "new_dossier"
    path = reverse(f"dossiers:{name}", args=["kontum"])
    offered = client.get(path).context["giving"].found.values()
    people = {one.person for one in offered if one.person}
    assert {cast.specialist, cast.accountant, cast.head} <= people
    for number, (whom, giver) in enumerate(
        [(cast.specialist, cast.head), (cast.head, cast.head), (cast.accountant, cast.chair)]
    ):
        typed = given_to(whom) | {
            "file_notation": f"0{number + 1}.QL",
            "maintenance": "20 năm",
            "keeper": cast.head.appointments.get().pk,
        }
        assert client.post(path, typed).status_code == 302, whom
        made = Dossier.objects.order_by("pk").last()
        assert (made.keeper.user, made.opened_by.user) == (whom, giver)
    # Both at once only the leader may.
    mixed = given_to(cast.head) | {
        "file_notation": "09.QL",
        "maintenance": "20 năm",
        "keeper": cast.head.appointments.get().pk,
        "who-1": f"u{cast.finance.pk}",
    }
    assert client.post(path, mixed).status_code == 302
    made = Dossier.objects.order_by("pk").last()
    assert (made.keeper.user, made.opened_by.user) == (cast.head, cast.chair)
    assert made.assignments.count() == 2


def test_so_he_does_on_the_page_of_a_dossier(cast, client):
    """Bắc Giang Điều 6.1, by delegation → /dossiers/<id>/give_out/"""
    mine, other = (
        actions.open(act_as(cast.head), replace(FIELDS, file_notation=f"0{place}.XD"))
        for place in (1, 2)
    )
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=["kontum", other.pk, "give_out"])
    beyond = {"rows": "1", "who-0": f"u{cast.finance.pk}"}
    assert client.post(path, beyond).status_code == 422  # not offered
    with pytest.raises(Refusal, match="Chỉ giao việc cho người của đơn vị mình"):
        actions.give_out(act_as(cast.head), other, [actions.Line("lead", cast.finance)])
    stand_in(cast.chair, cast.head)
    assert client.post(path, beyond).status_code == 302
    other.refresh_from_db()
    assert (other.state, other.to_places) == ("in_process", cast.finance.name)
    assert other.acts.last().on_behalf_of.user == cast.chair
    # To his own he gives it as himself.
    own = {"rows": "1", "who-0": f"p{cast.specialist.pk}.{cast.planning.pk}"}
    path = reverse("dossiers:dossier_verb", args=["kontum", mine.pk, "give_out"])
    assert client.post(path, own).status_code == 302
    assert mine.acts.last().on_behalf_of is None
