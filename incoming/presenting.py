"""One document as a page shows it: the trail in words, the tree of assignments, the verbs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from accounts.actor import Actor, Rule
from accounts.choices import WHOLE_AGENCY
from accounts.models import Post, User
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import asked, viewing
from documents.calendar import office_calendar
from documents.catalogue import field_label, field_number
from documents.choices import AssignmentRole
from documents.gate import CLEARED, WORDS
from documents.models import Attachment, DocumentAct, QuarantinedFile
from documents.previews import clearing_of
from incoming import papers, rules
from incoming.actions import lines_of
from incoming.choices import State, Verb
from incoming.models import IncomingDocument
from incoming.proposed import in_words
from signatures.choices import Copy

# In the order of the buttons; the first that may be done now is the page's one primary button.
VERBS: tuple[tuple[Verb, Rule], ...] = (
    (Verb.CANCEL, rules.may_cancel),
    (Verb.KEEP, rules.may_keep),
    (Verb.SUBMIT, rules.may_submit),
    (Verb.DIRECT, rules.may_direct),
    (Verb.DECIDE_EXTENSION, rules.may_decide_extension),
    (Verb.GIVE_OPINION, rules.may_give_opinion),
    (Verb.DISTRIBUTE, rules.may_distribute),
    (Verb.PROPOSE, rules.may_propose),
    (Verb.ASSIGN, rules.may_assign),
    (Verb.FINISH, rules.may_finish),
    (Verb.PROGRESS, rules.may_progress),
    (Verb.COMMENT, rules.may_comment),
    (Verb.REQUEST_EXTENSION, rules.may_request_extension),
    (Verb.ASK_OPINION, rules.may_ask_opinion),
    (Verb.WITHDRAW_OPINION, rules.may_withdraw_opinion),
    (Verb.URGE, rules.may_urge),
    (Verb.TAKE_BACK, rules.may_take_back),
    (Verb.SEND_BACK, rules.may_send_back),
    (Verb.SHARE, rules.may_share),
    (Verb.CORRECT, rules.may_correct),
    (Verb.RECALL, rules.may_recall),
    (Verb.REOPEN, rules.may_reopen),
    (Verb.PURGE, rules.may_purge),
)
STAMP_ROOM = 50  # letters of a place in two lines of the stamp
_SECOND = {
    Verb.KEEP,
    Verb.COMMENT,
    Verb.SHARE,
    Verb.CORRECT,
    Verb.PROGRESS,
    Verb.PURGE,
    Verb.REQUEST_EXTENSION,
    Verb.ASK_OPINION,
    Verb.WITHDRAW_OPINION,
    Verb.URGE,
    Verb.RECALL,
    Verb.TAKE_BACK,
}

_ONLY_WHEN_DONE = {Verb.REOPEN, Verb.CORRECT, Verb.DIRECT, Verb.COMMENT, Verb.PURGE}
# Where the document has moved on these would only be noise.
_QUIET = {
    Verb.CANCEL,
    Verb.KEEP,
    Verb.DECIDE_EXTENSION,
    Verb.GIVE_OPINION,
    Verb.REQUEST_EXTENSION,
    Verb.ASK_OPINION,
    Verb.WITHDRAW_OPINION,
    Verb.URGE,
    Verb.TAKE_BACK,
}


@dataclass(frozen=True)
class VerbButton:
    """A verb on the page: pressed, or dashed with its reason."""

    verb: Verb
    label: str
    url: str
    refusal: Refusal | None
    is_primary: bool
    is_current: bool
    # For whom it is done, when by delegation.
    on_behalf: str = ""

    @property
    def why_id(self) -> str:
        """What ties the reason to the button."""
        return f"why-{self.verb.value}"


@dataclass(frozen=True)
class ActLine:
    """One step of the trail in words."""

    verb_label: str
    who: str
    post: str
    on_behalf: str
    at: datetime
    text: str
    addressed_text: str
    article: str
    # What was proposed or agreed to beside the words: "Chủ trì: …; Phối hợp: …; Hạn: …".
    lines_text: str = ""


def verb_buttons(actor: Actor, document: IncomingDocument, current: str = "") -> list[VerbButton]:
    """The verbs of this person's post on this document; those of other posts are absent.

    A verb that an earlier or later step would allow stands there dashed, with the reason.
    """
    slug, buttons, primary = actor.agency.slug, [], False
    if document.state == State.VOID:
        return []  # nothing is left to do anything with
    for verb, rule in VERBS:
        refusal, acting = rule.answer(actor, document)
        if isinstance(refusal, NotYours):
            continue
        if refusal is not None and verb in _ONLY_WHEN_DONE:
            continue  # these belong to one state; elsewhere they would only be noise
        if refusal is not None and verb == Verb.SUBMIT and document.state != State.REGISTERED:
            continue  # it was submitted long ago
        if isinstance(refusal, Stale) and verb in _QUIET:
            continue
        if refusal is not None and _is_over(verb, document):
            continue
        first = refusal is None and not primary and verb not in _SECOND
        primary = primary or first
        page = reverse("incoming:detail", args=[slug, document.pk])
        url = (
            reverse("incoming:correct", args=[slug, document.pk])
            if verb == Verb.CORRECT
            else f"{page}?do={verb.value}#work"
        )
        buttons.append(
            VerbButton(
                verb,
                str(verb.label),
                url,
                refusal,
                first,
                verb.value == current,
                acting.principal.full_name if acting.acting_for else "",
            )
        )
    return buttons


def _is_over(verb: Verb, document: IncomingDocument) -> bool:
    """True for a refused verb whose moment is long past: its reason would only be noise."""
    if verb == Verb.RECALL:
        act = document.last_given_out if document.state == State.IN_PROCESS else None
        return act is None or timezone.localtime(act.at).date() != clock.today()
    # Whoever had the work before it was recalled reads so once.
    return verb in (Verb.PROGRESS, Verb.FINISH) and document.state != State.IN_PROCESS


def _reached(act: DocumentAct, what: str) -> list[int]:
    """Keys of those whom it reached, and of those from whom it took what they had."""
    if act.verb == Verb.FOLLOW:
        return []  # himself
    return [*act.addressed.get(what, []), *act.detail.get("taken", {}).get(what, [])]


def trail(acts: Iterable[DocumentAct], *, numbers: bool = False) -> list[ActLine]:
    """Acts in words, newest first; ``numbers``: also those of other documents."""
    rows = list(acts)
    users = User.objects.in_bulk({pk for act in rows for pk in _reached(act, "users")})
    groups = {pk for act in rows for pk in _reached(act, "groups")}
    posts = (
        {
            post.group_id: post
            for post in Post.objects.filter(group__in=groups).select_related("unit__agency__parent")
        }
        if groups
        else {}
    )
    lines, given = [], lines_of(rows)
    for act in reversed(rows):
        names = [
            # A unit is addressed by its name, an office of the whole agency by its post.
            posts[pk].unit.agency.title_of(posts[pk].role)
            if posts[pk].role in WHOLE_AGENCY
            else posts[pk].unit.name
            for pk in _reached(act, "groups")
            if pk in posts
        ]
        names += [users[pk].full_name for pk in _reached(act, "users") if pk in users]
        words = getattr(act, "words", None)
        lines.append(
            ActLine(
                verb_label=verb_words(act),
                who=act.actor.full_name,
                post=act.title,
                on_behalf=behalf(act),
                at=act.at,
                text="\n".join(
                    filter(None, (*decided(act, numbers=numbers), words.text if words else ""))
                ),
                addressed_text=", ".join(dict.fromkeys(names)),
                article=act.article,
                lines_text=in_words(given.get(act.pk, [])),
            )
        )
    return lines


def decided(act: DocumentAct, *, numbers: bool = False) -> list[str]:
    """What was looked at and decided when a document was entered, in words."""
    said = []
    marks = [*act.detail.get("marks", []), *act.detail.get("words", [])]
    found = [str(WORDS[mark]) for mark in dict.fromkeys(marks) if mark in WORDS]
    if found and act.detail.get("gate") == CLEARED:
        said.append(
            _("Đã xem %(what)s: đã được cho công bố công khai.") % {"what": ", ".join(found)}
        )
    elif found:
        said.append(_("Đã xem %(what)s: không thuộc diện cấm.") % {"what": ", ".join(found)})
    elif act.detail.get("gate") == CLEARED:
        said.append(_("Văn bản giải quyết đơn thư đã được cho công bố công khai."))
    if twins := act.detail.get("twins"):
        others = ", ".join(str(one["number"]) for one in twins)
        # Whoever sees this document only does not learn which others there are.
        said.append(
            _("Đã đối chiếu với số đến %(numbers)s, vẫn đăng ký.") % {"numbers": others}
            if numbers
            else _("Đã đối chiếu với văn bản trùng, vẫn đăng ký.")
        )
    if annexes := act.detail.get("annexes"):
        said.append(
            _("Đã biết văn bản nêu %(what)s mà chưa thấy trong tệp, vẫn đăng ký.")
            % {"what": annex_words(annexes)}
        )
    if act.detail.get("unsigned"):
        said.append(_("Đã biết tệp chưa ký số, vẫn đăng ký."))
    return said


_ENCLOSED = {
    "annex": gettext_lazy("phụ lục kèm theo"),
    "list": gettext_lazy("danh sách kèm theo"),
    "table": gettext_lazy("biểu kèm theo"),
    "form": gettext_lazy("mẫu kèm theo"),
    "other": gettext_lazy("tài liệu kèm theo"),
}


def annex_words(codes: Iterable[str]) -> str:
    """ "Phụ lục 1, 2, danh sách kèm theo": annexes by the codes of documents.annexes."""
    codes = list(codes)
    numbers = ", ".join(one for one in codes if one not in _ENCLOSED)
    said = [_("Phụ lục %(numbers)s") % {"numbers": numbers}] if numbers else []
    return ", ".join([*said, *(str(_ENCLOSED[one]) for one in codes if one in _ENCLOSED)])


def behalf(act: DocumentAct) -> str:
    """For whom it was done, when by delegation (Bắc Giang Điều 5.3d, Kon Tum Điều 13.1)."""
    other = act.on_behalf_of
    if other is None:
        return ""
    return _("thay %(title)s %(name)s, theo ủy quyền") % {
        "title": other.title,
        "name": other.user.full_name,
    }


# In the trail a verb tells what was done to whom, on a button what to do.
_TRAIL = {
    Verb.SUBMIT: pgettext_lazy("trail", "trình"),
    Verb.PROPOSE: pgettext_lazy("trail", "đề xuất, trình"),
    Verb.DIRECT: pgettext_lazy("trail", "cho ý kiến chỉ đạo, chuyển"),
    Verb.DISTRIBUTE: pgettext_lazy("trail", "phân phối đến"),
    Verb.ASSIGN: pgettext_lazy("trail", "giao việc cho"),
    Verb.TAKE_BACK: pgettext_lazy("trail", "thu hồi phần việc của"),
    Verb.SEND_BACK: pgettext_lazy("trail", "chuyển trả"),
    Verb.COMMENT: pgettext_lazy("trail", "cho ý kiến"),
    Verb.FINISH: pgettext_lazy("trail", "kết thúc, báo"),
    Verb.REOPEN: pgettext_lazy("trail", "mở lại, giao"),
    Verb.SHARE: pgettext_lazy("trail", "thông báo đến"),
    Verb.FORWARD: pgettext_lazy("trail", "chuyển theo ý kiến chỉ đạo đến"),
    Verb.ASK_OPINION: pgettext_lazy("trail", "xin ý kiến của"),
    Verb.WITHDRAW_OPINION: pgettext_lazy("trail", "thôi xin ý kiến của"),
    Verb.RECALL: pgettext_lazy("trail", "thu hồi việc đã giao"),
}
_ALONE = {
    Verb.FINISH: pgettext_lazy("trail", "kết thúc"),
    Verb.DIRECT: pgettext_lazy("trail", "cho ý kiến chỉ đạo"),
}


def verb_words(act: DocumentAct) -> str:
    """What was done, as the trail says it."""
    verb = Verb(act.verb)
    if about_paper := papers.act_words(act):
        return about_paper
    told = any(act.addressed.get(key) for key in ("users", "groups"))
    words = _TRAIL.get(verb) if told else _ALONE.get(verb, _TRAIL.get(verb))
    label = str(words or str(verb.label).lower())
    if act.verb == Verb.RECALL and act.from_state == State.PROPOSED:
        return _("rút lại việc trình lãnh đạo")
    if act.verb == Verb.REGISTER and act.detail.get("annex_pages"):
        return _("đăng ký số đến %(number)s; phụ lục giấy, %(annex_pages)s trang, không quét") % (
            act.detail
        )
    if act.verb == Verb.REGISTER:
        return _("đăng ký số đến %(number)s") % {"number": act.detail.get("number", "")}
    if act.verb == Verb.PURGE:
        day = date.fromisoformat(act.detail["decision_date"])
        facts = {"number": act.detail["decision_number"], "day": f"{day:%d/%m/%Y}"}
        if held := act.detail.get("held"):
            return _(
                "gỡ văn bản theo quyết định số %(number)s ngày %(day)s (nội dung còn ở "
                "%(copies)d bản sao, %(replies)d văn bản trả lời), báo"
            ) % (facts | held)
        return _("gỡ văn bản theo quyết định số %(number)s ngày %(day)s, báo") % facts
    if act.verb == Verb.COPY:
        return f"{label}: {str(Copy(act.detail['kind']).label).lower()}"
    return asked.act_words(act) or label


def due(document: IncomingDocument) -> dict[str, Any]:
    """The document's deadline for parts/due.html."""
    calendar, today = office_calendar(), clock.today()
    day = document.due_date
    running = document.state not in (State.FINISHED, State.REFUSED, State.VOID)
    return {
        "date": day,
        "distance": calendar.distance(today, day) if running else "",
        "late": running and calendar.is_late(today, day),
        "today": running and day is not None and calendar.closing_day(day) == today,
    }


