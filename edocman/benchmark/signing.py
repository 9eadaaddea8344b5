"""What a signature costs beside the bare library, and how a hundred of them go through a worker."""

import io
import time
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from django.conf import settings
from pypdf import PdfReader

from accounts.models import Agency
from core import clock
from edocman.benchmark.drawing import PARAGRAPHS, paper_of
from edocman.demo import authority, hands
from outgoing.preparing import SIGNER, prepare
from outgoing.rendering import render
from signatures import costs
from signatures.certificates import facts_of
from signatures.choices import BackEnd
from signatures.models import SigningKey
from signatures.signing import Look, sign

WANTED = 1.5  # times the bare library, at most
MANY = 100
PIN, NAME = "benchmark", "Người đo"


@dataclass(frozen=True)
class Signing:
    """Milliseconds a signature on a sheet of so many pages; ``many``: of a hundred in a row."""

    pages: int
    bare: float
    ours: float
    ratio: float
    many: float


def signings(folder: Path) -> Signing:
    """One page signed by the library alone and by us, both warm, in turns; then a hundred."""
    root = authority.root_in(folder)
    trusted, settings.SIGNATURE_ANCHORS = settings.SIGNATURE_ANCHORS, [str(root)]
    try:
        key = _key(folder)
        key.save()  # a wrong PIN would count in its row
        pdf = prepare(render(paper_of(PARAGRAPHS[0])))
        cost = costs.measure(pdf, key=key, pin=PIN, field=SIGNER)
        many = _many(pdf, key)
    finally:
        SigningKey.objects.filter(label=NAME).delete()
        settings.SIGNATURE_ANCHORS = trusted
    pages = len(PdfReader(io.BytesIO(pdf)).pages)
    return Signing(
        pages, round(cost.bare, 1), round(cost.ours, 1), round(cost.ratio, 2), round(many, 1)
    )


def _many(pdf: bytes, key: SigningKey) -> float:
    look = Look(bytes(key.picture), float(key.picture_width_mm))
    started = time.perf_counter()
    for _number in range(MANY):
        sign(pdf, key=key, pin=PIN, field=SIGNER, look=look, certify=True, at=clock.now())
    return (time.perf_counter() - started) * 1000 / MANY


def _key(folder: Path) -> SigningKey:
    secret = authority.key_file(folder, NAME, "", PIN)
    picture, width = hands.signature(NAME)
    certificate = pkcs12.load_pkcs12(secret, PIN.encode()).cert
    assert certificate is not None  # noqa: S101 -- made above
    key = SigningKey(
        agency=Agency.objects.order_by("pk")[0],
        back_end=BackEnd.PKCS12,
        label=NAME,
        certificate=certificate.certificate.public_bytes(Encoding.DER),
        picture=picture,
        picture_width_mm=width,
        added_at=clock.now(),
        **vars(facts_of(certificate.certificate)),
    )
    key.keep_secret(secret)
    return key
