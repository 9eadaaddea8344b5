"""One draft: its page, its verbs, its versions and what differs between two of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from accounts.regulation import Provision
from core.errors import NotYours, Refusal
from core.text import clean, small_key, small_number
from documents.actions import mark_seen
from documents.addresses import address_of
from documents.asked import questions_of
from documents.choices import READ, SEEN_FROM, LinkKind
from documents.gate import Asked
from documents.models import ActFile, Document, DocumentAct, Link, Waiting
from dossiers.filing import lying_in
from dossiers.named import named
from dossiers.trail import trails
from notifications.actions import mark_read
from outgoing import actions, deliveries, findings, originals, presenting, rules, stops, texts
from outgoing.actions import routing
from outgoing.actions.making import making
from outgoing.actions.producing import (
    brought,
    errand_of,
    open_errand_of,
    scanned,
    seal_all,
    sealed,
    signed,
)
from outgoing.actions.standing import taking_over
from outgoing.actions.uploading import looked_at
from outgoing.checking import Finding
from outgoing.choices import GIVEN_UP, PASSING, State, Verb
from outgoing.comparing import compare
from outgoing.content import compared, content_of
from outgoing.forms.compose import NUMBERS_ND30, NUMBERS_TT01
from outgoing.forms.verbs import FORMS
from outgoing.models import Conversion, DraftVersion, IssuedFile, OutgoingDocument, Remark
from outgoing.views.opening import open_draft
from signatures.panels import signatures_of
from signatures.verdicts import describe

_DO = {verb: getattr(actions, verb) for verb in FORMS}
SIGNED = frozenset({Verb.SIGN, Verb.SEAL})
# What is written at these is looked through for the forbidden kinds.
WORDED = frozenset(
    {
        *(Verb.COMMENT, Verb.ASK_OPINION, Verb.GIVE_OPINION, Verb.SUBMIT, Verb.SEND_BACK),
        *PASSING.values(),
    }
)
# At these the form check is looked at, and errors are answered for.
CHECKED = frozenset({Verb.CHECK_FORMAT, Verb.APPRAISE, Verb.CHECK_AGAIN})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet at the left; what it waits for, verbs, opinions and trail at the right."""
    actor, document = open_draft(request, pk)
    if request.method == "GET":
        mark_seen(document, actor)
        if Waiting.objects.waiting_for(actor).filter(document=document.pk, verb=READ).exists():
            actions.read(actor, document)
        mark_read(actor, document.get_absolute_url())
    return render(request, "outgoing/detail.html", _context(request, actor, document))


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The form of a verb; a POST does it, a refusal keeps what was typed."""
    actor, document = open_draft(request, pk)
    if verb not in FORMS:
        raise Http404
    wanted = Verb(verb)
    rule = dict(presenting.VERBS)[wanted]
    refusal, acting = rule.answer(actor, document)
    if request.method != "POST":
        if refusal is not None:
            return redirect(document)
        return _form(request, document, wanted, FORMS[wanted](acting, document))
    if wanted in SIGNED and (key := small_key(request.POST.get("errand", ""))):
        return _bring(request, actor, document, wanted, key)
    if wanted in SIGNED and "outside" in request.POST:
        return _send_out(request, actor, document, wanted)
    form: Any = FORMS[wanted](acting, document, request.POST)
    if isinstance(refusal, NotYours):
        return _form(request, document, wanted, form, refusal, status=409)
    if not form.is_valid():
        return _form(request, document, wanted, form, refusal, status=409 if refusal else 422)
    overruled, left = _overruled(request, document, wanted)
    if left:
        said = Refusal(_("Còn điểm về thể thức chưa sửa. Trả lại để sửa, hoặc ghi lý do bỏ qua."))
        return _form(request, document, wanted, form, said, status=409)
    answered = request.POST.get("looked", "") if request.POST.get("not_forbidden") else None
    try:
        with _files(request, actor, document, wanted, answered, form) as (made, given):
            more: dict[str, Any] = {"overruled": overruled} if wanted in CHECKED else {}
            more |= {"answered": answered} if wanted in WORDED else {}
            done = _DO[wanted](actor, document, *made, **form.arguments(), **given, **more)
        if wanted == Verb.NUMBER:
            done = actions.write_number(actor, done)
        if wanted == Verb.SEAL and done.unsealed_annexes().exists():
            done = seal_all(actor, done, **form.signing)
    except Refusal as raised:
        document = open_draft(request, pk)[1]
        # The file may be asked about first, the words beside it then.
        look = f"{answered or ''} {raised.look}".strip() if isinstance(raised, Asked) else ""
        return _form(request, document, wanted, form, raised, look=look, status=409)
    messages.success(request, _done(wanted, done))
    return redirect(done)


def _bring(
    request: HttpRequest, actor: Actor, document: OutgoingDocument, wanted: Verb, key: int
) -> HttpResponse:
    """The verb with a file that was signed outside and came back."""
    try:
        with brought(actor, document, key) as result:
            more = {"seen": document.version_count} if wanted == Verb.SIGN else {}
            done = _DO[wanted](actor, document, result, **more)
    except Refusal as raised:
        messages.error(request, raised.message)
        return redirect(document)
    messages.success(request, _done(wanted, done))
    return redirect(done)


@contextmanager
def _files(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument,
    wanted: Verb,
    answered: str | None,
    form: Any,
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """What is submitted, signed or sealed becomes a file first; one that is sent is looked at."""
    sent: Any = request.FILES.get("file")
    if wanted == Verb.SUBMIT:
        routing.allowed(rules.may_submit, actor, document)
        with making(actor, document, answered=answered) as made:
            yield [made], {}
    elif wanted == Verb.SIGN:
        with signed(actor, document, **form.signing) as result:
            yield [result], {}
    elif wanted == Verb.TAKE_OVER:
        with taking_over(actor, document) as sheet:
            yield [sheet], {}
    elif wanted == Verb.SEAL:
        with sealed(actor, document, **form.signing) as result:
            yield [result], {}
    elif wanted == Verb.ATTACH_SCAN:
        if not sent:
            raise Refusal(_("Chọn tệp bản quét."), field="file")
        with scanned(actor, document, sent, answered=answered) as result:
            yield [result], {}
    elif wanted == Verb.GIVE_OPINION and sent:
        with looked_at(actor, sent, answered=answered, is_beside=True) as file:
            yield [], {"file": file}
    else:
        yield [], {}


def _overruled(
    request: HttpRequest, document: OutgoingDocument, wanted: Verb
) -> tuple[dict[str, str], list[str]]:
    """Reasons for what is let stand, and the errors that have none."""
    if wanted not in CHECKED:
        return {}, []
    version = document.versions.get(ordinal=document.version_count)
    found = findings.check(document, version)
    given = {code: clean(request.POST.get(f"why-{code}", ""))[:500] for code in found.codes}
    return {code: why for code, why in given.items() if why}, [
        code for code, why in given.items() if not why
    ]


def _done(wanted: Verb, document: OutgoingDocument) -> str:
    is_step = wanted != Verb.TAKE_OVER
    if is_step and (document.state in document.way or document.state == "signing"):
        return _("Đã chuyển: %(state)s.") % {"state": document.get_state_display().lower()}
    return {
        Verb.SEND_BACK: _("Đã chuyển trả."),
        Verb.WITHDRAW: _("Đã rút dự thảo về."),
        Verb.ABANDON: _("Đã bỏ dự thảo; các bản đã lưu còn nguyên."),
        Verb.RECALL: _("Đã thu hồi; nơi nhận được báo."),
        Verb.RESUME: _("Dự thảo trở lại bước soạn thảo."),
        Verb.HAND_OVER: _("Đã giao người khác soạn."),
        Verb.APPROVE: _("Đã ký duyệt."),
        Verb.NOTE_PAPER: _("Đã ghi nhận bản giấy."),
        Verb.TAKE_OVER: _("Đã nhận ký thay; xem bản in mới rồi ký."),
        Verb.SIGN: _("Đã ký số."),
        Verb.NUMBER: _("Đã cấp số %(code)s.") % {"code": document.code},
        Verb.ATTACH_SCAN: _("Đã đính kèm bản quét."),
        Verb.SEAL: _("Đã ký số của cơ quan; còn phụ lục chưa ký.")
        if document.state == State.SEALED and document.unsealed_annexes().exists()
        else _("Đã ký số của cơ quan. Văn bản chờ phát hành."),
        Verb.VOID: _("Đã hủy văn bản; số đã cấp không dùng lại."),
        Verb.ASK_OPINION: _("Đã gửi xin ý kiến."),
        Verb.GIVE_OPINION: _("Đã gửi góp ý."),
        Verb.WITHDRAW_OPINION: _("Đã thôi xin ý kiến."),
        Verb.SHARE: _("Đã thông báo."),
    }.get(wanted, _("Đã ghi ý kiến."))


def _form(
    request: HttpRequest,
    document: OutgoingDocument,
    wanted: Verb,
    form: Any,
    refusal: Refusal | None = None,
    *,
    look: str = "",
    status: int = 200,
) -> HttpResponse:
    version = document.versions.select_related("source").get(ordinal=document.version_count)
    checked = findings.check(document, version) if wanted in CHECKED | {Verb.SUBMIT} else None
    # One reason for all places of one fault.
    found: dict[str, list[Finding]] = {}
    for one in checked.errors if checked else ():
        found.setdefault(one.code, []).append(one)
    rows = [
        {"code": code, "findings": each, "why": request.POST.get(f"why-{code}", "")}
        for code, each in found.items()
    ]
    context = {
        "document": document,
        "verb": wanted,
        "title": presenting.label_of(wanted, document),
        "form": form,
        "refusal": refusal,
        "look": look,
        "rows": rows,
        "hints": checked.hints if checked else (),
        "must_answer": wanted in CHECKED,
        "spelling": _spelling(document) if wanted == Verb.CHECK_AGAIN else None,
        "waited": document.open_opinions if wanted == Verb.SUBMIT else [],
        "version": version,
        "errand": open_errand_of(request.actor, document, wanted)  # type: ignore[attr-defined]
        if wanted in SIGNED and not refusal
        else None,
        "may_send_out": wanted in SIGNED,
        "keys_url": reverse("keys:keys") if wanted == Verb.SIGN else "",
    }
    return render(request, "outgoing/verb.html", context, status=status)


def _send_out(
    request: HttpRequest, actor: Actor, document: OutgoingDocument, wanted: Verb
) -> HttpResponse:
    """The file goes out to a key that is not here; its page goes on from there."""
    try:
        errand_of(actor, document, wanted, page=presenting.url_of(wanted, document))
    except Refusal as raised:
        form = FORMS[wanted](actor, document)
        return _form(request, document, wanted, form, raised, status=409)
    return redirect(presenting.url_of(wanted, document))


def _spelling(document: OutgoingDocument) -> Provision[bool] | None:
    """The provision by which the clerk checks the spelling (Kon Tum Điều 17.1)."""
    agency = document.agency
    found = agency.regulation.spelling_checked(member=agency.is_member)
    return found if found and found.value else None


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version with who and when; two of them side by side."""
    _actor, document = open_draft(request, pk)
    rows = list(document.versions.newest_first())
    by_number = {one.ordinal: one for one in rows}
    new = by_number.get(small_number(request.GET.get("new", ""), document.version_count))
    old = by_number.get(
        small_number(request.GET.get("old", ""), max(document.version_count - 1, 1))
    )
    context = {
        "document": document,
        "versions": rows,
        "old": old,
        "new": new,
        "rows": compare(compared(old), compared(new)) if old and new and old is not new else None,
    }
    return render(request, "outgoing/versions.html", context)


