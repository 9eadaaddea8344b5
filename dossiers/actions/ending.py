"""complete, send_back, close, reopen: how a dossier ends, and how it is taken up again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Appointment, Post, User
from core import clock
from core.errors import Refusal
from core.text import clean
from documents import rules as work
from documents.actions.working import end_work, hand_back, reopen_work, still_at_work
from documents.choices import AssignmentRole
from documents.rules.bearing import article_of
from dossiers import checks, rules
from dossiers.above import Finding
from dossiers.actions import routing
from dossiers.actions.handing import back_to
from dossiers.actions.items import may_have_issued
from dossiers.choices import State, Verb
from dossiers.models import Dossier, Item


@transaction.atomic
def complete(
    actor: Actor, dossier: Dossier, *, issued: Item | None = None, text: str = ""
) -> Dossier:
    """Say that the work is done: with the issued document, or with the written proposal.

    Bắc Giang Điều 6.2. Raises Refusal without either.
    """
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_complete, actor, dossier)
    if issued is not None:
        issued = may_have_issued(actor, dossier, issued)
    if issued is None and not text:
        said = (
            _("Ghi kết quả công việc.")
            if dossier.is_task
            else _("Chọn văn bản đã ban hành trong hồ sơ, hoặc ghi ý kiến đề xuất.")
        )
        raise Refusal(said, dossier.article("dossier_result"), field="text")
    before = dossier.state
    users, posts = _told_to_close(dossier)
    asked = routing.to(users, posts)
    if dossier.is_led:
        users, posts = _end_lead(actor, dossier, text, users, posts)
    dossier.state = State.COMPLETED
    dossier.issued, dossier.result = issued, text
    dossier.completed_at = clock.now()
    dossier.save()
    routing.conclude(
        dossier,
        actor,
        Verb.COMPLETE,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=dossier.article("dossier_result"),
        detail={"item": issued.pk if issued else None} | asked,
    )
    return dossier


def _told_to_close(dossier: Dossier) -> tuple[list[User], list[Post]]:
    """Who hears that it is done: of the leaders' post the head of the agency alone."""
    users, posts = dossier.asked_to_close()
    if posts and dossier.closer == "leader" and dossier.agency.has_head:
        held = Appointment.objects.in_force(clock.today()).heads_of(dossier.agency)
        return [one.user for one in held.select_related("user")], []
    return users, posts


def _end_lead(
    actor: Actor, dossier: Dossier, text: str, users: list[User], posts: list[Post]
) -> tuple[list[User], list[Post]]:
    """The lead's own part ends with it: who gave it, who keeps it and who still helps are told."""
    mine = work.my_assignment(actor, dossier, (AssignmentRole.LEAD,))
    assert mine is not None  # noqa: S101 -- may_complete has seen it
    givers, heads = end_work(mine, text)
    others, more = still_at_work(dossier, mine)
    return [*users, *givers, *others, dossier.keeper.user], [*posts, *heads, *more]


@transaction.atomic
def send_back(actor: Actor, dossier: Dossier, *, text: str) -> Dossier:
    """Return it with the reason: work to whoever gave it, what was reported as done to be done.

    What was given on below goes with it. When the lead of all sends it back, whoever gave it out
    is asked for another, and keeps it again where the lead kept it.
    """
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_send_back, actor, dossier)
    if not text:
        raise Refusal(_("Ghi rõ lý do chuyển trả."), field="text")
    before, article = dossier.state, ""
    detail: dict[str, Any] = {}
    if dossier.state == State.COMPLETED:
        users, posts = _take_up(dossier)
    else:
        mine = work.my_assignment(actor, dossier)
        assert mine is not None  # noqa: S101 -- may_send_back has seen it
        if mine.person is None:
            # Of heads of units: "chuyển nhầm hoặc không đúng chức năng" (Bắc Giang Điều 5.3b).
            article = dossier.article("dossier_return")
        users, posts = hand_back(dossier, mine)
        detail["assignment"] = mine.pk
        if mine.parent_id is None:
            detail |= back_to(mine.given_by, dossier, mine)
            users = [*users, dossier.keeper.user]
            dossier.save()
    routing.conclude(
        dossier,
        actor,
        Verb.SEND_BACK,
        before=before,
        text=text,
        users=users,
        posts=posts,
        article=article,
        detail=detail,
    )
    return dossier


