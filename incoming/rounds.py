"""The rounds at which the clerk submits (Bình Định Điều 9.1): the next one, and how one went.

By its words what was received before the hour goes before the hour. What came so shortly before it
that it could not be scanned and entered any more belongs to the next round: how shortly, and how
soon "at once" is, the regulation leaves to the office (accounts.chosen).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Agency
from core import clock
from documents.calendar import office_calendar
from documents.models import DocumentAct
from documents.workdays import WorkCalendar
from dossiers.filing import of_dossiers
from incoming.choices import State, Verb
from incoming.models import IncomingDocument

# The acts by which a clerk hands on what is in the book.
_SUBMITTING = (Verb.SUBMIT, Verb.FORWARD)
# The acts by which one comes to the clerk: it arrives, or goes back to him.
_COMES = Q(to_state=State.RECEIVED) & ~Q(from_state=State.RECEIVED) | Q(
    to_state=State.REGISTERED
) & ~Q(from_state__in=(State.RECEIVED, State.REGISTERED))


@dataclass(frozen=True)
class NextRound:
    """The next round: until when what has arrived is to be submitted, and who says so."""

    at: datetime
    is_today: bool
    article: str


@dataclass(frozen=True)
class Outcome:
    """How a round went: what was there to submit, what of it went before the hour, what did not."""

    waiting: int
    in_time: int
    in_tray: int
    late: list[int]


def next_round(agency: Agency) -> NextRound | None:
    """The next round of a working day; None in an agency without rounds."""
    provision = agency.regulation.rounds
    if provision is None:
        return None
    now, calendar = timezone.localtime(clock.now()), office_calendar()
    day = now.date()
    while True:
        for at in _of_day(day, provision.value, calendar):
            if at > now:
                return NextRound(at, day == now.date(), provision.article)
        day += timedelta(days=1)


def rounds_between(agency: Agency, first: date, until: datetime) -> Iterator[datetime]:
    """The rounds from the first one of a day to that moment, oldest first."""
    provision = agency.regulation.rounds
    if provision is None:
        return
    calendar = office_calendar()
    day = first
    while day <= timezone.localtime(until).date():
        for at in _of_day(day, provision.value, calendar):
            if at <= until:
                yield at
        day += timedelta(days=1)


def round_before(agency: Agency, at: datetime) -> datetime:
    """The round that went before one; every office works within a month."""
    day = timezone.localtime(at).date()
    earlier = [one for one in rounds_between(agency, day - timedelta(days=31), at) if one < at]
    return earlier[-1] if earlier else at - timedelta(days=31)


def to_submit(actor: Actor, dossier: str = "") -> QuerySet[IncomingDocument]:
    """Registered and not submitted: the urgent at once, the others before the next round.

    ``dossier``: only what lies in those that hold these words.
    """
    seen = IncomingDocument.objects.visible_to(actor).filter(state=State.REGISTERED)
    if dossier:
        seen = seen.filter(of_dossiers(actor, dossier))
    return seen.order_by("-priority", "registered_at", "pk")


def counts_to_submit(actor: Actor, dossier: str = "") -> dict[str, int]:
    """How many there are, and how many of them are urgent."""
    urgent = Count("pk", filter=Q(priority__gt=0))
    return to_submit(actor, dossier).order_by().aggregate(all=Count("pk"), urgent=urgent)


def outcome_of(agency: Agency, before: datetime, at: datetime) -> Outcome:
    """How the round at that moment went, read from the trail: true whenever it is asked."""
    acts = DocumentAct.objects.filter(target__agency=agency, target__kind="incoming")
    # Submitted between the rounds, or still with the clerk at the hour; what was cancelled or
    # taken out meanwhile was neither.
    gone = dict(
        acts.filter(at__gte=before, at__lt=at, verb__in=_SUBMITTING, from_state=State.REGISTERED)
        .order_by("at")
        .values_list("target", "at")
    )
    late = _standing_at(agency, at, State.REGISTERED)
    in_tray = _standing_at(agency, at, State.RECEIVED)
    for_the_next = _came_just_before(agency, at, late | in_tray)
    late, in_tray = late - for_the_next, in_tray - for_the_next
    if agency.regulation.urgent_at_once.value:
        late |= _not_at_once(agency, gone)
    in_time = set(gone) - late
    return Outcome(len(in_time | late), len(in_time), len(in_tray), sorted(late))


def _came_just_before(agency: Agency, at: datetime, keys: set[int]) -> set[int]:
    """Those that came to the clerk too shortly before a round to go with it, by the trail."""
    since = at - timedelta(minutes=agency.regulation.chosen.round_minutes)
    acts = DocumentAct.objects.filter(_COMES, target__in=keys, at__lt=at)
    last = acts.order_by("target", "-ordinal").distinct("target")
    # Scanned anew or taken apart in the tray, a paper has an entry younger than itself.
    came = When(verb=Verb.RECEIVE, then=F("target__incomingdocument__received_at"))
    rows = last.values_list("target", Case(came, default=F("at")))
    return {key for key, moment in rows if moment > since}


def _not_at_once(agency: Agency, gone: dict[int, datetime]) -> set[int]:
    """The urgent ones among these that lay with the clerk before they went, by the trail."""
    urgent = IncomingDocument.objects.filter(agency=agency, pk__in=gone, priority__gt=0)
    came = (
        DocumentAct.objects.filter(target__in=urgent, to_state=State.REGISTERED)
        .exclude(from_state=State.REGISTERED)
        .order_by("at")
        .values_list("target", "at")
    )
    since = {key: at for key, at in came if at <= gone[key]}
    most = timedelta(minutes=agency.regulation.chosen.urgent_minutes)
    return {key for key, at in since.items() if gone[key] - at > most}


def _standing_at(agency: Agency, at: datetime, state: State) -> set[int]:
    """Documents that stood in a state at a moment of the past, by the trail."""
    acts = DocumentAct.objects.filter(target__agency=agency)
    now_there = IncomingDocument.objects.filter(agency=agency, state=state)
    keys = set(now_there.values_list("pk", flat=True))
    keys |= set(acts.filter(at__gte=at, from_state=state).values_list("target", flat=True))
    before = acts.filter(target__in=keys, at__lt=at).order_by("target", "-ordinal")
    last = before.distinct("target").values_list("target", "to_state")
    return {key for key, stood in last if stood == state}


def _of_day(day: date, hours: tuple[str, ...], calendar: WorkCalendar) -> list[datetime]:
    if not calendar.is_working_day(day):
        return []
    return [
        timezone.make_aware(datetime.combine(day, each))
        for each in sorted(time.fromisoformat(each) for each in hours)
    ]
