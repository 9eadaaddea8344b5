"""keep_paper, hand_over, take_over, return_paper, report_lost: the custody of papers."""

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import head_post, receiving_post
from accounts.actor import Actor, Rule
from accounts.choices import Role
from accounts.models import Post, Unit, User
from core import clock
from core.errors import Refusal
from documents.models import DocumentAct
from incoming import rules
from incoming.actions import routing
from incoming.choices import PaperPart, PaperState, Verb
from incoming.models import IncomingDocument, Paper, PaperMove

# Figures only: a hand scanner types them rightly through any Vietnamese keyboard (Telex makes
# "aa" and "dd" other letters). 32 of them are 106 bits.
TOKEN_FIGURES = 32
MOST_SHEETS = 9999


@dataclass(frozen=True)
class Annex:
    """A part that was left on paper when the rest was scanned (Kon Tum Điều 13.4)."""

    pages: int
    name: str = ""


def check_annex(actor: Actor, annex: Annex) -> None:
    """Raises Refusal for an annex that the agency's regulation wants scanned."""
    least = rules.scan_rule(actor)
    if least is not None and annex.pages < least.value:
        raise Refusal(
            _("Phụ lục từ %(least)d trang trở lên mới để bản giấy; ít hơn thì quét cùng văn bản.")
            % {"least": least.value},
            least.article,
            field="annex_pages",
        )


def begin(
    document: IncomingDocument,
    act: DocumentAct,
    part: str,
    *,
    pages: int | None = None,
    sheets: int | None = None,
    name: str = "",
) -> Paper:
    """The first row of a paper; the caller holds the document's lock and has recorded the act."""
    paper = Paper.objects.create(
        document=document,
        agency_id=document.agency_id,
        token=f"{secrets.randbelow(10**TOKEN_FIGURES):0{TOKEN_FIGURES}d}",
        part=part,
        name=name,
        pages=pages,
        sheets=sheets,
        since=clock.now(),
    )
    PaperMove.objects.create(paper=paper, act=act, state=paper.state, sheets=sheets)
    return paper


@transaction.atomic
def keep_paper(
    actor: Actor,
    document: IncomingDocument,
    *,
    part: str = PaperPart.ORIGINAL,
    sheets: int | None = None,
    annex: Annex | None = None,
) -> Paper:
    """Watch a paper of a registered document: its original, or an annex that was not scanned."""
    document = routing.lock(actor, document)
    actor = routing.allowed(rules.may_keep_paper, actor, document)
    _check_sheets(sheets)
    if annex is not None:
        check_annex(actor, annex)
    elif document.papers.filter(part=PaperPart.ORIGINAL).exists():
        raise Refusal(_("Bản giấy của văn bản này đã được theo dõi."), field="part")
    part = PaperPart.ANNEX if annex else PaperPart(part)
    facts = {"part": part, "pages": annex.pages if annex else None, "sheets": sheets}
    ruling = rules.scan_rule(actor) if annex else rules.receipt_rule(actor)
    act = routing.conclude(
        document,
        actor,
        Verb.KEEP_PAPER,
        before=document.state,
        article=ruling.article if ruling else "",
        detail=facts,
    )
    pages, name = (annex.pages, annex.name) if annex else (None, "")
    return begin(document, act, part, pages=pages, sheets=sheets, name=name)


@transaction.atomic
def hand_over(
    actor: Actor,
    paper: Paper,
    unit: Unit,
    person: User | None = None,
    *,
    sheets: int,
    text: str = "",
    signed: bool = False,
) -> Paper:
    """Give a paper to a person or a unit; it is on its way until they sign (Kon Tum Điều 13.3).

    ``signed``: the receiver has signed the printed slip, which a clerk records at once. Raises
    Refusal for somebody of another agency, for the holder himself, or for other sheets than he
    has, without a word why.
    """
    paper, actor = _locked(actor, paper, rules.may_hand_over)
    giver = paper.holder
    _check_receiver(actor, paper, unit, person)
    _check_sheets(sheets)
    if paper.sheets not in (None, sheets) and not text:
        raise Refusal(
            _("Số tờ giao khác số tờ đang giữ (%(sheets)d tờ): ghi rõ vì sao.")
            % {"sheets": paper.sheets},
            field="text",
        )
    if signed:
        routing.require(_only_clerks_sign(actor, person), paper.document)
    paper.sheets = sheets
    paper.state = PaperState.HELD if signed else PaperState.ON_WAY
    paper.to_unit, paper.to_person = (None, None) if signed else (unit, person)
    paper.holder = person if signed else giver
    users, posts = ([person], []) if person else ([], [head_post(unit)])
    ruling = rules.receipt_rule(actor)
    move = PaperMove(to_unit=unit, to_person=person, signed_on_paper=signed, giver=giver)
    return _moved(
        actor,
        paper,
        Verb.HAND_OVER,
        move,
        text=text,
        users=users,
        posts=posts,
        article=ruling.article if ruling else "",
    )


