"""Papers as pages show them: who has one, what may be done with it now, how it went about."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.actor import Actor, Rule
from accounts.choices import Role
from core.text import small_number
from documents.models import DocumentAct
from dossiers.filing import of_dossiers
from incoming import rules
from incoming.choices import PaperPart, PaperState, Verb
from incoming.models import IncomingDocument, Paper, PaperMove
from incoming.querysets import PaperQuerySet

# In the order of the buttons; the first that may be done now is the page's one primary button.
VERBS: tuple[tuple[Verb, Rule], ...] = (
    (Verb.TAKE_OVER, rules.may_take_over),
    (Verb.HAND_OVER, rules.may_hand_over),
    (Verb.RETURN_PAPER, rules.may_return_paper),
    (Verb.REPORT_LOST, rules.may_report_lost),
    (Verb.ATTACH_SLIP, rules.may_attach_slip),
)
SHOWN = 200  # lines of a list of papers
_TOKEN = re.compile(r"(?<!\d)\d{32}(?!\d)")
_TAIL = "sign"  # the second form of take_over: a clerk records a signature on the slip


@dataclass(frozen=True)
class Button:
    """A verb on the paper's page; ``name`` is what its address says."""

    name: str
    label: str
    is_primary: bool
    is_current: bool
    url: str
    on_behalf: str = ""


@dataclass(frozen=True)
class PaperLine:
    """One paper in a list or on its document's page."""

    paper: Paper
    document: IncomingDocument
    what: str
    where: str
    url: str
    is_mine: bool
    is_lost: bool
    action: str


@dataclass(frozen=True)
class Step:
    """One row of the custody."""

    at: datetime
    who: str
    post: str
    words: str
    sheets: int | None
    text: str
    on_behalf: str
    slips: list["Slip"]


@dataclass(frozen=True)
class Slip:
    """The scan of a signed slip: its name, who has attached it and when."""

    name: str
    pages: int
    url: str
    who: str
    at: datetime
    text: str


def what(paper: Paper) -> str:
    """ "Văn bản giấy, 3 tờ"; "Phụ lục giấy, 42 trang, không quét"."""
    parts = [str(PaperPart(paper.part).label)]
    if paper.name:
        parts.append(paper.name)
    if paper.pages:
        parts.append(
            ngettext("%(n)d trang, không quét", "%(n)d trang, không quét", paper.pages)
            % {"n": paper.pages}
        )
    if paper.sheets:
        parts.append(ngettext("%(n)d tờ", "%(n)d tờ", paper.sheets) % {"n": paper.sheets})
    return ", ".join(parts)


def where(paper: Paper) -> str:
    """Who has it, in words."""
    if paper.state == PaperState.ON_WAY:
        to = paper.to_person or paper.to_unit
        if to is None:
            return _("%(giver)s trả lại, văn thư chưa nhận") % {"giver": paper.holder}
        names = {"giver": paper.holder or _("Văn thư"), "to": to}
        return _("%(giver)s đã giao %(to)s, chưa ký nhận") % names
    if paper.state == PaperState.HELD:
        return _("%(holder)s đang giữ") % {"holder": paper.holder}
    if paper.state == PaperState.LOST:
        last = paper.holder or pgettext("custody", "văn thư")
        return _("Thất lạc, người giữ gần nhất là %(holder)s") % {"holder": last}
    if paper.state == PaperState.RETURNED:
        return _("Đã trả, văn thư đang giữ")
    return _("Văn thư đang giữ")


def label_of(verb: Verb, actor: Actor, paper: Paper) -> str:
    """The button's words: what taking over means depends on whose hands it is in."""
    if verb == Verb.TAKE_OVER:
        if paper.state == PaperState.LOST:
            return _("Đã tìm thấy, nhận lại")
        if paper.state == PaperState.HELD:
            return _("Nhận lại từ %(holder)s") % {"holder": paper.holder}
        if rules.is_giver(actor, paper):
            return _("Giữ lại, chưa giao")
        return _("Ký nhận")
    if verb == Verb.HAND_OVER and paper.state == PaperState.ON_WAY:
        return _("Giao người khác")
    return str(verb.label)


