"""The tray and the registering form: receive, register, refuse, correct."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from core.errors import Refusal, require
from core.text import small_number
from documents.models import Attachment, QuarantinedFile
from documents.uploads import QuarantinedUpload, fault_sentences
from incoming import actions, arrivals, presenting, rules
from incoming.choices import Channel, RefusalReason, State
from incoming.forms.entry import CorrectForm, RefuseForm, RegisterForm
from incoming.models import IncomingDocument

pages = require_http_methods(["GET", "HEAD", "POST"])


def _clerk(request: HttpRequest) -> Actor:
    """The clerk who asks; these pages do not exist for anybody else."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_receive(actor) is not None:
        raise Http404
    return actor


def _document(actor: Actor, pk: int) -> IncomingDocument:
    document = get_object_or_404(IncomingDocument.objects.visible_to(actor), pk=pk)
    document.agency = actor.agency
    return document


# --- The tray.


@never_cache
@pages
def tray(request: HttpRequest) -> HttpResponse:
    """What waits to be registered; files that are dropped here become one entry each."""
    actor = _clerk(request)
    faults: list[str] = []
    if request.method == "POST":
        taken, faults = _take_each(request, actor)
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
        "faults": faults,
        "channels": Channel.choices,
        "channel": request.POST.get("channel", Channel.PAPER),
    }
    return render(request, "incoming/tray.html", context, status=422 if faults else 200)


def _take_each(request: HttpRequest, actor: Actor) -> tuple[int, list[str]]:
    """Each file as a document of its own: how many were taken, what is wrong with the others."""
    files, faults = _files(request)
    channel = request.POST.get("channel", "")
    for file in files:
        actions.receive(
            actor, [file], channel=channel if channel in Channel.values else Channel.PAPER
        )
    if not files and not faults:
        faults = [_("Chưa chọn tệp nào. Quét văn bản rồi chọn tệp PDF.")]
    return len(files), faults


def _files(request: HttpRequest) -> tuple[list[QuarantinedUpload], list[str]]:
    """The files that arrived whole, and sentences about those that did not."""
    files: list[Any] = request.FILES.getlist("files")
    return files, fault_sentences(request, "files")


# --- Registering.


