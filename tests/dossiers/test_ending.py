"""Who ends a dossier and with what: the lead, the one to whom it was given, the issued document."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Agency
from core import clock
from core.errors import NotYours, Refusal
from documents import proving
from documents.choices import AssignmentRole
from documents.models import DocumentAct, Waiting
from dossiers import actions, checks, rules
from dossiers.actions import Fields, Line
from dossiers.models import Dossier
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]

LEAD, COORDINATE = AssignmentRole.LEAD, AssignmentRole.COORDINATE


def fields(notation: str = "01.XD") -> Fields:
    return Fields(title="Kè sông Đăk Bla", file_notation=notation, maintenance="20 năm")


def works_under(cast, name: str) -> None:
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=name)


def given(cast, who: str, unit, person=None) -> Dossier:
    actor = act_as(getattr(cast, who))
    dossier = actions.open(actor, fields())
    line = Line(LEAD, unit, person, "Làm.", clock.today() + timedelta(days=9))
    return actions.give_out(actor, dossier, [line])


def led(cast) -> Dossier:
    """The chair's, given to a unit, whose head has given it to his specialist."""
    dossier = given(cast, "chair", cast.planning)
    line = Line(LEAD, cast.planning, cast.specialist)
    return actions.assign(act_as(cast.head), dossier, [line])


def close(actor, dossier) -> Dossier:
    why = {one.code: "Đã xem." for one in checks.findings(actor, dossier)}
    return actions.close(actor, dossier, end_date=clock.today(), description="Xong.", overruled=why)


# --- By the one to whom it was given


def test_the_one_who_was_given_the_work_closes_it(cast):
    """Cần Thơ Điều 13.4: "cá nhân được giao nhiệm vụ giải quyết công việc ... kết thúc hồ sơ"."""
    works_under(cast, "can-tho-2019")
    dossier = given(cast, "chief", cast.planning, cast.specialist)
    assert dossier.keeper.user == cast.chief
    done = actions.complete(act_as(cast.specialist), dossier, text="Xong.")
    row = Waiting.objects.get(document=done)
    assert (row.verb, row.user) == ("close", cast.specialist)
    for who in ("chief", "chair", "colleague"):
        person = act_as(getattr(cast, who))
        assert isinstance(rules.may_close(person, done), NotYours), who
    # The head of his unit does it for one who has left; whoever keeps it may return it.
    assert rules.may_close(act_as(cast.head), done) is None
    assert rules.may_send_back(act_as(cast.chief), done) is None
    assert close(act_as(cast.specialist), done).state == "closed"
    assert list(proving.findings(Dossier)) == []


def test_of_a_unit_its_head_closes_it(cast):
    """Cần Thơ Điều 13.4, where it was given to a unit."""
    works_under(cast, "can-tho-2019")
    dossier = given(cast, "chief", cast.planning)
    done = actions.complete(act_as(cast.head), dossier, text="Xong.")
    row = Waiting.objects.get(document=done)
    assert (row.verb, row.group.post.unit) == ("close", cast.planning)
    assert isinstance(rules.may_close(act_as(cast.chief), done), NotYours)
    assert close(act_as(cast.head), done).state == "closed"
    assert list(proving.findings(Dossier)) == []


def test_given_to_nobody_its_keeper_closes_it(cast):
    """NĐ 30/2020 Điều 29.4."""
    done = actions.complete(
        act_as(cast.specialist), actions.open(act_as(cast.specialist), fields()), text="Xong."
    )
    assert Waiting.objects.get(document=done).user == cast.specialist
    assert close(act_as(cast.specialist), done).state == "closed"


def test_a_lead_who_sent_it_back_closes_nothing(cast):
    dossier = given(cast, "chief", cast.planning, cast.specialist)
    dossier = actions.send_back(act_as(cast.specialist), dossier, text="Nhầm.")
    assert dossier.handler is None
    line = Line(LEAD, cast.finance, cast.accountant)
    dossier = actions.give_out(act_as(cast.chief), dossier, [line])
    done = actions.complete(act_as(cast.accountant), dossier, text="Xong.")
    assert isinstance(rules.may_close(act_as(cast.specialist), done), NotYours)
    assert rules.may_close(act_as(cast.accountant), done) is None


def test_given_out_in_the_same_step_it_is_kept_by_who_leads_it(cast, client):
    """Bắc Giang Điều 6.1: "lập hồ sơ giao cho phòng, đơn vị hoặc cán bộ"."""
    chief = act_as(cast.chief)
    to_person = [Line(COORDINATE, cast.finance), Line(LEAD, cast.planning, cast.specialist)]
    assert actions.begin(chief, fields(), lines=to_person).keeper.user == cast.specialist
    to_unit = actions.begin(chief, fields("02.XD"), lines=[Line(LEAD, cast.planning)])
    assert to_unit.keeper.user == cast.head
    # Of a unit without a head whoever was named keeps it.
    cast.head.appointments.update(end_date=clock.today() - timedelta(days=1))
    mine = cast.chief.appointments.get()
    alone = actions.begin(chief, fields("03.XD"), lines=[Line(LEAD, cast.planning)], keeper=mine)
    assert alone.keeper.user == cast.chief
    assert list(proving.findings(Dossier)) == []


# --- With what was issued


