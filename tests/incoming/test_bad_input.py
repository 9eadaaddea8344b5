"""What goes wrong at the registering form: a clear word each time, and nothing typed is lost."""

import errno
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from core import clock
from documents import uploads
from documents.models import Attachment, QuarantinedFile, Register
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types")]

SUBJECT = "Khắc phục sạt lở bờ kè sông Đăk Bla"
FULL = OSError(errno.ENOSPC, "No space left on device")


class FullDisk(FileSystemStorage):
    """A disk without room for one more byte."""

    def path(self, name: str) -> str:
        raise FULL


class FullStore(FileSystemStorage):
    """A store in which nothing can be saved any more."""

    def _save(self, name: str, content: Any) -> str:
        raise FULL


@pytest.fixture
def blank(cast) -> str:
    """The address of the form without a document."""
    return reverse("incoming:register", args=[cast.city.slug])


def kept(answer) -> bool:
    """True when everything typed stands in the form again."""
    form = answer.context["form"]
    return (form["subject"].value(), form["organ_name"].value(), form["code_number"].value()) == (
        SUBJECT,
        "UBND tỉnh Kon Tum",
        "4127",
    )


def lying() -> list:
    """The files of the quarantine."""
    folder = uploads.path_of("0" * 32).parent
    return [path for path in folder.iterdir() if path.is_file()] if folder.exists() else []


# --- Files.


def test_no_file(client, cast, blank, typed):
    client.force_login(cast.clerk)
    answer = client.post(blank, typed())
    assert answer.status_code == 422
    assert "Chưa có tệp nào" in answer.content.decode()
    assert kept(answer)
    assert not IncomingDocument.objects.exists()


UNREADABLE = {
    "empty": (lambda path: path.touch() or path, "Tệp rỗng"),
    "not a PDF": (files.word_document, "Tệp không phải là PDF"),
    "a program": (files.renamed_executable, "Tệp là chương trình"),
    "with a password": (files.encrypted, "Tệp đặt mật khẩu"),
    "broken": (files.broken, "Tệp PDF bị hỏng"),
    "without pages": (files.zero_page, "không có trang nào"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_is_kept_aside(
    client, cast, pdf, blank, typed, upload_file, tmp_path, kind
):
    make, words = UNREADABLE[kind]
    content = make(tmp_path / "file").read_bytes()
    client.force_login(cast.clerk)
    answer = client.post(blank, typed(files=upload_file(content, "van-ban.pdf")))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert words in page
    assert kept(answer)
    document = IncomingDocument.objects.get()
    assert document.state == "received"
    assert len(lying()) == 1
    assert not Register.objects.exists()  # no number was drawn for it
    # A better file in its place, and all is well.
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert f'action="{url}"' in page
    answer = client.post(url, typed(files=upload_file(pdf, "tot.pdf")))
    assert answer.status_code == 302
    assert list(IncomingDocument.objects.order_by("pk").values_list("state", "refusal_reason")) == [
        ("refused", "unreadable"),
        ("registered", ""),
    ]
    assert lying() == []


def test_over_the_limit(client, cast, pdf, blank, typed, upload_file, settings):
    settings.UPLOAD_LIMIT = len(pdf) - 1
    client.force_login(cast.clerk)
    answer = client.post(blank, typed(files=upload_file(pdf)))
    assert answer.status_code == 422
    assert "Tệp quet-001.pdf lớn hơn " in answer.content.decode()
    assert kept(answer)
    assert lying() == []


@pytest.mark.django_db(transaction=True)
def test_one_of_two_files_over_the_limit_is_not_left_out_silently(
    client, cast, pdf, blank, typed, upload_file, settings
):
    settings.UPLOAD_LIMIT = 2000
    client.force_login(cast.clerk)
    sent = [upload_file(pdf, "chinh.pdf"), upload_file(pdf + b"%" * 3000, "phu-luc.pdf")]
    answer = client.post(blank, typed(files=sent))
    assert answer.status_code == 422
    assert "Tệp phu-luc.pdf lớn hơn 2\u00a0KB" in answer.content.decode()
    assert kept(answer)
    document = IncomingDocument.objects.get()
    assert (document.state, document.quarantined.count()) == ("received", 1)
    # The clerk may go on with what has arrived.
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert client.post(url, typed()).status_code == 302


def test_a_lying_table_of_objects_is_read_all_the_same(
    client, cast, blank, typed, upload_file, tmp_path
):
    content = files.broken_xref(tmp_path / "file").read_bytes()
    client.force_login(cast.clerk)
    assert client.post(blank, typed(files=upload_file(content))).status_code == 302
    assert IncomingDocument.objects.get().state == "registered"


def test_javascript_is_kept_and_flagged(client, cast, blank, typed, upload_file, tmp_path):
    content = files.with_javascript(tmp_path / "file").read_bytes()
    document = play.received(cast.clerk, content, "co-ma.pdf")
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert "mã JavaScript" in client.get(url).content.decode()
    assert client.post(url, typed()).status_code == 302
    stored = Attachment.objects.get().file
    assert "javascript" in stored.inspection["active"]
    assert stored.size == len(content)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Quet\\cong-van.pdf", "cong-van.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("bao-cao\u202efdp.exe.pdf", "bao-caofdp.exe.pdf"),
        ("<b>.pdf", "<b>.pdf"),
    ],
)
def test_odd_file_names(client, cast, pdf, blank, typed, sent, shown):
    client.force_login(cast.clerk)
    boundary = "ranh-gioi"
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in typed().items()
    ]
    parts.append(
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{sent}"\r\n'
        "Content-Type: application/pdf\r\n\r\n".encode()
        + pdf
        + b"\r\n"
    )
    body = b"".join(parts) + f"--{boundary}--\r\n".encode()
    kind = f"multipart/form-data; boundary={boundary}"
    assert client.generic("POST", blank, body, content_type=kind).status_code == 302
    assert Attachment.objects.get().file_name == shown


