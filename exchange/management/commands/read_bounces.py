"""Reads the mailbox to which letters come back; run by the clock."""

import logging
import sys
from typing import Any

from django.conf import settings

from core.commands import FactsCommand
from exchange import bounces
from exchange.delivering import bounced
from exchange.mailbox import MailboxError, unseen

logger = logging.getLogger(__name__)


class Command(FactsCommand):
    help = "Notes which letters came back (BOUNCE_IMAP_HOST); does nothing without a mailbox."

    def work(self, **options: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {"read": 0, "bounced": 0}
        try:
            for content in unseen() if settings.BOUNCE_IMAP_HOST else ():
                facts["read"] += 1
                found = self._read(content)
                facts["bounced"] += bool(
                    found and bounced(found.token, found.reason, is_recall=found.is_recall)
                )
        except MailboxError as error:
            self.stderr.write(f"{settings.BOUNCE_IMAP_HOST}: {error}")
            sys.exit(2)
        return facts

    def _read(self, content: bytes) -> bounces.Bounce | None:
        """What a message reports; one that nobody can read never stops those behind it."""
        try:
            return bounces.read(content)
        except Exception:
            logger.exception("a message of %d bytes was passed over", len(content))
            return None
