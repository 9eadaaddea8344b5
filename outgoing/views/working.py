"""The verbs of a draft: the form of each, and what is made before it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from accounts.regulation import Provision
from core.errors import NotYours, Refusal
from core.text import clean, small_key
from documents.gate import Asked
from documents.uploads import fault_sentences
from outgoing import actions, findings, presenting, rules
from outgoing.actions import routing
from outgoing.actions.making import making
from outgoing.actions.producing import (
    brought,
    errand_of,
    open_errand_of,
    scanned,
    seal_all,
    sealed,
    signed,
)
from outgoing.actions.standing import taking_over
from outgoing.actions.uploading import looked_at
from outgoing.checking import Finding
from outgoing.choices import PASSING, State, Verb
from outgoing.forms.verbs import FORMS
from outgoing.models import OutgoingDocument
from outgoing.views.opening import open_draft
from outgoing.views.showing import unsaved

_DO = {verb: getattr(actions, verb) for verb in FORMS}
SIGNED = frozenset({Verb.SIGN, Verb.SEAL})
# These look through what is written for the forbidden kinds themselves, with what they keep of it;
# for the others the form does.
WORDED = frozenset(
    {
        *(Verb.COMMENT, Verb.ASK_OPINION, Verb.GIVE_OPINION, Verb.SUBMIT, Verb.SEND_BACK),
        *PASSING.values(),
    }
)
# At these the form check is looked at, and errors are answered for.
CHECKED = frozenset({Verb.CHECK_FORMAT, Verb.APPRAISE, Verb.CHECK_AGAIN})


@require_http_methods(["GET", "HEAD", "POST"])
def verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The form of a verb; a POST does it, a refusal keeps what was typed."""
    actor, document = open_draft(request, pk)
    if verb not in FORMS:
        raise Http404
    wanted = Verb(verb)
    rule = dict(presenting.VERBS)[wanted]
    refusal, acting = rule.answer(actor, document)
    if request.method != "POST":
        if refusal is not None:
            return redirect(document)
        return _form(request, document, wanted, FORMS[wanted](acting, document))
    if wanted in SIGNED and (key := small_key(request.POST.get("errand", ""))):
        return _bring(request, actor, document, wanted, key)
    if wanted in SIGNED and "outside" in request.POST:
        return _send_out(request, actor, document, wanted)
    form: Any = FORMS[wanted](acting, document, request.POST)
    if isinstance(refusal, NotYours):
        return _form(request, document, wanted, form, refusal, status=409)
    if not form.is_valid():
        return _form(request, document, wanted, form, refusal, status=409 if refusal else 422)
    overruled, left = _overruled(request, document, wanted)
    if left:
        said = Refusal(_("Còn điểm về thể thức chưa sửa. Trả lại để sửa, hoặc ghi lý do bỏ qua."))
        return _form(request, document, wanted, form, said, status=409)
    answered = request.POST.get("looked", "") if request.POST.get("not_forbidden") else None
    try:
        with _files(request, actor, document, wanted, answered, form) as (made, given):
            more: dict[str, Any] = {"overruled": overruled} if wanted in CHECKED else {}
            if wanted in WORDED:
                more["answered"] = answered
            else:
                form.let_in()
            done = _DO[wanted](actor, document, *made, **form.arguments(), **given, **more)
        if wanted == Verb.NUMBER:
            done = actions.write_number(actor, done)
        if wanted == Verb.SEAL and done.unsealed_annexes().exists():
            done = seal_all(actor, done, **form.signing)
    except Refusal as raised:
        document = open_draft(request, pk)[1]
        # The file may be asked about first, the words beside it then.
        look = f"{answered or ''} {raised.look}".strip() if isinstance(raised, Asked) else ""
        return _form(request, document, wanted, form, raised, look=look, status=409)
    messages.success(request, _done(wanted, done))
    return redirect(done)


def _bring(
    request: HttpRequest, actor: Actor, document: OutgoingDocument, wanted: Verb, key: int
) -> HttpResponse:
    """The verb with a file that was signed outside and came back."""
    try:
        with brought(actor, document, key) as result:
            more = {"seen": document.version_count} if wanted == Verb.SIGN else {}
            done = _DO[wanted](actor, document, result, **more)
    except Refusal as raised:
        messages.error(request, raised.message)
        return redirect(document)
    messages.success(request, _done(wanted, done))
    return redirect(done)


@contextmanager
def _files(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument,
    wanted: Verb,
    answered: str | None,
    form: Any,
) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """What is submitted, signed or sealed becomes a file first; one that is sent is looked at."""
    sent: Any = request.FILES.get("file")
    if faults := fault_sentences(request, "file"):
        raise Refusal(" ".join(faults), field="file")  # nothing is said without what goes with it
    if wanted == Verb.SUBMIT:
        routing.allowed(rules.may_submit, actor, document)
        with making(actor, document, answered=answered) as made:
            yield [made], {}
    elif wanted == Verb.SIGN:
        with signed(actor, document, **form.signing) as result:
            yield [result], {}
    elif wanted == Verb.TAKE_OVER:
        with taking_over(actor, document, sent, answered=answered) as sheet:
            yield [sheet], {}
    elif wanted == Verb.SEAL:
        with sealed(actor, document, **form.signing) as result:
            yield [result], {}
    elif wanted == Verb.ATTACH_SCAN:
        if not sent:
            raise Refusal(_("Chọn tệp bản quét."), field="file")
        with scanned(actor, document, sent, answered=answered) as result:
            yield [result], {}
    elif wanted == Verb.GIVE_OPINION and sent:
        with looked_at(actor, sent, answered=answered, is_beside=True) as file:
            yield [], {"file": file}
    else:
        yield [], {}


