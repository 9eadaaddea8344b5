"""Hostile files through the real upload: each costs its own inspection, and the clerk reads why."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as office
from django.db import connections
from django.urls import reverse

from documents import scans, uploads
from documents.actions import inspect_quarantined
from documents.models import Attachment, QuarantinedFile, StoredFile
from incoming import actions
from incoming.models import IncomingDocument
from tests import cast as play
from tests import files
from tests.cast import act_as
from tests.files import build, jpeg, picture, saved

pytestmark = pytest.mark.usefixtures("committed", "cold_children")

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def made(make: Callable[[Path], Path]) -> Callable[[Path], bytes]:
    return lambda path: make(path).read_bytes()


# Class -> the file, and what the clerk reads of it in the tray.
HOSTILE: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "foreign exceptions": (made(files.lying_tree), "Tệp PDF bị hỏng"),
    "recursion": (made(files.deep_tree), "Tệp cần quá nhiều bộ nhớ"),
    "certificates": (made(files.encrypted_for_certificates), "Tệp đặt mật khẩu"),
    "password": (made(files.encrypted), "Tệp đặt mật khẩu"),
    "no pages": (made(files.zero_page), "Tệp PDF không có trang nào"),
    "program": (made(files.renamed_executable), "Tệp là chương trình"),
    "archive": (made(files.archive), "Tệp không phải là PDF"),
    "picture and PDF": (lambda _path: files.picture_and_pdf(), "Tệp vừa là ảnh vừa chứa"),
    "picture and archive": (lambda _path: files.picture_and_archive(), "Tệp vừa là ảnh vừa chứa"),
    "picture bomb": (lambda _path: files.picture_bomb(), "Ảnh quá lớn hoặc quá nhiều trang"),
    "half a picture": (lambda _path: jpeg()[:2500], "Ảnh bị hỏng hoặc thiếu dữ liệu"),
    "moving": (lambda _path: files.moving(), "Tệp là ảnh động"),
    "gif": (lambda _path: saved(picture("P"), "GIF"), "Loại ảnh này không chuyển được"),
    "webp": (lambda _path: saved(picture(), "WEBP"), "Loại ảnh này không chuyển được"),
    "bmp": (lambda _path: saved(picture(), "BMP"), "Loại ảnh này không chuyển được"),
    "svg": (lambda _path: SVG, "Loại ảnh này không chuyển được"),
    "heic": (lambda _path: b"\0\0\0\x18ftypheic" + bytes(99), "Loại ảnh này không chuyển được"),
}
ACTIVE = {
    "javascript": (files.with_javascript, "mã JavaScript"),
    "launch": (files.with_launch, "lệnh chạy chương trình"),
    "submit": (files.with_submit, "lệnh gửi dữ liệu ra ngoài"),
    "embedded": (files.embedded_files, "tệp đính kèm bên trong"),
    "xfa": (files.with_xfa, "biểu mẫu động XFA"),
}


@pytest.fixture(autouse=True)
def _short_limits(settings: Any) -> None:
    settings.INSPECTION_SECONDS, settings.UPLOAD_FILES = 10, 40


def tray(cast: Any) -> str:
    return reverse("incoming:tray", args=[cast.city.slug])


def form_of(cast: Any, document: IncomingDocument) -> str:
    return reverse("incoming:register_received", args=[cast.city.slug, document.pk])


def lying() -> list[str]:
    """Names in the quarantine."""
    folder = Path(office.DATA_ROOT) / "quarantine"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def tokens() -> list[str]:
    """What the rows say that lies there."""
    return sorted(QuarantinedFile.objects.values_list("token", flat=True))


def children() -> list[str]:
    """Processes that this one started and that have not been taken leave of."""
    return [
        child
        for listing in Path("/proc/self/task").glob("*/children")
        for child in listing.read_text().split()
    ]


def receive(cast: Any, *contents: bytes) -> IncomingDocument:
    """A document in the tray, nothing of it inspected."""
    sent = [play.upload(one, f"tep-{place}.jpg") for place, one in enumerate(contents)]
    return actions.receive(act_as(cast.clerk), sent)


@pytest.fixture
def _no_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is away: what arrives waits until somebody looks at it."""
    monkeypatch.setattr("incoming.actions.arriving.after_commit", lambda *_work: None)


# --- One batch of everything.


