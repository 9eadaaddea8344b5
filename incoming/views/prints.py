"""Printed forms: on the screen as they will be on paper, and as PDF."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.errors import Refusal
from documents.models import Attachment
from documents.printed import STYLE, in_vietnamese, printed
from documents.printing import pdf, qr
from documents.stamping import stamped_copy
from dossiers.filing import dossiers_of, file_notation
from incoming import papers, presenting, slips
from incoming.choices import State
from incoming.models import IncomingDocument, Paper


def _document(actor: Actor, pk: int) -> IncomingDocument:
    """A registered document as its reader may see it."""
    seen = IncomingDocument.objects.visible_to(actor).exclude(
        state__in=(State.RECEIVED, State.REFUSED)
    )
    document = get_object_or_404(seen, pk=pk)
    document.agency = actor.agency
    return document


@require_safe
@in_vietnamese
def resolution(request: HttpRequest, pk: int) -> HttpResponse:
    """Phiếu giải quyết văn bản đến, filled in with what the trail says."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    document = _document(actor, pk)
    context = {
        "document": document,
        "back_url": document.get_absolute_url(),
        **slips.resolution(document),
    }
    return printed(request, "resolution", context, f"phieu-giai-quyet-{document.number}")


@require_safe
@in_vietnamese
def paper_slip(request: HttpRequest, token: str) -> HttpResponse:
    """The label that goes onto the paper: the QR and how the register knows it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    paper = _paper(actor, token)
    page = papers.page_of(actor, paper)
    context = {
        "paper": paper,
        "document": paper.document,
        "agency": actor.agency.name,
        "qr": qr(request.build_absolute_uri(page)),
        "back_url": page,
    }
    return printed(request, "slip", context, f"phieu-qr-{paper.document.number}")


@require_safe
@in_vietnamese
def paper_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Phiếu giao nhận with its two signatures."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    paper = _paper(actor, token)
    page = papers.page_of(actor, paper)
    context = {
        "document": paper.document,
        "qr": qr(request.build_absolute_uri(page)),
        "back_url": page,
        **slips.receipt(actor, paper),
    }
    return printed(request, "receipt", context, f"phieu-giao-nhan-{paper.document.number}")


def _paper(actor: Actor, token: str) -> Paper:
    seen = Paper.objects.visible_to(actor).with_people()
    paper: Paper = get_object_or_404(seen, token=token)
    paper.document.agency = actor.agency
    return paper


@require_safe
@cache_control(private=True, no_store=True)
def stamped(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """A copy for printing with the ĐẾN stamp on its first page; the file stays as it came."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    document = _document(actor, pk)
    attachment = get_object_or_404(
        Attachment.objects.select_related("file"), document_id=document.pk, ordinal=ordinal
    )
    with translation.override("vi"):
        notation = file_notation(dossiers_of(actor, document))
        stamp = {"stamp": presenting.arrival_stamp(document, notation)}
        html = render_to_string("prints/stamp.html", stamp)
    copy, reason = stamped_copy(attachment.file, pdf(html, STYLE))
    if copy is None:
        raise Refusal(_("Không in được bản có dấu đến. %(reason)s") % {"reason": reason})
    return FileResponse(
        copy,
        as_attachment=True,
        filename=f"ban-in-so-den-{document.number}-{ordinal}.pdf",
        content_type="application/pdf",
        headers={"X-Content-Type-Options": "nosniff"},
    )
