"""Questions about documents: everything that reaches a person starts at ``visible_to``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Concat

from accounts.actor import Actor
from accounts.choices import Role, Scope
from core.text import fold
from documents.choices import DECISIONS, OF_HEAD, READ, VOID_ASSIGNMENT
from documents.grants import GroupGrant, UserGrant

Rows = QuerySet[Any]
Narrow = Callable[[Rows], Rows]


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after (older than) or before (newer than) one document."""

    day: date
    number: int
    pk: int
    backwards: bool = False

    @classmethod
    def parse(cls, value: str) -> Cursor | None:
        """Reads what ``str()`` wrote; None for anything else."""
        try:
            side, day, number, pk = value.split("_")
            return cls(date.fromisoformat(day), int(number), int(pk), side == "b")
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{'b' if self.backwards else 'a'}_{self.day.isoformat()}_{self.number}_{self.pk}"


@dataclass(frozen=True)
class Page:
    """One page of a list, newest first, and the cursors to its neighbours.

    ``count``: how many there are in all, up to the bound that was asked for.
    """

    rows: list[Any]
    newer: Cursor | None
    older: Cursor | None
    count: int = 0


class DocumentQuerySet(QuerySet[Any]):
    """Documents."""

    def visible_to(self, actor: Actor | None) -> Self:
        """Those that the actor may see today: his agency's by role, or by grant."""
        if actor is None:
            return self.none()
        inside = self.filter(agency=actor.agency)
        if actor.sees_whole_agency:
            return inside
        given = Q(Exists(UserGrant.objects.filter(content_object=OuterRef("pk"), user=actor.user)))
        if groups := actor.post_groups | actor.delegated_groups:
            given |= Q(
                Exists(GroupGrant.objects.filter(content_object=OuterRef("pk"), group__in=groups))
            )
        if people := _principals(actor):
            given |= Q(Exists(_handed_over(people).filter(content_object=OuterRef("pk"))))
        return inside.filter(given)

    def registered(self) -> Self:
        """Those that have taken a number."""
        return self.filter(register__isnull=False)

    def matching(self, words: str) -> Self:
        """Those whose fields hold all these words or parts of them, without regard to marks."""
        return self.holding(fold(words).split())

    def holding(self, words: list[str]) -> Self:
        """Those whose folded text holds all these folded words or phrases.

        Where one of them is a number, the index is asked for that one alone: the letters of a
        notation stand in every second document, and reading their lists took five times as long
        (1,000,000 documents: 26 ms, 5 ms).
        """
        rare = [one for one in words if len(one) > 2 and one.isdecimal()]
        found, unindexed = self, [one for one in words if rare and one not in rare]
        for word in rare or words:
            found = found.filter(search_text__contains=word)
        if unindexed:
            text = Concat("search_text", Value(""), output_field=TextField())
            found = found.alias(searched_text=text)
        for word in unindexed:
            found = found.filter(searched_text__contains=word)
        return found

    def with_leads(self) -> Self:
        """Adds ``leads``: who leads the work on each, for lists."""
        assignments = apps.get_model("documents", "Assignment")  # by name: the models import this
        leads = (
            assignments.objects.filter(role="lead", parent__isnull=True)
            .exclude(state__in=VOID_ASSIGNMENT)
            .select_related("unit", "person")
        )
        return self.prefetch_related(Prefetch("assignments", queryset=leads, to_attr="leads"))

    def overdue(self, today: date) -> Self:
        """Open ones whose day has passed."""
        return self.filter(due_date__lt=today, state__in=OPEN_STATES)


def _principals(actor: Actor) -> list[int]:
    """Those who delegated to the actor."""
    return sorted({one.person.pk for one in actor.delegations})


def _handed_over(people: list[int]) -> Rows:
    """Personal grants of these people where the document waits for them: what a delegate sees.

    The rest of what they see in person stays theirs.
    """
    waiting = apps.get_model("documents", "Waiting")  # by name: the models import this file
    open_work = waiting.objects.exclude(verb=READ).filter(
        document=OuterRef("content_object"), user=OuterRef("user")
    )
    return UserGrant.objects.filter(Exists(open_work), user__in=people)


OPEN_STATES = (
    *("registered", "submitted", "proposed", "in_process"),
    *("opened", "completed"),
    *("drafting", "content", "format", "appraisal", "approval", "clerk", "signing"),
)
_ORDER = ("-day", "-number", "-pk")


def _beyond(rows: Rows, cursor: Cursor | None, pk: str) -> Rows:
    """Rows on the far side of the cursor, nearest to it first."""
    order = ("day", "number", pk) if cursor and cursor.backwards else ("-day", "-number", f"-{pk}")
    if cursor is None:
        return rows.order_by(*order)
    side = "gt" if cursor.backwards else "lt"
    # The first line says nothing new, but lets the index start at the cursor's day.
    return rows.filter(
        Q(**{f"day__{side}e": cursor.day}),
        Q(**{f"day__{side}": cursor.day})
        | Q(day=cursor.day, **{f"number__{side}": cursor.number})
        | Q(day=cursor.day, number=cursor.number, **{f"{pk}__{side}": cursor.pk}),
    ).order_by(*order)


def _granted(actor: Actor) -> list[Rows]:
    """Grants of the actor: his own, those of each of his posts, what is handed over to him."""
    groups = actor.post_groups | actor.delegated_groups
    return [
        UserGrant.objects.filter(user=actor.user),
        *(GroupGrant.objects.filter(group=group) for group in sorted(groups)),
        *(_handed_over([pk]) for pk in _principals(actor)),
    ]


