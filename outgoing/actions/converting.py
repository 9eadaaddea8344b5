"""A text or a table becomes a version or its annex as PDF, in a worker; what the gate asks is
answered here."""

import logging
from datetime import timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actor import Actor, actor_for
from core import clock
from core.errors import Refusal
from core.tasks import after_commit, run_command
from documents import uploads
from documents.choices import Part
from documents.gate import Asked
from documents.models import QuarantinedFile
from documents.sniffing import sniff
from outgoing import office, rules
from outgoing.actions import routing
from outgoing.actions.annexing import add_annex
from outgoing.actions.drafting import save
from outgoing.actions.making import make_again
from outgoing.actions.uploading import looked_at
from outgoing.choices import State
from outgoing.content import content_of
from outgoing.models import Conversion, OutgoingDocument

SUFFIXES = (".docx", ".odt")
# An annex is often a table.
TABLES = (".xlsx", ".xls", ".ods")
ANNEX_SUFFIXES = (*SUFFIXES, *TABLES)
_BEHIND = 20_000  # ordinals behind those of files that are looked at
logger = logging.getLogger(__name__)
# A worker that has had it for so long is dead.
_GIVEN_UP = timedelta(minutes=10)
_UNANSWERED = timedelta(days=3)


def is_text(upload: uploads.QuarantinedUpload) -> bool:
    """True for a file that has to be converted first."""
    return sniff(uploads.path_of(upload.token)) == "office"


@transaction.atomic
def ask_conversion(
    actor: Actor,
    document: OutgoingDocument,
    upload: uploads.QuarantinedUpload,
    *,
    base: int,
    note: str = "",
    answered: bool = False,
    for_annex: bool = False,
) -> Conversion:
    """Leave a text for the worker that makes a PDF of it.

    Raises Refusal for other kinds of texts, and where no converter is installed.
    """
    document = routing.lock(actor, document)
    acting = routing.allowed(rules.may_edit, actor, document)
    suffix = Path(upload.name or "").suffix.lower()
    if for_annex and suffix not in ANNEX_SUFFIXES:
        said = _("Chỉ chuyển được tệp DOCX, ODT, XLSX, XLS và ODS. Lưu lại rồi đính kèm.")
        raise Refusal(said, field="file")
    if not for_annex and suffix not in SUFFIXES:
        raise Refusal(_("Chỉ chuyển được tệp DOCX và ODT. Lưu lại rồi đính kèm."), field="file")
    if not office.is_there():
        raise Refusal(
            _(
                "Máy chủ chưa cài LibreOffice nên chưa chuyển được tệp này thành PDF. Lưu thành "
                "PDF rồi đính kèm."
            ),
            field="file",
        )
    row = Conversion.objects.create(
        document=document,
        base=base,
        token=upload.token,
        file_name=upload.name or "",
        note=note[:500],
        is_answered=answered,
        for_annex=for_annex,
        asked_by=acting.own,
        asked_at=clock.now(),
    )
    # Beside the rows of all that waits in the quarantine, so that nothing takes it for forgotten.
    QuarantinedFile.objects.create(
        document=document,
        token=upload.token,
        sha256=upload.sha256,
        size=upload.size or 0,
        file_name=upload.name or "",
        part=Part.ANNEX,
        ordinal=_BEHIND + row.pk % 10_000,
        inspection={"kind": "office", "readable": False, "reason": ""},
        signatures={"verdict": "unreadable", "signatures": []},
        arrived_at=clock.now(),
    )
    transaction.on_commit(upload.claim)
    after_commit(run_command, "convert_drafts")
    return row


def convert(pk: int) -> bool:
    """Make the version; False when another worker has it or it is done.

    What hinders it stands in the row, for whoever sent the file: nothing is raised.
    """
    row = _take(pk)
    if row is None:
        return False
    path = uploads.path_of(row.token)
    with translation.override("vi"):
        try:
            reason = _made(row, path)
        except Asked as asked:
            _ask(row, asked)
            return True
        except Exception:
            # Whatever it was, it is not tried for ever; whoever sent it reads so.
            logger.exception("conversion %s", pk)
            reason = _("Chưa chuyển được tệp. Lưu thành PDF rồi đính kèm.")
    _end(row, reason)
    return True


def _ask(row: Conversion, asked: Asked) -> None:
    """Leave it until somebody has answered; the file stays where it is."""
    row.started_at, row.look, row.reason, row.article = None, asked.look, asked.found, asked.article
    row.save(update_fields=["started_at", "look", "reason", "article"])


def _end(row: Conversion, reason: str) -> None:
    Conversion.objects.filter(pk=row.pk).update(done_at=clock.now(), reason=reason, look="")
    QuarantinedFile.objects.filter(token=row.token).delete()
    uploads.discard(row.token)


