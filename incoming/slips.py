"""What stands on the printed forms: what the trail says, blank where it says nothing yet."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Agency
from accounts.regulation import DEFAULT
from core import clock
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import Assignment, DocumentAct
from incoming import papers, rules
from incoming.choices import PaperPart, Verb
from incoming.directives import written
from incoming.models import IncomingDocument, Paper
from incoming.presenting import behalf

# Part of the form -> the acts whose words stand there (NĐ 30/2020 Phụ lục IV).
_LEADERS = (Verb.DIRECT, Verb.DISTRIBUTE, Verb.FORWARD)
# Whoever proposes heads a unit, the office; what he proposes is no leader's opinion.
_UNITS = (Verb.PROPOSE, Verb.ASSIGN)
_HANDLERS = (Verb.PROGRESS, Verb.FINISH)


@dataclass(frozen=True)
class Opinion:
    """Words that somebody wrote, and when."""

    who: str
    title: str
    text: str
    day: date
    # "thay Chủ tịch ...", where it was written by delegation.
    on_behalf: str = ""


@dataclass(frozen=True)
class Asked:
    """A unit or person who was asked, with his day."""

    name: str
    directive: str
    due_date: date | None


@dataclass
class Section:
    """One of the three parts of the form."""

    opinions: list[Opinion] = field(default_factory=list)
    leads: list[Asked] = field(default_factory=list)
    coordinators: list[Asked] = field(default_factory=list)

    @property
    def day(self) -> date | None:
        """The day of the last words."""
        return self.opinions[-1].day if self.opinions else None


def resolution(document: IncomingDocument) -> dict[str, Any]:
    """Phiếu giải quyết văn bản đến (NĐ 30/2020 Phụ lục IV)."""
    acts = list(
        DocumentAct.objects.filter(
            target_id=document.pk, verb__in=(*_LEADERS, *_UNITS, *_HANDLERS, Verb.RECALL)
        )
        .select_related("actor", "words", "on_behalf_of__user")
        .order_by("ordinal")
    )
    # What was taken back was said to nobody.
    recalled = {act.detail.get("of") for act in acts if act.verb == Verb.RECALL}
    acts = [act for act in acts if act.ordinal not in recalled]
    first = [one for one in document.all_assignments if one.parent_id is None]
    below = [one for one in document.all_assignments if one.parent_id is not None]
    return {
        "leaders": _section(acts, _LEADERS, first),
        "units": _section(acts, _UNITS, below),
        "handlers": _section(acts, _HANDLERS, []),
        **letterhead(document.agency),
    }


def letterhead(agency: Agency) -> dict[str, Any]:
    """The agency above, the place and today."""
    regulation = agency.regulation
    return {
        "parent": agency.parent.name if agency.parent else "",
        "agency": agency.name,
        # The decree was issued in Hà Nội: of an agency under it the place is not known.
        "place": regulation.decision.place if regulation.name != DEFAULT else "",
        "today": clock.today(),
    }


def _section(acts: list[DocumentAct], verbs: tuple[Verb, ...], given: list[Assignment]) -> Section:
    section = Section()
    on_paper = written([act for act in acts if act.verb in verbs])
    for act in acts:
        words = getattr(act, "words", None)
        if act.verb not in verbs or words is None:
            continue
        day = timezone.localtime(act.at).date()
        if said := on_paper.get(act.pk):
            # Whoever wrote it on the paper, not the clerk who took it from there.
            by = said.by
            section.opinions.append(Opinion(by.user.full_name, by.title, said.text, day))
        else:
            section.opinions.append(
                Opinion(act.actor.full_name, act.title, words.text, day, behalf(act))
            )
    for one in given:
        if one.state in VOID_ASSIGNMENT:
            continue
        asked = Asked(str(one.person or one.unit), one.directive, one.due_date)
        if one.role == AssignmentRole.LEAD:
            section.leads.append(asked)
        elif one.role == AssignmentRole.COORDINATE:
            section.coordinators.append(asked)
    return section


@dataclass(frozen=True)
class HandOver:
    """The last time that the paper was given to somebody; empty lines when it never was."""

    giver: str = ""
    receiver: str = ""
    at: datetime | None = None
    sheets: int | None = None
    text: str = ""


def receipt(actor: Actor, paper: Paper) -> dict[str, Any]:
    """Phiếu giao nhận bản giấy: who gave what to whom, with room for two signatures."""
    move = (
        paper.moves.filter(act__verb__in=(Verb.HAND_OVER, Verb.RETURN_PAPER))
        .select_related("to_unit", "to_person", "act__actor", "act__words")
        .last()
    )
    given = HandOver(sheets=paper.sheets)
    if move is not None:
        words = getattr(move.act, "words", None)
        to = move.to_person or move.to_unit
        given = HandOver(
            giver=f"{move.act.actor.full_name}, {move.act.title}",
            receiver=str(to) if to else _("Văn thư"),
            at=move.act.at,
            sheets=move.sheets,
            text=words.text if words else "",
        )
    receipt_rule, scan_rule = rules.receipt_rule(actor), rules.scan_rule(actor)
    annex = paper.part == PaperPart.ANNEX
    return {
        "paper": paper,
        "what": papers.what(paper),
        "given": given,
        "receipt_article": receipt_rule.article if receipt_rule else "",
        "keep_article": scan_rule.article if scan_rule and annex else "",
        **letterhead(paper.document.agency),
    }
