"""Who may do what with a dossier, where: every verb tried from every place by everybody.

The tables of ``moves`` are the specification: a verb that is done by anybody else, that leads
elsewhere, or that is refused in another way fails.
"""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from accounts.models import Agency
from core.errors import NotYours, Refusal
from dossiers import actions, checks
from dossiers.actions import Fields, Line
from dossiers.choices import State
from dossiers.models import Dossier
from tests import cast as play
from tests.cast import act_as
from tests.dossiers.moves import BAC_GIANG, KON_TUM, OFFICE, Place
from tests.dossiers.moving import (
    COORDINATE,
    INFORM,
    LEAD,
    PEOPLE,
    VERBS,
    later,
    outcome,
    shown_to_all,
    typed,
)
from tests.quick import glance  # noqa: F401 -- a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("glance", "empty_cache")]


def at_place(cast, place: str) -> Dossier:
    """A dossier or task there, with two notes in it and a letter beside it that everybody sees."""
    shown_to_all(cast)
    made = of_task(cast, place) if place.startswith("task") else of_dossier(cast, place)
    return Dossier.objects.get(pk=made.pk)


def noted(actor, dossier: Dossier) -> Dossier:
    """With two notes in it, from its first minute; it stays where it was."""
    state = dossier.state
    for words in ("Chỉ đạo miệng.", "Biên bản làm việc."):
        actions.add_note(actor, dossier, text=words)
    Dossier.objects.filter(pk=dossier.pk).update(state=state)
    return Dossier.objects.get(pk=dossier.pk)


def of_dossier(cast, place: str) -> Dossier:
    """The chair opens it for the head, who gives it on to his specialist; so far as the place."""
    chair, head, lead = act_as(cast.chair), act_as(cast.head), act_as(cast.specialist)
    if place == "own":
        return noted(lead, actions.open(lead, typed()))
    dossier = noted(chair, actions.open(chair, typed(), keeper=cast.head.appointments.get()))
    if place == "opened":
        return dossier
    lines = [
        Line(LEAD, cast.planning, None, "Tham mưu phương án.", later(15)),
        Line(INFORM, cast.finance, cast.accountant),
    ]
    dossier = actions.give_out(chair, dossier, lines)
    if place == "given":
        return dossier
    line = Line(LEAD, cast.planning, cast.specialist, "Khảo sát.", later(8))
    dossier = actions.assign(head, dossier, [line])
    if place == "assigned":
        return dossier
    if place == "asked":
        more = [Line(COORDINATE, cast.finance), Line(COORDINATE, cast.office, cast.adviser)]
        dossier = actions.propose_coordinators(lead, dossier, more, text="Cần dự toán.")
        dossier = actions.request_extension(lead, dossier, day=later(9), text="Chờ số liệu.")
        return actions.ask_opinion(lead, dossier, more[:1], text="Đủ tiền không?")
    if place == "sent_back":
        return actions.send_back(head, dossier, text="Không đúng chức năng.")
    actions.finish(lead, dossier, text="Xong khảo sát.")
    dossier = actions.complete(head, dossier, text="Nhất trí phương án 1.")
    return dossier if place == "completed" else ended(cast, dossier, place)


def of_task(cast, place: str) -> Dossier:
    """The head gives work to his specialist without a paper; so far as the place."""
    head, keeper = act_as(cast.head), cast.specialist.appointments.get()
    fields = Fields(title="Khảo sát vỉa hè")
    task = noted(head, actions.open_task(head, fields, keeper=keeper, text="Khảo sát."))
    if place == "task":
        return task
    line = Line(LEAD, cast.planning, cast.specialist, "Khảo sát.", later(8))
    task = actions.give_out(head, task, [line])
    if place == "task_given":
        return task
    task = actions.finish(act_as(cast.specialist), task, text="Đã khảo sát.")
    return task if place == "task_done" else ended(cast, task, place)


def ended(cast, dossier: Dossier, place: str) -> Dossier:
    """Closed by whom the regulation says, and perhaps taken up again."""
    by = act_as(cast.chair if dossier.closer == "leader" else cast.head)
    found = {one.code: "Đã xem." for one in checks.findings(by, dossier)}
    dossier = actions.close(by, dossier, end_date=later(0), description="Đủ.", overruled=found)
    if place == "reopened":
        return actions.reopen(by, dossier, text="Còn việc.", decision_number="3/QĐ-UBND")
    return dossier


def expected(place: Place, state: str) -> dict[str, dict[str, str]]:
    """What the table says of everybody."""
    found = {verb: dict.fromkeys(PEOPLE, "unseen") for verb in VERBS}
    for verb, each in found.items():
        each |= dict.fromkeys(place.seen, "nothing" if verb == "read" else "never")
        each |= dict.fromkeys(place.told.get(verb, ()), "not now")
    for move, people in place.done.items():
        verb, _to, leads = move.partition(" > ")
        found[verb] |= dict.fromkeys(people, leads or state)
    return found


def tried(cast, dossier: Dossier) -> dict[str, dict[str, str]]:
    actors = {person: act_as(getattr(cast, person)) for person in PEOPLE}
    return {
        verb: {person: outcome(verb, actor, dossier, cast) for person, actor in actors.items()}
        for verb in VERBS
    }


@pytest.mark.parametrize("place", KON_TUM)
def test_every_verb_of_everybody(cast, place):
    """NĐ 30/2020 Điều 29.2, 29.4; Kon Tum Điều 20.2, 21.1: done, and refused in words."""
    dossier = at_place(cast, place)
    assert tried(cast, dossier) == expected(KON_TUM[place], dossier.state)


