"""Files on their way: quarantine, inspection, store; and out without a trace."""

import contextlib
import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from documents import uploads
from documents.choices import Part
from documents.inspection import inspect
from documents.models import Attachment, Document, QuarantinedFile, StoredFile

EXAMINERS = "signatures.pdf.examine"


def quarantine(
    document: Document, files: Sequence[uploads.QuarantinedUpload]
) -> list[QuarantinedFile]:
    """Note uploads as files of an unregistered document; the first one is the main part.

    The files themselves stay in the quarantine only if the transaction commits.
    """
    there = QuarantinedFile.objects.filter(document_id=document.pk).count()
    rows = [
        QuarantinedFile(
            document_id=document.pk,
            token=upload.token,
            sha256=upload.sha256,
            size=upload.size or 0,
            file_name=upload.name or "",
            part=Part.MAIN if place == 1 else Part.ANNEX,
            ordinal=place,
            arrived_at=clock.now(),
        )
        for place, upload in enumerate(files, start=there + 1)
    ]
    QuarantinedFile.objects.bulk_create(rows)
    for upload in files:
        transaction.on_commit(upload.claim)
    return rows


def inspect_quarantined(row: QuarantinedFile) -> QuarantinedFile:
    """Look at a file in the bounded process and keep the outcome; done before, it is not repeated.

    The text that the process finds is dropped: of what is in quarantine nothing is extracted.
    """
    if row.inspection is not None:
        return row
    found = inspect(
        uploads.path_of(row.token),
        seconds=settings.INSPECTION_SECONDS,
        memory_mib=settings.INSPECTION_MEMORY,
        programs=[EXAMINERS],
        arguments={
            EXAMINERS: {
                "anchors": settings.SIGNATURE_ANCHORS,
                "now": timezone.localtime(clock.now()).isoformat(),
            }
        },
    )
    facts = asdict(found)
    signatures = facts.pop("extra").get(EXAMINERS) or {"verdict": "unreadable", "signatures": []}
    facts.pop("text")
    row.inspection = {**facts, "active": list(found.active)}
    row.signatures = signatures
    QuarantinedFile.objects.filter(pk=row.pk).update(
        inspection=row.inspection, signatures=row.signatures
    )
    return row


def keep_files(document: Document) -> int:
    """Move a document's files from the quarantine into the store; answers their pages.

    Content lies in the store before the rows are committed; what a rollback leaves there is found
    by ``verify_files``. The quarantine is emptied after the commit.

    Raises Refusal when a file has changed or gone since it arrived.
    """
    # By content: two clerks who store the same files wait for each other in one order.
    rows = list(QuarantinedFile.objects.filter(document_id=document.pk).order_by("sha256", "pk"))
    pages = 0
    for row in rows:
        stored = _store(row)
        pages += stored.page_count
        Attachment.objects.create(
            document_id=document.pk,
            file=stored,
            file_name=row.file_name,
            part=row.part,
            ordinal=row.ordinal,
        )
    QuarantinedFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    tokens = [row.token for row in rows]
    transaction.on_commit(lambda: _unlink(tokens))
    return pages


def discard_quarantined(document: Document) -> int:
    """Remove what a refused document brought: rows now, files after the commit."""
    rows = QuarantinedFile.objects.filter(document_id=document.pk)
    tokens = list(rows.values_list("token", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _unlink(tokens))
    return len(tokens)


def preview_folder(token: str) -> Path:
    """Where page images of a quarantined file lie: beside it, so that they go with it."""
    return uploads.path_of(token).with_name(f"{token}.pages")


def _unlink(tokens: Sequence[str]) -> None:
    for token in tokens:
        uploads.discard(token)
        shutil.rmtree(preview_folder(token), ignore_errors=True)


def _store(row: QuarantinedFile) -> StoredFile:
    stored = StoredFile(
        sha256=row.sha256,
        size=row.size,
        page_count=row.page_count,
        inspection=row.inspection,
        signatures=row.signatures,
        stored_at=clock.now(),
    )
    try:
        with uploads.path_of(row.token).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != row.sha256:
                raise Refusal(_("Tệp đã bị thay đổi sau khi nhận. Đính kèm lại tệp."))
            content.seek(0)
            # The row first: whoever stores the same content at this moment waits for our end.
            StoredFile.objects.bulk_create([stored], ignore_conflicts=True)
            _write(stored, content)
    except FileNotFoundError as error:
        raise Refusal(_("Tệp không còn trong hàng chờ. Đính kèm lại tệp.")) from error
    except OSError as error:
        raise Refusal(
            _("Máy chủ chưa lưu được tệp. Dữ liệu đã nhập giữ nguyên; báo quản trị rồi lưu lại.")
        ) from error
    return StoredFile.objects.get(pk=stored.pk)


def _write(stored: StoredFile, content: BinaryIO) -> None:
    store = storages["store"]
    if store.exists(stored.path):
        with store.open(stored.path) as there:
            if hashlib.file_digest(there, "sha256").hexdigest() == stored.pk:
                return
        # Half a file: a server that was stopped, or a disk that was full, while it was written.
        store.delete(stored.path)
    try:
        store.save(stored.path, content)
    except OSError:
        with contextlib.suppress(OSError):
            store.delete(stored.path)
        raise