def _passing(grants: Rows, narrowed: Rows, kind: str) -> Rows:
    """Those of these grants whose document passes."""
    passes = Exists(narrowed.filter(pk=OuterRef("content_object_id")))
    return grants.filter(kind=kind).filter(passes)


def _in_agency_unindexed(rows: Rows, actor: Actor) -> Rows:
    """Those of his agency, without its index.

    Beside the index of words, or that of somebody's grants, the database would read all 250,000
    keys of an agency to leave out a few of others (12 of 17 ms).
    """
    return rows.alias(of_agency=F("agency_id") + Value(0)).filter(of_agency=actor.agency.pk)


def countable(actor: Actor, kind: str, *, narrow: Narrow = lambda rows: rows, most: int) -> Rows:
    """At most so many keys of registered documents that the actor sees and that pass.

    Written for counting: whoever sees twenty of a million would have all of them looked through
    otherwise. Keys of several posts are united, so that there may be more than ``most``.
    """
    everything = apps.get_model("documents", "Document")  # by name: the models import this file
    there = everything.objects.filter(kind=kind, register__isnull=False)
    if actor.sees_whole_agency:
        return narrow(there.filter(agency=actor.agency)).order_by().values("pk")[:most]
    narrowed = narrow(_in_agency_unindexed(there, actor)).order_by()
    limited = [
        _passing(part, narrowed, kind).order_by().values("content_object_id")[:most]
        for part in _granted(actor)
    ]
    return limited[0].union(*limited[1:]) if len(limited) > 1 else limited[0]


def count_of(actor: Actor, kind: str, *, narrow: Narrow, most: int) -> int:
    """How many registered documents the actor sees that pass, counted up to ``most``."""
    return min(int(countable(actor, kind, narrow=narrow, most=most).count()), most)


def page_of(
    documents: Rows,
    actor: Actor,
    kind: str,
    *,
    narrow: Narrow = lambda rows: rows,
    cursor: Cursor | None = None,
    size: int = 50,
    most: int = 0,
    by_words: bool = False,
) -> Page:
    """One page of the registered documents that the actor sees, by keyset.

    With ``most`` the page also counts them, up to so many: to find the newest of rare ones all are
    looked for anyway. Behind a cursor ``count_of`` counts.

    The fast path of ``visible_to``: one limited sub-select for each of his posts and one for
    himself, then their union. ``narrow`` filters a queryset of Document. ``documents`` says how
    the rows of the page are loaded (its model must be Document or a child of it). ``by_words``:
    what narrows is the text.
    """
    everything = apps.get_model("documents", "Document")  # by name: the models import this file
    there: Rows = everything.objects.filter(kind=kind, register__isnull=False)
    if by_words and not actor.sees_whole_agency:
        base = narrow(_in_agency_unindexed(there, actor))
    else:
        base = narrow(there.filter(agency=actor.agency))
    reach = max(size + 1, most)
    if actor.sees_whole_agency:
        keys = list(_beyond(base, cursor, "pk").values_list("pk", flat=True)[:reach])
    else:
        narrowed = base.order_by()
        limited = [
            _beyond(_passing(part, narrowed, kind), cursor, "content_object_id").values_list(
                "day", "number", "content_object_id"
            )[:reach]
            for part in _granted(actor)
        ]
        rows = (
            {row for part in limited for row in part}
            if len(limited) == 1
            else set(limited[0].union(*limited[1:]))
        )
        ordered = sorted(rows, reverse=not (cursor and cursor.backwards))
        keys = [key for _day, _number, key in ordered]
    count = min(len(keys), most)
    more = len(keys) > size
    keys = keys[:size]
    found = {row.pk: row for row in documents.filter(pk__in=keys)}
    page = [found[key] for key in keys if key in found]
    if cursor and cursor.backwards:
        page.reverse()
    has_newer = more if cursor and cursor.backwards else cursor is not None
    has_older = True if cursor and cursor.backwards else more
    return Page(
        page,
        Cursor(page[0].day, page[0].number, page[0].pk, True) if page and has_newer else None,
        Cursor(page[-1].day, page[-1].number, page[-1].pk) if page and has_older else None,
        count,
    )


class WaitingQuerySet(QuerySet[Any]):
    """What waits for somebody."""

    def waiting_for(self, actor: Actor) -> Self:
        """Rows of the actor, of the posts that he holds today, and of those whom he stands in for.

        What is only to be read waits for its reader to come back.
        """
        mine = Q(user=actor.user)
        if actor.post_groups:
            mine |= Q(group__in=actor.post_groups)
        for one in actor.delegations:
            theirs = Q(user=one.person)
            if group := getattr(one.appointment, "post_group", None):
                theirs |= Q(group=group)
            kept = [READ] if one.scope == Scope.ALL else [READ, *DECISIONS]
            mine |= theirs & ~Q(verb__in=kept)
        found = self.filter(mine, agency=actor.agency)
        held = (*actor.appointments, *(one.appointment for one in actor.delegations))
        if any(one.role == Role.LEADER for one in held) and not actor.answers_for_head:
            found = found.exclude(verb__in=OF_HEAD, group__isnull=False)
        return found

    def due(self) -> Self:
        """Those that ask for work; what is only to be read does not count."""
        return self.exclude(verb=READ)

    def unread(self) -> Self:
        """Those that are only to be read."""
        return self.filter(verb=READ)

    def urgent_first(self) -> Self:
        """What somebody is urged to do, then urgent ones without a day, then by day, urgency, age.

        Kon Tum Điều 11.6b.
        """
        at_once = Case(When(due_date__isnull=True, priority__gt=0, then=0), default=1)
        return self.order_by(
            "-urged", at_once, F("due_date").asc(nulls_last=True), "-priority", "since", "pk"
        )
