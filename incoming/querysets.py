"""Questions about incoming documents."""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db.models import Prefetch

from documents.choices import VOID_ASSIGNMENT
from documents.querysets import DocumentQuerySet


class IncomingQuerySet(DocumentQuerySet):
    """Incoming documents."""

    def in_tray(self) -> Self:
        """Those that have arrived and wait to be registered, oldest first."""
        return self.filter(state="received").order_by("created_at", "pk")

    def with_leads(self) -> Self:
        """Adds ``leads``: who leads each document, for lists."""
        assignments = apps.get_model("incoming", "Assignment")  # by name: the models import this
        leads = (
            assignments.objects.filter(role="lead", parent__isnull=True)
            .exclude(state__in=VOID_ASSIGNMENT)
            .select_related("unit", "person")
        )
        return self.prefetch_related(Prefetch("assignments", queryset=leads, to_attr="leads"))
