"""The tray: what has arrived and waits to be registered; and sending away what may not enter."""

import pytest
from django.urls import reverse

from documents.models import DocumentAct, QuarantinedFile
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files
from tests.cast import act_as

pytestmark = pytest.mark.django_db


def tray(agency) -> str:
    return reverse("incoming:tray", args=[agency.slug])


def test_the_clerk_sees_what_arrived_and_what_is_known_of_it(client, cast, pdf, tmp_path):
    """Kon Tum Điều 13.1."""
    play.received(cast.clerk, pdf, "quet-001.pdf")
    play.received(cast.clerk, files.encrypted(tmp_path / "a").read_bytes(), "khoa.pdf")
    other = files.build(pages=2)
    actions.receive(act_as(cast.clerk), [play.upload(other, "vua-den.pdf")])
    client.force_login(cast.clerk)
    page = client.get(tray(cast.city)).content.decode()
    assert page.index("quet-001.pdf") < page.index("khoa.pdf") < page.index("vua-den.pdf")
    assert "Không có chữ ký số" in page
    assert "Tệp đặt mật khẩu nên không đọc được" in page
    assert "Đang kiểm tra" in page
    assert cast.clerk.full_name in page


def test_an_empty_tray_says_so(client, cast):
    client.force_login(cast.clerk)
    assert "Không có văn bản nào chờ đăng ký" in client.get(tray(cast.city)).content.decode()


@pytest.mark.parametrize("who", ["chief", "chair", "specialist", "archivist", "head", "stranger"])
def test_nobody_else_has_a_tray(client, cast, pdf, who):
    document = play.received(cast.clerk, pdf)
    client.force_login(getattr(cast, who))
    assert client.get(tray(cast.city)).status_code == 404
    for name in ("register_received", "refuse", "correct"):
        url = reverse(f"incoming:{name}", args=[cast.city.slug, document.pk])
        assert (client.get(url).status_code, client.post(url).status_code) == (404, 404), name


def test_another_agency_s_document_is_not_there(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.ward_clerk)
    assert "quet-001.pdf" not in client.get(tray(cast.ward)).content.decode()
    for name in ("register_received", "refuse", "correct"):
        url = reverse(f"incoming:{name}", args=[cast.ward.slug, document.pk])
        assert client.get(url).status_code == 404, name


def test_as_many_queries_for_three_as_for_one(client, cast, pdf, django_assert_max_num_queries):
    client.force_login(cast.clerk)
    play.received(cast.clerk, pdf)
    client.get(tray(cast.city))
    counts = []
    for _round in range(2):
        with django_assert_max_num_queries(100) as asked:
            client.get(tray(cast.city))
        counts.append(sum("django_session" not in one["sql"] for one in asked.captured_queries))
        play.received(cast.clerk, pdf)
        play.received(cast.clerk, pdf)
    assert counts[0] == counts[1]


def test_refusing_removes_the_file_and_keeps_the_reason(client, cast, pdf):
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "Gửi Sở Y tế"}).status_code == 422
    answer = client.post(url, {"reason": "not_ours", "text": "Gửi Sở Y tế"}, follow=True)
    assert "Đã từ chối văn bản" in answer.content.decode()
    document.refresh_from_db()
    assert (document.state, document.refusal_reason) == ("refused", "not_ours")
    assert not QuarantinedFile.objects.exists()
    assert DocumentAct.objects.filter(target=document.pk).last().words.text == "Gửi Sở Y tế"


def test_refusing_a_forbidden_kind_keeps_no_words(client, cast, pdf):
    """Kon Tum Điều 4.1, 14.7."""
    document = play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
    page = client.post(url, {"reason": "state_secrets", "text": "Kế hoạch A2"}).content.decode()
    assert "khoản 1 Điều 4" in page
    assert "sổ văn bản mật lập riêng" in page
    assert not hasattr(DocumentAct.objects.filter(target=document.pk).last(), "words")


