"""What was taken out of a dossier, and who had put it in: for those who may know it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment
from documents.models import Document, DocumentAct, Opinion
from dossiers.choices import Verb


def said(actor: Actor, acts: Iterable[DocumentAct]) -> dict[int, str]:
    """By act, for its line of the trail; three queries where anything was taken out, else none.

    Of a document that the reader does not see, nothing. What a file or a note was stands in the
    words of the act, which a purge can take away; a document bears its own words.
    """
    removals = [one for one in acts if one.verb == Verb.REMOVE_ITEM]
    if not removals:
        return {}
    keys = {one.detail.get("document") for one in removals} - {None}
    seen = Document.objects.visible_to(actor).in_bulk(keys)
    said = _opinions(actor, {one.detail["opinion"] for one in removals if "opinion" in one.detail})
    who = Appointment.objects.select_related("user").in_bulk(
        {one.detail["added_by"] for one in removals if "added_by" in one.detail}
    )
    lines = {}
    for one in removals:
        key, by = one.detail.get("document"), who.get(one.detail.get("added_by"))
        opinion = one.detail.get("opinion")
        if (key and key not in seen) or (opinion and opinion not in said):
            continue
        document = seen.get(key)
        named = [document.code, document.subject] if document else []
        if opinion:
            named.append(_("ý kiến của %(who)s") % {"who": said[opinion]})
        if by is not None:
            named.append(_("%(who)s đưa vào") % {"who": by.user.full_name})
        lines[one.pk] = ", ".join(part for part in named if part)
    return lines


def _opinions(actor: Actor, keys: set[int]) -> dict[int, str]:
    """Whose these are, of those about documents that the reader sees."""
    if not keys:
        return {}
    seen = Document.objects.visible_to(actor)
    rows = Opinion.objects.filter(pk__in=keys, document__in=seen).select_related("unit", "person")
    return {one.pk: str(one.person or one.unit) for one in rows}
