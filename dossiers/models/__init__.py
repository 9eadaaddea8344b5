"""The tables of dossiers and their catalogue."""

from dossiers.models.catalogue import Catalogue, CatalogueImport, Heading, PlannedDossier
from dossiers.models.dossier import Dossier, Item

__all__ = ["Catalogue", "CatalogueImport", "Dossier", "Heading", "Item", "PlannedDossier"]
