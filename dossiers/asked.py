"""What was asked in one dossier, as its page shows it: work, proposals, opinions, later days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from documents import asked, deciding
from documents.choices import Outcome
from dossiers import rules
from dossiers.choices import Verb
from dossiers.models import Dossier
from dossiers.story import Story


@dataclass(frozen=True)
class ProposalLine:
    """Who was proposed to help, and what they answered."""

    who: str
    directive: str
    due_date: date | None
    proposer: str
    proposed_at: datetime
    label: str
    kind: str
    answerer: str
    answered_at: datetime | None
    answer: str


_ANSWERS = {
    Outcome.ASKED: (gettext_lazy("Chờ trả lời"), "review"),
    Outcome.AGREED: (gettext_lazy("Nhận phối hợp"), "done"),
    Outcome.REFUSED: (gettext_lazy("Không nhận"), "back"),
}


def work(actor: Actor, dossier: Dossier, story: Story) -> dict[str, Any]:
    """Who works on it, what was asked and answered, who has read it; each may be empty."""
    if not dossier.all_assignments:
        return {"assignments": []}  # without work nothing of it was asked
    told = asked.told(dossier)
    if rules.may_see_all_receipts(actor, dossier) is not None:
        told = [one for one in told if asked.told_by(actor, one)]
    receipts = asked.receipts_of(told, story.acts)
    acting = rules.OF_WORK[Verb.GIVE_OPINION].answer(actor, dossier)[1]
    return {
        "assignments": asked.assignment_tree(dossier),
        "questions": asked.questions_in(dossier, story.questions),
        "my_question": next(
            (row for row in deciding.unanswered(dossier) if deciding.answers(acting, row)), None
        ),
        "extensions": asked.extension_lines(story.extensions),
        "proposals": proposals_of(dossier),
        "receipts": receipts,
        "receipts_read": sum(one.read_at is not None for one in receipts),
    }


def proposals_of(dossier: Dossier) -> list[ProposalLine]:
    """Every coordinator that was proposed, newest first."""
    found = []
    for row in reversed(dossier.all_proposals):
        label, kind = _ANSWERS[Outcome(row.outcome)]
        if row.outcome == Outcome.ASKED and not (dossier.goes_on and row.lead.is_open):
            # Whom they would have helped is done.
            label, kind = gettext_lazy("Không còn chờ"), "back"
        found.append(
            ProposalLine(
                who=str(row.person or row.unit),
                directive=row.directive,
                due_date=row.due_date,
                proposer=row.proposed_by.user.full_name,
                proposed_at=row.proposed_at,
                label=str(label),
                kind=kind,
                answerer=row.answered_by.user.full_name if row.answered_by else "",
                answered_at=row.answered_at,
                answer=row.answer,
            )
        )
    return found
