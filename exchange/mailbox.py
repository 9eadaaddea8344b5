"""The mailbox to which letters come back, read over IMAP."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from exchange.bounces import LARGEST

AT_ONCE = 200
_SECONDS = 20


class MailboxError(Exception):
    """The mailbox cannot be read."""


@contextmanager
def _inbox() -> Iterator[imaplib.IMAP4]:
    host, port = settings.BOUNCE_IMAP_HOST, settings.BOUNCE_IMAP_PORT
    try:
        kind = imaplib.IMAP4_SSL if settings.BOUNCE_IMAP_TLS else imaplib.IMAP4
        with kind(host, port, timeout=_SECONDS) as box:
            box.login(settings.BOUNCE_IMAP_USER, settings.BOUNCE_IMAP_PASSWORD)
            box.select("INBOX")
            yield box
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxError(str(error)) from error


def unseen() -> Iterator[bytes]:
    """Messages that nobody has read, oldest first; each is marked as read when the next is asked
    for: whoever dies over one finds it again.

    Raises MailboxError.
    """
    with _inbox() as box:
        _answer, found = box.search(None, "UNSEEN")
        for number in found[0].split()[:AT_ONCE]:
            # PEEK leaves it unread; of a huge one only the beginning is fetched.
            _answer, data = box.fetch(number, f"(BODY.PEEK[]<0.{LARGEST}>)")
            yield next((part[1] for part in data if isinstance(part, tuple)), b"")
            box.store(number, "+FLAGS", "(\\Seen)")
