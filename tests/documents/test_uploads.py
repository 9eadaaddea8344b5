"""Uploads: what arrives lies in the quarantine, bounded, hashed, and goes when nobody claims it."""

import errno
import gc
import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT

from documents import uploads


def quarantine() -> list[Path]:
    folder = Path(storages["quarantine"].path("."))
    return sorted(folder.iterdir()) if folder.exists() else []


def posted(**fields: Any) -> HttpRequest:
    return RequestFactory().post("/incoming/", fields)


def file(data: bytes = b"%PDF-1.4 noi dung", name: str = "cv.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def raw(*parts: tuple[str, bytes], end: bool = True) -> bytes:
    mark = f"--{BOUNDARY}"
    body = b"".join(f"{mark}\r\n{head}\r\n\r\n".encode() + data + b"\r\n" for head, data in parts)
    return body + (f"{mark}--\r\n".encode() if end else b"")


def head(name: str) -> str:
    return f'Content-Disposition: form-data; name="files"; filename="{name}"'


def test_a_file_streams_into_the_quarantine_under_a_name_that_says_nothing() -> None:
    data = b"%PDF-1.4 " + bytes(300_000)
    request = posted(files=file(data), subject="Báo cáo")
    upload = request.FILES["files"]
    (kept,) = quarantine()
    assert kept == uploads.path_of(upload.token)
    assert kept.read_bytes() == data == upload.read()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert (upload.sha256, upload.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (upload.name, request.POST["subject"]) == ("cv.pdf", "Báo cáo")
    assert request.upload_faults == {}
    request.close()


def test_what_nobody_claims_goes_with_its_request() -> None:
    request = posted(one=file(), two=file())
    token = request.FILES["one"].claim()
    request.close()
    assert quarantine() == [uploads.path_of(token)]
    uploads.discard(token)
    uploads.discard(token)
    assert quarantine() == []


def test_a_file_of_the_exact_limit_is_taken_and_one_byte_more_is_not(settings: Any) -> None:
    settings.UPLOAD_LIMIT = 100_000
    request = posted(
        whole=file(bytes(100_000)), files=file(bytes(100_001)), after="Trích yếu đã gõ"
    )
    assert list(request.FILES) == ["whole"]
    assert request.upload_faults == {"files": ["too_large"]}
    assert request.POST["after"] == "Trích yếu đã gõ"
    assert len(quarantine()) == 1
    # Django closes what a handler calls `file` when it skips a part: the sound one must stay open.
    assert len(request.FILES["whole"].read()) == 100_000
    request.close()
    assert quarantine() == []


def test_the_form_arrives_though_there_are_too_many_files(settings: Any) -> None:
    settings.UPLOAD_FILES, settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2, 100
    request = posted(files=[file(), file(), file(), file()], after="giữ lại")
    assert len(request.FILES.getlist("files")) == 2
    assert request.upload_faults == {"files": ["too_many"]}
    assert request.POST["after"] == "giữ lại"
    request.close()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_costs_the_file_and_not_the_form(monkeypatch: Any, code: int) -> None:
    def fail(part: Any, chunk: bytes) -> None:
        raise OSError(code, "full")

    monkeypatch.setattr(uploads._Part, "write", fail)
    request = posted(files=file(), after="giữ lại")
    assert (request.POST["after"], dict(request.FILES)) == ("giữ lại", {})
    assert request.upload_faults == {"files": ["disk_full"]}
    assert quarantine() == []


def test_a_really_full_disk_is_noticed_when_the_rest_is_written(monkeypatch: Any) -> None:
    real = uploads.os.fdopen
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")

    def onto_full_disk(descriptor: int, mode: str) -> Any:
        real(descriptor, mode).close()
        return full.open("wb")

    monkeypatch.setattr(uploads.os, "fdopen", onto_full_disk)
    request = posted(files=file(), after="giữ lại")
    assert (request.POST["after"], dict(request.FILES)) == ("giữ lại", {})
    assert request.upload_faults == {"files": ["disk_full"]}
    assert quarantine() == []


def test_another_fault_of_the_disk_is_not_hushed_up(monkeypatch: Any) -> None:
    def fail(part: Any, chunk: bytes) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(uploads._Part, "write", fail)
    request = posted(files=file())
    with pytest.raises(OSError, match="broken"):
        _ = request.FILES
    assert quarantine() == []


def test_half_a_file_goes_when_the_body_ends_early() -> None:
    body = raw((head("a.pdf"), b"whole"))[: -len(f"--{BOUNDARY}--\r\n")]
    body += raw((head("b.pdf"), bytes(200_000)), end=False)[:-50_000]
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    assert [upload.name for upload in request.FILES.getlist("files")] == ["a.pdf"]
    assert len(quarantine()) == 1
    request.close()
    assert quarantine() == []


class _Broken(io.BytesIO):
    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        if not data:
            raise OSError("connection reset")
        return data


def test_half_a_file_goes_when_the_connection_breaks() -> None:
    body = raw((head("a.pdf"), bytes(300_000)))
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    request._stream = _Broken(body[:200_000])
    with pytest.raises(UnreadablePostError):
        _ = request.FILES
    request.close()
    del request
    gc.collect()
    assert quarantine() == []


def test_an_empty_file_arrives_as_one() -> None:
    request = posted(files=file(b""))
    assert request.FILES["files"].size == 0
    request.close()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\van ban\\Công văn 127.pdf", "Công văn 127.pdf"),
        ("bao-cao\u202efdp.exe", "bao-caofdp.exe"),
        ("dong\r\nmoi\x00.pdf", "dongmoi.pdf"),
        ("  nhieu   khoang  trang .pdf ", "nhieu khoang trang .pdf"),
        ("Tie\u0302\u0301ng Vie\u0323\u0302t.pdf", "Tiếng Việt.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
        ("y" * 300, "y" * 255),
        ("..", "tep"),
        ("\u200b", "tep"),
    ],
)
def test_names_are_cleaned(name: str, shown: str) -> None:
    assert uploads.clean_name(name) == shown


def test_a_cleaned_name_arrives_with_the_file() -> None:
    body = raw((head("..\\..\\" + "bao-cao\u202efdp.exe"), b"data"))
    request = RequestFactory().generic("POST", "/", body, content_type=MULTIPART_CONTENT)
    assert request.FILES["files"].name == "bao-caofdp.exe"
    request.close()


def test_no_file_name_is_logged(caplog: Any, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 10
    request = posted(files=file(name="nhan-su-mat.pdf"))
    _ = request.FILES
    assert "nhan-su-mat" not in caplog.text


@pytest.mark.parametrize("token", ["", "../x", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_a_token_cannot_lead_out_of_the_quarantine(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        uploads.path_of(token)