@transaction.atomic
def take_over(
    actor: Actor, paper: Paper, *, text: str = "", signed_by: User | None = None
) -> Paper:
    """Sign for a paper; with ``signed_by`` a clerk records who has signed the printed slip.

    A clerk also takes back what is brought to him and what is found; who gave it keeps it when
    nobody has signed yet.
    """
    rule = rules.may_sign_for if signed_by else rules.may_take_over
    paper, actor = _locked(actor, paper, rule)
    giver, clerks_take = paper.holder, _clerks_take(actor, paper)
    if signed_by is not None:
        _check_signer(paper, signed_by)
    taker = signed_by or (None if clerks_take else actor.user)
    back = giver is not None and taker is None
    paper.state = PaperState.HELD if taker else PaperState.RETURNED if back else PaperState.KEPT
    unit, paper.to_unit, paper.to_person, paper.holder = paper.to_unit, None, None, taker
    users = [giver] if giver is not None and giver != actor.user else []
    if signed_by is not None:
        users.append(signed_by)
    posts = [_clerks(paper)] if giver is None and taker is not None else []
    move = PaperMove(
        to_unit=unit, to_person=taker, signed_on_paper=signed_by is not None, giver=giver
    )
    return _moved(actor, paper, Verb.TAKE_OVER, move, text=text, users=users, posts=posts)


@transaction.atomic
def return_paper(actor: Actor, paper: Paper, *, text: str = "") -> Paper:
    """Bring a paper back; it is on its way until a clerk has it."""
    paper, actor = _locked(actor, paper, rules.may_return_paper)
    paper.state = PaperState.ON_WAY
    move = PaperMove(giver=paper.holder)
    return _moved(actor, paper, Verb.RETURN_PAPER, move, text=text, posts=[_clerks(paper)])


@transaction.atomic
def report_lost(actor: Actor, paper: Paper, *, text: str) -> Paper:
    """Say that a paper is gone, and how; the clerks and the office chief are told."""
    paper, actor = _locked(actor, paper, rules.may_report_lost)
    if not text:
        raise Refusal(_("Ghi rõ bản giấy mất thế nào, đã tìm ở đâu."), field="text")
    giver = paper.holder
    paper.state, paper.to_unit, paper.to_person = PaperState.LOST, None, None
    role = actor.agency.regulation.distribution(member=actor.agency.is_member).value
    posts = [_clerks(paper), receiving_post(paper.document.agency, role)]
    users = [giver] if giver is not None and giver != actor.user else []
    move = PaperMove(giver=giver)
    return _moved(actor, paper, Verb.REPORT_LOST, move, text=text, users=users, posts=posts)


def _locked(actor: Actor, paper: Paper, rule: Rule) -> tuple[Paper, Actor]:
    """The paper read anew under its document's row lock, and as whom the actor moves it."""
    document = routing.lock(actor, paper.document)
    fresh = Paper.objects.select_related("holder", "to_unit", "to_person").get(pk=paper.pk)
    fresh.document = document
    refusal, acting = rule.answer(actor, fresh)
    routing.require(refusal, document)
    return fresh, acting


def _moved(
    actor: Actor,
    paper: Paper,
    verb: Verb,
    move: PaperMove,
    *,
    text: str,
    users: list[User] | None = None,
    posts: list[Post] | None = None,
    article: str = "",
) -> Paper:
    """The closing lines: the paper as it is now, one act, one row of custody."""
    document = paper.document
    paper.since = clock.now()
    paper.save()
    act = routing.conclude(
        document,
        actor,
        verb,
        before=document.state,
        text=text,
        users=users or [],
        posts=posts or [],
        article=article,
        detail={"paper": paper.pk, "part": paper.part, "sheets": paper.sheets},
    )
    move.paper, move.act, move.state, move.sheets = paper, act, paper.state, paper.sheets
    move.save()
    return paper


def _check_receiver(actor: Actor, paper: Paper, unit: Unit, person: User | None) -> None:
    who = str(person or unit)
    if unit.agency_id != paper.agency_id:
        raise Refusal(_("%(who)s không thuộc cơ quan này.") % {"who": who}, field="who")
    if person is None:
        return
    if not person.appointments.in_force(clock.today()).filter(unit=unit).exists():
        raise Refusal(_("%(who)s không làm việc ở đơn vị đã chọn.") % {"who": who}, field="who")
    if person.pk in (actor.user.pk, paper.holder_id):
        raise Refusal(_("Bản giấy đang ở chỗ %(who)s rồi.") % {"who": who}, field="who")


def _check_sheets(sheets: int | None) -> None:
    if sheets is not None and not 1 <= sheets <= MOST_SHEETS:
        raise Refusal(_("Số tờ từ 1 đến %(most)d.") % {"most": MOST_SHEETS}, field="sheets")


def _check_signer(paper: Paper, person: User) -> None:
    """Raises Refusal for somebody whom the paper was not handed to."""
    if paper.to_person_id is not None:
        right = paper.to_person_id == person.pk
    else:
        held = person.appointments.in_force(clock.today())
        right = held.filter(unit=paper.to_unit_id).exists()
    if not right:
        raise Refusal(
            _("Bản giấy giao cho %(who)s, không phải %(person)s.")
            % {"who": paper.to_person or paper.to_unit, "person": person},
            field="signed_by",
        )


def _only_clerks_sign(actor: Actor, person: User | None) -> Refusal | None:
    if not actor.holds(Role.CLERK):
        return Refusal(_("Chỉ văn thư ghi việc ký nhận trên phiếu giấy."), field="signed")
    if person is None:
        return Refusal(_("Chọn người đã ký nhận trên phiếu."), field="who")
    return None


def _clerks_take(actor: Actor, paper: Paper) -> bool:
    """True when the paper goes into the clerks' cupboard, not into the actor's own hands."""
    if paper.state != PaperState.ON_WAY:
        return True
    if paper.to_person_id == actor.principal.pk:
        return False
    back = paper.to_unit_id is None and paper.to_person_id is None
    kept = paper.holder_id is None and actor.holds(Role.CLERK)
    mine = paper.holder_id == actor.principal.pk
    return kept or (back and not mine)


def _clerks(paper: Paper) -> Post:
    return receiving_post(paper.document.agency, Role.CLERK)
