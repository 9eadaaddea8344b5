"""What comes to a draft from elsewhere: a file, pictures."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Refusal
from core.text import clean, small_number
from documents.gate import Asked
from documents.uploads import fault_sentences
from outgoing import actions, rules
from outgoing.actions.uploading import looked_at
from outgoing.content import content_of
from outgoing.views.opening import open_draft
from outgoing.views.remaking import made_again


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
        # What is refused from here on is refused of a version that stands.
        context["base"] = saved.version_count
        if elsewhere := made_again(request, actor, saved):
            return elsewhere
    except Asked as asked:
        context |= {"refusal": asked, "look": asked.look}
        return render(request, "outgoing/upload.html", context, status=409)
    except Refusal as raised:
        return render(request, "outgoing/upload.html", context | {"refusal": raised}, status=409)
    messages.success(request, _("Đã lưu bản %(number)d.") % {"number": saved.version_count})
    return redirect(saved)


@require_POST
def conversion(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer about a text that waits to become a PDF: it goes on, or it goes."""
    actor, document = open_draft(request, pk)
    clears = "clears" in request.POST
    try:
        row = actions.answer_conversion(
            actor, document, look=request.POST.get("look", ""), clears=clears
        )
    except Refusal as raised:
        messages.error(request, raised.message)
        return redirect(document)
    if row is None:
        messages.error(request, _("Tệp không còn chờ trả lời. Đính kèm lại nếu cần."))
    elif clears:
        messages.success(request, _("Đã trả lời, đang chuyển thành PDF."))
    else:
        messages.success(request, _("Đã bỏ tệp."))
    return redirect(document)


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
