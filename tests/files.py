"""Builders of every file that the tests need: good, odd and hostile ones; nothing is downloaded."""

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SAMPLE = "Sở Giao thông vận tải tỉnh Kon Tum. V/v đề nghị thẩm định dự toán bảo trì đường bộ."
PAGE = "/Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]"
FONT = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
WORDS = b"BT /F1 14 Tf 72 770 Td (Van ban so 127) Tj ET"

# --- Reading.


def simple_pdf(path: Path, text: str = SAMPLE, pages: int = 1) -> Path:
    """Vietnamese text with an embedded font."""
    path.write_bytes(_printed(text, pages))
    return path


@functools.cache
def _printed(text: str, pages: int) -> bytes:
    from weasyprint import HTML  # noqa: PLC0415 -- slow import

    leaf = f'<p style="break-after: page; font: 14pt serif">{text}</p>'
    return HTML(string=leaf * pages).write_pdf()


def plain_pdf(path: Path, pages: int = 1, **parts: Any) -> Path:
    """The smallest ordinary file, its words readable in the bytes. `parts` as in `build`."""
    path.write_bytes(build(pages=pages, **parts))
    return path


def build(
    *,
    catalog: str = "",
    page: str = "",
    content: bytes = WORDS,
    pages: int = 1,
    more: Sequence[bytes] = (),
    version: str = "1.7",
) -> bytes:
    """A PDF by hand: 1 catalog, 2 page tree, 3 content, `more` from 4 on, then the pages."""
    first = 4 + len(more)
    kids = " ".join(f"{first + index} 0 R" for index in range(pages))
    leaf = f"<<{PAGE}{'' if '/Resources' in page else FONT}/Contents 3 0 R{page}>>".encode()
    if "/MediaBox" in page:
        leaf = leaf.replace(b"/MediaBox[0 0 595 842]", b"", 1)
    return assemble(
        [
            f"<</Type/Catalog/Pages 2 0 R{catalog}>>".encode(),
            f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
            stream(content),
            *more,
            *[leaf] * pages,
        ],
        version,
    )


def stream(data: bytes, entries: str = "") -> bytes:
    """A stream object."""
    return f"<</Length {len(data)}{entries}>>stream\n".encode() + data + b"\nendstream"


def assemble(objects: Sequence[bytes], version: str = "1.7") -> bytes:
    """Numbered objects, cross-reference table and trailer."""
    body = bytearray(f"%PDF-{version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1"))
    places = []
    for number, data in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + data + b"\nendobj\n"
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    identity = "00" * 16
    body += (
        f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R/ID[<{identity}><{identity}>]>>\n"
        f"startxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(body)


def encrypted(path: Path, password: str = "bi-mat", owner: str = "chu-tep") -> Path:
    """Needs the password; with an empty one everybody may read it."""
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415 -- slow import

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(build())))
    writer.encrypt(password, owner, algorithm="AES-256")
    writer.write(path)
    return path


def encrypted_empty_password(path: Path) -> Path:
    """Encrypted, but readable for everybody."""
    return encrypted(path, "")


def encrypted_for_certificates(path: Path) -> Path:
    """Encrypted for certain people: no password opens it."""
    data = build().replace(
        b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 4>>"
    )
    path.write_bytes(data)
    return path


def broken_xref(path: Path) -> Path:
    """The table of objects lies; the objects are all there."""
    data = build()
    place = data.rindex(b"startxref\n")
    path.write_bytes(data[:place].replace(b" 00000 n ", b"7 0000 n ") + b"startxref\n5\n%%EOF\n")
    return path


def broken(path: Path) -> Path:
    """A PDF header, and rubbish behind it."""
    path.write_bytes(b"%PDF-1.4\n" + bytes(range(256)) * 20)
    return path


def hybrid_xref(path: Path) -> Path:
    """A table and a stream of cross-references, as Microsoft Word writes them."""
    path.write_bytes(hybrid_xref_data())
    return path


