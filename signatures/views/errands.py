"""Errands as the person sees them: state, token, the file out, the signed file in."""

from datetime import datetime, time
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from core import clock
from core.errors import Refusal
from core.htmx import wants_part
from documents.models import Document
from documents.uploads import fault_sentences
from signatures import actions
from signatures.actions.errands import WITH
from signatures.models import Errand
from signatures.views.plugin import sent_out


def _mine(request: HttpRequest, pk: int) -> Errand:
    """An errand of this person about a document that he sees; anything else is not there."""
    actor = request.actor  # type: ignore[attr-defined]
    seen = Document.objects.visible_to(actor)
    mine = Errand.objects.select_related(*WITH).filter(user=actor.user, document__in=seen)
    errand: Errand = get_object_or_404(mine, pk=pk)
    return errand


@require_safe
def errand(request: HttpRequest, pk: int) -> HttpResponse:
    """Its state, for the page that shows it; 204 when that page has nothing new to show.

    Opened by itself it is a page of its own.
    """
    found = _mine(request, pk)
    if not wants_part(request):
        return render(request, "signatures/page.html", {"errand": found})
    if request.GET.get("mark", "") == found.mark:
        return HttpResponse(status=204)
    if found.is_open:
        return render(request, "signatures/errand.html#state", {"errand": found})
    # Nothing is waited for any more: the whole part gives way, buttons and all.
    answer = render(request, "signatures/errand.html", {"errand": found})
    answer.headers["HX-Retarget"] = f"#errand-{found.pk}"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


@require_POST
@cache_control(private=True, no_store=True)
def errand_begin(request: HttpRequest, pk: int) -> JsonResponse:
    """What the signing program is told: where to fetch the file, and where to bring it."""
    found = _mine(request, pk)
    try:
        token = actions.renew(request.actor, found)  # type: ignore[attr-defined]
    except Refusal as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    return JsonResponse({"operation": found.operation, "request": _told(request, found, token)})


def _told(request: HttpRequest, errand: Errand, token: str) -> dict[str, Any]:
    asked = urlencode({"t": token})
    told: dict[str, Any] = {
        # The program looks at the end of the address for the kind of the file.
        "FileName": request.build_absolute_uri(
            f"{reverse('plugin:plugin_source')}?{asked}&name=van-ban.pdf"
        ),
        "FileUploadHandler": request.build_absolute_uri(
            f"{reverse('plugin:plugin_upload')}?{asked}"
        ),
        "SessionId": "",
        "JWTToken": "",
        "MetaData": [],
    }
    if errand.operation in {"SignIssued", "SignAppendix", "SignCopy"}:
        told["DocNumber"] = errand.document.code
    if errand.operation == "SignIssued":
        noon = datetime.combine(errand.document.issued_date or clock.today(), time(12))
        told["IssuedDate"] = timezone.make_aware(noon).isoformat()
    return told


@require_safe
@cache_control(private=True, no_store=True)
def errand_file(request: HttpRequest, pk: int) -> FileResponse:
    """The file that is to be signed, to be saved."""
    return sent_out(_mine(request, pk))


@require_POST
def errand_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that was signed elsewhere; what is wrong with it stands on the page."""
    found = _mine(request, pk)
    file: Any = request.FILES.get("file")
    if file is None:
        said = " ".join(fault_sentences(request, "file")) or _("Chọn tệp PDF đã ký.")
        messages.error(request, said)
        return redirect(found.page)
    try:
        actions.bring(request.actor, found, file)  # type: ignore[attr-defined]
    except Refusal:
        pass  # kept with the errand, which the page shows
    else:
        messages.success(request, _("Đã nhận tệp đã ký."))
    return redirect(found.page)
