"""The registering form: register, refuse, correct."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale, require
from core.text import small_number
from documents.actions.at_hand import newest_ordinal
from documents.choices import AssignmentRole
from documents.gate import Asked, Forbidden
from documents.models import Attachment, DocumentAct, QuarantinedFile
from incoming import actions, arrivals, checks, drafts, lateness, presenting, rules, senders, twins
from incoming.actions.routing import lock
from incoming.choices import (
    MERGED,
    RECALLED,
    TYPED_CHANNELS,
    Channel,
    RefusalReason,
    State,
    Verb,
)
from incoming.forms.entry import FORWARDING, CorrectForm, RegisterForm
from incoming.forms.refusing import RefuseForm
from incoming.links import links_of
from incoming.models import IncomingDocument
from incoming.views.drafting import (
    PUT_BY,
    chosen_draft,
    keep_quietly,
    opened_form,
    put_by,
    revision_of,
    token_of,
    typed_of,
)
from incoming.views.tray import clerk_of, document_of, files_of, pages

# --- Registering.


@never_cache
@pages
def register(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One document of the tray, or a new one with its files, entered in this year's book."""
    actor = clerk_of(request)
    document = document_of(actor, pk) if pk is not None else None
    if document is not None and document.state != State.RECEIVED:
        return _settled(request, document)
    if request.method == "POST":
        return _register(request, actor, document)
    blank = "new" in request.GET or "draft" in request.GET
    if document is None and not blank:
        first = IncomingDocument.objects.visible_to(actor).in_tray().first()
        document = document_of(actor, first.pk) if first else None
    return _page(request, actor, document)


