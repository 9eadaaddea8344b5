"""A printed copy of a received file with a stamp on it; never kept, never the file itself."""

from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import storages

from documents.inspection import REASONS, run_child
from documents.models import StoredFile
from documents.scans import workplace

PAGES = 60  # of a longer file only the first page: it is the one that bears the stamp
SECONDS = 60
FILE_BYTES = 128 << 20


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
    with workplace(folder) as drawing, workplace(folder) as target:
        drawing.write_bytes(stamp)
        answer = run_child(
            {
                "job": "stamp",
                "path": str(source),
                "stamp": str(drawing),
                "target": str(target),
                "pages": copied_pages(file),
            },
            seconds=SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
            file_bytes=FILE_BYTES,
        )
        (line,) = answer.lines[:1] or [{"result": None, "fault": answer.fault or "crashed"}]
        fault = line["fault"] or answer.fault
        if fault or not line["result"] or not target.exists():
            return None, str(REASONS.get(fault, REASONS["broken"]))
        return target.open("rb"), ""