def test_the_specialist_who_leads_attaches_what_was_issued(cast, pdf, client):
    """Bắc Giang Điều 6.2: "Khi hoàn thành xử lý, cán bộ, công chức gắn văn bản phát hành hoặc ý
    kiến đề xuất": he does, and his head finds it in his form.
    """
    works_under(cast, "bac-giang-2014")
    dossier, me = led(cast), act_as(cast.specialist)
    item = actions.add_files(me, dossier, [play.upload(pdf, "cong-van-di.pdf")])[0]
    client.force_login(cast.specialist)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "finish"])
    assert f'<option value="{item.pk}">cong-van-di.pdf' in client.get(path).content.decode()
    assert client.post(path, {"issued": "", "text": ""}).status_code == 422
    assert client.post(path, {"issued": item.pk, "text": ""}).status_code == 302
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.state, dossier.issued_id) == ("in_process", item.pk)
    act = DocumentAct.objects.filter(target=dossier.pk, verb="finish").get()
    assert act.detail["item"] == item.pk
    assert "khoản 2 Điều 6" in act.article
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "complete"])
    assert f'<option value="{item.pk}" selected>' in client.get(path).content.decode()
    assert client.post(path, {"issued": item.pk, "text": ""}).status_code == 302
    done = Dossier.objects.get(pk=dossier.pk)
    assert (done.state, done.issued_id) == ("completed", item.pk)
    assert list(proving.findings(Dossier)) == []


def test_or_his_proposal(cast, pdf, client):
    """Bắc Giang Điều 6.2: "ý kiến đề xuất (nếu việc xử lý không ban hành văn bản)"."""
    dossier = led(cast)
    with pytest.raises(Refusal) as refused:
        actions.finish(act_as(cast.specialist), dossier)
    assert refused.value.field == "text"
    actions.finish(act_as(cast.specialist), dossier, text="Đề xuất phương án 2.")
    client.force_login(cast.head)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "complete"])
    assert "Đề xuất phương án 2." in client.get(path).content.decode()


def test_who_helps_attaches_nothing_as_issued(cast, pdf, client):
    """Bắc Giang Điều 6.2: it is for whoever leads."""
    dossier = led(cast)
    line = Line(COORDINATE, cast.planning, cast.colleague)
    dossier = actions.assign(act_as(cast.head), dossier, [line])
    helper = act_as(cast.colleague)
    item = actions.add_files(helper, dossier, [play.upload(pdf)])[0]
    client.force_login(cast.colleague)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "finish"])
    assert 'name="issued"' not in client.get(path).content.decode()
    with pytest.raises(Refusal, match="Ghi kết quả"):
        actions.finish(helper, dossier, issued=item)
    actions.finish(helper, dossier, issued=item, text="Đã vẽ bản đồ.")
    assert Dossier.objects.get(pk=dossier.pk).issued is None


def test_what_the_lead_sends_back_is_no_result_any_more(cast, pdf):
    dossier, me = led(cast), act_as(cast.specialist)
    item = actions.add_files(me, dossier, [play.upload(pdf)])[0]
    dossier = actions.finish(me, dossier, issued=item, text="Xong.")
    assert dossier.issued_id == item.pk
    dossier = actions.send_back(act_as(cast.head), dossier, text="Không đúng chức năng.")
    assert dossier.issued is None


def test_what_came_in_is_not_what_was_issued(cast, pdf, client):
    """Bắc Giang Điều 6.2: "gắn văn bản phát hành"; the letter that asked for it is not that."""
    dossier = actions.open(act_as(cast.specialist), fields(), source=play.assigned(cast, pdf))
    me = act_as(cast.specialist)
    letter = dossier.items.get()
    note = actions.add_note(me, dossier, text="Gọi điện.")
    file = actions.add_files(me, dossier, [play.upload(pdf, "tra-loi.pdf")])[0]
    client.force_login(cast.specialist)
    path = reverse("dossiers:dossier_verb", args=["kontum", dossier.pk, "complete"])
    page = client.get(path).content.decode()
    assert f'<option value="{letter.pk}"' not in page
    assert f'<option value="{note.pk}"' not in page
    assert f'<option value="{file.pk}"' in page
    assert client.post(path, {"issued": letter.pk, "text": ""}).status_code == 422
    with pytest.raises(Refusal, match="Văn bản đến không phải văn bản cơ quan ban hành"):
        actions.complete(me, dossier, issued=letter)
    with pytest.raises(Refusal, match="không phải ghi chép"):
        actions.complete(me, dossier, issued=note)
    assert actions.complete(me, dossier, issued=file).issued_id == file.pk


def test_the_check_names_what_each_finding_was_found_in(cast, pdf, client):
    """NĐ 30/2020 Điều 29.4: who closes opens what is wrong from there; not what he may not open."""
    keeper = act_as(cast.specialist)
    dossier = actions.open(keeper, fields())
    documents = [
        play.assigned(cast, pdf, code_number="", code_notation="", subject=f"Đơn thứ {number}")
        for number in range(12)
    ]
    for one in documents:
        actions.add_document(keeper, dossier, one)
    hidden = play.submitted(cast, pdf, code_number="", code_notation="", subject="Đơn kín")
    actions.add_document(act_as(cast.chief), dossier, hidden)
    done = actions.complete(keeper, dossier, text="Xong.")
    client.force_login(cast.specialist)
    page = client.get(f"{done.get_absolute_url()}close/").content.decode()
    wrong = page.split("12 văn bản chưa có số")[1].split("why-")[0]
    named = [one for one in documents if f'href="{one.get_absolute_url()}"' in wrong]
    assert named == documents[:10]
    assert "và 2 thành phần khác" in wrong
    assert "Đơn kín" not in page
