"""What the help page tells: the way of a document, who may do what, and the regulation in words.

The table of moves stands in incoming.transitions, its drawing in incoming.drawing.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.regulation import FOLDER, Regulation
from incoming.choices import State
from incoming.policies import NOT_MEMBER, ONLY_MEMBER, POLICIES, value_in_words, words_of
from incoming.transitions import (
    ASIDE,
    BRANCHES,
    MOVES,
    WAY,
    Move,
    Who,
    moves_from,
    roles_of,
)

_STATE_WORDS: dict[State, Promise] = {
    State.RECEIVED: gettext_lazy("Tệp nằm trong khay, chưa vào sổ. Loại cấm thì bị xóa hẳn."),
    State.REGISTERED: gettext_lazy("Đã có số đến, các trường dữ liệu đã nhập."),
    State.SUBMITTED: gettext_lazy("Người nhận trình xem và quyết định chuyển cho ai."),
    State.PROPOSED: gettext_lazy("Lãnh đạo được trình xem đề xuất và cho ý kiến."),
    State.IN_PROCESS: gettext_lazy("Nơi chủ trì và các nơi phối hợp đang làm."),
    State.FINISHED: gettext_lazy("Nơi chủ trì đã ghi kết quả."),
    State.REFUSED: gettext_lazy("Không vào sổ, tệp không còn."),
    State.VOID: gettext_lazy(
        "Gỡ theo quyết định, hoặc hủy vì bên gửi thu hồi: số đến còn, tệp không còn."
    ),
}


@dataclass(frozen=True)
class Cited:
    """A citation; without the name of the agency's own regulation; and where it can be read."""

    text: str
    short: str
    anchor: str = ""


@dataclass(frozen=True)
class Line:
    """A move in words."""

    verb: str
    who: str
    to: str
    article: Cited | None
    is_mine: bool
    when: str = ""


@dataclass
class Stop:
    """A state on the way, with what may be done there."""

    code: str
    label: str
    words: str
    lines: list[Line]
    onward: Line | None = None
    branch: "Stop | None" = None
    branch_out: Line | None = None
    branch_back: Line | None = None


def who_in_words(who: Who, regulation: Regulation, *, member: bool) -> str:
    """ "Văn thư", "Lãnh đạo được trình", "Người đang giữ việc" ..."""
    match who:
        case Who.ASKED:
            return _("Lãnh đạo được trình")
        case Who.HEAD:
            return _("Trưởng đơn vị được giao")
        case Who.ASSIGNER:
            return _("Nơi phân phối, trưởng đơn vị đã giao phần việc")
        case Who.HOLDER:
            return _("Người, đơn vị đang giữ việc")
        case Who.READER:
            return _("Mọi người được xem văn bản")
        case Who.GIVER:
            return _("Lãnh đạo, văn phòng, người giao hoặc theo dõi việc")
        case Who.DECIDER:
            return _("Người quyết định gia hạn")
        case Who.CONSULTED:
            return _("Người, đơn vị được xin ý kiến")
        case Who.ENQUIRER:
            return _("Người đã xin ý kiến")
    roles = roles_of(who, regulation, member=member)
    words = _(" hoặc ").join(regulation.title(role, member=member) for role in roles)
    return words[:1].upper() + words[1:]


def way(actor: Actor) -> list[Stop]:
    """The states in the order of the way, drawn for the reader's agency."""
    stops = []
    for state, following in zip(WAY, (*WAY[1:], None), strict=True):
        stop = _stop(actor, state)
        stop.onward = _line_to(actor, state, following)
        aside = BRANCHES.get(state)
        if aside and (line := _line_to(actor, state, aside)):
            stop.branch, stop.branch_out = _stop(actor, aside), line
            stop.branch_back = _line_to(actor, aside, state)
        stops.append(stop)
    return stops


def beside(actor: Actor) -> list[Line]:
    """What may be done all the while; ``to`` says how long."""
    found = []
    for verb in ASIDE:
        moves = [move for move in MOVES if move.verb == verb]
        ended = any(move.state == State.FINISHED for move in moves)
        until = _("cả khi đã kết thúc") if ended else _("đến khi kết thúc")
        found.append(replace(_line(actor, moves[0]), to=until))
    return found


def _stop(actor: Actor, state: State) -> Stop:
    member = actor.agency.is_member
    moves = moves_from(state, actor.agency.regulation, member=member)
    lines = [_line(actor, move) for move in moves if move.verb not in ASIDE]
    return Stop(state.value, str(state.label), str(_STATE_WORDS[state]), lines)


def _line_to(actor: Actor, state: State, to: State | None) -> Line | None:
    moves = moves_from(state, actor.agency.regulation, member=actor.agency.is_member)
    return next((_line(actor, move) for move in moves if to is not None and move.to == to), None)


def _line(actor: Actor, move: Move) -> Line:
    regulation, member = actor.agency.regulation, actor.agency.is_member
    return Line(
        verb=str(move.verb.label),
        who=who_in_words(move.who, regulation, member=member),
        to=str(move.to.label) if move.to else "",
        article=_article(move.key, regulation, member=member),
        is_mine=actor.role in roles_of(move.who, regulation, member=member),
        when=str(move.when),
    )


def _article(key: str, regulation: Regulation, *, member: bool) -> Cited | None:
    match key:
        case "":
            return None
        case "receiver":
            found = regulation.receiver(member=member)
        case "distribution":
            found = regulation.distribution(member=member)
        case "returning":
            found = regulation.returning(member=member)
        case _:
            found = getattr(regulation, key)
    if found is None or (found.key in POLICIES and words_of(found.key, found.article) is None):
        return None
    return cite(found.article, regulation)


