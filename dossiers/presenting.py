"""A dossier as its page shows it: the story of its items, its trail, its data, its verbs."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import Actor, Rule
from core import clock
from core.errors import NotYours, Refusal, Stale
from documents import viewing
from documents.calendar import office_calendar
from documents.choices import AssignmentRole
from documents.models import Assignment, Opinion
from documents.rules import my_assignment
from dossiers import rules
from dossiers.above import KINDS
from dossiers.choices import RUNNING, State, Verb
from dossiers.models import Dossier, Item
from dossiers.trail import ActLine

# Lines of a page: of the list of contents, and of the story, whose lines are longer.
SIZE, STORY_SIZE = 50, 20

# In the order of the buttons; the first that may be done now is the page's one primary button.
VERBS: tuple[tuple[Verb, Rule], ...] = (
    (Verb.CLOSE, rules.may_close),
    *(
        (verb, rules.OF_WORK[verb])
        for verb in (
            Verb.ANSWER_PROPOSAL,
            Verb.DECIDE_EXTENSION,
            Verb.GIVE_OPINION,
            Verb.GIVE_OUT,
            Verb.ASSIGN,
        )
    ),
    (Verb.COMPLETE, rules.may_complete),
    (Verb.FINISH, rules.OF_WORK[Verb.FINISH]),
    (Verb.ADD_ITEM, rules.may_file),
    *(
        (verb, rules.OF_WORK[verb])
        for verb in (
            Verb.PROGRESS,
            Verb.PROPOSE_COORDINATORS,
            Verb.ASK_OPINION,
            Verb.REQUEST_EXTENSION,
            Verb.COMMENT,
            Verb.WITHDRAW_OPINION,
            Verb.URGE,
            Verb.TAKE_BACK,
            Verb.SHARE,
        )
    ),
    (Verb.GROW, rules.may_grow),
    (Verb.SEND_BACK, rules.may_send_back),
    (Verb.CORRECT, rules.may_correct),
    (Verb.REOPEN, rules.may_reopen),
)
_FIRST = frozenset(
    {
        Verb.CLOSE,
        Verb.ANSWER_PROPOSAL,
        Verb.DECIDE_EXTENSION,
        Verb.GIVE_OPINION,
        Verb.GIVE_OUT,
        Verb.ASSIGN,
        Verb.COMPLETE,
        Verb.FINISH,
    }
)
# Of what may not be done now, and is one's own, only these say why.
_EXPLAINED = frozenset({Verb.COMPLETE, Verb.FINISH, Verb.REQUEST_EXTENSION})


@dataclass(frozen=True)
class VerbButton:
    """A verb on the page: pressed, or dashed with its reason."""

    verb: Verb
    label: str
    url: str
    refusal: Refusal | None
    is_primary: bool
    on_behalf: str = ""

    @property
    def why_id(self) -> str:
        """What ties the reason to the button."""
        return f"why-{self.verb.value}"


@dataclass(frozen=True)
class ItemLine:
    """One thing in a dossier: what it is, where it opens, what was said and done about it."""

    pk: int
    place: int
    on: date
    title: str
    url: str
    facts: list[str]
    note: str
    is_file: bool
    is_download: bool  # no pages can be shown of it
    is_opinion: bool
    is_issued: bool
    added_by: str
    acts: list[ActLine] = field(default_factory=list)


@dataclass(frozen=True)
class DataLine:
    """One national field with its number (TT 01/2019 Phụ lục VI; the same in NĐ 30/2020)."""

    label: str
    number: str
    value: str
    is_wide: bool = False


def verb_buttons(actor: Actor, dossier: Dossier) -> list[VerbButton]:
    """The verbs of this person on this dossier that its state allows; the others are absent."""
    buttons, primary = [], False
    for verb, rule in VERBS:
        refusal, acting = rule.answer(actor, dossier)
        if isinstance(refusal, NotYours) or (refusal and not _says_why(verb, dossier, refusal)):
            continue
        mine = my_assignment(acting, dossier)
        if verb == Verb.FINISH and mine is not None and _leads_all(mine):
            continue  # whoever leads it all completes it
        first = refusal is None and not primary and _comes_first(verb, dossier, mine)
        primary = primary or first
        url = reverse("dossiers:dossier_verb", args=[actor.agency.slug, dossier.pk, verb.value])
        behalf = acting.principal.full_name if acting.acting_for else ""
        buttons.append(VerbButton(verb, verb_label(verb, dossier), url, refusal, first, behalf))
    return buttons


def verb_label(verb: Verb, dossier: Dossier) -> str:
    """The button's words: a task is ended, a dossier closed; work is given once, then added to."""
    if dossier.is_task and verb == Verb.CLOSE:
        return _("Kết thúc việc")
    if dossier.is_task and verb == Verb.COMPLETE:
        return _("Báo cáo kết quả")
    if verb == Verb.GIVE_OUT and dossier.is_led:
        return _("Giao thêm")
    return str(verb.label)


def _says_why(verb: Verb, dossier: Dossier, refusal: Refusal) -> bool:
    """Of what is over, or not yet, only the closing says why; of one's own work what it lacks."""
    if verb == Verb.CLOSE:
        return dossier.state in RUNNING
    return verb in _EXPLAINED and not isinstance(refusal, Stale)


def _leads_all(one: Assignment) -> bool:
    return one.role == AssignmentRole.LEAD and one.parent_id is None


