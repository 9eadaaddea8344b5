"""What comes to a draft from elsewhere: a file, the place of its signature, pictures."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.storage import storages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from core.text import clean, small_number
from documents.gate import Asked
from documents.inspection import call
from documents.uploads import fault_sentences
from outgoing import actions, rules
from outgoing.actions.uploading import looked_at
from outgoing.choices import State
from outgoing.content import content_of
from outgoing.views.opening import open_draft

# Pixels of the picture on which the place of the signature is chosen.
PLACE_WIDTH = 700


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A version that was made elsewhere: a PDF, or a text that is converted."""
    actor, document = open_draft(request, pk)
    if refusal := rules.may_edit(actor, document):
        raise refusal
    context: dict[str, Any] = {"document": document, "base": document.version_count}
    if request.method != "POST":
        return render(request, "outgoing/upload.html", context)
    file: Any = request.FILES.get("file")
    sentences = fault_sentences(request, "file")
    if file is None:
        context["refusal"] = Refusal(" ".join(sentences) or _("Chọn tệp dự thảo."), field="file")
        return render(request, "outgoing/upload.html", context, status=422)
    answered = request.POST.get("looked", "") if request.POST.get("not_forbidden") else None
    base = small_number(request.POST.get("base", ""), document.version_count)
    try:
        if actions.is_text(file):
            note = clean(request.POST.get("note", ""))
            said = answered is not None
            actions.ask_conversion(actor, document, file, base=base, note=note, answered=said)
            messages.success(request, _("Đã nhận tệp, đang chuyển thành PDF."))
            return redirect(document)
        with looked_at(actor, file, answered=answered) as found:
            saved = actions.save(
                actor,
                document,
                content_of(document.versions.get(ordinal=document.version_count)),
                base=base,
                note=clean(request.POST.get("note", ""))[:500],
                file=found,
            )
        if saved.state != State.DRAFTING:
            saved = actions.make_again(actor, saved)
    except Asked as asked:
        context |= {"refusal": asked, "look": asked.look}
        return render(request, "outgoing/upload.html", context, status=409)
    except Refusal as raised:
        return render(request, "outgoing/upload.html", context | {"refusal": raised}, status=409)
    messages.success(request, _("Đã lưu bản %(number)d.") % {"number": saved.version_count})
    return redirect(saved)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose on the page where the signature goes; a click on the picture sends its place."""
    actor, document = open_draft(request, pk)
    version = document.versions.select_related("source").get(ordinal=document.version_count)
    if rules.may_edit(actor, document) is not None or version.source is None:
        return redirect(document)
    typed = request.POST if request.method == "POST" else request.GET
    pages = version.source.page_count
    page = min(max(small_number(typed.get("page", ""), pages), 1), pages)
    context = {"document": document, "version": version, "page": page, "pages": range(1, pages + 1)}
    if request.method == "POST" and "at.x" in request.POST:
        x = small_number(request.POST["at.x"], 0)
        y = small_number(request.POST.get("at.y", ""), 0)
        path = storages["store"].path(version.source.path)
        size, fault = call(
            "outgoing.places.size",
            path,
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
            page=page - 1,
        )
        try:
            if fault or not size:
                raise Refusal(_("Không đo được trang này. Chọn trang khác."))
            scale = size[0] / PLACE_WIDTH
            actions.choose_place(
                actor,
                document,
                version=version.ordinal,
                page=page - 1,
                x=x * scale,
                y=size[1] - y * scale,
            )
        except Refusal as raised:
            return render(request, "outgoing/place.html", context | {"refusal": raised}, status=409)
        if document.state != State.DRAFTING:
            actions.make_again(actor, document)
        messages.success(request, _("Đã chọn chỗ ký ở trang %(page)d.") % {"page": page})
        return redirect(document)
    return render(request, "outgoing/place.html", context)


@require_POST
def add_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a picture that the text may call for."""
    actor, document = open_draft(request, pk)
    file: Any = request.FILES.get("picture")
    if file is None:
        said = " ".join(fault_sentences(request, "picture")) or _("Chọn hình.")
        messages.error(request, said)
        return redirect("outgoing:compose", actor.agency.slug, pk)
    try:
        picture = actions.add_picture(actor, document, file)
    except Refusal as raised:
        messages.error(request, raised.message)
    else:
        messages.success(
            request,
            _("Đã thêm hình. Đặt dòng [hình: %(name)s] vào chỗ cần.") % {"name": picture.name},
        )
    return redirect("outgoing:compose", actor.agency.slug, pk)


@require_POST
def drop_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Take a picture away that no version calls for."""
    actor, document = open_draft(request, pk)
    try:
        actions.drop_picture(actor, document, get_object_or_404(document.pictures, pk=picture))
    except Refusal as raised:
        messages.error(request, raised.message)
    return redirect("outgoing:compose", actor.agency.slug, pk)
