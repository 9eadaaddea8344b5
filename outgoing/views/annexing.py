"""Annexes in files of their own."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.text import small_number
from documents.gate import Asked
from documents.uploads import fault_sentences
from incoming.views.files import saved
from outgoing import actions, rules
from outgoing.actions.uploading import looked_at, signers_of
from outgoing.models import AnnexFile, OutgoingDocument
from outgoing.views.opening import open_draft
from outgoing.views.remaking import made_again
from outgoing.views.showing import conversion_of


@require_http_methods(["GET", "HEAD", "POST"])
def annexes(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of its annexes; a POST adds one, and a refusal keeps the page."""
    actor, document = open_draft(request, pk)
    if refusal := rules.may_edit(actor, document):
        raise refusal
    if request.method != "POST":
        return _page(request, document)
    file: Any = request.FILES.get("file")
    if file is None:
        said = " ".join(fault_sentences(request, "file")) or _("Chọn tệp phụ lục.")
        return _page(request, document, Refusal(said, field="file"), status=422)
    answered = request.POST.get("looked", "") if request.POST.get("not_forbidden") else None
    base = small_number(request.POST.get("base", ""), document.version_count)
    try:
        if actions.is_text(file):
            looked = answered is not None
            actions.ask_conversion(
                actor, document, file, base=base, answered=looked, for_annex=True
            )
            messages.success(request, _("Đã nhận tệp, đang chuyển thành PDF."))
            return redirect("outgoing:annexes", actor.agency.slug, pk)
        with looked_at(actor, file, answered=answered, may_be_signed=True) as found:
            document = actions.add_annex(actor, document, found, base=base)
        elsewhere = made_again(request, actor, document)
    except Refusal as raised:
        look = raised.look if isinstance(raised, Asked) else ""
        return _page(request, document, raised, look=look, status=409)
    messages.success(request, _("Đã thêm phụ lục."))
    return elsewhere or redirect("outgoing:annexes", actor.agency.slug, pk)


@require_POST
def drop_annex(request: HttpRequest, pk: int, part: int) -> HttpResponse:
    """Take one away; the older versions keep it."""
    actor, document = open_draft(request, pk)
    base = small_number(request.POST.get("base", ""), document.version_count)
    try:
        done = actions.drop_annex(actor, document, part, base=base)
        elsewhere = made_again(request, actor, done)
    except Refusal as raised:
        messages.error(request, raised.message)
        elsewhere = None
    else:
        messages.success(request, _("Đã bỏ phụ lục; các bản đã lưu trước còn nguyên."))
    return elsewhere or redirect("outgoing:annexes", actor.agency.slug, pk)


@require_safe
@cache_control(private=True, no_store=True)
def annex_file(request: HttpRequest, pk: int, ordinal: int, part: int) -> FileResponse:
    """The file of an annex as a version has it, byte for byte."""
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(OutgoingDocument.objects.visible_to(actor), pk=pk)
    rows = AnnexFile.objects.filter(version__document=document, version__ordinal=ordinal)
    annex = get_object_or_404(rows.select_related("file"), part=part)
    return saved(Path(storages["store"].path(annex.file.path)), annex.file_name)


def _page(
    request: HttpRequest,
    document: OutgoingDocument,
    refusal: Refusal | None = None,
    *,
    look: str = "",
    status: int = 200,
) -> HttpResponse:
    version = document.versions.get(ordinal=document.version_count)
    annexes = list(version.annex_files.select_related("file"))
    for one in annexes:
        one.signers = signers_of(one.file.signatures)  # type: ignore[attr-defined]
    context = {
        "document": document,
        "base": version.ordinal,
        "annexes": annexes,
        "conversion": conversion_of(document, version),
        "refusal": refusal,
        "look": look,
    }
    return render(request, "outgoing/annexes.html", context, status=status)
