"""What the apps above hold of what came in; filled when they are ready.

Their documents may hold the content of one that is taken out by decision, and may not be imported
here: each app registers how many do, and what it does about them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.actor import Actor
from documents.models import Document


@dataclass(frozen=True)
class Held:
    """How many documents still hold the content of one that was taken out."""

    copies: int = 0
    replies: int = 0


@dataclass(frozen=True)
class Holder:
    """An app whose documents hold the content of others."""

    # The keys of those that do; they are locked together with the one that is taken out.
    keys: Callable[[Document], list[int]]
    # Stops what has not gone out, tells the clerk of what has; answers how many there are.
    stop: Callable[[Actor, Document], Held]


HOLDERS: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """Called by the ready() of an app above."""
    if holder not in HOLDERS:
        HOLDERS.append(holder)


def held_by(document: Document) -> set[int]:
    """The keys of all documents above that hold its content."""
    return {key for holder in HOLDERS for key in holder.keys(document)}


def stop_all(actor: Actor, document: Document) -> Held:
    """Stop them; answers how many hold it still."""
    found = [holder.stop(actor, document) for holder in HOLDERS]
    return Held(sum(one.copies for one in found), sum(one.replies for one in found))
