"""Files of versions, their pages as images, and pictures; every one starts at visible_to."""

from pathlib import Path

from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from documents import viewing
from documents.models import ActFile, StoredFile
from incoming.views.files import saved
from outgoing.actions.signing import file_name
from outgoing.choices import Verb
from outgoing.models import DraftVersion, IssuedFile, OutgoingDocument
from signatures.panels import signatures_of
from signatures.verdicts import describe


def _file(request: HttpRequest, pk: int, ordinal: int) -> tuple[DraftVersion, StoredFile]:
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(OutgoingDocument.objects.visible_to(actor), pk=pk)
    whole = DraftVersion.objects.select_related("pdf", "source")
    version = get_object_or_404(whole, document=document, ordinal=ordinal)
    file = version.pdf or version.source
    if file is None:
        raise Http404
    return version, file


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """The file of a version: what was submitted, or else what was uploaded."""
    version, file = _file(request, pk, ordinal)
    name = version.file_name or f"du-thao-{version.document.number}-ban-{ordinal}.pdf"
    return saved(Path(storages["store"].path(file.path)), name)


@require_safe
def page(request: HttpRequest, pk: int, ordinal: int, page: int) -> HttpResponse:
    """One page as an image; ``?zoom`` asks for the large one. 404 when it cannot be drawn."""
    _version, file = _file(request, pk, ordinal)
    return viewing.picture(request, file, page)


@require_safe
@cache_control(private=True, no_store=True)
def issued(request: HttpRequest, pk: int, key: int) -> FileResponse:
    """A file that was signed, numbered, scanned or sealed, byte for byte."""
    made = _issued(request, pk, key)
    return saved(Path(storages["store"].path(made.file.path)), file_name(made.document, made.part))


@require_safe
def issued_page(request: HttpRequest, pk: int, key: int, page: int) -> HttpResponse:
    """One of its pages as an image."""
    return viewing.picture(request, _issued(request, pk, key).file, page)


@require_safe
def signatures(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """What was found when the signatures of a file were checked, and how to check it elsewhere."""
    made = _issued(request, pk, key)
    context = {
        "document": made.document,
        "issued": made,
        "file_name": file_name(made.document, made.part),
        "verdict": describe(made.file.signatures),
        "signatures": signatures_of(made.file.signatures),
    }
    return render(request, "outgoing/signatures.html", context)


def _issued(request: HttpRequest, pk: int, key: int) -> IssuedFile:
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(OutgoingDocument.objects.visible_to(actor), pk=pk)
    made: IssuedFile = get_object_or_404(
        document.issued_files.select_related("file", "document"), pk=key
    )
    return made


@require_safe
@cache_control(private=True, no_store=True)
def opinion(request: HttpRequest, pk: int, ordinal: int) -> FileResponse:
    """The file that came with an opinion; ``ordinal`` is that of its act."""
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(OutgoingDocument.objects.visible_to(actor), pk=pk)
    given = ActFile.objects.select_related("file").filter(act__verb=Verb.GIVE_OPINION)
    proof = get_object_or_404(given, act__target=document.pk, act__ordinal=ordinal)
    return saved(Path(storages["store"].path(proof.file.path)), proof.file_name)


@require_safe
def picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """A picture of the draft, as it was drawn anew on arrival."""
    actor = request.actor  # type: ignore[attr-defined]
    document = get_object_or_404(OutgoingDocument.objects.visible_to(actor), pk=pk)
    found = get_object_or_404(document.pictures.all(), pk=picture)
    return viewing.kept(request, f"picture-{found.pk}", lambda: bytes(found.content))
