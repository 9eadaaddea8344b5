"""What was proposed to a leader, and what he agreed to, as lines of a distribution."""

from collections.abc import Iterable

from documents.models import DocumentAct
from incoming.actions import Line, lines_of
from incoming.choices import Verb
from incoming.models import IncomingDocument


def proposed_lines(document: IncomingDocument) -> list[Line]:
    """The lines of the newest proposal."""
    acts = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.PROPOSE)
    newest = list(acts.order_by("-ordinal")[:1])
    return lines_of(newest).get(newest[0].pk, []) if newest else []


def decisions(documents: Iterable[IncomingDocument]) -> dict[int, DocumentAct]:
    """The newest decision of a leader on each document that he has decided."""
    keys = [one.pk for one in documents if one.directed_at is not None]
    acts = DocumentAct.objects.filter(target_id__in=keys, verb=Verb.DIRECT)
    newest = acts.order_by("target_id", "-ordinal").distinct("target_id")
    return {act.target_id: act for act in newest.select_related("actor", "words")} if keys else {}


def agreed_lines(documents: Iterable[IncomingDocument]) -> dict[int, list[Line]]:
    """By document, the lines to which its leader agreed (Kon Tum Điều 13.3)."""
    acts = decisions(documents)
    lines = lines_of(acts.values())
    return {key: lines[act.pk] for key, act in acts.items() if act.pk in lines}
