"""One document: the page, its verbs, the history of its fields; and the leader's question."""

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actor import Actor, Rule
from accounts.choices import Role
from core.errors import NotYours, Refusal
from core.htmx import render_part
from core.text import small_number
from documents.actions import mark_seen
from documents.asked import assignment_tree
from documents.catalogue import FIELDS, field_label
from documents.choices import Kind
from documents.forms.lines import VerbForm
from documents.models import Attachment, Document, Link, Waiting
from dossiers.filing import file_notation
from dossiers.models import Item
from incoming import actions, asking, checks, filed, lateness, papers, presenting, rules
from incoming.choices import State, Verb
from incoming.forms.verbs import FORMS
from incoming.links import links_of
from incoming.models import IncomingDocument, Paper
from incoming.proposed import after_consent, plan
from notifications.actions import mark_read

_DO = {verb: getattr(actions, verb.value) for verb in FORMS}
# What a leader answers one after the other.
_QUESTIONS = (Verb.DIRECT, Verb.DISTRIBUTE)


def open_document(request: HttpRequest, pk: int) -> tuple[Actor, IncomingDocument]:
    """The document as its reader may see it, with its agency at hand."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    paper = Paper.objects.filter(document=OuterRef("pk"))
    filed_in = Item.objects.filter(document=OuterRef("pk"))
    linked = Link.objects.filter(Q(source=OuterRef("pk")) | Q(target=OuterRef("pk")))
    document = get_object_or_404(
        IncomingDocument.objects.visible_to(actor)
        .select_related("register")
        .annotate(
            has_links=Exists(linked), has_papers=Exists(paper), has_dossiers=Exists(filed_in)
        ),
        pk=pk,
    )
    document.agency = actor.agency
    return actor, document


def _wanted(value: str) -> Verb | None:
    """The verb whose form is asked for, if it has one."""
    return Verb(value) if value in Verb.values and Verb(value) in FORMS else None


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper at the left, data, verbs and trail at the right; a leader gets his question."""
    actor, document = open_document(request, pk)
    if document.state == State.RECEIVED and rules.may_receive(actor) is None:
        return redirect("incoming:register_received", actor.agency.slug, document.pk)
    if request.method == "GET":
        _note_opening(actor, document)
    verb = _wanted(request.GET.get("do", ""))
    if asked := _asked(request, actor, document, verb):
        context = _question(request, actor, document, asked, _form(asked, actor, document))
        return render(request, "incoming/leader.html", context)
    form: VerbForm | None = None
    if verb and _rule(verb)(actor, document) is None:
        form = _form(verb, actor, document)
    context = _page(request, actor, document, form=form, current=verb)
    return render_part(request, "incoming/detail.html", "work", context)


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Do a verb: htmx gets the working part, everyone else a redirect; a refusal keeps the form."""
    actor, document = open_document(request, pk)
    wanted = _wanted(verb)
    if wanted is None:
        raise Http404
    if request.method != "POST":
        return redirect(f"{document.get_absolute_url()}?do={wanted.value}")
    form = _form(wanted, actor, document, request.POST)
    refusal: Refusal | None = None
    status, more = 422, "more" in request.POST
    if not more and not form.is_valid():
        # Whose verb it is not is told so, and not that he has chosen nobody.
        said = _rule(wanted)(actor, document)
        if isinstance(said, NotYours):
            refusal, status = said, 409
    elif not more:
        try:
            form.let_in()
            done = _DO[wanted](actor, document, **form.arguments())
        except Refusal as raised:
            refusal, status = raised, 409
            document = open_document(request, pk)[1]
        else:
            messages.success(request, _said(wanted, done))
            return redirect(_after(request, actor, wanted, done))
    if wanted == Verb.DIRECT or request.POST.get("from") == "question":
        asked: Verb = Verb.DIRECT if wanted != Verb.DISTRIBUTE else wanted
        if wanted == Verb.SEND_BACK:
            asked, form = _sent_back_in_vain(request, actor, document, form)
        context = _question(request, actor, document, asked, form, refusal)
        return render(request, "incoming/leader.html", context, status=status)
    context = _page(request, actor, document, form=form, refusal=refusal, current=wanted)
    return render_part(request, "incoming/detail.html", "work", context, status=status)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was corrected in the national fields: before, after, who, when, why."""
    document = open_document(request, pk)[1]
    rows = list(
        Document.history.filter(id=document.pk)
        .select_related("history_user")
        .order_by("history_id")
    )
    labels = {field.name: field_label(field.name) for field in FIELDS}
    changes = [
        {
            "at": after.history_date,
            "who": after.history_user,
            "reason": after.history_change_reason,
            "fields": [
                {"label": labels.get(one.field, one.field), "old": one.old, "new": one.new}
                for one in after.diff_against(before).changes
                if one.field in labels
            ],
        }
        for before, after in pairwise(rows)
    ]
    context = {"document": document, "changes": changes[::-1]}
    return render(request, "incoming/history.html", context)


