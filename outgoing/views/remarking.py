"""Words about one line of a draft."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.errors import Refusal
from core.text import clean, small_number
from documents.gate import Asked
from outgoing import actions, texts
from outgoing.models import Remark
from outgoing.views.opening import open_draft


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """A word about one line of the text, as it stood on the page that was read."""
    actor, document = open_draft(request, pk)
    line = small_number(request.POST.get("line", ""), 0)
    version = document.versions.as_read(small_number(request.POST.get("version", ""), 0))
    quote = texts.quote_of(version, line)
    text = clean(request.POST.get("text", ""), lines=True)[:4000]
    try:
        actions.remark(
            actor,
            document,
            version=version.ordinal,
            line=line if quote else 0,
            quote=quote,
            text=text,
            answered=request.POST.get("looked", "") if request.POST.get("not_forbidden") else None,
        )
    except Asked as asked:
        context = {"document": document, "line": line, "text": text, "refusal": asked}
        context["version"] = version
        return render(request, "outgoing/remark.html", context, status=409)
    except Refusal as raised:
        messages.error(request, raised.message)
    else:
        messages.success(request, _("Đã gửi góp ý."))
    return redirect(f"{document.get_absolute_url()}?view=text#line-{line}")


@require_POST
def settle(request: HttpRequest, pk: int, remark: int) -> HttpResponse:
    """The drafter has taken it into account."""
    actor, document = open_draft(request, pk)
    found = get_object_or_404(Remark, pk=remark, version__document=document)
    try:
        actions.settle(actor, document, found)
    except Refusal as raised:
        messages.error(request, raised.message)
    return redirect(f"{document.get_absolute_url()}?view=text#remarks")
