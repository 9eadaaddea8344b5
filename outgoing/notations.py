"""A notation names the body that issues: its header, its register and its number are that one's.

NĐ 30/2020 Phụ lục I, mục II.3; several bodies issue through one office (Cần Thơ Điều 3.4a, Kon Tum
Điều 14.1).
"""

import re
from collections.abc import Iterable

from documents.models import DocumentType
from outgoing.models import IssuingBody
from outgoing.paper import Form, form_of

_YEAR = re.compile(r"\d{4}/")  # "2014/QĐ-UBND"


def follows(notation: str, type_name: str, body: IssuingBody) -> bool:
    """Whether the notation is that of the body; True where its abbreviation was never entered."""
    return not body.abbreviation or _fits(_after_type(notation, type_name)[1], body)


def mended(
    notation: str, type_name: str, body: IssuingBody, others: Iterable[IssuingBody] = ()
) -> str:
    """The notation with the body's abbreviation in the place of another body's, or in front.

    The same where it fits already; ``others``: the bodies that the office issues for.
    """
    head, rest = _after_type(notation, type_name)
    if not body.abbreviation or _fits(rest, body):
        return notation
    fitting = [one for one in others if one.abbreviation and _fits(rest, one)]
    # The longest one: "UBND-VP" rather than "UBND".
    other = max(fitting, key=lambda one: len(one.abbreviation), default=None)
    tail = rest[len(other.abbreviation) :] if other else ""
    if other is None and form_of(type_name) == Form.LETTER:
        tail = f"-{rest.partition('-')[2]}" if "-" in rest else ""
    return f"{head}{body.abbreviation}{tail}"[:30]


def is_of_another(notation: str, type_name: str, others: Iterable[IssuingBody]) -> bool:
    """Whether it is plainly that of one of these bodies."""
    rest = _after_type(notation, type_name)[1]
    return any(one.abbreviation and _fits(rest, one) for one in others)


def _fits(rest: str, body: IssuingBody) -> bool:
    organ, found = body.abbreviation.casefold(), rest.casefold()
    return found == organ or found.startswith(f"{organ}-")


def _after_type(notation: str, type_name: str) -> tuple[str, str]:
    """What stands before the agency's part (year, abbreviation of the type), and that part."""
    year = match[0] if (match := _YEAR.match(notation)) else ""
    rest = notation[len(year) :]
    if form_of(type_name) == Form.LETTER:
        return year, rest
    first, dash, after = rest.partition("-")
    kind = type_name.split(" (")[0].strip()
    named = DocumentType.objects.filter(type_name__in={type_name, kind})
    abbreviations = {one.casefold() for one in named.values_list("abbreviation", flat=True) if one}
    if dash and first.casefold() in abbreviations:
        return f"{year}{first}-", after
    return year, rest
