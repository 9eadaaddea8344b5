"""Sổ đăng ký văn bản đi: what was numbered, by register and number (NĐ 30/2020 Phụ lục IV, I)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core import clock
from core.errors import Refusal
from core.text import small_number
from documents import spreadsheets
from documents.choices import Book
from documents.models import Register
from documents.printed import in_vietnamese, printed
from dossiers.filing import of_dossiers, typed_dossier
from outgoing import entries
from outgoing.entries import Span
from outgoing.forms.book import SpanForm
from outgoing.models import OutgoingDocument

SIZE = 50
SHOWN = 6  # receivers of one document on the page; print and table have all of them
LONGEST_PRINT = 1000
LONGEST_TABLE = 20_000
BOOKS = (Book.OUTGOING, Book.INTERNAL, Book.COPIES)
_INTERNAL = "-internal"  # behind the key of a register


@dataclass(frozen=True)
class _Shown:
    """A register, or what of it stays in the house: that is read and printed as a book of its own,
    while its numbers are those of the register (NĐ 30/2020 Điều 15.1)."""

    register: Register
    is_internal: bool = False

    @property
    def key(self) -> str:
        return f"{self.register.pk}{_INTERNAL if self.is_internal else ''}"

    @property
    def title(self) -> str:
        book = Book.INTERNAL if self.is_internal else Book(self.register.book)
        return str(book.label)

    @property
    def label(self) -> str:
        name = f", {self.register.name}" if self.register.name else ""
        return _("%(book)s năm %(year)d%(name)s") % {
            "book": self.title,
            "year": self.register.year,
            "name": name,
        }

    def seen_by(self, actor: Actor, span: Span, dossier: str = "") -> Any:
        """What of it the actor may see, of these days."""
        seen = span.narrow(
            OutgoingDocument.objects.visible_to(actor).filter(register=self.register)
        )
        if self.is_internal:
            seen = seen.filter(is_internal=True)
        return seen.filter(of_dossiers(actor, dossier)) if dossier else seen


@require_safe
def register_book(request: HttpRequest) -> HttpResponse:
    """One register, newest number first, 50 a page; a number that was voided stays in its place."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    registers, chosen = _registers(request, actor)
    form = SpanForm(request.GET)
    span = form.span()
    dossier = typed_dossier(request)  # a printed register is always whole
    rows: list[OutgoingDocument] = []
    below = small_number(request.GET.get("below", ""), 0)
    if chosen is not None:
        seen = chosen.seen_by(actor, span, dossier)
        if below:
            seen = seen.filter(number__lt=below)
        rows = list(seen.with_people().order_by("-number")[: SIZE + 1])
    more = len(rows) > SIZE
    rows = rows[:SIZE]
    kept = {"register": chosen.key, **span.query} if chosen else {}
    more_kept = {"dossier": dossier} if dossier else {}
    here = kept | more_kept
    newest = f"?{urlencode(here)}" if chosen else ""

    def address(name: str, **more: str) -> str:
        return f"{reverse(name, args=[actor.agency.slug])}?{urlencode(kept | more)}"

    context: dict[str, Any] = {
        "form": form,
        "registers": [
            {"label": one.label, "key": one.key, "current": one is chosen} for one in registers
        ],
        "title": chosen.label if chosen else "",
        "is_internal": chosen is not None and chosen.is_internal,
        "rows": [
            {"entry": one, "shown": one.places[:SHOWN], "more": len(one.places[SHOWN:])}
            for one in entries.entries_of(actor, rows)
        ],
        "narrowed": bool(span.query or dossier),
        "dossier": dossier,
        "older_url": f"{newest}&below={rows[-1].number}" if chosen and more else "",
        "newest_url": newest if below else "",
        "print_url": address("outgoing:book_print") if chosen else "",
        "export_urls": [
            {
                "label": kind.upper(),
                "url": address("outgoing:book_export", format=kind, **more_kept),
            }
            for kind in spreadsheets.TYPES
            if chosen
        ],
        "print_rule": actor.agency.regulation.print_register,
    }
    return render(request, "outgoing/book.html", context, status=422 if form.errors else 200)


