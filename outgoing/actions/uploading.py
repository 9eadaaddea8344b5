"""Files that were made elsewhere, looked at before they become a version."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.actor import Actor
from core.errors import Refusal
from core.text import clean
from documents import gate, uploads
from documents.actions import examine, forget
from documents.inspection import inspect
from documents.models import QuarantinedFile


@dataclass(frozen=True)
class Uploaded:
    """A file that may become a version: what it is, its words, what was answered about it."""

    row: QuarantinedFile
    text: str
    facts: dict[str, Any]


@contextmanager
def looked_at(
    actor: Actor, upload: uploads.QuarantinedUpload, *, answered: str | None = None
) -> Iterator[Uploaded]:
    """The file, after the bounded process has read it; nothing of it stays in the quarantine.

    Takes time: outside a transaction. Raises Refusal for what is no readable PDF, for one that is
    locked or signed already, for the mark of a secret (Kon Tum Điều 4.1); Asked for other marks.
    """
    sent = upload.sha256
    row = examine(upload)
    try:
        inspection = row.inspection or {}
        _refuse_unfit(row, inspection)
        facts = gate.let_in(actor.agency.regulation, [(sent, inspection)], answered)
        found = inspect(
            uploads.path_of(row.token),
            seconds=settings.INSPECTION_SECONDS,
            memory_mib=settings.INSPECTION_MEMORY,
        )
        yield Uploaded(row, clean(found.text, lines=True), {**facts, "scan": row.sha256})
    finally:
        forget(row)


def _refuse_unfit(row: QuarantinedFile, inspection: dict[str, Any]) -> None:
    if not inspection.get("readable"):
        raise Refusal(
            _("Không đọc được tệp. Lưu lại thành PDF không đặt mật khẩu rồi đính kèm lại."),
            field="file",
        )
    if (row.signatures or {}).get("signatures"):
        raise Refusal(
            _("Tệp đã có chữ ký số: sửa vào sẽ làm chữ ký mất giá trị. Đính kèm bản chưa ký."),
            field="file",
        )