@pytest.mark.parametrize("place", BAC_GIANG)
def test_every_verb_of_everybody_where_the_leader_closes(cast, place):
    """Bắc Giang Điều 6.2, 6.3."""
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name="bac-giang-2014")
    cast.city.refresh_from_db()
    dossier = at_place(cast, place)
    assert tried(cast, dossier) == expected(BAC_GIANG[place], dossier.state)


def test_the_tables_know_every_verb_and_every_state():
    """A verb that is exported is tried, unless it is a beginning (below) or no verb of people."""
    no_verbs = {"CodeTaken", "Fields", "Line", "NotPlanned", "count", "expected_waits",
                "forget_document", "holders", "lock_with_holders", "recount",
                "watch_leavers"}  # fmt: skip
    beginnings = {"open", "begin", "open_task", "begin_task"}
    assert set(actions.__all__) - no_verbs - beginnings == set(VERBS)
    leads = {move.partition(" > ")[2] for one in KON_TUM.values() for move in one.done} - {""}
    assert leads == set(State.values) - {State.OPENED}
    done = {move.partition(" > ")[0] for one in KON_TUM.values() for move in one.done}
    assert done == set(VERBS)


WORKERS = (OFFICE | {"clerk", "archivist", "adviser", "head", "deputy", "specialist", "colleague",
                     "finance_head", "accountant"})  # fmt: skip
GIVERS = OFFICE | {"head", "finance_head"}
# A line that the catalogue gives to a unit, not to one person of it.
OF_LINE = OFFICE | {"head", "deputy", "specialist", "colleague"}
# Whoever types the notation of somebody else's line is told so at the field.
TYPED = ("open under the notation of a line", "file_notation")
# Beginning → regulation → who may; all others are refused, or find no such document.
BEGINNINGS = {
    "open": {"kon-tum-2017": WORKERS, "bac-giang-2014": WORKERS},
    "open from a document": {
        "kon-tum-2017": OFFICE | {"head", "specialist", "finance_head"},
        # "Chủ tịch UBND thành phố hoặc Chánh Văn phòng" (Điều 6.1): no deputy but by delegation.
        "bac-giang-2014": {"chair", "chief"},
    },
    "open a line of the catalogue": {"kon-tum-2017": OF_LINE, "bac-giang-2014": OF_LINE},
    # Whoever types its notation opens the line.
    "open under the notation of a line": {"kon-tum-2017": OF_LINE, "bac-giang-2014": OF_LINE},
    "begin": {"kon-tum-2017": GIVERS, "bac-giang-2014": GIVERS},
    "open_task": {"kon-tum-2017": GIVERS, "bac-giang-2014": GIVERS | {"deputy"}},
    "begin_task": {"kon-tum-2017": GIVERS, "bac-giang-2014": GIVERS | {"deputy"}},
}


@pytest.mark.parametrize("regulation", ["kon-tum-2017", "bac-giang-2014"])
def test_every_beginning_by_everybody(cast, pdf, issued, regulation):
    """Bắc Giang Điều 5.4a, 6.1; Kon Tum Điều 20.2; NĐ 30/2020 Điều 29.2."""
    document = play.assigned(cast, pdf)
    Agency.objects.filter(pk=cast.city.pk).update(regulation_name=regulation)
    planned = issued.lines.get(file_notation="01.QLĐT")
    done: dict[str, set[str]] = {beginning: set() for beginning in BEGINNINGS}
    in_vain: set[tuple[str, str | None]] = set()
    for beginning in BEGINNINGS:
        for person in (one for one in PEOPLE if one not in ("ward_chair", "stranger")):
            with transaction.atomic():
                try:
                    made = begun_by(beginning, act_as(getattr(cast, person)), document, planned)
                except (NotYours, ObjectDoesNotExist):  # nobody else hears of anything else
                    assert not Dossier.objects.exists()
                except Refusal as refused:  # it is opened, under another notation
                    in_vain.add((beginning, refused.field))
                    assert not Dossier.objects.exists()
                else:
                    assert made.opened_by.user == getattr(cast, person)
                    gives = beginning.startswith("begin")
                    assert made.state == (State.IN_PROCESS if gives else State.OPENED)
                    of_line = planned if "a line" in beginning else None
                    assert made.planned == of_line
                    done[beginning].add(person)
                transaction.set_rollback(True)
    assert done == {beginning: may[regulation] for beginning, may in BEGINNINGS.items()}
    assert in_vain == {TYPED}


def begun_by(beginning: str, actor, document, planned) -> Dossier:
    """Begin it with one's own people."""
    mine, own = actor.appointment, typed(file_notation="09.QLĐT")
    lines = [Line(LEAD, actor.unit, actor.user, "", later(5))]
    match beginning:
        case "open":
            return actions.open(actor, own)
        case "open from a document":
            return actions.open(actor, own, source=document)
        case "open a line of the catalogue":
            return actions.open(actor, typed(), planned=planned)
        case "open under the notation of a line":
            return actions.open(actor, typed())
        case "begin":
            return actions.begin(actor, own, lines=lines)
        case "open_task":
            return actions.open_task(actor, Fields(title="Việc"), keeper=mine, text="Làm.")
        case "begin_task":
            return actions.begin_task(actor, Fields(title="Việc"), lines=lines, text="Làm.")
    raise ValueError(beginning)


def test_what_is_another_agencys_is_not_there(cast, pdf, issued):
    """Neither its document nor its catalogue begins a dossier next door."""
    document, planned = play.assigned(cast, pdf), issued.lines.first()
    for who in (cast.ward_chair, cast.stranger):
        for beginning in ("open from a document", "open a line of the catalogue"):
            with pytest.raises(ObjectDoesNotExist):
                begun_by(beginning, act_as(who), document, planned)
    assert not Dossier.objects.exists()