def _comes_first(verb: Verb, dossier: Dossier, mine: Assignment | None) -> bool:
    """True for what is asked next, and not only allowed as well."""
    if verb == Verb.GIVE_OUT:
        return not dossier.is_led
    if verb == Verb.ASSIGN:
        # He keeps his own work, and what has been given on is not given once more.
        return mine is not None and not (
            mine.person_id or any(one.parent_id == mine.pk for one in dossier.all_assignments)
        )
    return verb in _FIRST


def item_line(
    actor: Actor, dossier: Dossier, item: Item, acts: list[ActLine], *, place: int
) -> ItemLine:
    """One line of the story or of the list of contents; ``place`` among those that he sees."""
    slug, document, file = actor.agency.slug, item.document, item.attachment
    url, title, facts = "", "", []
    if document is not None:
        above = KINDS.get(document.kind)
        url = above.url(slug, document.pk) if above else ""
        title = document.subject
        facts = [
            _(document.type_name) if document.type_name else "",
            document.code,
            f"{document.issued_date:%d/%m/%Y}" if document.issued_date else "",
            document.organ_name,
        ]
    elif file is not None:
        pages = viewing.pages_of(file)
        name = "dossier_pages" if pages else "dossier_file"
        url = reverse(f"dossiers:{name}", args=[slug, dossier.pk, file.ordinal])
        title = file.file_name
        if pages:
            facts = [ngettext("%(count)d trang", "%(count)d trang", pages) % {"count": pages}]
    elif item.opinion is not None:
        url, title, facts = _opinion(slug, dossier, item.opinion)
    else:
        title = _("Ghi chép")
    return ItemLine(
        pk=item.pk,
        place=place,
        on=item.on or timezone.localtime(item.added_at).date(),
        title=title,
        url=url,
        facts=[one for one in facts if one],
        note=item.opinion.text if item.opinion else item.text,
        is_file=file is not None,
        is_download=file is not None and not viewing.pages_of(file),
        is_opinion=item.opinion is not None,
        is_issued=item.pk == dossier.issued_id,
        added_by=item.added_by.user.full_name,
        acts=acts,
    )


def _opinion(slug: str, dossier: Dossier, given: Opinion) -> tuple[str, str, list[str]]:
    """Where it is read, what it is called, and whose: "Phòng Tài chính, Lê Thị B"."""
    about = given.document
    above = KINDS.get(about.kind)
    url = above.url(slug, about.pk) if above else dossier.get_absolute_url()
    title = _("Ý kiến: %(stance)s") % {"stance": given.get_stance_display()}
    by = given.answered_by.user.full_name if given.answered_by else ""
    who = str(given.person or given.unit)
    facts = [who, by if by != who else "", f"{timezone.localtime(given.answered_at):%d/%m/%Y}"]
    if about.pk != dossier.pk:
        facts.append(_("về %(subject)s") % {"subject": about.code or about.subject[:90]})
    return url, title, facts


# Number, label and column of each national field.
FIELDS = (
    ("1", gettext_lazy("Mã hồ sơ"), "file_code"),
    ("1.3", gettext_lazy("Số và ký hiệu hồ sơ"), "code_notation"),
    ("3", gettext_lazy("Thời hạn bảo quản"), "maintenance"),
    ("4", gettext_lazy("Chế độ sử dụng"), "rights"),
    ("5", gettext_lazy("Người lập hồ sơ"), "creator"),
    ("6", gettext_lazy("Ngôn ngữ"), "language"),
    ("7", gettext_lazy("Thời gian bắt đầu"), "day"),
    ("8", gettext_lazy("Thời gian kết thúc"), "end_date"),
)
_WIDE = frozenset({"file_code"})


def data(dossier: Dossier, documents: int, pages: int, *, partly: bool) -> list[DataLine]:
    """The national fields; ``partly``: these totals are of what the reader sees, and say so."""
    lines = []
    for number, label, name in FIELDS:
        value = getattr(dossier, name)
        if isinstance(value, date):
            value = f"{value:%d/%m/%Y}"
        if value:
            lines.append(DataLine(str(label), number, str(value), name in _WIDE))
    papers = _("Tổng số văn bản được xem") if partly else _("Tổng số văn bản trong hồ sơ")
    leaves = _("Tổng số trang được xem") if partly else _("Tổng số trang của hồ sơ")
    lines.append(DataLine(papers, "9", str(documents)))
    lines.append(DataLine(leaves, "10", str(pages)))
    if dossier.description:
        lines.append(DataLine(_("Ghi chú"), "11", dossier.description, is_wide=True))
    return lines


def due(dossier: Dossier) -> dict[str, Any]:
    """The deadline for parts/due.html."""
    calendar, today = office_calendar(), clock.today()
    running = dossier.state in RUNNING
    day = dossier.due_date
    return {
        "date": day,
        "distance": calendar.distance(today, day) if running else "",
        "late": running and calendar.is_late(today, day),
        "today": running and day is not None and calendar.closing_day(day) == today,
    }


def status_kind(state: str) -> str:
    """The ring of parts/status.html."""
    return {
        State.OPENED: "new",
        State.IN_PROCESS: "doing",
        State.COMPLETED: "review",
        State.CLOSED: "done",
    }.get(State(state), "new")


def tells_hidden(actor: Actor) -> bool:
    """True where the regulation lets it be known that something lies there unseen.

    None of the five regulations says so: by default a hidden document shows as nothing, for its
    mere existence may tell of what it is about. An agency's own regulation may say otherwise.
    """
    return actor.agency.regulation.hidden_items is not None
