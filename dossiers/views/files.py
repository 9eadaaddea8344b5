"""Files of a dossier itself; those of its documents are opened where the documents are."""

from pathlib import Path

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.errors import Refusal
from core.text import small_number
from documents import viewing
from documents.models import Attachment
from dossiers.models import Dossier


def _files(request: HttpRequest, pk: int) -> tuple[Dossier, list[Attachment]]:
    """The dossier that the reader may see, and its own files in order."""
    actor = request.actor  # type: ignore[attr-defined]
    dossier = get_object_or_404(Dossier.objects.visible_to(actor), pk=pk)
    dossier.agency = actor.agency
    rows = Attachment.objects.select_related("file").filter(document_id=dossier.pk)
    return dossier, list(rows.order_by("ordinal"))


def _one(files: list[Attachment], ordinal: int) -> Attachment:
    for file in files:
        if file.ordinal == ordinal:
            return file
    raise Http404


@require_safe
def pages(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """The pages of a file, one as a picture; its other files stand beside it."""
    dossier, files = _files(request, pk)
    file = _one(files, ordinal)
    at = [dossier.agency.slug, dossier.pk]
    addresses = {
        one.ordinal: reverse("dossiers:dossier_pages", args=[*at, one.ordinal]) for one in files
    }
    viewer = viewing.viewer(
        file,
        small_number(request.GET.get("page", "")),
        base_url=addresses[ordinal],
        image_url=reverse("dossiers:dossier_page", args=[*at, ordinal, 1]),
        download_url=reverse("dossiers:dossier_file", args=[*at, ordinal]),
        zoom="zoom" in request.GET,
    )
    if not viewer["pages"]:
        viewer["reason"] = _("Tệp này không xem được thành trang. Tải về để mở.")
    context = {
        "dossier": dossier,
        "file": file,
        "viewer": viewer,
        "files": [
            {"name": one.file_name, "url": addresses[one.ordinal], "current": one == file}
            for one in files
        ],
    }
    return render(request, "dossiers/pages.html", context)


@require_safe
def page(request: HttpRequest, pk: int, ordinal: int, page: int) -> HttpResponse:
    """One page of a file as an image. 404 when it cannot be drawn."""
    _dossier, files = _files(request, pk)
    return viewing.picture(request, _one(files, ordinal).file, page)


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """The file as it was put in, to be saved and never opened inside the site."""
    _dossier, files = _files(request, pk)
    attachment = _one(files, ordinal)
    path = Path(storages["store"].path(attachment.file.path))
    if not path.exists():
        raise Refusal(_("Tệp không có trong kho. Báo quản trị để kiểm tra bản sao lưu."))
    is_pdf = attachment.file_name.lower().endswith(".pdf")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=attachment.file_name,
        content_type="application/pdf" if is_pdf else "application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )
