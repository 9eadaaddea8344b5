"""One's own keys on their pages, those of the agency in the administration."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from core import clock
from edocman.demo import hands
from signatures.models import SigningKey
from tests.cast import PASSWORD
from tests.keys import PIN, key_file, make_key, trusted

NAME, CITY = "Lê Văn Hùng", "UBND thành phố Kon Tum"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


def typed(name: str = NAME, **more: Any) -> dict[str, Any]:
    values = {
        "back_end": "pkcs12",
        "file": SimpleUploadedFile("khoa.p12", key_file(name)),
        "pin": PIN,
        "width_mm": "40",
    }
    return values | more


def picture(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("chu-ky.png", data, "image/png")


def test_a_key_is_added_shown_and_retired(cast: Any, client: Any) -> None:
    client.force_login(cast.vice)
    assert "Chưa có khóa ký số nào" in client.get("/account/keys/").content.decode()
    assert client.get("/account/keys/new/").status_code == 200
    drawn = picture(hands.signature(NAME)[0])
    assert client.post("/account/keys/new/", typed(picture=drawn)).status_code == 302
    key = SigningKey.objects.get(owner=cast.vice)
    page = client.get("/account/keys/").content.decode()
    for word in (NAME, "CA thử nghiệm", "Đang dùng", f"/account/keys/{key.pk}/picture.png"):
        assert word in page
    shown = client.get(f"/account/keys/{key.pk}/picture.png")
    assert shown["Content-Type"] == "image/png"
    assert Image.open(io.BytesIO(shown.content)).mode == "RGBA"
    assert client.post(f"/account/keys/{key.pk}/retire/").status_code == 302
    assert "Đã thôi dùng" in client.get("/account/keys/").content.decode()


def test_what_was_wrong_stands_at_its_field(cast: Any, client: Any) -> None:
    client.force_login(cast.vice)
    empty = client.post("/account/keys/new/", {"back_end": "pkcs12", "width_mm": "40"})
    assert (empty.status_code, "Chọn tệp khóa" in empty.content.decode()) == (422, True)
    wrong = client.post("/account/keys/new/", typed(pin="sai-hẳn"))
    assert (wrong.status_code, "không mở được tệp" in wrong.content.decode()) == (409, True)
    assert "sai-hẳn" not in wrong.content.decode()
    red = client.post("/account/keys/new/", typed(picture=picture(hands.seal(CITY)[0])))
    assert (red.status_code, "Phụ lục I" in red.content.decode()) == (409, True)
    assert not SigningKey.objects.exists()


def test_another_picture(cast: Any, client: Any) -> None:
    key = make_key(NAME, owner=cast.vice)
    client.force_login(cast.vice)
    assert client.get(f"/account/keys/{key.pk}/").status_code == 200
    sent = {"picture": picture(hands.signature("A Ngơi")[0]), "width_mm": "31.5"}
    assert client.post(f"/account/keys/{key.pk}/", sent).status_code == 302
    before = bytes(key.picture)
    key.refresh_from_db()
    assert (bytes(key.picture) != before, str(key.picture_width_mm)) == (True, "31.5")


def test_a_locked_key_is_opened_with_the_password_of_the_account(cast: Any, client: Any) -> None:
    key = make_key(NAME, owner=cast.vice, failures=3, locked_at=clock.now())
    client.force_login(cast.vice)
    assert "Bị khóa" in client.get("/account/keys/").content.decode()
    address = f"/account/keys/{key.pk}/unlock/"
    wrong = client.post(address, {"password": "không phải"})
    assert (wrong.status_code, "Mật khẩu chưa đúng" in wrong.content.decode()) == (422, True)
    assert client.post(address, {"password": PASSWORD}).status_code == 302
    key.refresh_from_db()
    assert (key.locked_at, key.failures) == (None, 0)


def test_nobody_sees_another_s_keys(cast: Any, client: Any) -> None:
    key = make_key(NAME, owner=cast.vice)
    for user in (cast.chair, cast.admin, cast.stranger):
        client.force_login(user)
        assert NAME not in client.get("/account/keys/").content.decode()
        for path in ("", "picture.png"):
            assert client.get(f"/account/keys/{key.pk}/{path}").status_code == 404
        for path in ("unlock/", "retire/"):
            assert client.post(f"/account/keys/{key.pk}/{path}").status_code == 404


def test_the_account_page_leads_there(cast: Any, client: Any) -> None:
    client.force_login(cast.vice)
    assert 'href="/account/keys/"' in client.get("/account/").content.decode()


# --- The administration.

ADMIN = "/admin/signatures/signingkey/"


def test_an_administrator_keeps_the_keys_of_his_agency(cast: Any, client: Any) -> None:
    client.force_login(cast.admin)
    assert client.get(f"{ADMIN}add/").status_code == 200
    seal = SimpleUploadedFile("dau.png", hands.seal(CITY)[0], "image/png")
    sent = typed(CITY, agency=cast.city.pk, label="Dấu UBND", width_mm="36", picture=seal)
    answer = client.post(f"{ADMIN}add/", sent)
    assert answer.status_code == 302, answer.content.decode()
    key = SigningKey.objects.get(agency=cast.city)
    assert (key.label, key.subject_name) == ("Dấu UBND", CITY)
    assert "Dấu UBND" in client.get(ADMIN).content.decode()
    page = client.get(f"{ADMIN}{key.pk}/change/").content.decode()
    assert "data:image/png;base64" in page
    chosen = {"action": "retire", "_selected_action": [key.pk]}
    assert client.post(ADMIN, chosen).status_code == 302
    key.refresh_from_db()
    assert not key.is_active


def test_a_refused_key_is_said_in_the_form(cast: Any, client: Any) -> None:
    client.force_login(cast.admin)
    sent = typed(CITY, agency=cast.city.pk, label="Dấu", width_mm="36", pin="sai-hẳn")
    answer = client.post(f"{ADMIN}add/", sent)
    assert (answer.status_code, "không mở được tệp" in answer.content.decode()) == (200, True)
    assert not SigningKey.objects.exists()


def test_only_of_his_agency_and_never_those_of_people(cast: Any, client: Any) -> None:
    own = make_key(NAME, owner=cast.vice)
    ward = make_key("UBND phường Thắng Lợi", agency=cast.ward)
    client.force_login(cast.admin)
    listed = client.get(ADMIN).content.decode()
    assert NAME not in listed
    assert ward.label not in listed
    for key in (own, ward):
        assert client.get(f"{ADMIN}{key.pk}/change/").status_code == 302
    sent = typed("UBND phường Thắng Lợi", agency=cast.ward.pk, label="Dấu", width_mm="36")
    assert client.post(f"{ADMIN}add/", sent).status_code == 200
    assert SigningKey.objects.count() == 2
    client.force_login(cast.clerk)
    assert client.get(ADMIN).status_code in (302, 403)
