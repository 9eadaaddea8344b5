"""Sao văn bản: of one that came in, or of one that went out."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from core.errors import NotYours, Refusal
from documents.addresses import address_of
from outgoing import actions
from outgoing.actions.copying import copy_rule, copying, original_of
from outgoing.forms.copying import CopyForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """In which form; a POST makes the copy, a refusal keeps what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    original = original_of(actor, pk)
    if original is None:
        raise Http404
    refusal, acting = copy_rule(original).answer(actor, original)
    if request.method != "POST":
        if refusal is not None:
            return redirect(address_of(actor.agency.slug, original))
        return _page(request, original, CopyForm(acting, original))
    form = CopyForm(acting, original, request.POST)
    if isinstance(refusal, NotYours) or not form.is_valid():
        return _page(request, original, form, refusal, status=409 if refusal else 422)
    try:
        form.let_in()
        with copying(actor, original, **form.making) as made:
            done = actions.copy(actor, original, made, **form.arguments())
    except Refusal as raised:
        return _page(request, original, form, raised, status=409)
    said = (
        _("Đã sao, vào sổ số %(code)s. Ký số của cơ quan rồi phát hành.")
        if done.numbered_at
        else _("Đã sao; văn thư vào sổ, ký số của cơ quan rồi phát hành.")
    )
    messages.success(request, said % {"code": done.code})
    return redirect(done)


def _page(
    request: HttpRequest,
    original: Any,
    form: CopyForm,
    refusal: Refusal | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "original": original,
        "original_url": address_of(original.agency.slug, original),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "outgoing/copy.html", context, status=status)
