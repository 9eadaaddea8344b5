"""renew: a time stamp over the file that is kept, before its proof weakens (PAdES B-LTA)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Stale
from documents.actions import keep_proof
from outgoing import lasting, rules
from outgoing.actions import routing
from outgoing.actions.signing import Result, content_at, made_file, resulting
from outgoing.choices import FileStep, Verb
from outgoing.models import IssuedFile, OutgoingDocument
from signatures.renewing import stamped


def renew_all(actor: Actor, document: OutgoingDocument) -> OutgoingDocument:
    """``renew`` for each of its files that weakens: the document itself, then its annexes.

    Takes time: in a worker, outside a transaction. What is refused leaves those before it renewed.
    """
    routing.allowed(rules.may_renew, actor, document)
    for one in lasting.to_renew(actor, document):
        made = stamped(content_at(one.file))
        with resulting(document, one.file, made.pdf, made.examined, part=one.part) as result:
            document = renew(actor, document, one, result)
    return document


@transaction.atomic
def renew(
    actor: Actor, document: OutgoingDocument, base: IssuedFile, result: Result
) -> OutgoingDocument:
    """Keep the stamped file beside the one of which it was made; the act names both.

    Raises Stale when that one is not the newest any more.
    """
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_renew, actor, document)
    newest = document.issued_files.filter(part=base.part).select_related("version").last()
    if newest is None or newest.pk != base.pk:
        raise Stale(_("Tệp của văn bản đã có bước mới. Mở lại rồi làm tiếp."))
    made_file(document, newest.version, result, FileStep.RENEWED, base.part)
    until = base.proof_until
    act = routing.conclude(
        document,
        acting,
        Verb.RENEW,
        before=document.state,
        detail={
            "version": newest.version.ordinal,
            "base": result.base,
            "scan": result.row.sha256,
            "part": base.part,
            "until": f"{until:%d/%m/%Y}" if until else "",
        },
    )
    keep_proof(act, result.row)
    return document
