"""Keys are kept, renewed, retired, opened again, watched; what is refused, and to whom."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.apps import apps
from django.core.management import CommandError, call_command
from PIL import Image, PngImagePlugin

from accounts.models import User
from core import clock
from core.errors import NotYours, Refusal
from edocman.demo import authority, hands
from edocman.demo import keys as demo_keys
from notifications.models import Notification
from notifications.reasons import reason_of
from outgoing.preparing import prepare
from outgoing.rendering import render
from signatures import actions, looks, signing
from signatures.actions import KeyEntry
from signatures.choices import BackEnd
from signatures.models import SigningKey
from signatures.signing import sign
from tests import files
from tests.keys import PIN, key_file, make_key, trusted
from tests.outgoing import papers

NAME = "Lê Văn Hùng"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture(scope="session")
def hand() -> bytes:
    return hands.signature(NAME)[0]


def entry(**more: Any) -> KeyEntry:
    values: dict[str, Any] = {"back_end": BackEnd.PKCS12, "pin": PIN, "file": key_file(NAME)}
    return KeyEntry(**(values | more))


def keep(user: User, **more: Any) -> SigningKey:
    return actions.keep_key(user, entry(**more), owner=user)


def refusal(work: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as error:
        work()
    return error.value


def written(folder: Path, data: bytes) -> Path:
    path = folder / "picture"
    path.write_bytes(data)
    return path


# --- Keeping.


def test_a_kept_key_signs(cast: Any, hand: bytes, tmp_path: Path) -> None:
    key = keep(cast.vice, picture=written(tmp_path, hand), width_mm=Decimal("42.5"))
    assert (key.subject_name, key.issuer_name, key.label) == (NAME, "CA thử nghiệm", NAME)
    assert (key.picture_width_mm, key.is_ours) == (Decimal("42.5"), True)
    ready = prepare(render(papers.LETTER))
    how = {"field": "signer_signature", "look": looks.signer(key), "at": clock.now()}
    assert sign(ready, key=key, pin=PIN, **how)
    # Written anew: what was handed in is not what lies there.
    assert key.open_secret() != entry().file
    assert pkcs12.load_pkcs12(key.open_secret(), PIN.encode()).key is not None


def test_a_renewed_key_takes_the_place_and_the_picture_of_the_old(
    cast: Any, hand: bytes, tmp_path: Path
) -> None:
    old = keep(cast.vice, picture=written(tmp_path, hand))
    newer = files.certificate(NAME, days=4000)
    new = keep(cast.vice, file=key_file(NAME, certificate=newer))
    old.refresh_from_db()
    assert (old.is_active, new.is_active) == (False, True)
    assert (bytes(old.secret), bytes(new.secret) != b"") == (b"", True)
    assert bytes(new.picture) == bytes(old.picture)
    assert SigningKey.objects.active().of(owner=cast.vice).get() == new


def test_a_certificate_alone_is_kept_for_a_device_of_one_s_own(cast: Any) -> None:
    pem = files.certificate(NAME).public_bytes(serialization.Encoding.PEM)
    for back_end in (BackEnd.PLUGIN, BackEnd.ELSEWHERE):
        key = keep(cast.vice, back_end=back_end, file=pem, pin="")
        assert (key.is_ours, bytes(key.secret)) == (False, b"")
        actions.retire(cast.vice, key)
    assert "chứng thư số" in str(refusal(lambda: keep(cast.vice, back_end=back_end, file=b"x")))


@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"pin": "sai-rồi"}, "không mở được tệp", "pin"),
        ({"pin": "12345"}, "ít nhất 6", "pin"),
        ({"file": b"khong phai p12"}, "không mở được tệp", "pin"),
        ({"file": b""}, "không có khóa bí mật", "file"),
        ({"file": b"0" * 70_000}, "không có khóa bí mật", "file"),
        ({"width_mm": Decimal(90)}, "Bề rộng", "width_mm"),
    ],
)
def test_what_is_no_key(cast: Any, change: dict[str, Any], words: str, field: str) -> None:
    said = refusal(lambda: keep(cast.vice, **change))
    assert (words in str(said), said.field) == (True, field)
    assert not SigningKey.objects.exists()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"days": -5}, "hết hiệu lực"),
        ({"since": -5}, "có hiệu lực từ"),
        ({"authority": "CA lạ"}, "danh sách tin cậy"),
    ],
)
def test_certificates_that_are_not_kept(cast: Any, how: dict[str, Any], words: str) -> None:
    certificate = files.certificate(NAME, **how)
    file = key_file(NAME, certificate=certificate)
    assert words in str(refusal(lambda: keep(cast.vice, file=file)))


def test_a_revoked_one_one_that_is_not_for_signing_and_a_twin(
    cast: Any, settings: Any, tmp_path: Path
) -> None:
    root = files.certificate("CA thử nghiệm", "CA thử nghiệm")
    authority_s_own = key_file("CA thử nghiệm", certificate=root)
    assert "không được cấp để ký" in str(refusal(lambda: keep(cast.vice, file=authority_s_own)))
    keep(cast.vice)
    assert "đang dùng" in str(refusal(lambda: keep(cast.chair)))
    settings.SIGNATURE_CRLS = [str(files.revocations(tmp_path / "a.crl", NAME))]
    assert "thu hồi" in str(refusal(lambda: keep(cast.chair)))


def test_a_file_with_a_certificate_and_no_key_or_another_key(cast: Any) -> None:
    closing = serialization.BestAvailableEncryption(PIN.encode())
    bare = pkcs12.serialize_key_and_certificates(b"", None, files.certificate(NAME), None, closing)
    assert "không có khóa bí mật" in str(refusal(lambda: keep(cast.vice, file=bare)))


def test_short_keys_are_refused(cast: Any, monkeypatch: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    short, known = rsa.generate_private_key(65537, 1024), files._key
    monkeypatch.setattr(files, "_key", lambda one: short if one == "Khóa Ngắn" else known(one))
    assert "quá yếu" in str(refusal(lambda: keep(cast.vice, file=key_file("Khóa Ngắn"))))


# --- Pictures.


def png(size: tuple[int, int], colour: tuple[int, ...], **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGBA", size, colour).save(out, "PNG", **more)
    return out.getvalue()


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (lambda: b"<svg onload=alert(1)>", "PNG hoặc JPEG"),
        (lambda: b"GIF89a" + bytes(40), "PNG hoặc JPEG"),
        (lambda: files.picture_bomb(), "Hình|PNG"),
        (lambda: png((300, 150), (0, 0, 200, 0)), "trống"),
        (lambda: png((20, 10), (0, 0, 200, 255)), "nhỏ quá"),
        (lambda: png((300, 150), (200, 20, 20, 200)), "màu xanh"),
    ],
)
def test_hostile_and_wrong_pictures(
    cast: Any, tmp_path: Path, picture: Callable[[], bytes], words: str
) -> None:
    path = written(tmp_path, picture())
    said = str(refusal(lambda: keep(cast.vice, picture=path)))
    assert any(word in said for word in words.split("|"))


def test_a_picture_is_drawn_anew_and_white_paper_is_taken_away(cast: Any, tmp_path: Path) -> None:
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", "noi-dung-la")
    sheet = Image.new("RGB", (800, 500), (250, 250, 246))
    sheet.paste((20, 40, 170), (200, 200, 500, 320))
    out = io.BytesIO()
    sheet.save(out, "PNG", pnginfo=noted)
    key = keep(cast.vice, picture=written(tmp_path, out.getvalue() + b"PK\x03\x04 duoi"))
    kept = bytes(key.picture)
    assert b"noi-dung-la" not in kept
    assert b"PK\x03\x04" not in kept
    with Image.open(io.BytesIO(kept)) as found:
        assert (found.size, found.mode) == ((300, 120), "RGBA")
        assert found.getpixel((150, 60))[3] > 200  # type: ignore[index]


def test_a_seal_must_be_red(cast: Any, hand: bytes, tmp_path: Path) -> None:
    blue = entry(picture=written(tmp_path, hand))
    said = refusal(lambda: actions.keep_key(cast.admin, blue, agency=cast.city))
    assert ("màu đỏ" in str(said), "Phụ lục I" in said.article) == (True, True)
    red = entry(picture=written(tmp_path, hands.seal("UBND thành phố Kon Tum")[0]))
    key = actions.keep_key(cast.admin, red, agency=cast.city)
    assert key.picture_width_mm == 36


# --- Whose.


def test_who_may_keep(cast: Any) -> None:
    for user in (cast.clerk, cast.chair, cast.ward_chair, cast.stranger):
        with pytest.raises(NotYours):
            actions.keep_key(user, entry(), agency=cast.city)
    with pytest.raises(NotYours):
        actions.keep_key(cast.admin, entry(), owner=cast.vice)
    with pytest.raises(NotYours):
        actions.keep_key(cast.admin, entry(), agency=cast.ward)
    key = actions.keep_key(cast.admin, entry(), agency=cast.city)
    for work in (actions.retire, actions.unlock):
        with pytest.raises(NotYours):
            work(cast.clerk, key)


def test_an_agency_has_a_key_for_each_seal(cast: Any) -> None:
    first = actions.keep_key(cast.admin, entry(label="UBND"), agency=cast.city)
    other = entry(label="HĐND", file=key_file("HĐND thành phố Kon Tum"))
    second = actions.keep_key(cast.admin, other, agency=cast.city)
    assert {*SigningKey.objects.active().of(agency=cast.city)} == {first, second}


def test_a_retired_key_is_thrown_away_and_a_locked_one_opened(cast: Any) -> None:
    key = keep(cast.vice)
    SigningKey.objects.filter(pk=key.pk).update(failures=3, locked_at=clock.now())
    assert actions.unlock(cast.vice, key).locked_at is None
    actions.retire(cast.vice, key)
    key.refresh_from_db()
    assert (key.is_active, bytes(key.secret)) == (False, b"")
    assert [one.is_active for one in key.history.all()] == [False, True, True]


def test_a_key_that_is_replaced_while_somebody_signs_refuses_and_counts_no_pin(cast: Any) -> None:
    """The page was shown, the PIN typed; meanwhile his new certificate came."""
    old = keep(cast.vice)
    keep(cast.vice, file=key_file(NAME, certificate=files.certificate(NAME, days=4000)))
    assert old.is_active, "as it was read"
    ready = prepare(render(papers.LETTER))
    how = {"field": "signer_signature", "look": looks.signer(old), "at": clock.now()}
    found = refusal(lambda: sign(ready, key=old, pin=PIN, **how))
    assert (str(found), found.field) == ("Khóa ký số đã thôi dùng. Chọn khóa đang dùng.", "key")
    old.refresh_from_db()
    assert (old.failures, old.locked_at) == (0, None)


def test_a_signature_that_is_going_on_is_finished(cast: Any, monkeypatch: Any) -> None:
    """The hand is open already when the key gives way to a newer one."""
    old = keep(cast.vice)
    newer = key_file(NAME, certificate=files.certificate(NAME, days=4000))

    def checked(*_args: Any, key: SigningKey) -> None:
        keep(cast.vice, file=newer)

    monkeypatch.setattr(signing, "check_hand", checked)
    ready = prepare(render(papers.LETTER))
    how = {"field": "signer_signature", "look": looks.signer(old), "at": clock.now()}
    made = sign(ready, key=old, pin=PIN, **how)
    assert made.examined["verdict"] == "valid"
    old.refresh_from_db()
    assert bytes(old.secret) == b""


def test_files_that_were_kept_of_replaced_keys_are_thrown_away(cast: Any) -> None:
    old, now = keep(cast.vice), keep(cast.chair, file=key_file("Nguyễn Đức Thành"))
    SigningKey.objects.filter(pk=old.pk).update(is_active=False)
    migration = import_module("signatures.migrations.0003_no_file_of_a_replaced_key")
    migration.throw_away(apps, None)
    old.refresh_from_db()
    now.refresh_from_db()
    assert (bytes(old.secret), bytes(now.secret) != b"") == (b"", True)


# --- At rest.


def test_a_new_secret_closes_all_anew(cast: Any, settings: Any) -> None:
    key = keep(cast.vice)
    old = settings.SIGNING_SECRETS
    settings.SIGNING_SECRETS = ["mới", *old]
    out = io.StringIO()
    call_command("reseal_keys", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"resealed": 1, "new_already": 0, "lost": 0}
    settings.SIGNING_SECRETS = ["mới"]
    key.refresh_from_db()
    assert key.open_secret()
    settings.SIGNING_SECRETS = ["khác"]
    with pytest.raises(CommandError) as lost:
        call_command("reseal_keys", stdout=io.StringIO())
    assert lost.value.returncode == 1


def test_a_secret_opens_in_its_own_row_only(cast: Any) -> None:
    from signatures import vault  # noqa: PLC0415

    one, other = keep(cast.vice), keep(cast.chair, file=key_file("Nguyễn Đức Thành"))
    other.secret = one.secret
    with pytest.raises(vault.Closed):
        other.open_secret()


# --- The clock.


def watch(key: SigningKey, days: float) -> dict[str, int]:
    out = io.StringIO()
    with clock.set_to(key.valid_to - timedelta(days=days)):
        call_command("watch_certificates", "--json", stdout=out)
    return json.loads(out.getvalue())


def test_whoever_s_certificate_lapses_hears_of_it_three_times(cast: Any) -> None:
    key = make_key(NAME, owner=cast.vice)
    said = [watch(key, days)["told"] for days in (31, 29.5, 29, 8, 6.5, 6, 0.9, 0.5)]
    assert said == [0, 1, 0, 0, 1, 0, 1, 0]
    rows = Notification.objects.order_by("pk")
    assert {row.user for row in rows} == {cast.vice}
    assert [row.figures["days"] for row in rows] == [29, 6, 0]
    assert "còn 29 ngày" in reason_of(rows[0])
    assert rows[0].path == "/account/keys/"


def test_after_a_pause_the_nearest_is_told_alone(cast: Any) -> None:
    key = make_key(NAME, owner=cast.vice)
    assert [watch(key, days)["told"] for days in (3, 2, 0.5)] == [1, 0, 1]


def test_of_the_agency_s_its_administrators_hear(cast: Any) -> None:
    key = make_key("UBND thành phố Kon Tum", agency=cast.city)
    assert watch(key, 20) == {"keys": 1, "told": 1, "failed": 0}
    assert Notification.objects.get().user == cast.admin
    assert Notification.objects.get().path == "/admin/signatures/signingkey/"


def test_nobody_hears_of_a_key_that_was_replaced(cast: Any) -> None:
    key = make_key(NAME, owner=cast.vice)
    actions.retire(cast.vice, key)
    assert watch(key, 20)["told"] == 0


# --- The demo.


def test_the_demo_s_authority_vouches_for_its_people(
    cast: Any, settings: Any, tmp_path: Path
) -> None:
    assert demo_keys.give() == 0  # not trusted: no keys
    root = authority.root_in(tmp_path / "authority")
    assert authority.root_in(tmp_path / "authority").read_bytes() == root.read_bytes()
    assert (root.with_name(authority.KEY).stat().st_mode & 0o777) == 0o600
    settings.SIGNATURE_ANCHORS = [str(root)]
    User.objects.filter(username="admin").update(is_superuser=True)
    signers = {cast.chair, cast.vice, cast.chief, cast.ward_chair, cast.strange_boss}
    assert demo_keys.give() == len(signers) + 3
    assert {key.owner for key in SigningKey.objects.filter(agency=None)} == signers
    key = SigningKey.objects.get(owner=cast.chair)
    ready = prepare(render(papers.LETTER))
    how = {"field": "signer_signature", "look": looks.signer(key), "at": clock.now()}
    assert sign(ready, key=key, pin=demo_keys.PIN, **how)
