"""A catalogue as it is read: large headings in Roman numerals, small ones in Arabic, dossiers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.actor import Actor
from accounts.models import Appointment, Unit, User
from core import clock
from core.text import fold
from dossiers.choices import CREATOR_LENGTH
from dossiers.models import Catalogue, Heading, PlannedDossier
from dossiers.notation import PERMANENT

_ROMAN = (
    (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"),
    (1, "I"),
)  # fmt: skip


def roman(number: int) -> str:
    """1 is I, 4 is IV, 49 is XLIX."""
    words = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        words += letters * count
    return words


@dataclass
class Part:
    """A heading, what stands under it, and how many dossiers that is."""

    heading: Heading
    number: str
    lines: list[PlannedDossier] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.lines) + sum(part.count for part in self.parts)

    @property
    def all_lines(self) -> list[PlannedDossier]:
        """Its own first, then those of its small headings."""
        return [*self.lines, *(line for part in self.parts for line in part.lines)]


def parts_of(headings: Iterable[Heading], lines: Iterable[PlannedDossier]) -> list[Part]:
    """The large headings with all below them, in order; asks nothing of the database."""
    by_heading: dict[int, list[PlannedDossier]] = {}
    for line in sorted(lines, key=lambda line: (line.ordinal, line.pk or 0)):
        by_heading.setdefault(line.heading_id or 0, []).append(line)
    rows = sorted(headings, key=lambda one: (one.ordinal, one.pk or 0))
    large = [one for one in rows if one.parent_id is None]
    small: dict[int, list[Heading]] = {}
    for one in rows:
        if one.parent_id is not None:
            small.setdefault(one.parent_id, []).append(one)
    return [
        Part(
            one,
            roman(place),
            by_heading.get(one.pk, []),
            [
                Part(child, str(number), by_heading.get(child.pk, []))
                for number, child in enumerate(small.get(one.pk, []), start=1)
            ],
        )
        for place, one in enumerate(large, start=1)
    ]


@dataclass(frozen=True)
class Totals:
    """The last lines of the form (NĐ 30/2020 Phụ lục V)."""

    permanent: int
    limited: int

    @property
    def all(self) -> int:
        return self.permanent + self.limited


def totals_of(lines: Iterable[PlannedDossier]) -> Totals:
    """How many are kept for ever and how many for some years."""
    found = Counter(line.maintenance == PERMANENT for line in lines)
    return Totals(found[True], found[False])


def next_notation(lines: Iterable[PlannedDossier], abbreviation: str) -> str:
    """The first number of a group that is free behind all others: 04.TH; "" without a group."""
    if not abbreviation:
        return ""
    numbers = [0]
    for line in lines:
        number, _dot, group = line.file_notation.partition(".")
        if group.lower() == abbreviation.lower() and number.isdecimal():
            numbers.append(int(number))
    return f"{max(numbers) + 1:02d}.{abbreviation}"


def unit_words(unit: Unit) -> str:
    """How a unit stands in the column of 30 letters: its short name when its name is longer."""
    return (unit.name if len(unit.name) <= CREATOR_LENGTH else unit.short_name)[:CREATOR_LENGTH]


@dataclass(frozen=True)
class Creator:
    """A unit, or a person in a unit, that opens a dossier."""

    unit: Unit
    user: User | None
    # As it stands in the column of 30 letters.
    words: str
    title: str = ""

    @property
    def key(self) -> str:
        """The value in the form."""
        return f"p{self.user.pk}.{self.unit.pk}" if self.user else f"u{self.unit.pk}"


def creators_of(actor: Actor) -> list[Creator]:
    """The agency's units and its people of today; who has a namesake bears his unit's name, too."""
    units = Unit.objects.filter(agency=actor.agency, is_active=True)
    found = [Creator(unit, None, unit_words(unit)) for unit in units]
    held = list(
        Appointment.objects.in_force(clock.today())
        .filter(unit__agency=actor.agency)
        .exclude(role="agency_admin")
        .select_related("unit", "user")
        .order_by("user__name_key", "unit__ordinal", "pk")
    )
    once = {(one.user_id, one.unit_id): one for one in held}
    names = Counter(one.user.full_name for one in once.values())
    for one in once.values():
        name = one.user.full_name
        if names[name] > 1:
            short = f" ({one.unit.short_name})"
            words = name[: max(CREATOR_LENGTH - len(short), 8)] + short
        else:
            words = name
        found.append(Creator(one.unit, one.user, words[:CREATOR_LENGTH], one.title))
    return found


def by_words(creators: Iterable[Creator]) -> dict[str, Creator]:
    """Creators by how they may be written in a table: their words, a unit's two names."""
    found: dict[str, Creator] = {}
    for one in creators:
        names = [one.words] if one.user else [one.words, one.unit.name, one.unit.short_name]
        for name in names:
            found.setdefault(fold(name), one)
    return found


def loaded(actor: Actor, catalogue: Catalogue) -> tuple[list[Heading], list[PlannedDossier]]:
    """Its headings, and its lines as far as the actor may see them: two queries."""
    lines = PlannedDossier.objects.visible_to(actor).filter(catalogue=catalogue)
    return list(catalogue.headings.all()), list(lines.select_related("proposed_by__user"))