def hybrid_xref_data() -> bytes:
    """The bytes of such a file, to be signed."""
    data = build()
    table = data.rindex(b"xref\n0 5")
    body, size = bytearray(data[:table]), 8
    places = [body.index(f"\n{number} 0 obj".encode()) + 1 for number in range(1, 5)]
    places.append(len(body))
    hidden = b"6 0 <</Producer(Word)>>"
    body += b"5 0 obj\n" + stream(hidden, "/Type/ObjStm/N 1/First 4") + b"\nendobj\n"
    cross = len(body)
    entry = struct.pack(">BHB", 2, 5, 0)
    entries = f"/Type/XRef/W[1 2 1]/Index[6 1]/Size {size}/Root 1 0 R"
    body += b"7 0 obj\n" + stream(entry, entries) + b"\nendobj\n"
    start = len(body)
    body += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    body += f"0000000000 00000 f \n{cross:010} 00000 n \n".encode()
    identity = "00" * 16
    body += (
        f"trailer\n<</Size {size}/Root 1 0 R/XRefStm {cross}/ID[<{identity}><{identity}>]>>\n"
        f"startxref\n{start}\n%%EOF\n"
    ).encode()
    return bytes(body)


def zero_page(path: Path) -> Path:
    """An ordinary file without a page."""
    return plain_pdf(path, pages=0)


def polyglot(path: Path) -> Path:
    """A mail gateway's words before the header."""
    path.write_bytes(b"Content-Type: application/pdf\r\n\r\n" + build())
    return path


# --- Content that acts.


def with_javascript(path: Path) -> Path:
    """Runs JavaScript when it is opened."""
    return plain_pdf(path, catalog="/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")


def with_launch(path: Path) -> Path:
    """Starts a program when a place on the page is clicked."""
    note = "<</Type/Annot/Subtype/Link/Rect[0 0 50 50]/A<</S/Launch/F(calc.exe)>>>>"
    return plain_pdf(path, page=f"/Annots[{note}]")


def with_submit(path: Path) -> Path:
    """A form that sends itself to a stranger."""
    field = b"<</FT/Btn/T(gui)/Subtype/Widget/Rect[0 0 9 9]/A<</S/SubmitForm/F(http://x.test)>>>>"
    return plain_pdf(
        path, catalog="/AcroForm<</Fields[4 0 R]>>", page="/Annots[4 0 R]", more=[field]
    )


def embedded_files(path: Path) -> Path:
    """Carries another file."""
    names = "/Names<</EmbeddedFiles<</Names[(phu-luc.docx) 4 0 R]>>>>"
    spec = b"<</Type/Filespec/F(phu-luc.docx)/EF<</F 5 0 R>>>>"
    return plain_pdf(path, catalog=names, more=[spec, stream(b"PK", "/Type/EmbeddedFile")])


def with_xfa(path: Path) -> Path:
    """A dynamic form, in a portfolio."""
    return plain_pdf(path, catalog="/AcroForm<</Fields[]/XFA(x)>>/Collection<</View/D>>")


def with_form(path: Path, value: str = "127") -> Path:
    """A form whose field "so" is filled; its page does not show the value as text."""
    path.write_bytes(_form(value))
    return path


def _form(value: str = "") -> bytes:
    filled = f"/V({value})" if value else ""
    field = f"<</FT/Tx/T(so)/Type/Annot/Subtype/Widget/F 4/Rect[72 700 172 720]{filled}/P 5 0 R>>"
    return build(
        catalog="/AcroForm<</Fields[4 0 R]/DA(/Helv 12 Tf 0 g)>>",
        page="/Annots[4 0 R]",
        more=[field.encode()],
    )


# --- Other kinds.


def renamed_executable(path: Path) -> Path:
    """A program that calls itself a PDF, with a PDF header inside its first kilobyte."""
    path.write_bytes(b"MZ" + b"\x00" * 100 + b"%PDF-1.4\n" + b"\x00" * 500)
    return path


