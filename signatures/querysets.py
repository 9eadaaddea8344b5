"""Questions about keys."""

from typing import Any

from django.db.models import QuerySet


class SigningKeyQuerySet(QuerySet[Any]):
    """Keys by holder and by day."""

    def active(self) -> "SigningKeyQuerySet":
        """Those that sign today; of a renewed one only the newest."""
        return self.filter(is_active=True)

    def of(self, owner: Any = None, agency: Any = None) -> "SigningKeyQuerySet":
        """Those of a person, or of an agency."""
        rows = self.filter(owner=owner) if owner is not None else self.filter(owner=None)
        return rows.filter(agency=agency) if agency is not None else rows.filter(agency=None)