def buttons(actor: Actor, paper: Paper, current: str = "") -> list[Button]:
    """What this person may do with the paper now; what he may not is absent."""
    page = page_of(actor, paper)
    found: list[Button] = []
    offered = [(verb.value, verb, rule) for verb, rule in VERBS]
    offered.insert(1, (_TAIL, Verb.TAKE_OVER, rules.may_sign_for))
    for name, verb, rule in offered:
        refusal, acting = rule.answer(actor, paper)
        if refusal is not None:
            continue
        giver = rules.is_giver(acting, paper)
        label = _("Ghi đã ký nhận trên phiếu") if name == _TAIL else label_of(verb, acting, paper)
        # Taking back what one has just given away is never what one came for.
        second = name in (Verb.REPORT_LOST, Verb.ATTACH_SLIP) or (
            giver and paper.state == PaperState.ON_WAY and name != _TAIL
        )
        found.append(
            Button(
                name,
                label,
                not second and not any(one.is_primary for one in found),
                name == current,
                f"{page}?do={name}#do",
                acting.principal.full_name if acting.acting_for else "",
            )
        )
    return sorted(found, key=lambda one: not one.is_primary)


def page_of(actor: Actor, paper: Paper) -> str:
    """The address that the QR holds, without its host."""
    return reverse("incoming:paper", args=[actor.agency.slug, paper.token])


def lines(actor: Actor, papers: list[Paper]) -> list[PaperLine]:
    """Papers as lines; each with the one button that I may press now."""
    found = []
    for paper in papers:
        able = next((one for one in buttons(actor, paper) if one.is_primary), None)
        found.append(
            PaperLine(
                paper=paper,
                document=paper.document,
                what=what(paper),
                where=where(paper),
                url=page_of(actor, paper),
                is_mine=paper.holder_id == actor.user.pk,
                is_lost=paper.state == PaperState.LOST,
                action=able.label if able else "",
            )
        )
    return found


def of_document(actor: Actor, document: IncomingDocument) -> list[PaperLine]:
    """The papers of a document, its original first."""
    papers = list(
        document.papers.select_related("holder", "to_unit", "to_person").prefetch_related("moves")
    )
    for paper in papers:
        paper.document = document
    return lines(actor, papers)


def steps(paper: Paper) -> list[Step]:
    """The custody, newest first."""
    moves = paper.moves.select_related(
        "giver", "to_unit", "to_person", "act__actor", "act__words", "act__on_behalf_of__user"
    )
    attached = slips(paper)
    return [
        Step(
            at=move.act.at,
            who=move.act.actor.full_name,
            post=move.act.title,
            words=_words(move),
            sheets=move.sheets,
            text=move.act.words.text if hasattr(move.act, "words") else "",
            on_behalf=move.act.on_behalf_of.user.full_name if move.act.on_behalf_of else "",
            slips=attached.get(move.pk, []),
        )
        for move in reversed(moves)
    ]


def slips(paper: Paper) -> dict[int, list[Slip]]:
    """The scans of signed slips by the step that they belong to, oldest first."""
    acts = DocumentAct.objects.filter(
        target_id=paper.document_id,
        verb=Verb.ATTACH_SLIP,
        detail__paper=paper.pk,
        proof__isnull=False,
    ).select_related("actor", "words", "proof__file")
    found: dict[int, list[Slip]] = {}
    for act in acts.order_by("ordinal"):
        found.setdefault(act.detail["move"], []).append(
            Slip(
                name=act.proof.file_name,
                pages=act.proof.file.page_count,
                url=reverse(
                    "incoming:paper_signed",
                    args=[paper.document.agency.slug, paper.token, act.ordinal],
                ),
                who=act.actor.full_name,
                at=act.at,
                text=act.words.text if hasattr(act, "words") else "",
            )
        )
    return found