@require_safe
@in_vietnamese
def printed_book(request: HttpRequest) -> HttpResponse:
    """The register of some days (today's, if none is said) as it is printed, signed and bound.

    NĐ 30/2020 Điều 16.2b, Sơn La Điều 9.3.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    _others, chosen = _registers(request, actor)
    form = SpanForm(request.GET)
    span = form.span()
    if chosen is None or form.errors:
        return _nothing(request, 422 if form.errors else 404)
    if not span.query:
        span = Span(clock.today(), clock.today())
    keys = _keys(actor, chosen, span, LONGEST_PRINT)
    if len(keys) > LONGEST_PRINT:
        raise Refusal(_too_many(LONGEST_PRINT))
    rows = list(entries.of_keys(actor, keys))
    agency = actor.agency
    whole = actor.sees_whole_agency
    back = reverse("outgoing:book", args=[agency.slug])
    context = {
        "rows": rows,
        "title": chosen.title,
        "name": chosen.register.name,
        "year": chosen.register.year,
        "since": span.since or (rows[0].document.issued_date if rows else None),
        "until": span.until or (rows[-1].document.issued_date if rows else None),
        "numbers": (rows[0].document.code_number, rows[-1].document.code_number) if rows else (),
        "agency": agency.name,
        "parent": agency.parent.name if agency.parent else "",
        "reader": "" if whole else f"{actor.principal.full_name}, {actor.appointment.title}",
        "article": agency.regulation.print_register.article,
        "back_url": f"{back}?{urlencode({'register': chosen.key, **span.query})}",
    }
    days = "-".join(f"{day:%Y%m%d}" for day in (context["since"], context["until"]) if day)
    return printed(request, "register", context, f"so-van-ban-di-{days}")


@require_safe
def export_book(request: HttpRequest) -> HttpResponseBase:
    """The register, or some days of it, as a table: oldest number first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    kind = request.GET.get("format", "xlsx")
    _others, chosen = _registers(request, actor)
    form = SpanForm(request.GET)
    span = form.span()
    if kind not in spreadsheets.TYPES:
        return HttpResponse(status=404)
    if chosen is None or form.errors:
        return _nothing(request, 422 if form.errors else 404)
    keys = _keys(actor, chosen, span, LONGEST_TABLE, typed_dossier(request))
    if len(keys) > LONGEST_TABLE:
        raise Refusal(_too_many(LONGEST_TABLE))
    head = [str(label) for label in entries.HEAD]
    rows = entries.table(entries.of_keys(actor, keys))
    if kind == "csv":
        file = spreadsheets.as_csv(head, rows)
    else:
        file = spreadsheets.as_xlsx(head, rows, chosen.title, entries.WIDTHS)
    return spreadsheets.downloaded(file, f"so-van-ban-di-{clock.today():%Y%m%d}", kind)


def _registers(request: HttpRequest, actor: Actor) -> tuple[list[_Shown], _Shown | None]:
    """The books of the agency, and the one that is asked for, or else the newest."""
    found = Register.objects.filter(agency=actor.agency, book__in=BOOKS)
    books = []
    for one in found.order_by("-year", "book", "name"):
        books.append(_Shown(one))
        if one.book == Book.OUTGOING:
            books.append(_Shown(one, is_internal=True))
    books.sort(key=lambda one: (-one.register.year, one.is_internal))
    # Nobody means the documents of the house who names no book.
    wanted = request.GET.get("register", "")
    chosen = next((one for one in books if one.key == wanted), None)
    return books, chosen or next(iter(books), None)


def _keys(actor: Actor, book: _Shown, span: Span, most: int, dossier: str = "") -> list[int]:
    seen = book.seen_by(actor, span, dossier)
    return list(seen.order_by("number").values_list("pk", flat=True)[: most + 1])


def _too_many(most: int) -> str:
    return _("Sổ có hơn %(limit)s văn bản. Chọn ít ngày hơn rồi làm từng phần.") % {
        "limit": f"{most:,}".replace(",", ".")
    }


def _nothing(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "outgoing/no_book.html", {"form": SpanForm(request.GET)}, status=status)