# --- The regulation in words


@dataclass(frozen=True)
class Policy:
    """A rule of the agency in words, and its article."""

    words: str
    article: Cited


def policies(actor: Actor) -> list[Policy]:
    """What the agency's regulation demands, in the order of the work."""
    regulation = actor.agency.regulation
    member = actor.agency.is_member
    hidden = NOT_MEMBER if member else ONLY_MEMBER
    steps = regulation.reviewing(member=member)
    found = []
    for key in POLICIES:
        step = key.removeprefix("review.")
        provision = steps.get(step) if step != key else getattr(regulation, key)
        if provision is None or provision.value is False or key in hidden:
            continue
        words = words_of(key, provision.article)
        if words is None:
            continue
        value = {"value": value_in_words(actor, key, provision.value)}
        sentence = str(words) % value
        sentence = sentence[:1].upper() + sentence[1:]
        found.append(Policy(sentence, cite(provision.article, regulation)))
    return found


def chosen(actor: Actor) -> list[str]:
    """What the regulation leaves open and the agency has chosen; nothing without rounds."""
    regulation = actor.agency.regulation
    if regulation.rounds is None:
        return []
    minutes = regulation.chosen
    said = []
    if regulation.urgent_at_once.value:
        said.append(
            _("“Ngay” với văn bản khẩn: trong %(n)d phút từ khi vào sổ.")
            % {"n": minutes.urgent_minutes}
        )
    if minutes.round_minutes:
        said.append(
            _("Văn bản đến trong %(n)d phút trước giờ trình thì tính vào đợt sau.")
            % {"n": minutes.round_minutes}
        )
    return said


def forbidden(actor: Actor) -> list[Policy]:
    """Kinds that must not be entered."""
    regulation = actor.agency.regulation
    return [Policy(one.value, cite(one.article, regulation)) for one in regulation.gate.values()]


# --- The regulation's own text

_CHAPTER = re.compile(r"Chương ([IVX]+) (.+)")
_ARTICLE = re.compile(r"Điều (\d+)\. (.+)")
_CLAUSE = re.compile(r"(\d+)\. ")
_POINT = re.compile(r"([a-zđ])[.)] ")
_SIGNED = re.compile(r"TM\. .*|GIÁM ĐỐC")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of an article: level 0 text, 1 clause, 2 point, 3 dash."""

    text: str
    level: int
    anchor: str = ""


@dataclass
class Article:
    """One article of a regulation."""

    number: str
    title: str
    chapter: str = ""  # where a chapter begins with it
    paragraphs: list[Paragraph] = field(default_factory=list)
    # The chapter's number where two articles have one number (Bình Định Điều 7, 10).
    part: str = ""

    @property
    def anchor(self) -> str:
        return f"dieu-{self.number}{_of_chapter(self.part)}"


@cache
def text_of(name: str) -> tuple[Article, ...]:
    """The articles of a regulation whose text is at hand; empty for the others."""
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    # The decision that carries it has a Điều 1 of its own, and its signer signs again at the end.
    lines = lines[lines.index("QUY CHẾ") + 1 :]
    signed = [place for place, line in enumerate(lines) if _SIGNED.fullmatch(line)]
    lines = lines[: signed[-1]] if signed else lines
    numbers = [found[1] for found in map(_ARTICLE.fullmatch, lines) if found]
    articles: list[Article] = []
    chapter = part = clause = point = ""
    for line in lines:
        if found := _CHAPTER.fullmatch(line):
            chapter, part = f"Chương {found[1]}. {found[2]}", found[1]
        elif found := _ARTICLE.fullmatch(line):
            twice = numbers.count(found[1]) > 1
            articles.append(Article(found[1], found[2], chapter, part=part if twice else ""))
            chapter = clause = point = ""
        elif articles:
            article = articles[-1]
            level, anchor = 0, ""
            if found := _CLAUSE.match(line):
                clause, point, level = found[1], "", 1
                anchor = f"{article.anchor}-khoan-{clause}"
            elif found := _POINT.match(line):
                point, level = found[1], 2
                above = f"-khoan-{clause}" if clause else ""
                anchor = f"{article.anchor}{above}-diem-{_plain(point)}"
            elif line.startswith("- "):
                level = 3
            elif clause:
                level = 2 if point else 1
            article.paragraphs.append(Paragraph(line, level, anchor))
    return tuple(articles)


def anchors(name: str) -> frozenset[str]:
    """Every place of a regulation's text that can be linked to."""
    return frozenset(
        anchor
        for article in text_of(name)
        for anchor in (article.anchor, *(one.anchor for one in article.paragraphs))
        if anchor
    )


def cite(citation: str, regulation: Regulation) -> Cited:
    """A citation with its anchor, when it speaks of the regulation whose text is on the page."""
    if not citation.endswith(regulation.decision.title):
        return Cited(citation, citation)
    place = citation.removesuffix(regulation.decision.title).strip()
    parts = dict(re.findall(r"(điểm|khoản|Điều|Chương) (\S+)", place))
    anchor = f"dieu-{parts.get('Điều', '')}{_of_chapter(parts.get('Chương', ''))}"
    if "khoản" in parts:
        anchor += f"-khoan-{parts['khoản']}"
    if "điểm" in parts:
        anchor += f"-diem-{_plain(parts['điểm'])}"
    return Cited(citation, place, anchor if anchor in anchors(regulation.name) else "")


def _of_chapter(part: str) -> str:
    return f"-chuong-{part.lower()}" if part else ""


def _plain(letter: str) -> str:
    return "dd" if letter == "đ" else letter
