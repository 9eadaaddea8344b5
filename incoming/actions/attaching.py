"""attach_slip: the scan of a hand-over slip that was signed on paper, as the proof of its step."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from documents.actions import examine, forget, keep_proof
from documents.gate import let_in
from documents.inspection import sentence_of
from documents.models import DocumentAct, QuarantinedFile
from documents.uploads import QuarantinedUpload
from incoming import rules
from incoming.actions import routing
from incoming.choices import Verb
from incoming.models import Paper, PaperMove


def attach_slip(
    actor: Actor,
    paper: Paper,
    *,
    move: PaperMove,
    slip: QuarantinedUpload,
    answered: str | None = None,
    text: str = "",
) -> Paper:
    """Keep the scan of the signed slip beside a step of the custody (Kon Tum Điều 13.3).

    The file is looked at like every other, in the bounded process; it is never among the
    document's own files. ``answered``: that it is of no forbidden kind (documents.gate.let_in).
    Raises Refusal for what cannot be read, acts by itself, may not enter, or stands there already,
    Asked for what nobody has answered; nothing of it stays.
    """
    refusal, _acting = rules.may_attach_slip.answer(actor, paper)
    if refusal is not None:
        raise refusal  # before time is spent on the file
    row = examine(slip)
    try:
        _check_slip(row)
        sent = [(slip.sha256, row.inspection)]
        looked_at = let_in(actor.agency.regulation, sent, answered)
        return _attach(actor, paper, move, row, text, looked_at)
    finally:
        forget(row)


@transaction.atomic
def _attach(
    actor: Actor,
    paper: Paper,
    move: PaperMove,
    row: QuarantinedFile,
    text: str,
    looked_at: dict[str, Any],
) -> Paper:
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
        detail={"paper": fresh.pk, "part": fresh.part, "move": move.pk, "scan": row.sha256}
        | looked_at,
    )
    keep_proof(act, row)
    return fresh


def _check_slip(row: QuarantinedFile) -> None:
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
