"""What to make of one signature: intact, trusted, and what has changed since; knows pyHanko.

Runs in the bounded child, as `signatures.pdf` does: no Django here.
"""

import dataclasses
import time
from collections.abc import Coroutine
from datetime import datetime, timedelta, timezone
from typing import Any

from signatures.changes import compare, get, resolve
from signatures.found import shown, signed_fields
from signatures.locks import policy

BLANK = b" \t\r\n\x0c\x00"
VIETNAM = timezone(timedelta(hours=7))
VERDICTS = ("valid", "indeterminate", "invalid")  # from good to bad
SUBFILTERS = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES", "/ETSI.RFC3161"}
LEVELS = {0: "none", 1: "ltv", 2: "form_filling", 3: "annotations", 4: "other"}
# What may change a file after a signature without touching what was signed.
HARMLESS = {"later_signature", "ltv"}

TRUST_REASONS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "unknown_issuer",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "unknown_issuer",
    "EXPIRED": "certificate_out_of_time",
    "NOT_YET_VALID": "certificate_out_of_time",
    "OUT_OF_BOUNDS_NO_POE": "certificate_out_of_time",
    "OUT_OF_BOUNDS_NOT_REVOKED": "certificate_out_of_time",
    "CHAIN_CONSTRAINTS_FAILURE": "certificate_purpose",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak_algorithm",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak_algorithm",
}


@dataclasses.dataclass
class Finding:
    """What is known of one signature."""

    field: str = ""
    kind: str = "signature"  # or "timestamp"
    verdict: str = "indeterminate"
    reason: str = ""
    signer: str = ""
    organization: str = ""
    issuer: str = ""
    serial: str = ""
    signing_time: str = ""
    # Until when its certificate is valid, and that of its time stamp ("" without a trusted one).
    not_after: str = ""
    stamp_not_after: str = ""
    intact: bool = False
    trusted: bool = False
    covers_whole_file: bool = False
    modification: str = "unknown"
    changes: list[str] = dataclasses.field(default_factory=list)
    changed_fields: list[str] = dataclasses.field(default_factory=list)
    # Whether its certificate was revoked: "good" as the file itself proves or as its issuer says,
    # "revoked", "unknown" where nobody has answered; "" where nobody was asked.
    revocation: str = ""
    revoked_at: str = ""

    def judge(self, verdict: str, reason: str = "") -> None:
        """Lower the verdict to this one, with its reason; a worse one stays."""
        if VERDICTS.index(verdict) >= VERDICTS.index(self.verdict):
            self.verdict, self.reason = verdict, reason


@dataclasses.dataclass(frozen=True)
class Trust:
    """Whom the office trusts, and the day of the question."""

    anchors: list[Any]
    today: datetime


def judged(
    reader: Any, found: list[tuple[str, Any]], trust: Trust, deadline: float
) -> list[Finding]:
    """What is known of each of these fields, in the order in which they were signed."""
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    findings: list[Finding] = []
    embedded: list[tuple[Finding, Any, Any]] = []
    for name, item in found:
        finding = Finding(field=name)
        findings.append(finding)
        try:
            value = get(resolve(item), "/V")
            subfilter = str(get(value, "/SubFilter"))
            stamp = get(value, "/Type") == "/DocTimeStamp" or subfilter == "/ETSI.RFC3161"
            finding.kind = "timestamp" if stamp else "signature"
            if subfilter not in SUBFILTERS:
                finding.reason = "unsupported_format"
                continue
            signature = EmbeddedPdfSignature(reader, resolve(item), name)
            embedded.append((finding, item, signature))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- one bad signature must not hide the others
            finding.reason = "broken_signature"
    embedded.sort(key=lambda entry: entry[2].signed_revision)
    for finding, item, signature in embedded:
        if time.monotonic() > deadline:
            finding.reason = "not_examined"
            continue
        later = {
            other.kind
            for other, _, rival in embedded
            if rival.signed_revision > signature.signed_revision
        }
        try:
            _examine_one(reader, finding, item, signature, later, trust)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- see above
            finding.judge("indeterminate", "broken_signature")
    order = {id(finding): place for place, (finding, _, _) in enumerate(embedded)}
    return sorted(findings, key=lambda finding: order.get(id(finding), len(order)))


