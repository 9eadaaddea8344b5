"""A key is kept, renewed, given a picture, opened again, retired."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Agency, User
from core import clock
from core.errors import Refusal, require
from core.text import clean
from signatures import ocsp, rules
from signatures.additions import standing
from signatures.backends import WrongPin, device_certificate, read_file, written_anew
from signatures.certificates import facts_of, fault_of
from signatures.choices import BackEnd
from signatures.models import SigningKey
from signatures.pictures import drawn_anew
from signatures.sentences import say

SHORTEST_PIN = 6
LARGEST_FILE = 64 * 1024
# Of a hand and of a seal, in mm: what is usual, least, most. A seal of the State is 36.
WIDTHS = {False: (40, 15, 60), True: (36, 26, 42)}


@dataclass(frozen=True)
class KeyEntry:
    """What is handed in to keep a key: a file with its PIN, a place in the device, or a certificate
    alone, whose key stays with its holder."""

    back_end: str
    label: str = ""
    pin: str = ""
    file: bytes = b""
    token_label: str = ""
    key_label: str = ""
    picture: Path | None = None
    width_mm: Decimal | None = None


def keep_key(
    user: User, entry: KeyEntry, *, owner: User | None = None, agency: Agency | None = None
) -> SigningKey:
    """Keep a key of a person or of an agency; it takes the place of the one before.

    The file is written anew, closed with the same PIN. Raises Refusal: not his to keep, wrong PIN,
    no key, a certificate that is expired, to come, revoked, not trusted or not for signing, kept
    already, a picture that is none.
    """
    require(rules.may_keep(user, owner=owner, agency=agency))
    is_seal = agency is not None
    certificate, chain, secret = _taken(entry)
    _check(certificate, chain)
    facts = facts_of(certificate)
    picture = drawn_anew(entry.picture, is_seal=is_seal) if entry.picture else b""
    width = _width(entry.width_mm, is_seal=is_seal)
    label = (clean(entry.label) or facts.subject_name)[:100]
    with transaction.atomic():
        if SigningKey.objects.active().filter(fingerprint=facts.fingerprint).exists():
            raise Refusal(_("Chứng thư số này đã được thêm và đang dùng."), field="file")
        before = _replaced(owner, agency, label)
        key = SigningKey(
            owner=owner,
            agency=agency,
            back_end=entry.back_end,
            label=label,
            certificate=certificate.public_bytes(Encoding.DER),
            token_label=entry.token_label,
            key_label=entry.key_label,
            picture=picture or (bytes(before.picture) if before else b""),
            picture_width_mm=before.picture_width_mm if before and not picture else width,
            added_at=clock.now(),
            **vars(facts),
        )
        if secret:
            key.keep_secret(secret)
        key.save()
    return key


def _taken(entry: KeyEntry) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], bytes]:
    """Certificate, those above it, and the file that is kept."""
    try:
        if entry.back_end == BackEnd.PKCS12:
            return _from_file(entry)
        if entry.back_end == BackEnd.PKCS11:
            found = device_certificate(entry.token_label, entry.key_label, entry.pin)
            return found, (), b""
    except WrongPin as error:
        wrong = "wrong_file_pin" if entry.back_end == BackEnd.PKCS12 else "wrong_device_pin"
        raise Refusal(say(wrong), field="pin") from error
    return _certificate(entry.file), (), b""


def _from_file(entry: KeyEntry) -> tuple[x509.Certificate, tuple[x509.Certificate, ...], bytes]:
    if not entry.file or len(entry.file) > LARGEST_FILE:
        raise Refusal(say("no_key"), field="file")
    if len(entry.pin) < SHORTEST_PIN:
        raise Refusal(
            _("Mã PIN của tệp khóa cần ít nhất %(count)d ký tự. Xuất lại tệp với mã PIN dài hơn.")
            % {"count": SHORTEST_PIN},
            field="pin",
        )
    hand = read_file(entry.file, entry.pin)
    if hand.key.public_key() != hand.certificate.public_key():
        raise Refusal(say("other_key"), field="file")
    name = facts_of(hand.certificate).subject_name
    return hand.certificate, hand.chain, written_anew(hand, entry.pin, name)


def _certificate(data: bytes) -> x509.Certificate:
    try:
        is_text = data.lstrip().startswith(b"-----")
        load = x509.load_pem_x509_certificate if is_text else x509.load_der_x509_certificate
        return load(data[: LARGEST_FILE + 1])
    except ValueError as error:
        raise Refusal(say("no_certificate"), field="file") from error


def _check(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> None:
    if fault := fault_of(certificate, clock.now()):
        raise Refusal(fault, field="file")
    wrong = standing(
        certificate.public_bytes(Encoding.DER),
        [one.public_bytes(Encoding.DER) for one in chain],
        settings.SIGNATURE_ANCHORS,
        settings.SIGNATURE_CRLS,
        timezone.localtime(clock.now()).isoformat(),
    )
    if not wrong and ocsp.is_revoked(
        certificate.public_bytes(Encoding.DER), [one.public_bytes(Encoding.DER) for one in chain]
    ):
        wrong = "certificate_revoked"
    if wrong:
        raise Refusal(say("revoked" if "revoked" in wrong else "untrusted"), field="file")


def _width(given: Decimal | None, *, is_seal: bool) -> Decimal:
    usual, least, most = WIDTHS[is_seal]
    if given is None:
        return Decimal(usual)
    if not least <= given <= most:
        raise Refusal(
            _("Bề rộng hình từ %(least)d đến %(most)d mm, đúng kích thước thật.")
            % {"least": least, "most": most},
            field="width_mm",
        )
    return given


def _replaced(owner: User | None, agency: Agency | None, label: str) -> SigningKey | None:
    """The key that the new one takes the place of; it is retired, its key file thrown away."""
    rows = SigningKey.objects.select_for_update().active().of(owner, agency)
    found: SigningKey | None = (rows if owner else rows.filter(label=label)).first()
    if found is not None:
        found.is_active, found.secret = False, b""
        found.save(update_fields=["is_active", "secret"])
    return found


@transaction.atomic
def change_picture(
    user: User, key: SigningKey, picture: Path, width_mm: Decimal | None = None
) -> SigningKey:
    """Another picture for a key. Raises Refusal for a picture that is none."""
    require(rules.may_change(user, key))
    is_seal = key.agency_id is not None
    key.picture = drawn_anew(picture, is_seal=is_seal)
    key.picture_width_mm = _width(width_mm, is_seal=is_seal)
    key.save(update_fields=["picture", "picture_width_mm"])
    return key


@transaction.atomic
def unlock(user: User, key: SigningKey) -> SigningKey:
    """Open a key again that wrong PINs have locked; whoever asks has just shown who he is."""
    require(rules.may_change(user, key))
    key = SigningKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    key.failures, key.locked_at = 0, None
    key.save(update_fields=["failures", "locked_at"])
    return key


@transaction.atomic
def retire(user: User, key: SigningKey) -> SigningKey:
    """Sign with it no more. What was signed stays signed; the key file is thrown away."""
    require(rules.may_change(user, key))
    key = SigningKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    key.is_active, key.secret = False, b""
    key.save(update_fields=["is_active", "secret"])
    return key