def _asked(
    request: HttpRequest, actor: Actor, document: IncomingDocument, verb: Verb | None
) -> Verb | None:
    """What a leader is asked on a page of its own: to decide, or to give out (Điều 16.1b)."""
    if "full" in request.GET:
        return None
    if verb in (None, Verb.DIRECT) and rules.may_direct(actor, document) is None:
        return Verb.DIRECT
    if verb == Verb.DISTRIBUTE and document.state == State.SUBMITTED:
        refusal, acting = rules.may_distribute.answer(actor, document)
        if refusal is None and acting.holds(Role.LEADER):
            return Verb.DISTRIBUTE
    return None


def _sent_back_in_vain(
    request: HttpRequest, actor: Actor, document: IncomingDocument, form: VerbForm
) -> tuple[Verb, VerbForm]:
    """The leader's question as he filled it in, with what is missing for returning it."""
    asked = Verb.DISTRIBUTE if document.state == State.SUBMITTED else Verb.DIRECT
    question = _form(asked, actor, document, request.POST)
    question.is_valid()
    for error in form.errors.get("text", []):
        question.add_error("text", error)
    return asked, question


def _rule(verb: Verb) -> Rule:
    return dict(presenting.VERBS)[verb]


def _form(verb: Verb, actor: Actor, document: IncomingDocument, data: Any = None) -> VerbForm:
    """The form as the one whose work it is would see it: a delegate chooses from their people."""
    acting = _rule(verb).answer(actor, document)[1]
    return FORMS[verb](acting, document, data)


def _note_opening(actor: Actor, document: IncomingDocument) -> None:
    """What waits for the reader has been seen; who is only informed is done with it."""
    waits = list(Waiting.objects.waiting_for(actor).filter(document_id=document.pk))
    if any(one.seen_at is None for one in waits):
        mark_seen(document, actor)
    mark_read(actor, document.get_absolute_url())
    if any(one.verb == "read" for one in waits):
        actions.read(actor, document)


def _page(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument,
    *,
    form: VerbForm | None = None,
    refusal: Refusal | None = None,
    current: Verb | None = None,
) -> dict[str, Any]:
    acts = document.acts_read
    dossiers = filed.of_document(actor, document)
    notation = file_notation(dossiers["dossiers"])
    paper = _paper(request, document, notation)
    return {
        **dossiers,
        **paper,
        **asking.asked(actor, document, acts),
        "checks": checks.of_document(actor, document, paper["files"]),
        "document": document,
        "due": presenting.due(document),
        "late_entry": lateness.of_registering(document) if document.registered_at else None,
        "buttons": presenting.verb_buttons(actor, document, current or ""),
        # Of what was taken out the trail tells who had it.
        "assignments": assignment_tree(document) if document.keeps_words else [],
        "links": links_of(actor, document) if document.has_links else [],  # type: ignore[attr-defined]
        "may_reply": rules.may_reply(actor, document) is None,
        "may_copy": rules.may_copy(actor, document) is None,
        "may_link": rules.may_link(actor, document) is None,
        "acts": presenting.trail(acts, numbers=actor.sees_whole_agency),
        "form": form,
        "current": current,
        "refusal": refusal,
        "warnings": presenting.still_open(actor, document) if current == Verb.FINISH else [],
        "fields": presenting.national_fields(actor, document, notation=notation),
        "papers": papers.of_document(actor, document) if document.has_papers else [],  # type: ignore[attr-defined]
        "may_keep_paper": rules.may_keep_paper(actor, document) is None,
        "post_url": reverse("incoming:verb", args=[actor.agency.slug, document.pk, current.value])
        if current
        else "",
    }


def _paper(request: HttpRequest, document: IncomingDocument, notation: str = "") -> dict[str, Any]:
    """The viewer on the chosen page of the chosen file, and what is known of its signatures."""
    files = list(
        Attachment.objects.filter(document_id=document.pk)
        .select_related("file")
        .order_by("ordinal")
    )
    if not files:
        return {"viewer": None, "files": []}
    chosen = request.GET.get("file", "")
    file = next((one for one in files if str(one.ordinal) == chosen), files[0])
    verb = _wanted(request.GET.get("do", ""))
    query = f"?do={verb.value}" if verb else ""
    if "full" in request.GET:
        query = f"{query}{'&' if query else '?'}full=1"
    page = f"{document.get_absolute_url()}{query}"
    return {
        "files": files,
        "file": file,
        "viewer": presenting.viewer(
            document,
            file,
            small_number(request.GET.get("page", "")),
            base_url=page,
            zoom="zoom" in request.GET,
        ),
        "stamp": presenting.arrival_stamp(document, notation, file) if file.ordinal == 1 else None,
        "active": presenting.active_content(file.file.inspection),
    }