@transaction.atomic
def close(
    actor: Actor,
    dossier: Dossier,
    *,
    end_date: date,
    description: str = "",
    overruled: Mapping[str, str] | None = None,
    shown: Mapping[str, Collection[str]] | None = None,
) -> Dossier:
    """Close it, by whom the regulation says (Bắc Giang Điều 6.3, Cần Thơ Điều 13.4).

    Every finding of the check has been mended, or stands in ``overruled`` with its reason: they
    go onto the trail. ``shown``: the marks of each finding as its reason was written.
    Raises Refusal for an open one, for one that has grown since, and for an end before the start.
    """
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_close, actor, dossier)
    article = "" if dossier.is_task else article_of(actor, "dossier_closer")
    # Where the chair closes it (Bắc Giang Điều 6.3) nothing is said of a check or a note; where the
    # one who did the work does, both are his (Cần Thơ Điều 13.4).
    of_check = article if dossier.closer == "handler" else ""
    if end_date < dossier.day:
        raise Refusal(
            _("Thời gian kết thúc không thể trước ngày bắt đầu %(day)s.")
            % {"day": f"{dossier.day:%d/%m/%Y}"},
            field="end_date",
        )
    if end_date > clock.today():
        raise Refusal(_("Thời gian kết thúc không thể sau hôm nay."), field="end_date")
    description = clean(description)
    if not description and not dossier.is_task:
        raise Refusal(_("Ghi chú khi đóng hồ sơ (trường 11)."), of_check, field="description")
    # One line each: who does not see what a reason speaks of does not read its line (told_to).
    reasons = {code: clean(words) for code, words in (overruled or {}).items()}
    found = checks.findings(actor, dossier)
    if binding := [one for one in found if one.is_binding]:
        raise Refusal(
            _("%(what)s. Chuyển trả để hoàn thành lại rồi đóng.")
            % {"what": "; ".join(one.message for one in binding)},
            dossier.article("dossier_result"),
            field="overruled",
        )
    if open_ones := [one for one in found if not reasons.get(one.code)]:
        raise Refusal(
            _("Còn điểm chưa bảo đảm: %(what)s. Sửa, hoặc ghi lý do bỏ qua.")
            % {"what": "; ".join(one.message for one in open_ones)},
            of_check,
            field="overruled",
        )
    if shown is not None:
        _refuse_grown(found, shown)
    before = dossier.state
    dossier.state = State.CLOSED
    dossier.end_date, dossier.description = end_date, description[:500]
    dossier.closed_at = clock.now()
    dossier.save()
    said = [f"{one.record}: {reasons[one.code]}" for one in found]
    routing.conclude(
        dossier,
        actor,
        Verb.CLOSE,
        before=before,
        text="\n".join([part for part in (description, *said) if part]),
        users=[dossier.keeper.user, dossier.opened_by.user],
        article=article,
        detail={
            "end_date": end_date.isoformat(),
            "overruled": [{"code": one.code, "items": list(one.items)} for one in found],
        },
    )
    return dossier


def _refuse_grown(found: Sequence[Finding], shown: Mapping[str, Collection[str]]) -> None:
    """A reason covers what was seen when it was written, and nothing that came since."""
    grown = [one.message for one in found if not one.marks <= set(shown.get(one.code, ()))]
    if grown:
        raise Refusal(
            _("Đã khác so với lúc ghi lý do: %(what)s. Xem lại lý do, rồi đóng.")
            % {"what": "; ".join(grown)},
            field="overruled",
        )


@transaction.atomic
def reopen(actor: Actor, dossier: Dossier, *, text: str, decision_number: str) -> Dossier:
    """Take a closed dossier up again: by a decision and with a reason, shown for ever."""
    dossier = routing.lock(actor, dossier)
    actor = routing.allowed(rules.may_reopen, actor, dossier)
    if not text:
        raise Refusal(_("Ghi lý do mở lại."), field="text")
    decision_number = clean(decision_number)
    if not decision_number:
        raise Refusal(_("Ghi số quyết định mở lại hồ sơ."), field="decision_number")
    before = dossier.state
    users, posts = _take_up(dossier)
    routing.conclude(
        dossier,
        actor,
        Verb.REOPEN,
        before=before,
        text=text,
        users=users,
        posts=posts,
        detail={"decision_number": decision_number[:60]},
    )
    return dossier


def _take_up(dossier: Dossier) -> tuple[list[User], list[Post]]:
    """The old result and end stand in the trail; here the work is open again. Answers whose."""
    reached = reopen_work(dossier)
    dossier.state = State.IN_PROCESS
    dossier.issued, dossier.result, dossier.end_date = None, "", None
    dossier.completed_at = dossier.closed_at = None
    dossier.save()
    users, posts = reached or ([], [])
    return [*users, dossier.keeper.user], posts
