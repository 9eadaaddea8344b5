"""Việc của tôi: what waits for a person, and in which order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Sum,
    TextChoices,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import Actor
from accounts.models import User
from core import clock
from core.templatetags.ui import nbsp_code
from documents.addresses import address_of
from documents.calendar import office_calendar
from documents.choices import AssignmentRole, Kind, Outcome, UrgeLevel
from documents.models import (
    Assignment,
    Document,
    DocumentAct,
    Extension,
    Opinion,
    QuarantinedFile,
    Waiting,
)
from documents.workdays import WorkCalendar
from dossiers import choices as dossiers
from incoming.choices import Task, Verb
from outgoing import choices as outgoing

SIZE = 50
_WORDS = 110
# Acts that say nothing to whoever is asked.
_WORDLESS = (Verb.READ, Verb.SHARE, Verb.CORRECT, Verb.RECEIVE, Verb.REGISTER, Verb.FOLLOW)
_WORK = (AssignmentRole.LEAD, AssignmentRole.COORDINATE)
# Who speaks, what, and the later day that was asked for.
Words = tuple[str, str, date | None]
# What a waiting row asks for, in the words of the document's kind.
_TASKS: dict[str, type[TextChoices]] = {
    Kind.INCOMING: Task,
    Kind.DOSSIER: dossiers.Task,
    Kind.OUTGOING: outgoing.Task,
}
# Where a task is done: the verb whose form the document's page opens.
_DO: dict[str, str] = {
    Task.SUBMIT: Verb.SUBMIT,
    Task.DISTRIBUTE: Verb.DISTRIBUTE,
    Task.DIRECT: Verb.DIRECT,
    Task.ASSIGN: Verb.ASSIGN,
    Task.PROCESS: Verb.FINISH,
    Task.CONCLUDE: Verb.FINISH,
    Task.DECIDE: Verb.DECIDE_EXTENSION,
    Task.CANCEL: Verb.CANCEL,
    Task.PUT_ANEW: Verb.RECALL,
    Task.GIVE_ANEW: Verb.TAKE_BACK,
    Task.OPINION: Verb.GIVE_OPINION,
}
# The same of a dossier; what is not here is done on its page.
_OF_DOSSIER: dict[str, str] = {
    dossiers.Task.GIVE_OUT: dossiers.Verb.GIVE_OUT,
    dossiers.Task.ASSIGN: dossiers.Verb.ASSIGN,
    dossiers.Task.CONCLUDE: dossiers.Verb.COMPLETE,
    dossiers.Task.DECIDE: dossiers.Verb.DECIDE_EXTENSION,
    dossiers.Task.OPINION: dossiers.Verb.GIVE_OPINION,
    dossiers.Task.GIVE_ANEW: dossiers.Verb.TAKE_BACK,
    dossiers.Task.ANSWER: dossiers.Verb.ANSWER_PROPOSAL,
    dossiers.Task.CLOSE: dossiers.Verb.CLOSE,
}
_GROUPS = (
    ("urged", gettext_lazy("Đang bị đôn đốc")),
    ("urgent", gettext_lazy("Khẩn, làm ngay")),
    ("late", gettext_lazy("Quá hạn")),
    ("today", gettext_lazy("Hạn hôm nay")),
    ("week", gettext_lazy("Trong tuần này")),
    ("later", gettext_lazy("Sau đó")),
    ("none", gettext_lazy("Không hạn")),
)


@dataclass(frozen=True)
class Item:
    """One line of what waits for me, as parts/work_item.html draws it."""

    url: str
    verb_url: str
    verb_label: str
    subject: str
    priority: int
    due_date: date | None
    distance: str
    is_late: bool
    is_today: bool
    is_read: bool
    meta: SafeString
    quote: str
    # Whose work it is, when not one's own (by delegation).
    on_behalf: str = ""
    urged: str = ""
    is_asked: bool = False
    # What the reader himself waits for here: a later day, opinions.
    awaits: str = ""


@dataclass(frozen=True)
class Group:
    """Lines that are due alike."""

    code: str
    label: str
    items: list[Item]


@dataclass(frozen=True)
class Counters:
    """Exact numbers, whatever the page shows."""

    late: int = 0
    today: int = 0
    week: int = 0
    all: int = 0
    tray: int = 0

    @property
    def due(self) -> int:
        """What should be done by tonight; without any, everything."""
        return self.late + self.today or self.all


@dataclass(frozen=True)
class Work:
    """What waits for me."""

    groups: list[Group]
    counters: Counters
    shown: int

    @property
    def first(self) -> Item | None:
        return self.groups[0].items[0] if self.groups else None

    @property
    def rest(self) -> int:
        """How many the page does not show."""
        return self.counters.all - self.shown


def work_of(actor: Actor) -> Work:
    """Everything that waits for the actor, urgent first: SIZE lines at most, all counted."""
    calendar, today = office_calendar(), clock.today()
    late, week = calendar.late_until(today), calendar.week_until(today)
    is_today = Q(due_date__gt=late, due_date__lte=today)
    if not calendar.is_working_day(today):
        is_today = Q(pk__isnull=True)
    pages = (
        QuarantinedFile.objects.filter(document=OuterRef("document"))
        .values("document")
        .annotate(pages=Sum(Cast(KT("inspection__pages"), IntegerField())))
        .values("pages")
    )
    rows = list(
        waiting_rows(actor)
        .due()
        .annotate(
            pages=Subquery(pages),
            n_opinions=_opinions(),
            n_unanswered=_opinions(answered_at__isnull=True),
            n_all=over_all(),
            n_late=over_all(Q(due_date__lte=late)),
            n_today=over_all(is_today),
            n_week=over_all(Q(due_date__gt=max(late, today), due_date__lte=week)),
            n_tray=over_all(Q(verb=Task.REGISTER)),
        )
        .urgent_first()
        .select_related("document")[:SIZE]
    )
    if not rows:
        return Work([], Counters(), 0)
    first = rows[0]
    counters = Counters(first.n_late, first.n_today, first.n_week, first.n_all, first.n_tray)
    words = _newest_words(rows)
    groups: dict[str, list[Item]] = {}
    for row in rows:
        code = _group(row, calendar, today, week)
        groups.setdefault(code, []).append(_item(actor, row, words.get(row.pk), calendar, today))
    named = [Group(code, str(label), groups[code]) for code, label in _GROUPS if code in groups]
    return Work(named, counters, len(rows))


def _opinions(**answered: bool) -> Subquery:
    """How many were asked for an opinion on the document, and not asked no longer."""
    rows = Opinion.objects.filter(
        document=OuterRef("document"), withdrawn_at__isnull=True, **answered
    )
    return Subquery(rows.order_by().values("document").annotate(n=Count("pk")).values("n"))


def waiting_rows(actor: Actor) -> Any:
    """What waits for him in documents that he may still see."""
    seen = Document.objects.visible_to(actor)
    return Waiting.objects.waiting_for(actor).filter(document__in=seen)


def over_all(condition: Q | None = None) -> Window:
    """A count over all rows, beside the few that are read."""
    return Window(Count("pk", filter=condition))


def _group(row: Waiting, calendar: WorkCalendar, today: date, week: date) -> str:
    due = row.due_date
    if row.urged:
        return "urged"
    if due is None:
        return "urgent" if row.priority else "none"
    if calendar.is_late(today, due):
        return "late"
    if calendar.closing_day(due) == today:
        return "today"
    return "week" if due <= week else "later"


def _item(
    actor: Actor,
    row: Any,
    words: Words | None,
    calendar: WorkCalendar,
    today: date,
) -> Item:
    slug, document = actor.agency.slug, row.document
    page = address_of(slug, document)
    who, quote, asked_day = words or ("", "", None)
    if document.kind == Kind.DOSSIER:
        verb_url = page
        if do := _OF_DOSSIER.get(row.verb):
            verb_url = reverse("dossiers:dossier_verb", args=[slug, document.pk, do])
        # A task has no notation.
        noun = _("Hồ sơ") if document.code_notation else _("Công việc")
        subject, meta = document.subject, [noun, document.code_notation, who]
        meta = [part for part in meta if part]
    elif document.kind == Kind.OUTGOING:
        # It is read before anything is decided: on its page; a text is written in its own place.
        verb_url = page
        if row.verb in (outgoing.Task.DRAFT, outgoing.Task.REVISE):
            verb_url = reverse("outgoing:compose", args=[slug, document.pk])
        elif row.verb == outgoing.Task.OPINION:
            verb_url = reverse("outgoing:verb", args=[slug, document.pk, "give_opinion"])
        subject, meta = document.subject, [_("Dự thảo"), document.type_name, who]
        meta = [part for part in meta if part]
    elif row.verb == Task.REGISTER:
        page = verb_url = reverse("incoming:register_received", args=[slug, document.pk])
        subject, meta = _scan(row.pages), [_("đến lúc %(time)s") % {"time": _moment(row.since)}]
        quote = ""
    else:
        # A paper is signed for in its own place of the page.
        done_at = "full=1#papers"
        if row.verb != Task.TAKE_OVER:
            done_at = f"do={_DO[row.verb]}#work"
        verb_url = f"{page}?{done_at}"
        subject, meta = document.subject, [document.number, nbsp_code(document.code)]
        meta = [part for part in (*meta, document.organ_name, who) if part]
    return Item(
        url=page,
        verb_url=verb_url,
        verb_label=str(_TASKS[document.kind](row.verb).label),
        subject=subject,
        priority=row.priority,
        due_date=row.due_date,
        distance=calendar.distance(today, row.due_date),
        is_late=calendar.is_late(today, row.due_date),
        is_today=row.due_date is not None and calendar.closing_day(row.due_date) == today,
        is_read=row.seen_at is not None,
        meta=format_html_join(" · ", "{}", ((part,) for part in meta)),
        quote=Truncator(quote).chars(_WORDS),
        on_behalf=_principal(actor, row),
        urged=str(UrgeLevel(row.urged).label) if row.urged else "",
        is_asked=row.verb == Task.OPINION,
        awaits=_awaits(row, asked_day),
    )


def _awaits(row: Any, asked_day: date | None) -> str:
    """ "đã xin gia hạn đến 25/11/2024, chờ quyết định", "2 / 3 nơi đã góp ý"; "" for nothing."""
    if row.verb in (Task.DECIDE, Task.OPINION, Task.READ):
        return ""
    if row.verb == Task.PUT_ANEW:
        return _("lãnh đạo được trình đã thôi giữ chức vụ")
    if row.verb == Task.GIVE_ANEW:
        return _("người được giao đã thôi giữ chức vụ")
    found = []
    if asked_day:
        day = {"day": f"{asked_day:%d/%m/%Y}"}
        found.append(_("đã xin gia hạn đến %(day)s, chờ quyết định") % day)
    if row.n_unanswered:
        told = {"given": row.n_opinions - row.n_unanswered, "all": row.n_opinions}
        found.append(_("%(given)s / %(all)s nơi đã góp ý") % told)
    return "; ".join(found)


def _principal(actor: Actor, row: Waiting) -> str:
    """Who delegated this work to the actor; "" for his own."""
    if row.user_id == actor.user.pk or row.group_id in actor.post_groups:
        return ""
    for one in actor.delegations:
        if row.user_id == one.person.pk:
            return one.person.full_name
        if row.group_id is not None and row.group_id == getattr(
            one.appointment, "post_group", None
        ):
            return one.person.full_name
    return ""


def _scan(pages: int | None) -> str:
    if not pages:
        return _("Tệp chờ đăng ký")
    return ngettext(
        "Tệp chờ đăng ký, %(pages)d trang", "Tệp chờ đăng ký, %(pages)d trang", pages
    ) % {"pages": pages}


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M %d/%m/%Y}"


def _newest_words(rows: Iterable[Any]) -> dict[int, Words]:
    """Who speaks to me in each row, what, and the later day that I have asked for.

    An urge before all; the question that I am asked; my directive; else the last act.
    """
    open_request = Extension.objects.filter(assignment=OuterRef("pk"), outcome=Outcome.ASKED)
    given = (
        Assignment.objects.select_related(
            "person", "given_by__user", "urge__actor", "urge__appointment", "urge__words"
        )
        .annotate(
            asked_day=Subquery(open_request.values("wanted_day")[:1]),
            asked_reason=Subquery(open_request.values("reason")[:1]),
            asker_title=Subquery(open_request.values("asked_by__title")[:1]),
            asker_name=Subquery(open_request.values("asked_by__user__full_name")[:1]),
        )
        .in_bulk([row.assignment for row in rows if row.assignment])
    )
    asked = any(row.verb == Task.OPINION for row in rows)
    each = ("target_id", "verb") if asked else ("target_id",)
    acts: dict[int, dict[str, DocumentAct]] = {}
    for act in (
        DocumentAct.objects.filter(target_id__in=[row.document_id for row in rows])
        .exclude(verb__in=_WORDLESS)
        .order_by(*each, "-ordinal")
        .distinct(*each)
        .select_related("actor", "appointment", "words")
    ):
        acts.setdefault(act.target_id, {})[act.verb] = act
    found: dict[int, Words] = {}
    for row in rows:
        one, of_document = given.get(row.assignment), acts.get(row.document_id, {})
        day = one.asked_day if one is not None else None
        last = max(of_document.values(), key=lambda act: act.ordinal, default=None)
        if row.urged and one is not None and one.urge is not None:
            found[row.pk] = (*_spoken(one.urge), day)
        elif row.verb == Task.DECIDE and one is not None and day:
            who = f"{one.asker_title} {one.asker_name}"
            words = _("xin gia hạn đến %(day)s: %(reason)s") % {
                "day": f"{day:%d/%m/%Y}",
                "reason": one.asked_reason,
            }
            found[row.pk] = (who, words, day)
        elif row.verb == Task.OPINION and Verb.ASK_OPINION in of_document:
            found[row.pk] = (*_spoken(of_document[Verb.ASK_OPINION]), None)
        elif row.verb == Task.GIVE_ANEW and one is not None and one.person is not None:
            found[row.pk] = (one.person.full_name, one.directive, None)
        elif one is not None and row.verb != Task.CONCLUDE:
            found[row.pk] = (_person(one.given_by.title, one.given_by.user), one.directive, day)
        elif last is not None:
            found[row.pk] = (*_spoken(last), day)
    return found


def _spoken(act: DocumentAct) -> tuple[str, str]:
    words = getattr(act, "words", None)
    return _person(act.appointment.title, act.actor), words.text if words else ""


def _person(title: str, user: User) -> str:
    return f"{title} {user.full_name}"
