"""The catalogue of a year: its page, and what is done on it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actor import Actor
from core.errors import Refusal
from core.text import small_key, small_number
from dossiers import shown
from dossiers.actions import cataloguing, issuing
from dossiers.forms.catalogue import ApproveForm, HeadingForm, LineForm, ReasonForm
from dossiers.models import Catalogue, Heading, PlannedDossier
from dossiers.rules import catalogue as rules
from notifications.actions import mark_read


@require_http_methods(["GET", "HEAD", "POST"])
def catalogues(request: HttpRequest) -> HttpResponse:
    """All years; a keeper begins one, empty or as last year's."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal, status = None, 200
    if request.method == "POST":
        begin = issuing.start_from_last if request.POST.get("copy") else issuing.start
        try:
            made = begin(actor, small_number(request.POST.get("year", ""), 0))
        except Refusal as said:
            refusal, status = said, 409
        else:
            messages.success(
                request, _("Đã lập danh mục hồ sơ năm %(year)d.") % {"year": made.year}
            )
            return redirect(made)
    context = {"refusal": refusal, **shown.index(actor)}
    return render(request, "dossiers/catalogues.html", context, status=status)


@require_safe
def catalogue(request: HttpRequest, year: int) -> HttpResponse:
    """Headings and dossiers of a year. ``?edit=``: one of them as a form in its place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    if request.method == "GET":
        mark_read(actor, found.get_absolute_url())
    page = shown.Page(actor, found, part=small_key(request.GET.get("part", "")))
    what, _dot, key = request.GET.get("edit", "").partition(".")
    form = page.form_for(what, int(key) if key.isdecimal() and len(key) < 16 else 0)
    return _page(request, page, form=form, do=request.GET.get("do", ""))


@require_POST
def add_heading(request: HttpRequest, year: int) -> HttpResponse:
    """A large heading, or a small one below ``parent``."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    parent = None
    if key := request.POST.get("parent", ""):
        parent = get_object_or_404(found.headings, pk=small_key(key))
    form = HeadingForm(actor, request.POST)

    def do() -> str:
        made = cataloguing.add_heading(actor, found, parent=parent, **form.arguments())
        return f"{_back(found, made)}#heading-{made.pk}"

    edit = ("new-heading", parent.pk if parent else 0)
    return _try(request, found, do, form=form, edit=edit, under=parent)


@require_POST
def change_heading(request: HttpRequest, year: int, heading: int) -> HttpResponse:
    """Save, move or remove a heading."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    row: Heading = get_object_or_404(found.headings, pk=heading)
    row.catalogue = found
    match request.POST.get("do", "save"):
        case "up" | "down" as way:
            return _move(request, found, row, way)
        case "remove":

            def remove() -> str:
                cataloguing.remove_heading(actor, row)
                return found.get_absolute_url()

            return _try(request, found, remove, under=row)
    form = HeadingForm(actor, request.POST, heading=row)

    def save() -> str:
        version = form.cleaned_data["version"] or 0
        cataloguing.change_heading(actor, row, version=version, **form.arguments())
        return f"{_back(found, row)}#heading-{row.pk}"

    return _try(request, found, save, form=form, edit=("heading", row.pk), under=row)


@require_POST
def add_line(request: HttpRequest, year: int) -> HttpResponse:
    """A dossier of a draft, or one proposed for an issued catalogue."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    page = shown.Page(actor, found)
    form = LineForm(actor, request.POST, parts=page.parts)
    propose = found.state == "approved"

    def do() -> str:
        act = cataloguing.propose_line if propose else cataloguing.add_line
        made = act(actor, found, form.entry())
        words = _("Đã đề nghị hồ sơ %(n)s, chờ duyệt.") if propose else _("Đã thêm hồ sơ %(n)s.")
        messages.success(request, words % {"n": made.file_notation})
        more = "&" if "?" in _back(found, made.heading) else "?"
        back = _back(found, made.heading)
        if request.POST.get("next") and not propose:
            return f"{back}{more}edit=new-line.{made.heading_id}#edit"
        return f"{back}#line-{made.pk}"

    under = page.heading(small_key(request.POST.get("heading", "")))
    return _try(request, found, do, form=form, edit=("new-line", 0), under=under)


