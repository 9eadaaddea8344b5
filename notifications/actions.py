"""Telling people."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor
from accounts.models import Agency, Post, User
from core import clock
from core.tasks import after_commit
from notifications.models import Notification
from notifications.tasks import send_mail


def notify(
    agency: Agency,
    kind: str,
    path: str,
    *,
    users: Iterable[User] = (),
    posts: Iterable[Post] = (),
    but: User | None = None,
) -> None:
    """Put a line on the desk of these people and of today's holders of these posts.

    In the verb's own transaction; e-mail follows after the commit when a mail server is named.
    """
    people = {user.pk for user in users}
    groups = [post.group_id for post in posts]
    if groups:
        people |= set(User.objects.holding(groups, clock.today()).values_list("pk", flat=True))
    if but is not None:
        people.discard(but.pk)
    rows = Notification.objects.bulk_create(
        Notification(agency=agency, user_id=pk, kind=kind, path=path, created_at=clock.now())
        for pk in sorted(people)
    )
    if settings.EMAIL_HOST:
        for row in rows:
            after_commit(send_mail, row.pk)


@transaction.atomic
def mark_read(actor: Actor, path: str | None = None) -> int:
    """Mark the actor's lines as read: those of one page, or all. Answers how many."""
    rows = Notification.objects.filter(user=actor.user, agency=actor.agency, read_at__isnull=True)
    if path is not None:
        rows = rows.filter(path=path)
    return rows.update(read_at=clock.now())