def word_document(path: Path) -> Path:
    """A .docx by its content."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
        archive.writestr("[Content_Types].xml", "<Types/>")
    return path


def archive(path: Path) -> Path:
    """A zip that holds an uncompressed PDF."""
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.pdf", build())
    return path


# --- Pages that are hard to draw.


def rotated(path: Path, degrees: int = 90) -> Path:
    """A page that is turned for reading."""
    return plain_pdf(path, page=f"/Rotate {degrees}")


def huge_mediabox(path: Path, width: float = 2_000_000, height: float = 2_000_000) -> Path:
    """A page of hundreds of metres."""
    return plain_pdf(path, page=f"/MediaBox[0 0 {width} {height}]")


def scan_pdf(path: Path, width: int = 1240, height: int = 1754) -> Path:
    """A page that is one photograph, with the noise that scanners add."""
    path.write_bytes(_scanned(width, height))
    return path


@functools.cache
def _scanned(width: int, height: int) -> bytes:
    from PIL import Image, ImageFilter  # noqa: PLC0415 -- slow import

    noise = Image.effect_noise((width, height), 40).convert("RGB")
    tint = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    colour = Image.new("RGB", (width, height), (200, 120, 60))
    picture = Image.blend(Image.blend(noise, tint, 0.5), colour, 0.3)
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    out = io.BytesIO()
    picture.save(out, "PDF", resolution=150.0)
    return out.getvalue()


def memory_bomb(path: Path) -> Path:
    """A few bytes that ask for a picture of 100,000 x 100,000 points (JBIG2)."""
    side = 100_000
    info = struct.pack(">IBBBI", 0, 48, 0, 1, 19) + struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    picture = stream(
        info,
        f"/Type/XObject/Subtype/Image/Width {side}/Height {side}/BitsPerComponent 1"
        "/ColorSpace/DeviceGray/Filter/JBIG2Decode",
    )
    return plain_pdf(
        path,
        content=b"q 595 0 0 842 0 0 cm /I Do Q",
        page="/Resources<</XObject<</I 4 0 R>>>>",
        more=[picture],
    )


def inflating(path: Path, mebibytes: int = 300) -> Path:
    """A page description that is small on disk and huge in memory."""
    press = zlib.compressobj(1)
    once = b"".join(press.compress(b"\x20" * (1 << 20)) for _ in range(mebibytes)) + press.flush()
    content = stream(zlib.compress(once), "/Filter[/FlateDecode/FlateDecode]")
    data = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            content,
            f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode(),
        ]
    )
    path.write_bytes(data)
    return path


def slow_to_open(path: Path, leaves: int = 400, fan: int = 5_000) -> Path:
    """Promises the same page two million times."""
    kids = b"/Kids[" + b"4 0 R " * fan + b"]"
    nodes = b" ".join(b"%d 0 R" % (5 + index) for index in range(leaves))
    data = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count %d>>" % (nodes, leaves * fan),
            stream(WORDS),
            f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode(),
            *[b"<</Type/Pages/Parent 2 0 R%s/Count %d>>" % (kids, fan)] * leaves,
        ]
    )
    path.write_bytes(data)
    return path


def slow_to_read(path: Path, words: int = 1_500_000, first: str = "") -> Path:
    """One page of a million words: a small file, and a long wait for its text.

    ``first``: words of a page before it, which is read in no time.
    """
    content = stream(
        zlib.compress(b"BT /F1 9 Tf " + b"(so) Tj " * words + b"ET"), "/Filter/FlateDecode"
    )
    shown = stream(f"BT /F1 14 Tf 72 770 Td ({first}) Tj ET".encode("cp1252"))
    leaves = [f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode()]
    kids = "4 0 R"
    if first:
        leaves += [shown, f"<<{PAGE}{FONT}/Contents 5 0 R>>".encode()]
        kids = "6 0 R 4 0 R"
    data = assemble(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{kids}]/Count {len(kids.split()) // 3}>>".encode(),
            content,
            *leaves,
        ]
    )
    path.write_bytes(data)
    return path


def slow(path: Path, levels: int = 26, fan: int = 4) -> Path:
    """Forms that draw forms that draw forms: a few kilobytes, and longer than anybody waits."""
    path.write_bytes(build(**_slow(levels, fan)))
    return path


def _slow(levels: int = 26, fan: int = 4) -> dict[str, Any]:
    forms = []
    for level in range(levels):
        deeper = f"/Resources<</XObject<</X {5 + level} 0 R>>>>" if level < levels - 1 else ""
        content = b"/X Do " * fan if deeper else b"0 0 9 9 re f"
        forms.append(stream(content, f"/Type/XObject/Subtype/Form/BBox[0 0 595 842]{deeper}"))
    return {
        "content": b"/X Do",
        "page": "/Resources<</XObject<</X 4 0 R>>>>",
        "more": forms,
    }


def one_slow_page(path: Path) -> Path:
    """Three pages; the one in the middle never comes to an end."""
    parts = _slow()
    forms = parts["more"]
    first = 4 + len(forms)
    leaves = [f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode()] * 3
    leaves[1] = f"<<{PAGE}{parts['page']}/Contents {first + 3} 0 R>>".encode()
    kids = " ".join(f"{first + index} 0 R" for index in range(3))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count 3>>".encode(),
        stream(WORDS),
        *forms,
        *leaves,
        stream(parts["content"]),
    ]
    path.write_bytes(assemble(objects))
    return path


# --- Certificates: one authority that the tests trust, one that nobody knows.


@functools.cache
def _key(owner: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _x509_name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND tỉnh Kon Tum"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def certificate(
    owner: str,
    authority: str = "CA thử nghiệm",
    days: int = 3650,
    purpose: str = "",
    since: int = 4000,
) -> x509.Certificate:
    """The certificate of a person (or of the authority itself), the same at every call."""
    return _certificate(owner, authority, days, purpose, since)


@functools.cache
def _certificate(
    owner: str, authority: str, days: int, purpose: str, since: int
) -> x509.Certificate:
    own = owner == authority
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_x509_name(owner))
        .issuer_name(_x509_name(authority))
        .public_key(_key(owner).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=since))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=own, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not own,
                content_commitment=not own,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=own,
                crl_sign=own,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(_key(owner).public_key()), critical=False
        )
    )
    if purpose == "time":
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    if purpose == "ocsp":
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(_key(authority), hashes.SHA256())


def anchor(path: Path, authority: str = "CA thử nghiệm") -> Path:
    """The authority's certificate as PEM, for those who trust it."""
    pem = certificate(authority, authority).public_bytes(serialization.Encoding.PEM)
    path.write_bytes(pem)
    return path


