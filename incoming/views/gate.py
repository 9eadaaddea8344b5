"""What was kept out: the list of what stands on paper, and the slip that goes back with a paper."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from core.errors import Refusal, require
from documents.actions import note_on_paper
from documents.choices import Kind
from documents.models import DocumentAct, PaperEntry
from incoming import arrivals, rules
from incoming.choices import Channel, RefusalReason, State, Verb
from incoming.forms.gate import PaperForm
from incoming.models import IncomingDocument

ROWS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def paper_register(request: HttpRequest) -> HttpResponse:
    """Numbers of the paper register, newest first; clerks note them, who sees the agency reads."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.sees_whole_agency:
        raise Http404
    refusal, status = None, 200
    form = PaperForm(actor, request.POST or None, kind=request.GET.get("kind", ""))
    if request.method == "POST":
        require(rules.may_receive(actor))
        status = 422
        if form.is_valid():
            try:
                note_on_paper(actor, direction=Kind.INCOMING, **form.cleaned_data)
            except Refusal as said:
                refusal, status = said, 409
            else:
                messages.success(request, _("Đã ghi số trong sổ giấy."))
                return redirect("incoming:paper_register", actor.agency.slug)
    rows = PaperEntry.objects.filter(agency=actor.agency, direction=Kind.INCOMING)
    gate = actor.agency.regulation.gate
    context = {
        "rows": [
            {"entry": row, "kind": gate.get(row.kind)}
            for row in rows.select_related("noted_by")[:ROWS]
        ],
        "form": form if rules.may_receive(actor) is None else None,
        "refusal": refusal,
    }
    return render(request, "incoming/paper_register.html", context, status=status)


@require_safe
def return_slip(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiếu trả lại văn bản, to be printed: why it was not received, and what to do.

    Nothing of the document was kept: who sent it and what it was is written by hand.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_receive(actor) is not None:
        raise Http404
    document = get_object_or_404(
        IncomingDocument.objects.visible_to(actor),
        pk=pk,
        state=State.REFUSED,
        refusal_reason__in=RefusalReason.values,
    )
    act = DocumentAct.objects.select_related("words", "actor").get(
        target_id=document.pk, verb=Verb.REFUSE
    )
    regulation, words = actor.agency.regulation, getattr(act, "words", None)
    notice = regulation.return_notice
    electronic = document.channel != Channel.PAPER
    context = {
        "document": document,
        "act": act,
        "reason": RefusalReason(document.refusal_reason).label,
        "text": words.text if words else "",
        "article": act.article or (notice.article if notice and electronic else ""),
    }
    # A paper of the office, in whatever language its clerk reads the pages.
    with translation.override("vi"):
        context["advice"] = arrivals.return_advice(document.refusal_reason)
        return render(request, "incoming/return_slip.html", context)
