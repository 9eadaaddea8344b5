"""The addresses of the signing program (no session, a token) and of the page (a session)."""

import json
import logging
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core import clock
from documents import uploads
from signatures import actions
from signatures.choices import Purpose
from signatures.models import Errand
from signatures.returned import REASONS
from tests import files
from tests.cast import act_as
from tests.keys import trusted
from tests.signatures.sheets import (
    AGENCY,
    CHAIR,
    document,
    keys,
    prepared,
    send_out,
    signed,
    store,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]
SOURCE, UPLOAD = "/sign/source", "/sign/upload"


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path, cast: Any) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)
    keys(cast)


@pytest.fixture
def tool() -> Client:
    """The program: no cookie, and no token of a form."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def chair(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.chair)
    return client


def pdf(data: bytes, name: str = "ky.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def send(tool: Client, token: str, data: bytes, field: str = "uploadfile") -> SimpleNamespace:
    answer = tool.post(f"{UPLOAD}?t={token}", {field: pdf(data)})
    said = json.loads(answer.content)
    assert set(said) == {"Status", "Message", "FileName", "FileServer"}
    return SimpleNamespace(status=answer.status_code, **said)


def fetched(client: Client, path: str) -> bytes:
    """What a file answers, to its end."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.getvalue()


def at(errand: Errand, name: str = "errand") -> str:
    return reverse(f"signatures:{name}", args=["kontum", errand.pk])


# --- The program.


def test_the_program_fetches_signs_and_returns(cast: Any, tool: Client) -> None:
    errand, token = send_out(cast)
    for _again in range(2):
        assert fetched(tool, f"{SOURCE}?t={token}&name=van-ban.pdf") == prepared()
    answer = tool.get(f"{SOURCE}?t={token}")
    answer.getvalue()
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="127-UBND.pdf"'
    said = send(tool, token, signed())
    assert (said.status, said.Status, said.Message) == (200, 0, "")
    assert said.FileName == said.FileServer == "127-UBND.pdf"
    errand.refresh_from_db()
    assert errand.is_returned
    assert not tool.cookies


def test_the_program_is_told_in_words_what_is_wrong(cast: Any, tool: Client) -> None:
    errand, token = send_out(cast)
    said = send(tool, token, signed("Trần Thị Bình"))
    assert (said.status, said.Status) == (200, 1)
    assert "chứng thư số đã đăng ký của Nguyễn Đức Thành" in said.Message
    errand.refresh_from_db()
    assert (errand.failure, errand.returned_at) == (said.Message, None)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "%00", "%ff%fe", "a" * 4000])
def test_a_token_that_was_never_given(cast: Any, tool: Client, token: str) -> None:
    send_out(cast)
    assert tool.get(f"{SOURCE}?t={token}").status_code == 404
    said = send(tool, token, signed())
    assert (said.status, said.Status) == (403, 1)
    assert tool.get(SOURCE).status_code == 404
    assert tool.post(UPLOAD).status_code == 403


def test_a_token_ends(cast: Any, tool: Client) -> None:
    _errand, token = send_out(cast)
    with clock.set_to(clock.now() + timedelta(minutes=21)):
        assert tool.get(f"{SOURCE}?t={token}").status_code == 410
        assert "đã hết hạn" in send(tool, token, signed()).Message
    assert send(tool, token, signed()).Status == 0
    assert "Đã nhận tệp" in send(tool, token, signed()).Message
    assert tool.get(f"{SOURCE}?t={token}").status_code == 410


def test_whoever_has_no_token_leaves_no_byte(cast: Any, tool: Client, monkeypatch: Any) -> None:
    """The file of a stranger is not even begun."""
    begun = []
    monkeypatch.setattr(uploads, "_Part", lambda: begun.append(1))
    assert send(tool, "x", signed()).status == 403
    assert begun == []


def test_a_huge_file(cast: Any, tool: Client, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 300_000
    errand, token = send_out(cast)
    said = send(tool, token, signed() + bytes(400_000))
    assert said.Status == 1
    assert "lớn hơn 293" in said.Message
    assert _quarantine() == []
    errand.refresh_from_db()
    assert errand.returned_at is None
    assert send(tool, token, signed()).Status == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "other_file"),
        (b"MZ" + bytes(500), "other_file"),
        (b"<html></html>", "other_file"),
        (files.build(), "other_file"),
    ],
)
def test_not_the_file(cast: Any, tool: Client, data: bytes, said: str) -> None:
    _errand, token = send_out(cast)
    assert send(tool, token, data).Message == str(REASONS[said])
    assert _quarantine() == []


