"""The tables of dossiers and their catalogue."""

from dossiers.models.catalogue import Catalogue, Heading, PlannedDossier
from dossiers.models.dossier import Dossier, Item
from dossiers.models.work import Proposal

__all__ = ["Catalogue", "Dossier", "Heading", "Item", "PlannedDossier", "Proposal"]
