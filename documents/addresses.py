"""Where the page of a document stands, by its kind: the paths that are promised to every floor."""

from django.urls import get_script_prefix
from django.utils.translation import gettext as _

from documents.choices import Kind
from documents.models import Document

_FOLDERS = {Kind.INCOMING: "incoming", Kind.OUTGOING: "outgoing", Kind.DOSSIER: "dossiers"}


def address_of(slug: str, document: Document) -> str:
    """The page of any document, as lists of several kinds link to it."""
    return f"{get_script_prefix()}{slug}/{_FOLDERS[Kind(document.kind)]}/{document.pk}/"


def verb_address(slug: str, document: Document, verb: str) -> str:
    """The form of a verb on any document."""
    page = address_of(slug, document)
    return f"{page}{verb}/" if document.kind == Kind.DOSSIER else f"{page}?do={verb}#work"


def called(document: Document) -> str:
    """What lists call it beside its subject: "4127/UBND-HTKT", "Hồ sơ 01.TH"."""
    if document.kind != Kind.DOSSIER:
        return document.code
    if document.code_notation:
        return _("Hồ sơ %(notation)s") % {"notation": document.code_notation}
    return _("Việc được giao")
