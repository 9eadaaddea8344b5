"""Proofs: that the trail is whole, the registers have no gap, the files are those that came."""

import hashlib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from django.conf import settings
from django.core.files.storage import storages

from documents.actions.trail import act_hash, note_hash, seal_hash
from documents.choices import Book
from documents.models import (
    Attachment,
    Document,
    DocumentAct,
    QuarantinedFile,
    Register,
    StoredFile,
    TrailSeal,
)
from documents.uploads import TOKEN


def broken_chains() -> Iterator[str]:
    """Acts that were changed, removed or put in between; documents without any act."""
    acts = (
        DocumentAct.objects.select_related("words")
        .order_by("target_id", "ordinal")
        .iterator(chunk_size=2000)
    )
    for target, chain in groupby(acts, key=lambda act: act.target_id):
        previous, expected = "", 1
        for act in chain:
            where = f"document {target}, act {act.ordinal}"
            if act.ordinal != expected:
                yield f"{where}: act {expected} is missing"
                expected = act.ordinal
            elif act.previous_hash != previous:
                yield f"{where}: does not continue the act before it"
            if act.hash != act_hash(act):
                yield f"{where}: was changed"
            words = getattr(act, "words", None)
            if words is not None and note_hash(words.text) != act.note_hash:
                yield f"{where}: its words were changed"
            previous, expected = act.hash, expected + 1
    for pk in Document.objects.filter(acts__isnull=True).values_list("pk", flat=True):
        yield f"document {pk}: no acts"


def broken_states() -> Iterator[str]:
    """Documents whose state is not the one that their last act left."""
    last = (
        DocumentAct.objects.order_by("target_id", "-ordinal")
        .distinct("target_id")
        .values_list("target_id", "to_state", "target__state")
    )
    for pk, left, state in last:
        if left != state:
            yield f"document {pk}: state {state!r}, but its last act left {left!r}"


def broken_seals() -> Iterator[str]:
    """Seals that were changed or removed; sealed acts or documents that have gone."""
    for agency, seals in groupby(
        TrailSeal.objects.order_by("agency_id", "ordinal"), key=lambda seal: seal.agency_id
    ):
        previous, expected = "", 1
        for seal in seals:
            where = f"agency {agency}, seal {seal.ordinal}"
            if seal.ordinal != expected or seal.previous_hash != previous:
                yield f"{where}: a seal before it is missing"
            if seal.hash != seal_hash(seal):
                yield f"{where}: was changed"
            previous, expected = seal.hash, seal.ordinal + 1
            keys = [pk for pk, _ordinal, _hash in seal.heads]
            there = {
                (pk, ordinal): digest
                for pk, ordinal, digest in DocumentAct.objects.filter(
                    target_id__in=keys
                ).values_list("target_id", "ordinal", "hash")
            }
            for pk, ordinal, digest in seal.heads:
                if (pk, ordinal) not in there:
                    yield f"{where}: act {ordinal} of document {pk} has gone"
                elif there[pk, ordinal] != digest:
                    yield f"{where}: act {ordinal} of document {pk} is another one"


def broken_registers() -> Iterator[str]:
    """Books with a gap, or whose last number is not their last document's.

    A number that the book beside it had given with the same notation was passed over by right: the
    act that gave the next one says so.
    """
    # A draft leaves its book when it is issued: there alone numbers are missing by right.
    books = Register.objects.exclude(book=Book.DRAFTS).select_related("agency")
    for book in books.order_by("pk"):
        numbers = list(
            Document.objects.filter(register=book)
            .order_by("number")
            .values_list("number", flat=True)
        )
        wanted = range(1, book.last_number + 1)
        if numbers != list(wanted) and numbers != sorted({*wanted} - _passed_over(book)):
            missing = sorted({*wanted} - {*numbers})
            yield (
                f"{book.agency}, {book}: last number {book.last_number}, {len(numbers)} documents, "
                f"missing {missing[:10]}"
            )


def _passed_over(book: Register) -> set[int]:
    """The numbers that nobody of a register was given, as its acts say."""
    acts = DocumentAct.objects.filter(target__register=book, detail__has_key="passed_over")
    return {one for passed in acts.values_list("detail__passed_over", flat=True) for one in passed}


def broken_files() -> Iterator[str]:
    """Stored files that are missing or changed; files that nobody knows."""
    store = storages["store"]
    known = set()
    for file in StoredFile.objects.order_by("pk").iterator():
        known.add(file.path)
        if not store.exists(file.path):
            yield f"file {file.pk}: missing"
            continue
        with store.open(file.path) as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != file.pk:
                yield f"file {file.pk}: was changed"
    root = Path(store.path(""))
    for path in sorted(root.rglob("*")) if root.exists() else ():
        if path.is_file() and str(path.relative_to(root)) not in known:
            yield f"file {path.relative_to(root)}: in the store, but in no document"
    yield from _left_behind()


def _left_behind() -> Iterator[str]:
    """Files of documents that were taken out.

    Of one that its sender wanted back only what he had sent is gone; the act names it.
    """
    cancelled = DocumentAct.objects.filter(verb="cancel", target__state="void")
    gone = {act.target_id: set(act.detail.get("sha256", ())) for act in cancelled}
    left = Attachment.objects.filter(document__state="void").order_by("pk")
    for pk, sha256 in left.values_list("document_id", "file_id"):
        if pk not in gone:
            yield f"document {pk}: was purged, but has files"
        elif sha256 in gone[pk]:
            yield f"document {pk}: was cancelled, but has the file {sha256}"
    yield from broken_proofs()
    for pk in Attachment.objects.filter(document__page_amount__isnull=True).values_list(
        "document_id", flat=True
    ):
        yield f"document {pk}: has files but no pages"


def broken_proofs() -> Iterator[str]:
    """Files of acts that are gone, or are not the ones that the acts name."""
    # Voided for another reason than a purge, a document keeps what proves its acts.
    purged = set(DocumentAct.objects.filter(verb="purge").values_list("target_id", flat=True))
    named = DocumentAct.objects.filter(detail__has_key="scan").select_related("proof")
    for act in named.order_by("target_id", "ordinal"):
        where = f"document {act.target_id}, act {act.ordinal}"
        proof = getattr(act, "proof", None)
        if act.target_id in purged:
            if proof is not None:
                yield f"{where}: was purged, but has a file"
        elif proof is None:
            yield f"{where}: its file is missing"
        elif proof.file_id != act.detail["scan"]:
            yield f"{where}: its file is another one"
    unnamed = DocumentAct.objects.filter(proof__isnull=False).exclude(detail__has_key="scan")
    for other in unnamed.order_by("target_id", "ordinal"):
        yield f"document {other.target_id}, act {other.ordinal}: has a file that it does not name"


def orphans_in_quarantine() -> list[str]:
    """Names in the quarantine folder that no waiting file claims."""
    root = Path(settings.DATA_ROOT) / "quarantine"
    if not root.exists():
        return []
    known = set(QuarantinedFile.objects.values_list("token", flat=True))
    return sorted(
        path.name
        for path in root.iterdir()
        if TOKEN.fullmatch(path.name.removesuffix(".pages"))
        and path.name.removesuffix(".pages") not in known
    )


def counts() -> dict[str, int]:
    """How much there is to look at."""
    return {
        "documents": Document.objects.count(),
        "acts": DocumentAct.objects.count(),
        "seals": TrailSeal.objects.count(),
    }
