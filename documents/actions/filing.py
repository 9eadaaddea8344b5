"""Files on their way: quarantine, inspection, store; and out without a trace."""

import contextlib
import hashlib
import shutil
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock
from core.errors import Refusal
from documents import scans, stamps, uploads
from documents.actions.gate import hold_content
from documents.choices import Kind, Part
from documents.inspection import Inspection, inspect
from documents.models import (
    ActFile,
    Attachment,
    Document,
    DocumentAct,
    QuarantinedFile,
    StoredFile,
)

EXAMINERS = "signatures.pdf.examine"
UNREAD: dict[str, Any] = {"verdict": "unreadable", "signatures": []}
# A PDF is larger than the picture in it, by its own parts at least; beyond the largest upload and
# these it is refused.
SCAN_FRAME = 1 << 20


def quarantine(
    document: Document, files: Sequence[uploads.QuarantinedUpload]
) -> list[QuarantinedFile]:
    """Note uploads as files of an unregistered document; the first one is the main part.

    Where files lie already, these come after them. The files themselves stay in the quarantine
    only if the transaction commits.
    """
    there = max(
        QuarantinedFile.objects.filter(document_id=document.pk).aggregate(n=Max("ordinal"))["n"]
        or 0,
        # A received document has none before it is registered; a dossier gets them one by one.
        (document.register_id and _last_attachment(document)) or 0,
    )
    rows = [
        QuarantinedFile(
            document_id=document.pk,
            token=upload.token,
            sha256=upload.sha256,
            size=upload.size or 0,
            file_name=upload.name or "",
            # A dossier has no main file: each is one of the papers in it.
            part=Part.MAIN if place == 1 and document.kind != Kind.DOSSIER else Part.ANNEX,
            ordinal=place,
            arrived_at=clock.now(),
        )
        for place, upload in enumerate(files, start=there + 1)
    ]
    QuarantinedFile.objects.bulk_create(rows)
    for upload in files:
        transaction.on_commit(upload.claim)
    return rows


def _last_attachment(document: Document) -> int:
    """The last place that was ever given to a file: what was taken out leaves its own empty."""
    found = Attachment.objects.filter(document_id=document.pk).aggregate(n=Max("ordinal"))
    acts = DocumentAct.objects.filter(target_id=document.pk, detail__has_key="file_place")
    return max([found["n"] or 0, *acts.values_list("detail__file_place", flat=True)])


def inspect_quarantined(row: QuarantinedFile) -> QuarantinedFile:
    """Look at a file in the bounded process and keep the outcome; done before, it is not repeated.

    The text that the process finds is dropped: of what is in quarantine nothing is extracted.
    """
    if row.inspection is not None:
        return row
    path = uploads.path_of(row.token)
    if scans.is_scan(path):
        return _inspect_scan(row, path)
    row.inspection, row.signatures = _look_at(path)
    QuarantinedFile.objects.filter(pk=row.pk).update(
        inspection=row.inspection, signatures=row.signatures
    )
    return row


def _inspect_scan(row: QuarantinedFile, path: Path) -> QuarantinedFile:
    """A picture gives way to the PDF that is made of it; where it came from stands beside it."""
    with scans.workplace(preview_folder(row.token)) as target:
        scan, facts, signatures = _scanned(row, path, target)
        if scan.reason == "disk_full":
            return row  # no outcome: the next one who asks tries again
        return _give_way(row, target, scan, facts, signatures)


def _scanned(
    row: QuarantinedFile, path: Path, target: Path
) -> tuple[scans.Scan, dict[str, Any], dict[str, Any]]:
    """The PDF of a picture, laid at ``target``, and what is known of it."""
    scan = scans.to_pdf(
        path,
        target,
        sha256=row.sha256,
        file_bytes=settings.UPLOAD_LIMIT + SCAN_FRAME,
        **_bounds(),
    )
    if scan.reason:
        facts, signatures = _facts(Inspection(scan.kind, reason=scan.reason)), UNREAD
    else:
        facts, signatures = _look_at(target)
    if facts["readable"]:
        facts["made_from"] = {
            "kind": scan.kind,
            "sha256": row.sha256,
            "size": row.size,
            "file_name": row.file_name,
        }
    return scan, facts, signatures


