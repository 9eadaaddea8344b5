"""Who may do what with a year's catalogue, where: every verb tried in every state by everybody.

The tables are the specification, as those of dossiers (``moves``): ``told`` hears that it is not
the moment, the rest of those who see it that it is not theirs to do. Nothing of it remains.
"""

from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from core import clock
from core.errors import NotYours, Refusal
from dossiers.actions import cataloguing, importing, issuing
from dossiers.importing import Reading
from dossiers.models import Catalogue, CatalogueImport, PlannedDossier
from notifications.models import Notification
from tests.cast import act_as
from tests.dossiers.moving import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_cache")]

LEADERS = {"chair", "vice"}
# "Người đứng đầu cơ quan" (NĐ 30/2020 Điều 28); his deputies by delegation alone.
APPROVER = {"chair"}
KEEPERS = {"archivist", "clerk", "chief"}
READERS = LEADERS | KEEPERS  # they see a draft
CITY = set(PEOPLE) - {"ward_chair", "stranger"}
WORKERS = CITY - {"admin"}
DRAWING_UP = (
    "add_heading", "change_heading", "move_heading", "remove_heading", "add_line", "change_line",
    "move_line", "remove_line", "keep_import", "confirm_import", "submit",
)  # fmt: skip
DECIDING = ("approve", "send_back")
LATER_LINE = ("approve_line", "return_line")
VERBS = (*DRAWING_UP, *DECIDING, "propose_line", *LATER_LINE)


@dataclass(frozen=True)
class Place:
    """Who sees it there, what is done by whom, and who hears of the wrong step."""

    seen: set[str]
    done: dict[str, set[str]]
    told: dict[str, set[str]] = field(default_factory=dict)


def of_changing(people: set[str]) -> dict[str, set[str]]:
    return {"change_line": people, "remove_line": people}


DRAWN_UP = dict.fromkeys(DRAWING_UP, KEEPERS)
DECIDED = dict.fromkeys(DECIDING, APPROVER)
# "propose_line" is told to whoever works: until it is issued, a line is added to the draft itself.
EARLY = {"propose_line": READERS} | dict.fromkeys(LATER_LINE, APPROVER)
PLACES = {
    "draft": Place(READERS, DRAWN_UP, DECIDED | EARLY),
    "submitted": Place(READERS, DECIDED, DRAWN_UP | EARLY),
    # Of an issued one the line is "01.QLĐT", which stands in it.
    "issued": Place(
        CITY,
        {"propose_line": WORKERS},
        DRAWN_UP | DECIDED | of_changing(CITY) | dict.fromkeys(LATER_LINE, APPROVER),
    ),
    # The line is one that the specialist has proposed; others below do not see it.
    "proposed": Place(
        CITY,
        {"propose_line": WORKERS, "remove_line": {"specialist"}}
        | dict.fromkeys(LATER_LINE, APPROVER),
        DRAWN_UP | DECIDED | {"change_line": {"specialist"}, "remove_line": set()},
    ),
    # And one that was given back to him; a keeper frees its number when he has gone.
    "returned": Place(
        CITY,
        {
            "propose_line": WORKERS,
            "change_line": {"specialist"},
            "remove_line": KEEPERS | {"specialist"},
        },
        DRAWN_UP | DECIDED | dict.fromkeys(LATER_LINE, APPROVER) | of_changing(set()),
    ),
}
ON_A_LINE = ("change_line", "move_line", "remove_line", *LATER_LINE)


def expected(place: str) -> dict[str, dict[str, str]]:
    found = {verb: dict.fromkeys(PEOPLE, "unseen") for verb in VERBS}
    for verb, each in found.items():
        seen = PLACES[place].seen
        if verb in ON_A_LINE and place in ("proposed", "returned"):
            seen = READERS | {"specialist"}
        each |= dict.fromkeys(seen, "never")
        each |= dict.fromkeys(PLACES[place].told.get(verb, set()) & seen, "not now")
        each |= dict.fromkeys(PLACES[place].done.get(verb, ()), "done")
    return found


@pytest.fixture
def at_place(cast, request, line_entry):
    """Brings a catalogue there; answers it and the line that is tried."""

    def brought(place: str) -> tuple[Catalogue, PlannedDossier]:
        draft, keeper = request.getfixturevalue("draft"), act_as(cast.archivist)
        town = draft.headings.get(title="Quản lý đô thị")
        cataloguing.add_line(keeper, draft, line_entry(town, "05.QLĐT"))
        cataloguing.add_heading(keeper, draft, title="Đề mục trống")
        line = draft.lines.get(file_notation="01.QLĐT")
        if place == "submitted":
            issuing.submit(keeper, draft)
        elif place != "draft":
            request.getfixturevalue("issued")
        if place in ("proposed", "returned"):
            line = request.getfixturevalue("proposed")
        if place == "returned":
            line = issuing.return_line(
                act_as(cast.chair), line, version=line.version, text="Ghi rõ thời hạn."
            )
        return Catalogue.objects.get(pk=draft.pk), PlannedDossier.objects.get(pk=line.pk)

    return brought