def viewer(
    document: IncomingDocument,
    file: Attachment | QuarantinedFile,
    page: int,
    *,
    base_url: str,
    zoom: bool = False,
) -> dict[str, Any]:
    """What parts/viewer.html needs for one page of a file; links keep ``base_url``'s query."""
    at = [document.agency.slug, document.pk, file.ordinal]
    return viewing.viewer(
        file,
        page,
        base_url=base_url,
        image_url=reverse("incoming:page", args=[*at, 1]),
        download_url=reverse("incoming:file", args=at),
        zoom=zoom,
    )


@dataclass(frozen=True)
class DataLine:
    """One national field with its number in the regulation's numbering."""

    name: str
    label: str
    number: str
    value: str
    is_wide: bool = False


_SHOWN = (
    "file_notation",
    "arrival_number",
    "arrival_date",
    "code_number",
    "issued_date",
    "type_name",
    "priority",
    "signer_full_name",
    "page_amount",
    "language",
    "due_date",
    "organ_name",
    "to_places",
    "description",
)
_WIDE = frozenset({"organ_name", "to_places", "description"})


def national_fields(
    actor: Actor, document: IncomingDocument, *, notation: str = ""
) -> list[DataLine]:
    """The document's data under the national names and numbers; empty ones are left out.

    ``notation``: of the dossiers in which it lies, as far as the reader sees them (Cần Thơ
    Điều 8.2).
    """
    numbering = actor.agency.regulation.field_numbering.value
    signer = ", ".join(
        part for part in (document.signer_full_name, document.signer_position) if part
    )
    special: dict[str, Any] = {
        "file_notation": notation,
        "code_number": document.code,
        "signer_full_name": signer,
        "priority": document.get_priority_display(),
        "type_name": gettext(document.type_name) if document.type_name else "",
        "language": gettext(document.language) if document.language else "",
    }
    labels = {"code_number": _("Số, ký hiệu"), "signer_full_name": _("Người ký")}
    lines = []
    for name in _SHOWN:
        value = special[name] if name in special else getattr(document, name)
        if isinstance(value, date):
            value = value.strftime("%d/%m/%Y")
        if value:
            lines.append(
                DataLine(
                    name,
                    labels.get(name) or str(field_label(name)),
                    field_number(name, numbering),
                    str(value),
                    name in _WIDE,
                )
            )
    return lines