def _register(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> HttpResponse:
    gate = request.POST.get("gate", "")
    if gate in actor.agency.regulation.gate:
        return _forbid(request, actor, document, gate)
    document, file_errors = _received(request, actor, document)
    if document is not None and document.state != State.RECEIVED:
        return _settled(request, document)
    if request.POST.get("then") in PUT_BY:
        return _put_by(request, actor, document, file_errors)
    if document is None:
        none = [_("Chưa có tệp nào. Quét văn bản rồi đính kèm tệp PDF.")]
        form = RegisterForm(actor, request.POST)
        form.is_valid()
        keep_quietly(request, actor, None)
        return _page(request, actor, None, form, file_errors=file_errors or none, status=422)
    files = actions.inspect_tray(document)
    form = RegisterForm(
        actor, request.POST, document=document, pages=sum(file.page_count for file in files)
    )
    if not form.is_valid() or file_errors:
        keep_quietly(request, actor, document)
        return _page(request, actor, document, form, file_errors=file_errors, status=422)
    return _enter(request, actor, document, form, files)


def _put_by(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument | None,
    file_errors: Sequence[str],
) -> HttpResponse:
    """Nothing is registered: the draft is kept, or the form says why it is not."""
    answer = put_by(request, actor, document)
    if isinstance(answer, HttpResponse):
        for said in file_errors:
            messages.warning(request, said)
        return answer
    form = RegisterForm(actor, document=document, initial=typed_of(request))
    if document is None:
        form.initial["entry_token"] = token_of(request)
    return _page(
        request, actor, document, form, refusal=answer, file_errors=file_errors, status=409
    )


def _enter(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument,
    form: RegisterForm,
    files: Sequence[QuarantinedFile],
) -> HttpResponse:
    """Register what is typed rightly, once all that was found in it has been answered for."""
    entry = form.entry()
    found = checks.look(actor, document, files, entry, on_paper=form.annex() is not None)
    if not found.is_decided(form):
        keep_quietly(request, actor, document)
        return _page(request, actor, document, form, found=found, status=409)
    checked = form.checked(
        twins.numbers(found.twins), unsigned=found.unsigned, annexes=found.annexes
    )
    try:
        entered = _registered(request, actor, document, form, checked)
    except Refusal as refusal:
        current = document_of(actor, document.pk)
        if current.state != State.RECEIVED:
            return _settled(request, current)
        keep_quietly(request, actor, document)
        return _page(request, actor, document, form, refusal=refusal, found=found, status=409)
    return _onwards(request, actor, entered, form)


@transaction.atomic
def _registered(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument,
    form: RegisterForm,
    checked: actions.Checked,
) -> IncomingDocument:
    """Registered, and sent on where that was asked: both or neither, and no number is used up."""
    if not _sends_on(request, form):
        return actions.register(actor, document, form.entry(), checked, annex=form.annex())
    unit, by, text = (form.cleaned_data[name] for name in FORWARDING)
    line = actions.Line(AssignmentRole.LEAD, unit, None, text)
    actions.check_direction(actor, document, line, by=by)
    document = actions.register(actor, document, form.entry(), checked, annex=form.annex())
    return actions.forward(actor, document, unit, by=by, text=text)


def _sends_on(request: HttpRequest, form: RegisterForm) -> bool:
    return request.POST.get("then") == "forward" and bool(form.forwarding)


def _onwards(
    request: HttpRequest, actor: Actor, document: IncomingDocument, form: RegisterForm
) -> HttpResponse:
    """Say the number and go where the pressed button says: to the next one, or to the document."""
    then = request.POST.get("then", "")
    said = _("Đã đăng ký số đến %(number)d.") % {"number": document.number}
    if then == "submit":
        try:
            document = actions.submit(actor, document)
            said = _("Đã đăng ký số đến %(number)d và trình.") % {"number": document.number}
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    elif _sends_on(request, form):
        said = _("Đã đăng ký số đến %(number)d và chuyển %(unit)s.") % {
            "number": document.number,
            "unit": form.cleaned_data["forward_to"].name,
        }
        if document.due_date and document.due_date < clock.today():
            messages.warning(request, _past_day(document))
    url = document.get_absolute_url()
    if then not in ("next", "submit", "forward"):
        messages.success(request, said)
        return redirect(url)
    link = format_html('{} <a href="{}">{}</a>', said, url, _("Xem văn bản"))
    messages.success(request, link)
    following = arrivals.next_in_tray(actor, document)
    if following:
        return redirect("incoming:register_received", actor.agency.slug, following)
    return redirect("incoming:register", actor.agency.slug)


def _past_day(document: IncomingDocument) -> str:
    """What is said of a document that was sent on after its own day (Kon Tum Điều 11.6a)."""
    words = _(
        "Thời hạn %(day)s ghi trên văn bản đã qua: việc đến nơi xử lý là quá hạn ngay; "
        "nơi xử lý xin gia hạn nếu cần."
    )
    return words % {"day": f"{document.due_date:%d/%m/%Y}"}


def _received(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None
) -> tuple[IncomingDocument | None, list[str]]:
    """The document that the form speaks of; its files lie in the tray before all else."""
    files, faults = files_of(request)
    token = token_of(request)
    if document is None and token:
        document = _of_entry(actor, token)
        files = [] if document else files  # the same form sent again
    if document is not None:
        if files and document.channel == Channel.EXCHANGE:
            return document, [_("Tệp gửi qua hệ thống giữ nguyên như bên gửi đã phát hành.")]
        if document.state != State.RECEIVED:
            return document, faults
        if faults:
            # All that were meant, or none: half of them would be a worse scan than the old one.
            return document, [*faults, _("Chưa thay tệp nào: các tệp cũ của văn bản giữ nguyên.")]
        if files:
            better = actions.replace_files(actor, document, files)
            document = document_of(actor, better.pk)
        return document, []
    if not files:
        return None, faults
    channel = request.POST.get("channel", "")
    if channel not in dict(TYPED_CHANNELS):
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
    return document_of(actor, document.pk), faults


def _of_entry(actor: Actor, token: UUID) -> IncomingDocument | None:
    document = IncomingDocument.objects.visible_to(actor).filter(entry_token=token).first()
    if document is not None:
        document.agency = actor.agency
    return document


def _forbid(
    request: HttpRequest, actor: Actor, document: IncomingDocument | None, gate: str
) -> HttpResponse:
    """A forbidden kind: its files go at once, what was typed is not read at all."""
    files, _faults = files_of(request)
    with transaction.atomic():
        # One transaction: of a file that came with this form no row is ever committed.
        if token := token_of(request):
            document = document or _of_entry(actor, token)
            if document is not None:
                # Before its drafts: one that is being saved holds the document first, too.
                document = lock(actor, document)
            actions.forget_entry(actor, token)
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
        "code": gate,
        "advice": arrivals.paper_advice(gate),
        "had_file": document is not None,
        "following": IncomingDocument.objects.visible_to(actor).in_tray().first(),
    }
    return render(request, "incoming/refused.html", context, status=status)


def _settled(request: HttpRequest, document: IncomingDocument) -> HttpResponse:
    """The document has left the tray: to where it is now; what was typed in vain is said."""
    actor = clerk_of(request)
    if document.state != State.REFUSED:
        messages.info(request, arrivals.registered_by(document))
        if request.method == "POST" and (others := arrivals.differing(document, request.POST)):
            messages.warning(request, others)
        return redirect(document.get_absolute_url())
    if document.refusal_reason in actor.agency.regulation.gate:
        return _forbidden(
            request,
            actor,
            document.refusal_reason,
            document,
            status=409 if request.method == "POST" else 200,
        )
    if document.refusal_reason == MERGED:
        # The last one: it may have taken in others before.
        acts = DocumentAct.objects.filter(target=document.pk, verb=Verb.MERGE)
        detail = acts.order_by("-ordinal").values_list("detail", flat=True)[0]
        messages.info(request, _("Văn bản này đã gộp vào văn bản đang mở."))
        return redirect("incoming:detail", actor.agency.slug, detail["into"])
    if document.refusal_reason == RECALLED:
        messages.info(request, _("Bên gửi đã thu hồi văn bản này, tệp đã xóa."))
        return redirect("incoming:tray", actor.agency.slug)
    messages.info(request, _("Văn bản này đã từ chối, tệp đã xóa."))
    return redirect("incoming:tray", actor.agency.slug)