@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """A word about one line of the text."""
    actor, document = open_draft(request, pk)
    line = small_number(request.POST.get("line", ""), 0)
    version = document.versions.get(ordinal=document.version_count)
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


def _context(request: HttpRequest, actor: Actor, document: OutgoingDocument) -> dict[str, Any]:
    version = document.versions.select_related("pdf", "source", "author__user").get(
        ordinal=document.version_count
    )
    rows = DocumentAct.objects.filter(target_id=document.pk).exclude(verb__in=presenting.QUIET)
    whole = ("actor", "appointment", "words", "on_behalf_of__user", "target")
    acts = list(rows.select_related(*whole).order_by("ordinal"))
    steps = trails(actor, acts, named(actor, document, acts)).get(document.pk, [])
    sign_offs = list(
        document.sign_offs.select_related("version", "appointment__user").order_by("pk")
    )
    remarks = list(
        Remark.objects.filter(version__document=document)
        .select_related("author__user", "version")
        .order_by("pk")
    )
    tt01 = actor.agency.regulation.field_numbering.value == "tt01"
    mine = [one for one in document.open_opinions if rules.is_asked(actor, one)]
    made = document.issued_files.filter(version=version).select_related("file").order_by("pk")
    newest = {one.part: one for one in made}
    issued = newest.get(0)
    by_text = request.GET.get("view") == "text" or (version.pdf or version.source) is None
    parts = texts.text_parts(version, remarks) if by_text else []
    on_lines = {one.pk for part in parts for line in part.lines for one in line.remarks}
    return {
        "document": document,
        "version": version,
        "due": presenting.due(document),
        "status": presenting.status_kind(document),
        "buttons": presenting.verb_buttons(actor, document),
        "stops": [
            *stops.stops_of(document, sign_offs, stops.same_text(document, acts)),
            *stops.later_stops(document, acts),
        ],
        "issued": issued,
        "annexes": presenting.annexes(document, version, newest),
        "signatures": signatures_of(issued.file.signatures) if issued else [],
        "verdict": describe(issued.file.signatures) if issued else None,
        "paper_note": next((one for one in reversed(sign_offs) if one.step == "paper"), None)
        if document.paper_signed_on
        else None,
        "steps": steps,
        "fields": presenting.data(
            document, content_of(version), NUMBERS_TT01 if tt01 else NUMBERS_ND30
        ),
        "questions": questions_of(document, _opinion_files(document)),
        "stances": presenting.stance_counts(document),
        "my_question": mine[0] if mine else None,
        "viewer": None if by_text else _viewer(request, document, version, issued),
        "parts": parts,
        # Those on older versions, and those about all of it.
        "remarks": [one for one in remarks if one.pk not in on_lines] if by_text else [],
        "open_remarks": sum(one.settled_at is None for one in remarks),
        "may_remark": rules.may_remark(actor, document) is None,
        "may_settle": rules.may_settle(actor, document) is None,
        **lying_in(actor, document),
        "file_url": _file_url(document),
        **originals.answered(actor, document),
        "related": _related(actor, document),
        "replace_url": _replace_url(actor, document),
        "conversion": _conversion(document, version),
        "deliveries": deliveries.table(actor, document),
        "has_sheet": (version.pdf or version.source) is not None,
        "paperless": actor.agency.regulation.drafts_paperless,
        "gone": originals.gone(document) if document.is_copy else None,
    }


