"""The registering form: the gate, the fields, duplicates, what is pressed, and correcting."""

import logging
from datetime import timedelta
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.urls import reverse

from core import clock
from documents.models import Attachment, Document, DocumentAct, DocumentType, QuarantinedFile
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files
from tests.cast import act_as
from tests.stored import everything_stored, temporary_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types")]


@pytest.fixture
def blank(cast) -> str:
    """The address of the form without a document."""
    return reverse("incoming:register", args=[cast.city.slug])


def form_of(document) -> str:
    """The address of the form of a document in the tray."""
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


# --- The page.


def test_the_form_opens_with_the_oldest_document_of_the_tray(client, cast, pdf, blank):
    first = play.received(cast.clerk, pdf, "cu-nhat.pdf")
    play.received(cast.clerk, pdf, "moi-hon.pdf")
    client.force_login(cast.clerk)
    page = client.get(blank).content.decode()
    assert "cu-nhat.pdf" in page
    assert f'action="{form_of(first)}"' in page
    page = client.get(f"{blank}?new").content.decode()
    assert 'accept="application/pdf,image/jpeg,image/png,image/tiff,' in page


def test_the_fields_bear_their_national_numbers_and_the_letter_s_date_is_empty(client, cast, pdf):
    """NĐ 30/2020 Phụ lục VI phần II; Kon Tum Điều 13.6."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    form = client.get(form_of(document)).context["form"]
    assert (form.numbers["subject"], form.numbers["arrival_number"]) == ("8", "13")
    assert form["issued_date"].value() is None
    assert form["arrival_date"].value() == clock.today()
    assert form["page_amount"].value() == 1
    required = {name for name, field in form.fields.items() if field.required}
    assert required == {
        "arrival_date",
        "type_name",
        "organ_name",
        "code_number",
        "code_notation",
        "issued_date",
        "subject",
    }
    page = client.get(form_of(document)).content.decode()
    assert page.count("autofocus") == 1


def test_the_decree_asks_for_more_fields(client, cast, pdf):
    """NĐ 30/2020 Điều 22.3b: an agency without a regulation of its own."""
    document = actions.receive(act_as(cast.stranger), [play.upload(pdf)])
    client.force_login(cast.stranger)
    form = client.get(form_of(document)).context["form"]
    assert form.fields["signer_full_name"].required
    assert form.fields["signer_position"].required
    page = client.get(form_of(document)).content.decode()
    assert "Văn bản gửi đích danh cá nhân" in page
    assert "khiếu nại" not in page


def test_an_agency_s_own_type_is_offered_to_nobody_else(client, cast, pdf):
    DocumentType.objects.create(agency=cast.ward, type_name="Giấy báo của phường")
    DocumentType.objects.create(agency=cast.city, type_name="Phiếu giao việc")
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    page = client.get(form_of(document)).content.decode()
    assert "Phiếu giao việc" in page
    assert "Giấy báo của phường" not in page


def test_as_many_queries_for_three_as_for_one(client, cast, pdf, django_assert_max_num_queries):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.get(form_of(document))
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(100) as asked:
            client.get(form_of(document))
        counts.append(sum("django_session" not in one["sql"] for one in asked.captured_queries))
        play.received(cast.clerk, pdf)
        play.registered(cast.clerk, pdf)
    assert counts[0] == counts[1]


def test_the_pages_of_the_file_can_be_turned(client, cast):
    document = play.received(cast.clerk, files.build(pages=3))
    client.force_login(cast.clerk)
    page = client.get(f"{form_of(document)}?page=2").content.decode()
    assert "Trang 2 / 3" in page
    image = reverse("incoming:page", args=[cast.city.slug, document.pk, 1, 2])
    assert f'src="{image}"' in page
    for odd in ("?page=99", "?page=x", "?page=-1", f"?page={'9' * 30}", "?file=7"):
        assert client.get(form_of(document) + odd).status_code == 200, odd


# --- Registering.


def test_one_post_with_the_file_registers(client, cast, pdf, blank, typed, upload_file):
    """The contract: fields and files in one request; the answer leads to the document."""
    client.force_login(cast.clerk)
    files_sent = [upload_file(pdf, "cv.pdf"), upload_file(files.build(pages=2), "phu-luc.pdf")]
    answer = client.post(blank, typed(files=files_sent))
    document = IncomingDocument.objects.get()
    assert answer.url == document.get_absolute_url()
    assert (document.state, document.number, document.page_amount) == ("registered", 1, 3)
    assert document.subject == "Khắc phục sạt lở bờ kè sông Đăk Bla"
    assert list(Attachment.objects.values_list("file_name", "part")) == [
        ("cv.pdf", "main"),
        ("phu-luc.pdf", "annex"),
    ]


def test_the_fewest_fields_that_kon_tum_asks_for(client, cast, pdf, blank, typed, upload_file):
    """Kon Tum Điều 13.6: without urgency, channel, language, signer or day of arrival."""
    client.force_login(cast.clerk)
    values = typed(files=upload_file(pdf))
    for name in (
        "gate",
        "arrival_date",
        "priority",
        "language",
        "signer_position",
        "signer_full_name",
        "channel",
    ):
        del values[name]
    client.post(blank, values)
    document = IncomingDocument.objects.get()
    assert (document.day, document.language, document.channel, document.priority) == (
        clock.today(),
        "Tiếng Việt",
        "paper",
        0,
    )


def test_save_and_next_goes_on_in_the_tray(client, cast, pdf, typed):
    first, second, third = [play.received(cast.clerk, pdf, f"{n}.pdf") for n in range(3)]
    client.force_login(cast.clerk)
    answer = client.post(form_of(second), typed(then="next"))
    assert answer.url == form_of(third)
    assert any("Đã đăng ký số đến 1." in str(one) for one in get_messages(answer.wsgi_request))
    same = {"confirm_duplicate": "on", "then": "next"}
    answer = client.post(form_of(third), typed(**same))
    assert answer.url == form_of(first)
    answer = client.post(form_of(first), typed(**same))
    assert answer.url == reverse("incoming:register", args=[cast.city.slug])
    assert client.get(answer.url).status_code == 200


def test_save_and_submit_puts_it_before_the_chief(client, cast, pdf, typed):
    """Kon Tum Điều 13.1."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    client.post(form_of(document), typed(then="submit"))
    document.refresh_from_db()
    assert document.state == "submitted"