def certificates_of(reader: Any, item: Any, name: str) -> list[Any]:
    """The certificate of a signature, then those that stand beside it; [] where it is broken."""
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    try:
        signature = EmbeddedPdfSignature(reader, resolve(item), name)
        return [signature.signer_cert, *signature.other_embedded_certs]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- hostile files raise anything
        return []


def _examine_one(
    reader: Any, finding: Finding, item: Any, signature: Any, later: set[str], trust: Trust
) -> None:
    _describe(finding, signature)
    status, compared = _validate(reader, finding, item, signature, trust)
    finding.intact = bool(status.intact and status.valid)
    finding.trusted = bool(status.trusted)
    finding.verdict, finding.reason = "valid", ""
    if not status.intact:
        finding.judge("invalid", "digest_mismatch")
        return
    if not status.valid:
        finding.judge("invalid", "false_signature")
        return
    _judge_trust(finding, status, trust)
    _judge_coverage(reader, finding, signature, status, later, compared)


def _validate(
    reader: Any, finding: Finding, item: Any, signature: Any, trust: Trust
) -> tuple[Any, bool]:
    """The status by pyHanko, and whether later changes could be compared."""
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    try:
        return _status(reader, finding, signature, trust, skip_diff=False), True
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- the comparison fails on odd files; the digest may still be judged
        fresh = EmbeddedPdfSignature(reader, resolve(item), finding.field)
        status = _status(reader, finding, fresh, trust, skip_diff=True)
        signature.coverage = fresh.coverage
        return status, False


def _status(reader: Any, finding: Finding, signature: Any, trust: Trust, *, skip_diff: bool) -> Any:
    import asyncio  # noqa: PLC0415 -- slow import

    from pyhanko.sign.validation import (  # noqa: PLC0415 -- slow import
        KeyUsageConstraints,
        async_validate_pdf_signature,
        async_validate_pdf_timestamp,
    )

    context = _context(reader, _moment(signature, trust), trust)
    work: Coroutine[Any, Any, Any]
    if finding.kind == "timestamp":
        work = async_validate_pdf_timestamp(signature, context, skip_diff=skip_diff)
    else:
        usage = KeyUsageConstraints(
            key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False
        )
        work = async_validate_pdf_signature(
            signature,
            context,
            _context(reader, None, trust),
            key_usage_settings=usage,
            skip_diff=skip_diff,
            diff_policy=policy(),
        )
    return asyncio.run(work)


def _context(reader: Any, moment: datetime | None, trust: Trust) -> Any:
    from pyhanko.sign.validation import DocumentSecurityStore  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    # An empty list, never None: None would trust what the operating system trusts.
    options: dict[str, Any] = {
        "trust_roots": trust.anchors,
        "allow_fetching": False,
        "revocation_mode": "soft-fail",
    }
    options |= {"moment": moment or trust.today, "retroactive_revinfo": moment is not None}
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(options)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- there is none, or it is broken: judge without it
        return ValidationContext(**options)


def _claimed_time(signature: Any) -> datetime | None:
    try:
        moment = signature.self_reported_timestamp
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a broken date is no date
        return None
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=VIETNAM)
    return moment


def _moment(signature: Any, trust: Trust) -> datetime | None:
    # The certificate is judged at the time of signing, unless that time is still to come.
    moment = _claimed_time(signature)
    return None if moment is None or moment > trust.today else moment


def _describe(finding: Finding, signature: Any) -> None:
    certificate = signature.signer_cert
    subject, issuer = certificate.subject.native, certificate.issuer.native
    finding.signer = _name(subject, "common_name", "organization_name")
    finding.organization = _name(subject, "organization_name", "organizational_unit_name")
    finding.issuer = _name(issuer, "common_name", "organization_name")
    finding.serial = f"{certificate.serial_number:X}"
    finding.not_after = certificate.not_valid_after.isoformat(timespec="seconds")
    if (moment := _claimed_time(signature)) is not None:
        finding.signing_time = moment.isoformat(timespec="seconds")


def _name(names: dict[str, Any], *keys: str) -> str:
    for key in keys:
        if value := names.get(key):
            return shown(", ".join(value) if isinstance(value, list) else str(value))
    return ""