def _give_way(
    row: QuarantinedFile,
    target: Path,
    scan: scans.Scan,
    facts: dict[str, Any],
    signatures: dict[str, Any],
) -> QuarantinedFile:
    """Note the outcome once, and lay a readable PDF into the other place of the file.

    Stopped in between, the picture is still the file; what lies in the other place is written
    over by the next attempt, or goes with the file.
    """
    with transaction.atomic():
        held = (
            QuarantinedFile.objects.select_for_update()
            .filter(pk=row.pk, token=row.token, inspection__isnull=True)
            .first()
        )
        if held is None:
            # Somebody else was faster, or the document was refused meanwhile.
            return QuarantinedFile.objects.filter(pk=row.pk).first() or row
        held.inspection, held.signatures = facts, signatures
        if facts["readable"]:
            picture = held.token
            _lay(held, target, scan)
            transaction.on_commit(lambda: uploads.discard(picture))
        held.save()
    return held


def _lay(row: QuarantinedFile, target: Path, scan: scans.Scan) -> None:
    """Let the PDF of a picture take its place: in the other place of the file."""
    row.token, row.sha256, row.size = uploads.partner(row.token), scan.sha256, scan.size
    row.file_name = _as_pdf(row.file_name)
    target.replace(uploads.path_of(row.token))


def _as_pdf(name: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) <= uploads.SUFFIX_LENGTH:
        name = stem
    return f"{name[: uploads.NAME_LENGTH - 4].rstrip(' .')}.pdf"


