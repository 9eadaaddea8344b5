"""Files of a dossier itself; those of its documents are opened where the documents are."""

from pathlib import Path

from django.core.files.storage import storages
from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core.errors import Refusal
from documents.models import Attachment
from dossiers.models import Dossier


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """The file as it was put in, to be saved and never opened inside the site."""
    actor = request.actor  # type: ignore[attr-defined]
    dossier = get_object_or_404(Dossier.objects.visible_to(actor), pk=pk)
    files = Attachment.objects.select_related("file").filter(document_id=dossier.pk)
    attachment = get_object_or_404(files, ordinal=ordinal)
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