def _file_url(document: OutgoingDocument) -> str:
    if document.state in GIVEN_UP:
        return ""
    return reverse("outgoing:file_in", args=[document.agency.slug, document.pk])


def _conversion(document: OutgoingDocument, version: DraftVersion) -> Conversion | None:
    """The text that is being converted, or why the last one came to nothing."""
    newest = document.conversions.order_by("-pk").first()
    if newest is None or (newest.done_at and (not newest.reason or newest.base < version.ordinal)):
        return None
    return newest


def _opinion_files(document: OutgoingDocument) -> dict[int, str]:
    """Where the files lie that came with opinions, by the opinions' keys."""
    given = ActFile.objects.filter(act__target=document.pk, act__verb=Verb.GIVE_OPINION)
    slug = document.agency.slug
    return {
        act["opinion"]: reverse("outgoing:opinion_file", args=[slug, document.pk, ordinal])
        for act, ordinal in given.values_list("act__detail", "act__ordinal")
    }


def _replace_url(actor: Actor, document: OutgoingDocument) -> str:
    """Where one that went out wrong is written anew."""
    if rules.may_replace(actor, document) is not None:
        return ""
    return f"{reverse('outgoing:new', args=[document.agency.slug])}?replaces={document.pk}"


def _related(actor: Actor, document: OutgoingDocument) -> list[dict[str, Any]]:
    """What it takes the place of or is a copy of, and what was made of it; as the reader sees."""
    rows = Link.objects.filter(Q(source=document.pk) | Q(target=document.pk))
    seen = Document.objects.visible_to(actor)
    found = []
    kinds = (LinkKind.REPLACES, LinkKind.COPIES)
    for link in rows.filter(kind__in=kinds).order_by("pk"):
        kind, is_newer = LinkKind(link.kind), link.source_id == document.pk
        other = seen.filter(pk=link.target_id if is_newer else link.source_id).first()
        if other is not None:
            found.append(
                {
                    "label": kind.label if is_newer else SEEN_FROM[kind],
                    "url": address_of(actor.agency.slug, other),
                    "code": other.code if other.code_number else "",
                    "subject": other.subject,
                }
            )
    return found


