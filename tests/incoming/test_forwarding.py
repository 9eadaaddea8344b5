"""Number and forward in one act, where the regulation lets the clerk: by a written direction."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import regulation
from accounts.models import Appointment, Unit
from core import clock
from core.errors import NotYours, Refusal
from documents.actions import mark_seen
from documents.models import DocumentAct, Waiting
from documents.verifying import broken_files
from incoming import actions, rules, slips
from incoming.models import EntryDraft, IncomingDocument
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


def test_only_places_that_work_is_given_to_are_offered(client, cast, pdf, typed):
    """Kon Tum Điều 13.6: "người xử lý": no dissolved unit, and not the leadership itself."""
    document = play.received(cast.clerk, pdf)
    led = cast.chair.appointments.get().unit
    Unit.objects.filter(pk=cast.finance.pk).update(is_active=False)
    client.force_login(cast.clerk)
    offered = client.get(form_of(document)).context["form"].fields["forward_to"].queryset
    assert cast.planning in offered
    assert not {cast.finance, led, cast.ward_unit} & set(offered)
    for unit in (cast.finance, led):
        answer = client.post(form_of(document), typed(**direction(cast, forward_to=unit.pk)))
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["forward_to"])
    assert IncomingDocument.objects.get().state == "received"


def test_what_cannot_be_sent_on_is_not_registered_either(client, cast, pdf, typed):
    """Kon Tum Điều 13.6: one act; nobody to be told today: no number is used, no word is lost."""
    document = play.received(cast.clerk, pdf)
    held = cast.chief.appointments.get()
    Appointment.objects.filter(pk=held.pk).update(end_date=clock.today() - timedelta(days=1))
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(**direction(cast)))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "chưa có ai giữ vai trò" in page
    assert "QLĐT kiểm tra, báo cáo." in page
    assert f'<option value="{cast.planning.pk}" selected' in page
    document = IncomingDocument.objects.get()
    assert (document.state, document.number) == ("received", 0)
    assert document.quarantined.exists()
    assert not DocumentAct.objects.filter(verb="register").exists()
    assert list(broken_files()) == []  # none has gone into the store before it was refused
    assert EntryDraft.objects.get(document=document).values["forward_text"]
    Appointment.objects.filter(pk=held.pk).update(end_date=None)
    client.post(form_of(document), typed(**direction(cast)))
    document = IncomingDocument.objects.get()
    assert (document.state, document.number) == ("in_process", 1)
    assert not EntryDraft.objects.exists()
    assert list(findings()) == []


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


# --- What was sent on comes back, and stands among the directives.


def sent_on(cast, pdf, by=None, text="QLĐT kiểm tra, báo cáo.", **fields) -> IncomingDocument:
    document = play.registered(cast.clerk, pdf, **fields)
    by = (by or cast.chair).appointments.get()
    return actions.forward(act_as(cast.clerk), document, cast.planning, by=by, text=text)


def directives(client, user, **data):
    client.force_login(user)
    return client.get(reverse("incoming:directives", args=["kontum"]), data)


def test_the_chief_recalls_it_unread_and_the_clerk_has_it_again(client, cast, pdf):
    """Kon Tum Điều 13.2, 13.6: the chief answers for where it goes; it waits for the clerk anew."""
    document = sent_on(cast, pdf)
    client.force_login(cast.chief)
    assert "?do=recall" in client.get(document.get_absolute_url()).content.decode()
    document = actions.recall(act_as(cast.chief), document, text="Nhầm phòng.")
    document = IncomingDocument.objects.get(pk=document.pk)
    assert (document.state, document.to_places) == ("registered", "")
    assert document.assignments.get().state == "recalled"
    [wait] = Waiting.objects.filter(document=document.pk)
    assert (wait.verb, wait.group.post.role) == ("submit", "clerk")
    told = Notification.objects.filter(kind="recall").values_list("user__username", flat=True)
    assert sorted(told) == ["clerk", "head"]
    assert list(findings()) == []
    by = cast.chair.appointments.get()
    again = actions.forward(act_as(cast.clerk), document, cast.finance, by=by, text="TC xử lý.")
    assert again.to_places == cast.finance.name


def test_the_clerks_days_count_from_the_recall(cast, pdf, at):
    """Kon Tum Điều 13.1: what was taken back days later is not late for submitting at once."""
    document = sent_on(cast, pdf)
    at(clock.now() + timedelta(days=7))
    actions.recall(act_as(cast.chief), document)
    assert Waiting.objects.get(document=document.pk).due_date >= clock.today()
    assert list(findings()) == []


def test_what_was_sent_on_and_opened_stays_and_nobody_else_recalls_it(cast, pdf):
    """Kon Tum Điều 13.2: neither the clerk nor the leader whose words they are."""
    document = sent_on(cast, pdf)
    for who in ("clerk", "chair", "vice", "head", "specialist"):
        assert type(rules.may_recall(act_as(getattr(cast, who)), document)) is NotYours, who
    mark_seen(document, act_as(cast.head))
    with pytest.raises(Refusal, match="Phòng Quản lý đô thị đã mở hoặc xử lý lúc"):
        actions.recall(act_as(cast.chief), document)
    assert IncomingDocument.objects.get(pk=document.pk).state == "in_process"


def test_a_written_direction_of_a_leader_is_followed_as_his(client, cast, pdf):
    """Kon Tum Điều 13.6, 20.2: the leader directed; the clerk only took it from the paper."""
    sent_on(cast, pdf, subject="Của Chủ tịch", code_number="1")
    sent_on(cast, pdf, by=cast.vice, subject="Của Phó", code_number="2", text="Làm sớm.")
    sent_on(cast, pdf, by=cast.chief, subject="Của Chánh Văn phòng", code_number="3")
    answer = directives(client, cast.chief, leader=cast.vice.pk)
    [line] = answer.context["lines"]
    assert line.subject == "Của Phó"
    [one] = line.directives
    assert (one.leader, one.by, one.typed_by, one.text) == (
        cast.vice.full_name,
        "",
        cast.clerk.full_name,
        "Làm sớm.",
    )
    assert f"ghi trên văn bản, văn thư {cast.clerk.full_name} chuyển" in answer.content.decode()
    # The office's own words are not a leader's.
    every = directives(client, cast.chair).context
    assert sorted(one.subject for one in every["lines"]) == ["Của Chủ tịch", "Của Phó"]
    assert every["counts"]["open"] == 2
    # The clerk gave nothing out in his own name.
    assert directives(client, cast.chief, leader=cast.clerk.pk).context["lines"] == []


def test_a_direction_that_was_recalled_is_followed_no_longer(client, cast, pdf):
    """Kon Tum Điều 20.2: nothing is open any more; sent on anew it stands there once."""
    document = sent_on(cast, pdf)
    actions.recall(act_as(cast.chief), document)
    assert directives(client, cast.chief).context["lines"] == []
    by = cast.vice.appointments.get()
    actions.forward(act_as(cast.clerk), document, cast.planning, by=by, text="Làm ngay.")
    [line] = directives(client, cast.chief).context["lines"]
    assert [(one.leader, one.text) for one in line.directives] == [
        (cast.vice.full_name, "Làm ngay.")
    ]


def test_the_printed_form_names_whose_words_they_are(cast, pdf):
    """Kon Tum Điều 13.6: on the phiếu giải quyết stands the leader, not the clerk."""
    [said] = slips.resolution(sent_on(cast, pdf, by=cast.vice))["leaders"].opinions
    post = cast.vice.appointments.get()
    assert (said.who, said.title, said.text) == (
        cast.vice.full_name,
        post.title,
        "QLĐT kiểm tra, báo cáo.",
    )


# --- A day that has passed.


def test_a_day_of_the_document_that_has_passed_goes_with_it(client, cast, pdf, typed):
    """Kon Tum Điều 11.6a: "văn bản đã quy định ngày xử lý thì áp dụng"; it is late, and said so."""
    arrived = clock.today() - timedelta(days=6)
    late = clock.today() - timedelta(days=4)
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    days = {
        "arrival_date": f"{arrived:%d/%m/%Y}",
        "issued_date": f"{arrived:%d/%m/%Y}",
        "due_date": f"{late:%d/%m/%Y}",
    }
    answer = client.post(form_of(document), typed(**direction(cast), **days), follow=True)
    text = answer.content.decode()
    assert "Đã đăng ký số đến 1 và chuyển Phòng Quản lý đô thị." in text
    assert f"Thời hạn {late:%d/%m/%Y} ghi trên văn bản đã qua" in text
    document = IncomingDocument.objects.get()
    assert (document.state, document.due_date) == ("in_process", late)
    assert document.assignments.get().due_date == late
    assert Waiting.objects.get(document=document.pk).due_date == late
    assert list(findings()) == []
    # Điều 11.6c: whoever has it may ask for a later day at once.
    day = clock.today() + timedelta(days=3)
    head = act_as(cast.head)
    assert rules.may_request_extension(head, document) is None
    actions.request_extension(head, document, day=day, text="Đến tay đã quá hạn.")


def test_a_day_to_come_is_said_nothing_of(client, cast, pdf, typed):
    """Kon Tum Điều 11.6a."""
    document, day = play.received(cast.clerk, pdf), clock.today()
    client.force_login(cast.clerk)
    values = typed(**direction(cast), due_date=f"{day:%d/%m/%Y}")
    answer = client.post(form_of(document), values, follow=True)
    assert "đã qua" not in answer.content.decode()
    assert IncomingDocument.objects.get().assignments.get().due_date == day