def der(owner: str, authority: str = "CA thử nghiệm", **how: Any) -> bytes:
    """The bytes of a certificate."""
    return certificate(owner, authority, **how).public_bytes(serialization.Encoding.DER)


def revocations(path: Path, *owners: str, authority: str = "CA thử nghiệm") -> Path:
    """The authority's list of the certificates that it has revoked."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(_x509_name(authority))
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(days=30))
    )
    for owner in owners:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(certificate(owner, authority).serial_number)
            .revocation_date(now - timedelta(days=2))
            .build()
        )
    signed = builder.sign(_key(authority), hashes.SHA256())
    path.write_bytes(signed.public_bytes(serialization.Encoding.DER))
    return path


def _asn1(
    owner: str, authority: str, days: int = 3650, purpose: str = "", since: int = 4000
) -> tuple[Any, Any, Any]:
    from pyhanko.keys.internal import (  # noqa: PLC0415 -- slow import
        translate_pyca_cryptography_cert_to_asn1,
        translate_pyca_cryptography_key_to_asn1,
    )
    from pyhanko_certvalidator.registry import SimpleCertificateStore  # noqa: PLC0415

    translate = translate_pyca_cryptography_cert_to_asn1
    store = SimpleCertificateStore()
    store.register(translate(certificate(authority, authority)))
    return (
        translate(certificate(owner, authority, days, purpose, since)),
        translate_pyca_cryptography_key_to_asn1(_key(owner)),
        store,
    )


def _signer(owner: str, authority: str, days: int = 3650, since: int = 4000) -> Any:
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import

    holder, key, store = _asn1(owner, authority, days, since=since)
    return signers.SimpleSigner(signing_cert=holder, signing_key=key, cert_registry=store)


# --- Signed files.


# Top right of an upright A4 page, where a signature on a scan belongs.
CORNER = (330.0, 740.0, 560.0, 820.0)


def sign(
    data: bytes,
    owner: str = "Nguyễn Văn An",
    *,
    field: str = "ChuKy1",
    authority: str = "CA thử nghiệm",
    certify: bool = False,
    days: int = 3650,
    since: int = 4000,
    digest: str = "sha256",
    box: tuple[float, ...] | None = None,
    page: int = 0,
) -> bytes:
    """Add one real signature to the bytes of a PDF; ``box``: seen there, in a field of its own."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415 -- slow import

    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    details = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm=digest,
        certify=certify,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signer = _signer(owner, authority, days, since)
    # In a thread of its own: where a browser runs, this one has an event loop already.
    with ThreadPoolExecutor(1) as pool:
        spec = fields.SigFieldSpec(field, on_page=page, box=box) if box else None
        signed = pool.submit(
            signers.sign_pdf, writer, details, signer=signer, new_field_spec=spec
        ).result()
    return signed.getvalue()


