"""What lies in the tray is put together and taken apart while it is unregistered."""

import pytest
from django.urls import reverse

from core.errors import Refusal, Stale
from documents import verifying
from documents.models import Attachment, DocumentAct, QuarantinedFile
from incoming import actions
from incoming.models import EntryDraft, IncomingDocument
from incoming.verifying import findings
from tests import cast as play
from tests.cast import act_as
from tests.files import build
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("types", "glance", "empty_cache")]


def files_of(document) -> list[tuple[str, str, int]]:
    rows = QuarantinedFile.objects.filter(document_id=document.pk).order_by("ordinal")
    return [(one.file_name, one.part, one.ordinal) for one in rows]


def three(cast, pdf) -> list[IncomingDocument]:
    return [play.received(cast.clerk, pdf, f"{name}.pdf") for name in ("phu-luc", "cong-van", "b")]


def form_of(document) -> str:
    return reverse("incoming:register_received", args=[document.agency.slug, document.pk])


def test_two_entries_become_one_with_annexes(client, cast, pdf):
    annex, letter, other = three(cast, pdf)
    client.force_login(cast.clerk)
    url = reverse("incoming:merge", args=[cast.city.slug])
    asked = {"entry": [annex.pk, letter.pk, other.pk]}
    page = client.get(url, asked).content.decode()
    assert "phu-luc.pdf" in page
    assert 'type="radio"' in page
    answer = client.post(url, asked | {"main": letter.pk}, follow=True)
    assert "Đã gộp thành một văn bản." in answer.content.decode()
    assert files_of(letter) == [
        ("cong-van.pdf", "main", 1),
        ("phu-luc.pdf", "annex", 2),
        ("b.pdf", "annex", 3),
    ]
    assert list(IncomingDocument.objects.filter(state="received")) == [letter]
    annex.refresh_from_db()
    assert annex.get_state_display() == "Đã gộp vào văn bản khác"
    answer = client.get(form_of(annex))
    assert answer.url == letter.get_absolute_url()
    assert list(findings()) == []
    assert list(verifying.broken_chains()) == []
    # Registered, the letter has all three.
    actions.inspect_tray(letter)
    actions.register(act_as(cast.clerk), letter, play.entry())
    assert Attachment.objects.filter(document=letter).count() == 3


def test_an_annex_becomes_an_entry_of_its_own(client, cast, pdf):
    clerk = act_as(cast.clerk)
    names = ("cong-van.pdf", "a.pdf", "b.pdf")
    document = actions.receive(clerk, [play.upload(pdf, one) for one in names], channel="email")
    client.force_login(cast.clerk)
    url = reverse("incoming:split", args=[cast.city.slug, document.pk])
    answer = client.post(url, {"file": "2"}, follow=True)
    assert "Đã tách phụ lục thành một văn bản" in answer.content.decode()
    assert files_of(document) == [("cong-van.pdf", "main", 1), ("b.pdf", "annex", 2)]
    made = IncomingDocument.objects.exclude(pk=document.pk).get()
    assert files_of(made) == [("a.pdf", "main", 1)]
    assert (made.channel, made.received_at) == ("email", document.received_at)
    assert "Bùi Thị Hồng Nhung" in answer.content.decode()
    # The letter itself is no annex; neither is a file that is not there.
    for wrong in ("1", "9", "x", ""):
        answer = client.post(url, {"file": wrong}, follow=True)
        assert "không còn là phụ lục" in answer.content.decode()
    assert IncomingDocument.objects.count() == 2
    assert list(findings()) == []
    # Back again.
    actions.merge(clerk, document, [made])
    assert files_of(document)[-1] == ("a.pdf", "annex", 3)


def test_what_was_typed_goes_along_and_is_never_thrown_away_by_merging(cast, pdf):
    annex, letter, other = three(cast, pdf)
    clerk = act_as(cast.clerk)
    actions.keep_draft(clerk, annex.entry_token, {"subject": "Gõ ở phụ lục"})
    actions.merge(clerk, letter, [annex])
    assert EntryDraft.objects.get().document == letter
    assert EntryDraft.objects.get().entry_token == letter.entry_token
    actions.keep_draft(clerk, other.entry_token, {"subject": "Gõ ở văn bản khác"})
    with pytest.raises(Refusal, match="đang có bản nháp"):
        actions.merge(clerk, letter, [other])
    assert EntryDraft.objects.count() == 2


def test_what_has_left_the_tray_is_not_merged(client, cast, pdf):
    annex, letter, _other = three(cast, pdf)
    clerk = act_as(cast.clerk)
    actions.register(clerk, annex, play.entry())
    with pytest.raises(Stale, match="đăng ký lúc"):
        actions.merge(clerk, letter, [annex])
    with pytest.raises(Refusal, match="ít nhất hai"):
        actions.merge(clerk, letter, [letter])
    client.force_login(cast.clerk)
    url = reverse("incoming:merge", args=[cast.city.slug])
    answer = client.post(url, {"entry": [annex.pk, letter.pk], "main": letter.pk})
    assert answer.status_code == 409
    assert "đã rời danh sách chờ đăng ký" in answer.content.decode()
    answer = client.get(url, {"entry": ["x", letter.pk]}, follow=True)
    assert "Chọn ít nhất hai văn bản" in answer.content.decode()
    assert DocumentAct.objects.filter(verb="merge").count() == 0


def test_an_entry_of_another_agency_is_not_merged(client, cast, pdf):
    """Kon Tum Điều 9.3."""
    mine, theirs = play.received(cast.clerk, pdf), play.received(cast.ward_clerk, pdf)
    with pytest.raises(IncomingDocument.DoesNotExist):
        actions.merge(act_as(cast.clerk), mine, [theirs])
    client.force_login(cast.clerk)
    url = reverse("incoming:merge", args=[cast.city.slug])
    asked = {"entry": [mine.pk, theirs.pk], "main": mine.pk}
    assert client.post(url, asked).status_code == 409
    assert len(files_of(theirs)) == 1


def test_scans_dropped_as_one_document(client, cast, pdf, upload_file):
    client.force_login(cast.clerk)
    url = reverse("incoming:tray", args=[cast.city.slug])
    sent = [upload_file(pdf, "cv.pdf"), upload_file(build(pages=2), "pl.pdf")]
    client.post(url, {"files": sent, "as": "one"})
    document = IncomingDocument.objects.get()
    assert files_of(document) == [("cv.pdf", "main", 1), ("pl.pdf", "annex", 2)]
    inspected = play.received(cast.clerk, pdf)
    page = client.get(url).content.decode()
    assert "Tách thành văn bản riêng" in page
    assert f"/incoming/{inspected.pk}/files/1/1/?thumb=1" in page


def test_a_script_is_answered_about_its_file(client, cast, pdf, upload_file, settings):
    settings.UPLOAD_LIMIT = 2000
    client.force_login(cast.clerk)
    url = reverse("incoming:tray", args=[cast.city.slug])
    good = client.post(url, {"files": upload_file(pdf, "a.pdf")}, HTTP_HX_REQUEST="true")
    bad = client.post(
        url, {"files": upload_file(pdf + b"%" * 3000, "b.pdf")}, HTTP_HX_REQUEST="true"
    )
    assert (good.status_code, bad.status_code) == (200, 200)
    assert "Đã nhận" in good.content.decode()
    assert "data-failed" not in good.content.decode()
    assert "Tệp b.pdf lớn hơn" in bad.content.decode()
    assert "data-failed" in bad.content.decode()
    assert "<html" not in bad.content.decode()
    assert IncomingDocument.objects.count() == 1
