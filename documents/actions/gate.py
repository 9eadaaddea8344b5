"""Noting what is kept on paper, and removing what should never have been stored."""

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.core.files.storage import storages
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from documents.models import (
    ActFile,
    ActText,
    Attachment,
    Document,
    PaperEntry,
    QuarantinedFile,
    StoredFile,
)

# National fields that say something of the content; what is left is number, day and register.
CONTENT = (
    "type_name",
    "code_number",
    "code_notation",
    "organ_name",
    "subject",
    "language",
    "description",
    "signer_position",
    "signer_full_name",
    "to_places",
)
DATES = ("issued_date", "due_date", "page_amount")


@transaction.atomic
def note_on_paper(actor: Actor, *, direction: str, kind: str, number: int, day: date) -> PaperEntry:
    """Note that a forbidden document stands on the paper register. Raises Refusal for a double."""
    if kind not in actor.agency.regulation.gate:
        raise Refusal(_("Chọn loại văn bản."), field="kind")
    if day > clock.today():
        raise Refusal(_("Ngày vào sổ giấy không thể sau hôm nay."), field="day")
    entry, made = PaperEntry.objects.get_or_create(
        agency=actor.agency,
        direction=direction,
        kind=kind,
        year=day.year,
        number=number,
        defaults={
            "day": day,
            "noted_by": actor.user,
            "appointment": actor.own,
            "noted_at": clock.now(),
        },
    )
    if not made:
        raise Refusal(
            _("Số %(number)d ngày %(day)s của loại này đã ghi.")
            % {"number": number, "day": f"{entry.day:%d/%m/%Y}"},
            actor.agency.regulation.gate[kind].article,
            field="number",
        )
    return entry


def purge_content(document: Document, *, said: str) -> int:
    """Take away all that a document says: fields, their history, words of acts, files, pictures.

    ``said`` stands in the place of the subject. The acts stay, and their chain holds: words stand
    apart from them. Content that another document holds too stays with that one. Answers how many
    files the document had, without the proofs of its acts, which go too. The caller holds the
    document's lock and saves it.
    """
    for name in CONTENT:
        setattr(document, name, "")
    for name in DATES:
        setattr(document, name, None)
    document.subject = said
    document.search_text = document.folded()
    Document.history.filter(id=document.pk).delete()
    ActText.objects.filter(act__target_id=document.pk).delete()
    attachments = Attachment.objects.filter(document_id=document.pk)
    proofs = ActFile.objects.filter(act__target_id=document.pk)
    keys = sorted(
        {
            *attachments.values_list("file_id", flat=True),
            *proofs.values_list("file_id", flat=True),
        }
    )
    count, _each = attachments.delete()
    proofs.delete()
    assert not QuarantinedFile.objects.filter(document_id=document.pk).exists()  # noqa: S101 -- registered
    for key in keys:
        hold_content(key)
    unheld = StoredFile.objects.filter(attachments__isnull=True, proofs__isnull=True)
    unheld.filter(pk__in=keys).delete()
    transaction.on_commit(lambda: _unlink(keys))
    return count


def drop_file(attachment: Attachment) -> None:
    """Take one file out of its document; content that nothing else holds goes with it.

    The caller holds the document's lock and notes what was taken out.
    """
    key = attachment.file_id
    attachment.delete()
    hold_content(key)
    unheld = StoredFile.objects.filter(attachments__isnull=True, proofs__isnull=True)
    unheld.filter(pk=key).delete()
    transaction.on_commit(lambda: _unlink([key]))


def hold_content(sha256: str) -> None:
    """Wait for whoever stores or removes the same content, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [sha256])


def _unlink(keys: Sequence[str]) -> None:
    """Remove content that no document holds any more.

    What a stopped server leaves is found by ``verify_files``.
    """
    store, derived = storages["store"], storages["derived"]
    for key in keys:
        with transaction.atomic():
            hold_content(key)
            if StoredFile.objects.filter(pk=key).exists():
                continue  # another document holds it, or it has come again meanwhile
            path = StoredFile(sha256=key).path
            store.delete(path)
            shutil.rmtree(Path(derived.path(f"{path}.pages")), ignore_errors=True)