def test_typed_text_is_cleaned_and_nothing_else_is_changed(
    client, cast, pdf, blank, typed, upload_file
):
    client.force_login(cast.clerk)
    subject = "V\u00a0ê\u0300  vie\u0323\u0302c \u200bgia hạn\r\nlần 2"
    client.post(blank, typed(files=upload_file(pdf), subject=subject, code_notation="ubnd-Htkt"))
    document = IncomingDocument.objects.get()
    assert document.subject == "V ề việc gia hạn lần 2"
    assert document.code_notation == "ubnd-Htkt"


def test_a_paper_without_a_number(client, cast, pdf, blank, typed, upload_file):
    client.force_login(cast.clerk)
    values = typed(files=upload_file(pdf), code_number="Không số", code_notation="")
    client.post(blank, values)
    assert IncomingDocument.objects.get().code_number == "không số"


@pytest.mark.parametrize("written", ["05/11/2024", "5/11/2024", "2024-11-05", "5.11.2024"])
def test_forms_of_a_day(client, cast, pdf, blank, typed, upload_file, written):
    client.force_login(cast.clerk)
    client.post(blank, typed(files=upload_file(pdf), issued_date=written))
    assert f"{IncomingDocument.objects.get().issued_date}" == "2024-11-05"


def test_registered_already_leads_to_the_document(client, cast, pdf, typed):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    for answer in (client.post(form_of(document), typed()), client.get(form_of(document))):
        assert answer.url == document.get_absolute_url()
    assert DocumentAct.objects.filter(verb="register").count() == 1


# --- Duplicates.


