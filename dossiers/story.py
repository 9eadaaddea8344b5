"""What was done in a dossier, told to one reader: the trail, and what was asked on the way.

Each kind of rows is asked for once, and only where the trail says that there are any: rules,
buttons and panels of the page then find them read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from documents.asked import with_extensions
from documents.models import DocumentAct, Extension, Opinion
from dossiers import taken
from dossiers.choices import Verb
from dossiers.models import Dossier, Item
from dossiers.named import named
from dossiers.told import told_to
from dossiers.trail import ActLine, acts_of, trails


@dataclass(frozen=True)
class Story:
    """What of it the reader may know."""

    # Acts on the dossier itself, oldest first; in words, newest first.
    acts: list[DocumentAct]
    steps: list[ActLine]
    # Of its documents, by their keys.
    of: dict[int, list[ActLine]]
    # Of the dossier, oldest first.
    questions: list[Opinion]
    extensions: list[Extension]

    def of_item(self, item: Item) -> list[ActLine]:
        """What was done about the document that it is, if it is one."""
        return self.of.get(item.document_id or 0, [])


def tell(actor: Actor, dossier: Dossier, items: Sequence[Any], *, with_acts: bool) -> Story:
    """The story of these items; ``with_acts``: with what was done about their documents.

    Opinions among the items get what they said.
    """
    acts = acts_of(dossier, items if with_acts else [])
    names = named(actor, dossier, acts)
    told = told_to(actor, dossier, acts, names)
    own = [act for act in told if act.target_id == dossier.pk]
    # All acts: what was asked is told to whoever reads the dossier.
    verbs = {act.verb for act in acts if act.target_id == dossier.pk}
    opinions = _opinions(dossier, items, taken.opinions_in(own), asked=Verb.ASK_OPINION in verbs)
    extensions = with_extensions(dossier) if Verb.REQUEST_EXTENSION in verbs else []
    questions = [one for one in opinions.values() if one.document_id == dossier.pk]
    dossier.open_opinions = [one for one in questions if one.is_open]
    dossier.open_extensions = [one for one in reversed(extensions) if one.is_open]
    lines = trails(actor, told, names, taken.said(own, names, opinions))
    return Story(own, lines.pop(dossier.pk, []), lines, questions, extensions)


def _opinions(
    dossier: Dossier, items: Sequence[Any], gone: set[int], *, asked: bool
) -> dict[int, Opinion]:
    """All on the dossier (``asked``: there are any), those that lie in it, those taken out."""
    keys = gone | {one.opinion_id for one in items if one.opinion_id}
    if not keys and not asked:
        return {}
    wanted = Q(pk__in=keys) | Q(document=dossier.pk) if asked else Q(pk__in=keys)
    whole = ("unit", "person", "asked_by__user", "answered_by__user", "document")
    found = {
        one.pk: one for one in Opinion.objects.filter(wanted).select_related(*whole).order_by("pk")
    }
    for one in items:
        if one.opinion_id:
            one.opinion = found[one.opinion_id]
    return found
