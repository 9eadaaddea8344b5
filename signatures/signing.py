"""Signing: a key puts its signature and its look into a field of a PDF; knows pyHanko.

PAdES B-B; with a time stamp service (TSA_URL) B-T, and B-LT as far as there is something to keep.
What was there stays, byte for byte. The files that come here have been through the bounded process
when they were prepared or inspected.
"""

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils import timezone

from core.errors import Refusal
from signatures import ocsp, pins
from signatures.appearance import HAZE, MM, Bitmap, Drawn, Look, draw, size_of
from signatures.backends import Hand, certificate_of
from signatures.certificates import fault_of
from signatures.changes import get
from signatures.lettering import Lettering
from signatures.models import SigningKey
from signatures.returned import check_hand, check_own
from signatures.sentences import say
from signatures.tsa import stamper as _stamper
from signatures.tsa import stamper_of as _stamper_of

__all__ = ["Corner", "Look", "Signed", "_stamper_of", "place_and_sign", "sign"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Corner:
    """Top right of a page: how far from its edges, in mm (NĐ 30 Phụ lục I, ô số 14)."""

    right: float = 10
    top: float = 4


CORNER = Corner()
_REST = 4096  # bytes of a signature beside its certificates; about 1,500 with a key of 4,096 bits


@dataclass(frozen=True)
class Signed:
    """A signed file, and what ``signatures.pdf.examine`` says of all its signatures."""

    pdf: bytes
    examined: dict[str, Any]


def sign(
    pdf: bytes,
    *,
    key: SigningKey,
    pin: str,
    field: str,
    look: Look,
    certify: bool = False,
    at: datetime,
) -> Signed:
    """The file with the signature of this key in this field, which is there and empty.

    ``certify``: the first signature of the file, which allows fields to be filled afterwards, and
    signed. Raises Refusal: wrong PIN (counted; the third locks), locked, retired, expired, not yet
    valid, revoked, not for signing, no such field, signed already, a file that takes no signature.
    """
    return _sign(pdf, key, pin, _Task(field, look, certify, at))


def place_and_sign(
    pdf: bytes,
    *,
    key: SigningKey,
    pin: str,
    field: str,
    look: Look,
    at: datetime,
    page: int = 0,
    box: Box | None = None,
) -> Signed:
    """The same with a new field; without ``box`` top right of the page, as large as its look needs.

    For scans, copies, and annexes in files of their own.
    """
    return _sign(pdf, key, pin, _Task(field, look, False, at, page, box, is_new=True))


@dataclass(frozen=True)
class _Task:
    field: str
    look: Look
    certify: bool
    at: datetime
    page: int = 0
    box: Box | None = None
    is_new: bool = False


def _sign(pdf: bytes, key: SigningKey, pin: str, task: _Task) -> Signed:
    if not key.is_active:
        raise Refusal(say("retired"), field="key")
    if fault := fault_of(certificate_of(key), task.at):
        raise Refusal(fault, field="key")
    with ExitStack() as stack:
        hand = pins.opened(stack, key, pin)
        return _apart(lambda: _made(pdf, hand, key, task))


def _made(pdf: bytes, hand: Hand, key: SigningKey, task: _Task) -> Signed:
    check_hand(_der(hand.certificate), [_der(one) for one in hand.chain], key=key)
    return _checked(pdf, _signed(pdf, hand, task), key, task)


def _apart(work: Callable[[], Signed]) -> Signed:
    """Do it here, or in a thread of its own where this one has an event loop already."""
    # Asked this way, no error stands around the work.
    if asyncio._get_running_loop() is None:
        return work()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(copy_context().run, work).result()


def _checked(pdf: bytes, signed: bytes, key: SigningKey, task: _Task) -> Signed:
    found = check_own(pdf, signed, field=task.field, is_new=task.is_new, owner=key.holder)
    # A good signature on top would hide that an earlier one is broken. What is copied may bear
    # signatures that nobody here can judge.
    if not task.is_new and found["verdict"] != "valid":
        raise Refusal(say("earlier_broken"), field="files")
    return Signed(signed, found)


def _signed(pdf: bytes, hand: Hand, task: _Task) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 -- slow import
        IncrementalPdfFileWriter,
    )
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415 -- slow import
    from pyhanko.sign.signers.pdf_signer import (  # noqa: PLC0415 -- slow import
        DSSContentSettings,
        SigDSSPlacementPreference,
    )

    try:
        # Strict reading refuses what Microsoft Word writes.
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    except (PdfError, ValueError, TypeError, RecursionError) as error:
        raise Refusal(say("unreadable"), field="files") from error
    if writer.prev.encrypted:
        raise Refusal(say("unreadable"), field="files")
    turned = _place(writer, task) if task.is_new else _find(writer, task)
    stamper = _stamper()
    details: dict[str, Any] = {}
    if stamper is not None:
        details = {
            "embed_validation_info": True,
            "validation_context": _context(hand),
            # Within the signature, not behind it: what comes behind a signature that locks fields
            # is taken for a change of these by the library's own comparison.
            "dss_settings": DSSContentSettings(
                include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
            ),
        }
    session = signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=task.field,
            certify=task.certify,
            docmdp_permissions=MDPPerm.FILL_FORMS,
            subfilter=SigSeedSubFilter.PADES,
            **details,
        ),
        signer=_signer(hand),
        timestamper=stamper,
        stamp_style=_style(task.look, turned),
    )
    return _run(session, writer, task, _reserved(hand) if stamper is None else None)


