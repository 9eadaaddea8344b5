"""The tray: what has arrived, dropped in, put together and taken apart."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actor import Actor
from core.errors import Refusal
from core.htmx import wants_part
from core.text import small_number
from documents.uploads import QuarantinedUpload, fault_sentences
from incoming import actions, arrivals, drafts, rules
from incoming.choices import TYPED_CHANNELS, Channel
from incoming.models import IncomingDocument

pages = require_http_methods(["GET", "HEAD", "POST"])
MERGED_AT_ONCE = 20


def clerk_of(request: HttpRequest) -> Actor:
    """The clerk who asks; these pages do not exist for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_receive(actor) is not None:
        raise Http404
    return actor


def document_of(actor: Actor, pk: int) -> IncomingDocument:
    """A document that the clerk sees, with his agency at hand."""
    document = get_object_or_404(IncomingDocument.objects.visible_to(actor), pk=pk)
    document.agency = actor.agency
    return document


def files_of(request: HttpRequest) -> tuple[list[QuarantinedUpload], list[str]]:
    """The files that arrived whole, and sentences about those that did not."""
    files: list[Any] = request.FILES.getlist("files")
    return files, fault_sentences(request, "files")


@never_cache
@pages
def tray(request: HttpRequest) -> HttpResponse:
    """What waits to be registered; files that are dropped here become one entry each, or one.

    A script sends file after file and is answered with one line about each.
    """
    actor = clerk_of(request)
    faults: list[str] = []
    if request.method == "POST":
        taken, faults = _take(request, actor)
        if wants_part(request):
            context = {"taken": taken, "faults": faults}
            return render(request, "incoming/tray.html#outcome", context)
        if taken:
            words = ngettext("Đã nhận %(count)d tệp.", "Đã nhận %(count)d tệp.", taken)
            messages.success(request, words % {"count": taken})
            for fault in faults:
                messages.warning(request, fault)
            return redirect("incoming:tray", actor.agency.slug)
    rows, total = arrivals.tray(actor)
    context = {
        "rows": rows,
        "total": total,
        "more": total - len(rows),
        "drafts": drafts.scanless(actor),
        "faults": faults,
        "channels": TYPED_CHANNELS,
        "channel": request.POST.get("channel", Channel.PAPER),
        "together": request.POST.get("as") == "one",
    }
    return render(request, "incoming/tray.html", context, status=422 if faults else 200)


def _take(request: HttpRequest, actor: Actor) -> tuple[int, list[str]]:
    """The files as a document each, or all as one: how many were taken, what is wrong with others.

    A file that cannot be taken does not stop those behind it.
    """
    files, faults = files_of(request)
    if not files and not faults:
        return 0, [_("Chưa chọn tệp nào. Quét văn bản rồi chọn tệp PDF.")]
    channel = request.POST.get("channel", "")
    channel = channel if channel in dict(TYPED_CHANNELS) else Channel.PAPER
    taken = 0
    for group in [files] if request.POST.get("as") == "one" and files else [[one] for one in files]:
        try:
            actions.receive(actor, group, channel=channel)
        except Refusal as refusal:
            faults.append(f"{group[0].name}: {refusal}")
        else:
            taken += len(group)
    return taken, faults


# --- Sorting: several entries into one, an annex into one of its own.


@never_cache
@pages
def merge(request: HttpRequest) -> HttpResponse:
    """Which of the chosen entries is the document; the files of the others become its annexes."""
    actor = clerk_of(request)
    asked = request.POST if request.method == "POST" else request.GET
    keys = _keys(asked.getlist("entry"))
    rows = arrivals.entries(actor, keys)
    refusal: Refusal | None = None
    if request.method == "POST":
        main = next((one for one in rows if str(one.document.pk) == asked.get("main")), None)
        try:
            _merge(actor, rows, main, len(keys))
        except Refusal as said:
            refusal = said
        else:
            messages.success(request, _("Đã gộp thành một văn bản."))
            return redirect("incoming:tray", actor.agency.slug)
    elif len(rows) < 2:
        messages.warning(request, _("Chọn ít nhất hai văn bản trong danh sách rồi gộp."))
        return redirect("incoming:tray", actor.agency.slug)
    context = {"rows": rows, "refusal": refusal, "main": asked.get("main", "")}
    return render(request, "incoming/merge.html", context, status=409 if refusal else 200)


def _keys(asked: list[str]) -> list[int]:
    right = [int(one) for one in asked if one.isdecimal() and len(one) < 19]
    return list(dict.fromkeys(right))[:MERGED_AT_ONCE]


def _merge(
    actor: Actor, rows: list[arrivals.TrayRow], main: arrivals.TrayRow | None, asked: int
) -> None:
    if len(rows) < asked:
        raise Refusal(
            _("Có văn bản được chọn đã rời danh sách chờ đăng ký. Xem lại danh sách rồi chọn lại.")
        )
    if main is None:
        raise Refusal(_("Chọn văn bản chính; tệp của các văn bản còn lại thành phụ lục."))
    actions.merge(actor, main.document, [one.document for one in rows if one is not main])


@never_cache
@require_POST
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """An annex becomes an entry of its own."""
    actor = clerk_of(request)
    document = document_of(actor, pk)
    try:
        actions.split(actor, document, small_number(request.POST.get("file", ""), 0))
    except Refusal as refusal:
        messages.warning(request, f"{refusal} {refusal.article}".strip())
    else:
        messages.success(request, _("Đã tách phụ lục thành một văn bản chờ đăng ký."))
    return redirect("incoming:tray", actor.agency.slug)
