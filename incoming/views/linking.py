"""Văn bản liên quan: find the other document, say what it is to this one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from core.text import clean
from documents.choices import TYPED_LINKS, Kind
from documents.models import Document, Link
from incoming import actions, links, rules
from incoming.views.working import open_document


@require_http_methods(["GET", "HEAD", "POST"])
def related(request: HttpRequest, pk: int) -> HttpResponse:
    """The links of a document; POST makes one, or takes one back (``unlink``)."""
    actor, document = open_document(request, pk)
    refusal = None
    if request.method == "POST":
        try:
            if "unlink" in request.POST:
                mine = Link.objects.filter(source=document)
                key = request.POST["unlink"]
                link = get_object_or_404(mine, pk=key if key.isdecimal() and len(key) < 18 else 0)
                actions.unlink(actor, document, link)
                messages.success(request, _("Đã gỡ liên kết."))
            else:
                key = request.POST.get("document", "")
                if not key.isdecimal() or len(key) > 17:
                    raise Refusal(_("Chọn văn bản cần liên kết."), field="document")
                seen = Document.objects.visible_to(actor).registered()
                other = get_object_or_404(seen.exclude(kind=Kind.DOSSIER), pk=int(key))
                actions.link(actor, document, other, kind=request.POST.get("kind", ""))
                messages.success(request, _linked(other))
            return redirect(reverse("incoming:related", args=[actor.agency.slug, document.pk]))
        except Refusal as said:
            refusal = said
    typed = clean((request.POST or request.GET).get("q", ""))[:200]
    context = {
        "document": document,
        "links": links.links_of(actor, document),
        "may_link": rules.may_link(actor, document) is None,
        "typed": typed,
        "found": links.candidates(actor, document, typed) if typed else [],
        "kinds": TYPED_LINKS,
        "kind": request.POST.get("kind", ""),
        "chosen": request.POST.get("document", ""),
        "refusal": refusal,
    }
    status = 409 if refusal else 200
    return render(request, "incoming/related.html", context, status=status)


def _linked(other: Document) -> str:
    if other.kind == Kind.OUTGOING:
        return _("Đã liên kết với văn bản đi %(code)s.") % {"code": other.code}
    return _("Đã liên kết với văn bản số đến %(number)s.") % {"number": other.number}
