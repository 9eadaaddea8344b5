"""The ink of hands and seals on a page, measured as it is shown."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pypdfium2
from PIL import ImageChops

from outgoing.places import MM
from signatures.models import SigningKey
from signatures.pictures import drawn_anew


@dataclass(frozen=True)
class Box:
    """A place on a page, in mm from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def coloured(data: bytes, page: int, colour: str) -> Box:
    """The edges of all that is red or blue on a page, as it is shown."""
    document = pypdfium2.PdfDocument(data)
    try:
        document.init_forms()
        picture = document[page].render(scale=6).to_pil().convert("RGB")
    finally:
        document.close()
    red, green, blue = picture.split()
    one, other = (red, blue) if colour == "red" else (blue, red)
    mask = ImageChops.subtract(one, ImageChops.lighter(other, green)).point(
        lambda value: 255 if value > 60 else 0
    )
    edges = mask.getbbox()
    assert edges is not None
    return Box(*(edge / 6 / MM for edge in edges))


def drawn(key: SigningKey, wide: float, folder: Path) -> SigningKey:
    """The same key with its picture as it is kept: cut to the ink, in that width."""
    given = folder / f"{key.pk}.png"
    given.write_bytes(bytes(key.picture))
    key.picture = drawn_anew(given, is_seal=key.agency_id is not None)
    key.picture_width_mm = Decimal(wide)
    key.save()
    return key