def handed(paper: Paper) -> list[tuple[int, str]]:
    """The steps of which there is a slip, newest first, in words to choose from."""
    moves = paper.moves.select_related("giver", "to_unit", "to_person", "act__actor")
    return [
        (
            move.pk,
            f"{timezone.localtime(move.act.at):%H:%M %d/%m/%Y}, "
            f"{move.act.actor.full_name}, {_words(move)}",
        )
        for move in reversed(moves)
        if rules.is_handed(move)
    ]


def _words(move: PaperMove) -> str:
    clerks = pgettext("custody", "văn thư")
    names = {
        "giver": str(move.giver or clerks),
        "to": str(move.to_person or move.to_unit or clerks),
    }
    match move.act.verb:
        case Verb.HAND_OVER if move.signed_on_paper:
            return _("giao %(to)s, đã ký nhận trên phiếu giấy") % names
        case Verb.HAND_OVER:
            return _("giao %(to)s") % names
        case Verb.TAKE_OVER if move.signed_on_paper:
            return _("ghi %(to)s đã ký nhận trên phiếu giấy") % names
        case Verb.TAKE_OVER if move.giver_id is not None and move.giver_id == move.to_person_id:
            return _("giữ lại, chưa giao")
        case Verb.TAKE_OVER:
            return _("ký nhận từ %(giver)s") % names
        case Verb.RETURN_PAPER:
            return _("trả lại văn thư")
        case Verb.REPORT_LOST:
            return _("báo thất lạc; người giữ gần nhất là %(giver)s") % names
    return _("bắt đầu theo dõi, văn thư giữ")


def act_words(act: DocumentAct) -> str:
    """The act in the document's trail; "" for one that is not about a paper."""
    part = act.detail.get("part")
    if part not in PaperPart.values:
        return ""
    paper = {"paper": str(PaperPart(part).label).lower()}
    told = bool(act.addressed.get("users") or act.addressed.get("groups"))
    match act.verb:
        case Verb.HAND_OVER:
            return _("giao %(paper)s cho") % paper
        case Verb.TAKE_OVER if told:
            return _("ký nhận %(paper)s, báo") % paper
        case Verb.TAKE_OVER:
            return _("giữ lại %(paper)s") % paper
        case Verb.RETURN_PAPER:
            return _("trả %(paper)s cho") % paper
        case Verb.REPORT_LOST:
            return _("báo mất %(paper)s, báo") % paper
        case Verb.ATTACH_SLIP:
            return _("đính kèm phiếu giao nhận đã ký của %(paper)s") % paper
    return _("theo dõi %(paper)s") % paper


def _seen(actor: Actor, dossier: str) -> PaperQuerySet:
    """``dossier``: only those of documents in dossiers that hold these words."""
    seen = Paper.objects.visible_to(actor).with_people()
    return seen.filter(of_dossiers(actor, dossier, "document")) if dossier else seen


def find(actor: Actor, asked: str, dossier: str = "") -> list[Paper]:
    """Papers by what a scanner or a person types: the QR's address, its figures, or the số đến.

    Newest document first; a QR of another agency, or of a document that one does not see, finds
    nothing.
    """
    seen = _seen(actor, dossier).order_by("-document__day", "-part", "pk")
    if token := _TOKEN.search(asked):
        return list(seen.filter(token=token[0]))
    if number := small_number(asked.strip(), 0):
        return list(seen.filter(document__number=number)[:SHOWN])
    return []


def mine(actor: Actor, dossier: str = "") -> list[PaperLine]:
    """What I hold, and what waits for my signature, the longest first."""
    seen = _seen(actor, dossier)
    held = list(seen.held_by(actor)[:SHOWN])
    # What I gave away is among what I hold; a clerk's is in the cupboard's list.
    coming = [one for one in seen.coming_to(actor)[:SHOWN] if not rules.is_giver(actor, one)]
    return lines(actor, [*coming, *held])


def out(actor: Actor, dossier: str = "") -> list[PaperLine] | None:
    """All papers that are not with the clerks, for clerks; None for others."""
    if not actor.holds(Role.CLERK):
        return None
    return lines(actor, list(_seen(actor, dossier).out()[:SHOWN]))
