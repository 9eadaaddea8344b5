"""One draft as it is read: its page, its versions and what differs between two of them."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actor import Actor
from core.text import small_number
from documents.actions import mark_seen
from documents.addresses import address_of
from documents.asked import questions_of
from documents.choices import READ, SEEN_FROM, LinkKind
from documents.models import ActFile, Document, DocumentAct, Link, Waiting
from dossiers.filing import lying_in
from dossiers.named import named
from dossiers.trail import trails
from notifications.actions import mark_read
from outgoing import actions, deliveries, originals, presenting, rules, stops, texts
from outgoing.choices import GIVEN_UP, OPEN, State, Verb
from outgoing.comparing import compare
from outgoing.content import compared, content_of
from outgoing.forms.compose import NUMBERS_ND30, NUMBERS_TT01
from outgoing.models import (
    Conversion,
    DraftVersion,
    IssuedFile,
    OutgoingDocument,
    Remark,
)
from outgoing.views.opening import open_draft
from signatures.panels import signatures_of
from signatures.verdicts import describe


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet at the left; what it waits for, verbs, opinions and trail at the right."""
    actor, document = open_draft(request, pk)
    if request.method == "GET":
        mark_seen(document, actor)
        if Waiting.objects.waiting_for(actor).filter(document=document.pk, verb=READ).exists():
            actions.read(actor, document)
        mark_read(actor, document.get_absolute_url())
    return page(request, actor, document)


def page(
    request: HttpRequest,
    actor: Actor,
    document: OutgoingDocument,
    *,
    sent: deliveries.Sent | None = None,
    status: int = 200,
) -> HttpResponse:
    """The document's page; ``sent``: a form under "Nơi nhận" that did not go through."""
    context = _context(request, actor, document)
    context["deliveries"] = deliveries.table(actor, document, sent)
    return render(request, "outgoing/detail.html", context, status=status)


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every version with who and when; two of them side by side."""
    _actor, document = open_draft(request, pk)
    rows = list(document.versions.newest_first())
    by_number = {one.ordinal: one for one in rows}
    new = by_number.get(small_number(request.GET.get("new", ""), document.version_count))
    old = by_number.get(
        small_number(request.GET.get("old", ""), max(document.version_count - 1, 1))
    )
    context = {
        "document": document,
        "versions": rows,
        "old": old,
        "new": new,
        "rows": compare(compared(old), compared(new)) if old and new and old is not new else None,
    }
    return render(request, "outgoing/versions.html", context)


def _context(request: HttpRequest, actor: Actor, document: OutgoingDocument) -> dict[str, Any]:
    version = document.versions.select_related("pdf", "source", "author__user").get(
        ordinal=document.version_count
    )
    rows = DocumentAct.objects.filter(target_id=document.pk).exclude(verb__in=presenting.QUIET)
    whole = ("actor", "appointment", "words", "on_behalf_of__user", "target")
    acts = list(rows.select_related(*whole).order_by("ordinal"))
    steps = trails(actor, acts, named(actor, document, acts)).get(document.pk, [])
    sign_offs = list(
        document.sign_offs.select_related("version", "appointment__user").order_by("pk")
    )
    remarks = list(
        Remark.objects.filter(version__document=document)
        .select_related("author__user", "version")
        .order_by("pk")
    )
    tt01 = actor.agency.regulation.field_numbering.value == "tt01"
    mine = [one for one in document.open_opinions if rules.is_asked(actor, one)]
    made = document.issued_files.filter(version=version).select_related("file").order_by("pk")
    newest = {one.part: one for one in made}
    issued = newest.get(0)
    by_text = request.GET.get("view") == "text" or (version.pdf or version.source) is None
    parts = texts.text_parts(version, remarks) if by_text else []
    on_lines = {one.pk for part in parts for line in part.lines for one in line.remarks}
    return {
        "document": document,
        "version": version,
        "due": presenting.due(document),
        "status": presenting.status_kind(document),
        "buttons": presenting.verb_buttons(actor, document),
        "stops": [
            *stops.stops_of(document, sign_offs, stops.same_text(document, acts)),
            *stops.later_stops(document, acts),
        ],
        "issued": issued,
        "unsaved": unsaved(actor, document),
        "annexes": presenting.annexes(document, version, newest),
        "signatures": signatures_of(issued.file.signatures) if issued else [],
        "verdict": describe(issued.file.signatures) if issued else None,
        "paper_note": next((one for one in reversed(sign_offs) if one.step == "paper"), None)
        if document.paper_signed_on
        else None,
        "steps": steps,
        "fields": presenting.data(
            document, content_of(version), NUMBERS_TT01 if tt01 else NUMBERS_ND30
        ),
        "questions": questions_of(document, _opinion_files(document)),
        "stances": presenting.stance_counts(document),
        "my_question": mine[0] if mine else None,
        "viewer": None if by_text else _viewer(request, document, version, issued),
        "parts": parts,
        # Those on older versions, and those about all of it.
        "remarks": [one for one in remarks if one.pk not in on_lines] if by_text else [],
        "open_remarks": sum(one.settled_at is None for one in remarks),
        "may_remark": rules.may_remark(actor, document) is None,
        "may_settle": rules.may_settle(actor, document) is None,
        **lying_in(actor, document),
        "file_url": _file_url(document),
        **originals.answered(actor, document),
        "related": _related(actor, document),
        "replace_url": _replace_url(actor, document),
        "conversion": conversion_of(document, version),
        "has_sheet": (version.pdf or version.source) is not None,
        "paperless": actor.agency.regulation.drafts_paperless,
        "gone": originals.gone(document) if document.is_copy else None,
    }


def unsaved(actor: Actor, document: OutgoingDocument) -> datetime | None:
    """When the reader typed something of it that he has not saved, and still may save."""
    typed_at: datetime | None = document.typed_at  # type: ignore[attr-defined]
    if typed_at is None or document.state not in OPEN:
        return None
    return typed_at if rules.may_edit(actor, document) is None else None


def _file_url(document: OutgoingDocument) -> str:
    if document.state in GIVEN_UP:
        return ""
    return reverse("outgoing:file_in", args=[document.agency.slug, document.pk])


def conversion_of(document: OutgoingDocument, version: DraftVersion) -> Conversion | None:
    """The text that is being converted, or why the last one came to nothing."""
    newest = document.conversions.order_by("-pk").first()
    if newest is None or (newest.done_at and not newest.reason):
        return None
    # It became a version on its way, and that one did not become the file that goes on.
    is_unmade = (
        document.state != State.DRAFTING
        and version.pdf_id is None
        and newest.base + 1 == version.ordinal
    )
    if newest.done_at and newest.base < version.ordinal and not is_unmade:
        return None
    return newest


def _opinion_files(document: OutgoingDocument) -> dict[int, str]:
    """Where the files lie that came with opinions, by the opinions' keys."""
    given = ActFile.objects.filter(act__target=document.pk, act__verb=Verb.GIVE_OPINION)
    slug = document.agency.slug
    return {
        act["opinion"]: reverse("outgoing:opinion_file", args=[slug, document.pk, ordinal])
        for act, ordinal in given.values_list("act__detail", "act__ordinal")
    }