def _reserved(hand: Hand) -> int:
    """Room for the signature in the file, in hex digits: its certificates and all that is signed.

    Else the library makes it twice, to see how long it is. How long the answer of a time stamp
    service is only that library knows.
    """
    return 2 * (_REST + sum(len(_der(one)) for one in (hand.certificate, *hand.chain)))


def _run(signer: Any, writer: Any, task: _Task, reserved: int | None) -> bytes:
    from pyhanko.sign.general import SigningError  # noqa: PLC0415 -- slow import
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415 -- slow import

    begin = signer.init_signing_session

    def begun(*arguments: Any, **more: Any) -> Any:
        session = begin(*arguments, **more)
        # The office's clock, in the zone that the regulation asks for.
        session.system_time = timezone.localtime(task.at)
        return session

    signer.init_signing_session = begun
    try:
        signed = signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=reserved)
        return bytes(signed.getvalue())
    except TimestampRequestError as error:
        # Without a field: nothing is wrong with the key, and the next one may be stamped again.
        raise Refusal(say("no_time")) from error
    except SigningError as error:
        if "Certification" in str(error):
            raise Refusal(say("certify_late"), field="files") from error
        if "forbids all changes" in str(error):
            raise Refusal(say("no_changes"), field="files") from error
        raise Refusal(say("unreadable"), field="files") from error


# --- The field.


def _find(writer: Any, task: _Task) -> int:
    """How the page of the field is turned. Raises Refusal: there is none, it is signed already."""
    from pyhanko.sign.fields import enumerate_sig_fields  # noqa: PLC0415 -- slow import

    for _name, value, reference in enumerate_sig_fields(writer, with_name=task.field):
        if value is not None:
            raise Refusal(say("field_signed"), field="files")
        page = get(reference.get_object(), "/P")
        return _turned(page) if page is not None else 0
    raise Refusal(say("no_field"), field="files")


