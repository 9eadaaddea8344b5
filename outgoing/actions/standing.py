"""take_over: whoever stands in for the signer has the sheet made anew with his own block.

The text stays as it was approved; the act names both files, and the delegation.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction

from accounts.actor import Actor
from core.errors import Stale
from documents.actions import forget, keep_proof, made_here
from documents.models import QuarantinedFile
from outgoing import rules, standing
from outgoing.actions import routing
from outgoing.actions.drafting import signed_by
from outgoing.actions.making import bytes_of, file_name, pages_of
from outgoing.choices import Verb
from outgoing.content import Content, content_of
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.sheets import page_count


@dataclass(frozen=True)
class Sheet:
    """The sheet with another block; it lies in the quarantine until the verb keeps it."""

    base: str
    content: Content
    row: QuarantinedFile


def block_for(actor: Actor, document: OutgoingDocument, version: DraftVersion) -> Content:
    """The text of a version under the block of him who stands in (``actor.acting_for``).

    Raises Refusal where he may not sign it.
    """
    assert actor.acting_for is not None  # noqa: S101 -- may_take_over has seen it
    signer = actor.acting_for.appointment
    if document.signer is not None and document.signer.pk != signer.pk:
        signer = document.signer
    own = standing.post_of(actor, signer)
    return standing.block_of(content_of(version), signer, own, actor.acting_for.decision_number)


@contextmanager
def taking_over(actor: Actor, document: OutgoingDocument) -> Iterator[Sheet]:
    """The sheet of the newest version with his block. Takes time: outside a transaction."""
    acting = routing.allowed(rules.may_take_over, actor, document)
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    content = block_for(acting, document, version)
    pdf = bytes_of(document, content)
    texts = pages_of(version)
    row = made_here(pdf, file_name(document), pages=page_count(pdf), texts=texts)
    try:
        yield Sheet(version.pdf_id or "", content, row)
    finally:
        forget(row)


@transaction.atomic
def take_over(
    actor: Actor, document: OutgoingDocument, sheet: Sheet, *, text: str = ""
) -> OutgoingDocument:
    """Become its signer, in one's own name, as the delegation lets (NĐ 30/2020 Điều 13).

    What was signed off stays so: the text is the same. Raises Stale when it is not any more.
    """
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_take_over, actor, document)
    version = document.versions.get(ordinal=document.version_count)
    if version.pdf_id != sheet.base or block_for(acting, document, version) != sheet.content:
        raise Stale(routing.NEWER % {"number": version.ordinal})
    assert acting.acting_for is not None  # noqa: S101 -- the rule has seen it
    absent = document.signer
    assert absent is not None  # noqa: S101 -- likewise
    given = acting.acting_for
    document.signer = standing.post_of(acting, absent)
    document.signs_for_id = given.pk
    new = signed_by(document, version, acting, sheet.content)
    act = routing.conclude(
        document,
        acting,
        Verb.TAKE_OVER,
        before=document.state,
        text=text,
        users=[document.drafter.user, actor.user],
        detail={
            "version": new.ordinal,
            "of": version.ordinal,
            "base": sheet.base,
            "scan": sheet.row.sha256,
            "signer": absent.pk,
            "authority": sheet.content.authority,
            "decision": given.decision_number,
        },
    )
    proof = keep_proof(act, sheet.row)
    document.versions.filter(pk=new.pk).update(pdf=proof.file)
    return document
