"""What of a dossier's trail a reader may know: nothing of a document that he may not open."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from accounts.actor import Actor
from documents.models import Document, DocumentAct
from dossiers.choices import Verb
from dossiers.models import Dossier

# The act of opening stays: its words are for those who got the dossier.
_KEPT = (Verb.OPEN,)


def told_to(
    actor: Actor,
    dossier: Dossier,
    acts: Sequence[DocumentAct],
    *,
    seen: AbstractSet[int] = frozenset(),
) -> list[DocumentAct]:
    """These acts without those of documents that the reader may not open.

    Seeing a dossier is not seeing each document in it: that one was taken out, and why, would tell
    that it was there. Of a closing the reasons go that speak of things he does not see.
    ``seen``: documents that are known to be seen by him.
    """
    if actor.sees_whole_agency:
        return list(acts)
    told = {pk for act in acts if (pk := _document_of(dossier, act))}
    hidden = _hidden(actor, told - seen)
    found = [act for act in acts if _document_of(dossier, act) not in hidden]
    closings = [act for act in found if act.target_id == dossier.pk and act.verb == Verb.CLOSE]
    keys = {pk for act in closings for one in _overruled(act) for pk in one["items"]}
    if keys:
        items = dossier.items.visible_to(actor).filter(pk__in=keys)
        shown = set(items.values_list("pk", flat=True))
        for act in closings:
            _unsay(act, shown)
    return found


def _document_of(dossier: Dossier, act: DocumentAct) -> int | None:
    """The document in the dossier that an act of the dossier is about."""
    if act.target_id != dossier.pk or act.verb in _KEPT:
        return None
    return act.detail.get("document")


def _hidden(actor: Actor, documents: set[int]) -> set[int]:
    if not documents:
        return set()
    seen = Document.objects.visible_to(actor).filter(pk__in=documents)
    return documents - set(seen.values_list("pk", flat=True))


def _overruled(act: DocumentAct) -> list[dict[str, list[int]]]:
    found: list[dict[str, list[int]]] = act.detail.get("overruled", [])
    return found


def _unsay(act: DocumentAct, seen: set[int]) -> None:
    """Leave out the lines of findings of which the reader does not see everything.

    ``close`` writes one line for each finding, in their order, at the end. Only what is read
    changes; the act is never saved.
    """
    words, overruled = getattr(act, "words", None), _overruled(act)
    if words is None or not overruled:
        return
    lines = words.text.split("\n")
    before, said = lines[: -len(overruled)], lines[-len(overruled) :]
    shown = [line for one, line in zip(overruled, said, strict=False) if set(one["items"]) <= seen]
    words.text = "\n".join([*before, *shown])
