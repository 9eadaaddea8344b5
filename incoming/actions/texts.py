"""What of a document's text is kept so that it is found when it comes again: numbers, no words."""

from django.db import transaction

from documents import likeness
from documents.actions import sketch_stored
from documents.choices import Kind, Part
from documents.models import Attachment, StoredFile
from incoming.models import IncomingDocument, TextKey


def remember_text(document: IncomingDocument) -> None:
    """Keep the keys of the main file of a document that has just been registered."""
    found = Attachment.objects.filter(document_id=document.pk, part=Part.MAIN)
    for sketch in found.values_list("file__inspection__sketch", flat=True):
        keys = likeness.keys_of(sketch or {}, document.agency_id)
        TextKey.objects.bulk_create(
            [TextKey(key=key, document=document) for key in keys], ignore_conflicts=True
        )


def forget_text(document: IncomingDocument) -> None:
    """Of what is taken out by decision not even the keys stay."""
    TextKey.objects.filter(document=document).delete()


def read_stored() -> int:
    """Look at main files that were stored before their text was looked at; answers how many.

    Stopped in the middle, the next run goes on with what is left.
    """
    main = {"attachments__part": Part.MAIN, "attachments__document__kind": Kind.INCOMING}
    unread = StoredFile.objects.exclude(inspection__has_key="sketch").filter(**main)
    read = 0
    for file in unread.distinct().iterator(200):
        documents = IncomingDocument.objects.filter(
            attachments__file=file, attachments__part=Part.MAIN
        )
        with transaction.atomic():
            sketch_stored(file)
            for document in documents:
                remember_text(document)
        read += 1
    return read
