"""Who led such documents before: a suggestion that says on what it rests, and is never put in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Agency, Unit, User
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import Assignment
from documents.offering import CANNED
from incoming.models import CannedDirective, IncomingDocument

_OFFERED = 50  # of what the agency often writes
_LAST = 50  # documents of one sender that are looked at
_LEAST = 2  # once is no habit

Led = tuple[str, str, int, int | None]  # organ, type, unit, person


@dataclass(frozen=True)
class Suggestion:
    """A lead, how often it was he, of how many, and whether the type was the same too."""

    unit: int
    person: int | None
    times: int
    of: int
    same_type: bool

    def words(self, who: Unit | User | str) -> str:
        """ "Cùng cơ quan gửi và loại văn bản: 23 trên 25 lần giao Phòng Quản lý đô thị"."""
        sentence = (
            _("Cùng cơ quan gửi và loại văn bản: %(times)d trên %(of)d lần giao %(who)s")
            if self.same_type
            else _("Cùng cơ quan gửi: %(times)d trên %(of)d lần giao %(who)s")
        )
        return sentence % {"times": self.times, "of": self.of, "who": who}


def suggestions(actor: Actor, documents: Sequence[IncomingDocument]) -> dict[int, Suggestion]:
    """By document; learned from the agency's own assignments, in one query for all of them."""
    organs = sorted({one.organ_name for one in documents if one.organ_name})
    if not organs:
        return {}
    parts = [
        Assignment.objects.filter(
            document__agency=actor.agency,
            document__organ_name=organ,
            role=AssignmentRole.LEAD,
            parent__isnull=True,
        )
        .exclude(state__in=VOID_ASSIGNMENT)
        .order_by("-document__day", "-pk")
        .values_list("document__organ_name", "document__type_name", "unit", "person")[:_LAST]
        for organ in organs
    ]
    rows: list[Led] = list(parts[0] if len(parts) == 1 else parts[0].union(*parts[1:], all=True))
    found = {}
    for document in documents:
        same = [row for row in rows if row[0] == document.organ_name]
        alike = [row for row in same if row[1] == document.type_name]
        suggestion = _most(alike, same_type=True) or _most(same, same_type=False)
        if suggestion:
            found[document.pk] = suggestion
    return found


def _most(rows: Iterable[Led], *, same_type: bool) -> Suggestion | None:
    """Who led most of them; None for too few, and where no one led more than half."""
    counted = Counter((unit, person) for _organ, _type, unit, person in rows)
    if not counted:
        return None
    [(lead, times)] = counted.most_common(1)
    of = counted.total()
    if times < _LEAST or times * 2 <= of:
        return None
    return Suggestion(*lead, times, of, same_type)


def canned_directives(agency: Agency) -> list[str]:
    """What the agency often writes: offered beside the fields of every kind of work."""
    rows = CannedDirective.objects.filter(agency=agency, is_active=True)
    return list(rows.values_list("text", flat=True)[:_OFFERED])


def register() -> None:
    """Called once, when the app is ready."""
    CANNED.append(canned_directives)
