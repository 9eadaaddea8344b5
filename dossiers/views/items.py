"""Putting things into a dossier, ordering them, taking them out."""

from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from core.errors import Refusal
from core.text import clean, fold, small_key, small_number
from documents.choices import Kind
from documents.gate import let_words_in
from documents.models import Document, Opinion
from documents.querysets import page_of
from documents.uploads import QuarantinedUpload, fault_sentences
from dossiers import actions, presenting, rules
from dossiers.models import Dossier, Item
from dossiers.querysets import opinions_about
from dossiers.views.working import open_dossier

FOUND = 20
LONGEST = 4000


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put in a document that is looked for here, files, or a note."""
    actor, dossier = open_dossier(request, pk)
    if request.method != "POST":
        if rules.may_file(actor, dossier) is not None:
            return redirect(dossier)
        return _page(request, actor, dossier)
    try:
        said = _add(request, actor, dossier)
    except Refusal as refusal:
        return _page(request, actor, dossier, refusal, status=409)
    messages.success(request, said)
    return redirect(dossier)


def _add(request: HttpRequest, actor: Actor, dossier: Dossier) -> str:
    what, text = request.POST.get("what", ""), _words(request, actor)
    if what == "files":
        if faults := fault_sentences(request, "files"):
            # What is left of them may not be the whole paper.
            nothing = _("Lần này chưa đưa tệp nào vào hồ sơ: chọn lại tệp rồi gửi.")
            raise Refusal(" ".join([*faults, nothing]), field="files")
        uploads = [
            one for one in request.FILES.getlist("files") if isinstance(one, QuarantinedUpload)
        ]
        # A tick belongs to the files and marks that it was asked about.
        answered = _answered(request)
        made = actions.add_files(actor, dossier, uploads, answered=answered, text=text)
        return ngettext(
            "Đã đưa %(count)d tệp vào hồ sơ.", "Đã đưa %(count)d tệp vào hồ sơ.", len(made)
        ) % {"count": len(made)}
    if what == "note":
        actions.add_note(actor, dossier, text=text)
        return _("Đã ghi vào hồ sơ.")
    if what == "opinion":
        said = small_key(request.POST.get("opinion", ""))
        if not said:
            raise Refusal(_("Chọn ý kiến cần đưa vào hồ sơ."), field="opinion")
        known = Opinion.objects.filter(document__in=Document.objects.visible_to(actor))
        actions.add_opinion(actor, dossier, get_object_or_404(known, pk=said), text=text)
        return _("Đã đưa ý kiến vào hồ sơ.")
    key = request.POST.get("document", "")
    if not key.isdecimal() or len(key) > 17:
        raise Refusal(_("Chọn văn bản cần đưa vào hồ sơ."), field="document")
    seen = Document.objects.visible_to(actor).registered().exclude(kind=Dossier.KIND)
    actions.add_document(actor, dossier, get_object_or_404(seen, pk=int(key)), text=text)
    return _("Đã đưa văn bản vào hồ sơ.")


def _answered(request: HttpRequest) -> str | None:
    looked = request.POST.get("looked", "")[:300]
    return looked if "not_forbidden" in request.POST else None


def _words(request: HttpRequest, actor: Actor) -> str:
    """What was typed beside it; raises what the gate says of it (Kon Tum Điều 4)."""
    text = clean(request.POST.get("text", ""), lines=True)[:LONGEST]
    let_words_in(actor.agency.regulation, [text], _answered(request))
    return text


def _page(
    request: HttpRequest,
    actor: Actor,
    dossier: Dossier,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    typed = clean(request.GET.get("q", "") or request.POST.get("q", ""))[:200]
    found = _candidates(actor, dossier, typed)
    context: dict[str, Any] = {
        "dossier": dossier,
        "refusal": refusal,
        "has_gate": bool(actor.agency.regulation.gate),
        "look": getattr(refusal, "look", ""),
        "of_words": request.POST.get("what") == "note",
        "typed": typed,
        "found": found,
        "is_found": any(one["rows"] for one in found),
        "opinions": _opinions(actor, dossier, typed),
        "text": request.POST.get("text", "")[:LONGEST],
    }
    return render(request, "dossiers/add_item.html", context, status=status)


def _candidates(actor: Actor, dossier: Dossier, typed: str) -> list[dict[str, Any]]:
    """Documents that these words find and that are not in it yet, by kind, newest first."""
    words = fold(typed).split()

    def narrow(rows: Any) -> Any:
        for word in words:
            rows = rows.filter(search_text__contains=word)
        return rows.exclude(state__in=("void", "withdrawn")).exclude(in_dossiers__dossier=dossier)

    by_words = bool(words)
    found = []
    for kind, label in ((Kind.INCOMING, _("Văn bản đến")), (Kind.OUTGOING, _("Văn bản đi"))):
        page = page_of(
            Document.objects.all(), actor, kind, narrow=narrow, size=FOUND, by_words=by_words
        )
        found.append({"label": label, "rows": page.rows, "is_incoming": kind == Kind.INCOMING})
    return found


def _opinions(actor: Actor, dossier: Dossier, typed: str) -> list[Opinion]:
    """What was said when asked, and does not lie in it yet; the newest first.

    ``typed``: only those whose words, giver or document hold all of these, so that every one of
    many is found.
    """
    rows = opinions_about(actor, dossier).exclude(in_dossiers__dossier=dossier)
    words = fold(typed).split()
    found = (
        one
        for one in rows.order_by("-answered_at", "-pk").iterator(chunk_size=200)
        if all(word in _said_in(one) for word in words)
    )
    return list(islice(found, FOUND))


def _said_in(opinion: Opinion) -> str:
    by = opinion.answered_by
    names = (by.user.full_name if by else "", opinion.unit.name, opinion.document.subject)
    return fold(" ".join((opinion.text, *names)))


def _item(request: HttpRequest, actor: Actor, dossier: Dossier) -> Item:
    typed = request.POST.get("item", "") or request.GET.get("item", "")
    key = int(typed) if typed.isdecimal() and len(typed) < 18 else 0
    seen = dossier.items.visible_to(actor).with_content()
    found: Item = get_object_or_404(seen, pk=key)
    return found


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one thing at another place of the list."""
    actor, dossier = open_dossier(request, pk)
    item = _item(request, actor, dossier)
    try:
        actions.move_item(actor, dossier, item, to=small_number(request.POST.get("to", ""), 0))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Đã xếp lại thứ tự."))
    return redirect(f"{dossier.get_absolute_url()}?view=contents")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one thing out, with a reason."""
    actor, dossier = open_dossier(request, pk)
    item = _item(request, actor, dossier)
    refusal = None
    if request.method == "POST":
        try:
            actions.remove_item(actor, dossier, item, text=_words(request, actor))
        except Refusal as raised:
            refusal = raised
        else:
            messages.success(request, _("Đã đưa ra khỏi hồ sơ."))
            return redirect(f"{dossier.get_absolute_url()}?view=contents")
    elif rules.may_remove_item(actor, dossier, item) is not None:
        return redirect(dossier)
    context = {
        "dossier": dossier,
        "item": presenting.item_line(actor, dossier, item, [], place=item.ordinal),
        "refusal": refusal,
        "text": request.POST.get("text", "")[:LONGEST],
    }
    return render(request, "dossiers/remove_item.html", context, status=409 if refusal else 200)
