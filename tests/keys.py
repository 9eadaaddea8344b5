"""Keys and certificates that the tests sign with, of an authority of their own."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from accounts.models import Agency, User
from core import clock
from edocman.demo import hands
from signatures.certificates import facts_of
from signatures.choices import BackEnd
from signatures.models import SigningKey
from tests import files

PIN = "một-hai-ba-46"
AUTHORITY = "CA thử nghiệm"


def key_file(name: str, pin: str = PIN, certificate: x509.Certificate | None = None) -> bytes:
    """A PKCS#12 file as an authority hands it out."""
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        files._key(name),
        certificate or files.certificate(name),
        None,
        serialization.BestAvailableEncryption(pin.encode()),
    )


def make_key(
    name: str,
    *,
    owner: User | None = None,
    agency: Agency | None = None,
    pin: str = PIN,
    certificate: x509.Certificate | None = None,
    back_end: str = BackEnd.PKCS12,
    **more: Any,
) -> SigningKey:
    """A key as it stands in the table, without the verb that keeps one."""
    certificate = certificate or files.certificate(name)
    facts = facts_of(certificate)
    picture, width = hands.seal(name) if agency else hands.signature(name)
    key = SigningKey(
        owner=owner,
        agency=agency,
        back_end=back_end,
        certificate=certificate.public_bytes(serialization.Encoding.DER),
        picture=picture,
        picture_width_mm=width,
        added_at=clock.now() - timedelta(days=1),
        **{"label": name, **vars(facts), **more},
    )
    if back_end == BackEnd.PKCS12:
        key.keep_secret(key_file(name, pin, certificate))
    key.save()
    return key


def trusted(folder: Path) -> list[str]:
    """The anchors (SIGNATURE_ANCHORS) under which these certificates are trusted."""
    return [str(files.anchor(folder / "ca.pem", AUTHORITY))]
