"""One verb on many documents: a transaction and a verdict for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.actor import Actor, Rule
from core.errors import Refusal
from dossiers.models import Dossier
from incoming import actions, rules
from incoming.choices import Verb
from incoming.forms.bulk import BULK
from incoming.models import IncomingDocument

MOST = 200  # documents in one go
_RULES: Mapping[Verb, Rule] = {Verb.FINISH: rules.may_finish, Verb.SHARE: rules.may_share}


@dataclass
class BulkRow:
    """A chosen document: whether the verb may be done, or what has become of it."""

    document: IncomingDocument
    refusal: Refusal | None = None
    is_done: bool = False


def chosen_keys(data: QueryDict) -> list[int]:
    """Keys of the documents that were ticked, each once, MOST at most."""
    typed = data.getlist("document")
    keys = [int(value) for value in typed if value.isdecimal() and len(value) < 18]
    return list(dict.fromkeys(keys))[:MOST]


@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: HttpRequest, verb: str) -> HttpResponse:
    """What was ticked in a list, once more with its form; POST does it row by row."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if verb not in BULK:
        raise Http404
    wanted = Verb(verb)
    sent = request.method == "POST"
    keys = chosen_keys(request.POST if sent else request.GET)
    form = BULK[wanted](actor, request.POST if sent else None)
    rows = _rows(actor, keys, wanted)
    status, refusal = 200, None
    if sent:
        status = 422
        if form.is_valid() and rows:
            try:
                form.let_in()
                status = _do_all(actor, wanted, rows, form.arguments())
            except Refusal as raised:
                refusal, status = raised, 409
    done = sum(row.is_done for row in rows)
    left = [row for row in rows if not row.is_done]
    context = {
        "verb": wanted,
        "form": form,
        "refusal": refusal,
        "rows": rows,
        "done": done,
        "left": len(left),
        "may": sum(row.refusal is None for row in left),
        "said": _said(wanted, done, len(left)) if done else "",
        "is_over": sent and not left and bool(rows),
        "too_many": len(keys) == MOST,
    }
    return render(request, "incoming/bulk.html", context, status=status)


def _rows(actor: Actor, keys: list[int], verb: Verb) -> list[BulkRow]:
    """Those that the actor sees, in the order of the list, each with its rule's answer."""
    documents = (
        IncomingDocument.objects.visible_to(actor)
        .registered()
        .filter(pk__in=keys)
        .prefetch_related("assignments__unit", "assignments__person", "assignments__given_by__user")
        .order_by("-day", "-number", "-pk")
    )
    rows = []
    for document in documents:
        document.agency = actor.agency
        # Read at once for all of them; the verb reads its own again under the lock.
        document.all_assignments = list(document.assignments.all())
        rows.append(BulkRow(document, _RULES[verb](actor, document)))
    return rows


def _do_all(actor: Actor, verb: Verb, rows: list[BulkRow], arguments: dict[str, Any]) -> int:
    """Each in its own transaction; one that is refused stops no other. The status of the page."""
    do = getattr(actions, verb.value)
    for row in rows:
        try:
            row.document = do(actor, row.document, **arguments)
            row.document.agency = actor.agency
            row.refusal, row.is_done = None, True
        except Refusal as said:
            row.refusal = said
        except Dossier.DoesNotExist:
            row.refusal = Refusal(_("Hồ sơ không còn trong phạm vi được xem."))
        except IncomingDocument.DoesNotExist:
            # Taken out of his sight since the page was drawn.
            row.refusal = Refusal(_("Văn bản không còn trong phạm vi được xem."))
    return 200 if any(row.is_done for row in rows) else 409


def _said(verb: Verb, done: int, left: int) -> str:
    """How many went through, and how many did not."""
    words = {
        Verb.FINISH: ngettext(
            "Đã kết thúc %(done)d văn bản.", "Đã kết thúc %(done)d văn bản.", done
        ),
        Verb.SHARE: ngettext(
            "Đã thông báo %(done)d văn bản.", "Đã thông báo %(done)d văn bản.", done
        ),
    }
    said = words[verb] % {"done": done}
    if left:
        said += " " + ngettext(
            "%(left)d văn bản chưa làm được.", "%(left)d văn bản chưa làm được.", left
        ) % {"left": left}
    return said
