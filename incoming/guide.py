"""What the help page tells: the way of a document, who may do what, and the regulation in words.

The table of moves stands in incoming.transitions, its drawing in incoming.drawing.
"""

import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.choices import Role
from accounts.regulation import FOLDER, Regulation
from documents.catalogue import field_label
from incoming.choices import State
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
    State.VOID: gettext_lazy("Gỡ theo quyết định: số đến còn, nội dung không còn."),
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
    if found is None or (found.key in POLICIES and _words_of(found.key, found.article) is None):
        return None
    return cite(found.article, regulation)


# --- The regulation in words

# What a value means; %(value)s is the value in words.
POLICIES: dict[str, Promise] = {
    "field_numbering": gettext_lazy("Số thứ tự các trường dữ liệu theo %(value)s."),
    "register_fields": gettext_lazy("Khi vào sổ phải nhập: %(value)s."),
    "register_days": gettext_lazy(
        "Vào sổ trong ngày, chậm nhất sau %(value)s ngày làm việc kể từ ngày đến."
    ),
    "submit_days": gettext_lazy(
        "Trình trong ngày, chậm nhất sau %(value)s ngày làm việc kể từ ngày đến."
    ),
    "urgent_at_once": gettext_lazy("Văn bản khẩn được vào sổ, trình và chuyển ngay."),
    "urgent_first": gettext_lazy("Việc gấp được xử lý trước."),
    "arrival_numbers": gettext_lazy("Số đến chạy từ 1, mỗi năm một dãy số."),
    "print_register": gettext_lazy("Sổ đăng ký được in ra giấy, ký và đóng thành quyển."),
    "submission_receiver": gettext_lazy("Văn thư trình %(value)s."),
    "submission_receiver_member": gettext_lazy("Văn thư trình %(value)s."),
    "distributor": gettext_lazy("%(value)s phân phối cho đơn vị và người xử lý."),
    "distributor_member": gettext_lazy("%(value)s phân phối cho đơn vị và người xử lý."),
    "lead_required": gettext_lazy("Mỗi văn bản có đúng một nơi chủ trì, các nơi khác phối hợp."),
    "proposer": gettext_lazy("Việc thuộc thẩm quyền lãnh đạo: %(value)s đề xuất và trình."),
    "decider": gettext_lazy("%(value)s xem xét, quyết định việc được trình."),
    "direction_returns_to": gettext_lazy("Có ý kiến chỉ đạo thì chuyển lại %(value)s."),
    "leader_gives_out": gettext_lazy(
        "Lãnh đạo được trình giao thẳng cho phòng, đơn vị, cán bộ xử lý."
    ),
    "reception_check": gettext_lazy("Văn bản đến được kiểm tra trước khi vào sổ."),
    "rounds": gettext_lazy("Trình trước %(value)s hằng ngày, văn bản khẩn trình ngay."),
    "shared_work_terms": gettext_lazy(
        "Giao nhiều nơi thì ghi rõ chủ trì, phối hợp, thời hạn và ý kiến chỉ đạo của từng nơi."
    ),
    "assign": gettext_lazy("Người phụ trách đơn vị tự xử lý hoặc giao việc cho người của mình."),
    "deputy_assigns": gettext_lazy("Cấp phó được giao việc thì chuyển tiếp được cho chuyên viên."),
    "progress": gettext_lazy("Người xử lý cập nhật tiến độ trên hệ thống."),
    "delegate_head": gettext_lazy("Thủ trưởng đi vắng thì ủy quyền xử lý văn bản cho cấp phó."),
    "delegate_chief": gettext_lazy("Chánh Văn phòng ủy quyền cho Phó Chánh Văn phòng nhận trình."),
    "catalogue_approver": gettext_lazy("%(value)s phê duyệt danh mục hồ sơ của năm."),
    "catalogue_addition": gettext_lazy(
        "Hồ sơ không có trong danh mục đã ban hành được bổ sung vào danh mục sau khi phê duyệt."
    ),
    "dossier_assign": gettext_lazy(
        "Hồ sơ, công việc được giao cho người chủ trì ngay trên hệ thống."
    ),
    "task_assign": gettext_lazy("Công việc không có văn bản cũng được giao ngay trên hệ thống."),
    "dossier_return": gettext_lazy(
        "Hồ sơ công việc chuyển nhầm, không đúng chức năng của đơn vị thì chuyển trả."
    ),
    "dossier_coordinators": gettext_lazy("Người chủ trì hồ sơ được đề xuất nơi phối hợp xử lý."),
    "dossier_opener": gettext_lazy("Hồ sơ công việc do %(value)s lập."),
    "dossier_notation": gettext_lazy(
        "Người xử lý xác định số và ký hiệu hồ sơ cho văn bản đến theo danh mục hồ sơ."
    ),
    "dossier_result": gettext_lazy(
        "Hoàn thành thì gắn văn bản phát hành hoặc ý kiến đề xuất vào hồ sơ công việc."
    ),
    "dossier_closer": gettext_lazy("Hồ sơ công việc do %(value)s kết thúc."),
    "hidden_items": gettext_lazy(
        "Người xem hồ sơ được biết trong hồ sơ có văn bản mà mình không được mở."
    ),
    "signed_kinds": gettext_lazy("Chỉ gửi, nhận bản điện tử có ký số: %(value)s."),
    "paperless_kinds": gettext_lazy("Không gửi bản giấy: %(value)s."),
    "scan_dpi": gettext_lazy(
        "Bản quét là PDF từ phiên bản 1.4, ảnh màu, ít nhất %(value)s dpi, tỷ lệ 100 %%."
    ),
    "scan_pages": gettext_lazy(
        "Tài liệu, phụ lục từ %(value)s trang trở lên: chỉ quét văn bản chính."
    ),
    "clerk_forwards": gettext_lazy(
        "Trên văn bản đã có ý kiến chỉ đạo thì văn thư nhập ý kiến, chuyển ngay cho người xử lý."
    ),
    "return_notice": gettext_lazy(
        "Văn bản điện tử không bảo đảm yêu cầu thì trả lại, báo cho nơi gửi biết."
    ),
    "purger": gettext_lazy("Gỡ văn bản không được lưu trên hệ thống do %(value)s quyết định."),
    "paper_receipt": gettext_lazy("Giao bản giấy thì người nhận ký nhận."),
    "return_to": gettext_lazy("Không thuộc trách nhiệm thì chuyển trả %(value)s."),
    "return_reason": gettext_lazy("Chuyển trả phải ghi rõ lý do."),
    "opinion": gettext_lazy("Văn bản lấy góp ý thì ghi thêm ý kiến giải quyết."),
    "finish": gettext_lazy("Văn bản chỉ để biết, không cần xử lý tiếp thì bấm “Kết thúc”."),
    "share": gettext_lazy("Muốn người khác cùng xem thì bấm “Thông báo”."),
    "deadline_in_document": gettext_lazy("Văn bản đã ghi ngày xử lý thì theo ngày ấy."),
    "reminding": gettext_lazy("Hệ thống nhắc việc sắp đến hạn."),
    "lateness_counts": gettext_lazy(
        "Quá hạn không có lý do chính đáng thì tính vào đánh giá mức độ hoàn thành công việc."
    ),
    "head_urges": gettext_lazy("Người phụ trách đơn vị đôn đốc người của mình."),
    "extension_decider": gettext_lazy("Việc khó thì xin gia hạn, %(value)s quyết định."),
    "urge": gettext_lazy("Người phụ trách theo dõi, đôn đốc việc giải quyết văn bản."),
    "watcher": gettext_lazy("Có người được phân công thường xuyên theo dõi, đôn đốc."),
    "backlog_watcher": gettext_lazy("%(value)s theo dõi tiến độ, không để tồn đọng văn bản."),
    "deputy_follows": gettext_lazy("Cấp phó đôn đốc, theo dõi việc thuộc lĩnh vực được phân công."),
    "directive_binding": gettext_lazy("Chỉ đạo qua hệ thống là mệnh lệnh hành chính."),
    "charset": gettext_lazy("Chữ Việt theo bộ mã %(value)s."),
    "account_form": gettext_lazy("Tài khoản có dạng %(value)s."),
    "account_order": gettext_lazy("Tên tài khoản ghép %(value)s."),
    "agency_path": gettext_lazy("Đường dẫn của cơ quan viết liền, không dấu, không gạch nối."),
    "daily_visits": gettext_lazy(
        "Mỗi ngày làm việc vào hệ thống ít nhất %(value)s lần để nhận việc."
    ),
    "first_password_change": gettext_lazy("Phải đổi mật khẩu mặc định khi đăng nhập lần đầu."),
}
_BAC_GIANG, _CAN_THO = "04/2014/QĐ-UBND", "1637/QĐ-UBND"
# Where the article of a decision says it otherwise than the sentence above, in its own words; None
# where it says nothing of the kind: the office works so by our reading, and nothing is quoted.
_OWN_WORDS: dict[tuple[str, str], Promise | None] = {
    ("submission_receiver", _BAC_GIANG): None,
    ("submission_receiver_member", _BAC_GIANG): gettext_lazy(
        "%(value)s nhận văn bản đến, công việc trên phần mềm."
    ),
    ("distributor", _BAC_GIANG): gettext_lazy(
        "%(value)s phân văn bản cho nơi chủ trì xử lý, theo chỉ đạo của Chủ tịch."
    ),
    ("distributor_member", _BAC_GIANG): gettext_lazy(
        "%(value)s trực tiếp xử lý hoặc chuyển cho cấp phó, chuyên viên xử lý."
    ),
    ("proposer", _BAC_GIANG): None,
    ("decider", _BAC_GIANG): gettext_lazy("%(value)s chỉ đạo việc phân văn bản."),
    ("watcher", _BAC_GIANG): gettext_lazy(
        "Mỗi đơn vị phân công người thường xuyên theo dõi việc thực hiện phần mềm."
    ),
    ("backlog_watcher", _BAC_GIANG): gettext_lazy(
        "Văn phòng theo dõi, tổng hợp kết quả giải quyết công văn, xử lý hồ sơ công việc."
    ),
    ("arrival_numbers", _CAN_THO): gettext_lazy(
        "Số của một văn bản đến là duy nhất trong hệ thống của cơ quan."
    ),
    ("reception_check", _CAN_THO): gettext_lazy(
        "Văn bản đến được kiểm tra trước khi tiếp nhận; không bảo đảm thì phản hồi để nơi gửi biết."
    ),
}


