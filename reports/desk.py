"""Việc của tôi: what waits for a person, in which order, and what he waits for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from django.db.models import (
    Count,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextChoices,
    Value,
    Window,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.actor import Actor
from accounts.choices import Role
from accounts.models import Appointment, Unit, User
from core import clock
from core.templatetags.ui import nbsp_code
from documents.addresses import address_of
from documents.calendar import office_calendar
from documents.choices import OPEN_ASSIGNMENT, AssignmentRole, Kind, Outcome, UrgeLevel
from documents.models import (
    Assignment,
    Document,
    DocumentAct,
    Extension,
    Opinion,
    QuarantinedFile,
    Waiting,
)
from documents.querysets import OPEN_STATES
from documents.workdays import WorkCalendar
from dossiers import choices as dossiers
from incoming import rules
from incoming.choices import State, Task, Verb
from incoming.models import IncomingDocument
from outgoing import choices as outgoing
from outgoing.choices import PASSING
from outgoing.models import OutgoingDocument

SIZE = 50
_SIDE = 5
_WORDS = 110
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
    Task.OPINION: Verb.GIVE_OPINION,
}
# The same of a dossier; what is not here is done on its page.
_OF_DOSSIER: dict[str, str] = {
    dossiers.Task.GIVE_OUT: dossiers.Verb.GIVE_OUT,
    dossiers.Task.ASSIGN: dossiers.Verb.ASSIGN,
    dossiers.Task.CONCLUDE: dossiers.Verb.COMPLETE,
    dossiers.Task.DECIDE: dossiers.Verb.DECIDE_EXTENSION,
    dossiers.Task.OPINION: dossiers.Verb.GIVE_OPINION,
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


@dataclass(frozen=True)
class Line:
    """One line at the side: what, and who or since when."""

    url: str
    subject: str
    words: str
    is_late: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Listing:
    """A short list at the side and how long it really is."""

    lines: list[Line]
    total: int


@dataclass(frozen=True)
class Load:
    """Open and overdue work of a person or a unit."""

    name: str
    open: int
    late: int
    url: str = ""


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
        _waiting(actor)
        .due()
        .annotate(
            pages=Subquery(pages),
            n_opinions=_opinions(),
            n_unanswered=_opinions(answered_at__isnull=True),
            n_all=_over_all(),
            n_late=_over_all(Q(due_date__lte=late)),
            n_today=_over_all(is_today),
            n_week=_over_all(Q(due_date__gt=max(late, today), due_date__lte=week)),
            n_tray=_over_all(Q(verb=Task.REGISTER)),
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


def _waiting(actor: Actor) -> Any:
    """What waits for him in documents that he may still see."""
    seen = Document.objects.visible_to(actor)
    return Waiting.objects.waiting_for(actor).filter(document__in=seen)


def _over_all(condition: Q | None = None) -> Window:
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
        subject, meta = document.subject, [_("Hồ sơ"), document.code_notation, who]
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
            "given_by__user", "urge__actor", "urge__appointment", "urge__words"
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
        .exclude(verb__in=(Verb.READ, Verb.SHARE, Verb.CORRECT, Verb.RECEIVE, Verb.REGISTER))
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


def waited_for(actor: Actor) -> Listing:
    """Work that the actor gave to others and his drafts on their way, oldest first."""
    calendar, today = office_calendar(), clock.today()
    # One question for both; of each the oldest, so that the count of each is there.
    rows = sorted(_given(actor).union(_drafts_elsewhere(actor), all=True), key=itemgetter(0))
    totals: dict[bool, int] = {}
    lines = []
    for since, pk, subject, due, kind, is_draft, says, unit, person, total in rows:
        totals[is_draft] = total
        day = f"{timezone.localtime(since):%d/%m/%Y}"
        if is_draft:
            state = str(outgoing.State(says).label).lower()
            words = _("%(state)s, từ %(day)s") % {"state": state, "day": day}
        else:
            role = str(AssignmentRole(says).label).lower()
            who = {"who": person or unit, "role": role, "day": day}
            words = _("%(who)s %(role)s, từ %(day)s") % who
        lines.append(
            Line(
                url=address_of(actor.agency.slug, Document(pk=pk, kind=kind)),
                subject=subject,
                words=words,
                is_late=calendar.is_late(today, due),
                since=since,
            )
        )
    return Listing(lines[:_SIDE], sum(totals.values()))


def _drafts_elsewhere(actor: Actor) -> Any:
    """His drafts that others have, as rows of ``waited_for``."""
    asked = Waiting.objects.filter(document=OuterRef("pk"), verb__in=PASSING.values())
    since = Coalesce(Subquery(asked.values("since")[:1]), "created_at")
    return (
        OutgoingDocument.objects.visible_to(actor)
        .filter(drafter__user=actor.user)
        .under_way()
        .exclude(signer__user=actor.user, state=outgoing.State.SIGNING)
        .order_by(since, "pk")
        .values_list(
            since,
            "pk",
            "subject",
            "due_date",
            "kind",
            Value(True),
            "state",
            Value(""),
            Value(""),
            _over_all(),
        )[:_SIDE]
    )


def _given(actor: Actor) -> Any:
    """Open work that he gave to others, as rows of ``waited_for``."""
    return (
        Assignment.objects.filter(
            given_by__user=actor.user,
            role__in=_WORK,
            state__in=OPEN_ASSIGNMENT,
            document__state=State.IN_PROCESS,
            document__in=Document.objects.visible_to(actor),
        )
        .exclude(person=actor.user)
        .order_by("given_at", "pk")
        .values_list(
            "given_at",
            "document_id",
            "document__subject",
            "due_date",
            "document__kind",
            Value(False),
            "role",
            "unit__name",
            Coalesce(NullIf("person__full_name", Value("")), "person__username"),
            _over_all(),
        )[:_SIDE]
    )


def to_read(actor: Actor) -> Listing:
    """What the actor is only to know of and has not opened, newest first."""
    rows = list(
        _waiting(actor)
        .unread()
        .annotate(total=_over_all())
        .select_related("document")
        .order_by("-since", "-pk")[:_SIDE]
    )
    lines = [
        Line(
            url=address_of(actor.agency.slug, row.document),
            subject=row.document.subject,
            words=", ".join(
                (row.document.organ_name or _("Hồ sơ"), f"{timezone.localtime(row.since):%d/%m/%Y}")
            ),
        )
        for row in rows
    ]
    return Listing(lines, rows[0].total if rows else 0)


def people_of(actor: Actor) -> list[Load]:
    """The people of the actor's unit with what they have open and overdue."""
    today = clock.today()
    own = Assignment.objects.filter(person=OuterRef("pk"), unit=actor.unit)
    people = (
        User.objects.filter(
            appointments__in=Appointment.objects.in_force(today).filter(unit=actor.unit)
        )
        .exclude(pk=actor.user.pk)
        .distinct()
        .by_name()
        .annotate(n_open=_open(own, "person"), n_late=_late(own, "person"))
    )
    return [Load(one.full_name, one.n_open or 0, one.n_late or 0) for one in people]


