"""The tables of dossiers and their catalogue."""

from dossiers.models.catalogue import Catalogue, CatalogueImport, Heading, PlannedDossier
from dossiers.models.dossier import Dossier, Item
from dossiers.models.work import Proposal

__all__ = [
    "Catalogue",
    "CatalogueImport",
    "Dossier",
    "Heading",
    "Item",
    "PlannedDossier",
    "Proposal",
]
