"""What the ward has sent to the city through the system, without the sender's whole way."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from core import clock
from documents.actions import forget
from documents.actions.filing import _store, examine
from documents.choices import Priority
from documents.models import StoredFile
from incoming import actions
from incoming.actions import Enclosed, Letter
from incoming.models import IncomingDocument
from tests.cast import act_as, upload

WHY = "Sai số liệu tại khoản 2."
LETTER = Letter(
    type_name="Báo cáo",
    code_number="12",
    code_notation="BC-UBND",
    issued_date=clock.today(),
    organ_name="UBND phường Thắng Lợi",
    subject="Kết quả chỉnh trang đô thị quý I",
    language="Tiếng Việt",
    signer_position="Chủ tịch",
    signer_full_name="Y Hạnh",
    priority=Priority.NORMAL,
    due_date=None,
)


def sent_here(
    cast: SimpleNamespace,
    pdf: bytes,
    *,
    token: UUID | None = None,
    signatures: dict[str, Any] | None = None,
    annexes: Sequence[bytes] = (),
) -> IncomingDocument:
    """A report of the ward in the tray of the city; its content stands in the store."""
    file, *others = [_stored(one) for one in (pdf, *annexes)]
    if signatures is not None:
        file.signatures = signatures
        file.save()
    return actions.receive_sent(
        act_as(cast.ward_clerk),
        cast.city,
        LETTER,
        [Enclosed(file, "12-BC-UBND.pdf"), *(Enclosed(one, "phu-luc.pdf") for one in others)],
        token=token or uuid4(),
        detail={"delivery": 1},
    )


def _stored(content: bytes) -> StoredFile:
    came = upload(content)  # it goes with the last one who holds it
    row = examine(came)
    file = _store(row)
    forget(row)
    return file


def recalled_here(cast: SimpleNamespace, document: IncomingDocument) -> IncomingDocument:
    """Its sender wants it back."""
    return actions.sender_recalls(act_as(cast.ward_clerk), document, reason=WHY)
