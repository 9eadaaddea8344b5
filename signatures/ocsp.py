"""Whether the issuer has revoked a certificate since its last list: asked of it online (RFC 6960).

Only responders that the installation names (OCSP_URLS) are asked, never what a certificate names by
itself: a file that came in could make us call anybody. One that does not answer in time, or not
rightly, has said nothing: lists count as before.
"""

import logging
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from time import monotonic

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from django.conf import settings
from django.core.cache import cache

from core import clock

logger = logging.getLogger(__name__)
LARGEST = 1 << 16  # bytes of an answer
SKEW = timedelta(minutes=5)  # between two clocks
OLDEST = timedelta(days=7)  # of an answer that names no next one
KEPT = 300  # seconds for which an answer is not asked for again
_HEADERS = {"Content-Type": "application/ocsp-request", "Accept": "application/ocsp-response"}


@dataclass(frozen=True)
class Answer:
    """What a responder has said of a certificate, and the bytes that prove it."""

    is_revoked: bool
    response: bytes
    revoked_at: datetime | None = None


def is_asked() -> bool:
    """Whether the installation names a responder."""
    return bool(settings.OCSP_URLS)


def is_revoked(certificate: bytes, chain: Iterable[bytes] = ()) -> bool:
    """True when its issuer says so now; both as DER."""
    found = answer_of(certificate, chain)
    return found is not None and found.is_revoked


def answer_of(certificate: bytes, chain: Iterable[bytes] = ()) -> Answer | None:
    """The newest answer about a certificate; None where nobody says anything of it.

    Takes up to OCSP_SECONDS for each responder: outside a transaction.
    """
    if not settings.OCSP_URLS:
        return None
    one = x509.load_der_x509_certificate(certificate)
    issuer = issuer_of(one, chain)
    if issuer is None:
        return None
    key = f"ocsp:{one.fingerprint(hashes.SHA256()).hex()}"
    kept: bytes | None = cache.get(key)
    if kept is not None and (found := _read(kept, one, issuer)):
        return found
    asked = ocsp.OCSPRequestBuilder().add_certificate(one, issuer, hashes.SHA1()).build()  # noqa: S303 -- the only one that all responders know; it names, it proves nothing
    for url in _urls(one):
        data = _post(url, asked.public_bytes(Encoding.DER))
        if data is not None and (found := _read(data, one, issuer)):
            cache.set(key, data, KEPT)
            return found
    return None


def kept_answer(
    certificate: bytes, chain: Iterable[bytes], answers: Iterable[bytes], at: datetime
) -> Answer | None:
    """What answers that a file keeps say of a certificate at the time of the signature."""
    one = x509.load_der_x509_certificate(certificate)
    issuer = issuer_of(one, chain)
    found = (_read(data, one, issuer, at) for data in answers) if issuer else ()
    return next((answer for answer in found if answer), None)


def _urls(certificate: x509.Certificate) -> Iterator[str]:
    """The responders of the installation, those that the certificate names first."""
    named = set()
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        pass
    else:
        named = {
            str(one.access_location.value)
            for one in access.value
            if one.access_method == AuthorityInformationAccessOID.OCSP
        }
    yield from sorted(settings.OCSP_URLS, key=lambda url: url not in named)


def issuer_of(certificate: x509.Certificate, chain: Iterable[bytes]) -> x509.Certificate | None:
    """Who has issued it, of its chain or of those who are trusted."""
    known = [x509.load_der_x509_certificate(one) for one in chain]
    for name in settings.SIGNATURE_ANCHORS:
        known += x509.load_pem_x509_certificates(Path(name).read_bytes())
    return next((one for one in known if _has_issued(one, certificate)), None)


def _has_issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _post(url: str, body: bytes) -> bytes | None:
    """The answer of a responder; None when it does not come in time, or is too long."""
    until = monotonic() + settings.OCSP_SECONDS
    request = urllib.request.Request(url, body, _HEADERS)  # noqa: S310 -- the installation's own
    try:
        with urllib.request.urlopen(  # noqa: S310 -- as above
            request, timeout=settings.OCSP_SECONDS
        ) as answer:
            data = b""
            # Piece by piece: one that trickles would hold a signature for hours.
            while piece := answer.read1(LARGEST):
                data += piece
                if len(data) > LARGEST or monotonic() > until:
                    raise TimeoutError(f"{len(data)} bytes, and no end")
            return data
    except (OSError, ValueError, HTTPException) as error:
        logger.warning("OCSP responder %s has not answered: %s", url, error)
        return None


def _read(
    data: bytes, one: x509.Certificate, issuer: x509.Certificate, at: datetime | None = None
) -> Answer | None:
    """What the answer says, if it speaks of this certificate, today, in the issuer's name.

    ``at``: of an answer that a file keeps, the time of the signature; it may be newer.
    """
    try:
        said = ocsp.load_der_ocsp_response(data)
        if said.response_status != ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        if said.serial_number != one.serial_number or not _is_of(said, issuer):
            return None
        if not _is_new(said, at) or not _is_signed(said, issuer, at):
            return None
        status = said.certificate_status
    except (ValueError, TypeError) as error:
        logger.warning("OCSP answer that cannot be read: %s", error)
        return None
    if status == ocsp.OCSPCertStatus.UNKNOWN:
        return None
    is_revoked = status == ocsp.OCSPCertStatus.REVOKED
    return Answer(is_revoked, data, said.revocation_time_utc if is_revoked else None)


def _is_of(said: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Whether it means a certificate of this issuer: serial numbers are the issuer's own."""
    wanted = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, said.hash_algorithm).build()
    same: bool = (said.issuer_key_hash, said.issuer_name_hash) == (
        wanted.issuer_key_hash,
        wanted.issuer_name_hash,
    )
    return same


def _is_new(said: ocsp.OCSPResponse, at: datetime | None) -> bool:
    now, since, until = clock.now(), said.this_update_utc, said.next_update_utc
    return since - SKEW <= now and (at or now) <= (until or since + OLDEST) + SKEW


def _is_signed(said: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime | None) -> bool:
    """By the issuer, or by whom it has given a certificate for that and nothing else."""
    if _verifies(said, issuer):
        return True
    return any(
        _has_issued(issuer, one) and _may_answer(one, at or clock.now()) and _verifies(said, one)
        for one in said.certificates
    )


def _may_answer(one: x509.Certificate, now: datetime) -> bool:
    try:
        usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    in_time = one.not_valid_before_utc <= now <= one.not_valid_after_utc
    return in_time and ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _verifies(said: ocsp.OCSPResponse, by: x509.Certificate) -> bool:
    key, algorithm = by.public_key(), said.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(said.signature, said.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(said.signature, said.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True
