"""Questions about catalogues."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from accounts.actor import Actor
from dossiers.choices import CatalogueState


class CatalogueQuerySet(QuerySet[Any]):
    """Catalogues of agencies and years."""

    def visible_to(self, actor: Actor) -> "CatalogueQuerySet":
        """Of his agency: everyone reads an issued one, those of the whole agency all of them."""
        own = self.filter(agency=actor.agency)
        return own if actor.sees_whole_agency else own.issued()

    def issued(self) -> "CatalogueQuerySet":
        """Those that the head of the agency has approved (NĐ 30/2020 Điều 28)."""
        return self.filter(state=CatalogueState.APPROVED)

    def with_counts(self) -> "CatalogueQuerySet":
        """Adds ``n_lines``, and ``n_proposed``: lines that wait for approval of their own."""
        waits = Q(lines__state=CatalogueState.SUBMITTED, state=CatalogueState.APPROVED)
        standing = Q(lines__state=CatalogueState.APPROVED) | ~Q(state=CatalogueState.APPROVED)
        return self.annotate(
            n_lines=Count("lines", filter=standing), n_proposed=Count("lines", filter=waits)
        ).order_by("-year")

    def to_approve(self) -> "CatalogueQuerySet":
        """Of those ``with_counts``: submitted as a whole, or issued with lines that wait."""
        return self.filter(Q(state=CatalogueState.SUBMITTED) | Q(n_proposed__gt=0))


class PlannedDossierQuerySet(QuerySet[Any]):
    """Lines of catalogues."""

    def visible_to(self, actor: Actor) -> "PlannedDossierQuerySet":
        """Of issued catalogues what stands in them, and what he has proposed himself."""
        own = self.filter(catalogue__agency=actor.agency)
        if actor.sees_whole_agency:
            return own
        issued = own.filter(catalogue__state=CatalogueState.APPROVED)
        return issued.filter(
            Q(state=CatalogueState.APPROVED) | Q(proposed_by__user=actor.principal)
        )

    def issued(self) -> "PlannedDossierQuerySet":
        """Those under which a dossier may be opened."""
        return self.filter(state=CatalogueState.APPROVED, catalogue__state=CatalogueState.APPROVED)