def _judge_trust(finding: Finding, status: Any, trust: Trust) -> None:
    stamp = getattr(status, "timestamp_validity", None)
    if stamp is not None and stamp.trusted:
        finding.signing_time = stamp.timestamp.isoformat(timespec="seconds")
        lapse = stamp.signing_cert.not_valid_after
        finding.stamp_not_after = lapse.isoformat(timespec="seconds")
    elif stamp is None and getattr(status, "timestamp", None) is not None:
        finding.signing_time = status.timestamp.isoformat(timespec="seconds")
    if status.revoked:
        finding.judge("invalid", "certificate_revoked")
    elif not status.trusted:
        problem = getattr(status.trust_problem_indic, "name", "")
        finding.judge("indeterminate", TRUST_REASONS.get(problem, "unknown_issuer"))
    elif finding.signing_time:
        ahead = datetime.fromisoformat(finding.signing_time) - trust.today
        if ahead > timedelta(days=1):
            finding.judge("indeterminate", "time_to_come")


def _judge_coverage(
    reader: Any, finding: Finding, signature: Any, status: Any, later: set[str], compared: bool
) -> None:
    from pyhanko.sign.validation import SignatureCoverageLevel  # noqa: PLC0415 -- slow import

    last = signature.signed_revision == reader.xrefs.total_revisions - 1
    coverage = status.coverage
    regular = coverage is not None and coverage != SignatureCoverageLevel.UNCLEAR
    rest = _after(reader.stream, signature.byte_range) if regular else b"?"
    finding.covers_whole_file = coverage == SignatureCoverageLevel.ENTIRE_FILE or (
        regular and not rest.strip(BLANK)
    )
    if finding.covers_whole_file:
        finding.modification = "none"
        return
    if not regular or coverage < SignatureCoverageLevel.ENTIRE_REVISION or last:
        # A gap in the signed bytes, or a tail that belongs to no revision.
        finding.modification = "other"
        finding.judge("invalid", "not_covered")
        return
    if _tail_after_end(reader.stream):
        finding.judge("invalid", "not_covered")
    finding.changes = _changes(reader, signature, later)
    content = set(finding.changes) - HARMLESS - {"unclear"}
    if not compared:
        if content:
            finding.judge("invalid", "changed_after_signing")
        else:
            finding.judge("indeterminate", "changes_not_judged")
        return
    finding.modification = LEVELS[status.modification_level.value]
    names = {shown(name) for name, _ in signed_fields(reader, reader.root)[0]}
    _judge_changes(finding, signature, status, later, content, names)


def _judge_changes(
    finding: Finding,
    signature: Any,
    status: Any,
    later: set[str],
    content: set[str],
    names: set[str],
) -> None:
    touched = {shown(name) for name in getattr(status.diff_result, "changed_form_fields", ())}
    # The library names fields whose look it has met, even where nothing of them was written anew.
    upkeep = finding.modification in {"none", "ltv"}
    finding.changed_fields = [] if upkeep else sorted(touched - names)
    if finding.modification in {"other", "annotations"}:
        # The level alone does not mean a forgery: updates for long-term validation give it too.
        if content:
            finding.judge("invalid", "changed_after_signing")
        else:
            finding.judge("indeterminate", "changes_unclear")
    elif status.docmdp_ok is False:
        finding.judge("invalid", "changed_after_signing")
    elif finding.modification == "form_filling" and "signature" not in later:
        if touched and touched <= names and not content:
            return  # a later signature that is broken itself, which its own verdict says
        # Filling a form can hide a swap of contents, and nobody has signed what it shows now.
        allowed = signature.docmdp_level is not None
        finding.judge("indeterminate" if allowed else "invalid", "filled_after_signing")


def _after(stream: Any, byte_range: Any) -> bytes:
    stream.seek(int(byte_range[2]) + int(byte_range[3]))
    return stream.read(1 << 16)


def _tail_after_end(stream: Any) -> bool:
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - (1 << 16)))
    _, mark, tail = stream.read().rpartition(b"%%EOF")
    return not mark or bool(tail.strip(BLANK))


def _changes(reader: Any, signature: Any, later: set[str]) -> list[str]:
    changes: set[str] = set()
    if "signature" in later:
        changes.add("later_signature")
    if "timestamp" in later:
        changes.add("ltv")
    try:
        old = reader.get_historical_resolver(signature.signed_revision).root
        new = reader.get_historical_resolver(reader.xrefs.total_revisions - 1).root
        compare(old, new, changes)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- what cannot be compared is said to be unclear
        changes.add("unclear")
    return sorted(changes or {"unclear"})