def _replace_url(actor: Actor, document: OutgoingDocument) -> str:
    """Where one that went out wrong is written anew."""
    if rules.may_replace(actor, document) is not None:
        return ""
    return f"{reverse('outgoing:new', args=[document.agency.slug])}?replaces={document.pk}"


def _related(actor: Actor, document: OutgoingDocument) -> list[dict[str, Any]]:
    """What it takes the place of or is a copy of, and what was made of it; as the reader sees."""
    rows = Link.objects.filter(Q(source=document.pk) | Q(target=document.pk))
    seen = Document.objects.visible_to(actor)
    found = []
    kinds = (LinkKind.REPLACES, LinkKind.COPIES)
    for link in rows.filter(kind__in=kinds).order_by("pk"):
        kind, is_newer = LinkKind(link.kind), link.source_id == document.pk
        other = seen.filter(pk=link.target_id if is_newer else link.source_id).first()
        if other is not None:
            found.append(
                {
                    "label": kind.label if is_newer else SEEN_FROM[kind],
                    "url": address_of(actor.agency.slug, other),
                    "code": other.code if other.code_number else "",
                    "subject": other.subject,
                    "stands_for_this": not is_newer
                    and kind == LinkKind.REPLACES
                    and other.state == State.ISSUED,
                    "day": other.issued_date,
                }
            )
    return found


def _viewer(
    request: HttpRequest,
    document: OutgoingDocument,
    version: DraftVersion,
    issued: IssuedFile | None,
) -> dict[str, Any] | None:
    """What parts/viewer.html needs for one page of the sheet."""
    file = issued.file if issued else version.pdf or version.source
    if file is None:
        return None
    pages, zoom = file.page_count, "zoom" in request.GET
    page = min(max(small_number(request.GET.get("page", ""), 1), 1), max(pages, 1))
    slug, base = document.agency.slug, document.get_absolute_url()
    name, key = ("issued", issued.pk) if issued else ("version", version.ordinal)
    image = reverse(f"outgoing:{name}_page", args=[slug, document.pk, key, page])

    def link(number: int, large: bool = zoom) -> str:
        return f"{base}?page={number}{'&zoom=1' if large else ''}"

    return {
        "file_name": issued.get_step_display()
        if issued
        else _("Bản %(number)d") % {"number": version.ordinal},
        "page": page,
        "pages": pages,
        "image_url": (f"{image}?zoom=1" if zoom else image) if pages else "",
        "previous_url": link(page - 1) if page > 1 else "",
        "next_url": link(page + 1) if page < pages else "",
        "zoom_url": link(page, not zoom) if pages else "",
        "is_zoomed": zoom,
        "download_url": reverse(f"outgoing:{name}_file", args=[slug, document.pk, key]),
        "links": [
            {"number": one, "url": link(one), "current": one == page} for one in range(1, pages + 1)
        ]
        if 1 < pages <= 12
        else [],
        "reason": "",
    }
