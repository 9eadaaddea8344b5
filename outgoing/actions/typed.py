"""What is typed in the composer is kept on the server until it is saved, or thrown away."""

from collections.abc import Mapping
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, require
from documents import gate
from outgoing import rules
from outgoing.actions import routing
from outgoing.actions.drafting import one_at_a_time, refuse_secret
from outgoing.models import OutgoingDocument, TypedDraft

LONGEST_TYPED = 1_600_000  # letters in all: some five hundred pages
# They are filled in before anything is typed, and make no draft alone.
_WRITTEN = ("subject", "addressees", "grounds", "body", "description", "note")
_FORGOTTEN = 300  # seconds


class Elsewhere(Refusal):
    """The same person types the same draft in another window, and has got further there."""


class TooLong(Refusal):
    """More than is kept beside versions; what was kept before stays."""


@transaction.atomic
def keep_typed(
    actor: Actor,
    document: OutgoingDocument | None,
    typed: Mapping[str, str],
    *,
    token: UUID,
    window: UUID,
    base: int = 0,
    revision: int | None = None,
    answered: str = "",
) -> TypedDraft | None:
    """Keep what is typed of a draft; None, and no row, when nothing is, or when it was saved.

    ``token``: of the entry, where there is no document yet. ``revision``: that which the page was
    opened or last kept with; None writes over whatever is there. ``answered``: what was said of
    the forbidden kinds. Raises Elsewhere when another window of his wrote it meanwhile, and
    Refusal when he may not edit it (any more), for the mark of a secret, for a forbidden kind, and
    for what is too long.
    """
    if document is None:
        one_at_a_time(token)
        require(rules.may_draft.answer(actor)[0])
        if OutgoingDocument.objects.filter(entry_token=token).exists():
            return None  # saved meanwhile: this one was on its way
    else:
        document = routing.lock(actor, document)
        routing.allowed(rules.may_edit, actor, document)
        token, answered = document.entry_token, ""  # it was asked when the draft was begun
    _refuse_forgotten(actor, window, answered)
    values = {name: value.replace("\x00", "") for name, value in typed.items()}
    if sum(map(len, values.values())) > LONGEST_TYPED:
        raise TooLong(_("Chữ đang gõ dài quá, không giữ tạm được. Lưu thành bản."))
    refuse_secret(actor, list(values.values()))
    mine = TypedDraft.objects.select_for_update().filter(author=actor.user, entry_token=token)
    there = mine.first()
    if there is not None and revision is not None:
        is_other = window != there.window and revision != there.revision
        if is_other and there.values != values:
            raise Elsewhere(
                _("Bản gõ ở cửa sổ khác, giữ lúc %(time)s, chưa bị ghi đè.")
                % {"time": timezone.localtime(there.saved_at).strftime("%H:%M %d/%m/%Y")}
            )
    if not any(value.strip() for name, value in values.items() if _is_written(name)):
        mine.delete()
        return None
    if there is None:
        return TypedDraft.objects.create(
            agency=actor.agency,
            document=document,
            author=actor.user,
            entry_token=token,
            values=values,
            base=base,
            window=window,
            saved_at=clock.now(),
        )
    if there.values != values or there.window != window:
        there.revision += 1
    there.values, there.base, there.window = values, base, window
    there.saved_at = clock.now()
    there.save()
    return there


def saved_typed(actor: Actor, document: OutgoingDocument, window: UUID, revision: int) -> None:
    """It has become a version: what this window kept goes; what another one kept stays.

    What this one has still on its way comes too late.
    """
    cache.set(_key(window), True, _FORGOTTEN)
    mine = TypedDraft.objects.filter(author=actor.user, entry_token=document.entry_token)
    for one in mine:
        if one.window == window or one.revision == revision:
            one.delete()


def forget_typed(
    actor: Actor, document: OutgoingDocument | None, token: UUID, window: UUID
) -> None:
    """It is of what may not be drafted here: nothing of it stays, and none comes late."""
    cache.set(_key(window), True, _FORGOTTEN)
    found = document.entry_token if document else token
    TypedDraft.objects.filter(author=actor.user, entry_token=found).delete()


def drop_typed(actor: Actor, found: TypedDraft) -> None:
    """Throw away what one has typed oneself."""
    TypedDraft.objects.filter(pk=found.pk, author=actor.user).delete()


def _refuse_forgotten(actor: Actor, window: UUID, answered: str) -> None:
    found = actor.agency.regulation.gate
    if answered in found:
        raise gate.Forbidden(
            _("%(kind)s không được soạn thảo trên hệ thống. Không giữ chữ đang gõ.")
            % {"kind": found[answered].value},
            found[answered].article,
            field="gate",
        )
    said = answered in (gate.NOT_FORBIDDEN, gate.CLEARED)
    if cache.get(_key(window)) and not said:
        raise Refusal(_("Không giữ chữ đang gõ ở trang này nữa. Mở lại trang để gõ tiếp."))


def _is_written(name: str) -> bool:
    return name in _WRITTEN or name.startswith("annex-")


def _key(window: UUID) -> str:
    return f"typed-forgotten-{window}"
