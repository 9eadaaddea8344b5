"""Searching over every document that the actor may see, whatever its kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.models import Agency
from documents.choices import Kind, ListPage
from documents.marks import terms
from documents.models import Document
from documents.models.saved import saved_filters
from documents.querysets import Cursor, count_of, page_of
from dossiers import listing as shelves
from dossiers.filing import of_dossiers
from incoming import listing
from incoming.filters import DocumentFilter, Offered
from outgoing import listing as drafts

WORDS = gettext_lazy("Chữ, số cần tìm")  # the label of what is searched for
SIZE = 30  # whoever searches reads the first ones; each line costs its drawing
# Hits beyond it are not counted: of more nobody reads, and counting a thousand cost as much as all
# the rest of the page.
CAP = 301
_NEWEST = 200  # documents whose issuers are offered while one types
_OFFERED = 20
_DOSSIERS = 5
_DRAFTS = 5


@dataclass(frozen=True)
class Shelf:
    """How one kind of document is loaded and written as lines."""

    loaded_for: Callable[[Actor], QuerySet]
    lines: Callable[..., list[dict[str, Any]]]


# Every kind brings its own lines; each leads to its own page by get_absolute_url.
SHELVES = {Kind.INCOMING: Shelf(listing.loaded_for, listing.lines)}


@dataclass(frozen=True)
class Found:
    """One page of hits, newest first, and how many there are (at most CAP)."""

    rows: list[dict[str, Any]]
    newer: Cursor | None
    older: Cursor | None
    count: int


def offered_to(actor: Actor) -> tuple[Offered, list[dict[str, Any]]]:
    """What the filters offer, and the reader's saved searches: one query."""
    asked = Offered.asked(actor) | {"saved": saved_filters(actor, ListPage.SEARCH)}
    row: dict[str, Any] = dict(Agency.objects.filter(pk=actor.agency.pk).values(**asked).get())
    return Offered.of(row), row["saved"]


def find(actor: Actor, filters: DocumentFilter, cursor: Cursor | None) -> Found:
    """The page of hits behind a cursor: every kind by its own keyset, then together by day."""
    found: list[tuple[tuple[date, int, int], dict[str, Any]]] = []
    more, words, count = False, filters.words, 0
    for kind, shelf in SHELVES.items():
        page = page_of(
            shelf.loaded_for(actor),
            actor,
            kind,
            narrow=filters.narrow,
            cursor=cursor,
            size=SIZE,
            most=0 if cursor else CAP,
            by_words=bool(words),
        )
        count += page.count
        more = more or bool(page.newer if cursor and cursor.backwards else page.older)
        for line in shelf.lines(actor, page.rows, words):
            one = line["document"]
            found.append(((one.day, one.number, one.pk), line))
    backwards = bool(cursor and cursor.backwards)
    # Nearest to the cursor first, so that what is over goes to the next page.
    found.sort(key=lambda pair: pair[0], reverse=not backwards)
    more, found = more or len(found) > SIZE, found[:SIZE]
    keys = sorted((key for key, _line in found), reverse=True)
    has_newer = more if backwards else cursor is not None
    has_older = True if backwards else more
    return Found(
        [line for _key, line in sorted(found, key=lambda pair: pair[0], reverse=True)],
        Cursor(*keys[0], True) if keys and has_newer else None,
        Cursor(*keys[-1]) if keys and has_older else None,
        _count(actor, filters) if cursor else min(count, CAP),
    )


def _count(actor: Actor, filters: DocumentFilter) -> int:
    found = sum(count_of(actor, kind, narrow=filters.narrow, most=CAP) for kind in SHELVES)
    return min(found, CAP)


def issuers(actor: Actor, typed: str) -> list[str]:
    """Issuers of what the actor may see that hold these words, the newest documents' first."""
    filters = DocumentFilter({"organ_name": typed}, Offered(agency_id=actor.agency.pk))
    names: dict[str, None] = {}
    for kind in SHELVES:
        page = page_of(
            Document.objects.only("organ_name", "day", "number"),
            actor,
            kind,
            narrow=filters.narrow,
            size=_NEWEST,
        )
        names |= dict.fromkeys(row.organ_name for row in page.rows)
    return [name for name in names if name][:_OFFERED]


def dossiers(actor: Actor, typed: str) -> list[dict[str, Any]]:
    """The newest dossiers whose code or title holds these words."""
    words = terms(typed)
    if not words:
        return []
    page = page_of(
        shelves.loaded_for(actor),
        actor,
        Kind.DOSSIER,
        narrow=lambda rows: shelves.narrowed(rows, {"q": " ".join(words)}),
        size=_DOSSIERS,
    )
    return shelves.lines(actor, page.rows, words)


def outgoing(actor: Actor, typed: str, dossier: str = "") -> list[dict[str, Any]]:
    """The newest drafts and outgoing documents that hold these words, or lie in these dossiers."""
    words = terms(typed)
    if not words and not dossier:
        return []

    def narrow(rows: QuerySet) -> QuerySet:
        found: QuerySet = rows.holding(words)  # type: ignore[attr-defined]
        return found.filter(of_dossiers(actor, dossier)) if dossier else found

    page = page_of(
        drafts.loaded(), actor, Kind.OUTGOING, narrow=narrow, size=_DRAFTS, by_words=bool(words)
    )
    return [drafts.line(actor, one, words) for one in page.rows]