def signed_pdf(path: Path, *owners: str, data: bytes | None = None, **how: Any) -> Path:
    """Signed by each of the owners, one after the other."""
    data = build() if data is None else data
    for place, owner in enumerate(owners or ("Nguyễn Văn An",), 1):
        data = sign(data, owner, field=f"ChuKy{place}", **how)
    path.write_bytes(data)
    return path


def tampered_pdf(path: Path) -> Path:
    """The number of the document is another than the one that was signed."""
    path.write_bytes(sign(build()).replace(b"Van ban so 127", b"Van ban so 721"))
    return path


def false_bytes_in_second(path: Path) -> Path:
    """Two signatures; the bytes of the second one are rubbish, the first is sound."""
    once = sign(build())
    twice = sign(once, "Trần Thị Bình", field="ChuKy2")
    place = twice.index(b"/Contents <", len(once)) + len(b"/Contents <")
    path.write_bytes(twice[:place] + b"ff" * 40 + twice[place + 80 :])
    return path


def _updated(data: bytes, change: Callable[[Any], None]) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def pages_added_later(path: Path) -> Path:
    """A page was added after the signature."""
    from pyhanko.pdf_utils import generic, writer  # noqa: PLC0415 -- slow import

    def add(update: Any) -> None:
        content = update.add_object(generic.StreamObject(stream_data=WORDS))
        leaf = writer.PageObject(
            contents=content,
            media_box=generic.ArrayObject(
                [generic.NumberObject(side) for side in (0, 0, 595, 842)]
            ),
        )
        update.insert_page(leaf)

    path.write_bytes(_updated(sign(build()), add))
    return path


def content_replaced_later(path: Path) -> Path:
    """An update put other words on the signed page."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def replace(update: Any) -> None:
        leaf = update.root["/Pages"]["/Kids"][0]
        other = generic.StreamObject(stream_data=WORDS.replace(b"127", b"721"))
        leaf["/Contents"] = update.add_object(other)
        update.update_container(leaf)

    path.write_bytes(_updated(sign(build()), replace))
    return path


def annotated_later(path: Path) -> Path:
    """A note was laid over the signed page."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def annotate(update: Any) -> None:
        leaf = update.root["/Pages"]["/Kids"][0]
        name, number = generic.pdf_name, generic.NumberObject
        note = generic.DictionaryObject(
            {
                name("/Type"): name("/Annot"),
                name("/Subtype"): name("/FreeText"),
                name("/Contents"): generic.pdf_string("So 721"),
                name("/Rect"): generic.ArrayObject([number(side) for side in (72, 760, 300, 790)]),
            }
        )
        leaf.setdefault(name("/Annots"), generic.ArrayObject()).append(update.add_object(note))
        update.update_container(leaf)

    path.write_bytes(_updated(sign(build()), annotate))
    return path