def _look_at(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is known of a file, and of its signatures."""
    found = inspect(
        path,
        **_bounds(),
        programs=[EXAMINERS],
        arguments={
            EXAMINERS: {
                "anchors": settings.SIGNATURE_ANCHORS,
                "now": timezone.localtime(clock.now()).isoformat(),
            }
        },
    )
    return _facts(found), found.extra.get(EXAMINERS) or UNREAD


def _facts(found: Inspection) -> dict[str, Any]:
    """What is kept of an inspection: not the text, and not what the programs answered."""
    facts = asdict(found)
    del facts["extra"], facts["text"]
    return {**facts, "active": list(found.active), "marks": list(found.marks)}


def _bounds() -> dict[str, int]:
    return {
        "seconds": settings.INSPECTION_SECONDS,
        "memory_mib": settings.INSPECTION_MEMORY,
    }


def examine(upload: uploads.QuarantinedUpload) -> QuarantinedFile:
    """Look at an upload that is no file of a document; answers a row that is never saved.

    As with those that wait to be registered, a picture gives way to the PDF that is made of it.
    It takes time: outside a transaction. Whoever asks calls ``forget`` in the end.
    """
    row = QuarantinedFile(
        token=upload.token,
        sha256=upload.sha256,
        size=upload.size or 0,
        file_name=upload.name or "",
        arrived_at=clock.now(),
    )
    path = uploads.path_of(row.token)
    if not scans.is_scan(path):
        row.inspection, row.signatures = _look_at(path)
        return row
    with scans.workplace(preview_folder(row.token)) as target:
        scan, facts, signatures = _scanned(row, path, target)
        row.inspection, row.signatures = facts, signatures
        if facts["readable"]:
            _lay(row, target, scan)
    return row


def made_here(
    content: bytes, name: str, *, pages: int, texts: Sequence[str], unread: int = 0
) -> QuarantinedFile:
    """A PDF that was made by ourselves, as ``examine`` would answer it; whoever asks forgets it.

    Nothing in it is foreign, so no bounded process has to look at it; marks are looked for all the
    same, in the words that were typed (``texts``, part by part); ``unread``: pages in which there
    are pictures.
    """
    try:
        upload = uploads.from_bytes(content, name)
    except OSError as error:
        raise Refusal(uploads.not_written()) from error
    found = Inspection(
        "pdf",
        readable=True,
        pages=pages,
        pdf_version="1.7",
        has_text=True,
        marks=tuple(stamps.marks_in(texts)),
        worded=max(pages - unread, 0),
    )
    row = QuarantinedFile(
        token=upload.claim(),
        sha256=upload.sha256,
        size=upload.size or 0,
        file_name=name,
        inspection=_facts(found),
        signatures={"verdict": "unsigned", "signatures": []},
        arrived_at=clock.now(),
    )
    upload.close()
    return row


def forget(row: QuarantinedFile) -> None:
    """Remove what ``examine`` has left in the quarantine; content that was stored stays there."""
    _unlink([row.token])


def keep_content(row: QuarantinedFile) -> StoredFile:
    """Store an examined file that is no file of a document yet."""
    return _store(row)


def keep_proof(act: DocumentAct, row: QuarantinedFile) -> ActFile:
    """Store an examined file as the proof of an act whose detail names it ("scan")."""
    return ActFile.objects.create(act=act, file=_store(row), file_name=row.file_name)


def keep_files(document: Document, only: Collection[int] | None = None) -> int:
    """Move a document's files from the quarantine into the store; answers their pages.

    ``only``: keys of those that are meant, where others may still be on their way.

    Content lies in the store before the rows are committed; what a rollback leaves there is found
    by ``verify_files``. The quarantine is emptied after the commit.

    Raises Refusal when a file has changed or gone since it arrived.
    """
    # By content: two clerks who store the same files wait for each other in one order.
    found = QuarantinedFile.objects.filter(document_id=document.pk)
    if only is not None:
        found = found.filter(pk__in=only)
    rows = list(found.order_by("sha256", "pk"))
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


def discard_quarantined(document: Document, only: Collection[int] | None = None) -> int:
    """Remove what a refused document brought: rows now, files after the commit.

    ``only``: keys of those that are meant.
    """
    rows = QuarantinedFile.objects.filter(document_id=document.pk)
    if only is not None:
        rows = rows.filter(pk__in=only)
    tokens = list(rows.values_list("token", flat=True))
    rows.delete()
    transaction.on_commit(lambda: _unlink(tokens))
    return len(tokens)


@transaction.atomic
def discard_abandoned(before: datetime) -> int:
    """Remove files that a stopped request has left at a dossier; answers how many they were.

    A dossier's files wait only as long as they are looked at; those of a received document wait
    for whoever registers it, and are never meant.
    """
    rows = QuarantinedFile.objects.filter(document__kind=Kind.DOSSIER, arrived_at__lt=before)
    tokens = list(rows.select_for_update().values_list("token", flat=True))
    QuarantinedFile.objects.filter(token__in=tokens).delete()
    transaction.on_commit(lambda: _unlink(tokens))
    return len(tokens)


def preview_folder(token: str) -> Path:
    """Where page images of a quarantined file lie: beside it, so that they go with it."""
    return uploads.path_of(token).with_name(f"{token}.pages")


def _unlink(tokens: Sequence[str]) -> None:
    for token in tokens:
        for place in (token, uploads.partner(token)):
            uploads.discard(place)
            shutil.rmtree(preview_folder(place), ignore_errors=True)


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
            # Whoever stores or purges the same content at this moment waits for our end.
            hold_content(row.sha256)
            StoredFile.objects.bulk_create([stored], ignore_conflicts=True)
            _write(stored, content)
    except FileNotFoundError as error:
        raise Refusal(_("Tệp không còn trong hàng chờ. Đính kèm lại tệp.")) from error
    except OSError as error:
        raise Refusal(uploads.not_written()) from error
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
