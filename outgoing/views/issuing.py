"""Phát hành, gửi lại, ghi nhận bản giấy, trả lời thu hồi; what has not arrived."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import directory
from accounts.actor import Actor
from core.errors import NotYours, Refusal, require
from core.htmx import render_part
from core.text import clean, small_key
from dossiers.filing import typed_dossier
from outgoing import actions, deliveries, issued, lasting, recipients, rules
from outgoing.actions import batching
from outgoing.choices import GONE_OUT, DeliveryCode, Verb
from outgoing.content import content_of
from outgoing.forms.issuing import (
    DeliveriesForm,
    IssueForm,
    NoteAnswerForm,
    NoteSentForm,
    ResendForm,
)
from outgoing.models import OutgoingDocument
from outgoing.views import showing
from outgoing.views.batching import token_of
from outgoing.views.opening import open_draft
from signatures.renewing import may_stamp

# The forms under "Nơi nhận": who may send each.
_TICKED: dict[str, tuple[Any, type[DeliveriesForm]]] = {
    "resend": (rules.may_resend, ResendForm),
    "note_sent": (rules.may_note_sent, NoteSentForm),
    "recall_again": (rules.may_recall_again, ResendForm),
    "note_answer": (rules.may_note_answer, NoteAnswerForm),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """To whom it goes; a search answers with what was chosen and what was found."""
    actor, document = open_draft(request, pk)
    refusal = rules.may_issue(actor, document)
    if request.method != "POST":
        if refusal is not None:
            return redirect(document)
        return _page(request, document, IssueForm(actor, document, offered=_named(document)))
    if isinstance(refusal, NotYours):
        return _page(request, document, IssueForm(actor, document), refusal=refusal, status=409)
    if request.POST.get("then") == "search":
        found = directory.search(request.POST.get("q", "")[:200])
        form = IssueForm(actor, document, request.POST, offered=found.rows)
        return _page(request, document, form, found=found)
    form = IssueForm(actor, document, request.POST)
    if not form.is_valid():
        return _page(request, document, form, refusal=refusal, status=409 if refusal else 422)
    try:
        form.let_in()
        document = actions.issue(actor, document, form.cleaned_data["recipients"])
    except Refusal as raised:
        document = open_draft(request, pk)[1]
        return _page(request, document, form, refusal=raised, status=409)
    count = len(form.cleaned_data["recipients"])
    said = ngettext("Đã phát hành đến %(n)d nơi.", "Đã phát hành đến %(n)d nơi.", count)
    messages.success(request, said % {"n": count})
    return redirect(document)


def _named(document: OutgoingDocument) -> list[Any]:
    """Whom the printed lines name."""
    content = content_of(document.versions.get(ordinal=document.version_count))
    return recipients.suggested([content.addressees, content.recipients])


def _page(
    request: HttpRequest,
    document: OutgoingDocument,
    form: IssueForm,
    *,
    found: directory.Found | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    files = issued.files_of(document)
    context = {
        "document": document,
        "form": form,
        "found": found,
        "typed": clean(request.POST.get("q", ""))[:200],
        "refusal": refusal,
        "too_large": rules.may_mail(files),
        "files": files,
    }
    return render_part(request, "outgoing/issue.html", "receivers", context, status=status)


@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that were ticked, once more."""

    def sent(actor: Actor, document: OutgoingDocument, values: dict[str, Any]) -> str:
        rows = values["deliveries"]
        actions.resend(actor, document, rows, text=values["text"])
        count = len(rows)
        said = ngettext("Đang gửi lại %(n)d nơi.", "Đang gửi lại %(n)d nơi.", count)
        return said % {"n": count}

    return _with_ticked(request, pk, "resend", sent)


@require_POST
def note_sent(request: HttpRequest, pk: int) -> HttpResponse:
    """The day on which papers were sent."""

    def noted(actor: Actor, document: OutgoingDocument, values: dict[str, Any]) -> str:
        actions.note_sent(actor, document, values["deliveries"], day=values["day"])
        return _("Đã ghi nhận bản giấy đã gửi.")

    return _with_ticked(request, pk, "note_sent", noted)


@require_POST
def recall_again(request: HttpRequest, pk: int) -> HttpResponse:
    """The recall to those that were ticked, once more."""

    def recalled(actor: Actor, document: OutgoingDocument, values: dict[str, Any]) -> str:
        actions.recall_again(actor, document, values["deliveries"], text=values["text"])
        return _("Đang gửi lại yêu cầu thu hồi.")

    return _with_ticked(request, pk, "recall_again", recalled)