@transaction.atomic
def answer_conversion(
    actor: Actor, document: OutgoingDocument, *, look: str, clears: bool
) -> Conversion | None:
    """Say of a text that waits whether it is of no forbidden kind: then it goes on; else it goes.

    None where nothing waits any more, or something else than what was looked at.
    """
    document = routing.lock(actor, document)
    routing.allowed(rules.may_edit, actor, document)
    waits = document.conversions.select_for_update(of=("self",)).filter(done_at__isnull=True)
    row = waits.filter(look=look).exclude(look="").order_by("-pk").first()
    if row is None:
        return None
    if not clears:
        _end(row, _("Đã bỏ tệp: thuộc loại không được đưa lên hệ thống."))
        return row
    row.answer, row.look, row.reason, row.article = row.look, "", "", ""
    row.save(update_fields=["answer", "look", "reason", "article"])
    after_commit(run_command, "convert_drafts")
    return row


def drop_unanswered() -> int:
    """Let go of those of which nobody has said anything for days, or that come too late."""
    waits = Conversion.objects.exclude(look="").filter(done_at__isnull=True)
    late = Q(asked_at__lt=clock.now() - _UNANSWERED) | Q(base__lt=F("document__version_count"))
    rows = list(waits.filter(late))
    with translation.override("vi"):
        for row in rows:
            _end(row, _("Chưa ai trả lời câu hỏi về tệp. Đính kèm lại."))
    return len(rows)


def waiting() -> list[int]:
    """Those that nobody works on."""
    free = Q(started_at__isnull=True) | Q(started_at__lt=clock.now() - _GIVEN_UP)
    rows = Conversion.objects.filter(free, done_at__isnull=True, look="")
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _take(pk: int) -> Conversion | None:
    rows = Conversion.objects.select_for_update(of=("self",), skip_locked=True)
    whole = ("document__agency__parent", "asked_by__user")
    row = rows.select_related(*whole).filter(pk=pk, done_at__isnull=True, look="").first()
    if row is None or (row.started_at and row.started_at > clock.now() - _GIVEN_UP):
        return None
    row.started_at = clock.now()
    row.save(update_fields=["started_at"])
    return row


def _made(row: Conversion, path: Path) -> str:
    """ "" when a version came of it; else why not."""
    actor = actor_for(row.asked_by.user, row.document.agency, current=row.asked_by_id)
    if actor is None:
        return _("Người gửi tệp không còn làm việc ở cơ quan.")
    suffix = Path(row.file_name).suffix.lower()
    try:
        pdf = office.to_pdf(path, suffix)
    except office.NotConverted as error:
        if str(error) == "failed" and suffix in TABLES:
            return _(
                "LibreOffice không mở được bảng tính (máy chủ cần LibreOffice Calc). Lưu thành PDF "
                "rồi đính kèm."
            )
        return {
            "missing": _("Máy chủ chưa cài LibreOffice. Lưu thành PDF rồi đính kèm."),
            "too_slow": _("Tệp quá nặng, chuyển mãi chưa xong. Lưu thành PDF rồi đính kèm."),
        }.get(str(error), _("LibreOffice không mở được tệp. Lưu thành PDF rồi đính kèm."))
    except FileNotFoundError:
        return _("Tệp không còn trong hàng chờ. Đính kèm lại.")
    upload = uploads.from_bytes(pdf, f"{Path(row.file_name).stem}.pdf")
    document = OutgoingDocument.objects.with_people().get(pk=row.document_id)
    document.agency = actor.agency
    newest = document.versions.get(ordinal=document.version_count)
    try:
        answered = row.answer or ("" if row.is_answered else None)
        sent = QuarantinedFile.objects.get(token=row.token).sha256
        with looked_at(actor, upload, answered=answered, sent=sent) as found:
            if row.for_annex:
                saved = add_annex(actor, document, found, base=row.base)
            else:
                saved = save(
                    actor, document, content_of(newest), base=row.base, note=row.note, file=found
                )
    except Asked:
        raise
    except Refusal as refusal:
        return refusal.message
    finally:
        upload.close()
    return _again(actor, saved)


def _again(actor: Actor, saved: OutgoingDocument) -> str:
    """The same of the file that goes on, where the draft is on its way: the version stands by then,
    so what is asked of its words is answered where it is edited, not of the text that was sent."""
    if saved.state == State.DRAFTING:
        return ""
    try:
        make_again(actor, saved)
    except Asked as asked:
        said = _("Bản mới đã lưu nhưng chưa thành tệp PDF. Mở trang sửa, bấm Lưu rồi trả lời.")
        return f"{asked.found} {said}"
    except Refusal as refusal:
        return refusal.message
    return ""