def test_the_file_in_another_field_is_no_file(cast: Any, tool: Client) -> None:
    _errand, token = send_out(cast)
    assert "Không có tệp nào" in send(tool, token, signed(), field="tep").Message


def test_a_broken_form(cast: Any, tool: Client) -> None:
    _errand, token = send_out(cast)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain"):
        answer = tool.generic("POST", f"{UPLOAD}?t={token}", b"--x\r\nrubbish", content_type=kind)
        assert answer.status_code in (200, 400), kind


def test_other_methods(cast: Any, tool: Client) -> None:
    _errand, token = send_out(cast)
    assert tool.get(f"{UPLOAD}?t={token}").status_code == 405
    assert Client().post(f"{SOURCE}?t={token}").status_code == 405
    answer = tool.head(f"{SOURCE}?t={token}")
    answer.getvalue()
    assert answer.status_code == 200


def test_a_session_alone_fetches_and_brings_nothing(cast: Any, chair: Client) -> None:
    send_out(cast)
    assert chair.get(SOURCE).status_code == 404
    assert chair.post(UPLOAD, {"uploadfile": pdf(signed())}).status_code == 403


def test_no_token_stands_in_a_log(cast: Any, tool: Client, caplog: Any, chair: Client) -> None:
    errand, _first = send_out(cast)
    with caplog.at_level(logging.DEBUG):
        told = json.loads(chair.post(at(errand, "errand_begin")).content)["request"]
        token = parse_qs(urlsplit(told["FileName"]).query)["t"][0]
        fetched(tool, f"{SOURCE}?t={token}")
        send(tool, token, signed("Trần Thị Bình"))
        send(tool, token, signed())
        send(tool, token, signed())
        send(tool, token[:-1], signed())
        tool.get(f"{SOURCE}?t={token}")
        tool.get(f"{SOURCE}?t={token[:-1]}")
        tool.get(f"{UPLOAD}?t={token}")
    said = "\n".join(f"{one.getMessage()} {one.exc_text or ''}" for one in caplog.records)
    assert "/sign/source" in said  # so that it would be seen
    assert token[:-1] not in said


def test_no_token_stands_in_the_report_of_a_failure(
    cast: Any, caplog: Any, monkeypatch: Any
) -> None:
    _errand, token = send_out(cast)

    def fail(*args: Any, **how: Any) -> None:
        raise RuntimeError("storage")

    monkeypatch.setattr("signatures.actions.errands.check_returned", fail)
    tool = Client(raise_request_exception=False)
    answer = tool.post(f"{UPLOAD}?t={token}", {"uploadfile": pdf(signed())})
    assert answer.status_code == 500
    assert token not in answer.content.decode()
    assert token not in caplog.text


# --- The page.


def test_the_page_is_told_where_the_program_goes(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast)
    answer = chair.post(at(errand, "errand_begin"))
    told = json.loads(answer.content)
    assert told["operation"] == "SignApproved"
    assert "no-store" in answer["Cache-Control"]
    request = told["request"]
    assert request["FileName"].startswith("http://testserver/sign/source?t=")
    assert request["FileName"].endswith("&name=van-ban.pdf")
    assert request["FileUploadHandler"].startswith("http://testserver/sign/upload?t=")
    assert (request["SessionId"], request["JWTToken"]) == ("", "")
    assert "DocNumber" not in request


def test_the_clerks_program_is_told_number_and_day(cast: Any) -> None:
    about = document(cast)
    about.code_number, about.code_notation = "127", "UBND-QLĐT"
    about.issued_date = date(2026, 3, 5)
    about.save()
    sent = store(signed())
    errand, _token = send_out(
        cast, cast.clerk, about, purpose=Purpose.SEAL, field=AGENCY, file=sent
    )
    clerk = Client()
    clerk.force_login(cast.clerk)
    told = json.loads(clerk.post(at(errand, "errand_begin")).content)
    assert told["operation"] == "SignIssued"
    assert told["request"]["DocNumber"] == "127/UBND-QLĐT"
    assert told["request"]["IssuedDate"] == "2026-03-05T12:00:00+07:00"


