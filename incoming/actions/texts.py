"""What of a document's text is kept so that it is found when it comes again: numbers, no words."""

from documents import likeness
from documents.choices import Part
from documents.models import Attachment
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
