"""What signing costs beside the bare library: the same sheet, key, picture; for the benchmark."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from core import clock
from signatures.models import SigningKey
from signatures.signing import Look, sign


@dataclass(frozen=True)
class Cost:
    """Milliseconds a signature, both warm, in one process; the median of the rounds."""

    bare: float
    ours: float

    @property
    def ratio(self) -> float:
        """How much dearer ours is; ours is checked as well."""
        return self.ours / self.bare


def measure(pdf: bytes, *, key: SigningKey, pin: str, field: str, rounds: int = 9) -> Cost:
    """Sign an empty field of a file by the bare library and by `signing.sign`, in turns."""
    look = Look(bytes(key.picture), float(key.picture_width_mm))
    secret = key.open_secret()

    def bare() -> None:
        bare_sign(pdf, secret, pin, field, look.picture)

    def ours() -> None:
        sign(pdf, key=key, pin=pin, field=field, look=look, certify=True, at=clock.now())

    took: dict[str, list[float]] = {"bare": [], "ours": []}
    for place in range(rounds + 1):
        for name, work in (("bare", bare), ("ours", ours)):
            passed = _timed(work)
            if place:  # the first round warms both up
                took[name].append(passed)
    return Cost(median(took["bare"]), median(took["ours"]))


def bare_sign(pdf: bytes, secret: bytes, pin: str, field: str, picture: bytes) -> bytes:
    """One visible signature as the library's manual makes it: key file, picture, certified."""
    from PIL import Image  # noqa: PLC0415 -- for the benchmark only
    from pyhanko.pdf_utils.images import PdfImage  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 -- slow import
        IncrementalPdfFileWriter,
    )
    from pyhanko.sign import fields, signers  # noqa: PLC0415 -- slow import
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415 -- slow import

    signer = signers.SimpleSigner.load_pkcs12_data(secret, other_certs=[], passphrase=pin.encode())
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    style = StaticStampStyle(
        border_width=0, background=PdfImage(Image.open(io.BytesIO(picture)), writer=writer)
    )
    details = signers.PdfSignatureMetadata(
        field_name=field,
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    made = signers.PdfSigner(details, signer=signer, stamp_style=style).sign_pdf(writer)
    return bytes(made.getvalue())


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