@require_POST
def change_line(request: HttpRequest, year: int, line: int) -> HttpResponse:
    """Save, move, remove a dossier; approve or send back one that is proposed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    row: PlannedDossier = get_object_or_404(
        PlannedDossier.objects.visible_to(actor).select_related("heading"),
        pk=line,
        catalogue=found,
    )
    row.catalogue = found
    version = small_number(request.POST.get("version", ""), 0)
    match request.POST.get("do", "save"):
        case "up" | "down" as way:
            return _move(request, found, row, way)
        case "remove":

            def remove() -> str:
                cataloguing.remove_line(actor, row)
                messages.success(request, _("Đã bỏ hồ sơ %(n)s.") % {"n": row.file_notation})
                return _back(found, row.heading)

            return _try(request, found, remove, under=row.heading)
        case "approve":

            def approve() -> str:
                issuing.approve_line(actor, row, version=version)
                messages.success(
                    request, _("Hồ sơ %(n)s đã vào danh mục.") % {"n": row.file_notation}
                )
                return found.get_absolute_url()

            return _try(request, found, approve, under=row.heading)
        case "return":
            reason = ReasonForm(actor, request.POST)

            def send_back() -> str:
                issuing.return_line(actor, row, version=version, **reason.arguments())
                return found.get_absolute_url()

            edit = ("return-line", row.pk)
            return _try(request, found, send_back, form=reason, edit=edit, under=row.heading)
    form = LineForm(actor, request.POST, parts=shown.Page(actor, found).parts, line=row)

    def save() -> str:
        cataloguing.change_line(
            actor, row, version=form.cleaned_data["version"] or 0, entry=form.entry()
        )
        return f"{_back(found, form.entry().heading)}#line-{row.pk}"

    return _try(request, found, save, form=form, edit=("line", row.pk), under=row.heading)


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, year: int, verb: str) -> HttpResponse:
    """Submit, issue or send back the whole of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    if verb not in shown.VERBS:
        raise Http404
    if request.method != "POST":
        return redirect(f"{found.get_absolute_url()}?do={verb}#do")
    form: Any = None
    if verb == "approve":
        form = ApproveForm(actor, request.POST)
    elif verb == "send_back":
        form = ReasonForm(actor, request.POST)

    def do() -> str:
        if verb == "submit":
            issuing.submit(actor, found)
            messages.success(request, _("Đã trình danh mục hồ sơ, chờ duyệt."))
        elif verb == "approve":
            issuing.approve(actor, found, **form.arguments())
            messages.success(request, _("Đã ban hành danh mục hồ sơ."))
        else:
            issuing.send_back(actor, found, **form.arguments())
            messages.success(request, _("Đã trả lại danh mục hồ sơ."))
        return found.get_absolute_url()

    return _try(request, found, do, form=form, do=verb)


def open_catalogue(actor: Actor, year: int) -> Catalogue:
    """The year's catalogue, if it may be seen: else the same 404 as for none at all."""
    seen = Catalogue.objects.visible_to(actor).select_related(
        "submitted_by__user", "approved_by__user"
    )
    found: Catalogue = get_object_or_404(seen, year=year)
    found.agency = actor.agency
    return found


def _back(found: Catalogue, heading: Heading | None) -> str:
    """The page, open at the large heading of that one."""
    address = found.get_absolute_url()
    return f"{address}?part={heading.parent_id or heading.pk}" if heading else address


def _move(
    request: HttpRequest, found: Catalogue, row: Heading | PlannedDossier, way: str
) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    by = -1 if way == "up" else 1
    heading: Heading | None = row.heading if isinstance(row, PlannedDossier) else row

    def do() -> str:
        if isinstance(row, PlannedDossier):
            cataloguing.move_line(actor, row, by)
            mark = "line"
        else:
            cataloguing.move_heading(actor, row, by)
            mark = "heading"
        return f"{_back(found, heading)}#{mark}-{row.pk}"

    return _try(request, found, do, under=heading)


def _try(
    request: HttpRequest,
    found: Catalogue,
    work: Any,
    *,
    form: Any = None,
    edit: tuple[str, int] = ("", 0),
    under: Heading | None = None,
    do: str = "",
) -> HttpResponse:
    """Do it and go on; what is wrong or refused stands beside the form, which keeps its words."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    refusal, status = None, 422
    if form is None or form.is_valid():
        try:
            return redirect(work())
        except Refusal as said:
            refusal, status = said, 409
    found = open_catalogue(actor, found.year)
    part = (under.parent_id or under.pk) if under else 0
    page = shown.Page(actor, found, part=part)
    if edit[0] and form is not None:
        form = shown.Editing(form, *edit, parent=under if edit[0] == "new-heading" else None)
    return _page(request, page, form=form, do=do, refusal=refusal, status=status)


def _page(
    request: HttpRequest,
    page: shown.Page,
    *,
    form: Any = None,
    do: str = "",
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    editing = form if isinstance(form, shown.Editing) else None
    if editing is not None and refusal is not None:
        editing.take_new_version(page)
    context = {
        "page": page,
        "catalogue": page.catalogue,
        "editing": editing,
        "refusal": refusal,
        "do": page.verb_form(do, None if editing else form),
        "add_url": reverse(
            "dossiers:catalogue_line_add", args=[page.actor.agency.slug, page.catalogue.year]
        ),
        "addition_article": rules.addition_article(page.actor),
        # Words of a thousand buttons, looked up once.
        "up": _("Lên"),
        "down": _("Xuống"),
    }
    return render(request, "dossiers/catalogue.html", context, status=status)