def _words_of(key: str, article: str) -> Promise | None:
    """What that article says of a key."""
    for (known, decision), words in _OWN_WORDS.items():
        if known == key and article.endswith(f" {decision}"):
            return words
    return POLICIES[key]


_ONLY_MEMBER = ("submission_receiver_member", "distributor_member")
_NOT_MEMBER = (
    "submission_receiver",
    "distributor",
    "proposer",
    "direction_returns_to",
    "clerk_forwards",
    "leader_gives_out",
    "return_to",
    "scan_pages",
    "paper_receipt",
)
_WORDS: dict[str, dict[str, Promise]] = {
    "field_numbering": {
        "nd30": gettext_lazy("Phụ lục VI Nghị định 30/2020/NĐ-CP"),
        "tt01": gettext_lazy("Phụ lục IV Thông tư 01/2019/TT-BNV"),
    },
    "account_order": {
        "initials_first": gettext_lazy("chữ cái đầu của họ, đệm trước, tên sau"),
        "given_first": gettext_lazy("tên trước, chữ cái đầu của họ, đệm sau"),
    },
    "dossier_opener": {
        "office": gettext_lazy("lãnh đạo hoặc Chánh Văn phòng"),
        "handler": gettext_lazy("người giải quyết công việc"),
    },
    "dossier_closer": {
        "leader": gettext_lazy("lãnh đạo"),
        "handler": gettext_lazy("người giải quyết công việc"),
    },
}


@dataclass(frozen=True)
class Policy:
    """A rule of the agency in words, and its article."""

    words: str
    article: Cited


def policies(actor: Actor) -> list[Policy]:
    """What the agency's regulation demands, in the order of the work."""
    regulation = actor.agency.regulation
    hidden = _NOT_MEMBER if actor.agency.is_member else _ONLY_MEMBER
    found = []
    for key in POLICIES:
        provision = getattr(regulation, key)
        if provision is None or provision.value is False or key in hidden:
            continue
        words = _words_of(key, provision.article)
        if words is None:
            continue
        value = {"value": _value_in_words(actor, key, provision.value)}
        sentence = str(words) % value
        sentence = sentence[:1].upper() + sentence[1:]
        found.append(Policy(sentence, cite(provision.article, regulation)))
    return found


def _value_in_words(actor: Actor, key: str, value: Any) -> str:
    if key == "register_fields":
        names = [str(field_label(name)) for name in value]
        return ", ".join(name[:1].lower() + name[1:] for name in names)
    if key in _WORDS:
        return str(_WORDS[key][value])
    if isinstance(value, tuple):
        return ", ".join(value)
    return actor.agency.title_of(value) if value in Role.values else str(value)


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
