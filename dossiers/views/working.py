"""One dossier: its page, and the verbs that have a form."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor, Rule
from core.errors import NotYours, Refusal
from core.text import clean, small_number
from documents.actions import mark_seen
from documents.choices import READ
from documents.models import Assignment, Waiting
from dossiers import actions, presenting, rules
from dossiers.asked import work
from dossiers.choices import Verb
from dossiers.done import said
from dossiers.forms.verbs import FORMS, form_of
from dossiers.inside import counted, inside
from dossiers.models import Dossier
from dossiers.showing import still_unseen
from dossiers.story import tell
from dossiers.trail import STEPS
from notifications.actions import mark_read
from notifications.models import Notification

_DO = {verb: getattr(actions, verb.value) for verb in FORMS}


def open_dossier(
    request: HttpRequest, pk: int, *, is_counted: bool = False
) -> tuple[Actor, Dossier]:
    """The dossier as its reader may see it, with what is new to him, and how much lies in it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    unseen = Waiting.objects.waiting_for(actor).filter(
        document=OuterRef("pk"), seen_at__isnull=True
    )
    unread = Notification.objects.filter(
        user=actor.user,
        agency=actor.agency,
        read_at__isnull=True,
        path=f"/{actor.agency.slug}/dossiers/{pk}/",
    )
    to_read = Waiting.objects.waiting_for(actor).filter(document=OuterRef("pk"), verb=READ)
    seen = Dossier.objects.visible_to(actor).with_people().select_related("planned__catalogue")
    if is_counted:
        seen = counted(seen, actor)
    dossier: Dossier = get_object_or_404(
        seen.annotate(
            is_unseen=Exists(unseen),
            is_told=Exists(unread),
            is_to_read=Exists(to_read),
            has_work=Exists(Assignment.objects.filter(document=OuterRef("pk"))),
        ),
        pk=pk,
    )
    dossier.agency = actor.agency
    if not dossier.has_work:  # type: ignore[attr-defined]
        dossier.all_assignments = []  # known from its own row: most dossiers need no query more
    return actor, dossier


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The story of a dossier, its data, its verbs; ``view=contents`` lists it by ordinal."""
    actor, dossier = open_dossier(request, pk, is_counted=True)
    if request.method == "GET":
        if dossier.is_unseen:  # type: ignore[attr-defined]
            mark_seen(dossier, actor)
        if dossier.is_told:  # type: ignore[attr-defined]
            mark_read(actor, dossier.get_absolute_url())
        if dossier.is_to_read:  # type: ignore[attr-defined]
            actions.read(actor, dossier)
    return render(request, "dossiers/detail.html", _page(request, actor, dossier))


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The form of a verb; a POST does it, a refusal keeps what was typed."""
    actor, dossier = open_dossier(request, pk)
    if verb not in Verb.values or Verb(verb) not in FORMS:
        raise Http404
    wanted = Verb(verb)
    refusal, acting = _rule(wanted).answer(actor, dossier)
    if request.method != "POST":
        if refusal is not None:
            return redirect(_instead(actor, dossier, wanted))
        return _form_page(request, dossier, wanted, form_of(wanted, acting, dossier))
    form = form_of(wanted, acting, dossier, request.POST)
    if "more" in request.POST:
        return _form_page(request, dossier, wanted, form, status=422)
    if isinstance(refusal, NotYours):
        return _form_page(request, dossier, wanted, form, refusal, status=409)
    if not form.is_valid():
        # What is no longer open cannot be chosen: the rule says why.
        return _form_page(request, dossier, wanted, form, refusal, status=409 if refusal else 422)
    try:
        form.let_in()
        done = _DO[wanted](actor, dossier, **form.arguments())
    except Refusal as raised:
        dossier = open_dossier(request, pk)[1]
        return _form_page(request, dossier, wanted, form, raised, status=409)
    messages.success(request, said(wanted, done))
    given = form.lines() if wanted in (Verb.GIVE_OUT, Verb.ASSIGN) else ()
    for words in still_unseen(actor, done, given):
        messages.warning(request, words)
    return redirect(done)


def _rule(wanted: Verb) -> Rule:
    return dict(presenting.VERBS)[wanted]


def _instead(actor: Actor, dossier: Dossier, wanted: Verb) -> str:
    """Where one goes who may not: the page; who leads a part only ends that part."""
    if wanted == Verb.COMPLETE and _rule(Verb.FINISH)(actor, dossier) is None:
        return reverse(
            "dossiers:dossier_verb", args=[actor.agency.slug, dossier.pk, Verb.FINISH.value]
        )
    return dossier.get_absolute_url()


def _form_page(
    request: HttpRequest,
    dossier: Dossier,
    wanted: Verb,
    form: Any,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "dossier": dossier,
        "verb": wanted,
        "title": presenting.verb_label(wanted, dossier),
        "form": form,
        "refusal": refusal,
        "other": getattr(refusal, "other", None),
        "catalogue": getattr(refusal, "catalogue", None),
    }
    return render(request, "dossiers/verb.html", context, status=status)


def _page(request: HttpRequest, actor: Actor, dossier: Dossier) -> dict[str, Any]:
    typed = clean(request.GET.get("q", ""))[:200]
    by_list = request.GET.get("view") == "contents"
    size = presenting.SIZE if by_list else presenting.STORY_SIZE
    found = inside(
        actor,
        dossier,
        page=max(small_number(request.GET.get("page", "")), 1),
        size=size,
        by_list=by_list,
        words=typed,
    )
    number, items = found.page, found.items
    start = (number - 1) * size
    story = tell(actor, dossier, items, with_acts=not by_list)
    whole = actor.sees_whole_agency
    knows_all = whole or presenting.tells_hidden(actor)
    papers, pages = (
        (dossier.doc_total, dossier.page_total) if knows_all else (found.papers, found.pages)
    )
    kept = {"q": typed, "view": "contents" if by_list else ""}
    may_file = rules.may_file(actor, dossier) is None
    listed = items if may_file and by_list else []
    return {
        **work(actor, dossier, story),
        "dossier": dossier,
        "due": presenting.due(dossier),
        "status": presenting.status_kind(dossier.state),
        "buttons": presenting.verb_buttons(actor, dossier),
        "items": [
            presenting.item_line(actor, dossier, one, story.of_item(one), place=one.place)
            for one in items
        ],
        "total": found.total,
        # Of what a search finds, nothing is said of what is not seen.
        "hidden": found.hidden if presenting.tells_hidden(actor) and not typed else 0,
        "typed": typed,
        "by_list": by_list,
        # A place among hits would be no place in the dossier.
        "may_move": may_file and by_list and not typed,
        "may_file": may_file,
        "removable": {
            one.pk for one in listed if rules.may_remove_item(actor, dossier, one) is None
        },
        "steps": story.steps[:STEPS],
        "reopenings": [one for one in story.steps if one.decision],
        "fields": presenting.data(dossier, papers, pages, partly=not knows_all)
        if not dossier.is_task
        else [],
        "previous_url": _place(kept, number - 1) if number > 1 else "",
        "next_url": _place(kept, number + 1) if start + len(items) < found.total else "",
        "range": _("%(first)d đến %(last)d trong %(total)d")
        % {"first": start + 1, "last": start + len(items), "total": found.total}
        if found.total > size
        else "",
    }


def _place(kept: dict[str, str], number: int) -> str:
    return "?" + urlencode({key: value for key, value in kept.items() if value} | {"page": number})