def fill(data: bytes, value: str, name: str = "so") -> bytes:
    """Fill this field by an incremental update."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def enter(update: Any) -> None:
        for field in update.root["/AcroForm"]["/Fields"]:
            node = field.get_object()
            if node["/T"] == name:
                node[generic.pdf_name("/V")] = generic.pdf_string(value)
                update.update_container(node)

    return _updated(data, enter)


def form_data() -> bytes:
    """A form with the empty field "so"."""
    return _form()


def ltv_pdf(path: Path) -> Path:
    """Validation data and a document time stamp were added after the signature."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415 -- slow import
    from pyhanko.sign.timestamps import DummyTimeStamper  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation.dss import DocumentSecurityStore  # noqa: PLC0415

    data = io.BytesIO(sign(build()))
    holder, key, store = _asn1("Máy chủ thời gian", "CA thử nghiệm", purpose="time")
    DocumentSecurityStore.add_dss(data, sig_contents=None, certs=[holder])
    stamper = DummyTimeStamper(tsa_cert=holder, tsa_key=key, certs_to_embed=store)
    stamped = signers.PdfTimeStamper(stamper).timestamp_pdf(
        IncrementalPdfFileWriter(data, strict=False), "sha256", None
    )
    path.write_bytes(stamped.getvalue())
    return path


def tail_outside(path: Path, tail: bytes = b"1 0 obj<</Type/Catalog>>endobj\n") -> Path:
    """Bytes that no signature covers follow the end."""
    path.write_bytes(sign(build()) + tail)
    return path


def wide_gap(path: Path) -> Path:
    """The signed range leaves out more than the signature itself, and the digest fits it."""
    return _ranged(path, lambda one, start, rest: [0, one, start + 40, rest - 40])


def one_range(path: Path) -> Path:
    """Only what stands before the signature is signed, and the digest fits it."""
    return _ranged(path, lambda one, start, rest: [0, one])


def _ranged(path: Path, choose: Callable[[int, int, int], list[int]]) -> Path:
    import asyncio  # noqa: PLC0415
    import hashlib  # noqa: PLC0415

    owner = "Nguyễn Văn An"
    data = sign(build(), owner)
    start = data.index(b"/ByteRange")
    end = data.index(b"]", start)
    _, one, second, rest = map(int, data[start:end].split(b"[")[1].split())
    places = choose(one, second, rest)
    text = b"/ByteRange [" + b" ".join(b"%d" % place for place in places)
    data = data[:start] + text.ljust(end - start) + data[end:]
    pairs = zip(places[::2], places[1::2], strict=True)
    digest = hashlib.sha256(b"".join(data[at : at + size] for at, size in pairs)).digest()
    signer = _signer(owner, "CA thử nghiệm")
    work = signer.async_sign(digest, "sha256", use_pades=True)
    with ThreadPoolExecutor(1) as pool:
        message = pool.submit(asyncio.run, work).result().dump().hex()
    width = second - one - 2
    data = data[:one] + b"<" + message.encode().ljust(width, b"0") + b">" + data[second:]
    path.write_bytes(data)
    return path


