"""Drafts of entries: what a clerk types is kept on the server until it is registered or refused."""

from collections.abc import Mapping
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, require
from incoming import rules
from incoming.actions import routing
from incoming.choices import Channel
from incoming.models import EntryDraft, IncomingDocument

# The fields of an entry that a draft keeps, and what stands in them before anybody types.
DRAFTED: dict[str, str] = {
    "arrival_date": "",
    "type_name": "",
    "priority": "0",
    "organ_name": "",
    "language": "Tiếng Việt",
    "code_number": "",
    "code_notation": "",
    "issued_date": "",
    "subject": "",
    "signer_position": "",
    "signer_full_name": "",
    "due_date": "",
    "channel": Channel.PAPER.value,
    "description": "",
    "forward_to": "",
    "forward_by": "",
    "forward_text": "",
}
# They are filled in before anything is typed, and make no draft alone.
_GIVEN = frozenset({"arrival_date", "priority", "language", "channel"})
_LONGEST = 20_000  # letters of one field; what is pasted by mistake is no entry
_FORGOTTEN = 300  # seconds


class Overtaken(Refusal):
    """The same clerk has saved this draft in another window since."""


@transaction.atomic
def keep_draft(
    actor: Actor,
    token: UUID,
    typed: Mapping[str, str],
    *,
    revision: int | None = None,
) -> EntryDraft | None:
    """Keep what is typed of an entry; None, and no row, when nothing is.

    ``revision`` is the one that the form was opened or last saved with; None writes over whatever
    is there. Raises Overtaken when the clerk's own draft is newer, Stale when the document has
    left the tray meanwhile.
    """
    refusal, actor = rules.may_receive.answer(actor)
    require(refusal)
    document = IncomingDocument.objects.visible_to(actor).filter(entry_token=token).first()
    if document is not None:
        # Under its lock: a draft never comes after the refusal that took the others away.
        document = routing.lock(actor, document)
        routing.allowed(rules.may_register, actor, document)
    elif cache.get(_forgotten(token)):
        raise Refusal(_("Văn bản thuộc diện không được đưa lên hệ thống; không giữ bản nháp."))
    values = {name: _kept(typed.get(name, "")) for name in DRAFTED}
    mine = EntryDraft.objects.select_for_update().filter(clerk=actor.user, entry_token=token)
    there = mine.first()
    if there and revision is not None and revision != there.revision:
        raise Overtaken(
            _("Bản nháp này đã lưu ở cửa sổ khác lúc %(time)s, chưa ghi đè.")
            % {"time": timezone.localtime(there.saved_at).strftime("%H:%M %d/%m/%Y")}
        )
    if not any(value for name, value in values.items() if name not in _GIVEN):
        mine.delete()
        return None
    if there is None:
        there, made = EntryDraft.objects.get_or_create(
            clerk=actor.user,
            entry_token=token,
            defaults={
                "agency": actor.agency,
                "document": document,
                "values": values,
                "saved_at": clock.now(),
            },
        )
        if made:
            return there
    if there.values != values or there.document != document:
        there.values, there.document = values, document
        there.revision += 1
    there.saved_at = clock.now()
    there.save()
    return there


@transaction.atomic
def discard_draft(actor: Actor, draft: EntryDraft) -> None:
    """Throw a draft away. Raises Refusal for a colleague's that is not old yet."""
    require(rules.may_discard_draft(actor, draft))
    EntryDraft.objects.filter(pk=draft.pk).delete()


def forget_draft(actor: Actor, token: UUID) -> None:
    """A forbidden kind was ticked, not yet sent: what the actor typed is not kept any more."""
    EntryDraft.objects.filter(clerk=actor.user, entry_token=token).delete()


def forget_entry(actor: Actor, token: UUID) -> None:
    """A forbidden kind was sent: nobody's draft of the entry stays, none comes late."""
    EntryDraft.objects.filter(agency=actor.agency, entry_token=token).delete()
    cache.set(_forgotten(token), True, _FORGOTTEN)


def take_drafts(document: IncomingDocument, token: UUID | None) -> None:
    """What was typed before the scan came belongs to the document that it became."""
    if token:
        EntryDraft.objects.filter(agency_id=document.agency_id, entry_token=token).update(
            document=document, entry_token=document.entry_token
        )


def drop_drafts(document: IncomingDocument) -> None:
    """The document has left the tray: nobody's draft of it stays."""
    EntryDraft.objects.filter(
        Q(document=document) | Q(entry_token=document.entry_token, agency_id=document.agency_id)
    ).delete()


def _kept(value: str) -> str:
    return value.replace("\x00", "")[:_LONGEST]


def _forgotten(token: UUID) -> str:
    return f"entry-forgotten-{token}"
