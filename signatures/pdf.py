"""Signatures in PDF files; knows pyHanko (as `fields` does), which it loads when it is needed.

Runs inside the bounded child: no Django here, every answer is plain JSON.
"""

import base64
import dataclasses
import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO

from signatures.changes import array, get, resolve
from signatures.found import signed_fields
from signatures.judging import VERDICTS, Finding, Trust, certificates_of, judged

SECONDS = 20
SIGNATURES = 60

_TELLING = (b"/ByteRange", b"/Sig", b"/DocTimeStamp", b"/ObjStm", b"/XRef", b"/Encrypt")


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
        findings = judged(reader, found[:SIGNATURES], trust, deadline)
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


def certificates_in(path: str) -> dict[str, list[str]]:
    """By the name of its field, the certificate of each signature and those beside it; under "" the
    answers of responders (OCSP) that the file keeps (B-LT). All DER in base64."""
    found: dict[str, list[str]] = {}
    with open(path, "rb") as file:  # noqa: PTH123 -- as above
        reader = opened(file)
        if reader is None:
            return {}
        for name, item in signed_fields(reader, reader.root)[0][:SIGNATURES]:
            found[name] = [_text(one.dump()) for one in certificates_of(reader, item, name)]
        try:
            kept = array(get(get(reader.root, "/DSS"), "/OCSPs"))[:SIGNATURES]
            found[""] = [_text(resolve(one).data) for one in kept]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- hostile files raise anything
            found[""] = []
    return found


def is_closed(path: str) -> bool:
    """Whether a signature of the file lets nobody add another one in a field of its own: it
    certifies the file, or locks whatever it does not name."""
    from pyhanko.sign.fields import FieldMDPAction  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    with open(path, "rb") as file:  # noqa: PTH123 -- as above
        reader = opened(file)
        if reader is None:
            return True
        for name, item in signed_fields(reader, reader.root)[0]:
            try:
                signature = EmbeddedPdfSignature(reader, resolve(item), name)
                lock = signature.fieldmdp
                if signature.docmdp_level is not None:
                    return True
            except MemoryError:
                raise
            except Exception:  # noqa: BLE001 -- hostile files raise anything
                return True
            if lock is not None and lock.action != FieldMDPAction.INCLUDE:
                return True
    return False


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


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