@pytest.mark.parametrize("place", PLACES)
def test_every_verb_of_everybody(cast, at_place, line_entry, place):
    """NĐ 30/2020 Điều 28, 29.2c; Cần Thơ Điều 13.1."""
    catalogue, line = at_place(place)
    found: dict[str, dict[str, str]] = {verb: {} for verb in VERBS}
    for verb in VERBS:
        for person in PEOPLE:
            actor = act_as(getattr(cast, person))
            with transaction.atomic():
                shown(actor, catalogue)
                before = snapshot(catalogue)
                try:
                    attempt(verb, actor, catalogue, line, line_entry)
                    answer = "done"
                except ObjectDoesNotExist:
                    answer = "unseen"
                except Refusal as error:
                    answer = "never" if isinstance(error, NotYours) else "not now"
                assert (snapshot(catalogue) == before) == (answer != "done"), (verb, person)
                transaction.set_rollback(True)
            found[verb][person] = answer
    assert found == expected(place)


def shown(actor, catalogue: Catalogue) -> None:
    """A table that he has been shown, and may confirm if he may."""
    CatalogueImport.objects.create(
        catalogue=catalogue,
        user=actor.user,
        version=catalogue.version,
        rows=[{"row": 2, "level": 1, "title": "Mới"}],
        created_at=clock.now(),
    )


def snapshot(catalogue: Catalogue) -> tuple[object, ...]:
    """All that a verb may change, and the notices that it wrote."""
    return (
        Catalogue.objects.filter(pk=catalogue.pk).values().get(),
        list(catalogue.headings.order_by("pk").values()),
        list(catalogue.lines.order_by("pk").values()),
        list(catalogue.imports.order_by("pk").values("pk", "token", "version")),
        Notification.objects.count(),
    )


def attempt(verb: str, actor, catalogue: Catalogue, line: PlannedDossier, line_entry) -> object:
    """Do the verb with arguments that only the person or the state could make wrong."""
    town = catalogue.headings.get(title="Quản lý đô thị")
    match verb:
        case "add_heading":
            return cataloguing.add_heading(actor, catalogue, title="Văn xã")
        case "change_heading":
            return cataloguing.change_heading(actor, town, version=town.version, title="Đô thị")
        case "move_heading":
            return cataloguing.move_heading(actor, town, -1)
        case "remove_heading":
            empty = catalogue.headings.get(title="Đề mục trống")
            return cataloguing.remove_heading(actor, empty)
        case "add_line":
            return cataloguing.add_line(actor, catalogue, line_entry(town, "09.QLĐT"))
        case "propose_line":
            return cataloguing.propose_line(actor, catalogue, line_entry(town, "09.QLĐT"))
        case "change_line":
            entry = line_entry(town, line.file_notation, title="Tên khác")
            return cataloguing.change_line(actor, line, version=line.version, entry=entry)
        case "move_line":
            return cataloguing.move_line(actor, line, 1 if line.ordinal == 1 else -1)
        case "remove_line":
            return cataloguing.remove_line(actor, line)
        case "keep_import":
            return importing.keep_import(actor, catalogue, Reading(rows=[]))
    return attempt_deciding(verb, actor, catalogue, line)


def attempt_deciding(verb: str, actor, catalogue: Catalogue, line: PlannedDossier) -> object:
    """The same for what is confirmed, submitted and decided."""
    match verb:
        case "confirm_import":
            kept = catalogue.imports.get(user=actor.user)
            return importing.confirm_import(actor, catalogue, kept.token, remove_missing=False)
        case "submit":
            return issuing.submit(actor, catalogue)
        case "send_back":
            return issuing.send_back(actor, catalogue, text="Thiếu hồ sơ.")
        case "approve":
            return issuing.approve(
                actor,
                catalogue,
                version=catalogue.version,
                decision_number="15/QĐ-UBND",
                decided_date=clock.today(),
            )
        case "approve_line":
            return issuing.approve_line(actor, line, version=line.version)
        case "return_line":
            return issuing.return_line(actor, line, version=line.version, text="Trùng.")
    raise ValueError(verb)


# What is begun: by whom; the rest are told that it is not theirs.
STARTING = {"start": KEEPERS, "start_from_last": KEEPERS}


@pytest.mark.parametrize("place", ["draft", "submitted", "issued"])
@pytest.mark.parametrize("verb", STARTING)
def test_every_beginning_by_everybody(cast, at_place, verb, place):
    """NĐ 30/2020 Điều 28: next year's anew, or copied from this year's, whatever its state."""
    catalogue, _line = at_place(place)
    done = set()
    for person in CITY:
        with transaction.atomic():
            try:
                made = getattr(issuing, verb)(act_as(getattr(cast, person)), catalogue.year + 1)
            except NotYours:
                assert Catalogue.objects.count() == 1
            except Refusal:  # who does not see this year's finds nothing to copy
                assert (verb, person in READERS) == ("start_from_last", False)
                assert place != "issued"
            else:
                assert made.lines.count() == (6 if verb == "start_from_last" else 0)
                assert (made.state, catalogue.state) == ("draft", made_of(place))
                done.add(person)
            transaction.set_rollback(True)
    assert done == STARTING[verb]


def made_of(place: str) -> str:
    return "approved" if place == "issued" else place


def test_the_tables_know_every_verb():
    """A verb that is added is tried."""
    there = {
        name
        for module in (cataloguing, issuing, importing)
        for name, found in vars(module).items()
        if callable(found) and getattr(found, "__module__", "") == module.__name__
    }
    questions = {"years_to_start", "difference", "LineEntry"}
    assert {name for name in there if name[0] != "_"} - questions == {*VERBS, *STARTING}
