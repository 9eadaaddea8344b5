"""What a mail server reports of letters that it could not deliver (RFC 3464). Pure."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from typing import Any

from exchange.letters import RECALL, token_of

LARGEST = 2 * 1024 * 1024  # bytes of a report; the letter that comes back with it may be cut


@dataclass(frozen=True)
class Bounce:
    """A letter that came back: the token of its delivery, why, and whether it was a recall."""

    token: str
    reason: str
    is_recall: bool = False


def read(content: bytes) -> Bounce | None:
    """What a message reports; None for one that is no report, or of no letter of ours.

    A report of a delay is none: the server goes on trying. Headers are taken as they came: what
    strangers send need not follow any grammar.
    """
    report: Any = message_from_bytes(content[:LARGEST], policy=policy.compat32)
    if report.get_content_type() != "multipart/report":
        return None
    kind_of_ours, token, reason, failed = "", "", "", False
    for part in report.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            found, words = _status(part)
            failed, reason = failed or found, reason or words
        elif kind in ("message/rfc822", "text/rfc822-headers") and not token:
            kind_of_ours, token = _token(part)
    return Bounce(token, reason, kind_of_ours == RECALL) if failed and token else None


def _status(part: Message) -> tuple[bool, str]:
    """Whether a recipient failed, and in which words."""
    for block in part.get_payload() or ():
        if not isinstance(block, Message):
            continue
        if str(block.get("Action", "")).strip().lower() != "failed":
            continue
        diagnostic = re.sub(r"^[\w-]+;\s*", "", str(block.get("Diagnostic-Code", "")))
        status = str(block.get("Status", ""))
        return True, " ".join(f"{status} {diagnostic}".split())[:300]
    return False, ""


def _token(part: Message) -> tuple[str, str]:
    """Kind and token of the letter that comes back, whole or by its headers."""
    payload: Any = part.get_payload()
    if isinstance(payload, list):
        return token_of(str(payload[0].get("Message-ID", ""))) if payload else ("", "")
    found = re.search(r"^Message-ID:\s*(<[^>\s]+>)", str(payload), re.IGNORECASE | re.MULTILINE)
    return token_of(found[1]) if found else ("", "")
