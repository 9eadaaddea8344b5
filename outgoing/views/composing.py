"""Composing: a new draft, its text, a preview while typing, files and pictures."""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from core import clock
from core.errors import NotYours, Refusal
from core.text import small_key
from documents.choices import Kind
from documents.models import Document
from documents.pages import WIDTH, media_type_of
from documents.pages import render as draw
from dossiers.models import Dossier
from dossiers.rules import may_file
from outgoing import actions, checking, rendering, rules
from outgoing.choices import State
from outgoing.comparing import compare
from outgoing.content import Content, content_of, paper_of
from outgoing.forms.compose import ComposeForm, first_recipients, of_content
from outgoing.models import OutgoingDocument, Phrase, Template
from outgoing.paper import Paper
from outgoing.sheets import page_count
from outgoing.views import typed
from outgoing.views.opening import open_draft

PREVIEW_SECONDS = 900
PREVIEW_PAGES = 20
PREVIEW_LETTERS = 60_000  # about twenty pages
CHECKED_LETTERS = 250_000  # about eighty: as many as a second reads
OF_THE_WHOLE = frozenset(
    {"end_mark", "annex_empty", "annex_missing", "annex_unnamed", "quotes_open", "brackets_open"}
)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft: of his own, with a template, as an answer, out of a dossier or task."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if refusal := rules.may_draft(actor):
        raise refusal
    answers, replaces = _answered(request, actor), _replaced(request, actor)
    dossier = _dossier(request, actor, answers)
    around: dict[str, Any] = {"answers": answers, "replaces": replaces, "dossier": dossier}
    if request.method != "POST":
        first = _first(request, actor, answers, dossier) if replaces is None else _again(replaces)
        window = typed.opened(request, actor, None)
        form = ComposeForm(actor, initial=first | window.first)
        return _page(request, form, window=window, **around)
    form = ComposeForm(actor, None, request.POST)
    filled = form.is_valid()
    if (code := request.POST.get("mend")) and form.has_paper:
        return _mended(request, form, None, code, **around)
    if "more" in request.POST or not filled:
        form = ComposeForm(actor, None, request.POST) if "more" in request.POST else form
        return _page(request, form, status=422, **around)
    if "look" in request.POST:
        return _page(request, form, look=True, **around)
    try:
        document = actions.draft(
            actor,
            form.content(),
            form.plan(),
            token=form.cleaned_data["token"] or uuid4(),
            gate_kind=form.cleaned_data["gate"],
            **around,
        )
    except Refusal as raised:
        return _page(request, form, refusal=raised, status=409, **around)
    actions.saved_typed(actor, document, typed.window_of(request), typed.revision_of(request))
    messages.success(request, _("Đã lưu dự thảo."))
    return redirect(document)


@require_http_methods(["GET", "HEAD", "POST"])
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """The text of a draft; saving makes a version, and never covers one that was not seen."""
    actor, document = open_draft(request, pk)
    refusal = rules.may_edit(actor, document)
    if request.method != "POST":
        if refusal is not None:
            return redirect(document)
        window = typed.opened(request, actor, document)
        form = ComposeForm(actor, document, initial=_stored(document) | window.first)
        return _page(request, form, document, window=window)
    form = ComposeForm(actor, document, request.POST)
    if isinstance(refusal, NotYours):
        form.is_valid()
        return _page(request, form, document, refusal=refusal, status=409)
    if "more" in request.POST or not form.is_valid():
        return _page(request, form, document, status=422)
    if "look" in request.POST:
        return _page(request, form, document, look=True)
    if code := request.POST.get("mend"):
        return _mended(request, form, document, code)
    try:
        saved = actions.save(
            actor,
            document,
            form.content(),
            base=form.cleaned_data["base"] or 0,
            # Once it is on its way, its signer and its day are settled.
            plan=form.plan() if document.state == State.DRAFTING else None,
            note=form.cleaned_data["note"],
            drops_file=form.cleaned_data.get("drops_file", False),
        )
    except actions.Overtaken as raised:
        return _overtaken(request, form, document, raised)
    except Refusal as raised:
        return _page(request, form, document, refusal=raised, status=409)
    actions.saved_typed(actor, saved, typed.window_of(request), typed.revision_of(request))
    if saved.state != State.DRAFTING:
        answered = request.POST.get("looked", "") if request.POST.get("not_forbidden") else None
        try:
            saved = actions.make_again(actor, saved, answered=answered)
        except Refusal as raised:
            return _unmade(request, form, saved, raised)
    messages.success(request, _("Đã lưu bản %(number)d.") % {"number": saved.version_count})
    return redirect(saved)


def _unmade(
    request: HttpRequest, form: ComposeForm, saved: OutgoingDocument, raised: Refusal
) -> HttpResponse:
    """The text is saved, its file is not made: what is asked is answered here, with no new version
    where nothing else changes."""
    again = _over(form, saved, request, saved.version_count)
    window = typed.Window(uuid4())
    return _page(request, again, saved, refusal=raised, window=window, status=409)


