"""Papers: find one by its QR or its số đến, see who has it, and the one button for now."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from core.errors import Refusal
from documents.models import ActFile
from documents.uploads import fault_sentences
from dossiers.filing import typed_dossier
from incoming import actions, papers, rules
from incoming.choices import PaperPart, State, Verb
from incoming.forms.papers import FORMS, AttachForm, KeepForm, PaperForm
from incoming.models import IncomingDocument, Paper
from incoming.views.files import saved

_RULES = {verb.value: rule for verb, rule in papers.VERBS} | {"sign": rules.may_sign_for}
_DO = {
    "take_over": actions.take_over,
    "sign": actions.take_over,
    "hand_over": actions.hand_over,
    "return_paper": actions.return_paper,
    "report_lost": actions.report_lost,
    "attach_slip": actions.attach_slip,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What I hold; for clerks all that are out. ``?q=``: a scanned code or a số đến."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    asked, dossier = request.GET.get("q", "").strip(), typed_dossier(request)
    found = papers.find(actor, asked, dossier) if asked else []
    if len(found) == 1:
        return redirect(papers.page_of(actor, found[0]))
    context = {
        "asked": asked,
        "dossier": dossier,
        "found": papers.lines(actor, found),
        "mine": [] if asked else papers.mine(actor, dossier),
        "out": None if asked else papers.out(actor, dossier),
        "most": papers.SHOWN,
    }
    return render(request, "incoming/papers.html", context)


@require_safe
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """One paper: who has it, what I may do with it, how it went about."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _open(actor, token)
    name = request.GET.get("do", "")
    form = None
    if name in FORMS and _RULES[name](actor, found) is None:
        form = _form(name, actor, found)
    return _page(request, actor, found, name=name if form else "", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    """Do a verb on a paper; a refusal keeps the form as it was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = _open(actor, token)
    if verb not in FORMS:
        raise Http404
    page = papers.page_of(actor, found)
    if request.method != "POST":
        return redirect(f"{page}?do={verb}#do")
    form, refusal, status = _form(verb, actor, found, request.POST, request.FILES), None, 422
    if faults := fault_sentences(request, "slip"):
        form.errors["slip"] = form.error_class(faults)
    if form.is_valid():
        try:
            form.let_in()
            done = _DO[verb](actor, found, **form.arguments())  # type: ignore[operator]
        except Refusal as said:
            refusal, status, found = said, 409, _open(actor, token)
        else:
            messages.success(request, f"{papers.what(done)}: {papers.where(done)}.")
            return redirect(page)
    if isinstance(form, AttachForm):
        form.ask(getattr(refusal, "look", ""))
    return _page(request, actor, found, name=verb, form=form, refusal=refusal, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """A clerk starts to watch the original, or an annex that was not scanned."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(IncomingDocument.objects.visible_to(actor), pk=pk)
    document.agency = actor.agency
    may, refusal, status = rules.may_keep_paper(actor, document), None, 200
    if may is not None and document.state in (State.RECEIVED, State.REFUSED):
        raise Http404
    has_original = document.papers.filter(part=PaperPart.ORIGINAL).exists()
    form = KeepForm(actor, request.POST or None, has_original=has_original)
    if may is not None:
        refusal, status = may, 409
    elif form.is_bound and not form.is_valid():
        status = 422
    elif form.is_bound:
        try:
            form.let_in()
            kept = actions.keep_paper(actor, document, **form.arguments())
        except Refusal as said:
            refusal, status = said, 409
        else:
            messages.success(request, _("Đã bắt đầu theo dõi. In phiếu QR và dán lên bản giấy."))
            return redirect(papers.page_of(actor, kept))
    context = {"document": document, "form": form, "refusal": refusal, "may": may is None}
    return render(request, "incoming/paper_keep.html", context, status=status)


def _open(actor: Actor, token: str) -> Paper:
    """The paper, if its document may be seen: else the same 404 as for none at all."""
    seen = Paper.objects.visible_to(actor).with_people()
    found: Paper = get_object_or_404(seen, token=token)
    found.document.agency = actor.agency
    return found


@require_safe
@cache_control(private=True, no_store=True)
def signed(request: HttpRequest, token: str, ordinal: int) -> FileResponse:
    """The scan of a signed slip, to be saved, for whoever sees the document."""
    found = _open(request.actor, token)  # type: ignore[attr-defined]
    proof = get_object_or_404(
        ActFile.objects.select_related("file"),
        act__target_id=found.document_id,
        act__ordinal=ordinal,
        act__detail__paper=found.pk,
    )
    return saved(Path(storages["store"].path(proof.file.path)), proof.file_name)


def _form(name: str, actor: Actor, paper: Paper, data: Any = None, files: Any = None) -> PaperForm:
    """The form as the one whose paper it is would see it."""
    acting = _RULES[name].answer(actor, paper)[1]
    return FORMS[name](acting, paper, data, files)


def _page(
    request: HttpRequest,
    actor: Actor,
    paper: Paper,
    *,
    name: str = "",
    form: PaperForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    (line,) = papers.lines(actor, [paper])
    buttons = papers.buttons(actor, paper, name)
    # Signing is one press: its form stands there at once when nothing else was asked for.
    if form is None and buttons and buttons[0].name == "take_over" and buttons[0].is_primary:
        name, form = "take_over", _form("take_over", actor, paper)
    receipt = rules.receipt_rule(actor)
    context = {
        "line": line,
        "paper": paper,
        "document": paper.document,
        "buttons": [one for one in buttons if one.name != name],
        "form": form,
        "verb": Verb.TAKE_OVER if name == "sign" else name,
        "verb_label": next((one.label for one in buttons if one.name == name), ""),
        "post_url": reverse("incoming:paper_move", args=[actor.agency.slug, paper.token, name])
        if form
        else "",
        "refusal": refusal,
        "steps": papers.steps(paper),
        "receipt": receipt.article if receipt and name == "hand_over" else "",
    }
    return render(request, "incoming/paper.html", context, status=status)