def test_each_hostile_file_of_a_batch_costs_itself_and_the_good_one_is_registered(
    client, cast, upload_file, typed, tmp_path, types
):
    """Kon Tum Điều 13.1."""
    before = set(children())
    client.force_login(cast.clerk)
    sent = [
        upload_file(make(tmp_path / "file"), f"{place}.pdf")
        for place, (make, _words) in enumerate(HOSTILE.values())
    ]
    sent.insert(3, upload_file(build(), "tot.pdf"))
    answer = client.post(tray(cast), {"files": sent, "channel": "email"}, follow=True)
    page = unescape(answer.content.decode())
    assert f"Đã nhận {len(HOSTILE) + 1} tệp." in page
    rows = dict(zip(page.split("<tr data-row>")[1:], answer.context["rows"], strict=True))
    told = {row.files[0].name: text for text, row in rows.items()}
    for place, (kind, (_make, words)) in enumerate(HOSTILE.items()):
        text = told[f"{place}.pdf"]
        assert words in text, (kind, text)
        assert "Đăng ký<" not in text, kind
        assert "Từ chối<" in text, kind
    assert "Đọc được" in told["tot.pdf"]
    good = QuarantinedFile.objects.get(file_name="tot.pdf").document
    assert client.post(form_of(cast, good), typed()).status_code == 302
    assert IncomingDocument.objects.get(pk=good.pk).number == 1
    # Nobody is left at work, and nothing lies about but what the rows name.
    assert set(children()) <= before
    assert lying() == tokens()
    # A picture that could not be bound is still the file that came.
    broken = QuarantinedFile.objects.get(sha256=hashlib.sha256(jpeg()[:2500]).hexdigest())
    assert uploads.path_of(broken.token).read_bytes() == jpeg()[:2500]
    # All of them sent away: nothing is left.
    for row in list(IncomingDocument.objects.filter(state="received")):
        actions.refuse(act_as(cast.clerk), row, reason="unreadable")
    assert lying() == []


def test_a_file_that_does_not_come_to_an_end(client, cast, upload_file, settings, tmp_path):
    settings.INSPECTION_SECONDS = 1
    client.force_login(cast.clerk)
    sent = upload_file(files.slow_to_open(tmp_path / "a").read_bytes())
    page = client.post(tray(cast), {"files": sent}, follow=True).content.decode()
    assert "Tệp quá phức tạp, không đọc xong" in page


def test_a_file_that_needs_too_much_memory(client, cast, upload_file, settings, tmp_path):
    settings.INSPECTION_MEMORY = 200
    client.force_login(cast.clerk)
    sent = upload_file(files.slow_to_open(tmp_path / "a").read_bytes())
    page = client.post(tray(cast), {"files": sent}, follow=True).content.decode()
    assert "Tệp cần quá nhiều bộ nhớ để mở" in page


def test_active_content_is_named_in_the_tray_and_stays_registrable(
    client, cast, upload_file, tmp_path
):
    client.force_login(cast.clerk)
    sent = [
        upload_file(make(tmp_path / "file").read_bytes(), f"{kind}.pdf")
        for kind, (make, _words) in ACTIVE.items()
    ]
    page = client.post(tray(cast), {"files": sent}, follow=True).content.decode()
    for kind, (_make, words) in ACTIVE.items():
        (row,) = [text for text in page.split("<tr data-row>") if f">{kind}.pdf<" in text]
        assert words in row, kind
        assert "Đăng ký<" in row, kind


@pytest.mark.usefixtures("_no_worker")
def test_requests_are_served_while_several_hostile_files_are_inspected(
    client, cast, upload_file, settings, tmp_path, pdf
):
    settings.INSPECTION_SECONDS = 10
    before = set(children())
    client.force_login(cast.clerk)
    makers = [files.slow_to_read, files.slow_to_open, files.lying_tree, files.deep_tree]
    contents = [make(tmp_path / "file").read_bytes() for make in makers]
    contents.append(files.picture_bomb())
    client.post(tray(cast), {"files": [upload_file(one) for one in contents]})
    waiting = list(QuarantinedFile.objects.order_by("pk"))

    def inspect(row: QuarantinedFile) -> str:
        try:
            return inspect_quarantined(row).inspection["reason"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(waiting)) as threads:
        works = [threads.submit(inspect, row) for row in waiting]
        # The first one takes all the time that it may; the page and another upload do not wait.
        page = client.get(tray(cast))
        assert (page.status_code, "Đang kiểm tra" in page.content.decode()) == (200, True)
        answer = client.post(tray(cast), {"files": upload_file(pdf, "tot.pdf")})
        assert answer.status_code == 302
        assert not works[0].done()
        reasons = [work.result() for work in works]
    assert reasons[0] == ""  # its text was given up, the file can be read
    assert reasons[1] in {"too_slow", "too_big_for_memory"}
    assert reasons[2:] == ["broken", "too_big_for_memory", "image_too_big"]
    assert set(children()) <= before
    assert lying() == tokens()


