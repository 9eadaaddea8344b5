"""The looks that the rules want: TT 01/2019/TT-BNV Điều 11 to 14, NĐ 30/2020 Phụ lục I.

Sizes are real ones: a seal is printed as wide as it is. Words are 10 points, upright, black.
"""

from datetime import datetime

from django.utils import timezone

from signatures.appearance import Look
from signatures.choices import Copy, Form
from signatures.models import SigningKey

SEAL = 36.0  # mm, a round seal of the State
ISO_LINE = 46.0  # mm, what a time in ISO 8601 needs in 10 points


def moment(at: datetime) -> str:
    """ "2019-07-08T14:05:09+07:00": day, time, and the zone of Vietnam (ISO 8601)."""
    return timezone.localtime(at).isoformat(timespec="seconds")


def signer(key: SigningKey, covered: float = 0) -> Look:
    """Whoever signs: his signature in blue, nothing else; in box 7c (NĐ 30 Phụ lục I, II.7.d).

    ``covered``: how much of the box the seal covers (II.8.a: a third of the signature).
    """
    return Look(bytes(key.picture), float(key.picture_width_mm), covered=covered)


def agency(key: SigningKey, *, name: str, at: datetime, form: str) -> Look:
    """The agency on its document: the red seal in its real size.

    The circular adds the agency's name and the time (Cần Thơ Điều 10.1b), the decree nothing (NĐ 30
    Phụ lục I, II.8.a).
    """
    lines = (name, moment(at)) if form == Form.CIRCULAR else ()
    return Look(bytes(key.picture), float(key.picture_width_mm), lines, covers=True)


def agency_room(form: str) -> tuple[float, float]:
    """Width and height in mm that the field of ``agency`` needs: the seal, and the line of time."""
    return (ISO_LINE, SEAL) if form == Form.CIRCULAR else (SEAL, SEAL)


def annex(*, code: str, at: datetime) -> Look:
    """The agency on an annex in a file of its own: number and notation, and the time; no picture
    (NĐ 30 Phụ lục I, II.8.b)."""
    return Look(lines=(code, moment(at)))


def digitised(key: SigningKey, *, name: str, at: datetime, form: str) -> Look:
    """The agency on a paper that it has scanned.

    The circular shows the seal, the name and the time (TT 01/2019 Điều 6.2c); the decree no
    picture, but the form of the copy (NĐ 30 Phụ lục I, phần II).
    """
    if form == Form.CIRCULAR:
        return Look(bytes(key.picture), float(key.picture_width_mm), (name, moment(at)))
    return copy(Copy.WHOLE, name=name, at=at)


def copy(kind: str, *, name: str, at: datetime) -> Look:
    """The agency on an electronic copy: its form, the agency that copies, the time; no picture."""
    return Look(lines=(kind, name, moment(at)))
