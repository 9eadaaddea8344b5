"""What stands on the printed forms: what the trail says, blank where it says nothing yet."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Agency
from accounts.regulation import DEFAULT
from core import clock
from documents.choices import VOID_ASSIGNMENT, AssignmentRole
from documents.models import Assignment, DocumentAct
from incoming import papers, rules
from incoming.actions import lines_of
from incoming.choices import PaperPart, State, Verb
from incoming.directives import Written, written
from incoming.models import IncomingDocument, Paper
from incoming.presenting import behalf

# The form has three parts, each for the words of some people (NĐ 30/2020 Phụ lục IV): leaders of
# the agency, those who lead a unit, whoever works on it. Of these acts the post decides which part
# it is: a leader may give out himself, and so may the chief of the office, who leads a unit.
_GIVING = (Verb.DIRECT, Verb.DISTRIBUTE, Verb.FORWARD)
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
    is_lead: bool
    # Who has given it out, where that was no leader of the agency: his words stand in his own part.
    by: str = ""


@dataclass
class Section:
    """One of the three parts of the form."""

    opinions: list[Opinion] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    # What the chief of the office has given out, with his words.
    given_out: list[Asked] = field(default_factory=list)

    @property
    def leads(self) -> list[Asked]:
        return [one for one in self.asked if one.is_lead]

    @property
    def coordinators(self) -> list[Asked]:
        return [one for one in self.asked if not one.is_lead]

    @property
    def day(self) -> date | None:
        """The day of the last words."""
        return self.opinions[-1].day if self.opinions else None


def resolution(document: IncomingDocument) -> dict[str, Any]:
    """Phiếu giải quyết văn bản đến (NĐ 30/2020 Phụ lục IV)."""
    acts = list(
        DocumentAct.objects.filter(
            target_id=document.pk, verb__in=(*_GIVING, *_UNITS, *_HANDLERS, Verb.RECALL)
        )
        .select_related("actor", "appointment", "words", "on_behalf_of__user")
        .order_by("ordinal")
    )
    # What was taken back was said to nobody.
    recalled = {act.detail.get("of") for act in acts if act.verb == Verb.RECALL}
    acts = [act for act in acts if act.ordinal not in recalled]
    on_paper = written(acts)
    parts: dict[str, list[Opinion]] = {}
    for act in acts:
        said = on_paper.get(act.pk)
        if act.verb != Verb.RECALL and (said or hasattr(act, "words")):
            parts.setdefault(_part(act, said), []).append(_opinion(act, said))
    leaders, units = Section(parts.get(_LEADERS, [])), Section(parts.get(_HEADS, []))
    agreed = _agreed(acts)
    for one in document.all_assignments:
        if one.state in VOID_ASSIGNMENT or one.role == AssignmentRole.INFORM:
            continue
        if one.parent_id is not None:
            units.asked.append(_asked(one))
        elif one.given_by.role == Role.LEADER or _key(one) in agreed:
            leaders.asked.append(_asked(one))
        else:
            # Who leads and until when the form asks for in its first part; the words are not a
            # leader's.
            by = f"{one.given_by.title} {one.given_by.user.full_name}"
            leaders.asked.append(replace(_asked(one), directive="", by=by))
            units.given_out.append(replace(_asked(one), by=by))
    return {
        "leaders": leaders,
        "units": units,
        "handlers": Section(parts.get(_WORKERS, [])),
        **letterhead(document.agency),
    }


_LEADERS, _HEADS, _WORKERS = "leaders", "heads", "workers"


def _part(act: DocumentAct, said: Written | None) -> str:
    """In whose part of the form the words stand: by the post in which they were written."""
    post = said.by if said else act.on_behalf_of or act.appointment
    ends = act.verb == Verb.FINISH and act.from_state == State.SUBMITTED
    if act.verb in _GIVING or ends:
        return _LEADERS if post.role == Role.LEADER else _HEADS
    return _HEADS if act.verb in _UNITS else _WORKERS


def _opinion(act: DocumentAct, said: Written | None) -> Opinion:
    day = timezone.localtime(act.at).date()
    if said:
        # Whoever wrote it on the paper, not the clerk who took it from there.
        return Opinion(said.by.user.full_name, said.by.title, said.text, day)
    return Opinion(act.actor.full_name, act.title, act.words.text, day, behalf(act))


def _agreed(acts: list[DocumentAct]) -> set[tuple[Any, ...]]:
    """The lines to which a leader has agreed: given out by the chief, they are still his words."""
    directed = [act for act in acts if act.verb == Verb.DIRECT]
    lines = (line for found in lines_of(directed).values() for line in found)
    return {
        (one.role, one.unit.pk, one.person.pk if one.person else None, one.directive, one.due_date)
        for one in lines
    }


def _key(one: Assignment) -> tuple[Any, ...]:
    return (one.role, one.unit_id, one.person_id, one.directive, one.due_date)


def _asked(one: Assignment) -> Asked:
    is_lead = one.role == AssignmentRole.LEAD
    return Asked(str(one.person or one.unit), one.directive, one.due_date, is_lead)


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
