"""Page images on demand: drawn once in the bounded process, kept beside what they show."""

import shutil
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from documents import uploads
from documents.actions.filing import preview_folder
from documents.models import QuarantinedFile, StoredFile
from documents.pages import WIDTH, Page, page_name, render, render_pages

_CLEARING = "clearing"  # a file beside the pictures of the pages


def page_image(file: StoredFile | QuarantinedFile, page: int, width: int = WIDTH) -> Path | None:
    """The image of a page (from 0), drawn when it is missing; None when it cannot be drawn.

    Nor can it when the disk is full.
    """
    source, folder = _places(file)
    image = folder / page_name(page, width)
    if not image.exists():
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return None
        _keep_clearing(folder, render(source, page, width, image, **_bounds()))
        if not _stays(file):
            # Refused or purged while it was drawn: the picture goes as well.
            shutil.rmtree(folder, ignore_errors=True)
    return image if image.exists() else None


def warm(file: StoredFile, pages: int) -> None:
    """Draw the first pages of a stored file ahead of the first reader."""
    source, folder = _places(file)
    missing = [
        page
        for page in range(min(pages, file.page_count))
        if not (folder / page_name(page, WIDTH)).exists()
    ]
    if missing:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        count = missing[-1] - missing[0] + 1
        for drawn in render_pages(source, folder, missing[0], count, WIDTH, **_bounds()):
            _keep_clearing(folder, drawn)
        if not _stays(file):
            shutil.rmtree(folder, ignore_errors=True)


def clearing_of(file: StoredFile | QuarantinedFile) -> tuple[int, int] | None:
    """Where the first page has room for the stamp (left, top in mm); None until it was drawn."""
    _source, folder = _places(file)
    try:
        left, top = (folder / _CLEARING).read_text(encoding="ascii").split()
        return int(left), int(top)
    except (OSError, ValueError):
        return None


def _keep_clearing(folder: Path, drawn: Page) -> None:
    if not drawn.clearing:
        return
    place = folder / _CLEARING
    try:
        place.write_text(" ".join(map(str, drawn.clearing)), encoding="ascii")
    except OSError:  # the picture is there all the same, and the stamp stands in its usual place
        with suppress(OSError):
            place.unlink()  # half of it would be another place


def _stays(file: StoredFile | QuarantinedFile) -> bool:
    return type(file).objects.filter(pk=file.pk).exists()


def _places(file: StoredFile | QuarantinedFile) -> tuple[Path, Path]:
    if isinstance(file, QuarantinedFile):
        return uploads.path_of(file.token), preview_folder(file.token)
    return (
        Path(storages["store"].path(file.path)),
        Path(storages["derived"].path(f"{file.path}.pages")),
    )


def _bounds() -> dict[str, int]:
    return {
        "seconds": settings.INSPECTION_SECONDS,
        "memory_mib": settings.INSPECTION_MEMORY,
    }
