"""The tables of dossiers and their catalogue."""

from dossiers.models.catalogue import Catalogue, Heading, PlannedDossier
from dossiers.models.dossier import Dossier, Item

__all__ = ["Catalogue", "Dossier", "Heading", "Item", "PlannedDossier"]
