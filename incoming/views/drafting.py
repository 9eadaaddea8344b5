"""Drafts of entries: kept while one types, put by with a button, taken from the sender's last."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actor import Actor
from core.errors import Refusal
from core.htmx import wants_part
from core.text import small_number
from incoming import actions, drafts, senders
from incoming.forms.entry import RegisterForm
from incoming.models import EntryDraft, IncomingDocument
from incoming.views.tray import clerk_of, document_of, files_of

# What a button of the form asks for that registers nothing: keep, write over, take the template.
PUT_BY = ("draft", "overwrite", "template")


def token_of(request: HttpRequest) -> UUID | None:
    """The token of the entry that the form speaks of."""
    try:
        return UUID(request.POST.get("entry_token", ""))
    except ValueError:
        return None


def _token(request: HttpRequest, document: IncomingDocument | None) -> UUID | None:
    return document.entry_token if document else token_of(request)


def typed_of(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in actions.DRAFTED}


def _posted_revision(request: HttpRequest) -> int:
    return small_number(request.POST.get("draft_revision", ""), 0)


def revision_of(request: HttpRequest, actor: Actor, document: IncomingDocument | None) -> int:
    """The revision that a form shown again goes on with: the one that was just kept."""
    token = _token(request, document)
    if token is None or not getattr(request, "draft_kept", False):
        return _posted_revision(request)
    there = EntryDraft.objects.filter(clerk=actor.user, entry_token=token)
    return there.values_list("revision", flat=True).first() or 0


def keep_quietly(request: HttpRequest, actor: Actor, document: IncomingDocument | None) -> None:
    """The form comes back with something to mend: what was typed outlives a crash meanwhile."""
    token = _token(request, document)
    if token is None:
        return
    try:
        actions.keep_draft(actor, token, typed_of(request), revision=_posted_revision(request))
    except Refusal:
        return  # a newer one is there: it stays, and the form shows what was sent
    request.draft_kept = True  # type: ignore[attr-defined]


def chosen_draft(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> drafts.Chosen:
    """The draft that fills a form that is opened: of the document, or one without a scan."""
    wanted = request.GET.get("draft", "")
    if document is not None:
        return drafts.choose(actor, document.entry_token, wanted)
    waiting = EntryDraft.objects.filter(agency=actor.agency, document__isnull=True)
    found: EntryDraft | None
    if wanted.isdecimal() and len(wanted) < 19:
        found = get_object_or_404(waiting, pk=int(wanted))
    elif request.GET.get("new") == "blank":
        return drafts.Chosen()
    else:
        found = waiting.filter(clerk=actor.user).first()
    return drafts.choose(actor, found.entry_token, str(found.pk)) if found else drafts.Chosen()


def opened_form(
    actor: Actor,
    document: IncomingDocument | None,
    chosen: drafts.Chosen,
    *,
    pages: int,
) -> RegisterForm:
    """The form with what the draft says in it; what it leaves empty is as without one."""
    if chosen.draft is None:
        return RegisterForm(actor, document=document, pages=pages)
    given = {name: value for name, value in chosen.draft.values.items() if value}
    form = RegisterForm(actor, document=document, pages=pages, initial=given)
    form.initial["entry_token"] = chosen.draft.entry_token
    return form


def put_by(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> HttpResponse | Refusal:
    """Keep what is typed and open the form again with it, or with the sender's last entry.

    Answers the Refusal when the clerk's own draft of another window is newer.
    """
    typed, then = typed_of(request), request.POST["then"]
    token = _token(request, document) or uuid4()
    said, level = _("Đã lưu nháp."), messages.SUCCESS
    if then == "template":
        last = senders.sender(actor, typed["organ_name"]).last
        if last is None:
            said, level = _("Trong sổ chưa có văn bản nào của nơi gửi này."), messages.INFO
        else:
            typed = senders.template(last, typed, actions.DRAFTED)
            said = _("Đã lấy theo số đến %(number)d ngày %(day)s của nơi gửi này.") % {
                "number": last.number,
                "day": f"{last.day:%d/%m/%Y}",
            }
    revision = _posted_revision(request) if then == "draft" else None
    try:
        draft = actions.keep_draft(actor, token, typed, revision=revision)
    except Refusal as refusal:
        return refusal
    messages.add_message(request, level, said)
    for fault in files_of(request)[1]:
        messages.warning(request, fault)
    return redirect(_address(actor, document, draft))


def _address(actor: Actor, document: IncomingDocument | None, draft: EntryDraft | None) -> str:
    slug = actor.agency.slug
    if document is not None:
        return reverse("incoming:register_received", args=[slug, document.pk])
    blank = reverse("incoming:register", args=[slug])
    return f"{blank}?draft={draft.pk}" if draft else f"{blank}?new=blank"


@never_cache
@require_POST
def save(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """What is typed, kept while the form stays open; the answer says until when it is safe.

    A forbidden kind that is ticked takes the draft away at once.
    """
    actor = clerk_of(request)
    document = document_of(actor, pk) if pk else None
    token = _token(request, document)
    if token is None:
        raise Http404
    context: dict[str, object] = {"document": document, "actor": actor}
    status = 200
    if request.POST.get("gate", "") in actor.agency.regulation.gate:
        actions.forget_draft(actor, token)
    else:
        force = request.POST.get("then") == "overwrite"
        revision = None if force else _posted_revision(request)
        try:
            context["kept"] = actions.keep_draft(actor, token, typed_of(request), revision=revision)
        except Refusal as refusal:
            status = 409
            context["refusal"] = refusal
            context["overtaken"] = isinstance(refusal, actions.Overtaken)
        else:
            context["beside"] = drafts.newer_than_mine(actor, token)
    if document is not None:
        context["others"] = drafts.note_opening(actor, document)
    if not wants_part(request):
        return redirect(_address(actor, document, None))
    return render(request, "incoming/_draft.html", context, status=status)


@never_cache
@require_POST
def discard(request: HttpRequest, draft: int) -> HttpResponse:
    """A draft is thrown away by a person, never by the clock."""
    actor = clerk_of(request)
    found = get_object_or_404(
        EntryDraft.objects.filter(agency=actor.agency).select_related("clerk"), pk=draft
    )
    try:
        actions.discard_draft(actor, found)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Đã bỏ bản nháp."))
    if found.document_id and request.POST.get("from") == "form":
        return redirect("incoming:register_received", actor.agency.slug, found.document_id)
    return redirect("incoming:tray", actor.agency.slug)


@never_cache
@require_safe
def sender(request: HttpRequest) -> HttpResponse:
    """What the book knows of the issuer that was typed: its last entry, its signers."""
    actor = clerk_of(request)
    found = senders.sender(actor, request.GET.get("organ_name", ""))
    return render(request, "incoming/_sender.html", {"sender": found})
