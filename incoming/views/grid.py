"""The distribution grid: one page, one form; a verdict for every row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor
from core.errors import Refusal
from core.htmx import render_part
from core.text import small_number
from documents.forms.lines import OfficeForm
from dossiers.filing import typed_dossier
from incoming import actions, rules
from incoming.actions import Row, Verdict
from incoming.forms.grid import EndForm, LeaderForm
from incoming.grid import MOST, SIZE, GridRow, Sheet, sent_rows, sentence, waiting_count
from incoming.models import IncomingDocument


@dataclass
class Answer:
    """What a request did: in words, which rows have gone, which came back, which can come back."""

    words: str = ""
    status: int = 200
    gone: set[int] = field(default_factory=set)
    back: set[int] = field(default_factory=set)
    sent: list[int] = field(default_factory=list)
    # What could not be taken back: the document, and why.
    kept: list[tuple[IncomingDocument, Refusal]] = field(default_factory=list)
    # What the gate asks about words that were typed.
    look: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest) -> HttpResponse:
    """Give out what waits: the good rows go through, the bad keep what was typed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if rules.may_give_out(actor) is not None:
        raise Http404
    page = max(small_number(request.GET.get("page", "")), 1)
    dossier = typed_dossier(request)
    if request.method != "POST":
        sheet = Sheet(actor, page=page, dossier=dossier)
        if not sheet.rows and page > 1:
            return redirect(_path(sheet))
        return _drawn(request, sheet, Answer(sent=_keys(request.GET.get("sent", "").split("."))))
    keys = _keys(request.POST.getlist("doc"))
    sheet = Sheet(actor, page=page, dossier=dossier, keys=keys, data=request.POST)
    leader, ended = _panels(request, sheet)
    answer = _done(request, sheet, leader, ended)
    if answer.back:
        keys = [*keys, *sorted(answer.back)]
        sheet = Sheet(actor, page=page, dossier=dossier, keys=keys, data=request.POST)
    if answer.gone or answer.status == 409:
        sheet.look_again(answer.gone)
    if (answer.gone or answer.back) and answer.status == 200 and not sheet.has_typed():
        return _onward(request, sheet, answer)
    return _drawn(request, sheet, answer, leader=leader, ended=ended)


@dataclass
class Press:
    """A button of the form, the rows that it is for, and what was said once for all of them."""

    request: HttpRequest
    sheet: Sheet
    ticked: list[GridRow]
    number: int
    leader: LeaderForm
    ended: EndForm


def _panels(request: HttpRequest, sheet: Sheet) -> tuple[LeaderForm, EndForm]:
    """What is said once for all rows: checked when its button was pressed, else kept as typed."""
    typed, do = request.POST.dict(), request.POST.get("do")
    data = request.POST if do == "propose" else None
    return (
        LeaderForm(sheet.acting, sheet.names.targets, data, initial=typed),
        EndForm(sheet.acting, request.POST if do == "finish" else None, initial=typed),
    )


def _done(request: HttpRequest, sheet: Sheet, leader: LeaderForm, ended: EndForm) -> Answer:
    """Do what the pressed button says."""
    do, _dash, key = request.POST.get("do", "send").partition("-")
    number = _key(key)
    if do == "recall":
        shown = _keys(request.POST.getlist("sent"))
        return _recalled(sheet, [number] if number else shown, shown)
    if do == "suggest" and number:
        ticked = [row for row in sheet.rows if row.document.pk == number]
        for row in ticked:
            row.ticked, row.values["lead"] = True, ""
    else:
        ticked = [row for row in sheet.rows if row.ticked]
    if not ticked:
        return Answer(_("Chưa chọn dòng nào."), status=422)
    return _BUTTONS.get(do, _send)(Press(request, sheet, ticked, number, leader, ended))


def _suggest(press: Press) -> Answer:
    waiting = [row for row in press.ticked if not row.is_gone]
    found = press.sheet.suggest(waiting)
    return Answer(
        _("Đã điền gợi ý vào %(n)d dòng, %(rest)d dòng giữ nguyên. Xem lại rồi chuyển.")
        % {"n": found, "rest": len(waiting) - found}
    )


def _preset(press: Press) -> Answer:
    preset = next((one for one in press.sheet.presets if one.pk == press.number), None)
    if preset is None:
        return Answer(_("Mẫu này không còn dùng."), status=422)
    found = press.sheet.apply(preset, [row for row in press.ticked if not row.is_gone])
    return Answer(
        _("Đã điền mẫu “%(name)s” vào %(n)d dòng. Xem lại rồi chuyển.")
        % {"name": preset.name, "n": found}
    )


def _propose(press: Press) -> Answer:
    form = press.leader
    if not form.is_valid():
        return Answer(_first_error(form), status=422)
    if asked := _asked(form):
        return asked
    person = form.people[form.cleaned_data["leader"]].user
    words = form.cleaned_data["propose_text"]
    return _tried(
        press,
        "propose",
        lambda rows: actions.propose_many(press.sheet.actor, rows, person, text=words),
    )


def _finish(press: Press) -> Answer:
    if not press.ended.is_valid():
        return Answer(_first_error(press.ended), status=422)
    if asked := _asked(press.ended):
        return asked
    words, dossier = press.ended.cleaned_data["finish_text"], press.ended.dossier_chosen
    return _tried(
        press,
        "finish",
        lambda rows: actions.finish_many(press.sheet.actor, rows, text=words, dossier=dossier),
    )


