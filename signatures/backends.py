"""Where a key lies, behind one small interface: a `Hand` is a certificate and a way to sign.

PKCS#12: a file that we keep. PKCS#11: a device of the server. The keys of plug-in and of programs
elsewhere never come here; what they have signed comes back as a file (`errands`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings

from core.errors import Refusal
from signatures.choices import BackEnd
from signatures.models import SigningKey
from signatures.sentences import say

HASHES: dict[str, type[hashes.SHA256 | hashes.SHA384 | hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


class WrongPin(Exception):
    """The PIN does not open it."""


class Hand(Protocol):
    """Signs bytes, in the name of a certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        """Whose."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Those between it and the root."""

    def sign(self, data: bytes, digest: str) -> bytes:
        """RSA (PKCS#1 v1.5) or ECDSA over the hash of the data."""


@dataclass(frozen=True)
class FileHand:
    """A private key out of a file."""

    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes, digest: str) -> bytes:
        """As `Hand.sign`."""
        algorithm = HASHES[digest]()
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), algorithm)
        return self.key.sign(data, ec.ECDSA(algorithm))


@dataclass(frozen=True)
class DeviceHand:
    """A private key that stays in its device, which is opened for each signature by itself."""

    token_label: str
    key_label: str
    pin: str = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    def sign(self, data: bytes, digest: str) -> bytes:
        """As `Hand.sign`. Raises Refusal where the device is away, or does not sign."""
        try:
            with _session(self.token_label, self.pin) as session:
                return _signed(_device_key(session, self.key_label), data, digest)
        except WrongPin as error:  # it was right a moment ago
            raise Refusal(say("wrong_device_pin"), field="pin") from error


def _signed(key: Any, data: bytes, digest: str) -> bytes:
    import pkcs11  # noqa: PLC0415 -- rarely needed
    from pkcs11.util.ec import encode_ecdsa_signature  # noqa: PLC0415 -- rarely needed

    if key.key_type == pkcs11.KeyType.RSA:
        mechanism = getattr(pkcs11.Mechanism, f"{digest.upper()}_RSA_PKCS")
        return bytes(key.sign(data, mechanism=mechanism))
    whole = hashes.Hash(HASHES[digest]())
    whole.update(data)
    raw = key.sign(whole.finalize(), mechanism=pkcs11.Mechanism.ECDSA)
    return bytes(encode_ecdsa_signature(raw))


@contextmanager
def hand_of(key: SigningKey, pin: str) -> Iterator[Hand]:
    """The hand that signs with this key. Raises WrongPin, and Refusal where none is reached."""
    if key.back_end == BackEnd.PKCS12:
        yield read_file(key.open_secret(), pin)
    elif key.back_end == BackEnd.PKCS11:
        with _session(key.token_label, pin) as session:
            _device_key(session, key.key_label)
        yield DeviceHand(key.token_label, key.key_label, pin, certificate_of(key))
    else:
        raise Refusal(say("not_ours"), field="key")


def certificate_of(key: SigningKey) -> x509.Certificate:
    """The certificate of a key."""
    return x509.load_der_x509_certificate(bytes(key.certificate))


def read_file(data: bytes, pin: str) -> FileHand:
    """Key and certificate out of a PKCS#12 file. Raises WrongPin, also for what is no such file."""
    try:
        found = pkcs12.load_pkcs12(data, pin.encode())
    except ValueError as error:
        raise WrongPin from error
    if not isinstance(found.key, PrivateKey) or found.cert is None:
        raise Refusal(say("no_key"), field="file")
    chain = tuple(one.certificate for one in found.additional_certs)
    return FileHand(found.key, found.cert.certificate, chain)


def written_anew(hand: FileHand, pin: str, name: str) -> bytes:
    """The same as a PKCS#12 file of our making: strongly closed, and nothing else in it."""
    return pkcs12.serialize_key_and_certificates(
        name.encode(),
        hand.key,
        hand.certificate,
        hand.chain or None,
        serialization.BestAvailableEncryption(pin.encode()),
    )


def device_certificate(token_label: str, key_label: str, pin: str) -> x509.Certificate:
    """The certificate that a device holds beside a key. Raises WrongPin, Refusal."""
    import pkcs11  # noqa: PLC0415 -- rarely needed

    with _session(token_label, pin) as session:
        try:
            _device_key(session, key_label)
            rows = session.get_objects(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.LABEL: key_label,
                }
            )
            found = [bytes(row[pkcs11.Attribute.VALUE]) for row in rows]
        except pkcs11.PKCS11Error as error:
            raise Refusal(say("no_such_key"), field="key_label") from error
    if not found:
        raise Refusal(say("no_such_key"), field="key_label")
    return x509.load_der_x509_certificate(found[0])


def _device_key(session: Any, label: str) -> Any:
    import pkcs11  # noqa: PLC0415 -- rarely needed

    try:
        return session.get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label=label)
    except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
        raise Refusal(say("no_such_key"), field="key_label") from error


# Who is logged in is known of a process, not of a session: a second login is refused while the
# first lasts, and whoever logs out takes the others along. So one at a time, and not for long:
# nothing slow (time stamps, checks) happens in between.
_LOGIN = Lock()
LONGEST_WAIT = 20  # seconds


@contextmanager
def _session(token_label: str, pin: str) -> Iterator[Any]:
    import pkcs11  # noqa: PLC0415 -- rarely needed

    if not settings.PKCS11_MODULE:
        raise Refusal(say("no_device"))
    if not _LOGIN.acquire(timeout=LONGEST_WAIT):
        raise Refusal(say("device_busy"))
    try:
        with _logged_in(token_label, pin) as session:
            yield session
    except pkcs11.PKCS11Error as error:
        raise Refusal(say("device_failed")) from error
    finally:
        _LOGIN.release()


def _logged_in(token_label: str, pin: str) -> Any:
    import pkcs11  # noqa: PLC0415 -- rarely needed

    try:
        token = _library(settings.PKCS11_MODULE).get_token(token_label=token_label)
        return token.open(user_pin=pin)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise WrongPin from error
    except pkcs11.PinLocked as error:
        raise Refusal(say("device_locked"), field="pin") from error
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        # Without a field: it may be back in a moment, and says nothing against the key.
        raise Refusal(say("no_device")) from error


@cache
def _library(module: str) -> Any:
    import pkcs11  # noqa: PLC0415 -- rarely needed

    return pkcs11.lib(module)