def odd_validation_data(path: Path) -> Path:
    """Validation data of an odd make: pyHanko calls it an unknown change, but no page changed."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415 -- slow import

    def add(update: Any) -> None:
        odd = generic.DictionaryObject({generic.pdf_name("/Maker"): generic.pdf_string("x")})
        update.root[generic.pdf_name("/DSS")] = update.add_object(odd)
        update.update_root()

    path.write_bytes(_updated(sign(build()), add))
    return path


def old_signature_format(path: Path) -> Path:
    """A filled signature field of the format that pyHanko leaves out of its list."""
    field = b"<</FT/Sig/T(ChuKyCu)/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/V 5 0 R>>"
    value = (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.sha1"
        b"/ByteRange[0 10 20 10]/Contents<3003020100>>>"
    )
    return plain_pdf(
        path,
        catalog="/AcroForm<</SigFlags 3/Fields[4 0 R]>>",
        page="/Annots[4 0 R]",
        more=[field, value],
    )


# --- Pictures of scans.


def picture(mode: str = "RGB", size: tuple[int, int] = (300, 400)) -> Any:
    """A grey ramp from dark (above) to light, a red square in the upper left corner."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 -- slow import

    if mode == "I;16":
        deep = Image.linear_gradient("L").resize(size).convert("I")
        return deep.point(lambda grey: grey * 256).convert("I;16")
    image = ramp(size)
    ImageDraw.Draw(image).rectangle((0, 0, 80, 80), fill=(255, 0, 0))
    if mode in {"RGBA", "LA"}:
        image = image.convert("RGBA")
        image.putalpha(128)
    return image.convert(mode)


def ramp(size: tuple[int, int] = (300, 400)) -> Any:
    """A grey ramp from dark (above) to light."""
    from PIL import Image  # noqa: PLC0415 -- slow import

    return Image.linear_gradient("L").resize(size).convert("RGB")


def saved(image: Any, form: str, *others: Any, **how: Any) -> bytes:
    """The bytes of a picture, of several where the format takes them."""
    out = io.BytesIO()
    more = {"save_all": True, "append_images": list(others)} if others else {}
    image.save(out, form, **more, **how)
    return out.getvalue()


def jpeg(**how: Any) -> bytes:
    """A scan as a phone or a scanner saves it."""
    return saved(picture(), "JPEG", **({"dpi": (200, 200)} | how))


def turned(form: str, orientation: int) -> bytes:
    """A picture that EXIF says how to turn for reading."""
    from PIL import Image  # noqa: PLC0415 -- slow import

    exif = Image.Exif()
    exif[274] = orientation
    image = picture()
    undo = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    if undo is not None:
        image = image.transpose(undo)
    return saved(image, form, exif=exif, dpi=(200, 200))


def fax(pages: int = 3) -> bytes:
    """A TIFF of several pages in black and white, pressed as fax machines do (G4)."""
    leaves = [picture("1") for _page in range(pages)]
    return saved(leaves[0], "TIFF", *leaves[1:], compression="group4", dpi=(200, 200))


def picture_bomb() -> bytes:
    """Fifty kilobytes that ask for 400 million points."""
    from PIL import Image  # noqa: PLC0415 -- slow import

    return saved(Image.new("1", (20_000, 20_000)), "PNG")


def moving() -> bytes:
    """A PNG that moves."""
    return saved(picture(), "PNG", picture("L").convert("RGB"))


def picture_and_pdf() -> bytes:
    """A JPEG with a whole PDF in its first comment: some programs open the one, some the other."""
    data, hidden = jpeg(), build()
    return data[:2] + b"\xff\xfe" + struct.pack(">H", len(hidden) + 2) + hidden + data[2:]


def picture_and_archive() -> bytes:
    """A JPEG with a zip behind its end."""
    out = io.BytesIO(jpeg())
    with zipfile.ZipFile(out, "a") as file:
        file.writestr("chay.exe", "MZ")
    return out.getvalue()


def deep_tree(path: Path, depth: int = 3_000) -> Path:
    """Pages in pages in pages: whoever follows them by recursion falls."""
    nodes = [
        f"<</Type/Pages/Parent {max(2, 3 + level)} 0 R/Kids[{5 + level} 0 R]/Count 1>>".encode()
        for level in range(depth)
    ]
    path.write_bytes(
        assemble(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
                stream(WORDS),
                *nodes,
                f"<<{PAGE}{FONT}/Contents 3 0 R>>".encode(),
            ]
        )
    )
    return path


def lying_tree(path: Path) -> Path:
    """The catalog names a word where its pages should be: libraries raise what they like."""
    path.write_bytes(assemble([b"<</Type/Catalog/Pages 2 0 R>>", b"(khong co trang)"]))
    return path