def _place(writer: Any, task: _Task) -> int:
    """Put a new field in; how its page is turned. Raises Refusal: no such page, a taken name."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import
    from pyhanko.sign.fields import (  # noqa: PLC0415 -- slow import
        SigFieldSpec,
        append_signature_field,
        enumerate_sig_fields,
    )

    if any(True for _ in enumerate_sig_fields(writer, with_name=task.field)):
        raise Refusal(say("field_signed"), field="files")
    try:
        page = writer.find_page_for_modification(task.page)[0].get_object()
    except (PdfError, IndexError) as error:
        raise Refusal(say("no_page"), field="files") from error
    turned = _turned(page)
    box: Any = task.box or _corner(page, turned, task.look)
    append_signature_field(writer, SigFieldSpec(task.field, on_page=task.page, box=box))
    return turned


def _turned(page: Any) -> int:
    turn = _inherited(page, "/Rotate")
    return int(turn) % 360 if isinstance(turn, int) else 0


def _inherited(page: Any, key: str) -> Any:
    for _ in range(50):
        if page is None:
            return None
        if (found := get(page, key)) is not None:
            return found
        page = get(page, "/Parent")
    return None


def _corner(page: Any, turned: int, look: Look) -> Box:
    """The box at the top right of the page as it is shown, in the page's own points."""
    sides = _inherited(page, "/CropBox") or _inherited(page, "/MediaBox") or (0, 0, 595, 842)
    x0, y0, x1, y1 = (float(side) for side in sides)
    left, low, right, high = min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
    across = high - low if turned in (90, 270) else right - left
    wide, tall = size_of(look, widest=min(90 * MM, across - 2 * CORNER.right * MM))
    aside, down = CORNER.right * MM, CORNER.top * MM
    if turned == 90:  # its top is the page's left
        return left + down, high - aside - wide, left + down + tall, high - aside
    if turned == 180:
        return left + aside, low + down, left + aside + wide, low + down + tall
    if turned == 270:
        return right - down - tall, low + aside, right - down, low + aside + wide
    return right - aside - wide, high - down - tall, right - aside, high - down


# --- The look.


def _style(look: Look, turned: int) -> Any:
    """What the library asks for a look, answered by ours."""
    from pyhanko.pdf_utils.content import AppearanceContent  # noqa: PLC0415 -- slow import

    class Shown(AppearanceContent):
        def as_form_xobject(self) -> Any:
            wide, tall = self.box.width, self.box.height
            if turned in (90, 270):
                wide, tall = tall, wide
            return _form(self.writer, draw(look, wide, tall), turned)

    class Style:
        def create_stamp(self, writer: Any, box: Any, _words: Any) -> Any:
            return Shown(box=box, writer=writer)

    return Style()


_MATRIX = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}


def _form(writer: Any, drawn: Drawn, turned: int) -> Any:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number, entries = generic.pdf_name, generic.NumberObject, generic.DictionaryObject
    resources = entries()
    if drawn.image is not None:
        resources[name("/XObject")] = entries({name("/Im"): _image(writer, drawn.image)})
    if drawn.letters is not None:
        font = _font(writer, drawn.letters, drawn.words)
        resources[name("/Font")] = entries({name("/F"): font})
        haze = entries({name("/ca"): generic.FloatObject(HAZE)})
        resources[name("/ExtGState")] = entries({name("/Haze"): haze})
    box = (generic.FloatObject(f"{side:.2f}") for side in (0, 0, drawn.width, drawn.height))
    form = generic.StreamObject(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Form"),
            name("/BBox"): generic.ArrayObject(box),
            name("/Resources"): resources,
        },
        stream_data=drawn.content,
    )
    if turned in _MATRIX:
        form[name("/Matrix")] = generic.ArrayObject(map(number, (*_MATRIX[turned], 0, 0)))
    return form


def _image(writer: Any, image: Bitmap) -> Any:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number = generic.pdf_name, generic.NumberObject

    def stream(colours: str, data: bytes, **more: Any) -> Any:
        made = generic.StreamObject(
            {
                name("/Type"): name("/XObject"),
                name("/Subtype"): name("/Image"),
                name("/Width"): number(image.width),
                name("/Height"): number(image.height),
                name("/ColorSpace"): name(colours),
                name("/BitsPerComponent"): number(8),
                name("/Filter"): name("/FlateDecode"),
                **{name(f"/{key}"): value for key, value in more.items()},
            },
            encoded_data=data,
        )
        return writer.add_object(made)

    return stream("/DeviceRGB", image.pixels, SMask=stream("/DeviceGray", image.mask))


