"""Đưa vào hồ sơ: a document goes into one of the reader's dossiers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.text import clean
from dossiers.actions import add_document
from dossiers.models import Dossier
from dossiers.rules import may_open_from
from incoming.choices import State
from incoming.filed import proposed_for
from incoming.views.working import open_document


@require_http_methods(["GET", "HEAD", "POST"])
def file_in(request: HttpRequest, pk: int) -> HttpResponse:
    """The dossiers in which it may be put, the likeliest first, or those that ``q`` finds.

    POST puts it into one.
    """
    actor, document = open_document(request, pk)
    if document.state in (State.RECEIVED, State.REFUSED, State.VOID):
        return redirect(document)
    refusal = None
    if request.method == "POST":
        key = request.POST.get("dossier", "")
        try:
            if not key.isdecimal() or len(key) > 17:
                raise Refusal(_("Chọn hồ sơ."), field="dossier")
            dossier = get_object_or_404(Dossier.objects.visible_to(actor), pk=int(key))
            add_document(actor, dossier, document)
        except Refusal as raised:
            refusal = raised
        else:
            messages.success(
                request, _("Đã đưa vào hồ sơ: %(title)s.") % {"title": dossier.subject}
            )
            return redirect(document)
    typed = clean(request.POST.get("q", "") or request.GET.get("q", ""))[:200]
    opens = may_open_from(actor, document) is None
    context = {
        "document": document,
        "proposed": proposed_for(actor, document, typed),
        "typed": typed,
        "open_url": f"{reverse('dossiers:new_dossier', args=[actor.agency.slug])}?from={pk}"
        if opens
        else "",
        "refusal": refusal,
    }
    return render(request, "incoming/file_in.html", context, status=409 if refusal else 200)