def test_the_token_of_the_page_works_and_ends_the_one_before(
    cast: Any, chair: Client, tool: Client
) -> None:
    errand, old = send_out(cast)
    told = json.loads(chair.post(at(errand, "errand_begin")).content)["request"]
    path = told["FileUploadHandler"].removeprefix("http://testserver")
    assert send(tool, old, signed()).status == 403
    answer = tool.post(path, {"uploadfile": pdf(signed())})
    assert json.loads(answer.content)["Status"] == 0
    answer = chair.post(at(errand, "errand_begin"))
    assert answer.status_code == 409
    assert "Đã nhận tệp đã ký" in json.loads(answer.content)["message"]


@pytest.mark.parametrize("name", ["errand", "errand_begin", "errand_file", "errand_upload"])
@pytest.mark.parametrize("who", ["vice", "clerk", "specialist", "stranger"])
def test_it_is_nobody_elses(cast: Any, name: str, who: str) -> None:
    errand, _token = send_out(cast)
    other = Client()
    other.force_login(getattr(cast, who))
    ask = other.post if name in ("errand_begin", "errand_upload") else other.get
    assert ask(at(errand, name)).status_code == 404


def test_who_is_not_signed_in_comes_to_the_door(cast: Any) -> None:
    errand, _token = send_out(cast)
    assert Client().get(at(errand, "errand_file")).url.startswith("/login/")


def test_the_file_to_be_signed_is_saved(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast)
    assert fetched(chair, at(errand, "errand_file")) == prepared()


def test_a_file_that_was_signed_elsewhere_is_uploaded(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast)
    answer = chair.post(at(errand, "errand_upload"), {"file": pdf(signed())})
    assert (answer.status_code, answer.url) == (302, errand.page)
    errand.refresh_from_db()
    assert errand.is_returned
    assert actions.returned_file(act_as(cast.chair), errand) == signed()


def test_what_is_wrong_with_it_stands_on_the_page(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast)
    chair.post(at(errand, "errand_upload"), {"file": pdf(signed("Trần Thị Bình"))})
    page = chair.get(at(errand), headers={"HX-Request": "true"}).content.decode()
    assert "Chưa nhận tệp gửi về." in page
    assert "chứng thư số đã đăng ký của Nguyễn Đức Thành" in page
    assert chair.post(at(errand, "errand_upload")).status_code == 302


def test_the_form_needs_its_token(cast: Any) -> None:
    errand, _token = send_out(cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.chair)
    for name in ("errand_begin", "errand_upload"):
        assert client.post(at(errand, name)).status_code == 403


def test_the_page_hears_of_what_is_new(cast: Any, chair: Client, tool: Client) -> None:
    errand, token = send_out(cast)
    part = {"HX-Request": "true"}
    path = at(errand)
    first = chair.get(path, headers=part)
    assert "every 3s" in first.content.decode()
    errand.refresh_from_db()
    assert chair.get(f"{path}?mark={errand.mark}", headers=part).status_code == 204
    fetched(tool, f"{SOURCE}?t={token}")
    second = chair.get(f"{path}?mark={errand.mark}", headers=part)
    assert "Phần mềm ký số đã lấy tệp." in second.content.decode()
    send(tool, token, signed())
    last = chair.get(f"{path}?mark={errand.mark}", headers=part)
    assert (last["HX-Retarget"], last["HX-Reswap"]) == (f"#errand-{errand.pk}", "outerHTML")
    page = last.content.decode()
    assert "Đã nhận tệp đã ký." in page
    assert f'<input type="hidden" name="errand" value="{errand.pk}">' in page
    assert f'action="{errand.page}"' in page
    alone = chair.get(path).content.decode()
    assert "Đã nhận tệp đã ký." in alone
    assert "js/plugin.js" in alone


def test_it_stops_asking_when_the_token_has_ended(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast)
    with clock.set_to(clock.now() + timedelta(minutes=21)):
        page = chair.get(at(errand), headers={"HX-Request": "true"}).content.decode()
    assert "every 3s" not in page


def test_pages_may_speak_to_the_program_and_to_nobody_else(cast: Any, chair: Client) -> None:
    policy = chair.get("/kontum/")["Content-Security-Policy"]
    [connect] = [one for one in policy.split("; ") if one.startswith("connect-src")]
    assert connect == "connect-src 'self' wss://127.0.0.1:8987"


def test_names_of_files_are_what_they_were(cast: Any, chair: Client) -> None:
    errand, _token = send_out(cast, file_name='công "văn"\r\nX: y.pdf')
    answer = chair.get(at(errand, "errand_file"))
    answer.getvalue()
    assert "X" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert CHAIR in str(errand.holder)


def _quarantine() -> list[str]:
    folder = uploads.path_of("0" * 32).parent
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []
