"""What is typed in the composer: kept while one types, offered again after a crash."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.actor import Actor
from core.errors import Refusal
from core.text import small_key, small_number
from documents.gate import Forbidden
from documents.models import Document
from dossiers.models import Dossier
from outgoing import actions
from outgoing.forms.typed import shown_again, typed_in
from outgoing.models import OutgoingDocument, TypedDraft
from outgoing.views.opening import open_draft

OFFERED = 5  # of what was typed for new drafts


@dataclass(frozen=True)
class Offer:
    """Something that was typed and not saved, and where one goes on with it."""

    row: TypedDraft
    url: str
    # The newest version, where it was typed over an older one.
    newer: int = 0

    @property
    def subject(self) -> str:
        """What it is about, of a draft that was never saved."""
        return str(self.row.values.get("subject") or self.row.values.get("body", ""))[:120]


@dataclass(frozen=True)
class Window:
    """One open page of the composer, and what it shows of what was typed before."""

    key: UUID
    revision: int = 0
    # What fills the form, and what else is there.
    used: Offer | None = None
    offers: list[Offer] = field(default_factory=list)

    @property
    def first(self) -> dict[str, Any]:
        """What the form begins with, where something that was typed is gone on with."""
        if self.used is None:
            return {}
        row = self.used.row
        over = {"base": row.base} if row.document_id else {"token": row.entry_token}
        return shown_again(row.values) | over


def mine(actor: Actor, document: OutgoingDocument | None) -> QuerySet[TypedDraft]:
    """What the actor himself has typed and not saved, of this draft or of new ones."""
    rows = TypedDraft.objects.filter(author=actor.user, agency=actor.agency)
    return rows.filter(document=document) if document else rows.filter(document__isnull=True)


def opened(request: HttpRequest, actor: Actor, document: OutgoingDocument | None) -> Window:
    """The page as it is opened: with what was typed where that is wanted, else offering it."""
    rows = list(mine(actor, document)[:OFFERED])
    wanted = small_key(request.GET.get("typed", ""))
    used = next((row for row in rows if row.pk == wanted), None)
    return Window(
        uuid4(),
        used.revision if used else 0,
        _offer(actor, document, used) if used else None,
        [_offer(actor, document, row) for row in rows if row is not used and used is None],
    )


def sent(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument | None,
    refusal: Refusal | None = None,
) -> Window:
    """The page as it comes back with something to mend: what was typed outlives a crash meanwhile.

    Nothing is kept where the browser keeps nothing either, nor of what may not be here.
    """
    window, revision = window_of(request), revision_of(request)
    if isinstance(refusal, Forbidden):
        actions.forget_typed(actor, document, _token(request), window)
        return Window(uuid4())
    if revision:
        try:
            kept = _keep(request, actor, document, revision=revision)
            revision = kept.revision if kept else 0
        except Refusal:
            pass  # a newer one is there: it stays, and the form shows what was sent
    return Window(window, revision)


def window_of(request: HttpRequest) -> UUID:
    """Which page it is that sends this."""
    return _uuid(request.POST.get("window", "")) or uuid4()


def revision_of(request: HttpRequest) -> int:
    """Up to where that page has seen what is kept."""
    return small_number(request.POST.get("typed_revision", ""), 0)


@never_cache
@require_POST
def keep(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What is typed, kept while the page stays open; the answer says until when it is safe."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    document = None
    if pk is not None:
        actor, document = open_draft(request, pk)
    if _uuid(request.POST.get("window", "")) is None:
        raise Http404
    is_forced = request.POST.get("then") == "overwrite"
    context: dict[str, Any] = {"document": document}
    try:
        revision = None if is_forced else revision_of(request)
        context["kept"] = _keep(request, actor, document, revision=revision)
    except Refusal as raised:
        context |= {"refusal": raised, "elsewhere": isinstance(raised, actions.Elsewhere)}
    status = 409 if "refusal" in context else 200
    return render(request, "outgoing/_typed.html", context, status=status)


@never_cache
@require_POST
def drop(request: HttpRequest, typed: int) -> HttpResponse:
    """What one has typed oneself is thrown away by oneself, never by the clock."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = TypedDraft.objects.filter(author=actor.user, agency=actor.agency)
    found = get_object_or_404(rows.select_related("document"), pk=typed)
    document = found.document
    actions.drop_typed(actor, found)
    messages.success(request, _("Đã bỏ bản đang gõ."))
    return redirect(_page(actor, document))


def _keep(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument | None,
    *,
    revision: int | None,
) -> TypedDraft | None:
    token, window = _token(request), window_of(request)
    try:
        return actions.keep_typed(
            actor,
            document,
            typed_in(request.POST),
            token=token,
            window=window,
            base=small_number(request.POST.get("base", ""), 0),
            revision=revision,
            answered=request.POST.get("gate", ""),
        )
    except Forbidden:
        actions.forget_typed(actor, document, token, window)
        raise


def _offer(actor: Actor, document: OutgoingDocument | None, row: TypedDraft) -> Offer:
    newer = document.version_count if document and document.version_count > row.base else 0
    return Offer(row, f"{_page(actor, document)}?{urlencode(_around(actor, row))}", newer)


def _around(actor: Actor, row: TypedDraft) -> dict[str, str]:
    """What a new draft was begun from, as far as he still sees it."""
    found = {"typed": str(row.pk)}
    seen = {
        "answers": Document.objects.visible_to(actor),
        "replaces": OutgoingDocument.objects.visible_to(actor),
        "dossier": Dossier.objects.visible_to(actor),
    }
    for name, rows in seen.items():
        key = small_key(row.values.get(name, ""))
        if key and rows.filter(pk=key).exists():
            found[name] = str(key)
    return found


def _page(actor: Actor, document: OutgoingDocument | None) -> str:
    slug = actor.agency.slug
    if document is None:
        return reverse("outgoing:new", args=[slug])
    return reverse("outgoing:compose", args=[slug, document.pk])


def _token(request: HttpRequest) -> UUID:
    return _uuid(request.POST.get("token", "")) or uuid4()


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
