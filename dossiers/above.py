"""What the floors above tell of their documents; filled when their apps are ready.

A dossier holds documents of apps that it may not import. Each of them registers here how its
documents are opened and told, and what it checks before a dossier is closed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.actor import Actor
from documents.actions.giving import Line
from documents.models import Document, DocumentAct


@dataclass(frozen=True)
class Above:
    """A kind of document as its own app knows it."""

    # The page of one: agency slug, key.
    url: Callable[[str, int], str]
    # What an act did, in words.
    words: Callable[[DocumentAct], str]
    # Verbs that tell the story: directives and results.
    telling: frozenset[str]
    # True for whoever works on that document.
    works_on: Callable[[Actor, Document], bool]
    # Keys of those of them that the actor may let others see, asked once for all of a list; and
    # the verb that does so.
    shareable: Callable[[Actor, Sequence[Document]], Collection[int]]
    share: Callable[[Actor, Document, Sequence[Line]], object]
    # Of these documents, by keys: which one holds which file, by the hashes of these.
    files: Callable[[Iterable[int]], Iterable[tuple[int, str]]]


@dataclass(frozen=True)
class Finding:
    """Something that should be put right before a dossier is closed, or overruled with a reason."""

    code: str
    message: str
    # For the trail: Vietnamese always, and no counts, for its readers may see less than the closer.
    record: str
    # Keys of the items that it speaks of.
    items: tuple[int, ...] = ()
    # No reason makes up for it: it is mended, or the dossier is not closed.
    is_binding: bool = False

    @property
    def marks(self) -> frozenset[str]:
        """What it was found in: whoever overrules it has seen these, and none beside them."""
        return frozenset(map(str, self.items)) or frozenset({self.record})


# Gets the reader, the dossier and those of its items that the reader sees.
Check = Callable[[Actor, Any, Sequence[Any]], Iterable[Finding]]

KINDS: dict[str, Above] = {}
CHECKS: list[Check] = []


def register_kind(kind: str, above: Above) -> None:
    """Say how documents of a kind are shown; called by the ready() of their app."""
    KINDS[kind] = above


def register_check(check: Check) -> Check:
    """Add a check before closing; called by the ready() of an app above."""
    if check not in CHECKS:
        CHECKS.append(check)
    return check
