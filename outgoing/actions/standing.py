"""take_over: whoever stands in for the signer has the sheet made anew with his own block.

The text stays as it was approved; the act names both files, and the delegation. A file that was
made elsewhere comes anew from there, with nothing else in it than the other block.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal, Stale
from documents.actions import forget, keep_proof, made_here
from documents.models import QuarantinedFile
from documents.uploads import QuarantinedUpload, path_of
from outgoing import rules, standing
from outgoing.actions import routing
from outgoing.actions.drafting import signed_by
from outgoing.actions.making import bytes_of, file_name, pages_of, prepared
from outgoing.actions.uploading import Uploaded, looked_at
from outgoing.choices import Verb
from outgoing.content import Content, content_of
from outgoing.models import DraftVersion, OutgoingDocument
from outgoing.sheets import page_count
from signatures.actions import end_errands


@dataclass(frozen=True)
class Sheet:
    """The sheet with another block; it lies in the quarantine until the verb keeps it."""

    base: str
    content: Content
    row: QuarantinedFile
    # Of what was made elsewhere: the file as it came.
    file: Uploaded | None = None


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
def taking_over(
    actor: Actor,
    document: OutgoingDocument,
    upload: QuarantinedUpload | None = None,
    *,
    answered: str | None = None,
) -> Iterator[Sheet]:
    """The sheet of the newest version with his block. Takes time: outside a transaction.

    ``upload``: what was made elsewhere, with his block. Raises Refusal without it where the draft
    is such a file, for one that says anything else, that has no place for the signature, or that
    may not enter.
    """
    acting = routing.allowed(rules.may_take_over, actor, document)
    version = document.versions.select_related("pdf").get(ordinal=document.version_count)
    content = block_for(acting, document, version)
    with ExitStack() as stack:
        file = None
        if version.is_uploaded:
            if upload is None:
                raise Refusal(_("Chọn tệp PDF có phần ký của mình."), field="file")
            file = stack.enter_context(looked_at(acting, upload, answered=answered))
            old = content_of(version)
            standing.refuse_other_words(version.text, file.text, old, content)
            path = path_of(file.row.token)
            pdf = prepared(document, version, path.read_bytes(), content.signer_full_name)
        else:
            pdf = bytes_of(document, content)
        texts = [file.text] if file else pages_of(version)
        row = made_here(pdf, file_name(document), pages=page_count(pdf), texts=texts)
        stack.callback(forget, row)
        yield Sheet(version.pdf_id or "", content, row, file)


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
    if version.is_uploaded != (sheet.file is not None):
        raise Stale(routing.NEWER % {"number": version.ordinal})
    if version.pdf_id != sheet.base or block_for(acting, document, version) != sheet.content:
        raise Stale(routing.NEWER % {"number": version.ordinal})
    assert acting.acting_for is not None  # noqa: S101 -- the rule has seen it
    absent = document.signer
    assert absent is not None  # noqa: S101 -- likewise
    given = acting.acting_for
    document.signer = standing.post_of(acting, absent)
    document.signs_for_id = given.pk
    end_errands(document)  # what the absent signer has sent out is signed by nobody any more
    new = signed_by(document, version, acting, sheet.content, sheet.file)
    if sheet.file is not None:
        # The file as it came, beside an act of its own.
        came = routing.conclude(
            document,
            acting,
            Verb.SAVE,
            before=document.state,
            detail={"version": new.ordinal, **sheet.file.facts},
            quiet=True,
        )
        keep_proof(came, sheet.file.row)
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
            **({"source": sheet.file.row.sha256} if sheet.file else {}),
        },
    )
    proof = keep_proof(act, sheet.row)
    document.versions.filter(pk=new.pk).update(pdf=proof.file)
    return document
