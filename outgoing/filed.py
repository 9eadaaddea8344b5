"""Drafts in dossiers: what dossiers are told of them, and what is checked before closing."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actor import Actor
from documents.actions.giving import Line
from documents.choices import Kind
from documents.models import Document
from dossiers.above import Above, Finding, register_check, register_kind
from outgoing import actions, presenting, rules
from outgoing.choices import GIVEN_UP, GONE_OUT, OPEN, TO_ISSUE, Medium
from outgoing.models import DraftVersion, IssuedFile, OutgoingDocument


def register() -> None:
    """Called once, when the app is ready."""
    words, telling = presenting.verb_words, presenting.TELLING
    above = Above(_url, words, telling, _works_on, _shareable, _share, _files)
    register_kind(Kind.OUTGOING, above)
    register_check(_drafts)
    register_check(_unsigned)


def _url(slug: str, pk: int) -> str:
    return reverse("outgoing:detail", args=[slug, pk])


def _works_on(actor: Actor, document: Document) -> bool:
    return rules.works_on(actor, _draft(actor, document))


def _shareable(actor: Actor, documents: Sequence[Document]) -> set[int]:
    """One question, however many there are."""
    drafts = OutgoingDocument.objects.with_people().select_related("signs_for__appointment")
    found = set()
    for one in drafts.filter(pk__in=[each.pk for each in documents]):
        one.agency = actor.agency
        if rules.may_share(actor, one) is None:
            found.add(one.pk)
    return found


def _share(actor: Actor, document: Document, lines: Sequence[Line]) -> None:
    actions.share(actor, _draft(actor, document), lines)


def _draft(actor: Actor, document: Document) -> OutgoingDocument:
    found: OutgoingDocument = OutgoingDocument.objects.with_people().get(pk=document.pk)
    found.agency = actor.agency
    return found


def _files(documents: Iterable[int]) -> Iterable[tuple[int, str]]:
    """What goes on of each: the newest file of its way out, before that its newest version."""
    found = dict(
        DraftVersion.objects.filter(document__in=documents)
        .annotate(file=Coalesce("pdf", "source"))
        .filter(file__isnull=False)
        .order_by("document", "ordinal")
        .values_list("document", "file")
    )
    found |= {pk: one.file_id for pk, one in _finals(documents).items()}
    return found.items()


def _finals(documents: Iterable[int]) -> dict[int, IssuedFile]:
    """The newest file of each that was made on the way out."""
    rows = IssuedFile.objects.filter(document__in=documents, part=0).select_related("file")
    return {one.document_id: one for one in rows.order_by("pk")}


def _drafts(actor: Actor, dossier: Any, items: Sequence[Any]) -> Iterator[Finding]:
    """Drafts that are left, and finals that were not sent (NĐ 30/2020 Điều 29.4)."""
    drafts = [one for one in items if one.document and one.document.kind == Kind.OUTGOING]
    left = [one.pk for one in drafts if one.document.state in (*OPEN, *GIVEN_UP)]
    if left:
        said = ngettext(
            "Còn %(count)d dự thảo chưa xong hoặc đã bỏ trong hồ sơ.",
            "Còn %(count)d dự thảo chưa xong hoặc đã bỏ trong hồ sơ.",
            len(left),
        )
        record = "Còn dự thảo chưa xong hoặc đã bỏ trong hồ sơ."
        yield Finding("drafts_left", said % {"count": len(left)}, record, tuple(left))
    unsent = [one.pk for one in drafts if one.document.state in TO_ISSUE]
    if unsent:
        said = ngettext(
            "%(count)d văn bản đã ký duyệt mà chưa phát hành.",
            "%(count)d văn bản đã ký duyệt mà chưa phát hành.",
            len(unsent),
        )
        record = "Có văn bản đã ký duyệt mà chưa phát hành."
        yield Finding("unissued", said % {"count": len(unsent)}, record, tuple(unsent))


def _unsigned(actor: Actor, dossier: Any, items: Sequence[Any]) -> Iterator[Finding]:
    """Electronic finals without a valid signature; what was signed on paper bears its own."""
    finals = {
        one.document_id: one.pk
        for one in items
        if one.document
        and one.document.kind == Kind.OUTGOING
        and one.document.state in (*TO_ISSUE, *GONE_OUT)
    }
    if not finals:
        return
    electronic = OutgoingDocument.objects.filter(pk__in=finals).exclude(medium=Medium.PAPER)
    files = _finals(finals)
    bad = []
    for pk in electronic.values_list("pk", flat=True):
        final = files.get(pk)
        verdict = ((final.file.signatures if final else None) or {}).get("verdict")
        if verdict != "valid":
            bad.append(finals[pk])
    if bad:
        said = ngettext(
            "%(count)d văn bản điện tử không có chữ ký số hợp lệ.",
            "%(count)d văn bản điện tử không có chữ ký số hợp lệ.",
            len(bad),
        )
        record = "Có văn bản điện tử không có chữ ký số hợp lệ."
        yield Finding("unsigned_finals", said % {"count": len(bad)}, record, tuple(sorted(bad)))
