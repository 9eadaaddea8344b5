"""Files and page images: every one starts at visible_to; nothing is ever shown inline as HTML."""

import mimetypes
from pathlib import Path

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.errors import Refusal
from documents import uploads
from documents.models import Attachment, QuarantinedFile, StoredFile
from documents.viewing import picture
from incoming import rules
from incoming.models import IncomingDocument


def _file(request: HttpRequest, pk: int, ordinal: int) -> tuple[StoredFile | QuarantinedFile, str]:
    """The file of a visible document: stored, or in quarantine for whoever may register it."""
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(IncomingDocument.objects.visible_to(actor), pk=pk)
    attachment = (
        Attachment.objects.select_related("file")
        .filter(document_id=document.pk, ordinal=ordinal)
        .first()
    )
    if attachment:
        return attachment.file, attachment.file_name
    if rules.may_receive(actor) is None:
        waiting = QuarantinedFile.objects.filter(document_id=document.pk, ordinal=ordinal).first()
        if waiting:
            return waiting, waiting.file_name
    raise Http404


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """The file as it was received, to be saved and never opened inside the site."""
    file, name = _file(request, pk, ordinal)
    path = (
        Path(storages["store"].path(file.path))
        if isinstance(file, StoredFile)
        else uploads.path_of(file.token)
    )
    return saved(path, name)


def saved(path: Path, name: str) -> FileResponse:
    """A file to be saved under its name; never opened inside the site."""
    if not path.exists():
        raise Refusal(_("Tệp không có trong kho. Báo quản trị để kiểm tra bản sao lưu."))
    kind = mimetypes.guess_type(name)[0]
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/pdf" if kind == "application/pdf" else "application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


@require_safe
def page(request: HttpRequest, pk: int, ordinal: int, page: int) -> HttpResponse:
    """One page as an image; ``?zoom`` asks for the large one, ``?thumb`` for that of a list.

    404 when it cannot be drawn.
    """
    file, _name = _file(request, pk, ordinal)
    return picture(request, file, page)