def test_a_duplicate_is_shown_and_goes_on_when_confirmed(client, cast, pdf, typed):
    """NĐ 30/2020 Phụ lục VI phần I: warned, never refused."""
    there = play.registered(cast.clerk, pdf)
    document = play.received(cast.clerk, files.build(pages=2))
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(subject="Chữ vừa gõ"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Có thể trùng với số đến 1 ngày" in page
    assert there.get_absolute_url() in page
    assert "Chữ vừa gõ" in page
    answer = client.post(form_of(document), typed(confirm_duplicate="on"))
    assert answer.status_code == 302
    assert IncomingDocument.objects.filter(state="registered").count() == 2


def test_the_same_file_is_a_duplicate_before_anything_is_typed(client, cast, pdf, typed):
    play.registered(cast.clerk, pdf)
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    assert "Có thể trùng với số đến 1 ngày" in client.get(form_of(document)).content.decode()
    values = typed(code_number="9", organ_name="Sở Y tế")
    assert client.post(form_of(document), values).status_code == 409


def test_another_agency_s_document_is_no_duplicate(client, cast, pdf, typed):
    play.registered(cast.ward_clerk, pdf)
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    assert client.post(form_of(document), typed()).status_code == 302


# --- The same form twice.


def test_the_same_form_sent_twice_registers_once(client, cast, pdf, blank, typed, upload_file):
    client.force_login(cast.clerk)
    token = client.get(blank).context["form"]["entry_token"].value()
    first = client.post(blank, typed(files=upload_file(pdf), entry_token=str(token)))
    second = client.post(blank, typed(files=upload_file(pdf), entry_token=str(token)))
    document = IncomingDocument.objects.get()
    assert first.url == second.url == document.get_absolute_url()
    assert (str(document.entry_token), document.number) == (str(token), 1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_the_same_moment(cast, pdf, blank, typed, upload_file):
    token, start, answers = str(uuid4()), Barrier(2), []

    def send() -> None:
        try:
            client = Client()
            client.force_login(cast.clerk)
            start.wait(20)
            answers.append(client.post(blank, typed(files=upload_file(pdf), entry_token=token)))
        finally:
            connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    document = IncomingDocument.objects.get()
    assert [answer.url for answer in answers] == [document.get_absolute_url()] * 2
    assert (document.state, document.number) == ("registered", 1)
    assert document.attachments.count() == 1


@pytest.mark.parametrize("token", ["", "x", None])
def test_without_a_token_it_works_too(client, cast, pdf, blank, typed, upload_file, token):
    client.force_login(cast.clerk)
    extra = {} if token is None else {"entry_token": token}
    assert client.post(blank, typed(files=upload_file(pdf), **extra)).status_code == 302


# --- The gate.


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["with the form", "from the tray"])
def test_of_a_forbidden_document_nothing_remains(
    client, cast, blank, typed, upload_file, caplog, way
):
    """Kon Tum Điều 4.1, 13.5, 14.7: in no table, file, session or log."""
    caplog.set_level(logging.DEBUG)
    secret = files.build(content=b"BT /F1 14 Tf 72 770 Td (DAUVETNOIDUNG) Tj ET")
    client.force_login(cast.clerk)
    sent = upload_file(secret, "DAUVETTENTEP.pdf")
    if way == "from the tray":
        client.post(reverse("incoming:tray", args=[cast.city.slug]), {"files": sent})
        document = IncomingDocument.objects.get()
        image = reverse("incoming:page", args=[cast.city.slug, document.pk, 1, 1])
        assert client.get(image).status_code == 200  # a picture of it lies beside it now
        assert "DAUVETTENTEP" in everything_stored()
        url, extra = form_of(document), {}
    else:
        url, extra = blank, {"files": sent}
    caplog.clear()
    answer = client.post(
        url,
        typed(gate="state_secrets", subject="DAUVETTRICHYEU", description="DAUVETGHICHU", **extra),
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "khoản 1 Điều 4" in page
    assert "Tệp đã được xóa khỏi hệ thống" in page
    assert "sổ văn bản mật lập riêng trên giấy" in page
    assert "DAUVET" not in page
    document = IncomingDocument.objects.get()
    assert (document.state, document.refusal_reason) == ("refused", "state_secrets")
    assert DocumentAct.objects.filter(verb="refuse").get().article.startswith("khoản 1 Điều 4")
    stored = everything_stored()
    assert "Bùi Thị Hồng Nhung" in stored  # the search does find what is there
    assert "DAUVET" not in stored
    assert "DAUVET" not in caplog.text
    assert "DAUVET" not in str(dict(client.session))
    assert temporary_files("DAUVETNOIDUNG") == []
    assert not [path for path in settings.DATA_ROOT.rglob("*") if path.is_file()]
    again = client.post(form_of(document), typed())
    assert again.status_code == 409
    assert "khoản 1 Điều 4" in again.content.decode()


@pytest.mark.parametrize(
    ("code", "article"),
    [
        ("state_secrets", "khoản 1"),
        ("petitions", "khoản 2"),
        ("petition_papers", "khoản 3"),
        ("by_name", "khoản 4"),
    ],
)
def test_every_forbidden_kind_quotes_its_clause(client, cast, pdf, typed, code, article):
    """Kon Tum Điều 4."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    answer = client.post(form_of(document), typed(gate=code))
    assert answer.status_code == 409
    assert f"{article} Điều 4" in answer.content.decode()
    assert not QuarantinedFile.objects.exists()


def test_a_kind_that_is_only_known_elsewhere_is_not_taken_for_a_no(client, cast, pdf, typed):
    """The decree forbids no petitions: such a value is refused, not registered."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    assert client.post(form_of(document), typed(gate="petitions2")).status_code == 422
    assert IncomingDocument.objects.get().state == "received"


# --- Correcting.


def test_correcting_keeps_before_and_after(client, cast, pdf, typed):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    page = client.get(url).content.decode()
    assert document.subject in page
    assert "autofocus" not in page
    assert client.post(url, typed(subject="Trích yếu đúng")).status_code == 422
    answer = client.post(url, typed(subject="Trích yếu đúng", reason="Gõ nhầm"))
    assert answer.url == document.get_absolute_url()
    subjects = Document.history.filter(id=document.pk).values_list("subject", flat=True)
    assert list(subjects) == ["Trích yếu đúng", document.subject]
    assert IncomingDocument.objects.get().number == document.number


def test_what_another_has_mended_meanwhile_is_not_undone_unseen(client, cast, pdf, typed):
    """Two open the form: the second is told what the first has mended, before he writes over it."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    drawn = client.get(url).context["form"].version
    assert f'name="seen" value="{drawn}"' in client.get(url).content.decode()
    as_it_was = {
        name: getattr(document, name)
        for name in ("organ_name", "code_number", "code_notation", "subject")
    }
    first = typed(**as_it_was, signer_full_name=document.signer_full_name)
    first |= {"due_date": f"{clock.today():%d/%m/%Y}", "reason": "Thiếu hạn"}
    assert client.post(url, first | {"seen": drawn}).status_code == 302
    second = typed(**as_it_was) | {"signer_full_name": "Trần Văn Hải", "reason": "Sai tên"}
    answer = client.post(url, second | {"seen": drawn})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "đã có bước mới từ lúc mở trang này" in page
    assert f"Trong sổ hiện là: Thời hạn giải quyết “{clock.today():%d/%m/%Y}”." in page
    assert "Trần Văn Hải" in page
    assert IncomingDocument.objects.get().due_date == clock.today()
    # Shown again with what came since, it is his to save.
    again = second | {"due_date": first["due_date"], "seen": answer.context["form"].version}
    assert client.post(url, again).status_code == 302
    document = IncomingDocument.objects.get()
    assert (document.due_date, document.signer_full_name) == (clock.today(), "Trần Văn Hải")


def test_correcting_nothing_is_answered_in_words(client, cast, pdf, typed):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    values = typed(subject=document.subject, reason="Xem lại")
    answer = client.post(url, values)
    assert answer.status_code == 409
    assert "Chưa có trường nào được sửa" in answer.content.decode()


def test_finished_work_is_not_corrected(client, cast, pdf, typed):
    document = play.finished(cast, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    assert client.get(url).status_code == 409
    assert client.post(url, typed(reason="x")).status_code == 409


def test_a_day_long_past_stays_correctable(client, cast, pdf, typed):
    """A type that has gone out of use since does not stand in the way."""
    document = play.registered(cast.clerk, pdf, type_name="Sao y")
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    day = clock.today() - timedelta(days=1)
    values = typed(type_name="Sao y", arrival_date=f"{day:%d/%m/%Y}", reason="Ngày đến")
    assert client.post(url, values).status_code == 302
    assert IncomingDocument.objects.get().day == day


def test_an_unknown_document_is_not_found(client, cast):
    client.force_login(cast.clerk)
    for name in ("register_received", "refuse", "correct"):
        url = reverse(f"incoming:{name}", args=[cast.city.slug, 10**9])
        assert client.get(url).status_code == 404
