"""Loads the demo: draws the papers, takes them in, and plays all stories hour by hour."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush

from django.db import connection

from accounts.actions import delegate
from accounts.choices import Role
from accounts.models import Agency
from core import clock
from documents.actions import note_on_paper, seal
from documents.calendar import office_calendar
from documents.choices import Kind
from documents.uploads import from_bytes
from edocman.demo import (
    catalogues,
    dossiers,
    drafts,
    hours,
    keys,
    letters,
    offered,
    offices,
    papers,
)
from edocman.demo.letters import Arrival
from edocman.demo.plans import Plan, plans
from edocman.demo.stories import Office, Stage, Story, office
from incoming import actions
from incoming.choices import State
from incoming.models import IncomingDocument
from notifications.actions import mark_read
from notifications.models import Notification

WEEKS = 4
_INSPECTIONS = 2  # at a time
_STOPS = time(11, 15)

Say = Callable[[str], None]


def load(*, weeks: int = WEEKS, each: int | None = None, say: Say = lambda _line: None) -> None:
    """Make the offices and play some weeks of documents that end today.

    ``each`` takes only so many letters of every kind of story: a small demo for the tests.
    """
    calendar = office_calendar()
    last = hours.last_half_day(clock.now(), calendar)
    stage = Stage(clock.today(), hours.at(last, _STOPS), calendar)
    say("making offices and people")
    offices.make()
    offered.make()
    drafts.keep_ready()
    if not keys.give():
        say("no keys: the demo's authority is not among SIGNATURE_ANCHORS")
    _count_rows()
    cast = _offices()
    known = plans()
    stories = [
        Story(cast[arrival.agency], arrival, plan, stage)
        for arrival, plan in _few(_arrivals(last, stage, weeks), known, each)
    ]
    stories.sort(key=lambda story: story.moment)
    say(f"drawing and inspecting {len(stories)} letters")
    _take_in(stories)
    say("playing the weeks up to today")
    year = stage.end.year
    with clock.set_to(stories[0].moment):
        catalogues.make(cast.values(), year)
    _play([*(story.steps() for story in stories), _evenings(cast.values(), stories, stage)])
    _absences(cast)
    _half_typed(stories)
    _on_paper(cast)
    catalogues.go_on(cast, year)
    _count_rows()
    # In working hours, and after all that was done with the documents.
    with clock.set_to(stage.end):
        for one in cast.values():
            dossiers.play(one)
            drafts.play(one)
    say("sealing the trail")
    for one in cast.values():
        seal(one.agency)
        actions.record_rounds(one.agency)
    offices.mark_loaded()


def _count_rows() -> None:
    """Tell PostgreSQL how much there is by now: it plans for empty tables until it has looked."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _arrivals(last: date, stage: Stage, weeks: int) -> list[Arrival]:
    arrivals = partial(letters.arrivals, last, stage.calendar, days=weeks * 7 - 1)
    found = [*arrivals(), *arrivals(source="more"), *arrivals(source="provinces")]
    oldest = min(arrival.arrival_date for arrival in found)
    return [*letters.regulations(oldest), *found]


def _few(
    arrivals: Iterable[Arrival], known: dict[str, Plan], each: int | None
) -> Iterator[tuple[Arrival, Plan]]:
    taken: Counter[tuple[str, bool]] = Counter()
    for arrival in arrivals:
        plan = known[arrival.code]
        kind = plan.until, arrival.agency == offices.CITY
        taken[kind] += 1
        if each is None or taken[kind] <= each:
            yield arrival, plan


def _absences(cast: dict[str, Office]) -> None:
    """A head of Bắc Giang is away this week; his deputy stands in (Bắc Giang Điều 5.3d)."""
    office = cast["bacgiang"]
    [head] = office.people["dothi", Role.UNIT_HEAD]
    [deputy] = office.people["dothi", Role.DEPUTY_HEAD]
    today = clock.today()
    delegate(
        office.actor(head),
        deputy,
        start_date=today,
        end_date=today + timedelta(days=4),
        decision_number="18/GUQ-QLĐT",
    )


def _half_typed(stories: list[Story]) -> None:
    """In each office the clerk has begun the first letter of the tray."""
    begun: set[int] = set()
    for story in stories:
        agency = story.document.agency_id
        if story.document.state != State.RECEIVED or agency in begun:
            continue
        begun.add(agency)
        clerk = story.office.actor(story.office.clerk)
        letter = story.arrival.letter
        typed = {"organ_name": story.arrival.organ_name, "subject": letter.subject}
        actions.keep_draft(clerk, story.document.entry_token, typed)


def _on_paper(cast: dict[str, Office]) -> None:
    """Two papers that may not enter stand on the paper register (Kon Tum Điều 4, 14.7)."""
    office = cast["kontum"]
    for kind, number, days in (("state_secrets", 31, 6), ("petitions", 118, 2)):
        day = clock.today() - timedelta(days=days)
        note_on_paper(
            office.actor(office.clerk), direction=Kind.INCOMING, kind=kind, number=number, day=day
        )


def _offices() -> dict[str, Office]:
    codes = {
        entry["slug"]: {unit["name"]: unit["code"] for unit in entry["units"]}
        for entry in letters.offices()["agencies"]
    }
    return {
        agency.slug: office(agency, codes[agency.slug])
        for agency in Agency.objects.select_related("parent")
    }


def _take_in(stories: list[Story]) -> None:
    """Each letter is drawn and received; while the next is drawn, two are inspected."""
    # Inside a transaction (a test) no other connection sees the rows.
    if connection.in_atomic_block:
        for story in stories:
            _receive(story)
            actions.inspect_tray(story.document)
        return
    with ThreadPoolExecutor(_INSPECTIONS) as pool:
        jobs = []
        for story in stories:
            _receive(story)
            jobs.append(pool.submit(_inspect, story.document))
        for job in jobs:
            job.result()


def _receive(story: Story) -> None:
    arrival = story.arrival
    content = (
        papers.regulation_pdf(arrival.letter)
        if arrival.letter.text
        else papers.letter(arrival.letter)
    )
    story.receive(from_bytes(content, arrival.file_name))


def _inspect(document: IncomingDocument) -> None:
    try:
        actions.inspect_tray(document)
    finally:
        connection.close()


def _play(acts: Iterable[Iterator[datetime]]) -> None:
    """Whoever's moment comes first goes on; numbers are drawn in that order."""
    queue: list[tuple[datetime, int, Iterator[datetime]]] = []
    for place, act in enumerate(acts):
        if first := next(act, None):
            heappush(queue, (first, place, act))
    while queue:
        moment, place, act = heappop(queue)
        with clock.set_to(moment):
            following = next(act, None)
        if following:
            heappush(queue, (following, place, act))


def _evenings(cast: Iterable[Office], stories: list[Story], stage: Stage) -> Iterator[datetime]:
    """Before they go home, people read what they were told; the last two days are still unread."""
    first, last = stories[0].arrival.arrival_date, stage.end.date()
    days = [first + timedelta(days=days) for days in range((last - first).days)]
    by_agency = {one.agency.pk: one for one in cast}
    for day in [day for day in days if stage.calendar.is_working_day(day)][:-1]:
        yield hours.at(day, hours.CLOSES)
        told = Notification.objects.filter(read_at__isnull=True).select_related("user")
        for agency, user in {(row.agency_id, row.user) for row in told}:
            mark_read(by_agency[agency].actor(user))
