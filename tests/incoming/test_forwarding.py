"""Number and forward in one act, where the regulation lets the clerk: by a written direction."""

import pytest
from django.urls import reverse

from accounts import regulation
from core.errors import Refusal
from documents.models import DocumentAct, Waiting
from incoming import actions
from incoming.models import IncomingDocument
from incoming.verifying import findings
from notifications.models import Notification
from tests import cast as play
from tests.cast import act_as
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types", "glance", "empty_cache")]


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def direction(cast, **changes) -> dict[str, object]:
    by = cast.chair.appointments.get()
    values = {
        "then": "forward",
        "forward_to": cast.planning.pk,
        "forward_by": by.pk,
        "forward_text": "QLĐT kiểm tra, báo cáo.",
    }
    return values | changes


def test_registered_and_sent_on_by_the_written_direction(client, cast, pdf, typed):
    """Kon Tum Điều 13.6: "rồi chuyển ngay cho người xử lý"; the chief is told (13.2)."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    page = client.get(form_of(document)).content.decode()
    assert "khoản 6 Điều 13" in page
    answer = client.post(form_of(document), typed(**direction(cast)), follow=True)
    assert "Đã đăng ký số đến 1 và chuyển Phòng Quản lý đô thị." in answer.content.decode()
    document = IncomingDocument.objects.get()
    assert (document.state, document.to_places) == ("in_process", "Phòng Quản lý đô thị")
    lead = document.assignments.get()
    assert (lead.unit, lead.role, lead.directive) == (
        cast.planning,
        "lead",
        "QLĐT kiểm tra, báo cáo.",
    )
    act = DocumentAct.objects.get(verb="forward")
    assert act.article.startswith("khoản 6 Điều 13")
    assert act.words.text == "Theo ý kiến của Chủ tịch Nguyễn Đức Thành: QLĐT kiểm tra, báo cáo."
    assert Waiting.objects.get(document=document.pk).verb == "assign"
    assert Notification.objects.filter(user=cast.chief, kind="forward").exists()
    assert list(findings()) == []
    client.force_login(cast.head)
    assert (
        "Giao việc" in client.get(reverse("reports:desk", args=[cast.city.slug])).content.decode()
    )


@pytest.mark.parametrize("missing", ["forward_to", "forward_by", "forward_text"])
def test_without_a_direction_nothing_is_sent_on_or_registered(client, cast, pdf, typed, missing):
    """Kon Tum Điều 13.6: "ý kiến chỉ đạo ... (nếu có)"."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(**direction(cast, **{missing: ""})))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [missing]
    assert IncomingDocument.objects.get().state == "received"


def test_whose_direction_it_is(cast, pdf):
    """Kon Tum Điều 13.6: of the leaders or of the office's head, of nobody else."""
    document, clerk = play.registered(cast.clerk, pdf), act_as(cast.clerk)
    for person in (cast.head, cast.ward_chair):
        with pytest.raises(Refusal, match="của lãnh đạo cơ quan") as refused:
            actions.forward(
                clerk, document, cast.planning, by=person.appointments.get(), text="Làm."
            )
        assert "khoản 6 Điều 13" in refused.value.article
    by = cast.chief.appointments.get()
    with pytest.raises(Refusal, match="Gõ ý kiến chỉ đạo"):
        actions.forward(clerk, document, cast.planning, by=by, text="")
    with pytest.raises(Refusal, match="không thuộc cơ quan này"):
        actions.forward(clerk, document, cast.ward_unit, by=by, text="Làm.")
    assert actions.forward(clerk, document, cast.finance, by=by, text="Làm.").state == "in_process"


def test_where_no_article_says_so_the_clerk_only_submits(client, cast, pdf, typed):
    """Kon Tum Điều 16.1a: a ward's clerk submits to the leader; the other regulations likewise."""
    allowed = {one.name for one in regulation.load_all() if one.clerk_forwards is not None}
    assert allowed == {"kon-tum-2017"}
    document = play.received(cast.ward_clerk, pdf)
    client.force_login(cast.ward_clerk)
    assert "Lưu và chuyển" not in client.get(form_of(document)).content.decode()
    client.post(form_of(document), typed(**direction(cast)))
    document = IncomingDocument.objects.get()
    assert document.state == "registered"
    by = cast.ward_chair.appointments.get()
    with pytest.raises(Refusal, match="không để văn thư chuyển thẳng"):
        actions.forward(act_as(cast.ward_clerk), document, cast.ward_unit, by=by, text="Làm.")
