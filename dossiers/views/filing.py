"""Đưa vào hồ sơ, asked from the page of a document of any kind."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from core.text import clean, small_key
from documents.models import Matter
from dossiers.actions import add_document
from dossiers.filing import proposed_for
from dossiers.models import Dossier


def put_in(
    request: HttpRequest, actor: Actor, document: Matter, *, opens: bool = False
) -> HttpResponse:
    """The dossiers in which it may be put, the likeliest first, or those that ``q`` finds.

    POST puts it into one. ``opens``: the actor may open one from it instead.
    """
    refusal = None
    if request.method == "POST":
        try:
            key = small_key(request.POST.get("dossier", ""))
            if not key:
                raise Refusal(_("Chọn hồ sơ."), field="dossier")
            dossier = get_object_or_404(Dossier.objects.visible_to(actor), pk=key)
            add_document(actor, dossier, document)
        except Refusal as raised:
            refusal = raised
        else:
            messages.success(
                request, _("Đã đưa vào hồ sơ: %(title)s.") % {"title": dossier.subject}
            )
            return redirect(document)
    typed = clean(request.POST.get("q", "") or request.GET.get("q", ""))[:200]
    new = reverse("dossiers:new_dossier", args=[actor.agency.slug])
    context = {
        "document": document,
        "proposed": proposed_for(actor, document, typed),
        "typed": typed,
        "open_url": f"{new}?from={document.pk}" if opens else "",
        "refusal": refusal,
    }
    return render(request, "dossiers/file_in.html", context, status=409 if refusal else 200)