def _over(
    form: ComposeForm, document: OutgoingDocument, request: HttpRequest, base: int
) -> ComposeForm:
    """What was typed, over another version."""
    data = request.POST.copy()
    data["base"] = str(base)
    again = ComposeForm(form.actor, document, data)
    again.is_valid()
    return again


def _overtaken(
    request: HttpRequest, form: ComposeForm, document: OutgoingDocument, raised: actions.Overtaken
) -> HttpResponse:
    """Somebody saved meanwhile: both texts side by side; sent again, his own goes on top."""
    theirs = content_of(raised.newest)
    again = _over(form, document, request, raised.newest.ordinal)
    rows = compare(theirs.compared(), form.content().compared())
    return _page(request, again, document, refusal=raised, rows=rows, status=409)


def _mended(
    request: HttpRequest,
    form: ComposeForm,
    document: OutgoingDocument | None,
    code: str,
    **around: Any,
) -> HttpResponse:
    """The form with one finding put right; nothing is saved yet."""
    content = mended(document or _unsaved(form.actor), form.content(), code)
    kept = (
        *("signer", "draft_due_date", "note", "is_internal", "base", "token", "gate"),
        "drops_file",
    )
    initial = {**of_content(content), **{name: form.cleaned_data.get(name) for name in kept}}
    again = ComposeForm(form.actor, document, initial=initial)
    return _page(request, again, document, **around, **look_of(form, document, content))


def _unsaved(actor: Actor) -> OutgoingDocument:
    """What a new draft will be, for its sheet."""
    return OutgoingDocument(agency=actor.agency, drafter=actor.appointment)


def mended(document: OutgoingDocument, content: Content, code: str) -> Content:
    """The text after one finding ("code@where") was put right."""
    name, _at, where = code.partition("@")
    paper = paper_of(document, content)
    return content.with_paper(paper, checking.mend(paper, name, where))