def _font(writer: Any, letters: Lettering, words: str) -> Any:
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    name, number, entries = generic.pdf_name, generic.NumberObject, generic.DictionaryObject
    program = generic.StreamObject(
        {name("/Length1"): number(letters.length), name("/Filter"): name("/FlateDecode")},
        encoded_data=letters.program,
    )
    called = name(f"/{letters.name}")
    descriptor = entries(
        {
            name("/Type"): name("/FontDescriptor"),
            name("/FontName"): called,
            name("/Flags"): number(6),  # with serifs, letters beyond the standard ones
            name("/FontBBox"): generic.ArrayObject(map(number, letters.box)),
            name("/ItalicAngle"): number(0),
            name("/Ascent"): number(letters.ascent),
            name("/Descent"): number(letters.descent),
            name("/CapHeight"): number(letters.ascent),
            name("/StemV"): number(80),
            name("/FontFile2"): writer.add_object(program),
        }
    )
    widths = generic.ArrayObject()
    for glyph, wide in sorted({(letters.glyphs[one], letters.widths[one]) for one in words}):
        widths += [number(glyph), generic.ArrayObject([number(wide)])]
    system = {
        name("/Registry"): generic.pdf_string("Adobe"),
        name("/Ordering"): generic.pdf_string("Identity"),
        name("/Supplement"): number(0),
    }
    below = entries(
        {
            name("/Type"): name("/Font"),
            name("/Subtype"): name("/CIDFontType2"),
            name("/BaseFont"): called,
            name("/CIDSystemInfo"): entries(system),
            name("/CIDToGIDMap"): name("/Identity"),
            name("/W"): widths,
            name("/FontDescriptor"): writer.add_object(descriptor),
        }
    )
    map_ = generic.StreamObject(stream_data=letters.map(words))
    return writer.add_object(
        entries(
            {
                name("/Type"): name("/Font"),
                name("/Subtype"): name("/Type0"),
                name("/BaseFont"): called,
                name("/Encoding"): name("/Identity-H"),
                name("/DescendantFonts"): generic.ArrayObject([writer.add_object(below)]),
                name("/ToUnicode"): writer.add_object(map_),
            }
        )
    )


# --- The signature itself.


def _signer(hand: Hand) -> Any:
    """What the library asks for a signature, answered by one of our back-ends."""
    from pyhanko.sign.signers.pdf_cms import Signer  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415 -- slow

    class Ours(Signer):
        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            if dry_run:
                return bytes(hand.certificate.public_key().key_size // 8 + 64)  # type: ignore[union-attr]
            return hand.sign(data, digest_algorithm)

    store = SimpleCertificateStore()
    store.register_multiple([_asn1(one) for one in hand.chain])
    return Ours(signing_cert=_asn1(hand.certificate), cert_registry=store)


def _asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto import x509 as asn1  # noqa: PLC0415 -- slow import

    return asn1.Certificate.load(_der(certificate))


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _context(hand: Hand) -> Any:
    """Whom the installation trusts, with what it knows of revocations, to be kept in the file."""
    from asn1crypto.ocsp import OCSPResponse  # noqa: PLC0415 -- slow import
    from pyhanko.keys import load_certs_from_pemder  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    answer = ocsp.answer_of(_der(hand.certificate), [_der(one) for one in hand.chain])
    return ValidationContext(
        trust_roots=list(load_certs_from_pemder(settings.SIGNATURE_ANCHORS)),
        crls=[Path(name).read_bytes() for name in settings.SIGNATURE_CRLS],
        ocsps=[OCSPResponse.load(answer.response)] if answer else [],
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
