"""attach_slip: the scan of a hand-over slip that was signed on paper, as the proof of its step."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import examine, forget, keep_proof
from documents.gate import in_words, signs
from documents.inspection import sentence_of
from documents.models import DocumentAct, QuarantinedFile
from documents.uploads import QuarantinedUpload
from incoming import rules
from incoming.actions import routing
from incoming.choices import Verb
from incoming.models import Paper, PaperMove


def attach_slip(
    actor: Actor, paper: Paper, *, move: PaperMove, slip: QuarantinedUpload, text: str = ""
) -> Paper:
    """Keep the scan of the signed slip beside a step of the custody (Kon Tum Điều 13.3).

    The file is looked at like every other, in the bounded process; it is never among the
    document's own files. Raises Refusal for what cannot be read, acts by itself, bears the mark of
    a secret, or stands there already; nothing of it stays.
    """
    refusal, _acting = rules.may_attach_slip.answer(actor, paper)
    if refusal is not None:
        raise refusal  # before time is spent on the file
    row = examine(slip)
    try:
        _check_slip(actor, row)
        return _attach(actor, paper, move, row, text)
    finally:
        forget(row)


@transaction.atomic
def _attach(actor: Actor, paper: Paper, move: PaperMove, row: QuarantinedFile, text: str) -> Paper:
    document = routing.lock(actor, paper.document)
    fresh = Paper.objects.select_related("holder", "to_unit", "to_person").get(pk=paper.pk)
    fresh.document = document
    refusal, acting = rules.may_attach_slip.answer(actor, fresh)
    routing.require(refusal, document)
    if move.paper_id != fresh.pk or not rules.is_handed(move):
        raise Refusal(_("Chọn lần giao nhận có phiếu này."), field="move")
    there = DocumentAct.objects.filter(target_id=document.pk, verb=Verb.ATTACH_SLIP)
    if there.filter(detail__move=move.pk, detail__scan=row.sha256).exists():
        raise Refusal(_("Bản quét này đã được đính kèm vào lần giao nhận ấy."), field="slip")
    act = routing.conclude(
        document,
        acting,
        Verb.ATTACH_SLIP,
        before=document.state,
        text=text,
        # Whoever is handed a paper signs (Kon Tum Điều 13.3); of a scan of it no article speaks.
        detail={"paper": fresh.pk, "part": fresh.part, "move": move.pk, "scan": row.sha256},
    )
    keep_proof(act, row)
    return fresh


def _check_slip(actor: Actor, row: QuarantinedFile) -> None:
    known = row.inspection or {}
    if not known.get("readable"):
        said = sentence_of(known) or _("Tệp chưa đọc được.")
        raise Refusal(f"{row.file_name}: {said}", field="slip")
    if known["active"]:
        raise Refusal(
            _("Tệp %(name)s chứa mã hoặc tệp bên trong, không phải bản quét phiếu. Quét lại phiếu.")
            % {"name": row.file_name},
            field="slip",
        )
    found = signs(actor.agency.regulation, [known])
    if secret := [sign for sign in found if sign.kind == "state_secrets"]:
        raise Refusal(
            _("Trong tệp có %(what)s: không được đưa lên hệ thống.") % {"what": in_words(secret)},
            secret[0].provision.article,
            field="slip",
        )