@require_POST
def note_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """What those that were ticked have answered to the recall."""

    def answered(actor: Actor, document: OutgoingDocument, values: dict[str, Any]) -> str:
        agreed = values["answer"] == DeliveryCode.RECALL_AGREED
        rows, text = values["deliveries"], values["text"]
        actions.note_answer(actor, document, rows, agreed=agreed, text=text)
        return _("Đã ghi nhận trả lời yêu cầu thu hồi.")

    return _with_ticked(request, pk, "note_answer", answered)


def _with_ticked(
    request: HttpRequest,
    pk: int,
    name: str,
    act: Callable[[Actor, OutgoingDocument, dict[str, Any]], str],
) -> HttpResponse:
    """Do ``act`` with what a valid form holds; it answers with what the person is told.

    What is refused stays under "Nơi nhận" as it was typed.
    """
    actor, document = open_draft(request, pk)
    rule, form_class = _TICKED[name]
    form = form_class(actor, document, request.POST)
    refusal = rule(actor, document)
    if refusal and (isinstance(refusal, NotYours) or document.state not in GONE_OUT):
        # There is no such form on this page.
        messages.error(request, f"{refusal.message} {refusal.article}".strip())
        return redirect(document)
    if not form.is_valid():
        errors = [str(said) for each in form.errors.values() for said in each]
        said, status = refusal or Refusal(" ".join(errors)), 409 if refusal else 422
        return _as_typed(request, actor, document, name, form, said, status=status)
    try:
        form.let_in()
        messages.success(request, act(actor, document, form.cleaned_data))
    except Refusal as raised:
        document = open_draft(request, pk)[1]
        return _as_typed(request, actor, document, name, form, raised)
    return redirect(document)


def _as_typed(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument,
    name: str,
    form: DeliveriesForm,
    refusal: Refusal,
    *,
    status: int = 409,
) -> HttpResponse:
    sent = deliveries.Sent(
        name=name,
        values={one: request.POST.get(one, "") for one in form.fields},
        ticked=frozenset(small_key(one) for one in request.POST.getlist("delivery")),
        refusal=refusal,
    )
    return showing.page(request, actor, document, sent=sent, status=status)


@require_safe
def undelivered(request: HttpRequest) -> HttpResponse:
    """Chưa đến nơi: what waits, was sent away, came back; and which papers nobody has sent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dossier = clean(request.GET.get("dossier", ""))[:200]
    rows, more = deliveries.not_arrived(actor, dossier=dossier)
    context = {"rows": rows, "more": more, "dossier": dossier}
    return render(request, "outgoing/undelivered.html", context)


@require_safe
def weakening(request: HttpRequest) -> HttpResponse:
    """Hạn kiểm chứng chữ ký số: of what went out, that which will be hard to prove."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(rules.may_watch_proofs(actor))
    dossier = typed_dossier(request)
    rows, more = lasting.weakening(actor, dossier)
    context = {
        "rows": rows,
        "more": more,
        "dossier": dossier,
        "may_stamp": may_stamp(),
        "may_renew": any(not row.is_over for row in rows) and may_stamp(),
        "token": uuid4(),
    }
    return render(request, "outgoing/weakening.html", context)


@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """A time stamp over those that were ticked, by a worker, with a verdict for each."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(rules.may_watch_proofs(actor))
    keys = [key for one in request.POST.getlist("pk") if (key := small_key(one))]
    rows = OutgoingDocument.objects.visible_to(actor).with_people().filter(pk__in=keys)
    chosen: dict[int, int] = {}
    for document in rows.order_by("pk")[: batching.MOST + 1]:
        document.agency = actor.agency
        refusal, _acting = rules.may_renew.answer(actor, document)
        if refusal is None:
            chosen[document.pk] = document.version_count
        else:
            messages.error(request, f"{document.code}: {refusal.message}")
    try:
        token = token_of(request.POST.get("entry_token", ""))
        batch = batching.start(actor, Verb.RENEW, chosen, entry_token=token)
    except Refusal as raised:
        messages.error(request, raised.message)
        return redirect("outgoing:weakening", actor.agency.slug)
    return redirect("outgoing:batch", actor.agency.slug, batch.pk)
