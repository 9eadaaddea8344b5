"""What a person keeps to come back to: the query of a list under a name of his own."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import JSONObject, Lower
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.models import Agency, User
from documents.choices import ListPage


class SavedFilter(models.Model):
    """A list as somebody narrowed it, his own in that agency.

    ``query`` is the address's own query, so it opens like any shared link: the filters of that
    day read it anew, and what they no longer know narrows nothing.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_filters")
    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=10, choices=ListPage.choices)
    name = models.CharField(_("tên bộ lọc"), max_length=60)
    query = models.TextField()
    ordinal = models.PositiveIntegerField(default=0)
    # The book opens with it when nothing else was asked for.
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("bộ lọc đã lưu")
        verbose_name_plural = _("bộ lọc đã lưu")
        ordering = ("ordinal", "pk")
        constraints = (
            models.UniqueConstraint(
                "user", "agency", Lower("name"), name="filter_name_once_for_each"
            ),
            models.UniqueConstraint(
                fields=("user", "agency"), condition=Q(is_default=True), name="one_default_filter"
            ),
            models.CheckConstraint(condition=Q(page__in=ListPage.values), name="filter_page_known"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(page="book"), name="only_the_book_opens_with_one"
            ),
        )

    def __str__(self) -> str:
        return self.name


def saved_filters(actor: Actor, page: str) -> ArraySubquery:
    """His filters of a page in order, each {pk, name, query, is_default}, for a larger query."""
    mine = SavedFilter.objects.filter(user=actor.user, agency=actor.agency, page=page)
    fields = ("pk", "name", "query", "is_default")
    return ArraySubquery(mine.values(json=JSONObject(**{name: name for name in fields})))
