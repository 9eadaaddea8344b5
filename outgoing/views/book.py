"""Sổ đăng ký văn bản đi: what was numbered, by register and number (NĐ 30/2020 Phụ lục IV, I)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.text import small_key, small_number
from documents.choices import Book
from documents.models import Register
from outgoing.choices import State
from outgoing.models import OutgoingDocument

SIZE = 50
BOOKS = (Book.OUTGOING, Book.INTERNAL, Book.COPIES)


@require_safe
def register_book(request: HttpRequest) -> HttpResponse:
    """One register, newest number first, 50 a page; a number that was voided stays in its place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = Register.objects.filter(agency=actor.agency, book__in=BOOKS)
    registers = list(found.order_by("-year", "book", "name"))
    wanted = small_key(request.GET.get("register", ""))
    chosen = next((one for one in registers if one.pk == wanted), None) or next(
        iter(registers), None
    )
    rows: list[OutgoingDocument] = []
    below = small_number(request.GET.get("below", ""), 0)
    if chosen is not None:
        seen = OutgoingDocument.objects.visible_to(actor).filter(register=chosen)
        if below:
            seen = seen.filter(number__lt=below)
        whole = seen.select_related("drafter__unit", "agency").order_by("-number")
        rows = list(whole[: SIZE + 1])
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    context: dict[str, Any] = {
        "registers": [
            {"label": _label(one), "key": one.pk, "current": one is chosen} for one in registers
        ],
        "title": _label(chosen) if chosen else "",
        "rows": [_row(actor, one) for one in rows],
        "older_url": f"?register={chosen.pk}&below={rows[-1].number}" if chosen and more else "",
        "newest_url": f"?register={chosen.pk}" if chosen and below else "",
    }
    return render(request, "outgoing/book.html", context)


def _label(register: Register) -> str:
    name = f", {register.name}" if register.name else ""
    return _("%(book)s năm %(year)d%(name)s") % {
        "book": register.get_book_display(),
        "year": register.year,
        "name": name,
    }


def _row(actor: Actor, one: OutgoingDocument) -> dict[str, Any]:
    one.agency = actor.agency
    return {
        "url": one.get_absolute_url(),
        "code": one.code,
        "day": one.issued_date,
        "type_name": one.type_name,
        "subject": one.subject,
        "signer": one.signer_full_name,
        "to_places": one.to_places,
        "keeper": one.drafter.unit.short_name,
        "state": one.get_state_display(),
        "is_void": one.state in (State.VOID, State.RECALLED),
    }
