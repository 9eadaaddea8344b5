"""Whoever is given a dossier can read what it is about: its documents are offered with a tick."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.errors import Refusal
from documents import proving
from documents.choices import AssignmentRole
from documents.models import Document
from dossiers import actions
from dossiers.actions import Fields, Line
from dossiers.models import Dossier
from incoming.models import IncomingDocument
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

LEAD, COORDINATE, INFORM = AssignmentRole


def day(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


def reads(who, document) -> bool:
    return Document.objects.visible_to(act_as(who)).filter(pk=document.pk).exists()


def messages_of(response) -> list[str]:
    return [str(one) for one in response.context["messages"]]


def test_the_unit_and_its_specialist_read_what_it_was_opened_from(cast, pdf, client):
    """Bắc Giang Điều 6.1, 6.2: "lập hồ sơ giao cho phòng, đơn vị hoặc cán bộ xử lý văn bản đến",
    "phân hồ sơ cho chuyên viên chủ trì xử lý".
    """
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    letter = play.submitted(cast, pdf, subject="Đơn đề nghị kè sông")
    assert not reads(cast.head, letter)
    client.force_login(cast.chief)
    new = reverse("dossiers:new_dossier", args=["kontum"])
    page = client.get(new, {"from": letter.pk}).content.decode()
    ticked = page.split('name="documents"')[1].split(">")[0]
    assert f'value="{letter.pk}"' in ticked
    assert "checked" in ticked
    typed = {
        "from": letter.pk,
        "title": "Kè sông",
        "file_notation": "01.XD",
        "maintenance": "20 năm",
        "start_date": day(0),
        "due_date": day(9),
        "creator": "Tuấn",
        "language": "Tiếng Việt",
        "keeper": cast.chief.appointments.get().pk,
        "rows": "4",
        "who-0": f"u{cast.planning.pk}",
        "who-1": f"p{cast.accountant.pk}.{cast.finance.pk}",
        "due_date-0": day(9),
        "inform": [f"p{cast.adviser.pk}.{cast.office.pk}"],
        "documents": [letter.pk],
    }
    answer = client.post(new, typed, follow=True)
    dossier = Dossier.objects.get()
    assert messages_of(answer) == [f"Đã lập hồ sơ {dossier.file_code}."]
    assert reads(cast.head, letter)
    assert reads(cast.accountant, letter)
    assert not reads(cast.specialist, letter)
    assert not reads(cast.adviser, letter)  # who should only know of the dossier
    told = Notification.objects.filter(kind="share", path=letter.get_absolute_url())
    assert set(told.values_list("user", flat=True)) == {cast.head.pk, cast.accountant.pk}
    # The head gives it on, the letter too.
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "assign"])
    page = client.get(path).content.decode()
    assert "checked" in page.split('name="documents"')[1].split(">")[0]
    line = {"rows": "4", "who-0": f"p{cast.specialist.pk}.{cast.planning.pk}", "due_date-0": day(8)}
    assert client.post(path, line | {"documents": [letter.pk]}).status_code == 302
    assert reads(cast.specialist, letter)
    client.force_login(cast.specialist)
    page = client.get(dossier.get_absolute_url()).content.decode()
    assert "Đơn đề nghị kè sông" in page
    assert list(proving.findings(Dossier)) == []
    assert list(proving.findings(IncomingDocument)) == []


def test_without_the_tick_nothing_is_shown_and_it_is_said(cast, pdf, client):
    letter = play.submitted(cast, pdf)
    fields = Fields(title="Kè sông", file_notation="01.XD", maintenance="20 năm")
    dossier = actions.open(act_as(cast.chief), fields, source=letter)
    client.force_login(cast.chief)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "give_out"])
    assert letter.subject in client.get(path).content.decode()
    line = {"rows": "4", "who-0": f"u{cast.planning.pk}", "due_date-0": day(8)}
    answer = client.post(path, line, follow=True)
    assert messages_of(answer) == [
        "Đã giao việc.",
        "Phòng Quản lý đô thị chưa mở được 1 văn bản trong hồ sơ.",
    ]
    assert not reads(cast.head, letter)


def test_who_can_open_it_gets_it_no_second_time(cast, pdf, client):
    """A document that is the unit's work already is not shared with it as well."""
    letter = play.distributed(cast, pdf)
    fields = Fields(title="Kè sông", file_notation="01.XD", maintenance="20 năm")
    line = Line(LEAD, cast.planning)
    actions.begin(act_as(cast.chief), fields, lines=[line], source=letter, documents=[letter])
    assert not IncomingDocument.objects.get(pk=letter.pk).acts.filter(verb="share").exists()


def test_the_keeper_who_is_named_alone_reads_it_too(cast, pdf):
    letter = play.submitted(cast, pdf)
    fields = Fields(title="Kè sông", file_notation="01.XD", maintenance="20 năm")
    keeper = cast.accountant.appointments.get()
    actions.begin(act_as(cast.chief), fields, keeper=keeper, source=letter, documents=[letter])
    assert reads(cast.accountant, letter)


def test_only_what_lies_in_it_and_what_one_sees_is_shown(cast, pdf, client):
    """Neither a document outside the dossier, nor one inside that the head may not open."""
    mine = play.distributed(cast, pdf)
    fields = Fields(title="Kè sông", file_notation="01.XD", maintenance="20 năm")
    line = Line(LEAD, cast.planning)
    dossier = actions.begin(act_as(cast.chief), fields, lines=[line], source=mine)
    secret = play.submitted(cast, pdf, code_number="2", subject="Nhân sự chủ chốt")
    actions.add_document(act_as(cast.chief), dossier, secret)
    outside = play.distributed(cast, pdf, code_number="3")
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "assign"])
    assert "chủ chốt" not in client.get(path).content.decode()
    typed = {"rows": "4", "who-0": f"p{cast.specialist.pk}.{cast.planning.pk}"}
    for key in (secret.pk, outside.pk):
        assert client.post(path, typed | {"documents": [key]}).status_code == 422
    to = [Line(LEAD, cast.planning, cast.specialist)]
    for document in (secret, outside):
        with pytest.raises(Refusal, match="không chia sẻ được"):
            actions.assign(act_as(cast.head), dossier, to, documents=[document])
        assert not reads(cast.specialist, document)
    assert not dossier.assignments.filter(person=cast.specialist).exists()
