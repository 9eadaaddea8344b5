"""Drafts in dossiers: what dossiers are told of them, and what is checked before closing."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.actor import Actor
from documents.actions.giving import Line
from documents.choices import Kind
from documents.models import Document
from dossiers.above import Above, Finding, register_check, register_kind
from outgoing import actions, presenting, rules
from outgoing.choices import OPEN, TO_ISSUE
from outgoing.models import OutgoingDocument


def register() -> None:
    """Called once, when the app is ready."""
    words, telling = presenting.verb_words, presenting.TELLING
    above = Above(_url, words, telling, _works_on, _may_share, _share)
    register_kind(Kind.OUTGOING, above)
    register_check(_drafts)


def _url(slug: str, pk: int) -> str:
    return reverse("outgoing:detail", args=[slug, pk])


def _works_on(actor: Actor, document: Document) -> bool:
    return rules.works_on(actor, _draft(actor, document))


def _may_share(actor: Actor, document: Document) -> bool:
    return rules.may_share(actor, _draft(actor, document)) is None


def _share(actor: Actor, document: Document, lines: Sequence[Line]) -> None:
    actions.share(actor, _draft(actor, document), lines)


def _draft(actor: Actor, document: Document) -> OutgoingDocument:
    found: OutgoingDocument = OutgoingDocument.objects.with_people().get(pk=document.pk)
    found.agency = actor.agency
    return found


def _drafts(actor: Actor, dossier: Any, items: Sequence[Any]) -> Iterator[Finding]:
    """Drafts that are left, and finals that nobody has signed (NĐ 30/2020 Điều 29.4)."""
    drafts = [one for one in items if one.document and one.document.kind == Kind.OUTGOING]
    left = [one.pk for one in drafts if one.document.state in OPEN]
    if left:
        said = ngettext(
            "Còn %(count)d dự thảo chưa xong trong hồ sơ.",
            "Còn %(count)d dự thảo chưa xong trong hồ sơ.",
            len(left),
        )
        record = "Còn dự thảo chưa xong trong hồ sơ."
        yield Finding("drafts_left", said % {"count": len(left)}, record, tuple(left))
    unsigned = [one.pk for one in drafts if one.document.state in TO_ISSUE]
    if unsigned:
        said = ngettext(
            "%(count)d văn bản đã ký duyệt mà chưa phát hành.",
            "%(count)d văn bản đã ký duyệt mà chưa phát hành.",
            len(unsigned),
        )
        record = "Có văn bản đã ký duyệt mà chưa phát hành."
        yield Finding("unsigned_finals", said % {"count": len(unsigned)}, record, tuple(unsigned))
