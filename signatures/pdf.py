"""Signatures in PDF files; knows pyHanko (as `fields` does), which it loads when it is needed.

Runs inside the bounded child: no Django here, every answer is plain JSON.
"""

import dataclasses
import re
import time
import unicodedata
from collections.abc import Coroutine, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from signatures.changes import NODES, array, compare, get, pages, resolve

SECONDS = 20
SIGNATURES = 60
BLANK = b" \t\r\n\x0c\x00"
VIETNAM = timezone(timedelta(hours=7))

VERDICTS = ("valid", "indeterminate", "invalid")  # from good to bad
SUBFILTERS = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached", "/PBAD.PAdES", "/ETSI.RFC3161"}
LEVELS = {0: "none", 1: "ltv", 2: "form_filling", 3: "annotations", 4: "other"}
_TELLING = (b"/ByteRange", b"/Sig", b"/DocTimeStamp", b"/ObjStm", b"/XRef", b"/Encrypt")
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

    def judge(self, verdict: str, reason: str = "") -> None:
        """Lower the verdict to this one, with its reason; a worse one stays."""
        if VERDICTS.index(verdict) >= VERDICTS.index(self.verdict):
            self.verdict, self.reason = verdict, reason


@dataclasses.dataclass(frozen=True)
class Trust:
    """Whom the office trusts, and the day of the question."""

    anchors: list[Any]
    today: datetime


def examine(
    path: str, anchors: Sequence[str] = (), seconds: float = SECONDS, now: str = ""
) -> dict[str, Any]:
    """Examine every signature of a PDF file against the trusted certificates in `anchors` (PEM).

    Nothing is fetched from the network. The file's verdict is the worst of its signatures.
    `now` (ISO 8601) is the office's clock, which the child cannot ask.
    """
    if _surely_unsigned(path):
        return {"verdict": "unsigned", "signatures": []}
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import

    deadline = time.monotonic() + seconds
    with open(path, "rb") as file:  # noqa: PTH123 -- pyHanko keeps the handle
        try:
            # Strict reading refuses what Microsoft Word writes.
            reader = PdfFileReader(file, strict=False)
            if _is_closed(reader):
                return {"verdict": "unreadable", "signatures": []}
            root = reader.root
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- hostile files raise anything
            verdict = "unreadable" if _mentions_signature(file) else "unsigned"
            return {"verdict": verdict, "signatures": []}
        found, complete = signed_fields(reader, root)
        trusted = list(load_certs_from_pemder(anchors)) if found else []
        today = datetime.fromisoformat(now) if now else datetime.now(UTC)
        trust = Trust(trusted, today)
        findings = _examine_fields(reader, found[:SIGNATURES], trust, deadline)
        findings += [
            Finding(field=name, reason="not_examined")
            for name, _ in found[SIGNATURES:][:SIGNATURES]
        ]
    if not complete:
        findings.append(Finding(reason="not_listed"))
    return {
        "verdict": _worst(findings),
        "signatures": [dataclasses.asdict(finding) for finding in findings],
    }


def opened(file: BinaryIO) -> Any:
    """A reader of the file; None when it cannot be read."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import

    try:
        reader = PdfFileReader(file, strict=False)
        return None if _is_closed(reader) or reader.root is None else reader
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- hostile files raise anything
        return None


def _is_closed(reader: Any) -> bool:
    from pyhanko.pdf_utils.crypt import AuthStatus  # noqa: PLC0415 -- slow import

    return bool(reader.encrypted and reader.decrypt(b"").status == AuthStatus.FAILED)


def wrong_anchors(anchors: Sequence[str]) -> list[str]:
    """What is wrong with these certificate files, one sentence each."""
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415 -- slow import

    wrong = []
    for anchor in anchors:
        try:
            # Parsed only when it is asked for something.
            if not [one.subject.native for one in load_certs_from_pemder([anchor])]:
                wrong.append(f"{anchor} holds no certificate.")
        except Exception as error:  # noqa: BLE001 -- whatever a wrong file raises
            wrong.append(f"{anchor}: {error}")
    return wrong


def _mentions_signature(file: BinaryIO) -> bool:
    # The range of signed bytes stands in the open, whatever else is packed.
    file.seek(0)
    return b"/ByteRange" in _decoded(file.read())


def _surely_unsigned(path: str) -> bool:
    """True for a file in which no signature can hide: a scan costs no library of signatures.

    Nothing is packed (that needs a table of its own, /XRef) or encrypted, and no name in the open
    speaks of a signature or its field.
    """
    with open(path, "rb") as file:  # noqa: PTH123 -- as below
        data = _decoded(file.read())
    return not any(name in data for name in _TELLING)


def _decoded(data: bytes) -> bytes:
    # A name may be written with #xx, and a file that hides it so is not to read as unsigned.
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), data)


def _worst(findings: Sequence[Finding]) -> str:
    # A time stamp of an unknown authority says nothing against the signature that it accompanies.
    counted = [one for one in findings if one.kind == "signature" or one.verdict == "invalid"]
    if not counted:
        return "unsigned"
    return max((one.verdict for one in counted), key=VERDICTS.index)


# --- Finding the signatures.


def signed_fields(reader: Any, root: Any) -> tuple[list[tuple[str, Any]], bool]:
    """Every signature field that has a value, and whether all could be looked at."""
    found: list[tuple[str, Any]] = []
    complete = True
    # Our own walk: pyHanko's leaves out fields of odd make, and stops at the first broken one.
    waiting = [(item, "", None) for item in reversed(array(get(get(root, "/AcroForm"), "/Fields")))]
    waiting = waiting or [(item, "", None) for item in _page_widgets(root)]
    seen: set[Any] = set()
    while waiting:
        item, parent_name, parent_kind = waiting.pop()
        try:
            node = resolve(item)
            mark = getattr(item, "reference", None) or id(node)
            if mark in seen or not hasattr(node, "keys"):
                continue
            seen.add(mark)
            if len(seen) > NODES:
                return found, False
            name = ".".join(part for part in (parent_name, str(get(node, "/T") or "")) if part)
            kind = get(node, "/FT") or parent_kind
            if kind == "/Sig" and get(node, "/V") is not None:
                found.append((_shown(name), item))
            waiting += [(kid, name, kind) for kid in reversed(array(get(node, "/Kids")))]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- see _get
            complete = False
    return found, complete


def _page_widgets(root: Any) -> list[Any]:
    # Some programs forget the list of fields; their signatures hang on the pages only.
    try:
        return [item for _, page in pages(root) for item in array(resolve(page.get("/Annots")))]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- a broken page tree is for the reading to find
        return []


# --- Judging one signature.


def _examine_fields(
    reader: Any, found: list[tuple[str, Any]], trust: Trust, deadline: float
) -> list[Finding]:
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
            return _shown(", ".join(value) if isinstance(value, list) else str(value))
    return ""


def _shown(text: str) -> str:
    letters = (letter for letter in str(text) if unicodedata.category(letter)[0] != "C")
    return unicodedata.normalize("NFC", "".join(letters)).strip()[:255]


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
    names = {_shown(name) for name, _ in signed_fields(reader, reader.root)[0]}
    _judge_changes(finding, signature, status, later, content, names)


def _judge_changes(
    finding: Finding,
    signature: Any,
    status: Any,
    later: set[str],
    content: set[str],
    names: set[str],
) -> None:
    touched = {_shown(name) for name in getattr(status.diff_result, "changed_form_fields", ())}
    finding.changed_fields = sorted(touched - names)
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
