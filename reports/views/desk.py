"""The desk and the notifications."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor
from accounts.regulation import Provision
from documents.asked import act_reason
from documents.choices import Kind, WorkNotice
from documents.models import Document, DocumentAct
from dossiers import choices as dossiers
from dossiers import shown as catalogues
from incoming import rules
from incoming.choices import Notice, State, Verb
from incoming.guide import Cited, cite
from incoming.rounds import counts_to_submit, next_round
from notifications.actions import mark_read
from notifications.choices import Lapse, Reminder
from notifications.models import Notification
from notifications.reasons import reason_of
from outgoing import choices as outgoing
from outgoing.models import OutgoingDocument
from outgoing.originals import taken_out
from reports import desk as presenting
from reports import side

_PAGE = 50


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for me, by deadline; at the side what my role watches over."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return render(
        request,
        "reports/desk.html",
        {
            "work": presenting.work_of(actor),
            "others": side.waited_for(actor),
            "unread": side.to_read(actor),
            "may_register": rules.may_receive(actor) is None,
            **_rounds(actor),
            "may_watch": rules.may_watch(actor) is None,
            "may_follow": rules.may_follow_directives(actor) is None,
            "to_approve": catalogues.waiting_for(actor),
            **side.side_of(actor),
        },
    )


def _rounds(actor: Actor) -> dict[str, Any]:
    """The next round and what is to go before it; nothing where the regulation knows no rounds."""
    if rules.may_watch_rounds(actor) is not None:
        return {}
    return {"round": next_round(actor.agency), "to_submit": counts_to_submit(actor)}


@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """What happened that concerns me, newest first; a POST marks all of it as read."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if request.method == "POST":
        count = mark_read(actor)
        sentence = ngettext(
            "Đã đánh dấu %(count)d thông báo là đã đọc.",
            "Đã đánh dấu %(count)d thông báo là đã đọc.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        return redirect("reports:notifications", actor.agency.slug)
    rows = Notification.objects.filter(user=actor.user, agency=actor.agency).select_related(
        "about", "on_behalf_of"
    )
    page = Paginator(rows, _PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "lines": _lines(actor, list(page.object_list))}
    return render(request, "reports/notifications.html", context)


def _lines(actor: Actor, rows: list[Notification]) -> list[dict[str, Any]]:
    """Each row with the document that it speaks of, as far as the reader may see it today."""
    keys = {row.pk: _document_key(row.path) for row in rows}
    seen = Document.objects.visible_to(actor).in_bulk([key for key in keys.values() if key])
    why = _why(row for row in rows if keys[row.pk] in seen) | _taken_out(rows, keys, seen)
    return [
        {
            "row": row,
            "label": _label(row.kind, seen.get(keys[row.pk] or 0)),
            "reason": _catalogue(row) or reason_of(row) or _of_notice(row),
            "why": why.get(row.pk, ""),
            "article": _article(actor, row.kind),
            "is_own_page": keys[row.pk] is None and row.kind in _OWN_PAGE,
            "document": (document := seen.get(keys[row.pk] or 0)),
            "is_waiting": document is not None and document.state == State.RECEIVED,
            "subject": document.subject if document else _("Một văn bản không còn được xem"),
        }
        for row in rows
    ]


# Lines that lead to a page of their own, not to a document's.
_OWN_PAGE = frozenset((*Reminder.values, *Lapse.values, *dossiers.CatalogueVerb.values))


def _catalogue(row: Notification) -> str:
    """Which year's catalogue a line speaks of; "" for other lines."""
    if row.kind not in dossiers.CatalogueVerb.values:
        return ""
    try:
        year = resolve(row.path).kwargs.get("year", "")
    except Resolver404:
        year = ""
    return _("Danh mục hồ sơ năm %(year)s") % {"year": year}


def _of_notice(row: Notification) -> str:
    """What is to be done by whoever is told so; "" for other lines."""
    if row.kind == outgoing.Notice.COLLECT:
        return _("Đến Văn phòng lấy bản giấy đã ký duyệt rồi chuyển văn thư phát hành.")
    if row.kind == Notice.LEADER_LEFT:
        return _("Rút lại rồi trình lãnh đạo khác.")
    if row.kind == WorkNotice.WORK_LEFT:
        return _("Thu hồi phần việc rồi giao người khác.")
    if row.kind == WorkNotice.HOLDER_LEFT:
        return _("Việc của người đó nay ở “Việc của tôi”.")
    return ""


# Those whose words say why the line came.
_SPEAKING = (
    Verb.URGE,
    Verb.REQUEST_EXTENSION,
    Verb.DECIDE_EXTENSION,
    Verb.ASK_OPINION,
    Verb.GIVE_OPINION,
    Verb.WITHDRAW_OPINION,
    Verb.SENDER_RECALL,
)


def _why(rows: Iterable[Notification]) -> dict[int, str]:
    """Who urges, asks or answers, and in which words: read from the trail of what may be seen."""
    speaking = [row for row in rows if row.kind in _SPEAKING]
    if not speaking:
        return {}
    acts = list(
        DocumentAct.objects.filter(
            target__in={_document_key(row.path) for row in speaking}, verb__in=_SPEAKING
        )
        .select_related("actor", "words")
        .order_by("-ordinal")
    )
    found = {}
    for row in speaking:
        target = _document_key(row.path)
        for act in acts:
            if (act.target_id, act.verb) == (target, row.kind) and act.at <= row.created_at:
                found[row.pk] = act_reason(act)
                break
    return found


def _taken_out(
    rows: Iterable[Notification], keys: Mapping[int, int | None], seen: Container[int | None]
) -> dict[int, str]:
    """Of the lines about replies: by which decision what they answer was taken out."""
    told: dict[int, int] = {}
    for row in rows:
        key = keys[row.pk]
        if row.kind == outgoing.Notice.ANSWERED_GONE and key is not None and key in seen:
            told[row.pk] = key
    if not told:
        return {}
    replies = OutgoingDocument.objects.filter(pk__in=list(told.values()))
    answered = dict(replies.values_list("pk", "answers_id"))
    said = taken_out(key for key in answered.values() if key)
    return {pk: said.get(answered.get(key) or 0, "") for pk, key in told.items()}


# The words of a verb, by the kind of what it was done with.
_VERBS: dict[str, type[TextChoices]] = {
    Kind.INCOMING: Verb,
    Kind.DOSSIER: dossiers.Verb,
    Kind.OUTGOING: outgoing.Verb,
}


def _label(kind: str, document: Document | None) -> str:
    """What a line is about: a verb, or a reason of the clock."""
    own = [_VERBS[document.kind]] if document else []
    of_pages: list[type[TextChoices]] = [
        dossiers.CatalogueVerb,
        Reminder,
        Lapse,
        outgoing.Notice,
        Notice,
        WorkNotice,
    ]
    every: list[type[TextChoices]] = [*own, *_VERBS.values(), *of_pages]
    for words in every:
        if kind in words.values:
            return str(words(kind).label)
    return kind


def _article(actor: Actor, kind: str) -> Cited | None:
    """What the agency's own regulation says of it, if anything."""
    regulation = actor.agency.regulation
    rules: dict[str, Provision[Any] | None] = {
        Reminder.MORNING: regulation.daily_visits,
        Reminder.DUE_SOON: regulation.reminding,
        Reminder.DUE_TODAY: regulation.reminding,
        Reminder.OVERDUE: regulation.lateness_counts,
        Reminder.UNIT_OVERDUE: regulation.head_urges,
        outgoing.Notice.COLLECT: regulation.collect_notice,
    }
    found = rules.get(kind)
    return cite(found.article, regulation) if found else None


def _document_key(path: str) -> int | None:
    try:
        return resolve(path).kwargs.get("pk")
    except Resolver404:
        return None
