"""Urging: who may, how it reaches further up, where it is seen, and that it stays."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.actions import delegate
from core import clock
from core.errors import NotYours, Refusal
from documents import deciding
from documents.choices import AssignmentRole
from documents.following import forget
from documents.models import DocumentAct, Follow, Waiting
from incoming import actions, verifying
from incoming.actions import Line
from notifications.models import Notification
from reports.desk import work_of
from tests import cast as play
from tests.cast import SINCE, act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance")]


def urge(user, document, who=None, *, level=1, text="Báo cáo trước 16 giờ hôm nay."):
    """Urge those of these people or units; without them all that the actor may."""
    actor = act_as(user)
    document = type(document).objects.get(pk=document.pk)
    rows = [
        one
        for one in deciding.urgeable(actor, document)
        if who is None or who in (one.person, one.unit)
    ]
    return actions.urge(actor, document, rows, level=level, text=text)


def last(document) -> DocumentAct:
    return DocumentAct.objects.filter(target_id=document.pk).last()


def told(user) -> bool:
    return Notification.objects.filter(user=user, kind="urge").exists()


def test_it_stands_first_on_the_desk_and_says_who_and_why(cast, pdf, client):
    """NĐ 30/2020 Điều 24.1; Kon Tum Điều 11.6."""
    soon = clock.today() + timedelta(days=1)
    first = play.submitted(cast, pdf, code_number="1")
    line = Line(AssignmentRole.LEAD, cast.planning, None, "", soon)
    actions.distribute(act_as(cast.chief), first, [line])
    document = play.distributed(cast, pdf, code_number="2", subject="Việc bị đôn đốc")
    assert work_of(act_as(cast.head)).first.subject != "Việc bị đôn đốc"
    urge(cast.chief, document, cast.planning)
    work = work_of(act_as(cast.head))
    assert (work.groups[0].code, work.first.subject) == ("urged", "Việc bị đôn đốc")
    assert (work.first.urged, work.first.quote) == ("Nhắc việc", "Báo cáo trước 16 giờ hôm nay.")
    assert "Chánh Văn phòng Phạm Minh Tuấn" in work.first.meta
    assert not told(cast.finance_head)
    assert "khoản 1 Điều 24 Nghị định 30/2020/NĐ-CP" in last(document).article
    client.force_login(cast.head)
    notices = client.get(reverse("reports:notifications", args=["kontum"])).content.decode()
    assert "Phạm Minh Tuấn, Nhắc việc: Báo cáo trước 16 giờ hôm nay." in notices
    assert "Nhắc việc" in client.get(reverse("incoming:book", args=["kontum"])).content.decode()
    assert list(verifying.findings()) == []


def test_it_goes_down_to_whoever_works_on_it(cast, pdf):
    """Bắc Giang Điều 5.3c: the unit is urged, its specialist has the work on his desk."""
    document = play.assigned(cast, pdf)
    urge(cast.chair, document, cast.planning)
    assert work_of(act_as(cast.specialist)).groups[0].code == "urged"
    assert told(cast.specialist)
    assert told(cast.head)


def test_each_level_reaches_further_up(cast, pdf):
    document = play.assigned(cast, pdf)
    urge(cast.head, document, cast.specialist, level=1)
    assert (told(cast.specialist), told(cast.head), told(cast.chief)) == (True, False, False)
    urge(cast.chair, document, cast.specialist, level=2)
    assert (told(cast.head), told(cast.chief)) == (True, False)
    urge(cast.chair, document, cast.specialist, level=3)
    assert told(cast.chief)
    assert list(verifying.findings()) == []


def test_the_level_does_not_fall_and_the_trail_keeps_all(cast, pdf):
    document = play.assigned(cast, pdf)
    urge(cast.head, document, cast.specialist, level=2)
    actions.progress(act_as(cast.specialist), document, percent=20, text="Đang làm.")
    with pytest.raises(Refusal, match="không thấp hơn") as refused:
        urge(cast.head, document, cast.specialist, level=1)
    assert refused.value.field == "level"
    urge(cast.head, document, cast.specialist, level=3, text="Giải trình.")
    kept = DocumentAct.objects.filter(target=document.pk, verb="urge")
    assert [act.detail["level"] for act in kept] == [2, 3]
    assert [act.words.text for act in kept][1] == "Giải trình."


@pytest.mark.parametrize("answer", ["progress", "finish"])
def test_a_report_answers_it(cast, pdf, answer):
    """Kon Tum Điều 21.1."""
    document = play.assigned(cast, pdf)
    urge(cast.head, document, cast.specialist)
    assert Waiting.objects.filter(urged=1).exists()
    more = {"percent": 60} if answer == "progress" else {}
    getattr(actions, answer)(act_as(cast.specialist), document, text="Đã khảo sát.", **more)
    assert not Waiting.objects.filter(urged__gt=0).exists()
    assert document.assignments.get(person=cast.specialist).urge is not None
    assert list(verifying.findings()) == []


def test_words_and_a_piece_of_work_are_asked_for(cast, pdf):
    document, chief = play.distributed(cast, pdf), act_as(cast.chief)
    rows = deciding.urgeable(chief, document)
    assert len(rows) == 2
    for wrong, field in (
        ({"assignments": []}, "who"),
        ({"level": 4}, "level"),
        ({"text": ""}, "text"),
    ):
        values = {"assignments": rows, "level": 1, "text": "Nhanh lên."} | wrong
        with pytest.raises(Refusal) as refused:
            actions.urge(chief, document, values.pop("assignments"), **values)
        assert refused.value.field == field
    # A head has nothing to urge while his unit has given nothing on.
    with pytest.raises(NotYours) as refused:
        actions.urge(act_as(cast.head), document, rows, level=1, text="Nhanh lên.")
    assert "khoản 1 Điều 24" in refused.value.article


def test_a_head_urges_nobody_of_another_unit(cast, pdf):
    """Bình Định chương III Điều 10.1: his own people."""
    document = play.assigned(cast, pdf)
    theirs = document.assignments.get(unit=cast.finance)
    with pytest.raises(Refusal, match="Chọn đầu việc"):
        actions.urge(act_as(cast.head), document, [theirs], level=1, text="Nhanh lên.")


def test_a_deputy_urges_in_his_field(cast, pdf):
    """Bắc Giang Điều 5.4b: "đôn đốc, theo dõi ... theo lĩnh vực được phân công"."""
    cast.city.regulation_name = "bac-giang-2014"
    cast.city.save()
    Follow.objects.create(
        appointment=cast.deputy.appointments.get(), person=cast.specialist, start_date=SINCE
    )
    forget(cast.city.pk)
    document = play.assigned(cast, pdf)
    urge(cast.deputy, document)
    act = last(document)
    assert act.actor == cast.deputy
    assert "điểm c khoản 3 Điều 5" in act.article
    assert act.detail["assignments"] == [document.assignments.get(person=cast.specialist).pk]
    assert told(cast.specialist)


def test_a_delegate_urges_for_the_head(cast, pdf):
    """Bắc Giang Điều 5.3d."""
    document, today = play.assigned(cast, pdf), clock.today()
    delegate(act_as(cast.head), cast.deputy, start_date=today, end_date=today)
    deputy = act_as(cast.deputy)
    one = document.assignments.get(person=cast.specialist)
    actions.urge(deputy, document, [one], level=1, text="Trưởng phòng nhắc.")
    act = last(document)
    assert (act.actor, act.on_behalf_of.user) == (cast.deputy, cast.head)
    assert told(cast.head)


def test_the_form_proposes_the_next_level_and_the_late_ones(cast, pdf, client, at):
    document = play.assigned(cast, pdf)
    urge(cast.chief, document, cast.finance)
    at(clock.now() + timedelta(days=20))
    client.force_login(cast.chief)
    form = client.get(f"{document.get_absolute_url()}?do=urge").context["form"]
    assert form.initial["level"] == 2
    rows = {str(one.pk): one for one in document.assignments.all()}
    assert {rows[key].unit for key in form.initial["who"]} == {cast.planning, cast.finance}
    path = reverse("incoming:verb", args=["kontum", document.pk, "urge"])
    data = {"who": form.initial["who"], "level": "2", "text": "Quá hạn 10 ngày."}
    assert client.post(path, data).status_code == 302
    assert "đôn đốc mức 2" in client.get(document.get_absolute_url()).content.decode()
