"""What the office keeps ready for drafting: templates and standard phrases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from core.errors import Refusal
from outgoing import actions, rules
from outgoing.content import Content
from outgoing.forms.compose import ComposeForm, of_content
from outgoing.models import Phrase, Template


def _keeper(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if refusal := rules.may_keep_ready(actor):
        raise refusal
    return actor


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    """All templates and phrases of the agency."""
    actor = _keeper(request)
    context = {
        "templates": Template.objects.filter(agency=actor.agency),
        "phrases": Phrase.objects.filter(agency=actor.agency),
    }
    return render(request, "outgoing/templates.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Make a template, or change one."""
    own = Template.objects.filter(agency=request.actor.agency)  # type: ignore[attr-defined]
    row = None if pk is None else get_object_or_404(own, pk=pk)
    actor = _keeper(request)
    name = request.POST.get("name", row.name if row else "")
    if request.method != "POST":
        initial = of_content(Content.read(row.content)) if row else {"type_name": "Công văn"}
        form = ComposeForm(actor, only_text=True, initial=initial)
        return _template_page(request, form, row, name)
    form = ComposeForm(actor, None, request.POST, only_text=True)
    if "more" in request.POST or not form.is_valid():
        return _template_page(request, form, row, name, status=422)
    try:
        kept = actions.keep_template(actor, name=name, content=form.content(), pk=pk)
    except Refusal as raised:
        return _template_page(request, form, row, name, raised, status=409)
    messages.success(request, _("Đã lưu mẫu “%(name)s”.") % {"name": kept.name})
    return redirect("outgoing:templates", actor.agency.slug)


def _template_page(
    request: HttpRequest,
    form: ComposeForm,
    row: Template | None,
    name: str,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "template": row, "name": name, "refusal": refusal}
    return render(request, "outgoing/template.html", context, status=status)


@require_POST
def delete_template(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a template; drafts that began with it keep their text."""
    get_object_or_404(Template, pk=pk, agency=request.actor.agency)  # type: ignore[attr-defined]
    actor = _keeper(request)
    name = actions.delete_template(actor, pk)
    messages.success(request, _("Đã xóa mẫu “%(name)s”.") % {"name": name})
    return redirect("outgoing:templates", actor.agency.slug)


@require_POST
def add_phrase(request: HttpRequest) -> HttpResponse:
    """Add a standard phrase."""
    actor = _keeper(request)
    try:
        actions.keep_phrase(actor, request.POST.get("text", ""))
    except Refusal as raised:
        messages.error(request, raised.message)
    return redirect("outgoing:templates", actor.agency.slug)


@require_POST
def delete_phrase(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop a standard phrase."""
    get_object_or_404(Phrase, pk=pk, agency=request.actor.agency)  # type: ignore[attr-defined]
    actor = _keeper(request)
    actions.delete_phrase(actor, pk)
    return redirect("outgoing:templates", actor.agency.slug)
