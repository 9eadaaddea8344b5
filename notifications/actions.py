"""Telling people."""

from collections.abc import Container, Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor
from accounts.models import Agency, Appointment, Post, User
from core import clock
from core.tasks import after_commit
from notifications.choices import Reminder
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
    here: Container[int] | None = None,
) -> None:
    """Put a line on the desk of these people and of today's holders of these posts.

    Of people only those who work in the agency today (``here``: their keys, if read); one who has
    left sees nothing of it, and no letter goes after him. In the verb's own transaction; e-mail
    follows after the commit when a mail server is named.
    """
    people, posts = {user.pk for user in users}, list(posts)
    if here is not None and not posts:
        people = {pk for pk in people if pk in here}
    elif people or posts:
        held = Appointment.objects.in_force(clock.today())
        told = held.filter(unit__agency=agency, user__in=people)
        found = told | held.of_posts(posts) if posts else told
        people = set(found.values_list("user", flat=True))
    if but is not None:
        people.discard(but.pk)
    post_lines(
        [Notification(agency=agency, user_id=pk, kind=kind, path=path) for pk in sorted(people)]
    )


def post_lines(rows: Iterable[Notification], *, by_mail: bool = True) -> None:
    """Put these lines on the desks, now; ``by_mail=False`` leaves the mailboxes alone."""
    now = clock.now()
    rows = list(rows)
    for row in rows:
        row.created_at = now
        row.mail_since = now if settings.EMAIL_HOST and by_mail else None
    for row in Notification.objects.bulk_create(rows):
        if row.mail_since:
            after_commit(send_mail, row.pk)


Waits = Container[tuple[int | None, str, date | None]]


def settle_reminders(agency: Agency, day: datetime, waits: Waits) -> int:
    """Mark as read what the clock said of work that no longer waits; answers how many.

    ``waits`` holds user, path and deadline of what does; without a user, for those who are told of
    others' work. Sums from before ``day`` are told anew.
    """
    lines = Notification.objects.filter(
        agency=agency, read_at__isnull=True, kind__in=Reminder.values
    ).only("kind", "user", "path", "due_date", "created_at")
    over = []
    for row in lines:
        of_others = row.kind in (Reminder.UNIT_OVERDUE, Reminder.AGENCY_OVERDUE)
        key = (None if of_others else row.user_id, row.path, row.due_date)
        if row.created_at < day if row.due_date is None else key not in waits:
            over.append(row.pk)
    return Notification.objects.filter(pk__in=over).update(read_at=clock.now())


@transaction.atomic
def mark_read(actor: Actor, path: str | None = None) -> int:
    """Mark the actor's lines as read: those of one page, or all. Answers how many."""
    rows = Notification.objects.filter(user=actor.user, agency=actor.agency, read_at__isnull=True)
    if path is not None:
        rows = rows.filter(path=path)
    return rows.update(read_at=clock.now())
