"""Whether the certificates of a file's signatures are revoked, as their issuers say now.

By the lists of the installation (SIGNATURE_CRLS) and the responders that it names (OCSP_URLS),
nobody else. Where nothing is said, that is said: such a signature is not silently valid.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.conf import settings

from core import clock
from documents import uploads
from documents.inspection import call
from documents.models import QuarantinedFile
from signatures import ocsp
from signatures.judging import VERDICTS

SECONDS = 20  # a file, in the bounded process
MEMORY = 1024  # MiB
# As often as OCSP_SECONDS is waited for one file; what is left then is not asked about.
PATIENCE = 3
GOOD, REVOKED, UNKNOWN = "good", "revoked", "unknown"


@dataclass(frozen=True)
class Standing:
    """What is said of a certificate."""

    state: str
    revoked_at: datetime | None = None


def is_asked() -> bool:
    """Whether the installation has anybody to ask."""
    return bool(settings.SIGNATURE_CRLS) or ocsp.is_asked()


def ask(row: QuarantinedFile) -> QuarantinedFile:
    """Add it to what is known of a file that came in; asked before, it is not asked again.

    Takes time: in a worker.
    """
    found = row.signatures
    if not found or any(one.get("revocation") for one in found["signatures"]):
        return row
    asked = with_revocation(found, uploads.path_of(row.token))
    if asked is not found:
        row.signatures = asked
        QuarantinedFile.objects.filter(pk=row.pk).update(signatures=asked)
    return row


def with_revocation(found: dict[str, Any], path: Path, *, is_ours: bool = False) -> dict[str, Any]:
    """What ``examine`` said of this file, with what is said of its certificates.

    ``is_ours``: it was signed here, so when is known; else a certificate that was revoked later
    than the signature claims leaves it in doubt, unless a time stamp proves the time.
    """
    if not any(one["kind"] == "signature" for one in found["signatures"]):
        return found
    if not is_asked() and b"/DSS" not in path.read_bytes():
        return found
    answer, fault = call("signatures.pdf.certificates_in", path, seconds=SECONDS, memory_mib=MEMORY)
    return judged(found, {} if fault else answer, is_ours=is_ours)


def judged(
    found: dict[str, Any], certificates: Mapping[str, Sequence[str]], *, is_ours: bool = False
) -> dict[str, Any]:
    """The same where the certificates are known, by field as ``certificates_in`` gives them."""
    until = monotonic() + PATIENCE * settings.OCSP_SECONDS
    kept = [der_of(text) for text in certificates.get("", ())]
    rows = []
    for one in found["signatures"]:
        given = [der_of(text) for text in certificates.get(one["field"], ())]
        said = Standing(UNKNOWN)
        if given and one["kind"] == "signature":
            said = standing(given[0], given[1:], online=monotonic() < until)
        if said.state == UNKNOWN and given and one["signing_time"]:
            said = _kept(given, kept, datetime.fromisoformat(one["signing_time"]))
        rows.append(_judged(one, said, is_ours=is_ours))
    counted = [one for one in rows if one["kind"] == "signature" or one["verdict"] == "invalid"]
    worst = [*(one["verdict"] for one in counted), found["verdict"]]
    verdict = max(worst, key=VERDICTS.index) if found["verdict"] in VERDICTS else found["verdict"]
    return {**found, "verdict": verdict, "signatures": rows}


def carried(found: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What was known of revocation before a file was filled in: its signatures are the same."""
    known = {one["field"]: one for one in before["signatures"]}
    keys = ("revocation", "revoked_at")
    rows = [
        {**one, **{key: known.get(one["field"], {}).get(key, "") for key in keys}}
        for one in found["signatures"]
    ]
    return {**found, "signatures": rows}


def _judged(one: dict[str, Any], said: Standing, *, is_ours: bool) -> dict[str, Any]:
    if one["kind"] != "signature":
        return one
    if said.state == UNKNOWN:
        return {**one, "revocation": UNKNOWN if is_asked() else ""}
    if said.revoked_at is None:
        return {**one, "revocation": said.state}
    row = {**one, "revocation": REVOKED, "revoked_at": said.revoked_at.isoformat()}
    signed = datetime.fromisoformat(one["signing_time"]) if one["signing_time"] else None
    if signed is None or signed >= said.revoked_at:
        verdict, reason = "invalid", "certificate_revoked"
    elif is_ours or one.get("stamp_not_after"):
        return row
    else:
        verdict, reason = "indeterminate", "revoked_since"
    if VERDICTS.index(verdict) > VERDICTS.index(one["verdict"]):
        row |= {"verdict": verdict, "reason": reason}
    return row


def der_of(text: str) -> bytes:
    """A certificate or an answer as ``certificates_in`` gives it."""
    return base64.b64decode(text)


def standing(certificate: bytes, chain: Iterable[bytes] = (), *, online: bool = True) -> Standing:
    """What is said of a certificate (DER): revoked where anybody says so."""
    others = list(chain)
    try:
        one = x509.load_der_x509_certificate(certificate)
        issuer = ocsp.issuer_of(one, others)
        listed = _listed(one, issuer) if issuer else Standing(UNKNOWN)
        if listed.state == REVOKED or not online:
            return listed
        answer = ocsp.answer_of(certificate, others)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Standing(UNKNOWN)  # a certificate of odd make
    if answer is None:
        return listed
    return Standing(REVOKED, answer.revoked_at) if answer.is_revoked else Standing(GOOD)


def _kept(given: Sequence[bytes], answers: Sequence[bytes], at: datetime) -> Standing:
    """What the file itself keeps of it, from the time of the signature (B-LT)."""
    try:
        answer = ocsp.kept_answer(given[0], given[1:], answers, at)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return Standing(UNKNOWN)
    return Standing(GOOD) if answer and not answer.is_revoked else Standing(UNKNOWN)


def _listed(one: x509.Certificate, issuer: x509.Certificate) -> Standing:
    """What the lists of the installation say; one that is out of date says only who is revoked."""
    found = Standing(UNKNOWN)
    for name in settings.SIGNATURE_CRLS:
        for crl in _lists_in(Path(name).read_bytes()):
            if crl.issuer != issuer.subject or not _is_by(crl, issuer):
                continue
            row = crl.get_revoked_certificate_by_serial_number(one.serial_number)
            if row is not None:
                return Standing(REVOKED, row.revocation_date_utc)
            if crl.next_update_utc is None or crl.next_update_utc > clock.now():
                found = Standing(GOOD)
    return found


def _lists_in(data: bytes) -> list[x509.CertificateRevocationList]:
    load = x509.load_pem_x509_crl if data.startswith(b"-----") else x509.load_der_x509_crl
    return [load(data)]


def _is_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    try:
        return bool(crl.is_signature_valid(issuer.public_key()))  # type: ignore[arg-type]
    except (InvalidSignature, TypeError, ValueError):
        return False
