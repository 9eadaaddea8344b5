"""What of a dossier's trail a reader may know: nothing of a document that he may not open."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from accounts.actor import Actor
from documents.models import DocumentAct
from dossiers.choices import Verb
from dossiers.models import Dossier
from dossiers.named import Named, overruled

# The act of opening stays: its words are for those who got the dossier.
_KEPT = (Verb.OPEN,)


def told_to(
    actor: Actor, dossier: Dossier, acts: Sequence[DocumentAct], names: Named
) -> list[DocumentAct]:
    """These acts without those of documents that the reader may not open.

    Seeing a dossier is not seeing each document in it: that one was taken out, and why, would tell
    that it was there. Of a closing the reasons go that speak of things he does not see.
    ``names``: what he sees of all that they name.
    """
    if actor.sees_whole_agency:
        return list(acts)
    found = []
    for act in acts:
        document = _document_of(dossier, act)
        if document is None or document in names.documents:
            found.append(act)
            if act.target_id == dossier.pk and overruled(act):
                _unsay(act, names.items)
    return found


def _document_of(dossier: Dossier, act: DocumentAct) -> int | None:
    """The document in the dossier that an act of the dossier is about."""
    if act.target_id != dossier.pk or act.verb in _KEPT:
        return None
    return act.detail.get("document")


def _unsay(act: DocumentAct, seen: AbstractSet[int]) -> None:
    """Leave out the lines of findings of which the reader does not see everything.

    ``close`` writes one line for each finding, in their order, at the end. Only what is read
    changes; the act is never saved.
    """
    words, findings = getattr(act, "words", None), overruled(act)
    if words is None:
        return
    lines = words.text.split("\n")
    before, said = lines[: -len(findings)], lines[-len(findings) :]
    shown = [line for one, line in zip(findings, said, strict=False) if set(one["items"]) <= seen]
    words.text = "\n".join([*before, *shown])