def _viewer(
    request: HttpRequest,
    document: OutgoingDocument,
    version: DraftVersion,
    issued: IssuedFile | None,
) -> dict[str, Any] | None:
    """What parts/viewer.html needs for one page of the sheet."""
    file = issued.file if issued else version.pdf or version.source
    if file is None:
        return None
    pages, zoom = file.page_count, "zoom" in request.GET
    page = min(max(small_number(request.GET.get("page", ""), 1), 1), max(pages, 1))
    slug, base = document.agency.slug, document.get_absolute_url()
    name, key = ("issued", issued.pk) if issued else ("version", version.ordinal)
    image = reverse(f"outgoing:{name}_page", args=[slug, document.pk, key, page])

    def link(number: int, large: bool = zoom) -> str:
        return f"{base}?page={number}{'&zoom=1' if large else ''}"

    return {
        "file_name": issued.get_step_display()
        if issued
        else _("Bản %(number)d") % {"number": version.ordinal},
        "page": page,
        "pages": pages,
        "image_url": (f"{image}?zoom=1" if zoom else image) if pages else "",
        "previous_url": link(page - 1) if page > 1 else "",
        "next_url": link(page + 1) if page < pages else "",
        "zoom_url": link(page, not zoom) if pages else "",
        "is_zoomed": zoom,
        "download_url": reverse(f"outgoing:{name}_file", args=[slug, document.pk, key]),
        "links": [
            {"number": one, "url": link(one), "current": one == page} for one in range(1, pages + 1)
        ]
        if 1 < pages <= 12
        else [],
        "reason": "",
    }
