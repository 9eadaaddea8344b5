"""A PDF made ready for signature: the fields of number and date, and both signatures, in it before
anyone signs. Added afterwards they would break the leader's signature (Cần Thơ Điều 10: he signs,
then the clerk numbers, then the agency signs).
"""

from collections.abc import Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from core.errors import Refusal
from documents.inspection import REASONS, call
from documents.scans import laid_out
from outgoing.places import SEAL, TEXTS, Look, Place, Places, look_of, seal_beside, widened
from signatures.adding import SECONDS, SignatureField, TextField, add_fields

SIGNER, AGENCY, SECRETARY = "signer_signature", "agency_signature", "secretary_signature"
MEMORY = 1024  # MiB a file
PROGRAM = "outgoing.places.look"
SIZE = {"code_number": 13, "issued_day": 14, "issued_month": 14}


def find_places(pdf: bytes, signer_full_name: str = "") -> Places | None:
    """Where number, date and signatures stand in a file: as our printing kept it, else as the text
    shows it (the room above the signer's name, "Số: .../", "ngày ... tháng ... năm").

    None where the signer's place is not found. Raises Refusal for what cannot be read.
    """
    seen = _look(pdf, signer_full_name)
    return _kept(seen) or seen.found


def prepare(
    pdf: bytes,
    places: Places | None = None,
    *,
    texts: Mapping[str, Place] | None = None,
    signer_full_name: str = "",
    is_foreign: bool = False,
    seal_width: float = SEAL,
) -> bytes:
    """The file with its empty fields: ``signer_signature`` in box 7c, ``agency_signature`` over its
    left third, locking number and date, ``secretary_signature`` in minutes; in an uploaded file
    ``code_number``, ``issued_day``, ``issued_month`` as well.

    ``places`` are those chosen on the page, ``texts`` those of number, day and month; without them
    they are found. ``is_foreign``: it was made elsewhere, so what it says of places itself counts
    for nothing. ``seal_width``: of the agency's field, in points. Raises Refusal where nothing is
    found, where number or date have no room, and for a file that is encrypted, signed already, or
    below PDF 1.4.
    """
    seen = _look(pdf, signer_full_name, is_foreign=is_foreign)
    chosen = places or (None if is_foreign else _kept(seen)) or seen.found
    if chosen is None:
        raise Refusal(
            _(
                "Không tìm thấy chỗ ký trong tệp: không thấy họ và tên người ký, hoặc phía trên họ "
                "và tên không còn chỗ trống. Chọn vị trí ký trên trang văn bản."
            ),
            field="places",
        )
    if is_foreign and seen.blanks:
        raise Refusal(
            _("Tệp đã có ô biểu mẫu cho số, ngày. In lại thành PDF thường rồi đính kèm."),
            field="files",
        )
    if is_foreign and seen.printed:
        raise Refusal(
            _(
                "Tệp đã ghi sẵn số, ngày hoặc tháng ban hành. Để trống các chỗ ấy, hệ thống ghi "
                "khi văn bản được cấp số."
            ),
            field="files",
        )
    chosen = widened(chosen, seal_width)
    by_hand = texts or {}
    rooms = {
        name: by_hand.get(name) or getattr(chosen, name) or seen.texts.get(name) for name in TEXTS
    }
    told = (*chosen.printed, *seen.printed, *seen.blanks)
    if is_foreign and any(rooms[name] is None and name not in told for name in TEXTS):
        raise Refusal(
            _(
                "Không thấy chỗ ghi số, ngày, tháng trong tệp: trang đầu phải có dòng “Số: …/…” "
                "và “ngày … tháng … năm …”, mỗi chỗ đủ rộng. Không thì chọn chỗ trên trang."
            ),
            field="places",
        )
    written: list[TextField | SignatureField] = [
        _text(name, place)
        for name, place in rooms.items()
        if name not in seen.blanks and place is not None
    ]
    locks = (*seen.blanks, *(one.name for one in written))
    hands = {SIGNER: chosen.signer, SECRETARY: chosen.secretary}
    signed = [SignatureField(name, place.page, place.box) for name, place in hands.items() if place]
    agency = SignatureField(AGENCY, chosen.agency.page, chosen.agency.box, locks)
    return add_fields(pdf, [*written, *signed, agency])


def room_in(pdf: bytes, signer_full_name: str) -> frozenset[str]:
    """Which of number, day, month and the signer's place an uploaded file shows by itself."""
    seen = _look(pdf, signer_full_name, is_foreign=True)
    return frozenset({*seen.texts, *(("signer",) if seen.found else ())})


def chosen_places(signer: Place, texts: Places | None = None) -> Places:
    """Places for a signer's box that was chosen on the page; the rest as it was found."""
    if texts is None:
        return Places(signer, seal_beside(signer))
    return replace(texts, signer=signer, agency=seal_beside(signer))


def _look(pdf: bytes, signer_full_name: str, *, is_foreign: bool = False) -> Look:
    with laid_out(pdf) as (place,):
        answer, fault = call(
            PROGRAM,
            place,
            seconds=SECONDS,
            memory_mib=MEMORY,
            signer_full_name=signer_full_name,
            is_foreign=is_foreign,
        )
    if fault == "broken" and b"/Encrypt" in pdf:
        fault = "encrypted"
    if fault:
        raise Refusal(str(REASONS.get(fault, REASONS["broken"])), field="files")
    return look_of(answer)


def _kept(seen: Look) -> Places | None:
    if "signer" not in seen.kept:
        return None
    signer = seen.kept["signer"]
    printed = tuple(name for name in TEXTS if name not in seen.kept)
    return Places(**seen.kept, agency=seal_beside(signer), printed=printed)


def _text(name: str, place: Place) -> TextField:
    italic = name != "code_number"
    # As high as the line that it stands in.
    size = min(SIZE[name], round((place.y1 - place.y0) / 1.15 * 2) / 2)
    return TextField(name, place.page, place.box, size, italic, 1, covers=True)
