"""What was asked on one document, as its page shows it: opinions, later days, who has read it."""

from collections.abc import Iterable
from typing import Any

from accounts.actor import Actor
from documents import asked as working
from documents import deciding
from documents.asked import Receipt, extensions_of, questions_of
from documents.models import DocumentAct
from incoming import rules
from incoming.choices import State
from incoming.models import IncomingDocument


def asked(actor: Actor, document: IncomingDocument, acts: Iterable[DocumentAct]) -> dict[str, Any]:
    """The panels of the document's page; each is empty where there is nothing to tell."""
    if document.state in (State.RECEIVED, State.REFUSED):
        return {"questions": [], "extensions": [], "receipts": [], "receipts_read": 0}
    receipts = receipts_of(actor, document, acts)
    acting = rules.may_give_opinion.answer(actor, document)[1]
    return {
        "questions": questions_of(document),
        "my_question": next(
            (row for row in deciding.unanswered(document) if deciding.answers(acting, row)), None
        ),
        "extensions": extensions_of(document),
        "receipts": receipts,
        "receipts_read": sum(one.read_at is not None for one in receipts),
    }


def receipts_of(
    actor: Actor, document: IncomingDocument, acts: Iterable[DocumentAct]
) -> list[Receipt]:
    """Who was told and has read it: all for clerk and office, his own for whoever shared it.

    Kon Tum Điều 13.3, 13.7c.
    """
    if rules.may_see_receipts(actor, document):
        return []
    rows = working.told(document)
    if rules.may_see_all_receipts(actor, document):
        rows = [one for one in rows if working.told_by(actor, one)]
    return working.receipts_of(rows, acts)
