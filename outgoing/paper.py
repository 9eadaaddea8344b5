"""What stands on the sheet: the components of an administrative document (NĐ 30/2020 Phụ lục I).

Plain data between the composer, the form checker and the renderer; nothing here knows a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """How a document is laid out (NĐ 30/2020 Phụ lục III, the forms of its part II)."""

    # Mẫu 1.1, 1.2: grounds, then "QUYẾT ĐỊNH:" or "QUYẾT NGHỊ:", then articles.
    DECISION = "decision"
    # Mẫu 1.4: name of the type and subject in the middle: notice, plan, report, proposal ...
    NAMED = "named"
    # Mẫu 1.5: "V/v" under the number, "Kính gửi".
    LETTER = "letter"
    # Mẫu 1.6: "... điện:" and the places it is sent to.
    TELEGRAM = "telegram"
    # Mẫu 1.7: "Trân trọng kính mời".
    INVITATION = "invitation"
    # Mẫu 1.9: held by a secretary and a chair; two signatures.
    MINUTES = "minutes"
    # Phiếu chuyển, phiếu gửi, phiếu báo (Phụ lục III, list of forms).
    SLIP = "slip"
    # Mẫu 1.8, 1.10: for one person, whom the text names; no subject under the name of the type.
    PERSONAL = "personal"
    # Hợp đồng, bản ghi nhớ, bản thỏa thuận: no form in Phụ lục III; both sides sign.
    AGREEMENT = "agreement"


# Where the type says the form; every other type is NAMED.
FORMS: Mapping[str, Form] = {
    "Nghị quyết": Form.DECISION,
    "Quyết định": Form.DECISION,
    "Công văn": Form.LETTER,
    "Công điện": Form.TELEGRAM,
    "Giấy mời": Form.INVITATION,
    "Biên bản": Form.MINUTES,
    "Phiếu gửi": Form.SLIP,
    "Phiếu chuyển": Form.SLIP,
    "Phiếu báo": Form.SLIP,
    "Giấy giới thiệu": Form.PERSONAL,
    "Giấy nghỉ phép": Form.PERSONAL,
    "Hợp đồng": Form.AGREEMENT,
    "Bản ghi nhớ": Form.AGREEMENT,
    "Bản thỏa thuận": Form.AGREEMENT,
}


def form_of(type_name: str) -> Form:
    """The layout of a type; "Quyết định (cá biệt)" counts as "Quyết định"."""
    return FORMS.get(type_name.split(" (")[0].strip(), Form.NAMED)


@dataclass(frozen=True)
class Signer:
    """Box 7: in whose name, as what, who."""

    # "", "TM.", "Q.", "KT.", "TL." or "TUQ.".
    authority: str = ""
    # In whose name or place: "ỦY BAN NHÂN DÂN", "CHỦ TỊCH"; "" when he signs in his own right.
    on_behalf_of: str = ""
    position: str = ""
    full_name: str = ""
    # Below TM. or TL.: the head for whom a deputy signs, "CHỦ TỊCH" (NĐ 30/2020 Điều 13.2, 13.4).
    deputy_for: str = ""
    # Box 7b, above his name: his post elsewhere, "GIÁM ĐỐC SỞ XÂY DỰNG", where he signs as a member
    # of an advisory body, or the chair of minutes (NĐ 30/2020 Phụ lục I, II.7.c; Mẫu 1.9).
    other_post: str = ""


@dataclass(frozen=True)
class Annex:
    """A text that follows the document: an annex, or a regulation that it issues.

    ``heading`` is "Phụ lục I" or "QUY CHẾ"; ``issued_with`` is True where it is issued with the
    decision and has no number of its own ("Kèm theo Quyết định số ...").
    """

    heading: str
    title: str = ""
    body: str = ""
    issued_with: bool = False
    landscape: bool = False


@dataclass(frozen=True)
class Paper:
    """A whole document as it is printed. Texts are plain, in the marks of ``markup``."""

    type_name: str
    # Box 2: the agency above (may be "") and the one that issues, in capitals as printed.
    organ_name: str
    parent_organ: str = ""
    # The one who issues as a sentence names him: "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum" (the line
    # of annexes, invitations, telegrams); "": the agency as in box 2.
    issuer: str = ""
    # Box 3: what stands after the slash: "QĐ-UBND", "UBND-VX".
    code_notation: str = ""
    # None: an empty form field that the clerk's verb fills after the signature.
    code_number: str | None = None
    issued_date: date | None = None
    # Box 4: địa danh.
    place: str = ""
    # Box 5: trích yếu, without "V/v" and without the name of the type.
    subject: str = ""
    # Box 9a, one a line; none: no "Kính gửi".
    addressees: tuple[str, ...] = ()
    # Căn cứ, one a line, without the closing ";" and ".".
    grounds: tuple[str, ...] = ()
    # A decision's or resolution's authority line: "CHỦ TỊCH ỦY BAN NHÂN DÂN ...".
    deciding_post: str = ""
    # Box 6, and what follows the document.
    body: str = ""
    annexes: tuple[Annex, ...] = ()
    # Box 7; minutes have the secretary's too, agreements that of the other side.
    signer: Signer = field(default_factory=Signer)
    secretary: Signer | None = None
    # Box 9b, one a line as printed without the dash: "Như trên", ..., "Lưu: VT, VX".
    recipients: tuple[str, ...] = ()
    # Box 10b: 0 to 4 of documents.choices.Priority; the hour of a timed one.
    priority: int = 0
    deliver_at: str = ""
    # Box 11: "XEM XONG TRẢ LẠI", "LƯU HÀNH NỘI BỘ", "".
    circulation: str = ""
    # Box 12: "PL.(300)".
    drafter_mark: str = ""
    # Box 13: address, telephone, e-mail in one line; "".
    contact: str = ""
    # Content of pictures by the name that the body calls them by.
    pictures: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        """Its layout."""
        return form_of(self.type_name)
