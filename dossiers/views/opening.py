"""Lập hồ sơ, giao việc: one form for the whole agency (Bắc Giang Điều 4.2)."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.choices import Role
from core.errors import NotYours, Refusal, require
from documents.models import Document
from dossiers import actions, rules
from dossiers.choices import CatalogueState
from dossiers.forms.fields import DossierForm, TaskForm
from dossiers.forms.work import OpeningForm
from dossiers.models import Dossier, PlannedDossier
from dossiers.showing import keeping, still_unseen

LINES = 20  # of the catalogue, that are offered on the form


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 18 else None


def _source(request: HttpRequest, actor: Actor) -> Document | None:
    """The document that it is opened from, as the reader may see it."""
    typed = request.POST.get("from") or request.GET.get("from") or ""
    if not typed:
        return None
    seen = Document.objects.visible_to(actor).registered().exclude(kind=Dossier.KIND)
    found: Document = get_object_or_404(seen, pk=_number(typed))
    return found


def _line(request: HttpRequest, actor: Actor) -> PlannedDossier | None:
    """The line of the catalogue that it is opened by."""
    typed = request.POST.get("planned") or request.GET.get("planned") or ""
    if not typed:
        return None
    lines = PlannedDossier.objects.select_related("catalogue").filter(
        catalogue__agency=actor.agency, state=CatalogueState.APPROVED
    )
    return get_object_or_404(lines, pk=_number(typed))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a dossier: from a document, by the catalogue, or of own work."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    source, line = _source(request, actor), _line(request, actor)
    refusal, acting = (
        rules.may_open_from.answer(actor, source)
        if source
        else rules.may_open_planned.answer(actor, line)
        if line
        else rules.may_open.answer(actor)
    )
    givers = _givers(actor, source, line)
    if request.method != "POST":
        if refusal is not None:
            raise refusal
        form = DossierForm(actor, initial=_first(source, line), acting=acting, planned=line)
        return _page(request, actor, (form, _giving(givers, None, source)), source, line)
    form = DossierForm(actor, request.POST, acting=acting, planned=line)
    giving = _giving(givers, request.POST, source)
    forms = (form, giving)
    if isinstance(refusal, NotYours):
        return _page(request, actor, forms, source, line, refusal, status=409)
    filled = [one.is_valid() for one in forms if one is not None]
    if "more" in request.POST or not all(filled):
        return _page(request, actor, forms, source, line, status=422)
    try:
        for one in forms:
            if one is not None:
                one.let_in()
        lines = giving.lines() if giving else ()
        dossier = actions.begin(
            giving.giver if giving and lines else actor,
            form.entry(),
            lines=lines,
            keeper=form.cleaned_data["keeper"],
            source=source,
            planned=line,
            text=form.cleaned_data["text"],
            token=form.cleaned_data["entry_token"],
            documents=giving.cleaned_data.get("documents", ()) if giving else (),
        )
    except Refusal as raised:
        return _page(request, actor, forms, source, line, raised, status=409)
    messages.success(request, _("Đã lập hồ sơ %(code)s.") % {"code": dossier.file_code})
    for said in still_unseen(actor, dossier, lines or [keeping(dossier)]):
        messages.warning(request, said)
    return redirect(dossier)


@require_http_methods(["GET", "HEAD", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """Give work without a document (Kon Tum Điều 20.2)."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    require(rules.may_open_task(actor))
    every = (actor, *actor.stand_ins())
    givers = [one for one in every if rules.may_open_task.ask(one) is None]
    if request.method != "POST":
        return _task(request, actor, TaskForm(actor), OpeningForm(givers, is_task=True))
    form = TaskForm(actor, request.POST)
    giving = OpeningForm(givers, request.POST, is_task=True)
    filled = [form.is_valid(), giving.is_valid()]
    if "more" in request.POST or not all(filled):
        return _task(request, actor, form, giving, status=422)
    try:
        form.let_in()
        giving.let_in()
        dossier = actions.begin_task(
            giving.giver,
            form.entry(),
            lines=giving.lines(),
            text=form.cleaned_data["text"],
            token=form.cleaned_data["entry_token"],
        )
    except Refusal as raised:
        return _task(request, actor, form, giving, raised, status=409)
    messages.success(request, _("Đã giao việc cho %(who)s.") % {"who": dossier.to_places})
    return redirect(dossier)


def _givers(actor: Actor, source: Document | None, line: PlannedDossier | None) -> list[Actor]:
    """As whom he gives out at once what he opens: himself, and each for whom he stands in.

    Of those who give dossiers out, and who might open this one (Bắc Giang Điều 6.1).
    """
    found = []
    for one in (actor, *actor.stand_ins()):
        said = [rules.may_open.ask(one)]
        if source is not None:
            said.append(rules.may_open_from.ask(one, source))
        if line is not None:
            said.append(rules.may_open_planned.ask(one, line))
        if _gives(one) and not any(isinstance(each, NotYours) for each in said):
            found.append(one)
    return found


def _gives(actor: Actor) -> bool:
    return actor.holds(Role.LEADER, Role.OFFICE_CHIEF) or actor.heads(actor.unit.pk)


def _giving(givers: list[Actor], data: Any, source: Document | None) -> OpeningForm | None:
    """Whom it is given to at once: asked of those only who give dossiers out."""
    return OpeningForm(givers, data, source=source) if givers else None


def _first(source: Document | None, line: PlannedDossier | None) -> dict[str, Any]:
    """What the form begins with."""
    first: dict[str, Any] = {}
    if line is not None:
        names = ("title", "file_notation", "maintenance", "creator", "description")
        first = {name: getattr(line, name) for name in names}
    if source is not None:
        first |= {"title": source.subject, "due_date": source.due_date}
    return first


def _page(
    request: HttpRequest,
    actor: Actor,
    forms: tuple[DossierForm, OpeningForm | None],
    source: Document | None,
    line: PlannedDossier | None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    form, giving = forms
    lines: list[PlannedDossier] = []
    if not (line or form.is_bound):
        waiting = PlannedDossier.objects.to_open_by(actor).select_related("catalogue__agency")
        lines = list(waiting[: LINES + 1])
    context = {
        "form": form,
        "giving": giving,
        "source": source,
        "line": line,
        "refusal": refusal,
        "other": getattr(refusal, "other", None),
        "catalogue": getattr(refusal, "catalogue", None),
        "lines": lines[:LINES],
        "more_url": lines[0].catalogue.get_absolute_url() if len(lines) > LINES else "",
        "organ_id": actor.agency.organ_id,
        "back_url": reverse("dossiers:dossiers", args=[actor.agency.slug]),
    }
    return render(request, "dossiers/new.html", context, status=status)


def _task(
    request: HttpRequest,
    actor: Actor,
    form: TaskForm,
    giving: OpeningForm,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "giving": giving,
        "refusal": refusal,
        "back_url": reverse("dossiers:dossiers", args=[actor.agency.slug]),
    }
    return render(request, "dossiers/new_task.html", context, status=status)