def test_a_page_that_cannot_be_drawn_costs_that_picture(
    client, cast, upload_file, settings, tmp_path
):
    before = set(children())
    client.force_login(cast.clerk)
    sent = upload_file(files.one_slow_page(tmp_path / "a").read_bytes())
    client.post(tray(cast), {"files": sent})
    document = IncomingDocument.objects.get()
    settings.INSPECTION_SECONDS = 3
    seen = [
        client.get(
            reverse("incoming:page", args=[cast.city.slug, document.pk, 1, page])
        ).status_code
        for page in (1, 2, 3)
    ]
    assert seen == [200, 404, 200]
    assert client.get(form_of(cast, document)).status_code == 200
    assert set(children()) <= before
    token = QuarantinedFile.objects.get().token
    assert lying() == [token, f"{token}.pages"]
    folder = Path(office.DATA_ROOT) / "quarantine" / f"{token}.pages"
    # Of page 2 nothing; "clearing" says where the first page has room for the stamp.
    kept = sorted(path.name for path in folder.iterdir())
    assert kept == ["0001-1000.image", "0003-1000.image", "clearing"]


# --- Pictures of scans.


def test_a_picture_is_registered_as_a_pdf_and_its_origin_stays_provable(
    client, cast, upload_file, typed, types
):
    """Kon Tum Điều 13.1."""
    client.force_login(cast.clerk)
    url = reverse("incoming:register", args=[cast.city.slug])
    fax = files.fax(2)
    sent = [upload_file(fax, "cong-van.tif"), upload_file(jpeg(), "phu-luc.JPG")]
    assert client.post(url, typed(files=sent)).status_code == 302
    document = IncomingDocument.objects.get()
    first, second = document.attachments.select_related("file")
    assert (first.file_name, first.part, first.file.page_count) == ("cong-van.pdf", "main", 2)
    assert (second.file_name, second.part) == ("phu-luc.pdf", "annex")
    assert document.page_amount == 3
    assert first.file.inspection["kind"] == "pdf"
    assert first.file.inspection["made_from"] == {
        "kind": "tiff",
        "sha256": hashlib.sha256(fax).hexdigest(),
        "size": len(fax),
        "file_name": "cong-van.tif",
    }
    assert second.file.inspection["made_from"]["kind"] == "jpeg"
    assert lying() == []
    got = client.get(reverse("incoming:file", args=[cast.city.slug, document.pk, 2]))
    content = b"".join(got.streaming_content)
    assert (content[:5], hashlib.sha256(content).hexdigest()) == (b"%PDF-", second.file_id)
    assert jpeg() in content


def test_the_clerk_reads_what_became_of_a_picture(client, cast, upload_file):
    client.force_login(cast.clerk)
    sent = [upload_file(files.fax(2), "a.tiff"), upload_file(jpeg(), "b.jpg")]
    page = client.post(tray(cast), {"files": sent}, follow=True).content.decode()
    assert "Ảnh TIFF đã chuyển thành PDF, 2 trang" in page
    assert "Ảnh JPEG đã chuyển thành PDF, 1 trang" in page
    assert "image/tiff" in page  # what the browser offers to choose
    assert IncomingDocument.objects.count() == 2
    one = IncomingDocument.objects.order_by("pk")[0]
    page = client.get(form_of(cast, one)).content.decode()
    assert "Ảnh TIFF đã chuyển thành PDF, 2 trang" in page
    assert "Không có chữ ký số" in page
    assert lying() == tokens()


