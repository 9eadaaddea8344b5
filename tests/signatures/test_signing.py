"""A key of ours signs a prepared sheet: what it says, how it looks, and who is turned away."""

import functools
from pathlib import Path
from typing import Any

import pytest

from core import clock
from outgoing.preparing import prepare
from outgoing.rendering import render
from signatures import looks
from signatures.adding import fill_fields
from signatures.choices import Form
from signatures.files import verdict_on
from signatures.models import SigningKey
from signatures.signing import sign
from tests.keys import PIN, make_key, trusted
from tests.outgoing import papers

VALUES = {"code_number": "127", "issued_day": "05", "issued_month": "02"}


@functools.cache
def ready() -> bytes:
    """A letter with its empty fields."""
    return prepare(render(papers.LETTER))


@pytest.fixture(autouse=True)
def _trust(settings: Any, tmp_path: Path) -> None:
    settings.SIGNATURE_ANCHORS = trusted(tmp_path)


@pytest.fixture
def vice(cast: Any) -> SigningKey:
    return make_key("Lê Hoàng Sơn", owner=cast.vice)


@pytest.fixture
def city(cast: Any) -> SigningKey:
    return make_key("UBND thành phố Kon Tum", agency=cast.city)


def by_leader(key: SigningKey, data: bytes | None = None, **more: Any) -> bytes:
    how = {"pin": PIN, "look": looks.signer(key), "certify": True, "at": clock.now()} | more
    return sign(data or ready(), key=key, field="signer_signature", **how)


def by_agency(key: SigningKey, data: bytes, form: str = Form.DECREE) -> bytes:
    look = looks.agency(key, name=key.label, at=clock.now(), form=form)
    return sign(data, key=key, pin=PIN, field="agency_signature", look=look, at=clock.now())


def verdict(data: bytes, folder: Path) -> dict[str, str]:
    """The file's verdict under "", and that of each field."""
    (folder / "a.pdf").write_bytes(data)
    found = verdict_on(folder / "a.pdf")
    return {"": found["verdict"], **{one["field"]: one["verdict"] for one in found["signatures"]}}


def test_the_way_of_a_letter(vice: SigningKey, city: SigningKey, tmp_path: Path) -> None:
    # khoản 1 Điều 10 (Cần Thơ): the leader signs, the clerk numbers, the agency signs.
    signed = by_leader(vice)
    assert signed.startswith(ready())
    assert verdict(signed, tmp_path)[""] == "valid"
    sealed = by_agency(city, fill_fields(signed, VALUES))
    assert verdict(sealed, tmp_path) == {
        "": "valid",
        "signer_signature": "valid",
        "agency_signature": "valid",
    }