def _asked(form: OfficeForm) -> Answer | None:
    """What is said of words that the gate does not let in, once for all rows."""
    said = _refused_words(form)
    return Answer(said.message, status=422, look=getattr(said, "look", "")) if said else None


def _refused_words(form: OfficeForm) -> Refusal | None:
    """The same of one row."""
    try:
        form.let_in()
    except Refusal as said:
        return said
    return None


def _send(press: Press) -> Answer:
    return _tried(press, "send", lambda rows: actions.distribute_many(press.sheet.actor, rows))


_BUTTONS = {"suggest": _suggest, "preset": _preset, "propose": _propose, "finish": _finish}


def _tried(press: Press, verb: str, work: Callable[[list[Row]], list[Verdict]]) -> Answer:
    """Send the rows that are rightly filled in; say of the others why not."""
    ticked, data = press.ticked, press.request.POST
    wanted, by_key = [], {row.document.pk: row for row in ticked}
    looks: list[str] = []
    for row in ticked:
        form = press.sheet.form(row, data)
        if form.is_valid() or verb == "finish":
            said = _refused_words(form) if verb != "finish" else None
            if said is not None:
                row.refusal = said
                looks.append(getattr(said, "look", ""))
                continue
            lines = form.lines() if verb != "finish" else ()
            wanted.append(Row(row.document.pk, press.sheet.seen(row, data), lines))
        else:
            row.errors = [str(error) for errors in form.errors.values() for error in errors]
    answer = Answer(look=" ".join(looks).strip())
    failed = len(ticked) - len(wanted)
    for verdict in work(wanted):
        row = by_key[verdict.key]
        if verdict.refusal is None:
            answer.gone.add(verdict.key)
        else:
            row.refusal, failed = verdict.refusal, failed + 1
    if verb == "send":
        answer.sent = [row.document.pk for row in ticked if row.document.pk in answer.gone]
    answer.words = sentence(verb, len(answer.gone), failed)
    answer.status = 409 if failed else 200
    return answer


def _recalled(sheet: Sheet, keys: list[int], shown: list[int]) -> Answer:
    """Take back what was just sent; who has opened it meanwhile is named."""
    verdicts = actions.recall_many(sheet.actor, keys)
    refused = {one.key: one.refusal for one in verdicts if one.refusal}
    back = {one.key for one in verdicts if not one.refusal}
    seen = IncomingDocument.objects.visible_to(sheet.actor).in_bulk(refused)
    return Answer(
        sentence("recall", len(back), len(refused)),
        status=409 if refused else 200,
        back=back,
        sent=[key for key in shown if key not in back],
        kept=[(seen[key], refusal) for key, refusal in refused.items() if key in seen],
    )


def _onward(request: HttpRequest, sheet: Sheet, answer: Answer) -> HttpResponse:
    """The page anew; what was just sent stays in its address, so that it can be taken back."""
    query = {"page": str(sheet.page)} if sheet.page > 1 else {}
    if answer.sent:
        query["sent"] = ".".join(map(str, answer.sent))
    if not answer.gone.intersection(answer.sent):
        messages.success(request, answer.words)
    return redirect(_path(sheet, **query))


def _path(sheet: Sheet, **query: str) -> str:
    """The grid, narrowed as it is."""
    path = reverse("incoming:grid", args=[sheet.actor.agency.slug])
    asked = ({"dossier": sheet.dossier} if sheet.dossier else {}) | query
    return f"{path}?{urlencode(asked)}" if asked else path


def _drawn(
    request: HttpRequest,
    sheet: Sheet,
    answer: Answer,
    *,
    leader: LeaderForm | None = None,
    ended: EndForm | None = None,
) -> HttpResponse:
    if request.method == "POST":
        sheet.total = waiting_count(sheet.actor, sheet.dossier)
    pages = -(-sheet.total // SIZE)
    proposes = rules.proposes(sheet.acting)
    context = {
        "sheet": sheet,
        "dossier": sheet.dossier,
        "ticked": sum(row.ticked and not row.is_gone for row in sheet.rows),
        "answer": answer,
        "sent": sent_rows(sheet.actor, answer.sent),
        "presets": [(place + 2, one) for place, one in enumerate(sheet.presets)],
        "leader": (leader or LeaderForm(sheet.acting, sheet.names.targets)) if proposes else None,
        "ended": ended or EndForm(sheet.acting),
        "pages": pages,
        "previous_url": _path(sheet, page=str(sheet.page - 1)) if sheet.page > 1 else "",
        "next_url": _path(sheet, page=str(sheet.page + 1)) if sheet.page < pages else "",
    }
    return render_part(request, "incoming/grid.html", "grid", context, status=answer.status)


def _keys(values: Sequence[str]) -> list[int]:
    """Keys of documents as a form or an address names them, each once."""
    return list(dict.fromkeys(key for value in values if (key := _key(value))))[:MOST]


def _key(value: str) -> int:
    """A key; 0 for anything else."""
    return int(value) if value.isdecimal() and len(value) < 16 else 0


def _first_error(form: LeaderForm | EndForm) -> str:
    return str(next(iter(form.errors.values()))[0])