def test_what_has_left_the_tray_is_not_refused(client, cast, pdf):
    document = play.registered(cast.clerk, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
    answer = client.post(url, {"reason": "not_ours"})
    assert answer.url == document.get_absolute_url()
    assert IncomingDocument.objects.get().state == "registered"


@pytest.mark.django_db(transaction=True)
def test_each_file_becomes_one_entry_and_the_wrong_ones_are_named(
    client, cast, pdf, settings, upload_file
):
    settings.UPLOAD_LIMIT = 2000
    client.force_login(cast.clerk)
    answer = client.post(
        tray(cast.city),
        {
            "files": [
                upload_file(pdf, "a.pdf"),
                upload_file(pdf + b"%" * 3000, "b.pdf"),
                upload_file(pdf, "c.pdf"),
            ],
            "channel": "email",
        },
        follow=True,
    )
    page = answer.content.decode()
    assert "Đã nhận 2 tệp." in page
    assert "Tệp b.pdf lớn hơn 2\u00a0KB" in page
    assert [row.file_name for row in QuarantinedFile.objects.order_by("pk")] == ["a.pdf", "c.pdf"]
    assert set(IncomingDocument.objects.values_list("channel", flat=True)) == {"email"}
    assert all(row.inspection["readable"] for row in QuarantinedFile.objects.all())


def test_sending_no_file_says_what_to_do(client, cast):
    client.force_login(cast.clerk)
    answer = client.post(tray(cast.city))
    assert answer.status_code == 422
    assert "Chưa chọn tệp nào" in answer.content.decode()


# --- The same file twice, before either is registered.


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def test_two_copies_of_a_file_in_the_tray_are_told(client, cast, pdf, tmp_path):
    """NĐ 30/2020 Phụ lục VI phần I: each names the other, in the tray and on the form."""
    first = play.received(cast.clerk, pdf, "quet-001.pdf")
    other = play.received(cast.clerk, files.build(pages=2), "khac.pdf")
    second = actions.receive(act_as(cast.clerk), [play.upload(pdf, "gui-lai.pdf")])
    client.force_login(cast.clerk)
    rows = {row.document: row for row in client.get(tray(cast.city)).context["rows"]}
    assert {one.pk: [each.document for each in row.copies] for one, row in rows.items()} == {
        first.pk: [second],
        second.pk: [first],
        other.pk: [],
    }
    page = client.get(tray(cast.city)).content.decode()
    assert page.count("Cùng một tệp đang chờ đăng ký.") == 2
    assert "quet-001.pdf giống hệt gui-lai.pdf" in page
    assert "gui-lai.pdf giống hệt quet-001.pdf" in page
    for document, there in ((first, second), (second, first)):
        page = client.get(form_of(document)).content.decode()
        assert "Cùng một tệp đang chờ đăng ký." in page
        assert f'href="{form_of(there)}"' in page
        away = reverse("incoming:refuse", args=[cast.city.slug, document.pk])
        assert f"{away}?reason=duplicate" in page
    assert "Cùng một tệp" not in client.get(form_of(other)).content.decode()


@pytest.mark.usefixtures("types")
def test_a_copy_in_the_tray_is_never_refused(client, cast, pdf, typed):
    """NĐ 30/2020 Phụ lục VI phần I: the clerk decides; the second is asked about, as before."""
    first, second = play.received(cast.clerk, pdf), play.received(cast.clerk, pdf)
    client.force_login(cast.clerk)
    assert client.post(form_of(first), typed()).status_code == 302
    assert IncomingDocument.objects.get(pk=first.pk).state == "registered"
    page = client.get(form_of(second)).content.decode()
    assert "Có thể trùng với số đến 1" in page
    assert "Cùng một tệp đang chờ đăng ký." not in page
    assert client.post(form_of(second), typed(confirm_duplicate="on")).status_code == 302


def test_what_is_no_copy_in_the_tray(client, cast, pdf):
    """What was sent away, what others have, and two files of one document."""
    document = actions.receive(
        act_as(cast.clerk), [play.upload(pdf, "mot.pdf"), play.upload(pdf, "hai.pdf")]
    )
    refused = play.received(cast.clerk, pdf)
    actions.refuse(act_as(cast.clerk), refused, reason="not_ours")
    play.received(cast.ward_clerk, pdf)
    client.force_login(cast.clerk)
    for path in (tray(cast.city), form_of(document)):
        assert "Cùng một tệp" not in client.get(path).content.decode()


def test_an_annex_is_a_copy_too_and_each_other_entry_is_named_once(client, cast, pdf):
    both = [play.upload(pdf, "chinh.pdf"), play.upload(files.build(pages=2), "phu-luc.pdf")]
    document = actions.receive(act_as(cast.clerk), both)
    again = [play.upload(pdf, "chinh-2.pdf"), play.upload(files.build(pages=2), "phu-luc-2.pdf")]
    actions.receive(act_as(cast.clerk), again)
    loose = actions.receive(act_as(cast.clerk), [play.upload(files.build(pages=2), "roi.pdf")])
    client.force_login(cast.clerk)
    page = client.get(form_of(document)).content.decode()
    assert page.count("Cùng một tệp đang chờ đăng ký.") == 2
    assert "chinh.pdf giống hệt chinh-2.pdf" in page
    assert "phu-luc.pdf giống hệt roi.pdf" in page
    assert client.get(form_of(loose)).content.decode().count("giống hệt") == 2
