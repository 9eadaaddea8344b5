"""A catalogue as a file: the form to print, XLSX out and in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, require
from documents.printing import pdf
from dossiers import importing, shown, workbooks
from dossiers.actions import importing as verbs
from dossiers.changes import MOST, changes_of
from dossiers.forms.catalogue import ImportForm
from dossiers.models import Catalogue
from dossiers.rules import catalogue as rules
from dossiers.views.catalogue import open_catalogue

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HEAD = [own for _name, own, _more in importing.COLUMNS]
_WIDTHS = (16, 60, 18, 26, 24)
_GUIDE = (
    (
        "Dòng đề mục",
        "Chỉ ghi cột “Tên đề mục và tiêu đề hồ sơ”: “I. TỔNG HỢP” (lớn), “1. Báo cáo” (nhỏ).",
    ),
    ("Số và ký hiệu", "Số thứ tự và chữ viết tắt của đề mục: 01.TH; mỗi số một lần trong năm."),
    ("Thời hạn", "“Vĩnh viễn” hoặc số năm: “20 năm”."),
    ("Người lập", "Họ tên người hoặc tên đơn vị, viết như trong hệ thống."),
    ("Cách ghi", "Không gộp ô, không dùng công thức; chữ Unicode. Chỉ đọc trang tính đầu."),
)


@require_safe
@cache_control(private=True, no_store=True)
def template(request: HttpRequest) -> FileResponse:
    """An empty table with the columns of the form, and how it is filled in beside it."""
    file = workbooks.write_table("Danh mục hồ sơ", _HEAD, [], _WIDTHS, beside=("Cách điền", _GUIDE))
    return _xlsx(file, "mau-danh-muc-ho-so")


@require_safe
@cache_control(private=True, no_store=True)
def export(request: HttpRequest, year: int) -> FileResponse:
    """The year's catalogue as a table that can be imported again."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = shown.Page(actor, open_catalogue(actor, year))
    rows = importing.rows_of(page.parts)
    return _xlsx(
        workbooks.write_table(f"Danh mục {year}", _HEAD, rows, _WIDTHS), f"danh-muc-ho-so-{year}"
    )


@require_safe
def history(request: HttpRequest, year: int) -> HttpResponse:
    """Who changed what in it, before and after; for those who see drafts and proposals too."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    catalogue = open_catalogue(actor, year)
    if not actor.sees_whole_agency:
        raise Http404
    context = {"catalogue": catalogue, "changes": changes_of(catalogue), "most": MOST}
    return render(request, "dossiers/catalogue_history.html", context)


@require_safe
def printed(request: HttpRequest, year: int) -> HttpResponse:
    """The form of NĐ 30/2020 Phụ lục V: a page, or with ``?as=pdf`` a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    page = shown.Page(actor, open_catalogue(actor, year))
    agency = actor.agency
    context = {
        "page": page,
        "catalogue": page.catalogue,
        "agency": agency.name,
        "parent": agency.parent.name if agency.parent else "",
        "today": page.catalogue.decided_date or clock.today(),
        "signer": page.catalogue.approved_by,
        "back_url": page.url,
    }
    with translation.override("vi"):
        if request.GET.get("as") != "pdf":
            frame = {"base": "base_print.html", "pdf_url": f"{request.path}?as=pdf"}
            return render(request, "prints/catalogue.html", context | frame)
        html = render_to_string("prints/catalogue.html", context | {"base": "base_pdf.html"})
    answer = HttpResponse(pdf(html, "prints.css"), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="danh-muc-ho-so-{year}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def bring_in(request: HttpRequest, year: int) -> HttpResponse:
    """A table is shown before anything is written; confirming writes just what was shown."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = open_catalogue(actor, year)
    require(rules.may_edit(actor, found))
    if request.method != "POST":
        return _import_page(request, found, form=ImportForm())
    if "token" in request.POST:
        return _confirm(request, actor, found)
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _import_page(request, found, form=form, status=422)
    upload = form.cleaned_data["file"]
    try:
        reading = importing.read(upload, upload.size)
    except ValidationError as error:
        form.add_error("file", error)
        return _import_page(request, found, form=form, status=422)
    difference = verbs.difference(actor, found, reading.rows)
    reading.settle(difference.faults)
    context: dict[str, Any] = {"form": ImportForm(), "reading": reading, "difference": difference}
    if reading.faults:
        return _import_page(request, found, status=422, **context)
    kept = verbs.keep_import(actor, found, reading)
    return _import_page(request, found, token=kept.token, **context)


def _confirm(request: HttpRequest, actor: Actor, found: Catalogue) -> HttpResponse:
    try:
        token = UUID(request.POST["token"])
    except ValueError:
        token = UUID(int=0)
    try:
        done = verbs.confirm_import(
            actor, found, token, remove_missing=bool(request.POST.get("remove_missing"))
        )
    except Refusal as said:
        return _import_page(request, found, form=ImportForm(), refusal=said, status=409)
    words = _("Đã nhập từ tệp: %(new)d hồ sơ mới, %(changed)d hồ sơ đổi, %(same)d hồ sơ như cũ.")
    counts = {"new": len(done.new), "changed": len(done.changed), "same": len(done.unchanged)}
    messages.success(request, words % counts)
    return redirect(found)


def _import_page(
    request: HttpRequest, found: Catalogue, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"catalogue": found, "largest": workbooks.LARGEST // 2**20}
    return render(request, "dossiers/catalogue_import.html", context, status=status)


def _xlsx(file: Any, name: str) -> FileResponse:
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{name}.xlsx",
        content_type=XLSX,
        headers={"X-Content-Type-Options": "nosniff"},
    )
