"""What a certificate says: whose it is, until when, and whether one may sign with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils import timezone

from core.text import clean
from signatures.sentences import say

SHORTEST_RSA = 2048


@dataclass(frozen=True)
class Facts:
    """What is kept of a certificate."""

    fingerprint: str
    subject_name: str
    issuer_name: str
    serial: str
    valid_from: datetime
    valid_to: datetime


def facts_of(certificate: x509.Certificate) -> Facts:
    """What a certificate says of itself."""
    return Facts(
        certificate.fingerprint(hashes.SHA256()).hex(),
        _name(certificate.subject),
        _name(certificate.issuer),
        f"{certificate.serial_number:X}",
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )


def fault_of(certificate: x509.Certificate, at: datetime) -> str:
    """Why one does not sign with this certificate at that moment; "" when one may."""
    if at > certificate.not_valid_after_utc:
        return say("expired", day=_day(certificate.not_valid_after_utc))
    if at < certificate.not_valid_before_utc:
        return say("not_yet_valid", day=_day(certificate.not_valid_before_utc))
    if not _may_sign(certificate):
        return say("not_for_signing")
    if not _is_strong(certificate):
        return say("weak")
    if is_revoked(certificate, at):
        return say("revoked")
    return ""


def is_revoked(certificate: x509.Certificate, at: datetime) -> bool:
    """Whether a list of the installation (SIGNATURE_CRLS) names it, from that moment on or before.

    A list counts for the certificates of whoever has issued it.
    """
    for crl in _lists(_stamps(settings.SIGNATURE_CRLS)):
        if crl.issuer != certificate.issuer:
            continue
        found = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if found is not None and found.revocation_date_utc <= at:
            return True
    return False


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _is_strong(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size >= SHORTEST_RSA
    return isinstance(key, ec.EllipticCurvePublicKey)


def _name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(kind):
            return clean(str(found[0].value))[:255]
    return clean(name.rfc4514_string())[:255]


def _day(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M %d/%m/%Y")


def _stamps(names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    # A list is written anew every day: it is read again when it has changed.
    return tuple((name, Path(name).stat().st_mtime_ns) for name in names)


@lru_cache(maxsize=4)
def _lists(stamps: tuple[tuple[str, int], ...]) -> list[x509.CertificateRevocationList]:
    found = []
    for name, _ in stamps:
        data = Path(name).read_bytes()
        is_text = data.lstrip().startswith(b"-----")
        load = x509.load_pem_x509_crl if is_text else x509.load_der_x509_crl
        found.append(load(data))
    return found
