"""Mục lục văn bản trong hồ sơ (NĐ 30/2020 Phụ lục V)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from accounts.regulation import DEFAULT
from core import clock
from documents.printed import in_vietnamese, printed
from dossiers.models import Dossier
from dossiers.presenting import tells_hidden


@require_safe
@in_vietnamese
def contents(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of what lies in a dossier, as far as its reader sees it, as a printed form."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    dossier = get_object_or_404(Dossier.objects.visible_to(actor).with_people(), pk=pk)
    dossier.agency = actor.agency
    rows = list(dossier.items.visible_to(actor).with_things().order_by("ordinal"))
    papers = [(place, one) for place, one in enumerate(rows, 1) if one.document or one.attachment]
    first, lines = 1, []
    for place, one in papers:
        document, file = one.document, one.attachment
        pages = (document.page_amount or 0) if document else file.file.page_count
        lines.append(
            {
                "place": place,
                "code": document.code if document else "",
                "day": document.issued_date if document else None,
                "title": _title(document) if document else file.file_name,
                "author": document.organ_name if document else "",
                "pages": f"{first}-{first + pages - 1}" if pages > 1 else str(first) * (pages > 0),
            }
        )
        first += pages
    whole, regulation = actor.sees_whole_agency, actor.agency.regulation
    context = {
        "dossier": dossier,
        "lines": lines,
        "pages": first - 1,
        # Places are those of the dossier (DocOrdinal), and notes and opinions have theirs too.
        "has_notes": len(papers) < len(rows),
        # Always, whether or not something is hidden from him: else its absence would tell.
        "reader": "" if whole else f"{actor.principal.full_name}, {actor.appointment.title}",
        "hidden": dossier.doc_total - len(lines) if tells_hidden(actor) and not whole else 0,
        "agency": actor.agency.name,
        "parent": actor.agency.parent.name if actor.agency.parent else "",
        # The decree was issued in Hà Nội: of an agency under it the place is not known.
        "place": regulation.decision.place if regulation.name != DEFAULT else "",
        "today": clock.today(),
        "back_url": dossier.get_absolute_url(),
    }
    return printed(request, "contents", context, f"muc-luc-ho-so-{dossier.number}")


def _title(document: object) -> str:
    """Tên loại và trích yếu."""
    kind, subject = document.type_name, document.subject  # type: ignore[attr-defined]
    return f"{kind}: {subject}" if kind else str(subject)