def arrival_stamp(
    document: IncomingDocument, notation: str = "", on: Attachment | None = None
) -> dict[str, Any] | None:
    """The ĐẾN stamp as an overlay; it is never written into the file (NĐ 30 Phụ lục IV).

    ``notation``: of the dossiers in which its reader finds it ("Số và ký hiệu HS"). ``on``: the
    file whose first page it covers as little of as it can.
    """
    if document.arrival_number is None:
        return None
    left, top = (clearing_of(on.file) if on else None) or ("", "")
    return {
        "agency_name": document.agency.name,
        "number": document.arrival_number,
        "date": document.arrival_date,
        "to": _stamped_place(document),
        "file_code": notation,
        "left": left,
        "top": top,
    }


def _stamped_place(document: IncomingDocument) -> str:
    """The first place of field 17; a unit whose name has no room in the stamp by its short one."""
    place = document.to_places.split(";")[0]
    if len(place) <= STAMP_ROOM:
        return place
    units = (one.unit for one in document.all_assignments)
    return next((unit.short_name for unit in units if unit.name == place), place)


_ACTIVE = {
    "javascript": gettext_lazy("mã JavaScript"),
    "launch": gettext_lazy("lệnh mở chương trình"),
    "submit": gettext_lazy("lệnh gửi dữ liệu"),
    "embedded_files": gettext_lazy("tệp nhúng"),
    "xfa": gettext_lazy("biểu mẫu XFA"),
    "portfolio": gettext_lazy("tập hợp tệp"),
    "open_action": gettext_lazy("lệnh chạy khi mở"),
}


def active_content(inspection: dict[str, Any] | None) -> str:
    """What in a file could act on the reader's machine, in words; "" for nothing."""
    found = (inspection or {}).get("active", [])
    return ", ".join(str(_ACTIVE.get(one, one)) for one in found)


def still_open(actor: Actor, document: IncomingDocument) -> list[str]:
    """Those who have not ended their part when the document is about to be finished."""
    mine = rules.my_assignment(rules.may_finish.answer(actor, document)[1], document)
    return [
        str(one.person or one.unit)
        for one in document.all_assignments
        if one.is_open and one.role != AssignmentRole.INFORM and one is not mine
    ]
