"""request_extension, decide_extension: a later day is asked for and decided; the chain is kept."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core import clock
from core.errors import Refusal, Stale
from documents import deciding, rules
from documents.actions.concluding import (
    M,
    allowed,
    answering,
    conclude,
    lock,
    note_requests,
    require,
)
from documents.actions.working import below
from documents.choices import AssignmentRole, AssignmentState, Outcome, WorkVerb
from documents.models import Assignment, Extension, Matter


@transaction.atomic
def request_extension(actor: Actor, document: M, *, day: date, text: str) -> M:
    """Ask for a later day for one's own work; the work goes on (Kon Tum Điều 11.6c).

    Raises Refusal for a day that is not later, has passed, or lies beyond the unit's own.
    """
    document = lock(actor, document)
    _refuse_ended(actor, document)
    actor = allowed(rules.may_request_extension, actor, document)
    mine = rules.my_assignment(actor, document)
    assert mine is not None  # noqa: S101 -- may_request_extension has seen it
    assert mine.due_date is not None  # noqa: S101 -- and this
    if not text:
        raise Refusal(_("Ghi lý do xin gia hạn."), field="text")
    _refuse_day(document, mine, day)
    user, post = deciding.decider_of(document, mine)
    row = Extension.objects.create(
        assignment=mine,
        old_day=mine.due_date,
        wanted_day=day,
        reason=text,
        asked_by=actor.appointment,
        asked_at=clock.now(),
    )
    note_requests(document, asked=True)
    conclude(
        document,
        actor,
        WorkVerb.REQUEST_EXTENSION,
        before=document.state,
        text=text,
        users=[user] if user else [],
        posts=[post] if post else [],
        article=document.article("extension_decider") if mine.parent_id is None else "",
        detail={"assignment": mine.pk, "extension": row.pk, "day": f"{day:%d/%m/%Y}"},
    )
    return document


@transaction.atomic
def decide_extension(
    actor: Actor,
    document: M,
    extension: Extension,
    *,
    agree: bool,
    day: date | None = None,
    text: str = "",
) -> M:
    """Agree to a later day (the one asked for, or another), or refuse it with the reason.

    The day of the lead of the first line is the document's own, but for one nearer than that; and
    goes down to whoever had the same day below. Raises Refusal for a request that is no longer
    open: the sentence says what has become of it.
    """
    document = lock(actor, document)
    _refuse_settled(document, extension)
    actor = allowed(rules.may_decide_extension, actor, document)
    row = next(
        (
            each
            for each in document.open_extensions
            if each.pk == extension.pk and deciding.decides(actor, document, each)
        ),
        None,
    )
    if row is None:
        raise Refusal(_("Chọn yêu cầu gia hạn để quyết định."), field="extension")
    one = next(each for each in document.all_assignments if each.pk == row.assignment_id)
    carried: list[Assignment] = []
    if agree:
        row.granted_day = day or row.wanted_day
        _refuse_day(document, one, row.granted_day)
        row.outcome = Outcome.AGREED
        before, one.due_date = one.due_date, row.granted_day
        one.save(update_fields=["due_date"])
        carried = carry_down(document, one, before)
        leads = one.role == AssignmentRole.LEAD and one.parent_id is None
        whole = document.due_date
        if leads and (whole == before or (whole and row.granted_day > whole)):
            document.due_date = row.granted_day
            document.save()
    elif not text:
        raise Refusal(_("Ghi lý do không đồng ý gia hạn."), field="text")
    else:
        row.outcome = Outcome.REFUSED
    row.answer, row.decided_by, row.decided_at = text, actor.appointment, clock.now()
    row.save()
    told = [answering(each) for each in (one, *carried)]
    conclude(
        document,
        actor,
        WorkVerb.DECIDE_EXTENSION,
        before=document.state,
        text=text,
        users=[*(user for users, _posts in told for user in users), row.asked_by.user],
        posts=[post for _users, posts in told for post in posts],
        article=document.article("extension_decider") if one.parent_id is None else "",
        detail={
            "assignment": one.pk,
            "extension": row.pk,
            "agreed": agree,
            "day": f"{row.granted_day:%d/%m/%Y}" if row.granted_day else "",
            **({"carried": [each.pk for each in carried]} if carried else {}),
        },
    )
    return document


def carry_down(document: Matter, top: Assignment, before: date | None) -> list[Assignment]:
    """The new day goes to open work below that had the old one; answers that work.

    A day of its own that somebody was given stays, unless it lies beyond the new one.
    """
    day = top.due_date
    moved = [
        one
        for one in below(document, top)
        if one.is_open
        and one.role in rules.WORK
        and (one.due_date == before or (day and one.due_date and one.due_date > day))
    ]
    for one in moved:
        one.due_date = top.due_date
        one.save(update_fields=["due_date"])
    return moved


def _refuse_ended(actor: Actor, document: Matter) -> None:
    """Whoever asks while his work is being finished is told so, and by whom."""
    done = any(
        one.state == AssignmentState.DONE and one.role in rules.WORK and rules.holds(actor, one)
        for one in document.all_assignments
    )
    if done and rules.my_assignment(actor, document) is None:
        require(Stale(_("Phần việc này đã kết thúc.")), document)


def _refuse_day(document: Matter, one: Assignment, day: date) -> None:
    if day < clock.today() or (one.due_date and day <= one.due_date):
        raise Refusal(
            _("Ngày gia hạn phải sau thời hạn cũ (%(day)s) và không ở quá khứ.")
            % {"day": f"{one.due_date:%d/%m/%Y}" if one.due_date else "–"},
            field="day",
        )
    last = deciding.latest_day(document, one)
    if last is None or day <= last:
        return
    if one.parent_id is not None:
        said = _("Ngày gia hạn vượt quá thời hạn của đơn vị (%(day)s). Đơn vị xin gia hạn trước.")
    else:
        said = _("Ngày gia hạn vượt quá thời hạn đã định của %(matter)s (%(day)s).")
    raise Refusal(said % {"day": f"{last:%d/%m/%Y}", "matter": document.noun}, field="day")


def _refuse_settled(document: Matter, extension: Extension) -> None:
    """Somebody was quicker: say what has been decided, or that the work has ended."""
    now = (
        Extension.objects.select_related("decided_by__user")
        .filter(pk=extension.pk, assignment__document=document)
        .exclude(outcome=Outcome.ASKED)
        .first()
    )
    if now is None:
        return
    if now.outcome == Outcome.CLOSED:
        said = Stale(_("Yêu cầu gia hạn đã khép lại: việc đã kết thúc hoặc chuyển trả."))
    elif now.granted_day:
        said = Stale(
            _("Yêu cầu gia hạn đã được đồng ý đến %(day)s.")
            % {"day": f"{now.granted_day:%d/%m/%Y}"}
        )
    else:
        said = Stale(_("Yêu cầu gia hạn đã được trả lời không đồng ý."))
    require(said, document)