def test_the_same_picture_sent_again_is_known(client, cast, upload_file, typed, types):
    client.force_login(cast.clerk)
    url = reverse("incoming:register", args=[cast.city.slug])
    assert client.post(url, typed(files=upload_file(jpeg(), "a.jpg"))).status_code == 302
    other = typed(code_number="9", files=upload_file(jpeg(), "lan-hai.jpg"))
    answer = client.post(url, other)
    assert (answer.status_code, "Có thể trùng với số đến 1" in answer.content.decode()) == (
        409,
        True,
    )
    assert StoredFile.objects.count() == 1


class Stopped(Exception):
    """The worker is killed here."""


@pytest.mark.usefixtures("_no_worker")
def test_a_worker_that_is_stopped_leaves_the_picture_convertible(cast, monkeypatch):
    """Kon Tum Điều 4.1: whatever the worker left, nothing of a refused file stays."""
    document = receive(cast, jpeg())
    row = document.quarantined.get()

    def stop(*_arguments: Any, **_more: Any) -> None:
        raise Stopped

    with monkeypatch.context() as fault:
        fault.setattr(QuarantinedFile, "save", stop)
        with pytest.raises(Stopped):
            inspect_quarantined(row)
    # The PDF lies there, the row does not know it.
    assert lying() == sorted([row.token, uploads.partner(row.token)])
    assert uploads.path_of(row.token).read_bytes() == jpeg()
    again = inspect_quarantined(document.quarantined.get())
    assert (again.token, again.file_name) == (uploads.partner(row.token), "tep-0.pdf")
    assert lying() == [again.token]
    # Done already: nothing more happens.
    assert inspect_quarantined(document.quarantined.get()).sha256 == again.sha256
    # Stopped between the commit and the unlinking of the picture: it goes with the PDF.
    uploads.path_of(row.token).write_bytes(jpeg())
    actions.refuse(act_as(cast.clerk), document, reason="state_secrets")
    assert lying() == []


@pytest.mark.usefixtures("_no_worker")
def test_a_picture_refused_after_the_worker_was_stopped_goes_whole(cast, monkeypatch):
    """Kon Tum Điều 4.1."""
    document = receive(cast, jpeg())
    row = document.quarantined.get()
    uploads.path_of(uploads.partner(row.token)).write_bytes(b"half a PDF")
    actions.refuse(act_as(cast.clerk), document, reason="state_secrets")
    assert lying() == []
    # The worker comes late: the picture has gone, and it leaves nothing either.
    with pytest.raises(FileNotFoundError):
        inspect_quarantined(row)
    assert lying() == []


@pytest.mark.usefixtures("_no_worker")
def test_two_who_inspect_one_picture_at_once_make_one_pdf(cast):
    document = receive(cast, jpeg())

    def inspect(row: QuarantinedFile) -> str:
        try:
            return inspect_quarantined(row).sha256
        finally:
            connections.close_all()

    rows = [document.quarantined.get() for _one in range(3)]
    with ThreadPoolExecutor(3) as threads:
        digests = set(threads.map(inspect, rows))
    row = document.quarantined.get()
    assert digests == {row.sha256}
    assert row.inspection["readable"]
    assert lying() == [row.token]
    content = uploads.path_of(row.token).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row.sha256


@pytest.mark.usefixtures("_no_worker")
def test_a_full_disk_is_no_outcome_and_is_tried_again(client, cast, typed, types, monkeypatch):
    document = receive(cast, jpeg())
    client.force_login(cast.clerk)
    with monkeypatch.context() as fault:
        fault.setattr(scans, "to_pdf", lambda *_a, **_m: scans.Scan("jpeg", "disk_full"))
        answer = client.post(form_of(cast, document), typed())
    assert answer.status_code == 409
    assert answer.context["refusal"].message.startswith("Tệp đang được kiểm tra. Đợi giây lát")
    assert document.quarantined.get().inspection is None
    assert client.post(form_of(cast, document), typed()).status_code == 302
    assert Attachment.objects.get().file_name == "tep-0.pdf"


def test_no_file_outside_the_quarantine_is_written(client, cast, upload_file):
    client.force_login(cast.clerk)
    client.post(tray(cast), {"files": upload_file(jpeg(), "a.jpg")})
    found = [path for path in Path(office.DATA_ROOT).rglob("*") if path.is_file()]
    assert [path.name for path in found] == tokens()
    assert found[0].stat().st_mode & 0o777 == 0o600
