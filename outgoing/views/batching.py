"""Many signed, numbered or sealed at once: chosen in a list, asked for once, watched."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from core.errors import Refusal
from core.text import small_key, small_number
from outgoing import presenting
from outgoing.actions import batching, queueing
from outgoing.choices import CHOSEN_VERBS, Verb
from outgoing.forms.batches import BatchForm
from outgoing.models import Batch, BatchRow, OutgoingDocument


@require_POST
def many(request: HttpRequest, verb: str) -> HttpResponse:
    """What was ticked in the list; those that the verb cannot be done with are named at once."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if verb not in CHOSEN_VERBS:
        raise Http404
    wanted = Verb(verb)
    chosen, refused = _chosen(request, actor, wanted)
    if not chosen:
        for one, said in refused:
            messages.error(request, f"{one.subject[:80]}: {said}")
        if not refused:
            messages.error(request, _("Chọn văn bản cần làm."))
        return redirect("outgoing:outgoing", actor.agency.slug)
    if "outside" in request.POST and wanted in queueing.VERBS:
        return _by_device(request, actor, wanted, chosen)
    is_asked = "go" in request.POST
    form = BatchForm(actor, wanted, request.POST if is_asked else None, token=uuid4())
    refusal = None
    if is_asked and form.is_valid():
        try:
            batch = batching.start(
                actor, wanted, {one.pk: _seen(request, one) for one in chosen}, **form.arguments()
            )
        except Refusal as raised:
            refusal = raised
        else:
            return redirect("outgoing:batch", actor.agency.slug, batch.pk)
    for one in chosen:
        one.seen = _seen(request, one)  # type: ignore[attr-defined]
    context = {
        "verb": wanted,
        "title": wanted.label,
        "rows": chosen,
        "refused": refused,
        "form": form,
        "refusal": refusal,
        "may_send_out": wanted in queueing.VERBS,
    }
    status = 409 if refusal else 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "outgoing/many.html", context, status=status)


def _by_device(
    request: HttpRequest, actor: Actor, verb: Verb, chosen: list[OutgoingDocument]
) -> HttpResponse:
    """Row by row with a device of one's own, on a page of its own."""
    token = token_of(request.POST.get("entry_token", ""))
    seen = {one.pk: _seen(request, one) for one in chosen}
    try:
        batch = queueing.start(actor, verb, seen, entry_token=token)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("outgoing:outgoing", actor.agency.slug)
    return redirect("outgoing:device", actor.agency.slug, batch.pk)


def token_of(typed: str) -> UUID:
    """The form's token; another one for what is none."""
    try:
        return UUID(typed)
    except ValueError:
        return uuid4()


def _seen(request: HttpRequest, document: OutgoingDocument) -> int:
    """The version that stood in the list when it was ticked: no other one is signed."""
    return small_number(request.POST.get(f"seen-{document.pk}", ""), 0)


def _chosen(
    request: HttpRequest, actor: Actor, verb: Verb
) -> tuple[list[OutgoingDocument], list[tuple[OutgoingDocument, str]]]:
    keys = [int(one) for one in request.POST.getlist("pk") if one.isdecimal() and len(one) < 18]
    rows = OutgoingDocument.objects.visible_to(actor).with_people().filter(pk__in=keys)
    rule = dict(presenting.VERBS)[verb]
    good: list[OutgoingDocument] = []
    bad: list[tuple[OutgoingDocument, str]] = []
    for document in rows.order_by("pk")[: batching.MOST + 1]:
        document.agency = document.drafter.unit.agency = actor.agency
        refusal, _acting = rule.answer(actor, document)
        if refusal is None:
            good.append(document)
        else:
            bad.append((document, refusal.message))
    return good, bad


@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, and what became of each; asks again by itself while it goes on."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _own(actor, pk)
    if found.is_by_device:
        return redirect("outgoing:device", actor.agency.slug, pk)
    return render(request, "outgoing/batch.html", _told(actor, found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest, pk: int) -> HttpResponse:
    """The row whose turn it is, to be signed with a device, and what became of the others.

    A POST takes the file that came back (``errand``), leaves the row out (``skip``) or sends its
    file out anew; ``go`` in the address lets the page go on by itself.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _own(actor, pk)
    if not found.is_by_device:
        raise Http404
    if request.method == "POST":
        if key := small_key(request.POST.get("errand", "")):
            row = queueing.finish(actor, found, key)
            goes_on = row is not None and not row.reason
            return redirect(f"{request.path}?go=1" if goes_on else request.path)
        if key := small_key(request.POST.get("skip", "")):
            queueing.skip(actor, found, key)
        else:
            queueing.advance(actor, found)
        return redirect(request.path)
    row = queueing.current(found)
    context = _told(actor, found) | {
        "current": row,
        "errand": queueing.errand_now(actor, found),
        "goes_on": "go" in request.GET,
    }
    return render(request, "outgoing/device.html", context)


def _own(actor: Actor, pk: int) -> Batch:
    own = Batch.objects.filter(started_by__user=actor.user, started_by__unit__agency=actor.agency)
    found: Batch = get_object_or_404(own, pk=pk)
    return found


def _told(actor: Actor, found: Batch) -> dict[str, Any]:
    """How far a batch is."""
    rows = list(found.rows.select_related("document"))
    for one in rows:
        one.document.agency = actor.agency
    ended = sum(one.outcome != BatchRow.Outcome.WAITING for one in rows)
    return {
        "batch": found,
        "rows": rows,
        "ended": ended,
        "total": len(rows),
        "done": sum(one.outcome == BatchRow.Outcome.DONE for one in rows),
        "refused": sum(one.outcome == BatchRow.Outcome.REFUSED for one in rows),
    }