@pytest.mark.parametrize("place", ["quarantine", "store"])
@pytest.mark.django_db(transaction=True)
def test_a_full_disk(client, cast, pdf, blank, typed, upload_file, settings, place):
    client.force_login(cast.clerk)
    fault = {"quarantine": "FullDisk", "store": "FullStore"}[place]
    whole = settings.STORAGES
    options = {"BACKEND": f"{__name__}.{fault}", "OPTIONS": whole[place].get("OPTIONS", {})}
    settings.STORAGES = {**whole, place: options}
    answer = client.post(blank, typed(files=upload_file(pdf)))
    page = answer.content.decode()
    assert kept(answer)
    settings.STORAGES = whole
    assert not Register.objects.filter(last_number__gt=0).exists()
    if place == "quarantine":
        assert answer.status_code == 422
        assert "Máy chủ hết chỗ lưu" in page
        assert not IncomingDocument.objects.exists()
        return
    assert answer.status_code == 409
    assert "Máy chủ chưa lưu được tệp" in page
    document = IncomingDocument.objects.get()
    assert document.state == "received"
    assert len(lying()) == 1
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert client.post(url, typed()).status_code == 302
    document.refresh_from_db()
    assert document.number == 1


# --- Fields.


def test_the_limit_is_said_as_it_is(client, cast, pdf, blank, typed, upload_file, settings):
    settings.UPLOAD_FILES = 1
    client.force_login(cast.clerk)
    sent = [upload_file(pdf, "1.pdf"), upload_file(pdf, "2.pdf")]
    answer = client.post(blank, typed(files=sent))
    assert "Một lần gửi nhận nhiều nhất 1 tệp." in answer.content.decode()


def test_a_foreign_token_is_changed_for_a_fresh_one(client, cast, pdf, typed, upload_file):
    """Two agencies never share an entry, whatever the browser sends."""
    foreign = play.received(cast.clerk, pdf)
    client.force_login(cast.ward_clerk)
    url = reverse("incoming:register", args=[cast.ward.slug])
    answer = client.post(url, typed(files=upload_file(pdf), entry_token=str(foreign.entry_token)))
    assert answer.status_code == 302
    own = IncomingDocument.objects.get(agency=cast.ward)
    assert own.state == "registered"
    assert own.entry_token != foreign.entry_token


def test_a_deadline_before_the_arrival_is_refused_when_correcting_too(client, cast, pdf, typed):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    answer = client.post(url, typed(due_date=soon(-1), reason="Gõ nhầm"))
    assert answer.status_code == 422
    assert "Thời hạn không thể trước ngày đến" in answer.content.decode()


