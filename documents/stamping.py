"""A printed copy of a received file with a stamp on it; never kept, never the file itself."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from documents.inspection import REASONS, run_child
from documents.models import StoredFile
from documents.scans import laid_out, workplace

PAGES = 60  # of a longer file only the first page: it is the one that bears the stamp
SECONDS = 60
FILE_BYTES = 128 << 20
NO_ROOM = _("Máy chủ hết chỗ lưu. Báo người quản trị rồi in lại.")


def copied_pages(file: StoredFile) -> int:
    """How many pages a printed copy has."""
    return file.page_count if file.page_count <= PAGES else 1


def stamped_copy(file: StoredFile, stamp: bytes) -> tuple[BinaryIO | None, str]:
    """The copy, open and already without a name on disk; else None and why, for a clerk.

    ``stamp`` is a PDF of one page, of our own making.
    """
    source = Path(storages["store"].path(file.path))
    folder = Path(settings.DATA_ROOT) / "work"
    if not source.exists():
        return None, str(REASONS["broken"])
    try:
        with laid_out(stamp) as (drawing,), workplace(folder) as target:
            fault = _draw(source, drawing, target, copied_pages(file))
            return (None, str(_why(fault))) if fault else (target.open("rb"), "")
    except Refusal:
        return None, str(NO_ROOM)


def _draw(source: Path, drawing: Path, target: Path, pages: int) -> str:
    """Lay the copy at ``target``; answers what went wrong, "" when nothing did."""
    answer = run_child(
        {
            "job": "stamp",
            "path": str(source),
            "stamp": str(drawing),
            "target": str(target),
            "pages": pages,
        },
        seconds=SECONDS,
        memory_mib=settings.INSPECTION_MEMORY,
        file_bytes=FILE_BYTES,
    )
    (line,) = answer.lines[:1] or [{"result": None, "fault": answer.fault or "crashed"}]
    fault: str = line["fault"] or answer.fault
    return fault or ("" if line["result"] and target.exists() else "broken")


def _why(fault: str) -> str | Promise:
    return NO_ROOM if fault == "disk_full" else REASONS.get(fault, REASONS["broken"])