@require_POST
def preview(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The sheet of what is being typed, as images; nothing is saved."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    document = None
    if pk is not None:
        actor, document = open_draft(request, pk)
    form = ComposeForm(actor, document, request.POST)
    form.is_valid()
    context = look_of(form, document)
    return render(request, "outgoing/_preview.html", context)


def shortened(paper: Paper, letters: int = PREVIEW_LETTERS) -> Paper:
    """As much of a long paper as a preview shows; the rest is drawn when it is submitted."""
    room, annexes = max(letters - len(paper.body), 0), []
    for one in paper.annexes:
        annexes.append(replace(one, body=one.body[:room]))
        room = max(room - len(one.body), 0)
    return replace(paper, body=paper.body[:letters], annexes=tuple(annexes))


def _checked(paper: Paper) -> dict[str, Any]:
    """What the form check finds, and from where on a very long paper was not looked at."""
    short = shortened(paper, CHECKED_LETTERS)
    if short == paper:
        return {"findings": checking.check(paper)}
    found = checking.check(short)
    return {
        # Of what stands at its end, or names what stands there, nothing is known yet.
        "findings": tuple(one for one in found if one.code not in OF_THE_WHOLE),
        "checked_letters": CHECKED_LETTERS,
    }


def look_of(
    form: ComposeForm, document: OutgoingDocument | None, content: Content | None = None
) -> dict[str, Any]:
    """Pages of the sheet, and what the form check finds."""
    actor = form.actor
    base = document or _unsaved(actor)
    pictures = {}
    if document is not None:
        pictures = {one.name: bytes(one.content) for one in document.pictures.all()}
    try:
        paper = paper_of(base, content or form.content(), pictures=pictures)
        shown = shortened(paper)
        pdf, checked = rendering.render(shown), _checked(paper)
    except (KeyError, ValueError):
        return {"preview_empty": True}
    token = uuid4()
    cache.set(_key(actor, token), pdf, PREVIEW_SECONDS)
    count = page_count(pdf)
    pages = min(count, PREVIEW_PAGES)
    slug = actor.agency.slug
    return {
        "preview_pages": [
            reverse("outgoing:preview_page", args=[slug, token, page])
            for page in range(1, pages + 1)
        ],
        "may_mend": True,
        "is_shortened": shown != paper or count > pages,
        **checked,
    }


@require_safe
@cache_control(private=True, max_age=600)
def preview_page(request: HttpRequest, token: UUID, page: int) -> HttpResponse:
    """One page of a preview of one's own."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    pdf = cache.get(_key(actor, token))
    if pdf is None or not 1 <= page <= PREVIEW_PAGES:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        source, image = Path(folder) / "sheet.pdf", Path(folder) / "page"
        source.write_bytes(pdf)
        drawn = draw(
            source,
            page - 1,
            WIDTH,
            image,
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
        )
        if drawn.reason:
            raise Http404
        content = image.read_bytes()
    return HttpResponse(content, content_type=media_type_of(content))


def _key(actor: Actor, token: UUID) -> str:
    return f"preview-{actor.user.pk}-{token}"


def _stored(document: OutgoingDocument) -> dict[str, Any]:
    version = document.versions.get(ordinal=document.version_count)
    return {
        **of_content(content_of(version)),
        "base": document.version_count,
        "signer": document.signer_id,
        "draft_due_date": document.due_date,
        "is_internal": document.is_internal,
    }


def _first(
    request: HttpRequest, actor: Actor, answers: Document | None, dossier: Dossier | None
) -> dict[str, Any]:
    """What a new draft begins with: a template, what it answers, the task it comes from."""
    template = _template(request, actor)
    known = _inherited(actor, answers, dossier)
    if template is None:
        return {
            "type_name": "Công văn",
            "recipients": first_recipients("Công văn", actor.unit),
        } | known
    first = of_content(Content.read(template.content))
    # What it answers comes before the words of the template.
    if first.get("body") and known.get("body"):
        known["body"] = f"{known['body']}\n{first['body']}"
    return first | known


def _inherited(actor: Actor, answers: Document | None, dossier: Dossier | None) -> dict[str, Any]:
    """What is known from the document that it answers, or from the task that it comes from."""
    if answers is not None:
        about = _("số %(code)s ngày %(day)s của %(organ)s") % {
            "code": answers.code or answers.number,
            "day": f"{answers.issued_date:%d/%m/%Y}" if answers.issued_date else "…",
            "organ": answers.organ_name,
        }
        return {
            "addressees": answers.organ_name,
            "subject": _("trả lời Văn bản %(about)s") % {"about": about},
            "body": _("Trả lời Văn bản %(about)s về %(subject)s, %(office)s có ý kiến như sau:")
            % {"about": about, "subject": answers.subject, "office": actor.agency.name},
            "draft_due_date": _still_to_come(answers.due_date),
            "priority": answers.priority,
        }
    if dossier is not None:
        due = _still_to_come(dossier.due_date)
        return {"subject": dossier.subject[:500], "draft_due_date": due}
    return {}


def _replaced(request: HttpRequest, actor: Actor) -> OutgoingDocument | None:
    wanted = request.POST.get("replaces") or request.GET.get("replaces") or ""
    if not wanted:
        return None
    seen = OutgoingDocument.objects.visible_to(actor).with_people()
    found: OutgoingDocument = get_object_or_404(seen, pk=small_key(wanted))
    found.agency = found.drafter.unit.agency = actor.agency
    if refusal := rules.may_replace(actor, found):
        raise refusal
    return found


def _again(replaces: OutgoingDocument) -> dict[str, Any]:
    """The text of the one that is replaced, to be put right; in the same register."""
    content = content_of(replaces.versions.get(ordinal=replaces.version_count))
    beside = {"signer": replaces.signer_id, "is_internal": replaces.is_internal}
    return of_content(content) | beside


def _still_to_come(day: date | None) -> date | None:
    """A deadline that has passed is none for what is only begun."""
    return day if day and day >= clock.today() else None


def _template(request: HttpRequest, actor: Actor) -> Template | None:
    number = small_key(request.GET.get("template", ""))
    return Template.objects.filter(agency=actor.agency, is_active=True, pk=number).first()


def _answered(request: HttpRequest, actor: Actor) -> Document | None:
    wanted = request.POST.get("answers") or request.GET.get("answers") or ""
    if not wanted:
        return None
    seen = Document.objects.visible_to(actor).registered().filter(kind=Kind.INCOMING)
    return get_object_or_404(seen, pk=small_key(wanted))


def _dossier(request: HttpRequest, actor: Actor, answers: Document | None) -> Dossier | None:
    wanted = request.POST.get("dossier") or request.GET.get("dossier") or ""
    if not wanted and request.method != "POST" and answers is not None:
        # An answer belongs into the dossier of what it answers (Cần Thơ Điều 13.1).
        around = Dossier.objects.visible_to(actor).filter(items__document=answers.pk)
        return next((one for one in around[:5] if may_file(actor, one) is None), None)
    if not wanted:
        return None
    seen = Dossier.objects.visible_to(actor)
    return get_object_or_404(seen, pk=small_key(wanted))


def _page(
    request: HttpRequest,
    form: ComposeForm,
    document: OutgoingDocument | None = None,
    *,
    status: int = 200,
    look: bool = False,
    window: typed.Window | None = None,
    **more: Any,
) -> HttpResponse:
    actor = form.actor
    window = window or typed.sent(request, actor, document, more.get("refusal"))
    context = {
        "form": form,
        "document": document,
        "window": window,
        "phrases": Phrase.objects.filter(agency=actor.agency),
        "templates": Template.objects.filter(agency=actor.agency, is_active=True),
        "pictures": document.pictures.defer("content") if document else [],
        **more,
    }
    if look:
        context |= look_of(form, document)
    return render(request, "outgoing/compose.html", context, status=status)