@never_cache
@pages
def register(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One document of the tray, or a new one with its files, entered in this year's book."""
    actor = _clerk(request)
    document = _document(actor, pk) if pk is not None else None
    if document is not None and document.state != State.RECEIVED:
        return _settled(request, document)
    if request.method == "POST":
        return _register(request, actor, document)
    if document is None and "new" not in request.GET:
        first = IncomingDocument.objects.visible_to(actor).in_tray().first()
        document = _document(actor, first.pk) if first else None
    return _page(request, actor, document)


def _register(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> HttpResponse:
    gate = request.POST.get("gate", "")
    if gate in actor.agency.regulation.gate:
        return _forbid(request, actor, document, gate)
    document, file_errors = _received(request, actor, document)
    if document is None:
        form = RegisterForm(actor, request.POST)
        form.is_valid()
        return _page(request, actor, None, form, file_errors=file_errors, status=422)
    if document.state != State.RECEIVED:
        return _settled(request, document)
    files = actions.inspect_tray(document)
    form = RegisterForm(
        actor, request.POST, document=document, pages=sum(file.page_count for file in files)
    )
    if not form.is_valid() or file_errors:
        return _page(request, actor, document, form, file_errors=file_errors, status=422)
    return _enter(request, actor, document, form)


def _enter(
    request: HttpRequest, actor: Actor, document: IncomingDocument, form: RegisterForm
) -> HttpResponse:
    """Register what is typed rightly, unless it may be there already."""
    entry = form.entry()
    twins = actions.duplicates_of(actor, document, entry)
    if twins and not form.cleaned_data["confirm_duplicate"]:
        return _page(request, actor, document, form, twins=twins, status=409)
    try:
        document = actions.register(actor, document, entry)
    except Refusal as refusal:
        current = _document(actor, document.pk)
        if current.state != State.RECEIVED:
            return _settled(request, current)
        return _page(request, actor, document, form, refusal=refusal, twins=twins, status=409)
    return _onwards(request, actor, document)


def _onwards(request: HttpRequest, actor: Actor, document: IncomingDocument) -> HttpResponse:
    """Say the number and go where the pressed button says: to the next one, or to the document."""
    then = request.POST.get("then", "")
    said = _("Đã đăng ký số đến %(number)d.") % {"number": document.number}
    if then == "submit":
        try:
            document = actions.submit(actor, document)
            said = _("Đã đăng ký số đến %(number)d và trình.") % {"number": document.number}
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    url = document.get_absolute_url()
    if then not in ("next", "submit"):
        messages.success(request, said)
        return redirect(url)
    link = format_html('{} <a href="{}">{}</a>', said, url, _("Xem văn bản"))
    messages.success(request, link)
    following = arrivals.next_in_tray(actor, document)
    if following:
        return redirect("incoming:register_received", actor.agency.slug, following)
    return redirect("incoming:register", actor.agency.slug)


def _received(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> tuple[IncomingDocument | None, list[str]]:
    """The document that the form speaks of; its files lie in the tray before all else."""
    files, faults = _files(request)
    token = _token(request)
    if document is None and token:
        document = _of_entry(actor, token)
        files = [] if document else files  # the same form sent again
    if document is not None:
        if files and document.state == State.RECEIVED:
            document = _replace(actor, document, files)
        return document, faults
    if not files:
        return None, faults or [_("Chưa có tệp nào. Quét văn bản rồi đính kèm tệp PDF.")]
    channel = request.POST.get("channel", "")
    if channel not in Channel.values:
        channel = Channel.PAPER
    others = IncomingDocument.objects.exclude(agency=actor.agency)
    if token and others.filter(entry_token=token).exists():
        token = uuid4()
    try:
        document = actions.receive(actor, files, channel=channel, entry_token=token)
    except IntegrityError:
        # The same form, sent at the same moment, was taken in first.
        document = _of_entry(actor, token) if token else None
        if document is None:
            raise
    return _document(actor, document.pk), faults


def _token(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("entry_token", ""))
    except ValueError:
        return None


def _of_entry(actor: Actor, token: UUID) -> IncomingDocument | None:
    document = IncomingDocument.objects.visible_to(actor).filter(entry_token=token).first()
    if document is not None:
        document.agency = actor.agency
    return document


@transaction.atomic
def _replace(
    actor: Actor, document: IncomingDocument, files: Sequence[QuarantinedUpload]
) -> IncomingDocument:
    """Better files for a document of the tray: received anew, the old ones sent away."""
    readable = all((file.inspection or {}).get("readable") for file in document.quarantined.all())
    better = actions.receive(actor, files, channel=document.channel)
    reason = RefusalReason.INCOMPLETE if readable else RefusalReason.UNREADABLE
    actions.refuse(actor, document, reason=reason)
    return _document(actor, better.pk)


def _forbid(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None, gate: str
) -> HttpResponse:
    """A forbidden kind: its files go at once, what was typed is not read at all."""
    files, _faults = _files(request)
    with transaction.atomic():
        # One transaction: of a file that came with this form no row is ever committed.
        if document is None and (token := _token(request)):
            document = _of_entry(actor, token)
        if document is None and files:
            document = actions.receive(actor, files)
        if document is not None:
            document = actions.refuse(actor, document, reason=gate)
    return _forbidden(request, actor, gate, document)


def _forbidden(
    request: HttpRequest,
    actor: Actor,
    gate: str,
    document: IncomingDocument | None,
    status: int = 409,
) -> HttpResponse:
    kind = actor.agency.regulation.gate[gate]
    context = {
        "kind": kind,
        "advice": arrivals.paper_advice(gate),
        "had_file": document is not None,
        "following": IncomingDocument.objects.visible_to(actor).in_tray().first(),
    }
    return render(request, "incoming/refused.html", context, status=status)


def _settled(request: HttpRequest, document: IncomingDocument) -> HttpResponse:
    """The document has left the tray: to where it is now."""
    actor = _clerk(request)
    if document.state != State.REFUSED:
        said = _("Văn bản này đã đăng ký, số đến %(number)d.") % {"number": document.number}
        messages.info(request, said)
        return redirect(document.get_absolute_url())
    if document.refusal_reason in actor.agency.regulation.gate:
        return _forbidden(
            request,
            actor,
            document.refusal_reason,
            document,
            status=409 if request.method == "POST" else 200,
        )
    messages.info(request, _("Văn bản này đã từ chối, tệp đã xóa."))
    return redirect("incoming:tray", actor.agency.slug)


def _page(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument | None,
    form: RegisterForm | None = None,
    *,
    refusal: Refusal | None = None,
    twins: Sequence[IncomingDocument] = (),
    file_errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    files = list(document.quarantined.all()) if document else []
    facts = [arrivals.facts_of(file) for file in files]
    if form is None:
        amount = sum(one.pages for one in facts)
        form = RegisterForm(actor, document=document, pages=amount)
        twins = list(arrivals.same_file(actor, document)) if document else []
    context = {
        "document": document,
        "form": form,
        "files": facts,
        "unreadable": [one for one in facts if one.is_inspected and not one.is_readable],
        "unseen": [one for one in facts if not one.is_inspected],
        "viewer": _viewer(request, actor, document, files),
        "queue": arrivals.queue(actor, document),
        "issuers": arrivals.issuers(actor),
        "twins": twins,
        "refusal": refusal,
        "file_errors": file_errors,
        "was_kept": bool(request.FILES and document) and status == 422 and not file_errors,
        "regulation": actor.agency.regulation,
    }
    return render(request, "incoming/register.html", context, status=status)


def _viewer(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument | None,
    files: Sequence[QuarantinedFile | Attachment],
    name: str = "incoming:register_received",
) -> dict[str, Any] | None:
    """The page of the file that is asked for; with the other files of the document."""
    if document is None or not files:
        return None
    wanted = request.GET.get("file", "")
    file = next((one for one in files if str(one.ordinal) == wanted), files[0])
    base = reverse(name, args=[actor.agency.slug, document.pk])
    number = small_number(request.GET.get("page", ""))
    shown = presenting.viewer(document, file, number, base_url=base, zoom="zoom" in request.GET)
    facts = arrivals.facts_of(file)
    if not facts.is_inspected:
        shown["reason"] = _("Tệp đang được kiểm tra. Tải lại trang sau giây lát.")
    else:
        shown["reason"] = facts.reason
    others = [
        {"url": f"{base}?file={one.ordinal}", "name": one.file_name, "current": one is file}
        for one in files
    ]
    return {**shown, "files": others if len(others) > 1 else []}


# --- Sending away, and mending.


@never_cache
@pages
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Send away what is not registered; its files go."""
    actor = _clerk(request)
    document = _document(actor, pk)
    if document.state != State.RECEIVED:
        return _settled(request, document)
    facts = [arrivals.facts_of(file) for file in document.quarantined.all()]
    unreadable = any(one.reason for one in facts)
    form = RefuseForm(
        actor,
        request.POST or None,
        initial={"reason": RefusalReason.UNREADABLE} if unreadable else None,
    )
    refusal = None
    if form.is_valid():
        try:
            actions.refuse(actor, document, **form.cleaned_data)
        except Refusal as said:
            refusal = said
        else:
            return _sent_away(request, actor, form.cleaned_data["reason"], document)
    status = 409 if refusal else 422 if form.is_bound else 200
    context = {"document": document, "form": form, "files": facts, "refusal": refusal}
    return render(request, "incoming/refuse.html", context, status=status)


def _sent_away(
    request: HttpRequest, actor: Actor, reason: str, document: IncomingDocument
) -> HttpResponse:
    if reason in actor.agency.regulation.gate:
        return _forbidden(request, actor, reason, document, status=200)
    messages.success(request, _("Đã từ chối văn bản, tệp đã xóa khỏi hệ thống."))
    return redirect("incoming:tray", actor.agency.slug)


@never_cache
@pages
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what was typed; before and after stay in the history."""
    actor = _clerk(request)
    document = _document(actor, pk)
    require(rules.may_correct(actor, document))
    form = CorrectForm(actor, request.POST or None, document=document)
    refusal, status = None, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.correct(actor, document, form.entry(), reason=form.cleaned_data["reason"])
        except Refusal as said:
            refusal, status = said, 409
        else:
            messages.success(request, _("Đã sửa dữ liệu. Giá trị trước và sau còn trong lịch sử."))
            return redirect(document.get_absolute_url())
    files = list(Attachment.objects.filter(document_id=pk).select_related("file"))
    context = {
        "document": document,
        "form": form,
        "refusal": refusal,
        "issuers": arrivals.issuers(actor),
        "viewer": _viewer(request, actor, document, files, "incoming:correct"),
    }
    return render(request, "incoming/correct.html", context, status=status)
