"""What was taken out of a dossier, and who had put it in: for those who may know it."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from documents.models import DocumentAct, Opinion
from dossiers.choices import Verb
from dossiers.named import Named


def opinions_in(acts: Iterable[DocumentAct]) -> set[int]:
    """Keys of the opinions that were taken out."""
    removals = (one for one in acts if one.verb == Verb.REMOVE_ITEM)
    return {one.detail["opinion"] for one in removals if "opinion" in one.detail}


def said(
    acts: Iterable[DocumentAct], names: Named, opinions: Mapping[int, Opinion]
) -> dict[int, str]:
    """By act, for its line of the trail; of a document that the reader does not see, nothing.

    What a file or a note was stands in the words of the act, which a purge can take away; a
    document bears its own words. ``opinions``: those of ``opinions_in``; that on a document which
    he does not see is not told with it.
    """
    lines = {}
    for one in acts:
        key, opinion = one.detail.get("document"), one.detail.get("opinion")
        if one.verb != Verb.REMOVE_ITEM or (key and key not in names.documents):
            continue
        parts = []
        if key:
            subject, number, notation = names.documents[key]
            parts += ["/".join(part for part in (number, notation) if part), subject]
        if opinion in opinions:
            row = opinions[opinion]
            parts.append(_("ý kiến của %(who)s") % {"who": row.person or row.unit})
        if who := names.holders.get(one.detail.get("added_by", 0)):
            parts.append(_("%(who)s đưa vào") % {"who": who})
        lines[one.pk] = ", ".join(part for part in parts if part)
    return lines
