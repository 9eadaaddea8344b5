"""Where the page of a document stands, by its kind: the paths that are promised to every floor."""

from django.urls import get_script_prefix

from documents.choices import Kind
from documents.models import Document

_FOLDERS = {Kind.INCOMING: "incoming", Kind.OUTGOING: "outgoing", Kind.DOSSIER: "dossiers"}


def address_of(slug: str, document: Document) -> str:
    """The page of any document, as lists of several kinds link to it."""
    return f"{get_script_prefix()}{slug}/{_FOLDERS[Kind(document.kind)]}/{document.pk}/"