@pytest.mark.parametrize("number", ["04", "12a", "12-HD", "Không số"])
def test_numbers_as_they_stand_on_paper(client, cast, pdf, typed, number):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert client.post(url, typed(code_number=number)).status_code == 302


def soon(days: int) -> str:
    return f"{clock.today() + timedelta(days=days):%d/%m/%Y}"


WRONG = {
    "31/11": ({"issued_date": "31/11/2024"}, "Tháng 11 có 30 ngày."),
    "29/02": ({"issued_date": "29/02/2023"}, "Tháng 2 năm 2023 có 28 ngày."),
    "13": ({"issued_date": "01/13/2024"}, "Không có tháng 13."),
    "0": ({"issued_date": "0/12/2024"}, "Không có ngày 0."),
    "far due": ({"due_date": f"01/01/{clock.today().year + 7}"}, "Thời hạn xa hơn 5 năm"),
    "due before arrival": ({"due_date": soon(-1)}, "Thời hạn không thể trước ngày đến"),
    "another year": (
        {"arrival_date": soon(-32), "issued_date": soon(-40)},
        "Ngày đến cách ngày tiếp nhận quá xa; kiểm tra lại năm.",
    ),
    "Arabic digits": ({"code_number": "٤١٢"}, "Số của văn bản chỉ gồm chữ số 0-9"),
    "wide digits": ({"code_number": "４１"}, "Số của văn bản chỉ gồm chữ số 0-9"),
    "blank letters": ({"organ_name": "\u3164\u2800\u115f"}, "Chưa có cơ quan ban hành."),
    "channel": ({"channel": "dove"}, "Chọn một mục trong danh sách."),
    "ISO": ({"issued_date": "2024-02-30"}, "Tháng 2 năm 2024 có 29 ngày."),
    "words": ({"issued_date": "hôm qua"}, "Gõ ngày theo dạng dd/mm/yyyy"),
    "year": ({"issued_date": "01/01/0024"}, "Năm 0024 không đúng."),
    "due": ({"due_date": "31/06/2025"}, "Tháng 6 có 30 ngày."),
    "no day": ({"issued_date": ""}, "Chưa có ngày văn bản."),
    "issued late": (
        {"issued_date": soon(-1), "arrival_date": soon(-2)},
        "Ngày văn bản không thể sau ngày đến",
    ),
    "to come": ({"arrival_date": soon(1)}, "Ngày đến không thể sau hôm nay."),
    "no arrival": ({"arrival_date": ""}, "Chưa có ngày đến."),
    "no number": ({"code_number": " \u200b"}, "Chưa có số."),
    "both in one": ({"code_number": "04/2017"}, "phần sau dấu “/” gõ vào ô Ký hiệu"),
    "long number": ({"code_number": "1" * 12}, "Dài 12 ký tự, quá 1 ký tự so với 11."),
    "no notation": ({"code_notation": ""}, "Chưa có ký hiệu."),
    "type": ({"type_name": "Văn bia"}, "Chọn tên loại có trong danh sách."),
    "urgency": ({"priority": "7"}, "7"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_field_is_named_in_words(client, cast, pdf, typed, case):
    changes, words = WRONG[case]
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    answer = client.post(url, typed(**changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "field--error" in page
    assert answer.context["form"]["subject"].value() == SUBJECT
    document.refresh_from_db()
    assert document.state == "received"


def test_a_subject_of_501_letters_says_how_many_too_many(client, cast, pdf, typed):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    subject = "ệ" * 501
    answer = client.post(url, typed(subject=subject))
    assert answer.status_code == 422
    assert "Dài 501 ký tự, quá 1 ký tự so với 500." in answer.content.decode()
    assert answer.context["form"]["subject"].value() == subject
    # Marks typed apart do not count as letters.
    assert client.post(url, typed(subject="e\u0323\u0302" * 500)).status_code == 302
    assert IncomingDocument.objects.get().subject == "ệ" * 500


@pytest.mark.django_db(transaction=True)
def test_a_wrong_form_with_a_file_does_not_lose_the_file(
    client, cast, pdf, blank, typed, upload_file
):
    client.force_login(cast.clerk)
    answer = client.post(blank, typed(files=upload_file(pdf), issued_date="31/11/2024"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Tệp đã nhận và còn trong danh sách chờ đăng ký." in page
    document = IncomingDocument.objects.get()
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert f'action="{url}"' in page
    assert QuarantinedFile.objects.get().file_name == "quet-001.pdf"
    assert client.post(url, typed()).status_code == 302
    document.refresh_from_db()
    assert document.state == "registered"


def test_what_is_typed_is_shown_as_text(client, cast, pdf, typed):
    document = play.received(cast.clerk, pdf, "<img src=x onerror=alert(1)>.pdf")
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    page = client.post(url, typed(subject="<script>1</script>", issued_date="")).content.decode()
    assert "<script>1" not in page
    assert "<img src=x" not in page


# --- The session ends while somebody types.


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("checked", [False, True])
def test_an_expired_session_leads_to_sign_in_and_back(
    cast, pdf, blank, typed, upload_file, checked
):
    client = Client(enforce_csrf_checks=checked)
    answer = client.post(blank, typed(files=upload_file(pdf)))
    if checked:
        assert answer.status_code == 403
    else:
        assert answer.url == f"{reverse('accounts:login')}?next={blank}"
    assert not IncomingDocument.objects.exists()
    assert lying() == []


def test_the_browser_keeps_what_is_typed(client, cast, pdf, blank):
    """app.js brings it back after the sign-in: the form has a name for it."""
    client.force_login(cast.clerk)
    assert 'data-keep="register-new"' in client.get(blank).content.decode()
    document = play.received(cast.clerk, pdf)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    assert f'data-keep="register-{document.pk}"' in client.get(url).content.decode()


# --- Text of the old fonts.

OLD = "B¸o c¸o t×nh h×nh thùc hiÖn kÕ ho¹ch n¨m 2024"
READ = "Báo cáo tình hình thực hiện kế hoạch năm 2024"
OLD_ISSUER = "UÛy ban nhaân daân tænh Kon Tum"


def test_text_of_an_old_font_is_refused_read_and_taken_with_one_press(client, cast, pdf, typed):
    """Kon Tum Điều 3.1."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:register_received", args=[cast.city.slug, document.pk])
    answer = client.post(url, typed(subject=OLD, organ_name=OLD_ISSUER))
    page = answer.content.decode()
    form = answer.context["form"]
    assert answer.status_code == 422
    assert "Chữ gõ bằng phông TCVN3 (.VnTime)" in form.errors["subject"][0]
    assert READ in form.errors["subject"][0]
    assert "khoản 1 Điều 3 Quy chế" in form.errors["subject"][0]
    assert "Chữ gõ bằng phông VNI" in form.errors["organ_name"][0]
    assert form["subject"].value() == OLD
    assert 'name="take_unicode"' in page
    # The button is all that it takes; nothing is registered yet.
    answer = client.post(url, typed(subject=OLD, organ_name=OLD_ISSUER, take_unicode="1"))
    form = answer.context["form"]
    assert answer.status_code == 422
    assert (form["subject"].value(), form["organ_name"].value()) == (
        READ,
        "Ủy ban nhân dân tỉnh Kon Tum",
    )
    assert form["code_number"].value() == "4127"
    assert "Đã chuyển sang Unicode. Xem lại rồi lưu." in answer.content.decode()
    assert IncomingDocument.objects.get().state == "received"
    assert client.post(url, typed(subject=READ, take_unicode="1")).status_code == 302
    assert IncomingDocument.objects.get().subject == READ


def test_an_agency_without_an_article_on_characters_quotes_none(client, cast, pdf, typed):
    """Sở Xây dựng has no regulation of its own here."""
    document = play.received(cast.stranger, pdf)
    client.force_login(cast.stranger)
    url = reverse("incoming:register_received", args=[cast.elsewhere.slug, document.pk])
    said = client.post(url, typed(subject=OLD)).context["form"].errors["subject"][0]
    assert said.endswith(f"Đọc là: “{READ}”.")


def test_text_of_an_old_font_is_refused_when_correcting_and_in_opinions(client, cast, pdf, typed):
    """Kon Tum Điều 3.1."""
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:correct", args=[cast.city.slug, document.pk])
    answer = client.post(url, typed(subject=OLD, reason="Gõ nhầm"))
    assert answer.status_code == 422
    assert READ in answer.context["form"].errors["subject"][0]
    url = reverse("incoming:verb", args=[cast.city.slug, document.pk, "comment"])
    answer = client.post(url, {"text": OLD})
    assert READ in answer.content.decode()
    assert document.acts.count() == 2