def units_of(actor: Actor) -> list[Load]:
    """Units that lead open work, the latest first."""
    leads = Assignment.objects.filter(
        unit=OuterRef("pk"), role=AssignmentRole.LEAD, parent__isnull=True
    )
    units = (
        Unit.objects.filter(agency=actor.agency)
        .annotate(n_open=_open(leads, "unit"), n_late=_late(leads, "unit"))
        .filter(n_open__gt=0)
    )
    book = reverse("incoming:book", args=[actor.agency.slug])
    return [
        Load(unit.name, unit.n_open, unit.n_late, f"{book}?unit={unit.pk}")
        for unit in sorted(units, key=lambda unit: (-unit.n_late, -unit.n_open, unit.ordinal))
    ]


def _open(rows: QuerySet, key: str, condition: Q | None = None) -> Subquery:
    """How many of these assignments somebody works on."""
    running = rows.filter(
        role__in=_WORK, state__in=OPEN_ASSIGNMENT, document__state=State.IN_PROCESS
    )
    counted = running.order_by().values(key).annotate(n=Count("pk", filter=condition))
    return Subquery(counted.values("n"))


def _late(rows: QuerySet, key: str) -> Subquery:
    return _open(rows, key, Q(due_date__lte=office_calendar().late_until(clock.today())))


def directed_late(actor: Actor) -> Listing:
    """What the leader has decided and others have not done in time."""
    calendar, today = office_calendar(), clock.today()
    rows = list(
        IncomingDocument.objects.visible_to(actor)
        .filter(
            proposed_to=actor.user,
            directed_at__isnull=False,
            state__in=OPEN_STATES,
            due_date__lte=calendar.late_until(today),
        )
        .annotate(total=_over_all())
        .order_by("due_date", "pk")[:_SIDE]
    )
    lines = [
        Line(
            url=reverse("incoming:detail", args=[actor.agency.slug, document.pk]),
            subject=document.subject,
            words=", ".join(
                part
                for part in (document.to_places, calendar.distance(today, document.due_date))
                if part
            ),
            is_late=True,
        )
        for document in rows
    ]
    return Listing(lines, rows[0].total if rows else 0)


def side_of(actor: Actor) -> dict[str, Any]:
    """What stands at the side for the actor's role."""
    if actor.holds(rules.distributing_role(actor)):
        return {"gives_out": True, "loads_title": _("Các đơn vị chủ trì"), "loads": units_of(actor)}
    if actor.holds(Role.LEADER):
        return {"directed": directed_late(actor)}
    if actor.heads(actor.unit.pk):
        return {"loads_title": actor.unit.name, "loads": people_of(actor), "of_people": True}
    return {}
