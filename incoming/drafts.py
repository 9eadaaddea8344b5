"""Drafts of entries as the tray and the registering form show them, and who has a form open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.utils.dateparse import parse_datetime

from accounts.actor import Actor
from core import clock
from incoming import rules
from incoming.models import EntryDraft, IncomingDocument

LISTED = 50  # drafts without a scan that the tray shows
_OPEN = 300  # seconds that a form counts as open after it was opened or last saved


@dataclass(frozen=True)
class DraftLine:
    """A draft in words: whose it is, of what time, and what it speaks of."""

    pk: int
    who: str
    is_mine: bool
    saved_at: datetime
    is_old: bool
    days: int
    may_discard: bool
    organ_name: str
    code: str
    subject: str


@dataclass(frozen=True)
class Chosen:
    """The draft that fills the form, and a colleague's that is newer; ``revision`` of one's own."""

    draft: EntryDraft | None = None
    line: DraftLine | None = None
    newer: DraftLine | None = None
    revision: int = 0


def line_of(actor: Actor, draft: EntryDraft) -> DraftLine:
    """One draft for a page."""
    values = draft.values
    code = "/".join(one for one in (values["code_number"], values["code_notation"]) if one)
    return DraftLine(
        draft.pk,
        draft.clerk.full_name,
        draft.clerk_id == actor.user.pk,
        draft.saved_at,
        rules.is_old(draft),
        (clock.now() - draft.saved_at).days,
        rules.may_discard_draft(actor, draft) is None,
        values["organ_name"],
        code,
        values["subject"],
    )


def choose(actor: Actor, token: UUID, wanted: str = "") -> Chosen:
    """One's own draft, else the newest of a colleague; ``wanted`` names another one of the entry.

    Nothing is mixed: the form shows one draft, and says of a newer one.
    """
    there = list(
        EntryDraft.objects.filter(agency=actor.agency, entry_token=token).select_related("clerk")
    )
    if not there:
        return Chosen()
    mine = next((one for one in there if one.clerk_id == actor.user.pk), None)
    asked = next((one for one in there if str(one.pk) == wanted), None)
    shown = asked or mine or there[0]
    newer = there[0] if there[0] != shown and there[0].saved_at > shown.saved_at else None
    return Chosen(
        shown,
        line_of(actor, shown),
        line_of(actor, newer) if newer else None,
        mine.revision if mine else 0,
    )


def newer_than_mine(actor: Actor, token: UUID) -> DraftLine | None:
    """A colleague's draft of this entry that lies beside one's own, the newest."""
    others = EntryDraft.objects.filter(agency=actor.agency, entry_token=token)
    found = others.exclude(clerk=actor.user).select_related("clerk").first()
    return line_of(actor, found) if found else None


def scanless(actor: Actor) -> list[DraftLine]:
    """Drafts whose scan has not come, the newest first."""
    rows = EntryDraft.objects.filter(agency=actor.agency, document__isnull=True)
    return [line_of(actor, one) for one in rows.select_related("clerk")[:LISTED]]


def newest(actor: Actor, drafts: Iterable[EntryDraft]) -> DraftLine | None:
    """The newest of a document's drafts."""
    found = max(drafts, key=lambda one: (one.saved_at, one.pk), default=None)
    return line_of(actor, found) if found else None


def note_opening(actor: Actor, document: IncomingDocument) -> list[tuple[str, datetime]]:
    """Note that the actor has the form open; answers the colleagues who have it open, too.

    It lies in the cache: lost, nothing else is.
    """
    key = f"entry-open-{document.pk}"
    there: dict[int, tuple[str, str]] = cache.get(key) or {}
    now = clock.now()
    others = []
    for pk, (name, at) in there.items():
        moment = parse_datetime(at)
        if pk != actor.user.pk and moment and (now - moment).total_seconds() < _OPEN:
            others.append((name, moment))
    there[actor.user.pk] = (actor.user.full_name, now.isoformat())
    cache.set(key, there, _OPEN)
    return others
