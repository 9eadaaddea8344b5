"""Questions about catalogues, dossiers and what lies in them."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from accounts.actor import Actor
from accounts.choices import Role
from core.text import fold
from documents.choices import Kind
from documents.querysets import DocumentQuerySet
from dossiers.choices import ISSUED, CatalogueState


class DossierQuerySet(DocumentQuerySet):
    """Dossiers and tasks."""

    def with_people(self) -> Self:
        """With its keeper and its opener, whom rules and pages name."""
        return self.select_related("keeper__user", "keeper__unit", "opened_by__user")


class ItemQuerySet(QuerySet[Any]):
    """What lies in dossiers."""

    def visible_to(self, actor: Actor) -> Self:
        """Files and notes of the dossier, and what is or is about documents that the actor sees.

        Seeing a dossier is not seeing each document in it. The caller has made sure of the dossier.
        """
        return self.all() if actor.sees_whole_agency else self.filter(_seen(actor))

    def hidden_from(self, actor: Actor) -> Self:
        """The rest: what is or is about documents that the actor does not see."""
        return self.none() if actor.sees_whole_agency else self.exclude(_seen(actor))

    def with_things(self) -> Self:
        """With the document or file that each one is, and who put it there."""
        return self.select_related("document", "attachment__file", "added_by__user")

    def with_content(self) -> Self:
        """And with the opinion."""
        opinions = apps.get_model("documents", "Opinion").objects.select_related(
            "unit", "person", "answered_by__user", "document"
        )
        # Rare, and of many tables: asked for by itself, and only where there is one.
        return self.with_things().prefetch_related(Prefetch("opinion", opinions))

    def issuable(self) -> Self:
        """What the work may have ended with: a file, or a document that was issued."""
        things = self.exclude(document__isnull=True, attachment__isnull=True)
        unissued = Q(document__kind=Kind.OUTGOING) & ~Q(document__state=ISSUED)
        return things.exclude(document__kind=Kind.INCOMING).exclude(unissued)

    def matching(self, words: str) -> Self:
        """Those whose document, file name or note holds all these words, with marks or without."""
        found = self
        for word in fold(words).split():
            found = found.filter(
                Q(document__search_text__contains=word) | Q(search_text__contains=word)
            )
        return found

    def totals(self) -> tuple[int, int]:
        """How many documents and pages these are; a note is none (TT 01/2019 Phụ lục VI, 9, 10)."""
        pages = Coalesce(F("document__page_amount"), F("attachment__file__page_count"), 0)
        found = self.aggregate(
            documents=Count("pk", filter=Q(document__isnull=False) | Q(attachment__isnull=False)),
            pages=Sum(pages),
        )
        return found["documents"], found["pages"] or 0


def _seen(actor: Actor) -> Q:
    """Items of which the actor sees the document that they are or speak of, if any.

    Asked of each by its key: whoever sees a hundred thousand documents has twenty looked up here.
    """
    documents = apps.get_model("documents", "Document")  # by name: the models import this file
    about = Coalesce(OuterRef("document_id"), OuterRef("opinion__document_id"))
    own = Q(document__isnull=True, opinion__isnull=True)
    return own | Q(Exists(documents.objects.visible_to(actor).filter(pk=about)))


def opinions_about(actor: Actor, dossier: Any) -> QuerySet[Any]:
    """Opinions that were given on a dossier, and on those documents in it that the actor sees."""
    documents = apps.get_model("documents", "Document")
    inside = documents.objects.visible_to(actor).filter(in_dossiers__dossier=dossier)
    opinions = apps.get_model("documents", "Opinion").objects.filter(answered_at__isnull=False)
    return opinions.filter(Q(document=dossier.pk) | Q(document__in=inside)).select_related(
        "unit", "person", "answered_by__user", "document"
    )


class CatalogueQuerySet(QuerySet[Any]):
    """Catalogues of agencies and years."""

    def visible_to(self, actor: Actor) -> CatalogueQuerySet:
        """Of his agency: everyone reads an issued one, those of the whole agency all of them."""
        own = self.filter(agency=actor.agency)
        return own if actor.sees_whole_agency else own.issued()

    def issued(self) -> CatalogueQuerySet:
        """Those that the head of the agency has approved (NĐ 30/2020 Điều 28)."""
        return self.filter(state=CatalogueState.APPROVED)

    def with_counts(self) -> CatalogueQuerySet:
        """Adds ``n_lines``, and ``n_proposed``: lines that wait for approval of their own."""
        waits = Q(lines__state=CatalogueState.SUBMITTED, state=CatalogueState.APPROVED)
        standing = Q(lines__state=CatalogueState.APPROVED) | ~Q(state=CatalogueState.APPROVED)
        return self.annotate(
            n_lines=Count("lines", filter=standing), n_proposed=Count("lines", filter=waits)
        ).order_by("-year")

    def to_approve(self) -> CatalogueQuerySet:
        """Of those ``with_counts``: submitted as a whole, or issued with lines that wait."""
        return self.filter(Q(state=CatalogueState.SUBMITTED) | Q(n_proposed__gt=0))


class PlannedDossierQuerySet(QuerySet[Any]):
    """Lines of catalogues."""

    def visible_to(self, actor: Actor) -> PlannedDossierQuerySet:
        """Of issued catalogues what stands in them, and what he has proposed himself."""
        own = self.filter(catalogue__agency=actor.agency)
        if actor.sees_whole_agency:
            return own
        issued = own.filter(catalogue__state=CatalogueState.APPROVED)
        return issued.filter(
            Q(state=CatalogueState.APPROVED) | Q(proposed_by__user=actor.principal)
        )

    def to_open_by(self, actor: Actor) -> PlannedDossierQuerySet:
        """Not yet opened, of issued catalogues, and his to open as ``may_open_planned`` says.

        The newest year first, then as they stand in the catalogue.
        """
        his = Q(pk__in=[])
        for one in (actor, *actor.stand_ins()):
            if one.holds(Role.LEADER, Role.OFFICE_CHIEF):
                his = ~Q(pk__in=[])
                break
            his |= Q(creator_user=one.principal) | Q(creator_user__isnull=True, unit=one.unit)
            if one.heads(one.unit.pk):
                his |= Q(unit=one.unit)
        large = Coalesce("heading__parent__ordinal", "heading__ordinal")
        # What stands under the large heading itself comes before its small ones.
        small = Case(
            When(heading__parent__isnull=True, then=0),
            default="heading__ordinal",
            output_field=IntegerField(),
        )
        return (
            self.issued()
            .filter(his, catalogue__agency=actor.agency, dossiers__isnull=True)
            .order_by("-catalogue__year", large, small, "ordinal", "pk")
        )

    def issued(self) -> PlannedDossierQuerySet:
        """Those under which a dossier may be opened."""
        return self.filter(state=CatalogueState.APPROVED, catalogue__state=CatalogueState.APPROVED)
