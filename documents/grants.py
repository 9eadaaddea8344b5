"""Grant rows: who sees a document because a verb or a share reached him or his post.

The tables stand on guardian's base classes with a direct key to Document; there is one permission
only (view). Two columns more repeat the sort key of the lists, so that a page is read from the
index of one post or person (design, section 3).
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from documents.choices import Kind


class SortKey(models.Model):
    """The sort key of the lists, repeated beside each grant."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        abstract = True


class UserGrant(UserObjectPermissionBase, SortKey):  # noqa: DJ008 -- the base has it
    """A person sees a document."""

    content_object = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="user_grants"
    )

    class Meta(UserObjectPermissionBase.Meta):
        indexes = (
            models.Index(
                fields=("user", "kind", "-day", "-number", "-content_object"), name="grant_user"
            ),
        )


class GroupGrant(GroupObjectPermissionBase, SortKey):  # noqa: DJ008 -- the base has it
    """Whoever holds a post sees a document."""

    content_object = models.ForeignKey(
        "documents.Document", on_delete=models.CASCADE, related_name="group_grants"
    )

    class Meta(GroupObjectPermissionBase.Meta):
        indexes = (
            models.Index(
                fields=("group", "kind", "-day", "-number", "-content_object"), name="grant_group"
            ),
        )
