"""What a file that came back signed adds to the file that was sent out; knows pyHanko.

Runs inside the bounded child: no Django here, every answer is plain JSON.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from signatures.changes import NODES, Sameness, array, compare, get, pages, resolve
from signatures.found import signed_fields
from signatures.judging import SUBFILTERS, VERDICTS
from signatures.pdf import SECONDS, examine, opened

# A field that the signing program makes itself: at most so much of the page, and in points at
# least so wide and tall (5 mm) that somebody sees it.
LARGEST, LEAST = 0.25, 14
UNSEEN = 2 | 32  # of the flags of an annotation: hidden, no view
_SIGNED = {"/V", "/AP", "/AS", "/M", "/MK"}  # what signing writes into the field
_HARMLESS = {"ltv"}
_FORM = {"/Fields", "/SigFlags", "/DR", "/DA"}  # looked at one by one, or of no meaning here


def judge(
    path: str,
    sent: str,
    field: str,
    certificates: Collection[str],
    anchors: Sequence[str] = (),
    crls: Sequence[str] = (),
    now: str = "",
    seconds: float = SECONDS,
) -> dict[str, Any]:
    """Whether ``path`` is the file ``sent`` with one sound signature more, and nothing else.

    ``field``: the signature field that was to be signed; where the file sent out has none of that
    name, it has come with the signature. "" is one of any name that was not there.
    ``certificates``: the SHA-256 (hex) of those that may sign. Answers {"examined": what
    ``examine`` says} or {"reason": code, "more": codes of changes, or the name of the field}.
    """
    examined = examine(path, anchors, seconds, now)
    if examined["verdict"] == "unreadable":
        return {"reason": "unreadable"}
    before = examine(sent, anchors, seconds, now)
    with open(sent, "rb") as first, open(path, "rb") as second:  # noqa: PTH123 -- as in pdf.py
        old, new = opened(first), opened(second)
        if old is None or new is None:
            return {"reason": "unreadable"}
        known, listed = signed_fields(old, old.root)
        found, complete = signed_fields(new, new.root)
        if not (listed and complete):
            return {"reason": "unclear"}
        names = [name for name, _ in known]
        added = [(name, item) for name, item in found if name not in names]
        if len(found) < len(known) or (not added and len(found) > len(known)):
            return {"reason": "changed", "more": ["form_filled"]}
        if not added:
            return {"reason": "no_signature"}
        if len(added) > 1:
            return {"reason": "several"}
        name, item = added[0]
        is_new = name not in {one for one, _ in _fields(old.root)}
        if name != field and (field or not is_new):
            return {"reason": "other_field" if field else "old_field", "more": [name]}
        reason = _signature(new, item, name, certificates, anchors, crls, now)
        if reason:
            return {"reason": reason}
        (one,) = (finding for finding in examined["signatures"] if finding["field"] == name)
        if one["kind"] != "signature":
            return {"reason": "no_signature"}
        if one["verdict"] != "valid":
            return {"reason": one["reason"], "more": one["changes"]}
        if is_new and (reason := _out_of_place(new.root, name)):
            return {"reason": reason}
        changes = _changes(old.root, new.root, name, is_new=is_new)
        if changes:
            return {"reason": "changed", "more": changes}
        if _locks(new, item, name):
            return {"reason": "locks"}
    if not no_worse(before["signatures"], examined["signatures"]):
        return {"reason": "earlier"}
    return {"examined": examined, "certificate": _used(new, item, name)}


def _used(reader: Any, item: Any, name: str) -> str:
    """The SHA-256 of the certificate with which a field is signed."""
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    certificate = EmbeddedPdfSignature(reader, resolve(item), name).signer_cert
    return hashlib.sha256(certificate.dump()).hexdigest()


def _signature(
    reader: Any,
    item: Any,
    name: str,
    certificates: Collection[str],
    anchors: Sequence[str],
    crls: Sequence[str],
    now: str,
) -> str:
    """What is wrong with the one who signed: not the one, or his certificate is not good today."""
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    value = get(resolve(item), "/V")
    if str(get(value, "/SubFilter")) not in SUBFILTERS:
        return "unsupported_format"
    try:
        signature = EmbeddedPdfSignature(reader, resolve(item), name)
        certificate = signature.signer_cert
        others = list(signature.other_embedded_certs)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- hostile files raise anything
        return "broken_signature"
    if hashlib.sha256(certificate.dump()).hexdigest() not in certificates:
        return "other_person"
    return _today(certificate, others, anchors, crls, now)


def _today(
    certificate: Any, others: list[Any], anchors: Sequence[str], crls: Sequence[str], now: str
) -> str:
    # At the moment of the question, whatever time the signature claims.
    import asyncio  # noqa: PLC0415 -- slow import

    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import (  # noqa: PLC0415 -- slow import
        CertificateValidator,
        ValidationContext,
    )

    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    if certificate.not_valid_after < moment:
        return "expired"
    if certificate.not_valid_before > moment:
        return "not_yet_valid"
    context = ValidationContext(
        trust_roots=list(load_certs_from_pemder(anchors)),
        moment=moment,
        other_certs=others,
        allow_fetching=False,
    )
    check = CertificateValidator(certificate, validation_context=context)
    try:
        chain = list(asyncio.run(check.async_validate_path()))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- no path, a weak one, a broken one: nobody to be trusted
        return "unknown_issuer"
    return "certificate_revoked" if _is_revoked(chain, crls) else ""


def _is_revoked(chain: Sequence[Any], crls: Sequence[str]) -> bool:
    """Whether one of a chain (root first) stands in a list that its issuer has signed.

    An old list still says who was revoked; the library would refuse everybody for its age, and
    looks into none for a certificate that names no place of lists.
    """
    from cryptography import x509  # noqa: PLC0415 -- slow import

    issuers = [x509.load_der_x509_certificate(one.dump()) for one in chain]
    lists = []
    for name in crls:
        data = Path(name).read_bytes()
        is_pem = data.lstrip().startswith(b"-----")
        lists.append((x509.load_pem_x509_crl if is_pem else x509.load_der_x509_crl)(data))
    return any(
        one.issuer == issuer.subject
        and one.get_revoked_certificate_by_serial_number(subject.serial_number) is not None
        and one.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        for issuer, subject in pairwise(issuers)
        for one in lists
    )


def no_worse(before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> bool:
    """Whether every signature that was there is still as good as it was."""
    now = {one["field"]: VERDICTS.index(one["verdict"]) for one in after}
    return all(
        now.get(one["field"], len(VERDICTS)) <= VERDICTS.index(one["verdict"]) for one in before
    )


# --- What else was changed.


def _changes(old: Any, new: Any, field: str, *, is_new: bool) -> list[str]:
    """What differs between the two files beside the signature in this field."""
    changes: set[str] = set()
    try:
        compare(old, new, changes)
        same = Sameness()
        before, after = _fields(old), _fields(new)
        own = _form(same, old, new, before, after, field, changes, is_new=is_new)
        _widgets(same, old, new, own, changes)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- what cannot be compared is not taken
        changes.add("unclear")
    return sorted(changes - _HARMLESS)


def _fields(root: Any) -> list[tuple[str, Any]]:
    """Every node of the form in order, by full name, as the reference that leads to it."""
    nodes: list[tuple[str, Any]] = []
    waiting = [(item, "") for item in reversed(_raw_items(get(root, "/AcroForm"), "/Fields"))]
    while waiting:
        item, parent = waiting.pop()
        node = resolve(item)
        if len(nodes) > NODES or not hasattr(node, "keys"):
            raise ValueError
        name = ".".join(part for part in (parent, str(get(node, "/T") or "")) if part)
        nodes.append((name, item))
        waiting += [(kid, name) for kid in reversed(_raw_items(node, "/Kids"))]
    return nodes


def _raw_items(node: Any, key: str) -> list[Any]:
    # By raw_get: reading a reference any other way follows it.
    found: Any = get(node, key)
    return [found.raw_get(place) for place in range(len(found))] if array(found) else []


def _form(
    same: Sameness,
    old: Any,
    new: Any,
    before: list[tuple[str, Any]],
    after: list[tuple[str, Any]],
    field: str,
    changes: set[str],
    *,
    is_new: bool,
) -> set[Any]:
    """Compare the forms; answers the places of the nodes that the signature may have written."""
    own = {_place(item) for name, item in after if name == field}
    if is_new:
        kept = [(name, item) for name, item in after if name != field]
        if len(after) - len(kept) != 1:
            changes.add("form_filled")
    else:
        kept = after
    if [name for name, _ in before] != [name for name, _ in kept]:
        changes.add("form_filled")
        return own
    for (name, one), (_, other) in zip(before, kept, strict=True):
        but = {"/Parent", "/Kids", "/P"} | (_SIGNED if name == field else set())
        if not same.entries(_entries(one), _entries(other), but):
            changes.add("form_filled")
    forms = [_entries(get(root, "/AcroForm")) for root in (old, new)]
    if not same.entries(forms[0], forms[1], _FORM) or (
        "/DA" in forms[0] and not same.values(forms[0]["/DA"], forms[1].get("/DA"))
    ):
        changes.add("form_filled")
    if not _only_more(same, *(resolve(form.get("/DR")) for form in forms)):
        changes.add("form_filled")
    return own


def _only_more(same: Sameness, one: Any, other: Any, deep: int = 0) -> bool:
    """Whether the resources of the form are what they were; new ones may have come."""
    for key, value in _entries(one).items():
        if key not in _entries(other):
            return False
        rival = _entries(other)[key]
        nested = deep == 0 and hasattr(resolve(value), "keys") and hasattr(resolve(rival), "keys")
        if not (
            _only_more(same, resolve(value), resolve(rival), 1)
            if nested
            else same.values(value, rival)
        ):
            return False
    return True


def _widgets(same: Sameness, old: Any, new: Any, own: set[Any], changes: set[str]) -> None:
    """Compare what is laid over the pages: nothing came but the look of this signature."""
    before, after = dict(pages(old)), dict(pages(new))
    for place in set(before) & set(after):
        notes, later = (_laid(page) for page in (before[place], after[place]))
        known = {_place(item) for item in notes}
        later = [item for item in later if _place(item) not in own or _place(item) in known]
        if len(notes) != len(later) or not all(
            _place(item) in own or same.values(item, other)
            for item, other in zip(notes, later, strict=True)
        ):
            changes.add("annotations")


def _laid(page: dict[str, Any]) -> list[Any]:
    found: Any = resolve(page.get("/Annots"))
    return [found.raw_get(place) for place in range(len(found))] if array(found) else []


def _place(item: Any) -> Any:
    mark = getattr(item, "reference", None)
    return (mark.idnum, mark.generation) if mark else None


def _entries(item: Any) -> dict[str, Any]:
    node = resolve(item)
    return {key: node.raw_get(key) for key in node} if hasattr(node, "keys") else {}


def _out_of_place(root: Any, field: str) -> str:
    """Why a field that the program made itself is not where it belongs, as the page is shown: seen,
    at the top right of the first page, and not over what it says (NĐ 30 Phụ lục I, ô số 14)."""
    try:
        (item,) = (item for name, item in _fields(root) if name == field)
        sheets = [page for _, page in pages(root)]
        at = [
            place
            for place, page in enumerate(sheets)
            if any(_place(laid) == _place(item) for laid in _laid(page))
        ]
        node = resolve(item)
        if not at or int(get(node, "/F") or 0) & UNSEEN:
            return "hidden"
        if at != [0]:
            return "misplaced"
        left, top, right, bottom, wide, tall = _shown(_sides(get(node, "/Rect")), sheets[0])
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 -- hostile files raise anything
        return "unclear"
    if right - left < LEAST or bottom - top < LEAST:
        return "hidden"
    is_there = left + right >= wide and top + bottom <= tall * 2 / 3
    is_inside = top >= -1 and right <= wide + 1
    is_small = (right - left) * (bottom - top) <= LARGEST * wide * tall
    return "" if is_there and is_inside and is_small else "misplaced"


def _sides(box: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(side) for side in array(resolve(box)))
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _shown(box: Sequence[float], page: dict[str, Any]) -> tuple[float, ...]:
    """A box as the page is shown: its sides from the left and from the top, and the page's size."""
    x0, y0, x1, y1 = _sides(page.get("/CropBox") or page["/MediaBox"])
    left, low, right, high = box
    turned = int(resolve(page.get("/Rotate")) or 0) % 360
    wide, tall = x1 - x0, y1 - y0
    if turned == 90:  # its top is the page's left
        return low - y0, left - x0, high - y0, right - x0, tall, wide
    if turned == 180:
        return x1 - right, low - y0, x1 - left, high - y0, wide, tall
    if turned == 270:
        return y1 - high, x1 - right, y1 - low, x1 - left, tall, wide
    return left - x0, y1 - high, right - x0, y1 - low, wide, tall


def _locks(reader: Any, item: Any, name: str) -> bool:
    """Whether the signature forbids to fill what is still empty: number, date, the next one."""
    from pyhanko.sign.fields import MDPPerm  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import EmbeddedPdfSignature  # noqa: PLC0415 -- slow import

    empty = [
        one
        for one, node in _fields(reader.root)
        if get(resolve(node), "/FT") in {"/Tx", "/Sig"} and not get(resolve(node), "/V")
    ]
    if not empty:
        return False
    signature = EmbeddedPdfSignature(reader, resolve(item), name)
    locked = signature.fieldmdp
    return signature.docmdp_level == MDPPerm.NO_CHANGES or (
        locked is not None and any(locked.is_locked(one) for one in empty)
    )


def standing(
    certificate: bytes,
    others: Collection[bytes],
    anchors: Sequence[str],
    crls: Sequence[str],
    now: str,
) -> str:
    """What is wrong with a certificate (DER) at that moment; "" when it is trusted."""
    from asn1crypto import x509  # noqa: PLC0415 -- slow import

    load = x509.Certificate.load
    return _today(load(certificate), [load(one) for one in others], anchors, crls, now)