def _question(
    request: HttpRequest,
    actor: Actor,
    document: IncomingDocument,
    asked: Verb,
    form: VerbForm,
    refusal: Refusal | None = None,
) -> dict[str, Any]:
    """The leader's page: what is asked, by whom, until when; what waits after it."""
    acts = document.acts_read
    proposals = [act for act in acts if act.verb == Verb.PROPOSE]
    queue = list(
        Waiting.objects.waiting_for(actor)
        .filter(verb__in=_QUESTIONS, document__kind=Kind.INCOMING)
        .urgent_first()
        .values_list("document_id", "document__subject", "document__priority", "due_date", "verb")[
            :50
        ]
    )
    places = [row[0] for row in queue]
    return {
        **_paper(request, document),
        "document": document,
        "due": presenting.due(document),
        "proposal": presenting.trail(proposals[-1:])[0] if proposals else None,
        "plan": plan(getattr(form, "proposed", [])),
        "asked": asked,
        "then": after_consent(actor, asked),
        "acts": presenting.trail(acts, numbers=actor.sees_whole_agency),
        "form": form,
        "refusal": refusal,
        "place": places.index(document.pk) + 1 if document.pk in places else 1,
        "total": max(len(queue), 1),
        "next_ones": [
            {
                "url": _question_url(actor, pk, verb),
                "subject": subject,
                "priority": priority,
                "due_date": day,
            }
            for pk, subject, priority, day, verb in queue
            if pk != document.pk
        ][:5],
        "direct_url": reverse("incoming:verb", args=[actor.agency.slug, document.pk, asked.value]),
        "back_url": reverse("incoming:verb", args=[actor.agency.slug, document.pk, "send_back"]),
    }


def _said(verb: Verb, document: IncomingDocument) -> str:
    """One sentence of what was done."""
    number = {"number": document.number}
    if verb == Verb.DIRECT and document.state == State.IN_PROCESS:
        return _("Đã cho ý kiến và giao việc theo văn bản số đến %(number)s.") % number
    last = document.acts.last()
    if verb == Verb.RECALL and last is not None and last.from_state == State.PROPOSED:
        return _("Đã rút lại văn bản số đến %(number)s trình lãnh đạo.") % number
    sentences = {
        Verb.SUBMIT: _("Đã trình văn bản số đến %(number)s."),
        Verb.PROPOSE: _("Đã trình lãnh đạo văn bản số đến %(number)s."),
        Verb.DIRECT: _("Đã cho ý kiến và chuyển lại văn bản số đến %(number)s."),
        Verb.DISTRIBUTE: _("Đã phân phối văn bản số đến %(number)s."),
        Verb.ASSIGN: _("Đã giao việc theo văn bản số đến %(number)s."),
        Verb.PROGRESS: _("Đã ghi tiến độ."),
        Verb.COMMENT: _("Đã ghi ý kiến."),
        Verb.FINISH: _("Đã kết thúc phần việc của văn bản số đến %(number)s."),
        Verb.TAKE_BACK: _("Đã thu hồi phần việc; giao lại cho người khác được."),
        Verb.SEND_BACK: _("Đã chuyển trả văn bản số đến %(number)s."),
        Verb.SHARE: _("Đã thông báo văn bản số đến %(number)s."),
        Verb.CANCEL: _("Đã hủy văn bản số đến %(number)s; bên gửi được báo."),
        Verb.KEEP: _("Đã ghi lý do không hủy văn bản số đến %(number)s; bên gửi được báo."),
        Verb.RECALL: _("Đã thu hồi việc vừa phân phối theo văn bản số đến %(number)s."),
        Verb.REOPEN: _("Đã mở lại văn bản số đến %(number)s."),
        Verb.PURGE: _("Đã gỡ nội dung văn bản số đến %(number)s. Số đến và diễn biến giữ lại."),
        Verb.URGE: _("Đã đôn đốc, văn bản số đến %(number)s."),
        Verb.REQUEST_EXTENSION: _("Đã gửi yêu cầu gia hạn; việc vẫn tiếp tục."),
        Verb.DECIDE_EXTENSION: _("Đã quyết định yêu cầu gia hạn."),
        Verb.ASK_OPINION: _("Đã gửi xin ý kiến về văn bản số đến %(number)s."),
        Verb.GIVE_OPINION: _("Đã gửi góp ý về văn bản số đến %(number)s."),
        Verb.WITHDRAW_OPINION: _("Đã thôi xin ý kiến."),
    }
    return sentences[verb] % number


def _question_url(actor: Actor, pk: int, verb: str) -> str:
    page = reverse("incoming:detail", args=[actor.agency.slug, pk])
    return page if verb == Verb.DIRECT else f"{page}?do={verb}"


def _after(request: HttpRequest, actor: Actor, verb: Verb, document: IncomingDocument) -> str:
    """Where one goes on: a leader to his next question, everyone else back to the document."""
    if verb in (Verb.DIRECT, Verb.SEND_BACK) or request.POST.get("from") == "question":
        following = (
            Waiting.objects.waiting_for(actor)
            .filter(verb__in=_QUESTIONS, document__kind=Kind.INCOMING)
            .urgent_first()
            .first()
        )
        leads = verb == Verb.DIRECT or request.POST.get("from") == "question"
        if following is not None and (leads or following.verb == Verb.DIRECT):
            return _question_url(actor, following.document_id, following.verb)
        if verb == Verb.DIRECT or (leads and verb == Verb.DISTRIBUTE):
            return reverse("reports:desk", args=[actor.agency.slug])
    return document.get_absolute_url()
