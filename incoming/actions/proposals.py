"""The lines of a distribution beside the words of a proposal or a decision."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from documents.actions.giving import Line
from documents.models import DocumentAct
from incoming.choices import Verb
from incoming.models import IncomingDocument, ProposedLine


def line_facts(lines: Sequence[Line]) -> dict[str, Any]:
    """Lines without their words, as an act keeps them under its hash."""
    facts = [
        {
            "role": str(line.role),
            "unit": line.unit.pk,
            "person": line.person.pk if line.person else None,
            "due_date": line.due_date and line.due_date.isoformat(),
        }
        for line in lines
    ]
    return {"lines": facts} if facts else {}


def decided_before(document: IncomingDocument) -> dict[str, Any]:
    """Who has decided already, and when: kept with a new proposal, which may come to nothing."""
    if document.directed_at is None:
        return {}
    return {"decided_by": document.proposed_to_id, "decided_at": document.directed_at.isoformat()}


def stand_again(document: IncomingDocument) -> None:
    """The proposal has come to nothing: what a leader had decided before it stands again."""
    act = next(one for one in reversed(document.acts_read) if one.verb == Verb.PROPOSE)
    if "decided_at" in act.detail:
        document.proposed_to_id = act.detail["decided_by"]
        document.directed_at = datetime.fromisoformat(act.detail["decided_at"])


def keep_lines(act: DocumentAct, lines: Sequence[Line]) -> None:
    """Keep the lines with their words beside the act that bears them."""
    ProposedLine.objects.bulk_create(
        ProposedLine(
            act=act,
            role=line.role,
            unit=line.unit,
            person=line.person,
            directive=line.directive,
            due_date=line.due_date,
        )
        for line in lines
    )


def lines_of(acts: Iterable[DocumentAct]) -> dict[int, list[Line]]:
    """The lines of these acts, by the act's key."""
    keys = [act.pk for act in acts if act.detail.get("lines")]
    found: dict[int, list[Line]] = {}
    rows = ProposedLine.objects.filter(act__in=keys).select_related("unit", "person")
    for row in rows if keys else ():
        found.setdefault(row.act_id, []).append(
            Line(row.role, row.unit, row.person, row.directive, row.due_date)
        )
    return found