def _page(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument | None,
    form: RegisterForm | None = None,
    *,
    refusal: Refusal | None = None,
    found: checks.Look | None = None,
    file_errors: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    files = list(document.quarantined.all()) if document else []
    facts = [arrivals.facts_of(file) for file in files]
    chosen = drafts.Chosen(revision=revision_of(request, actor, document))
    if form is None:
        chosen = chosen_draft(request, actor, document)
        amount = sum(one.pages for one in facts)
        form = opened_form(actor, document, chosen, pages=amount)
    found = found or checks.look(actor, document, files)
    form.ask(found.marks)
    if found.twins and chosen.draft is None:
        # Seen first; whoever has begun to type has seen it, and goes on where something is missing.
        form.lead_nowhere()
    context = {
        "document": document,
        "form": form,
        "files": facts,
        "unreadable": [one for one in facts if one.is_inspected and not one.is_readable],
        "unseen": [one for one in facts if not one.is_inspected],
        "viewer": _viewer(request, actor, document, files),
        "queue": arrivals.queue(actor, document),
        "issuers": arrivals.issuers(actor),
        "found": found,
        "compared": checks.compared(actor, document, found.twins, form),
        "refusal": refusal,
        "overtaken": isinstance(refusal, actions.Overtaken),
        "file_errors": file_errors,
        "was_kept": bool(request.FILES and document) and status == 422 and not file_errors,
        "regulation": actor.agency.regulation,
        "draft": chosen.line,
        "newer": chosen.newer,
        "revision": chosen.revision,
        "links": links_of(actor, document) if document and document.replaces_text else [],
        "others": drafts.note_opening(actor, document) if document else [],
        "late": lateness.of_registering(document) if document else None,
        "sender": senders.sender(actor, str(form["organ_name"].value() or "")),
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
    actor = clerk_of(request)
    document = document_of(actor, pk)
    if document.state != State.RECEIVED:
        return _settled(request, document)
    facts = [arrivals.facts_of(file) for file in document.quarantined.all()]
    unreadable = any(one.reason for one in facts)
    form = RefuseForm(
        actor,
        request.POST or None,
        initial={"reason": RefusalReason.UNREADABLE if unreadable else request.GET.get("reason")},
    )
    refusal = None
    if form.is_valid():
        try:
            form.let_in()
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
    said = _("Đã từ chối văn bản, tệp đã xóa khỏi hệ thống.")
    slip = reverse("incoming:return_slip", args=[actor.agency.slug, document.pk])
    link = format_html('{} <a href="{}">{}</a>', said, slip, _("In phiếu trả lại văn bản"))
    messages.success(request, link)
    return redirect("incoming:tray", actor.agency.slug)


@never_cache
@pages
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend what was typed; before and after stay in the history."""
    actor = clerk_of(request)
    document = document_of(actor, pk)
    require(rules.may_correct(actor, document))
    form = CorrectForm(actor, request.POST or None, document=document)
    refusal, status = None, 422 if form.is_bound else 200
    if form.is_valid():
        try:
            form.let_in()
            reason = form.cleaned_data["reason"]
            actions.correct(actor, document, form.entry(), reason=reason, seen=form.seen or None)
        except Refusal as said:
            refusal, status = said, 409
            document = document_of(actor, pk)
            # Asked about words before the verb looked: what came meanwhile has not been read yet.
            asked = isinstance(said, Asked | Forbidden) and form.seen
            form.version = form.seen if asked else newest_ordinal(document)
        else:
            messages.success(request, _("Đã sửa dữ liệu. Giá trị trước và sau còn trong lịch sử."))
            return redirect(document.get_absolute_url())
    files = list(Attachment.objects.filter(document_id=pk).select_related("file"))
    overtaken = isinstance(refusal, Stale) and form.seen
    context = {
        "document": document,
        "form": form,
        "refusal": refusal,
        "stands": arrivals.stands(document, request.POST, form.seen) if overtaken else "",
        "issuers": arrivals.issuers(actor),
        "viewer": _viewer(request, actor, document, files, "incoming:correct"),
    }
    return render(request, "incoming/correct.html", context, status=status)
