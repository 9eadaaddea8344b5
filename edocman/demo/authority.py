"""The demonstration's own authority: it vouches for invented people, and for nobody else.

Its root lies beside its key in one folder; whoever trusts the root (SIGNATURE_ANCHORS) has keys in
the demo that sign, everybody else has none.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

ROOT, KEY, LIST = "demo-ca.pem", "demo-ca.key", "demo-ca.crl"
NAME = "CA trình diễn edocman (không có giá trị pháp lý)"
YEARS = 10


def root_in(folder: Path) -> Path:
    """The root of the authority in this folder, made when there is none."""
    root = folder / ROOT
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certified(NAME, "", key.public_key(), NAME, key, is_root=True)
        _write(folder / KEY, _pem(key))
        _write(root, certificate.public_bytes(serialization.Encoding.PEM))
    return root


def list_in(folder: Path) -> Path:
    """Its list of revoked certificates, on which nobody stands; made when there is none."""
    root, path = root_in(folder), folder / LIST
    if not path.exists():
        issuer = x509.load_pem_x509_certificate(root.read_bytes())
        now = datetime.now(UTC)  # as below
        builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
        builder = builder.last_update(now - timedelta(days=365))
        made = builder.next_update(now + timedelta(days=365 * YEARS)).sign(
            _loaded(folder), hashes.SHA256()
        )
        _write(path, made.public_bytes(serialization.Encoding.DER))
    return path


def folder_of(anchors: list[str]) -> Path | None:
    """Where the authority lies when its root is among those that are trusted."""
    for anchor in anchors:
        path = Path(anchor)
        if path.name == ROOT and path.with_name(KEY).exists():
            return path.parent
    return None


def key_file(folder: Path, name: str, organ_name: str, pin: str) -> bytes:
    """A key file (PKCS#12) for a person or an agency, as an authority hands it out."""
    loaded = _loaded(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _certified(name, organ_name, key.public_key(), NAME, loaded)
    closing = serialization.BestAvailableEncryption(pin.encode())
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, closing)


def _loaded(folder: Path) -> ec.EllipticCurvePrivateKey:
    loaded = serialization.load_pem_private_key((folder / KEY).read_bytes(), None)
    assert isinstance(loaded, ec.EllipticCurvePrivateKey)  # noqa: S101 -- made above
    return loaded


def _certified(
    name: str,
    organ_name: str,
    public: ec.EllipticCurvePublicKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    is_root: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)  # the supervisor asks before Django stands
    usage = x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_root,
        crl_sign=is_root,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name, organ_name))
        .issuer_name(_name(issuer, ""))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # The demo's weeks lie in the past.
        .not_valid_before(now - timedelta(days=365 * (2 if is_root else 1)))
        .not_valid_after(now + timedelta(days=365 * (YEARS if is_root else 2)))
        .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
        .sign(by, hashes.SHA256())
    )


def _name(name: str, organ_name: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")]
    if organ_name:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organ_name[:64]))
    return x509.Name([*parts, x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write(path: Path, data: bytes) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    draft.rename(path)