def _overruled(
    request: HttpRequest, document: OutgoingDocument, wanted: Verb
) -> tuple[dict[str, str], list[str]]:
    """Reasons for what is let stand, and the errors that have none."""
    if wanted not in CHECKED:
        return {}, []
    version = document.versions.get(ordinal=document.version_count)
    found = findings.check(document, version)
    given = {code: clean(request.POST.get(f"why-{code}", ""))[:500] for code in found.codes}
    return {code: why for code, why in given.items() if why}, [
        code for code, why in given.items() if not why
    ]


def _done(wanted: Verb, document: OutgoingDocument) -> str:
    is_step = wanted != Verb.TAKE_OVER
    if is_step and (document.state in document.way or document.state == "signing"):
        return _("Đã chuyển: %(state)s.") % {"state": document.get_state_display().lower()}
    return {
        Verb.SEND_BACK: _("Đã chuyển trả."),
        Verb.WITHDRAW: _("Đã rút dự thảo về."),
        Verb.ABANDON: _("Đã bỏ dự thảo; các bản đã lưu còn nguyên."),
        Verb.RECALL: _("Đã thu hồi; nơi nhận được báo."),
        Verb.RESUME: _("Dự thảo trở lại bước soạn thảo."),
        Verb.HAND_OVER: _("Đã giao người khác soạn."),
        Verb.APPROVE: _("Đã ký duyệt."),
        Verb.NOTE_PAPER: _("Đã ghi nhận bản giấy."),
        Verb.TAKE_OVER: _("Đã nhận ký thay; xem bản in mới rồi ký."),
        Verb.SIGN: _("Đã ký số."),
        Verb.NUMBER: _("Đã cấp số %(code)s.") % {"code": document.code},
        Verb.ATTACH_SCAN: _("Đã đính kèm bản quét."),
        Verb.SEAL: _("Đã ký số của cơ quan; còn phụ lục chưa ký.")
        if document.state == State.SEALED and document.unsealed_annexes().exists()
        else _("Đã ký số của cơ quan. Văn bản chờ phát hành."),
        Verb.VOID: _("Đã hủy văn bản; số đã cấp không dùng lại."),
        Verb.ASK_OPINION: _("Đã gửi xin ý kiến."),
        Verb.GIVE_OPINION: _("Đã gửi góp ý."),
        Verb.WITHDRAW_OPINION: _("Đã thôi xin ý kiến."),
        Verb.SHARE: _("Đã thông báo."),
    }.get(wanted, _("Đã ghi ý kiến."))


def _form(
    request: HttpRequest,
    document: OutgoingDocument,
    wanted: Verb,
    form: Any,
    refusal: Refusal | None = None,
    *,
    look: str = "",
    status: int = 200,
) -> HttpResponse:
    version = document.versions.select_related("source").get(ordinal=document.version_count)
    checked = findings.check(document, version) if wanted in CHECKED | {Verb.SUBMIT} else None
    # One reason for all places of one fault.
    found: dict[str, list[Finding]] = {}
    for one in checked.errors if checked else ():
        found.setdefault(one.code, []).append(one)
    rows = [
        {"code": code, "findings": each, "why": request.POST.get(f"why-{code}", "")}
        for code, each in found.items()
    ]
    context = {
        "document": document,
        "verb": wanted,
        "title": presenting.label_of(wanted, document),
        "form": form,
        "refusal": refusal,
        "look": look,
        "rows": rows,
        "hints": checked.hints if checked else (),
        "must_answer": wanted in CHECKED,
        "spelling": _spelling(document) if wanted == Verb.CHECK_AGAIN else None,
        "waited": document.open_opinions if wanted == Verb.SUBMIT else [],
        "unsaved": unsaved(request.actor, document)  # type: ignore[attr-defined]
        if wanted == Verb.SUBMIT
        else None,
        "version": version,
        "errand": open_errand_of(request.actor, document, wanted)  # type: ignore[attr-defined]
        if wanted in SIGNED and not refusal
        else None,
        "may_send_out": wanted in SIGNED,
        "keys_url": reverse("keys:keys") if wanted == Verb.SIGN else "",
    }
    return render(request, "outgoing/verb.html", context, status=status)


def _send_out(
    request: HttpRequest, actor: Actor, document: OutgoingDocument, wanted: Verb
) -> HttpResponse:
    """The file goes out to a key that is not here; its page goes on from there."""
    try:
        errand_of(actor, document, wanted, page=presenting.url_of(wanted, document))
    except Refusal as raised:
        form = FORMS[wanted](actor, document)
        return _form(request, document, wanted, form, raised, status=409)
    return redirect(presenting.url_of(wanted, document))


def _spelling(document: OutgoingDocument) -> Provision[bool] | None:
    """The provision by which the clerk checks the spelling (Kon Tum Điều 17.1)."""
    agency = document.agency
    found = agency.regulation.spelling_checked(member=agency.is_member)
    return found if found and found.value else None
