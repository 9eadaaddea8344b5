"""In which register a document is numbered (NĐ 30/2020 Điều 15.1, Phụ lục I, mục II.3).

Bodies of one abbreviation print the same notation, so they share their registers: number and
notation together are unique in a year (Cần Thơ Điều 4.3). So do documents of the house, which
print the same one: they have counted with the others since a register of their own gave numbers
twice (``Book.INTERNAL``, of which older documents are).
"""

from documents.choices import Book
from outgoing.models import IssuingBody, OutgoingDocument, Series


def register_of(document: OutgoingDocument, body: IssuingBody) -> tuple[Book, str]:
    """The book, and the name of the register in it; all copies of an agency count together."""
    if document.is_copy:
        return Book.COPIES, ""
    return Book.OUTGOING, name_of(document, body)


def name_of(document: OutgoingDocument, body: IssuingBody) -> str:
    """The name of the register in its book: the body's abbreviation, then the series, if any."""
    rows = Series.objects.filter(
        body__agency=document.agency_id, body__abbreviation=body.abbreviation
    )
    kind = document.type_name.split(" (")[0].strip()
    own = next((one for one in rows if kind in one.types), None)
    return " · ".join(part for part in (body.abbreviation, own.name if own else "") if part)
